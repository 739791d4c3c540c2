//! [`MemoryStore`]: the trait over [`State`].

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hub_core::{
    Accepted, AttemptOutcome, Authorization, AuthorizationId, Changes, ClaimedDelivery, ClaimedJob,
    ConnectIntent, Cursor, Incoming, Lane, MirrorRow, MirrorVersion, Resource, Shop, SinkName, SweepReport,
};
use ttshop_types::{ShopId, Timestamp};

use super::state::State;
use crate::{
    Backlog, InboxRow, JobClaim, OrderPage, OrderQuery, PAGE_MAX, ParkedJob, Store, StoreError, StoreFuture,
};

/// A store in memory, for tests: everything is gone with the process.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn run<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&mut State) -> Result<T, StoreError>,
    ) -> StoreFuture<'_, T> {
        let result = verb(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        Box::pin(std::future::ready(result))
    }
}

impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryStore")
    }
}

impl Store for MemoryStore {
    fn accept(&self, incoming: Incoming) -> StoreFuture<'_, Accepted> {
        self.run(|state| Ok(state.accept(incoming)))
    }

    fn accept_all(&self, incoming: Vec<Incoming>) -> StoreFuture<'_, Vec<Accepted>> {
        self.run(|state| Ok(incoming.into_iter().map(|hint| state.accept(hint)).collect()))
    }

    fn claim_jobs(&self, claim: JobClaim) -> StoreFuture<'_, Vec<ClaimedJob>> {
        self.run(|state| Ok(state.claim_jobs(claim)))
    }

    fn commit(&self, changes: Changes) -> StoreFuture<'_, ()> {
        self.run(|state| state.commit(changes))
    }

    fn claim_deliveries(&self, claim: JobClaim) -> StoreFuture<'_, Vec<ClaimedDelivery>> {
        self.run(|state| Ok(state.claim_deliveries(claim)))
    }

    fn record_attempts(
        &self,
        attempts: Vec<(ClaimedDelivery, AttemptOutcome)>,
    ) -> StoreFuture<'_, Vec<String>> {
        self.run(|state| Ok(state.record_attempts(attempts)))
    }

    fn inbox_row(&self, number: i64) -> StoreFuture<'_, Option<InboxRow>> {
        self.run(|state| Ok(state.inbox_row(number)))
    }

    fn mirror_versions(
        &self,
        shop_id: ShopId,
        resource: Resource,
        ids: Vec<String>,
    ) -> StoreFuture<'_, Vec<(String, MirrorVersion)>> {
        self.run(|state| Ok(state.mirror_versions(&shop_id, resource, ids)))
    }

    fn mirror_row(
        &self,
        shop_id: ShopId,
        resource: Resource,
        id: String,
    ) -> StoreFuture<'_, Option<MirrorRow>> {
        self.run(|state| Ok(state.mirror.get(&(shop_id, resource, id)).cloned()))
    }

    fn orders(&self, query: OrderQuery) -> StoreFuture<'_, OrderPage> {
        self.run(|state| state.orders(query))
    }

    fn cursor(&self, shop_id: ShopId, resource: Resource) -> StoreFuture<'_, Option<Cursor>> {
        self.run(|state| {
            let until = state.cursors.get(&(shop_id.clone(), resource)).copied();
            Ok(until.map(|until| Cursor { shop_id, resource, until }))
        })
    }

    fn sweep_reports(&self, limit: usize) -> StoreFuture<'_, Vec<SweepReport>> {
        self.run(|state| Ok(state.reports.iter().take(limit.min(PAGE_MAX)).cloned().collect()))
    }

    fn save_authorization(&self, authorization: Authorization, shops: Vec<Shop>) -> StoreFuture<'_, ()> {
        self.run(|state| state.save_authorization(authorization, shops))
    }

    fn authorization(&self, id: AuthorizationId) -> StoreFuture<'_, Option<Authorization>> {
        self.run(|state| Ok(state.authorizations.get(&id).cloned()))
    }

    fn authorizations(&self) -> StoreFuture<'_, Vec<Authorization>> {
        self.run(|state| Ok(state.authorizations.values().cloned().collect()))
    }

    fn shops(&self) -> StoreFuture<'_, Vec<Shop>> {
        self.run(|state| Ok(state.shops.values().cloned().collect()))
    }

    fn begin_connect(&self, intent: ConnectIntent, now: Timestamp) -> StoreFuture<'_, ()> {
        self.run(|state| state.begin_connect(intent, now))
    }

    fn take_connect(&self, state_hash: [u8; 32], now: Timestamp) -> StoreFuture<'_, Option<ConnectIntent>> {
        self.run(|state| Ok(state.intents.remove(&state_hash).filter(|intent| intent.expires_at > now)))
    }

    fn lease(
        &self,
        name: String,
        holder: String,
        now: Timestamp,
        lasts: Duration,
    ) -> StoreFuture<'_, Option<i64>> {
        self.run(|state| Ok(state.lease(name, holder, now, lasts)))
    }

    fn release(&self, name: String, holder: String) -> StoreFuture<'_, ()> {
        self.run(|state| {
            state.release(&name, &holder);
            Ok(())
        })
    }

    fn declare_sinks(&self, sinks: Vec<SinkName>) -> StoreFuture<'_, u64> {
        self.run(|state| Ok(state.declare_sinks(sinks)))
    }

    fn backlog(&self, now: Timestamp) -> StoreFuture<'_, Backlog> {
        self.run(|state| Ok(state.backlog(now)))
    }

    fn parked_jobs(&self, limit: usize) -> StoreFuture<'_, Vec<ParkedJob>> {
        self.run(|state| Ok(state.parked_jobs(limit)))
    }

    fn unpark(&self, lane: Lane, now: Timestamp) -> StoreFuture<'_, bool> {
        self.run(|state| Ok(state.unpark(&lane, now)))
    }

    fn next_due(&self) -> StoreFuture<'_, Option<Timestamp>> {
        self.run(|state| Ok(state.next_due()))
    }
}
