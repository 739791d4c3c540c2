//! The writer: groups, bounds, and what a failure takes with it.

use std::error::Error as _;
use std::sync::mpsc::{SyncSender, sync_channel};

use hub_core::{Accepted, Incoming};
use hub_store::conformance::sample::{at, claim_at, done, hint};
use hub_store::{Store as _, StoreError, StoreFuture};
use rusqlite::Connection;

use super::open;
use crate::error::VerbError;
use crate::writer::{GROUP_MAX, QUEUE_MAX};
use crate::{SqliteStore, Stats};

/// Holds the writer inside a group until the returned sender is dropped.
fn hold(store: &SqliteStore) -> (SyncSender<()>, StoreFuture<'static, ()>) {
    let (started, has_started) = sync_channel(0);
    let (release, released) = sync_channel::<()>(0);
    let held = store.writer.write(move |_| {
        started.send(()).unwrap();
        released.recv().unwrap_or_default();
        Ok(())
    });
    has_started.recv().unwrap();
    (release, held)
}

fn numbered(number: usize) -> Incoming {
    hint(&number.to_string(), &number.to_string())
}

fn reason(error: &StoreError) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

#[tokio::test]
async fn what_waits_shares_one_commit() {
    let (_directory, store) = open();
    let before = store.stats();
    let (release, held) = hold(&store);
    let accepts: Vec<_> = (0..256).map(|number| store.accept(numbered(number))).collect();
    drop(release);
    for accept in accepts {
        assert!(matches!(accept.await.unwrap(), Accepted::New(_)));
    }
    held.await.unwrap();
    let Stats { commands, commits, .. } = store.stats();
    assert_eq!(commands - before.commands, 257);
    let groups = u64::try_from(257_usize.div_ceil(GROUP_MAX)).unwrap();
    assert_eq!(commits - before.commits, groups);
}

#[tokio::test]
async fn a_full_queue_refuses_at_once_and_loses_nothing() {
    let (_directory, store) = open();
    let (release, held) = hold(&store);
    let queued: Vec<_> = (0..QUEUE_MAX).map(|number| store.accept(numbered(number))).collect();
    let refused = store.accept(numbered(QUEUE_MAX)).await.unwrap_err();
    assert!(refused.is_transient());
    assert_eq!(reason(&refused), "the queue of the writer is full");
    drop(release);
    held.await.unwrap();
    for accept in queued {
        assert!(matches!(accept.await.unwrap(), Accepted::New(_)));
    }
    assert!(matches!(store.accept(numbered(QUEUE_MAX)).await.unwrap(), Accepted::New(_)));
}

#[tokio::test]
async fn one_that_fails_leaves_its_group_alone() {
    let (_directory, store) = open();
    store.accept(numbered(1)).await.unwrap();
    let job = store.claim_jobs(claim_at(0)).await.unwrap().remove(0);
    store.commit(done(&job)).await.unwrap();
    let (release, held) = hold(&store);
    let before = store.accept(numbered(2));
    let stale = store.commit(done(&job));
    let after = store.accept(numbered(3));
    drop(release);
    held.await.unwrap();
    assert_eq!(before.await.unwrap(), Accepted::New(2));
    assert!(matches!(stale.await, Err(StoreError::FenceLost { .. })));
    assert_eq!(after.await.unwrap(), Accepted::New(3));
}

/// Leaves the transaction in a state that no commit accepts.
fn break_commit(connection: &Connection) -> Result<(), VerbError> {
    connection.execute_batch(
        "CREATE TEMP TABLE parent (id INTEGER PRIMARY KEY);
         CREATE TEMP TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
         INSERT INTO child VALUES (1)",
    )?;
    Ok(())
}

#[tokio::test]
async fn a_failed_commit_stops_the_store() {
    let (directory, store) = open();
    store.accept(numbered(1)).await.unwrap();
    let (release, held) = hold(&store);
    let accepted = store.accept(numbered(2));
    let broken = store.writer.write(break_commit);
    drop(release);
    for error in [held.await.unwrap_err(), accepted.await.unwrap_err(), broken.await.unwrap_err()] {
        assert!(reason(&error).starts_with("the store stopped: a commit failed"), "{}", reason(&error));
    }
    let error = store.accept(numbered(3)).await.unwrap_err();
    assert!(reason(&error).starts_with("the store stopped: a commit failed"), "{}", reason(&error));
    assert!(store.inbox_row(1).await.unwrap().is_some(), "reads go on");
    drop(store);
    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(store.backlog(at(0)).await.unwrap().accepted, 1);
    assert_eq!(store.accept(numbered(2)).await.unwrap(), Accepted::New(2));
}

#[tokio::test]
async fn a_full_disk_refuses_until_there_is_room() {
    let (_directory, store) = open();
    let limit = |pages: i64| {
        store.writer.write(move |connection| {
            connection
                .query_row(&format!("PRAGMA max_page_count = {pages}"), (), |row| row.get::<_, i64>(0))?;
            Ok(())
        })
    };
    // A limit below the present size means the present size.
    limit(1).await.unwrap();
    let big = Incoming { body: vec![7; 100_000], ..numbered(1) };
    let refused = store.accept(big.clone()).await.unwrap_err();
    assert!(refused.is_transient());
    assert!(reason(&refused).contains("full"), "{}", reason(&refused));
    assert_eq!(store.backlog(at(0)).await.unwrap(), hub_store::Backlog::default());
    limit(1_000_000).await.unwrap();
    assert_eq!(store.accept(big).await.unwrap(), Accepted::New(1));
}

#[tokio::test]
async fn the_log_is_moved_into_the_database_when_idle() {
    let (directory, store) = open();
    for number in 0..4 {
        let body = vec![7; 400_000];
        store.accept(Incoming { body, ..numbered(number) }).await.unwrap();
    }
    while store.stats().checkpoints == 0 {
        tokio::task::yield_now().await;
    }
    let size = std::fs::metadata(directory.path().join("hub.sqlite3")).unwrap().len();
    assert!(size > 1_000_000, "the database holds {size} bytes");
}

#[tokio::test]
async fn closing_finishes_what_is_queued() {
    let (directory, store) = open();
    for number in 0..500 {
        drop(store.accept(numbered(number)));
    }
    drop(store);
    assert!(!directory.path().join("hub.sqlite3-wal").metadata().is_ok_and(|log| log.len() > 0));
    let store = SqliteStore::open(directory.path()).unwrap();
    let backlog = store.backlog(at(0)).await.unwrap();
    assert_eq!((backlog.accepted, backlog.jobs), (500, 500));
}
