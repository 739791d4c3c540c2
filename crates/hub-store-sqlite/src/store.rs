//! [`SqliteStore`]: the trait over the writer and the readers.

use std::path::Path;
use std::time::Duration;

use hub_core::{
    Accepted, AttemptOutcome, Authorization, AuthorizationId, Changes, ClaimedDelivery, ClaimedJob,
    ConnectIntent, Cursor, Incoming, Lane, MirrorRow, MirrorVersion, Resource, Shop, SinkName, SweepReport,
};
use hub_store::{Backlog, InboxRow, JobClaim, OrderPage, OrderQuery, ParkedJob, Store, StoreFuture};
use ttshop_types::{ShopId, Timestamp};

use crate::OpenError;
use crate::database::DataDirectory;
use crate::reader::Readers;
use crate::verbs::inbox::Hint;
use crate::verbs::{commit, grants, inbox, jobs, mirror, outbox, reads, sweeps};
use crate::writer::{Stats, Writer};

/// A store in one directory of this machine.
///
/// Dropping it finishes what is queued, moves the log into the database, joins its threads and gives the directory back;
/// that takes as long as the disk takes.
#[derive(Debug)]
pub struct SqliteStore {
    // Dropped in this order: the writer's last checkpoint wants no readers, and the directory is ours until the end.
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    _directory: DataDirectory,
}

impl SqliteStore {
    /// Opens the store in `directory`, which is made where it is missing and which no other process may use meanwhile.
    ///
    /// # Errors
    /// [`OpenError`] says what stands in the way; nothing was changed unless a migration was under way, and that is one
    /// transaction.
    pub fn open(directory: impl AsRef<Path>) -> Result<Self, OpenError> {
        let directory = DataDirectory::own(directory.as_ref())?;
        let writer = Writer::start(directory.open_writer()?)?;
        let readers = Readers::start(&directory)?;
        Ok(Self { readers, writer, _directory: directory })
    }

    /// What the writer did so far: commands by commits tells how well they group.
    pub fn stats(&self) -> Stats {
        self.writer.stats()
    }
}

impl Store for SqliteStore {
    fn accept(&self, incoming: Incoming) -> StoreFuture<'_, Accepted> {
        let hint = Hint::of(incoming);
        self.writer.write(move |connection| inbox::accept(connection, &hint))
    }

    fn accept_all(&self, incoming: Vec<Incoming>) -> StoreFuture<'_, Vec<Accepted>> {
        let hints: Vec<Hint> = incoming.into_iter().map(Hint::of).collect();
        self.writer
            .write(move |connection| hints.iter().map(|hint| inbox::accept(connection, hint)).collect())
    }

    fn claim_jobs(&self, claim: JobClaim) -> StoreFuture<'_, Vec<ClaimedJob>> {
        self.writer.write(move |connection| jobs::claim(connection, claim))
    }

    fn commit(&self, changes: Changes) -> StoreFuture<'_, ()> {
        self.writer.write(move |connection| commit::commit(connection, &changes))
    }

    fn claim_deliveries(&self, claim: JobClaim) -> StoreFuture<'_, Vec<ClaimedDelivery>> {
        self.writer.write(move |connection| outbox::claim(connection, claim))
    }

    fn record_attempts(
        &self,
        attempts: Vec<(ClaimedDelivery, AttemptOutcome)>,
    ) -> StoreFuture<'_, Vec<String>> {
        self.writer.write(move |connection| outbox::record(connection, attempts))
    }

    fn inbox_row(&self, number: i64) -> StoreFuture<'_, Option<InboxRow>> {
        self.readers.read(move |connection| inbox::row(connection, number))
    }

    fn mirror_versions(
        &self,
        shop_id: ShopId,
        resource: Resource,
        ids: Vec<String>,
    ) -> StoreFuture<'_, Vec<(String, MirrorVersion)>> {
        self.readers.read(move |connection| mirror::versions(connection, &shop_id, resource, ids))
    }

    fn mirror_row(
        &self,
        shop_id: ShopId,
        resource: Resource,
        id: String,
    ) -> StoreFuture<'_, Option<MirrorRow>> {
        self.readers.read(move |connection| mirror::row(connection, &shop_id, resource, &id))
    }

    fn orders(&self, query: OrderQuery) -> StoreFuture<'_, OrderPage> {
        self.readers.read(move |connection| mirror::orders(connection, &query))
    }

    fn cursor(&self, shop_id: ShopId, resource: Resource) -> StoreFuture<'_, Option<Cursor>> {
        self.readers.read(move |connection| sweeps::cursor(connection, shop_id, resource))
    }

    fn sweep_reports(&self, limit: usize) -> StoreFuture<'_, Vec<SweepReport>> {
        self.readers.read(move |connection| sweeps::reports(connection, limit))
    }

    fn save_authorization(&self, authorization: Authorization, shops: Vec<Shop>) -> StoreFuture<'_, ()> {
        self.writer.write(move |connection| grants::save_authorization(connection, &authorization, &shops))
    }

    fn authorization(&self, id: AuthorizationId) -> StoreFuture<'_, Option<Authorization>> {
        self.readers.read(move |connection| grants::authorization(connection, &id))
    }

    fn authorizations(&self) -> StoreFuture<'_, Vec<Authorization>> {
        self.readers.read(grants::authorizations)
    }

    fn shops(&self) -> StoreFuture<'_, Vec<Shop>> {
        self.readers.read(grants::shops)
    }

    fn begin_connect(&self, intent: ConnectIntent, now: Timestamp) -> StoreFuture<'_, ()> {
        self.writer.write(move |connection| grants::begin_connect(connection, &intent, now))
    }

    fn take_connect(&self, state_hash: [u8; 32], now: Timestamp) -> StoreFuture<'_, Option<ConnectIntent>> {
        self.writer.write(move |connection| grants::take_connect(connection, state_hash, now))
    }

    fn lease(
        &self,
        name: String,
        holder: String,
        now: Timestamp,
        lasts: Duration,
    ) -> StoreFuture<'_, Option<i64>> {
        self.writer.write(move |connection| grants::lease(connection, &name, &holder, now, lasts))
    }

    fn release(&self, name: String, holder: String) -> StoreFuture<'_, ()> {
        self.writer.write(move |connection| grants::release(connection, &name, &holder))
    }

    fn declare_sinks(&self, sinks: Vec<SinkName>) -> StoreFuture<'_, u64> {
        self.writer.write(move |connection| outbox::declare_sinks(connection, &sinks))
    }

    fn backlog(&self, now: Timestamp) -> StoreFuture<'_, Backlog> {
        self.readers.read(move |connection| reads::backlog(connection, now))
    }

    fn parked_jobs(&self, limit: usize) -> StoreFuture<'_, Vec<ParkedJob>> {
        self.readers.read(move |connection| jobs::parked(connection, limit))
    }

    fn unpark(&self, lane: Lane, now: Timestamp) -> StoreFuture<'_, bool> {
        self.writer.write(move |connection| jobs::unpark(connection, &lane, now))
    }

    fn next_due(&self) -> StoreFuture<'_, Option<Timestamp>> {
        self.readers.read(reads::next_due)
    }
}
