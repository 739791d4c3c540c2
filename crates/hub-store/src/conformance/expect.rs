//! Short forms for facts: a store under test answers.

use hub_core::{Accepted, Changes, ClaimedDelivery, ClaimedJob, Incoming};

use super::sample::claim_at;
use crate::{Store, StoreError, StoreFuture};

/// The answer of a verb that must work.
pub(super) async fn ok<T>(verb: StoreFuture<'_, T>) -> T {
    verb.await.expect("the store serves")
}

/// The number of a hint that must be new.
pub(super) async fn new(store: &dyn Store, incoming: Incoming) -> i64 {
    match ok(store.accept(incoming)).await {
        Accepted::New(number) => number,
        other => panic!("a new hint was answered with {other:?}"),
    }
}

/// The one job that must be due.
pub(super) async fn one_job(store: &dyn Store, seconds: i64) -> ClaimedJob {
    let mut jobs = ok(store.claim_jobs(claim_at(seconds))).await;
    assert_eq!(jobs.len(), 1, "one job is due: {jobs:?}");
    jobs.remove(0)
}

/// The jobs that are due, by lane.
pub(super) async fn due_jobs(store: &dyn Store, seconds: i64) -> Vec<String> {
    ok(store.claim_jobs(claim_at(seconds))).await.into_iter().map(|job| job.lane.to_string()).collect()
}

/// The one delivery that must be due.
pub(super) async fn one_delivery(store: &dyn Store, seconds: i64) -> ClaimedDelivery {
    let mut deliveries = ok(store.claim_deliveries(claim_at(seconds))).await;
    assert_eq!(deliveries.len(), 1, "one delivery is due: {deliveries:?}");
    deliveries.remove(0)
}

/// The deliveries that are due, as event ids.
pub(super) async fn due_events(store: &dyn Store, seconds: i64) -> Vec<String> {
    ok(store.claim_deliveries(claim_at(seconds))).await.into_iter().map(|due| due.event_id.0).collect()
}

/// Commits what must be refused, because its fence is lost.
pub(super) async fn fence_lost(store: &dyn Store, changes: Changes) {
    let refused = store.commit(changes).await;
    assert!(matches!(refused, Err(StoreError::FenceLost { .. })), "{refused:?}");
}
