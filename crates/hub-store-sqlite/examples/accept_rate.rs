//! How fast hints become durable, and what that costs beside bare SQLite.
//!
//! `cargo run --release -p hub-store-sqlite --example accept_rate -- [HINTS] [CALLERS]` accepts HINTS hints (20,000) from
//! CALLERS at once (256), five times in turn with its baselines, and prints a line each:
//!
//! - `bare`: the same bytes into a table without any index, by one thread, in commits as large as a group; no job, no
//!   dedupe, no queue. Nothing that keeps the bytes with SQLite costs less;
//! - `accept`: the store, with notification ids that grow as the platform's do;
//! - `accept (random keys)`: the store with ids that do not;
//! - `copies`: hints that were accepted before.
//!
//! CPU time is the whole process's, callers and answers included. It is read from `/proc`, so this runs on Linux only.

#![expect(clippy::print_stdout, reason = "a measuring program prints its figures")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hub_core::{DedupeKey, Incoming};
use hub_store::Store as _;
use hub_store::conformance::sample::hint;
use hub_store_sqlite::SqliteStore;
use rusqlite::Connection;
use tokio::task::JoinSet;
use tokio::time::Instant;
use ttshop_types::{AppKey, NotificationId};

const ROUNDS: usize = 5;
const GROUP: usize = 256;

/// Bytes of a body: a webhook with its headers.
const BODY: usize = 512;

/// The platform's ids of the day this was written.
const FIRST_ID: u64 = 7_576_112_393_057_371_910;

/// Ticks of the kernel's process times; fixed at 100 a second for programs on Linux.
const TICK: Duration = Duration::from_millis(10);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let hints: usize = arguments.next().map_or(Ok(20_000), |text| text.parse())?;
    let callers: usize = arguments.next().map_or(Ok(256), |text| text.parse())?;
    println!("{hints} hints of {BODY} bytes, {callers} callers, SQLite {}", rusqlite::version());
    for round in 1..=ROUNDS {
        println!("round {round}");
        bare(tempfile::tempdir()?.path(), hints)?;
        let directory = tempfile::tempdir()?;
        let store = Arc::new(SqliteStore::open(directory.path())?);
        let growing = |number: u64| (FIRST_ID + number * 4096).to_string();
        accept("accept", &store, numbered(hints, growing), callers).await?;
        accept("copies", &store, numbered(hints, growing), callers).await?;
        drop(store);
        let directory = tempfile::tempdir()?;
        let store = Arc::new(SqliteStore::open(directory.path())?);
        let random = |number: u64| format!("id {number}");
        accept("accept (random keys)", &store, numbered(hints, random), callers).await?;
    }
    Ok(())
}

/// One hint a number, each for an order of its own.
fn numbered(hints: usize, id: impl Fn(u64) -> String) -> Vec<Incoming> {
    let hint = |number| {
        let key = DedupeKey::of_notification(&AppKey::from("key"), &NotificationId::from(id(number)));
        Incoming { key, body: vec![b'x'; BODY], ..hint("", &(FIRST_ID + number).to_string()) }
    };
    (0..).take(hints).map(hint).collect()
}

async fn accept(
    name: &str,
    store: &Arc<SqliteStore>,
    hints: Vec<Incoming>,
    callers: usize,
) -> Result<(), Box<dyn Error>> {
    let count = hints.len();
    let mut shares: Vec<Vec<Incoming>> = vec![Vec::new(); callers];
    for (position, hint) in hints.into_iter().enumerate() {
        shares[position % callers].push(hint);
    }
    let before = store.stats().commits;
    let measure = Measure::start()?;
    let mut tasks = JoinSet::new();
    for share in shares {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            for hint in share {
                store.accept(hint).await?;
            }
            Ok::<(), hub_store::StoreError>(())
        });
    }
    while let Some(end) = tasks.join_next().await {
        end??;
    }
    measure.print(name, count, store.stats().commits - before)
}

fn bare(directory: &Path, rows: usize) -> Result<(), Box<dyn Error>> {
    let connection = Connection::open(directory.join("bare.sqlite3"))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE bare (number INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
    )?;
    let body = vec![b'x'; BODY];
    let measure = Measure::start()?;
    let mut insert = connection.prepare("INSERT INTO bare (body) VALUES (?1)")?;
    let mut commits = 0;
    for first in (0..rows).step_by(GROUP) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for _ in first..rows.min(first + GROUP) {
            insert.execute([&body])?;
        }
        connection.execute_batch("COMMIT")?;
        commits += 1;
    }
    measure.print("bare", rows, commits)
}

struct Measure {
    started: Instant,
    cpu: Duration,
}

impl Measure {
    fn start() -> Result<Self, Box<dyn Error>> {
        Ok(Self { started: Instant::now(), cpu: cpu()? })
    }

    fn print(&self, name: &str, count: usize, commits: u64) -> Result<(), Box<dyn Error>> {
        let wall = self.started.elapsed().as_micros().max(1);
        let cpu = (cpu()? - self.cpu).as_nanos();
        let count = u128::try_from(count)?;
        let (rate, each) = (count * 1_000_000 / wall, cpu / count);
        println!(
            "  {name:<22} {rate:>8}/s  {:>4}.{} CPU-us each  {commits:>6} commits",
            each / 1000,
            each % 1000 / 100
        );
        Ok(())
    }
}

/// CPU time of this process so far.
fn cpu() -> Result<Duration, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The second field is the program's name in parentheses, which may hold anything.
    let (_, fields) = stat.rsplit_once(')').ok_or("the process has no status")?;
    let times = fields.split_ascii_whitespace().skip(11).take(2).map(str::parse::<u32>);
    Ok(TICK * times.sum::<Result<u32, _>>()?)
}
