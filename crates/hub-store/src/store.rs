//! The [`Store`] trait and the values that only it needs.

use std::pin::Pin;
use std::time::Duration;

use hub_core::{
    Accepted, AttemptOutcome, Authorization, AuthorizationId, Changes, ClaimedDelivery, ClaimedJob, ConnectIntent, Cursor,
    Incoming, Lane, MirrorRow, MirrorVersion, Resource, Shop, SinkName, SweepReport,
};
use ttshop_types::{ShopId, Timestamp};

use crate::StoreError;

/// A verb under way. Dropping it does not undo it: what was asked runs to its end.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Where the hub keeps its truth.
///
/// Verbs are atomic and durable when they return: what they changed survives a power cut. A store may serve many callers
/// at once and several hub processes; claims carry leases and fences for that reason.
pub trait Store: Send + Sync + std::fmt::Debug {
    /// Makes a hint and the work it asks for durable, in one commit.
    ///
    /// A copy of an accepted hint changes nothing. A new hint for a lane whose job is claimed keeps that job alive beyond its
    /// end. A hint also wakes a parked job.
    fn accept(&self, incoming: Incoming) -> StoreFuture<'_, Accepted>;

    /// Like [`Store::accept`] for many hints in one commit; answers come in the order of the hints.
    fn accept_all(&self, incoming: Vec<Incoming>) -> StoreFuture<'_, Vec<Accepted>>;

    /// Claims jobs that are due and that nobody holds, oldest first.
    fn claim_jobs(&self, claim: JobClaim) -> StoreFuture<'_, Vec<ClaimedJob>>;

    /// Commits the consequences of some work, all or nothing.
    ///
    /// # Errors
    /// [`StoreError::FenceLost`] where a job of [`Changes::jobs`] is no longer held under its fence.
    fn commit(&self, changes: Changes) -> StoreFuture<'_, ()>;

    /// Claims deliveries that are due: of each sink and lane only the oldest undelivered event, and only when nobody holds it.
    fn claim_deliveries(&self, claim: JobClaim) -> StoreFuture<'_, Vec<ClaimedDelivery>>;

    /// Records attempts in one commit. An outcome whose fence is stale is skipped, and its event id returned.
    fn record_attempts(&self, attempts: Vec<(ClaimedDelivery, AttemptOutcome)>) -> StoreFuture<'_, Vec<String>>;

    /// The raw inbox row behind a number.
    fn inbox_row(&self, number: i64) -> StoreFuture<'_, Option<InboxRow>>;

    /// The versions of those entities that the mirror knows.
    fn mirror_versions(
        &self,
        shop_id: ShopId,
        resource: Resource,
        ids: Vec<String>,
    ) -> StoreFuture<'_, Vec<(String, MirrorVersion)>>;

    /// One mirrored entity with its raw bytes.
    fn mirror_row(&self, shop_id: ShopId, resource: Resource, id: String) -> StoreFuture<'_, Option<MirrorRow>>;

    /// Mirrored orders, newest update first.
    fn orders(&self, query: OrderQuery) -> StoreFuture<'_, OrderPage>;

    /// How far the sweep of this shop and resource has looked.
    fn cursor(&self, shop_id: ShopId, resource: Resource) -> StoreFuture<'_, Option<Cursor>>;

    /// The newest sweep reports, newest first.
    fn sweep_reports(&self, limit: usize) -> StoreFuture<'_, Vec<SweepReport>>;

    /// Saves a new or renewed grant and its shops in one commit.
    ///
    /// `authorization.revision` names the revision that was read (0 for a new one); the stored one is one higher.
    ///
    /// # Errors
    /// [`StoreError::RevisionLost`] where the stored revision is another.
    fn save_authorization(&self, authorization: Authorization, shops: Vec<Shop>) -> StoreFuture<'_, ()>;

    /// One grant.
    fn authorization(&self, id: AuthorizationId) -> StoreFuture<'_, Option<Authorization>>;

    /// Every grant.
    fn authorizations(&self) -> StoreFuture<'_, Vec<Authorization>>;

    /// Every shop.
    fn shops(&self) -> StoreFuture<'_, Vec<Shop>>;

    /// Remembers a connection that someone began; expired ones are forgotten on the way.
    fn begin_connect(&self, intent: ConnectIntent, now: Timestamp) -> StoreFuture<'_, ()>;

    /// Takes a begun connection, once: the second call finds nothing.
    fn take_connect(&self, state_hash: [u8; 32], now: Timestamp) -> StoreFuture<'_, Option<ConnectIntent>>;

    /// Takes or renews the lease on `name` for `holder`, unless another holder's lease still runs. Returns its fence.
    fn lease(&self, name: String, holder: String, now: Timestamp, lasts: Duration) -> StoreFuture<'_, Option<i64>>;

    /// Gives a lease back before its time.
    fn release(&self, name: String, holder: String) -> StoreFuture<'_, ()>;

    /// Declares the sinks that exist. A sink that is gone takes its undelivered events with it, counted in the answer.
    fn declare_sinks(&self, sinks: Vec<SinkName>) -> StoreFuture<'_, u64>;

    /// What waits, for health and metrics; cheap enough for every few seconds.
    fn backlog(&self, now: Timestamp) -> StoreFuture<'_, Backlog>;

    /// Parked jobs, oldest first.
    fn parked_jobs(&self, limit: usize) -> StoreFuture<'_, Vec<ParkedJob>>;

    /// Puts a parked job back to work now; false where there is none.
    fn unpark(&self, lane: Lane, now: Timestamp) -> StoreFuture<'_, bool>;

    /// When the next job or delivery falls due, for a worker that sleeps until then.
    fn next_due(&self) -> StoreFuture<'_, Option<Timestamp>>;
}

/// How to claim.
#[derive(Clone, Copy, Debug)]
pub struct JobClaim {
    /// Now.
    pub now: Timestamp,
    /// How long the claim lasts unless it ends sooner.
    pub lease: Duration,
    /// How many at most.
    pub limit: usize,
}

/// One inbox row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InboxRow {
    /// Its number.
    pub number: i64,
    /// The notification's type or the swept resource.
    pub topic: String,
    /// The shop, when the hint named one.
    pub shop_id: Option<ShopId>,
    /// The bytes as they arrived.
    pub body: Vec<u8>,
    /// When they arrived.
    pub received_at: Timestamp,
    /// Whether its work is done.
    pub handled: bool,
}

/// What waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Backlog {
    /// Inbox rows ever accepted.
    pub accepted: u64,
    /// Jobs that wait or run.
    pub jobs: u64,
    /// Jobs that wait for a person.
    pub parked: u64,
    /// Deliveries that wait or run.
    pub deliveries: u64,
    /// Deliveries that wait for a person.
    pub dead: u64,
    /// Mirrored entities.
    pub mirrored: u64,
    /// Age of the oldest unhandled hint, in milliseconds.
    pub oldest_ms: u64,
}

/// A job that waits for a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParkedJob {
    /// Its lane.
    pub lane: Lane,
    /// Why it waits.
    pub reason: String,
    /// Tries so far.
    pub attempts: u32,
}

/// Which orders to list.
#[derive(Clone, Debug, Default)]
pub struct OrderQuery {
    /// Of this shop only.
    pub shop_id: Option<ShopId>,
    /// With this platform status only.
    pub platform_status: Option<String>,
    /// After this cursor, as the previous page gave it.
    pub after: Option<String>,
    /// How many at most.
    pub limit: usize,
}

/// One page of orders.
#[derive(Clone, Debug, Default)]
pub struct OrderPage {
    /// The rows.
    pub rows: Vec<MirrorRow>,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}
