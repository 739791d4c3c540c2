//! A process for every target, so that nothing an input does stays unnoticed.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::corpus::save_finding;
use crate::target::Target;

/// What the runner is to do.
#[derive(Clone, Debug)]
pub struct Orders {
    /// The program that has the command `worker`.
    pub program: PathBuf,
    /// For how long each target is tried.
    pub each: Duration,
    /// How much longer a worker may take before it counts as hanging.
    pub grace: Duration,
    /// What the inputs are drawn from.
    pub seed: u64,
    /// Where the kept inputs are, one directory a target.
    pub corpus: PathBuf,
    /// Where inputs that fail are saved.
    pub findings: PathBuf,
}

/// What a worker reports, as JSON on its output.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// How many inputs were tried.
    pub iterations: u64,
    /// How many different things they came to.
    pub shapes: usize,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// The input that failed.
    pub finding: Option<PathBuf>,
}

/// How a target's worker ended.
#[derive(Debug)]
pub enum Ended {
    /// It reported; perhaps a finding.
    Reported(Report),
    /// It died or hung on the input that was saved here.
    Lost(PathBuf),
    /// It died or hung, and did not when it was repeated with the same seed.
    LostOnce,
}

/// Runs one target in a worker. One that dies or hangs is run again, this time writing every input down first.
///
/// # Errors
/// The worker cannot be started, or a finding cannot be saved.
pub fn supervise(target: &Target, orders: &Orders) -> Result<Ended> {
    if let Some(report) = work(target, orders, None)? {
        return Ok(Ended::Reported(report));
    }
    let journal = orders.findings.join(format!("{}-journal", target.name));
    fs::create_dir_all(&orders.findings)
        .with_context(|| format!("failed to create `{}`", orders.findings.display()))?;
    // Writing takes time: the worker gets more of it to come to the same input.
    let slower = Orders { each: orders.each * 4, ..orders.clone() };
    let ended = work(target, &slower, Some(&journal))?;
    let input = fs::read(&journal).unwrap_or_default();
    // A journal that is not there is as good as one that was removed.
    fs::remove_file(&journal).ok();
    match ended {
        Some(report) if report.finding.is_some() => Ok(Ended::Reported(report)),
        Some(_) => Ok(Ended::LostOnce),
        None => Ok(Ended::Lost(save_finding(&orders.findings, target.name, &input)?)),
    }
}

/// Nothing if the worker died or hung.
fn work(target: &Target, orders: &Orders, journal: Option<&Path>) -> Result<Option<Report>> {
    let mut command = Command::new(&orders.program);
    command.args(["worker", target.name, "--seed", &orders.seed.to_string()]);
    command.args(["--milliseconds", &orders.each.as_millis().to_string()]);
    command.arg("--corpus").arg(&orders.corpus).arg("--findings").arg(&orders.findings);
    if let Some(journal) = journal {
        command.arg("--journal").arg(journal);
    }
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("failed to start `{}`", orders.program.display()))?;
    let mut output = child.stdout.take().context("the worker's output is piped")?;
    let (sender, receiver) = sync_channel(1);
    let reader = thread::spawn(move || {
        let mut text = String::new();
        // A text that is cut is no report; a receiver that gave up needs none.
        output.read_to_string(&mut text).ok();
        sender.send(text).ok();
    });
    let text = receiver.recv_timeout(orders.each + orders.grace);
    if text.is_err() {
        child.kill().context("failed to stop a worker that hangs")?;
    }
    let status = child.wait().context("failed to wait for a worker")?;
    reader.join().ok();
    let report = text.ok().and_then(|text| serde_json::from_str(&text).ok());
    Ok(report.filter(|_| status.success()))
}
