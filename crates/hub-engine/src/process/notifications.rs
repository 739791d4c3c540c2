//! Notifications that name no entity we mirror: passed on as they came, after what they mean for grants and orders is done.

use hub_core::{ClaimedJob, DedupeKey, Event, EventKind, Incoming, Lane, Origin, Resource};
use hub_store::{InboxRow, StoreError};
use serde_json::value::RawValue;

use super::failure::{judge, park};
use super::orders::{event_id, payload};
use super::outcome::{Outcome, commit};
use crate::grant::check_deauthorization;
use crate::hub::Hub;
use crate::ingest::{DEAUTHORIZATION_TOPIC, UNREADABLE_TOPIC, orders_named, topic_word};
use crate::{GrantError, HubCode};

/// Works on notification lanes, one after the other.
pub(super) async fn work(hub: &Hub, jobs: Vec<ClaimedJob>) {
    for job in jobs {
        let outcome = handle(hub, job).await;
        commit(hub, vec![outcome]).await;
    }
}

async fn handle(hub: &Hub, job: ClaimedJob) -> Outcome {
    if job.topic == UNREADABLE_TOPIC {
        let code = HubCode::NotificationUnreadable;
        return Outcome::ended(park(job, format!("{code}: {}", code.title())));
    }
    let row = match hub.store.inbox_row(job.wanted).await {
        Ok(Some(row)) => row,
        Ok(None) => {
            let damaged = StoreError::Damaged { what: format!("inbox row {}", job.wanted) };
            return Outcome::ended(judge(hub, job, &damaged.into()));
        }
        Err(error) => return Outcome::ended(judge(hub, job, &error.into())),
    };
    match follow(hub, &job, &row).await {
        Ok(()) => {
            let event = notification_event(hub, &job, &row);
            Outcome::told(job, event)
        }
        Err(error) => Outcome::ended(judge(hub, job, &error)),
    }
}

/// What a notification means beyond its own words. Each of these may be done twice without harm.
async fn follow(hub: &Hub, job: &ClaimedJob, row: &InboxRow) -> Result<(), GrantError> {
    let Some(shop_id) = &row.shop_id else { return Ok(()) };
    if row.topic == DEAUTHORIZATION_TOPIC {
        check_deauthorization(hub, shop_id).await?;
    }
    let hints: Vec<Incoming> = orders_named(&row.body)
        .into_iter()
        .map(|order| {
            let lane = Lane::of_entity(shop_id, Resource::Order, order.as_str());
            Incoming {
                key: DedupeKey::of_finding(&lane, job.lane.as_str()),
                origin: Origin::Webhook,
                app: job.app.clone(),
                shop_id: Some(shop_id.clone()),
                topic: row.topic.clone(),
                lane,
                body: Vec::new(),
                sent_at: None,
                received_at: row.received_at,
            }
        })
        .collect();
    if !hints.is_empty() {
        hub.store.accept_all(hints).await?;
        hub.nudges.process.notify_one();
    }
    Ok(())
}

fn notification_event(hub: &Hub, job: &ClaimedJob, row: &InboxRow) -> Event {
    let now = hub.clock.now();
    let id = event_id(&[job.lane.as_str().as_bytes(), &job.wanted.to_be_bytes()]);
    let kind = EventKind::Notification(topic_word(&row.topic));
    let body = std::str::from_utf8(&row.body).ok().and_then(|text| RawValue::from_string(text.into()).ok());
    let payload = payload(&id, &kind, row.shop_id.as_ref(), now, body.as_deref());
    Event { id, kind, shop_id: row.shop_id.clone(), lane: job.lane.clone(), occurred_at: now, payload }
}
