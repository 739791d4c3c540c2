//! `ttshop-fuzz run`: every target for a while, on the stable toolchain.

use std::fs;
use std::io::{Write as _, stdout};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Parser, Subcommand};
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_fuzz::{
    Orders, Report, TARGETS, Target, campaign, find, print_report, read_corpus, save_finding, supervise,
    try_input,
};

#[derive(Parser)]
#[command(about = "Tries what must hold for any bytes")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Try every target for its share of the time.
    Run(Run),
    /// Try one input.
    Replay {
        /// The target.
        target: String,
        /// The file that holds the input.
        input: PathBuf,
    },
    /// Try one target in this process.
    #[command(hide = true)]
    Worker(Worker),
}

#[derive(clap::Args)]
struct Run {
    /// How long, for all targets together.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// What the inputs are drawn from; the time if not given.
    #[arg(long)]
    seed: Option<u64>,
    /// Only this target.
    #[arg(long)]
    target: Option<String>,
    /// How many seconds a worker may stay silent after its time.
    #[arg(long, default_value_t = 20)]
    grace: u64,
    /// Where the kept inputs are.
    #[arg(long)]
    corpus: PathBuf,
    /// Where inputs that fail are saved.
    #[arg(long)]
    findings: PathBuf,
}

#[derive(clap::Args)]
struct Worker {
    target: String,
    #[arg(long)]
    seed: u64,
    #[arg(long)]
    milliseconds: u64,
    #[arg(long)]
    corpus: PathBuf,
    #[arg(long)]
    findings: PathBuf,
    /// Where every input is written before it is tried.
    #[arg(long)]
    journal: Option<PathBuf>,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Run(arguments) => run(arguments),
        Command::Replay { target, input } => replay(&target, &input),
        Command::Worker(arguments) => work(&arguments),
    }
}

fn run(arguments: Run) -> Result<()> {
    let targets: Vec<&Target> = match &arguments.target {
        Some(name) => vec![known(name)?],
        None => TARGETS.iter().collect(),
    };
    let orders = Orders {
        program: std::env::current_exe().context("this program has no path")?,
        each: Duration::from_secs(arguments.seconds.into()) / u32::try_from(targets.len())?,
        grace: Duration::from_secs(arguments.grace),
        seed: arguments.seed.unwrap_or_else(|| SystemClock::new().now().as_seconds().unsigned_abs()),
        corpus: arguments.corpus,
        findings: arguments.findings,
    };
    writeln!(stdout(), "seed {}, {} s a target", orders.seed, orders.each.as_secs())?;
    let mut failed = Vec::new();
    for target in targets {
        let ended = supervise(target, &orders)?;
        if !print_report(target, &ended, &orders)? {
            failed.push(target.name);
        }
    }
    ensure!(failed.is_empty(), "targets that failed: {}", failed.join(", "));
    Ok(())
}

fn replay(target: &str, input: &PathBuf) -> Result<()> {
    let bytes = fs::read(input).with_context(|| format!("failed to read `{}`", input.display()))?;
    match try_input(known(target)?, &bytes) {
        Ok(_) => Ok(writeln!(stdout(), "all holds")?),
        Err(message) => bail!("{message}"),
    }
}

fn work(arguments: &Worker) -> Result<()> {
    let target = known(&arguments.target)?;
    let mut corpus = read_corpus(&arguments.corpus.join(target.name))?;
    corpus.extend((target.seeds)());
    let clock = SystemClock::new();
    let end = clock.monotonic() + Duration::from_millis(arguments.milliseconds);
    let mut journal = |input: &[u8]| {
        if let Some(path) = &arguments.journal {
            fs::write(path, input).unwrap_or_else(|error| panic!("cannot write the journal: {error}"));
        }
    };
    let begun = clock.monotonic();
    let tally = campaign(target, &corpus, arguments.seed, &mut || clock.monotonic() >= end, &mut journal);
    let milliseconds = u64::try_from((clock.monotonic() - begun).as_millis())?;
    let save = |finding: ttshop_fuzz::Finding| save_finding(&arguments.findings, target.name, &finding.input);
    let report = Report {
        iterations: tally.iterations,
        shapes: tally.shapes,
        milliseconds,
        finding: tally.finding.map(save).transpose()?,
    };
    Ok(writeln!(stdout(), "{}", serde_json::to_string(&report)?)?)
}

fn known(name: &str) -> Result<&'static Target> {
    find(name).with_context(|| format!("there is no target `{name}`"))
}
