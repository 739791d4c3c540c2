//! Order lanes of one shop: read, compare, commit.

use std::collections::HashMap;

use hub_core::mirror::{Decision, decide};
use hub_core::{ClaimedJob, Event, EventId, EventKind, MirrorRow, MirrorVersion, Resource};
use hub_store::StoreError;
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use ttshop::Priority;
use ttshop_types::{OrderId, ShopId, Timestamp};

use super::failure::{missing, park};
use super::outcome::{Outcome, all_failed, commit};
use crate::grant::with_access;
use crate::hub::Hub;
use crate::mirror::{hides_something, is_settled, order_row};
use crate::platform::{RawOrder, RawOrders};
use crate::{GrantError, HubCode, PlatformErrorKind};

/// How urgent a job is: what somebody just told comes before what a sweep found.
pub(super) fn priority_of(job: &ClaimedJob) -> Priority {
    // Findings carry the name of their resource where notifications carry the platform's topic.
    if job.topic == Resource::Order.as_str() { Priority::Sweep } else { Priority::Live }
}

/// Works on order lanes of one shop with one call.
///
/// Where the platform refuses what was asked for, one id may be to blame: the batch is halved until that one stands alone.
pub(crate) async fn work(hub: &Hub, shop: &ShopId, jobs: Vec<ClaimedJob>) {
    let mut batches = vec![jobs];
    while let Some(mut batch) = batches.pop() {
        if batch.is_empty() {
            continue;
        }
        let ids: Vec<OrderId> = batch.iter().filter_map(order_of).collect();
        let priority = batch.iter().map(priority_of).min().unwrap_or(Priority::Live);
        let read = with_access(hub, shop, |access| hub.platform.orders(&access, ids.clone(), priority)).await;
        let outcomes = match read {
            Ok(reply) => compare(hub, shop, batch, reply).await,
            Err(error) if batch.len() > 1 && may_blame_an_item(&error) => {
                let rest = batch.split_off(batch.len() / 2);
                batches.extend([rest, batch]);
                continue;
            }
            Err(error) => all_failed(hub, batch, &error),
        };
        commit(hub, outcomes).await;
    }
}

fn may_blame_an_item(error: &GrantError) -> bool {
    matches!(error, GrantError::Platform(error) if error.kind == PlatformErrorKind::ItemRefused)
}

fn order_of(job: &ClaimedJob) -> Option<OrderId> {
    job.lane.entity().map(|(_, _, id)| OrderId::from(id))
}

async fn compare(hub: &Hub, shop: &ShopId, jobs: Vec<ClaimedJob>, reply: RawOrders) -> Vec<Outcome> {
    let known = match known_versions(hub, shop, &jobs).await {
        Ok(known) => known,
        Err(error) => return all_failed(hub, jobs, &error.into()),
    };
    let mut told: HashMap<String, RawOrder> = HashMap::new();
    for order in reply.orders {
        told.insert(order.id.as_str().to_owned(), order);
    }
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        let Some(id) = order_of(&job) else { continue };
        let outcome = match told.remove(id.as_str()) {
            Some(order) => {
                judge_order(hub, shop, job, &order, known.get(id.as_str()), &reply.provenance).await
            }
            None => Outcome::ended(missing(hub, job)),
        };
        outcomes.push(outcome);
    }
    if !told.is_empty() {
        // Another shop's data must not get in: what was not asked for is not kept.
        tracing::error!(
            orders = told.len(),
            "the platform returned orders that were not asked for; they are dropped"
        );
        metrics::counter!("hub_foreign_orders_total")
            .increment(u64::try_from(told.len()).unwrap_or(u64::MAX));
    }
    outcomes
}

async fn known_versions(
    hub: &Hub,
    shop: &ShopId,
    jobs: &[ClaimedJob],
) -> Result<HashMap<String, MirrorVersion>, StoreError> {
    let ids = jobs.iter().filter_map(order_of).map(OrderId::into_string).collect();
    Ok(hub.store.mirror_versions(shop.clone(), Resource::Order, ids).await?.into_iter().collect())
}

async fn judge_order(
    hub: &Hub,
    shop: &ShopId,
    job: ClaimedJob,
    order: &RawOrder,
    known: Option<&MirrorVersion>,
    provenance: &hub_core::Provenance,
) -> Outcome {
    let row_before = match known {
        Some(_) if hides_something(order) => {
            match hub.store.mirror_row(shop.clone(), Resource::Order, order.id.as_str().into()).await {
                Ok(row) => row,
                Err(error) => {
                    return Outcome::ended(super::failure::judge(hub, job, &GrantError::from(error)));
                }
            }
        }
        _ => None,
    };
    let row = match order_row(shop, order, provenance, row_before.as_ref()) {
        Ok(row) => row,
        Err(error) => {
            return Outcome::ended(park(job, format!("{}: {error}", HubCode::PlatformAnswerUnreadable)));
        }
    };
    let decision = decide(known, &row.version);
    let kind = match decision {
        Decision::Create => EventKind::OrderCreated,
        Decision::Update => EventKind::OrderUpdated,
        // The same words, read later: now it is certain that nothing followed in the same second.
        Decision::Same if known.is_some_and(|known| !is_settled(known)) => {
            return Outcome::confirmed(job, row);
        }
        Decision::Same | Decision::Stale => {
            metrics::counter!("hub_orders_unchanged_total").increment(1);
            return Outcome::done(job);
        }
    };
    let event = order_event(&job, kind, &row, hub.clock.now());
    Outcome::news(job, row, event)
}

fn order_event(job: &ClaimedJob, kind: EventKind, row: &MirrorRow, now: Timestamp) -> Event {
    let fetched_at = row.version.fetched_at.as_millis().to_be_bytes();
    let id = event_id(&[job.lane.as_str().as_bytes(), &fetched_at, &row.version.content_hash]);
    let data = RawValue::from_string(row.unified.clone()).ok();
    let payload = payload(&id, &kind, Some(&row.shop_id), now, data.as_deref());
    Event { id, kind, shop_id: Some(row.shop_id.clone()), lane: job.lane.clone(), occurred_at: now, payload }
}

/// An event's name from what it tells.
pub(super) fn event_id(parts: &[&[u8]]) -> EventId {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    EventId(format!("evt_{}", hex::encode(&hash.finalize()[..16])))
}

#[derive(Serialize)]
struct Payload<'a> {
    id: &'a EventId,
    #[serde(rename = "type")]
    kind: String,
    timestamp: String,
    shop_id: Option<&'a ShopId>,
    data: Option<&'a RawValue>,
}

/// The body that sinks receive.
pub(super) fn payload(
    id: &EventId,
    kind: &EventKind,
    shop_id: Option<&ShopId>,
    now: Timestamp,
    data: Option<&RawValue>,
) -> Vec<u8> {
    let payload = Payload { id, kind: kind.word(), timestamp: now.to_rfc3339(), shop_id, data };
    serde_json::to_vec(&payload).expect("texts and valid JSON always serialise")
}
