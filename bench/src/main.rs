//! `ttshop-bench sdk`: what the SDK costs, in CPU time.

use std::time::Duration;

use clap::{Parser, Subcommand};
use ttshop_bench::{Peer, count, measure, print_json, print_table, sdk, serve};

#[derive(Parser)]
#[command(about = "What the SDK costs, in CPU time")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Signing, decoding and calls, beside bare primitives and the published crate.
    Sdk(Sdk),
    /// Be the emulator of the benchmark.
    #[command(hide = true)]
    Platform,
}

#[derive(clap::Args)]
struct Sdk {
    /// How often every contender gets its turn.
    #[arg(long, default_value_t = 9)]
    rounds: usize,
    /// CPU time of one turn in milliseconds.
    #[arg(long, default_value_t = 150)]
    slice_ms: u64,
    /// Only jobs whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Only this contender: for a profiler.
    #[arg(long)]
    who: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Sdk(arguments) => run(&arguments),
        Command::Platform => serve(),
    }
}

fn run(arguments: &Sdk) -> anyhow::Result<()> {
    anyhow::ensure!(arguments.rounds > 0, "no rounds, no result");
    let (peer, mut platform) = Peer::start()?;
    let mut results = Vec::new();
    for mut contest in sdk(&peer)? {
        let chosen = |name: &str| arguments.who.as_deref().is_none_or(|who| who == name);
        contest.contenders.retain(|contender| chosen(contender.name));
        if contest.name.contains(&arguments.only) && !contest.contenders.is_empty() {
            results.extend(measure(
                &mut contest,
                arguments.rounds,
                Duration::from_millis(arguments.slice_ms),
            ));
        }
    }
    let allocations = if arguments.who.is_none() { count(&peer)? } else { Vec::new() };
    drop(platform.stdin.take());
    platform.wait()?;
    if arguments.json { print_json(&results, &allocations) } else { print_table(&results, &allocations) }
}
