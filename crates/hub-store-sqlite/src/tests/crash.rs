//! kill -9, again and again: what was acknowledged is there, and nothing is there by half.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use hub_core::{Accepted, Changes};
use hub_store::conformance::sample::{at, claim_at, done, event, hint, order, sink};
use hub_store::{JobClaim, Store as _};
use rusqlite::Connection;
use tempfile::TempDir;

use super::database;
use crate::SqliteStore;

const KILLS: usize = 60;

/// Hints that the worker has under way at once.
const AT_ONCE: usize = 16;

/// Lanes that the hints go to.
const LANES: usize = 7;

/// Tells the worker where to work, and from which number on. Without it the test is the one that kills.
const DIRECTORY: &str = "HUB_STORE_CRASH_DIRECTORY";
const FIRST: &str = "HUB_STORE_CRASH_FIRST";

/// Numbers of one worker at most.
const SHARE: usize = 1_000_000;

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test that starts itself tells itself so through the environment"
)]
async fn what_was_acknowledged_survives_kill_9() {
    if let (Ok(directory), Ok(first)) = (std::env::var(DIRECTORY), std::env::var(FIRST)) {
        return work(Path::new(&directory), first.parse().unwrap()).await;
    }
    let directory = tempfile::tempdir().unwrap();
    let mut acknowledged = Acknowledged::default();
    for round in 0..KILLS {
        let (mut worker, output) = start(&directory, round * SHARE);
        // The worker goes on while its lines are read, so each round ends somewhere else.
        let lines = BufReader::new(output).lines().map_while(Result::ok);
        let mut seen = 0;
        let mut killed_after = round * 29 % 83;
        for line in lines {
            seen += usize::from(acknowledged.note(&line));
            if seen >= killed_after {
                worker.kill().unwrap();
                // What was printed before the kill counts too.
                killed_after = usize::MAX;
            }
        }
        worker.wait().unwrap();
        check(&directory, &acknowledged).await;
    }
    assert!(acknowledged.accepted.len() > KILLS, "{} hints in all", acknowledged.accepted.len());
    assert!(!acknowledged.done.is_empty(), "no job was ever done");
}

fn start(directory: &TempDir, first: usize) -> (Child, ChildStdout) {
    let mut worker = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::crash::what_was_acknowledged_survives_kill_9", "--nocapture"])
        .env(DIRECTORY, directory.path())
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = worker.stdout.take().unwrap();
    (worker, output)
}

/// What the workers said they had been promised.
#[derive(Default)]
struct Acknowledged {
    /// Hints, and their numbers in the inbox.
    accepted: BTreeMap<usize, i64>,
    /// Lanes whose hints up to a number were handled.
    done: BTreeMap<String, i64>,
}

impl Acknowledged {
    fn note(&mut self, line: &str) -> bool {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["accepted", hint, number] => {
                self.accepted.insert(hint.parse().unwrap(), number.parse().unwrap());
                true
            }
            ["done", lane, wanted] => {
                self.done.insert(lane.into(), wanted.parse().unwrap());
                true
            }
            _ => false,
        }
    }
}

fn numbered(number: usize) -> hub_core::Incoming {
    hint(&number.to_string(), &(number % LANES).to_string())
}

/// Accepts hints and handles them until it is killed.
async fn work(directory: &Path, first: usize) {
    let store = SqliteStore::open(directory).unwrap();
    store.declare_sinks(vec![sink("erp")]).await.unwrap();
    for first in (first..first + SHARE).step_by(AT_ONCE) {
        let accepts: Vec<_> = (first..first + AT_ONCE).map(|number| store.accept(numbered(number))).collect();
        for (number, accept) in (first..).zip(accepts) {
            if let Accepted::New(in_inbox) = accept.await.unwrap() {
                println!("accepted {number} {in_inbox}");
            }
        }
        // Far enough ahead that a dead worker's claims have lapsed.
        let seconds = i64::try_from(first).unwrap();
        let claim = JobClaim { limit: 3, ..claim_at(seconds) };
        for job in store.claim_jobs(claim).await.unwrap() {
            let (_, _, id) = job.lane.entity().unwrap();
            let news = Changes {
                mirror: vec![order(id, &job.wanted.to_string(), at(job.wanted), at(job.wanted))],
                events: vec![event(&format!("{id}-{}", job.wanted), id, at(0))],
                ..done(&job)
            };
            store.commit(news).await.unwrap();
            println!("done {id} {}", job.wanted);
        }
    }
}

async fn check(directory: &TempDir, acknowledged: &Acknowledged) {
    let store = SqliteStore::open(directory.path()).unwrap();
    for (hint, number) in &acknowledged.accepted {
        let row = store.inbox_row(*number).await.unwrap().unwrap_or_else(|| panic!("hint {hint} is lost"));
        assert_eq!(row.body, numbered(*hint).body);
    }
    drop(store);
    let database = database(directory);
    let done = |lane: &str| -> i64 {
        let done = "SELECT coalesce(max(updated_at), 0) FROM mirror WHERE id = ?1";
        let updated_at: i64 = database.query_row(done, [lane], |row| row.get(0)).unwrap();
        if updated_at == 0 { 0 } else { (updated_at - at(0).as_millis()) / 1000 }
    };
    for (lane, wanted) in &acknowledged.done {
        assert!(done(lane) >= *wanted, "the work of lane {lane} up to {wanted} is lost");
    }
    for lane in (0..LANES).map(|lane| lane.to_string()) {
        check_lane(&database, &lane, done(&lane));
    }
    let ok: String = database.query_row("PRAGMA integrity_check", (), |row| row.get(0)).unwrap();
    assert_eq!(ok, "ok");
}

/// Hint, work, mirror, event and delivery of one lane agree.
fn check_lane(database: &Connection, lane: &str, done: i64) {
    let count = |sql: &str| -> i64 {
        database
            .query_row(sql, (hub_store::conformance::sample::lane(lane).as_str(), done), |row| row.get(0))
            .unwrap()
    };
    let unhandled = count("SELECT count(*) FROM inbox WHERE lane = ?1 AND number > ?2");
    let jobs = count("SELECT count(*) FROM job WHERE lane = ?1 AND ?2 IS NOT NULL");
    assert_eq!(jobs, i64::from(unhandled > 0), "lane {lane} has {unhandled} unhandled hints");
    let events = count("SELECT count(*) FROM outbox WHERE lane = ?1 AND ?2 IS NOT NULL");
    let deliveries = count("SELECT count(*) FROM delivery WHERE lane = ?1 AND ?2 IS NOT NULL");
    let versions = count(
        "SELECT count(*) FROM order_versions_v1 WHERE ?1 = '7494/order/' || order_id AND ?2 IS NOT NULL",
    );
    assert_eq!((events, deliveries), (versions, versions), "lane {lane} is there by half");
}
