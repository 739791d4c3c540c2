//! What the emulator costs: `cargo xtask bench emulator`, or this example by itself.
//!
//! Every server runs in a process of its own; its CPU time is read from the kernel before and after, so that the client's work
//! does not count. The contenders of a job take turns, and the ratio is that of one round.

#![expect(clippy::print_stdout, reason = "the figures are what this program is for")]
#![expect(clippy::unwrap_used, reason = "a measurement ends at the first surprise")]
#![expect(clippy::float_arithmetic, reason = "figures for people")]

mod client;
mod deliveries;
mod jobs;
mod mock;
mod process;
mod report;
mod serve;

use std::path::PathBuf;

use jobs::{Contender, Job};
use report::Row;

/// Turns of every contender.
const ROUNDS: usize = 5;

struct Options {
    /// An OpenAPI document to mock from.
    document: Option<PathBuf>,
    /// The command that mocks it, without its arguments.
    prism: Option<PathBuf>,
    json: bool,
}

fn main() {
    let mut words = std::env::args().skip(1);
    let first = words.next();
    match first.as_deref() {
        Some("serve") => serve::emulator(&words.next().unwrap()),
        Some("serve-bytes") => serve::bytes(&words.next().unwrap()),
        _ => measure(&options(first.into_iter().chain(words))),
    }
}

fn options(mut words: impl Iterator<Item = String>) -> Options {
    let mut options = Options { document: None, prism: None, json: false };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--document" => options.document = words.next().map(PathBuf::from),
            "--prism" => options.prism = words.next().map(PathBuf::from),
            "--json" => options.json = true,
            other => panic!("unknown option `{other}`: --document FILE, --prism FILE, --json"),
        }
    }
    options
}

fn measure(options: &Options) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut rows = Vec::new();
    runtime.block_on(async {
        let platform = process::Server::emulator("orders=2000");
        for job in jobs::all(&platform).await {
            let contenders = contenders(&job, &platform, options).await;
            rows.extend(contest(&job, contenders).await);
        }
        drop(platform);
        report::requests(&rows, options.json);
        if options.prism.is_none() && !options.json {
            println!("Prism is not compared: npm is not installed");
        }
        report::sizes(options.json);
        deliveries::measure(20_000, options.json).await;
    });
}

/// The emulator; the same bytes from a bare server; the same reply from a public mock, if there is one.
async fn contenders(job: &Job, platform: &process::Server, options: &Options) -> Vec<Contender> {
    let mut all = vec![Contender::new("ttshop emulate", platform.share(), job.requests.clone())];
    let bare = process::Server::bytes(&job.reply);
    all.push(Contender::new("bare hyper, fixed bytes", bare, job.requests.clone()));
    if let (Some(document), Some(prism)) = (&options.document, &options.prism) {
        let mocked = mock::document(document, job);
        let server = process::Server::prism(prism, &mocked).await;
        all.push(Contender::new("Prism, the same reply", server, job.requests.clone()));
    }
    all
}

async fn contest(job: &Job, mut contenders: Vec<Contender>) -> Vec<Row> {
    let mut rows: Vec<Row> = contenders.iter().map(|contender| Row::new(job.name, contender.name)).collect();
    for _ in 0..ROUNDS {
        for (contender, row) in contenders.iter_mut().zip(&mut rows) {
            row.turns.push(contender.turn().await);
        }
    }
    rows
}
