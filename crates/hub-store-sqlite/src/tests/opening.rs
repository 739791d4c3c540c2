//! What is opened, and what is refused politely.

use std::time::Duration;

use hub_core::job::ATTEMPTS_MAX;
use hub_core::{Accepted, Changes, Resource};
use hub_store::conformance::sample::{
    at, claim_at, cursor, done, event, failed, grant, hint, intent, order, report, shop, shop_id, sink,
};
use hub_store::{OrderQuery, Store};
use rusqlite::Connection;

use super::{database, open};
use crate::migrate::{MIGRATIONS, Migration, migrate};
use crate::{OpenError, SqliteStore};

/// Everything that can be read without changing anything.
async fn contents(store: &dyn Store) -> String {
    let orders = store.orders(OrderQuery { limit: 10, ..OrderQuery::default() }).await.unwrap();
    let figures = (store.backlog(at(50)).await.unwrap(), store.next_due().await.unwrap());
    let rows = (store.inbox_row(1).await.unwrap(), store.inbox_row(2).await.unwrap());
    let grants = (store.authorizations().await.unwrap(), store.shops().await.unwrap());
    let jobs = store.parked_jobs(10).await.unwrap();
    let cursor = store.cursor(shop_id(), Resource::Order).await.unwrap();
    let reports = store.sweep_reports(10).await.unwrap();
    format!("{orders:?} {figures:?} {rows:?} {grants:?} {jobs:?} {cursor:?} {reports:?}")
}

async fn lease(holder: &str, store: &SqliteStore) -> Option<i64> {
    store.lease("sweep".into(), holder.into(), at(0), Duration::from_secs(60)).await.unwrap()
}

#[tokio::test]
async fn everything_is_there_after_reopening() {
    let (directory, store) = open();
    store.declare_sinks(vec![sink("erp")]).await.unwrap();
    store.accept_all(vec![hint("1", "a"), hint("2", "b")]).await.unwrap();
    let jobs = store.claim_jobs(claim_at(0)).await.unwrap();
    let news = Changes {
        mirror: vec![order("a", "PAID", at(1), at(2))],
        events: vec![event("e1", "a", at(3))],
        cursors: vec![cursor(at(9))],
        reports: vec![report(3)],
        ..failed(&jobs[0], None)
    };
    store.commit(news).await.unwrap();
    store.commit(failed(&jobs[1], Some(at(20)))).await.unwrap();
    store.save_authorization(grant(0), vec![shop("1", "One")]).await.unwrap();
    store.begin_connect(intent(1, at(600)), at(0)).await.unwrap();
    let before = contents(&store).await;
    drop(store);

    let store = SqliteStore::open(directory.path()).unwrap();
    assert_eq!(contents(&store).await, before);
    let taken = store.take_connect(intent(1, at(600)).state_hash, at(1)).await.unwrap();
    assert_eq!(taken, Some(intent(1, at(600))));
    let next = store.claim_jobs(claim_at(100)).await.unwrap().remove(0);
    assert!(next.fence > jobs[1].fence, "fences go on where they were");
}

#[tokio::test]
async fn what_a_dead_process_held_is_due_at_once() {
    let (directory, store) = open();
    store.declare_sinks(vec![sink("erp")]).await.unwrap();
    store.accept(hint("1", "a")).await.unwrap();
    let job = store.claim_jobs(claim_at(0)).await.unwrap().remove(0);
    store.commit(Changes { events: vec![event("e1", "a", at(3))], ..Changes::default() }).await.unwrap();
    let delivery = store.claim_deliveries(claim_at(5)).await.unwrap().remove(0);
    let fence = lease("a", &store).await;
    assert_eq!(lease("b", &store).await, None);
    drop(store);

    let store = SqliteStore::open(directory.path()).unwrap();
    let again = store.claim_jobs(claim_at(5)).await.unwrap().remove(0);
    assert!(again.fence > job.fence && again.attempts == job.attempts + 1, "{again:?}");
    let posted_again = store.claim_deliveries(claim_at(5)).await.unwrap().remove(0);
    assert_eq!((&posted_again.event_id, posted_again.attempts), (&delivery.event_id, delivery.attempts + 1));
    assert!(lease("b", &store).await > fence);
}

#[tokio::test]
async fn work_that_kills_its_process_is_parked() {
    let (directory, store) = open();
    store.accept_all(vec![hint("1", "poison"), hint("2", "innocent")]).await.unwrap();
    drop(store);
    for _ in 0..ATTEMPTS_MAX {
        let store = SqliteStore::open(directory.path()).unwrap();
        for job in store.claim_jobs(claim_at(100)).await.unwrap() {
            if !job.lane.as_str().ends_with("poison") {
                store.commit(done(&job)).await.unwrap();
            }
        }
    }
    let store = SqliteStore::open(directory.path()).unwrap();
    assert!(store.claim_jobs(claim_at(100)).await.unwrap().is_empty());
    let parked = store.parked_jobs(10).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert!(
        parked[0].lane.as_str().ends_with("poison") && parked[0].reason.contains("too many times"),
        "{parked:?}"
    );
    assert_eq!(
        store.accept(hint("3", "poison")).await.unwrap(),
        Accepted::New(3),
        "a person or a hint may wake it"
    );
}

#[test]
fn a_directory_has_one_owner() {
    let (directory, store) = open();
    let refused = SqliteStore::open(directory.path()).unwrap_err();
    assert!(matches!(refused, OpenError::InUse { .. }), "{refused}");
    drop(store);
    SqliteStore::open(directory.path()).unwrap();
}

#[tokio::test]
async fn every_commit_is_synced_and_readers_cannot_write() {
    let (_directory, store) = open();
    // Killing a process does not show a missing sync, only a power cut does; so the setting itself is looked at.
    let synchronous = store.writer.write(|connection| {
        Ok(connection.pragma_query_value(None, "synchronous", |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(synchronous.await.unwrap(), 2);
    let written = store.readers.read(|connection| Ok(connection.execute("DELETE FROM tally", ())?));
    assert!(written.await.is_err());
}

#[test]
fn a_missing_directory_is_made_for_us_alone() {
    let parent = tempfile::tempdir().unwrap();
    let directory = parent.path().join("data/hub");
    SqliteStore::open(&directory).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&directory).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[test]
fn a_file_in_the_way_is_named() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("file");
    std::fs::write(&path, b"").unwrap();
    let refused = SqliteStore::open(&path).unwrap_err();
    assert!(refused.to_string().contains(&path.display().to_string()), "{refused}");
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let (directory, store) = open();
    drop(store);
    let insert = "INSERT INTO migration VALUES (99, 'future', 'f00', 'tomorrow')";
    database(&directory).execute(insert, ()).unwrap();
    let refused = SqliteStore::open(directory.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Newer { found: 99, known: 1 }), "{refused}");
    database(&directory).execute("DELETE FROM migration WHERE version = 99", ()).unwrap();
    SqliteStore::open(directory.path()).unwrap();
}

#[test]
fn an_edited_migration_is_refused() {
    let (directory, store) = open();
    drop(store);
    database(&directory).execute("UPDATE migration SET sha256 = 'other'", ()).unwrap();
    let refused = SqliteStore::open(directory.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Changed { version: 1 }), "{refused}");
}

#[test]
fn another_programs_database_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hub.sqlite3");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    let before = std::fs::read(&path).unwrap();
    let refused = SqliteStore::open(directory.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Foreign { .. }), "{refused}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_damaged_file_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hub.sqlite3");
    std::fs::write(&path, [7; 8192]).unwrap();
    let refused = SqliteStore::open(directory.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Sqlite { .. }), "{refused}");
    assert_eq!(std::fs::read(&path).unwrap(), [7; 8192]);
}

#[test]
fn a_migration_is_applied_once_and_whole() {
    let mut connection = Connection::open_in_memory().unwrap();
    let second = Migration { version: 2, name: "more", sql: "CREATE TABLE more (x)" };
    let broken = Migration { version: 3, name: "broken", sql: "CREATE TABLE half (x); CREATE NONSENSE" };
    let first = &MIGRATIONS[0];
    let first = || Migration { version: first.version, name: first.name, sql: first.sql };
    let again = |migration: &Migration| Migration { ..*migration };
    migrate(&mut connection, &[first()]).unwrap();
    migrate(&mut connection, &[first(), again(&second)]).unwrap();
    migrate(&mut connection, &[first(), again(&second)]).unwrap();
    let refused = migrate(&mut connection, &[first(), second, broken]).unwrap_err();
    assert!(matches!(refused, OpenError::Sqlite { .. }), "{refused}");
    let tables: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('more', 'half')", (), |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1);
    let versions: i64 = connection.query_row("SELECT count(*) FROM migration", (), |row| row.get(0)).unwrap();
    assert_eq!(versions, 2);
}
