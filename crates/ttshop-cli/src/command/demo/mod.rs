//! `ttshop demo`: the whole journey in one process.
//!
//! The cast: the *stage* starts emulator, hub and sink and connects the sellers the way a browser would; the *play* places
//! orders at a steady rate and counts what the sink receives; the *tally* knows what became of each order; at the end the
//! *mirror* is compared with the emulator's truth. Emulator and hub meet over HTTP only, like everything here.

mod browser;
mod control;
mod form;
mod mirror;
mod play;
mod sink;
mod stage;
mod table;
mod tally;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use ttshop_clock::SystemClock;

use crate::failure::Failure;
use crate::output::{Output, Tone};
use crate::shutdown;
use play::Play;
use stage::Stage;
use tally::Summary;

const EXAMPLES: &str = "\
Examples:
  ttshop demo
  ttshop demo --orders 20
  ttshop demo --orders 500 --rate 100 --json | tail -n 1
  ttshop demo --orders 50 --chaos --data-dir demo-data";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// End after this many orders; without it, at Ctrl-C.
    #[arg(long, value_name = "N")]
    orders: Option<u64>,
    /// Orders a second.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rate: u32,
    /// Where the hub listens; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Where the emulator listens.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    emulator_listen: SocketAddr,
    /// Folder that keeps the database; without it a temporary one is used.
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Same seed, same sellers and same orders.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Let the emulator lose 20 %, repeat 20 % and reorder the rest of its webhooks.
    #[arg(long)]
    chaos: bool,
}

pub(crate) async fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let ended = shutdown::signal()?;
    let clock = Arc::new(SystemClock::new());
    let progress = output.spinner("starting the emulator and the hub");
    let mut stage = Stage::build(&arguments, clock.clone(), &progress).await?;
    drop(progress);
    if !output.wants_json() {
        introduce(&stage, output)?;
    }
    let play = Play::new(&arguments, output, clock);
    let summary = play.run(&mut stage, ended).await;
    stage.close().await?;
    conclude(&summary?, output)
}

fn introduce(stage: &Stage, output: Output) -> Result<(), Failure> {
    let names: Vec<_> = stage.shops.iter().map(|shop| format!("{} ({})", shop.name, shop.region)).collect();
    output.line(format!(
        "emulator {}   hub {}   data {}",
        stage.emulator_url,
        stage.hub_url,
        stage.data_dir.display()
    ))?;
    output.line(format!("connected through consent: {}\n", names.join(", ")))
}

fn conclude(summary: &Summary, output: Output) -> Result<(), Failure> {
    if output.wants_json() {
        output.json(summary)?;
    } else {
        output.line(as_text(summary, output))?;
    }
    if summary.is_clean() {
        return Ok(());
    }
    Err(Failure::new("the demo lost, repeated or changed something")
        .remedy("run it again with `--log debug --data-dir DIR`, and report what you see"))
}

fn as_text(summary: &Summary, output: Output) -> String {
    let bad = |count: u64| output.paint(count, if count == 0 { Tone::Good } else { Tone::Bad });
    format!(
        "\nplaced {}   delivered {}   lost {}   duplicated {}   forged {}\n\
         time from placement to delivery: p50 {} ms, p99 {} ms, slowest {} ms\n\
         mirror: {} orders compared with the emulator's truth, {} differ",
        summary.placed,
        summary.delivered,
        bad(summary.lost),
        bad(summary.duplicated),
        bad(summary.forged),
        summary.p50_ms,
        summary.p99_ms,
        summary.max_ms,
        summary.mirror_compared,
        bad(summary.mirror_differences),
    )
}
