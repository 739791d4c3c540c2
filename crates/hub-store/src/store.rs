//! The [`Store`] trait and the values that only it needs.

use std::pin::Pin;
use std::time::Duration;

use hub_core::{
    Accepted, AttemptOutcome, Authorization, AuthorizationId, Changes, ClaimedDelivery, ClaimedJob,
    ConnectIntent, Cursor, Incoming, Lane, MirrorRow, MirrorVersion, Resource, Shop, SinkName, SweepReport,
};
use ttshop_types::{ShopId, Timestamp};

use crate::StoreError;

/// A verb under way.
///
/// The verb begins when the method is called, not at the first poll, and dropping the future does not undo it: what was
/// asked runs to its end. Verbs that change something run in the order in which one caller called them, awaited or not; a
/// verb that only reads sees what every answered one had changed.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Jobs or deliveries that one call claims at most.
pub const CLAIM_MAX: usize = 1000;

/// Rows of one page at most: of orders, of parked jobs, of sweep reports.
pub const PAGE_MAX: usize = 1000;

/// Sweep reports that are kept; older ones make way.
pub const SWEEP_REPORTS_KEPT: usize = 10_000;

/// Connections that may be under way at once. Anyone may begin one, so their number has an end.
pub const CONNECT_INTENTS_MAX: usize = 10_000;

/// Where the hub keeps its truth.
///
/// Verbs are atomic and durable when they return: what they changed survives a power cut. A store may serve many callers
/// at once and several hub processes; claims carry leases and fences for that reason.
pub trait Store: Send + Sync + std::fmt::Debug {
    /// Makes a hint and the work it asks for durable, in one commit.
    ///
    /// A copy of an accepted hint changes nothing. A new hint makes the lane's job due no later than it was received; for a
    /// lane whose job is claimed it keeps that job alive beyond its end. A new hint also wakes a parked job.
    ///
    /// A webhook with a known key and another body is a [`Accepted::Conflict`]: it is stored beside the first and works like
    /// a new hint; a copy of it is a duplicate again.
    ///
    /// A sweep's finding is known by its key alone. It says that the mirror is behind now, so a copy of a finding that
    /// meets no job in its lane asks for work again, and one that meets a parked job wakes it. It is a
    /// [`Accepted::Duplicate`] nevertheless: no second row is kept. A job that waits or runs is left alone.
    fn accept(&self, incoming: Incoming) -> StoreFuture<'_, Accepted>;

    /// Like [`Store::accept`] for many hints in one commit; answers come in the order of the hints.
    fn accept_all(&self, incoming: Vec<Incoming>) -> StoreFuture<'_, Vec<Accepted>>;

    /// Claims jobs that are due and that nobody holds: those due longest first, then by lane. A job whose holder let the lease
    /// end is due since then, and is claimed under a higher fence. At most [`CLAIM_MAX`] are claimed.
    fn claim_jobs(&self, claim: JobClaim) -> StoreFuture<'_, Vec<ClaimedJob>>;

    /// Commits the consequences of some work, all or nothing; [`Changes`] says what each of them does.
    ///
    /// # Errors
    /// [`StoreError::FenceLost`] where a job of [`Changes::jobs`] is no longer held under its fence. A lease that ended is
    /// still held until somebody else claims the job.
    fn commit(&self, changes: Changes) -> StoreFuture<'_, ()>;

    /// Claims deliveries that are due: of each sink and lane only the oldest undelivered event, and only when nobody holds it.
    /// Those due longest come first, then by event and by sink. A lane that waits holds up no other lane and no other sink.
    /// At most [`CLAIM_MAX`] are claimed.
    fn claim_deliveries(&self, claim: JobClaim) -> StoreFuture<'_, Vec<ClaimedDelivery>>;

    /// Records attempts in one commit, each with its reason in the delivery's history. An outcome whose fence is stale is
    /// skipped, and its event id returned. A delivered event and a dead letter make way for the next event of their lane.
    fn record_attempts(
        &self,
        attempts: Vec<(ClaimedDelivery, AttemptOutcome)>,
    ) -> StoreFuture<'_, Vec<String>>;

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
    fn mirror_row(
        &self,
        shop_id: ShopId,
        resource: Resource,
        id: String,
    ) -> StoreFuture<'_, Option<MirrorRow>>;

    /// Mirrored orders, newest update first, at most [`PAGE_MAX`] a page.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`] where [`OrderQuery::after`] is not from an earlier page.
    fn orders(&self, query: OrderQuery) -> StoreFuture<'_, OrderPage>;

    /// How far the sweep of this shop and resource has looked.
    fn cursor(&self, shop_id: ShopId, resource: Resource) -> StoreFuture<'_, Option<Cursor>>;

    /// The newest sweep reports, newest first; the store keeps [`SWEEP_REPORTS_KEPT`].
    fn sweep_reports(&self, limit: usize) -> StoreFuture<'_, Vec<SweepReport>>;

    /// Saves a new or renewed grant and its shops in one commit.
    ///
    /// `authorization.revision` names the revision that was read (0 for a new one); the stored one is one higher. Shops that
    /// are known are replaced, but keep the time of their first connection; shops that are not named stay as they are.
    ///
    /// # Errors
    /// [`StoreError::RevisionLost`] where the stored revision is another.
    fn save_authorization(&self, authorization: Authorization, shops: Vec<Shop>) -> StoreFuture<'_, ()>;

    /// One grant.
    fn authorization(&self, id: AuthorizationId) -> StoreFuture<'_, Option<Authorization>>;

    /// Every grant, by id.
    fn authorizations(&self) -> StoreFuture<'_, Vec<Authorization>>;

    /// Every shop, by id.
    fn shops(&self) -> StoreFuture<'_, Vec<Shop>>;

    /// Remembers a connection that someone began; expired ones are forgotten on the way. A second one with the same state
    /// is not taken.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where [`CONNECT_INTENTS_MAX`] wait already.
    fn begin_connect(&self, intent: ConnectIntent, now: Timestamp) -> StoreFuture<'_, ()>;

    /// Takes a begun connection, once: the second call finds nothing, and neither does one after its time.
    fn take_connect(&self, state_hash: [u8; 32], now: Timestamp) -> StoreFuture<'_, Option<ConnectIntent>>;

    /// Takes or renews the lease on `name` for `holder`, unless another holder's lease still runs. Returns its fence, which
    /// stays while the holder renews in time and is higher for every later tenure.
    fn lease(
        &self,
        name: String,
        holder: String,
        now: Timestamp,
        lasts: Duration,
    ) -> StoreFuture<'_, Option<i64>>;

    /// Gives a lease back before its time; nothing happens where `holder` does not hold it.
    fn release(&self, name: String, holder: String) -> StoreFuture<'_, ()>;

    /// Declares the sinks that exist. A sink that is gone takes its undelivered events and dead letters with it, counted in
    /// the answer. A new sink gets the events that are committed from then on.
    fn declare_sinks(&self, sinks: Vec<SinkName>) -> StoreFuture<'_, u64>;

    /// What waits, for health and metrics; cheap enough for every few seconds.
    fn backlog(&self, now: Timestamp) -> StoreFuture<'_, Backlog>;

    /// Parked jobs, those with the oldest hint first, then by lane.
    fn parked_jobs(&self, limit: usize) -> StoreFuture<'_, Vec<ParkedJob>>;

    /// Puts a parked job back to work now, with no failed tries; false where there is none.
    fn unpark(&self, lane: Lane, now: Timestamp) -> StoreFuture<'_, bool>;

    /// When the next job or delivery falls due, for a worker that sleeps until then; one that is held falls due when its lease
    /// ends.
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
    /// Whether its work is done: no job of its lane waits for it.
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
    /// Age of the oldest unhandled hint, in milliseconds; hints of parked jobs do not count, they wait for a person.
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
