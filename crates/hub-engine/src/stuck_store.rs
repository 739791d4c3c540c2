//! A store that takes its time or refuses, over one that works.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hub_core::{
    Accepted, AttemptOutcome, Authorization, AuthorizationId, Changes, ClaimedDelivery, ClaimedJob,
    ConnectIntent, Cursor, Incoming, Lane, MirrorRow, MirrorVersion, Resource, Shop, SinkName, SweepReport,
};
use hub_store::{
    Backlog, InboxRow, JobClaim, MemoryStore, OrderPage, OrderQuery, ParkedJob, Store, StoreError,
    StoreFuture,
};
use tokio::sync::Semaphore;
use ttshop_types::{ShopId, Timestamp};

/// Hints wait until [`StuckStore::open_gate`]; commits fail while [`StuckStore::refuse_commits`] says so.
#[derive(Debug)]
pub(crate) struct StuckStore {
    inner: MemoryStore,
    gate: Semaphore,
    refuses: AtomicBool,
}

impl StuckStore {
    pub(crate) fn new() -> Self {
        Self { inner: MemoryStore::default(), gate: Semaphore::new(0), refuses: AtomicBool::new(false) }
    }

    /// Lets every hint pass from now on.
    pub(crate) fn open_gate(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    pub(crate) fn refuse_commits(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }
}

macro_rules! pass_on {
    ($(fn $verb:ident($($name:ident: $kind:ty),*) -> $answer:ty;)*) => {
        $(fn $verb(&self, $($name: $kind),*) -> StoreFuture<'_, $answer> {
            self.inner.$verb($($name),*)
        })*
    };
}

impl Store for StuckStore {
    fn accept(&self, incoming: Incoming) -> StoreFuture<'_, Accepted> {
        Box::pin(async move {
            let passed =
                self.gate.acquire().await.map_err(|closed| StoreError::Unavailable(closed.into()))?;
            drop(passed);
            self.inner.accept(incoming).await
        })
    }

    fn commit(&self, changes: Changes) -> StoreFuture<'_, ()> {
        if self.refuses.load(Ordering::SeqCst) {
            return Box::pin(std::future::ready(Err(StoreError::Unavailable("the disk is full".into()))));
        }
        self.inner.commit(changes)
    }

    pass_on! {
        fn accept_all(incoming: Vec<Incoming>) -> Vec<Accepted>;
        fn claim_jobs(claim: JobClaim) -> Vec<ClaimedJob>;
        fn claim_deliveries(claim: JobClaim) -> Vec<ClaimedDelivery>;
        fn record_attempts(attempts: Vec<(ClaimedDelivery, AttemptOutcome)>) -> Vec<String>;
        fn inbox_row(number: i64) -> Option<InboxRow>;
        fn mirror_versions(shop_id: ShopId, resource: Resource, ids: Vec<String>) -> Vec<(String, MirrorVersion)>;
        fn mirror_row(shop_id: ShopId, resource: Resource, id: String) -> Option<MirrorRow>;
        fn orders(query: OrderQuery) -> OrderPage;
        fn cursor(shop_id: ShopId, resource: Resource) -> Option<Cursor>;
        fn sweep_reports(limit: usize) -> Vec<SweepReport>;
        fn save_authorization(authorization: Authorization, shops: Vec<Shop>) -> ();
        fn authorization(id: AuthorizationId) -> Option<Authorization>;
        fn authorizations() -> Vec<Authorization>;
        fn shops() -> Vec<Shop>;
        fn begin_connect(intent: ConnectIntent, now: Timestamp) -> ();
        fn take_connect(state_hash: [u8; 32], now: Timestamp) -> Option<ConnectIntent>;
        fn lease(name: String, holder: String, now: Timestamp, lasts: Duration) -> Option<i64>;
        fn release(name: String, holder: String) -> ();
        fn declare_sinks(sinks: Vec<SinkName>) -> u64;
        fn backlog(now: Timestamp) -> Backlog;
        fn parked_jobs(limit: usize) -> Vec<ParkedJob>;
        fn unpark(lane: Lane, now: Timestamp) -> bool;
        fn next_due() -> Option<Timestamp>;
    }
}
