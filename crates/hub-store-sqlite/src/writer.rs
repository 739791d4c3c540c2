//! The writer: one thread, one connection, one fsync for a group of commands.
//!
//! A command runs under a savepoint, so that one that fails leaves the others of its group alone. Answers go out after the
//! commit: whoever has one may rely on it. Where a commit fails for any reason but a full disk, nobody can tell what the disk
//! holds, and asking again may wrongly succeed; so the writer stops for good, and the process must start anew and read what
//! is there.

use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use hub_store::{StoreError, StoreFuture};
use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use crate::OpenError;
use crate::error::{Outage, VerbError, is_disk_failure};

/// Commands that may wait for the writer; one more is refused, so that the door can say so at once.
pub(crate) const QUEUE_MAX: usize = 1024;

/// Commands of one commit at most: more would not spare many fsyncs, but would keep the first one waiting.
pub(crate) const GROUP_MAX: usize = 256;

/// How long nothing must come before the writer tidies up.
const IDLE: Duration = Duration::from_millis(100);

/// Pages in the log that are worth a checkpoint when nothing else is to do: 1 MiB.
const PAGES_IDLE: i32 = 256;

/// Pages in the log that are checkpointed between two groups, as far as readers allow: 16 MiB.
const PAGES_BUSY: i32 = 4 * 1024;

/// Pages in the log at which the writer waits for readers and starts the log over: 64 MiB.
const PAGES_MAX: i32 = 16 * 1024;

/// Moves what no reader needs.
const CHECKPOINT: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Waits for readers, within the busy timeout, so that the next commit begins the log anew.
const CHECKPOINT_AND_RESTART: &str = "PRAGMA wal_checkpoint(RESTART)";

/// What the writer did since it started.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stats {
    /// Commands that ran.
    pub commands: u64,
    /// Commits that carried them.
    pub commits: u64,
    /// Checkpoints of the log.
    pub checkpoints: u64,
}

#[derive(Debug, Default)]
struct Shared {
    commands: AtomicU64,
    commits: AtomicU64,
    checkpoints: AtomicU64,
    /// Pages in the log after the last commit.
    log_pages: AtomicI32,
    /// Why the writer stopped, if it did.
    poison: OnceLock<String>,
}

/// The way to the writer; dropping it lets the writer finish what is queued, and waits for that.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Option<SyncSender<Box<dyn Command>>>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(mut connection: Connection) -> Result<Self, OpenError> {
        let (queue, commands) = sync_channel(QUEUE_MAX);
        let shared = Arc::new(Shared::default());
        let pages = Arc::clone(&shared);
        connection
            .wal_hook(Some(move |_: &mut _, log_pages| {
                pages.log_pages.store(log_pages, Ordering::Relaxed);
                Ok(())
            }))
            .map_err(OpenError::at("watch the log"))?;
        let state =
            WriterState { connection, commands, shared: Arc::clone(&shared), checkpoint_at: PAGES_BUSY };
        let builder = std::thread::Builder::new().name("store-writer".into());
        let thread = builder.spawn(move || state.serve()).map_err(OpenError::Thread)?;
        Ok(Self { queue: Some(queue), shared, thread: Some(thread) })
    }

    /// Queues a verb at once; the future is only its answer.
    pub(crate) fn write<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&Connection) -> Result<T, VerbError> + Send + 'static,
    ) -> StoreFuture<'static, T> {
        let (reply, answer) = oneshot::channel();
        let command = Box::new(Pending { verb: Some(verb), outcome: None, reply });
        let refused = match self.queue.as_ref().map(|queue| queue.try_send(command)) {
            Some(Ok(())) => None,
            Some(Err(TrySendError::Full(_))) => Some(Outage::Busy),
            Some(Err(TrySendError::Disconnected(_))) | None => Some(self.shared.outage()),
        };
        let shared = Arc::clone(&self.shared);
        Box::pin(async move {
            match refused {
                Some(outage) => Err(outage.into()),
                None => answer.await.unwrap_or_else(|_| Err(shared.outage().into())),
            }
        })
    }

    pub(crate) fn stats(&self) -> Stats {
        Stats {
            commands: self.shared.commands.load(Ordering::Relaxed),
            commits: self.shared.commits.load(Ordering::Relaxed),
            checkpoints: self.shared.checkpoints.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has said so already.
            drop(thread.join());
        }
    }
}

impl Shared {
    fn outage(&self) -> Outage {
        self.poison.get().map_or(Outage::Closed, |reason| Outage::Poisoned(reason.clone()))
    }
}

/// A verb on its way through the writer, whatever its type.
trait Command: Send {
    /// Runs it; the outcome waits inside.
    fn run(&mut self, connection: &Connection) -> Result<(), Failed>;

    /// Tells the caller: the outcome, or the outage that undid it.
    fn answer(self: Box<Self>, outage: Option<&Outage>);
}

/// How badly a command failed.
enum Failed {
    /// Its own changes must be undone.
    Itself,
    /// The disk is not to be trusted.
    Disk(String),
}

struct Pending<T, F> {
    verb: Option<F>,
    outcome: Option<Result<T, VerbError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Command for Pending<T, F>
where
    T: Send,
    F: FnOnce(&Connection) -> Result<T, VerbError> + Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), Failed> {
        let Some(verb) = self.verb.take() else { return Ok(()) };
        let outcome = verb(connection);
        let end = match &outcome {
            Ok(_) => Ok(()),
            Err(error) if error.is_disk_failure() => Err(Failed::Disk(format!("{error:?}"))),
            Err(_) => Err(Failed::Itself),
        };
        self.outcome = Some(outcome);
        end
    }

    fn answer(self: Box<Self>, outage: Option<&Outage>) {
        let answer = match (outage, self.outcome) {
            // A verb that failed by itself says why, whatever became of its group.
            (_, Some(Err(error))) => Err(error.into()),
            (None, Some(Ok(value))) => Ok(value),
            (Some(outage), _) => Err(outage.clone().into()),
            (None, None) => Err(Outage::Closed.into()),
        };
        // A caller that gave up does not undo the verb.
        drop(self.reply.send(answer));
    }
}

struct WriterState {
    connection: Connection,
    commands: Receiver<Box<dyn Command>>,
    shared: Arc<Shared>,
    /// The size of the log at which the next checkpoint between groups is worth trying.
    checkpoint_at: i32,
}

impl WriterState {
    fn serve(mut self) {
        let mut group = Vec::with_capacity(GROUP_MAX);
        loop {
            let served = match self.next() {
                Next::Command(first) => self.serve_group(first, &mut group),
                Next::Idle => self.checkpoint(CHECKPOINT),
                Next::End => break,
            };
            if let Err(reason) = served {
                tracing::error!(store.reason = %reason, "the store stopped: restart the hub to read back what is on disk");
                self.shared.poison.get_or_init(|| reason);
                return;
            }
        }
        // Both spare the next process some work; their absence hurts nobody.
        drop(self.connection.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)"));
    }

    fn next(&self) -> Next {
        if self.shared.log_pages.load(Ordering::Relaxed) < PAGES_IDLE {
            return self.commands.recv().map_or(Next::End, Next::Command);
        }
        match self.commands.recv_timeout(IDLE) {
            Ok(command) => Next::Command(command),
            Err(RecvTimeoutError::Timeout) => Next::Idle,
            Err(RecvTimeoutError::Disconnected) => Next::End,
        }
    }

    /// Commits one group; an error is the end of the writer.
    fn serve_group(
        &mut self,
        first: Box<dyn Command>,
        group: &mut Vec<Box<dyn Command>>,
    ) -> Result<(), String> {
        let end = self.run_group(first, group).map_err(|end| self.undo(end));
        if let Err(GroupEnd::Fatal(reason)) = &end {
            // Known before the answers are, so that whoever has one finds the store stopped.
            self.shared.poison.get_or_init(|| reason.clone());
        }
        let outage = match &end {
            Ok(()) => None,
            Err(GroupEnd::Undone(reason)) => Some(Outage::Undone(reason.clone())),
            Err(GroupEnd::Fatal(reason)) => Some(Outage::Poisoned(reason.clone())),
        };
        for command in group.drain(..) {
            command.answer(outage.as_ref());
        }
        match end {
            Err(GroupEnd::Fatal(reason)) => Err(reason),
            Ok(()) | Err(GroupEnd::Undone(_)) => self.checkpoint_if_long(),
        }
    }

    fn run_group(
        &mut self,
        first: Box<dyn Command>,
        group: &mut Vec<Box<dyn Command>>,
    ) -> Result<(), GroupEnd> {
        let mut next = Some(first);
        let begun = self.execute("BEGIN IMMEDIATE");
        while let Some(command) = next {
            group.push(command);
            if let (Ok(()), Some(command)) = (&begun, group.last_mut()) {
                self.run_command(command.as_mut())?;
            }
            next = if group.len() < GROUP_MAX { self.commands.try_recv().ok() } else { None };
        }
        begun.map_err(|error| GroupEnd::of(&error))?;
        self.execute("COMMIT").map_err(|error| GroupEnd::of_commit(&error))?;
        self.shared.commits.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn run_command(&self, command: &mut dyn Command) -> Result<(), GroupEnd> {
        self.shared.commands.fetch_add(1, Ordering::Relaxed);
        self.execute("SAVEPOINT command").map_err(|error| GroupEnd::of(&error))?;
        let ran = command.run(&self.connection);
        if self.connection.is_autocommit() {
            // SQLite gave the whole transaction up, as it does when the disk is full.
            return Err(match ran {
                Err(Failed::Disk(reason)) => GroupEnd::Fatal(reason),
                Ok(()) | Err(Failed::Itself) => GroupEnd::Undone("a command of the group failed".into()),
            });
        }
        let ended = match ran {
            Ok(()) => self.execute("RELEASE command"),
            Err(Failed::Itself) => {
                self.execute("ROLLBACK TO command").and_then(|()| self.execute("RELEASE command"))
            }
            Err(Failed::Disk(reason)) => return Err(GroupEnd::Fatal(reason)),
        };
        ended.map_err(|error| GroupEnd::of(&error))
    }

    /// Leaves no transaction open behind a group that failed.
    fn undo(&self, end: GroupEnd) -> GroupEnd {
        if self.connection.is_autocommit() {
            return end;
        }
        match (self.execute("ROLLBACK"), end) {
            (Err(error), GroupEnd::Undone(_)) => GroupEnd::Fatal(format!("a rollback failed: {error}")),
            (_, end) => end,
        }
    }

    fn execute(&self, sql: &'static str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.execute(()).map(drop)
    }

    fn checkpoint_if_long(&mut self) -> Result<(), String> {
        let pages = self.shared.log_pages.load(Ordering::Relaxed);
        if pages >= PAGES_MAX {
            self.checkpoint(CHECKPOINT_AND_RESTART)
        } else if pages >= self.checkpoint_at {
            self.checkpoint(CHECKPOINT)
        } else {
            Ok(())
        }
    }

    /// Moves the log's pages into the database. Only a broken disk is an error: what readers hold back is done later.
    fn checkpoint(&mut self, sql: &'static str) -> Result<(), String> {
        let checkpointed = self.connection.prepare_cached(sql).and_then(|mut statement| {
            statement.query_row((), |row| Ok((row.get::<_, i32>(1)?, row.get::<_, i32>(2)?)))
        });
        match checkpointed {
            Err(error) if is_disk_failure(&error) => return Err(format!("a checkpoint failed: {error}")),
            Ok((pages, moved)) if pages == moved => {
                self.shared.log_pages.store(0, Ordering::Relaxed);
                self.checkpoint_at = PAGES_BUSY;
            }
            Ok((pages, _)) => self.checkpoint_at = pages.saturating_add(PAGES_BUSY),
            Err(_) => self.checkpoint_at = self.checkpoint_at.saturating_add(PAGES_BUSY),
        }
        self.shared.checkpoints.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

enum Next {
    Command(Box<dyn Command>),
    Idle,
    End,
}

/// Why a group did not become durable.
enum GroupEnd {
    /// Nothing of it was kept, and the next group may fare better.
    Undone(String),
    /// The disk is in doubt.
    Fatal(String),
}

impl GroupEnd {
    fn of(error: &rusqlite::Error) -> Self {
        if is_disk_failure(error) { Self::Fatal(error.to_string()) } else { Self::Undone(error.to_string()) }
    }

    /// A commit that met a full disk is undone; any other failed one leaves the disk in doubt.
    fn of_commit(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Undone(error.to_string()),
            _ => Self::Fatal(format!("a commit failed: {error}")),
        }
    }
}
