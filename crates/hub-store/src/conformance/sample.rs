//! Sample values, for the facts and for the stores' own tests.

use std::time::Duration;

use hub_core::{
    AppName, Authorization, AuthorizationId, AuthorizationState, Changes, ClaimedJob, ConnectIntent, Cursor,
    DedupeKey, Event, EventId, EventKind, Incoming, JobEnd, JobFailure, Lane, MirrorRow, MirrorVersion,
    Origin, Provenance, Resource, SealedBytes, Shop, ShopState, SinkName, SweepReport,
};
use ttshop_types::{AppKey, NotificationId, OpenId, Region, RequestId, ShopId, Timestamp};

use crate::JobClaim;

/// The shop that samples belong to.
pub fn shop_id() -> ShopId {
    ShopId::from("7494")
}

/// The instant `seconds` after the samples begin.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_700_000_000 + seconds)
}

/// The lane of an order.
pub fn lane(order: &str) -> Lane {
    Lane::of_entity(&shop_id(), Resource::Order, order)
}

/// A webhook's hint about an order, received at [`at`]`(0)`.
pub fn hint(notification: &str, order: &str) -> Incoming {
    Incoming {
        key: DedupeKey::of_notification(&AppKey::from("key"), &NotificationId::from(notification)),
        origin: Origin::Webhook,
        app: AppName::new("main"),
        shop_id: Some(shop_id()),
        topic: "1".into(),
        lane: lane(order),
        body: format!("{{\"order_id\":\"{order}\"}}").into_bytes(),
        sent_at: Some(at(-1)),
        received_at: at(0),
    }
}

/// A sweep's finding about an order.
pub fn finding(order: &str, version: &str, found_at: Timestamp) -> Incoming {
    let lane = lane(order);
    Incoming {
        key: DedupeKey::of_finding(&lane, version),
        origin: Origin::Sweep,
        topic: "order".into(),
        body: version.as_bytes().to_vec(),
        sent_at: None,
        received_at: found_at,
        ..hint("", order)
    }
}

/// A claim of up to 100, for half a minute.
pub fn claim_at(seconds: i64) -> JobClaim {
    JobClaim { now: at(seconds), lease: Duration::from_secs(30), limit: 100 }
}

/// A mirrored order.
pub fn order(id: &str, status: &str, updated_at: Timestamp, fetched_at: Timestamp) -> MirrorRow {
    let raw = format!("{{\"id\":\"{id}\",\"status\":\"{status}\"}}").into_bytes();
    MirrorRow {
        shop_id: shop_id(),
        resource: Resource::Order,
        id: id.into(),
        platform_status: status.into(),
        created_at: at(-100),
        version: MirrorVersion::of(&raw, updated_at, fetched_at),
        unified: format!("{{\"status\":\"{status}\"}}"),
        raw,
        provenance: Provenance {
            operation: "order.get_order_detail@202507".into(),
            request_id: RequestId::from("2026112300"),
            fetched_at,
        },
    }
}

/// An event about an order.
pub fn event(id: &str, order: &str, occurred_at: Timestamp) -> Event {
    Event {
        id: EventId(id.into()),
        kind: EventKind::OrderUpdated,
        shop_id: Some(shop_id()),
        lane: lane(order),
        occurred_at,
        payload: format!("{{\"event\":\"{id}\"}}").into_bytes(),
    }
}

/// A sink's name.
pub fn sink(name: &str) -> SinkName {
    SinkName(name.into())
}

/// A sweep's cursor.
pub fn cursor(until: Timestamp) -> Cursor {
    Cursor { shop_id: shop_id(), resource: Resource::Order, until }
}

/// A sweep's report.
pub fn report(number: u64) -> SweepReport {
    SweepReport {
        shop_id: shop_id(),
        resource: Resource::Order,
        from_ms: at(0).as_millis(),
        until_ms: at(60).as_millis(),
        seen: number,
        missing: 1,
        outdated: 2,
        finished_at_ms: at(61).as_millis(),
    }
}

/// A grant as read at `revision`.
pub fn grant(revision: i64) -> Authorization {
    let (app, open_id) = (AppName::new("main"), OpenId::from("open-1"));
    Authorization {
        id: AuthorizationId::of(&app, &open_id),
        app,
        open_id,
        seller_name: "Seller \u{1F6CD}".into(),
        seller_base_region: Region::UnitedKingdom,
        state: AuthorizationState::Active,
        tokens: SealedBytes(vec![0, 1, 255]),
        access_expires_at: at(3600),
        refresh_expires_at: at(7200),
        granted_scopes: vec!["seller.order.info".into(), "seller.product.basic".into()],
        revision,
        refresh_started_at: Some(at(5)),
    }
}

/// A shop of [`grant`].
pub fn shop(id: &str, name: &str) -> Shop {
    Shop {
        id: ShopId::from(id),
        authorization: grant(0).id,
        app: AppName::new("main"),
        name: name.into(),
        region: Region::from("ZZ"),
        seller_type: "CROSS_BORDER".into(),
        cipher: SealedBytes(vec![7; 3]),
        state: ShopState::Connected,
        connected_at: at(0),
    }
}

/// A begun connection that ends at `expires_at`.
pub fn intent(state: u64, expires_at: Timestamp) -> ConnectIntent {
    let mut state_hash = [9; 32];
    state_hash[..8].copy_from_slice(&state.to_be_bytes());
    ConnectIntent { state_hash, browser_hash: [2; 32], app: AppName::new("main"), expires_at }
}

/// The end of a job that went well.
pub fn done(job: &ClaimedJob) -> Changes {
    Changes { jobs: vec![JobEnd::Done { job: job.clone() }], ..Changes::default() }
}

/// The end of a job that did not; it is parked without `ready_at`.
pub fn failed(job: &ClaimedJob, ready_at: Option<Timestamp>) -> Changes {
    let failure = JobFailure::Retry { reason: "answered 500".into(), not_before: None };
    Changes { jobs: vec![JobEnd::Failed { job: job.clone(), failure, ready_at }], ..Changes::default() }
}
