//! How often contenders allocate. Counting costs time, so a program of its own counts: `allocations`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::Peer;

/// What one job of one contender allocates, on average.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Allocations {
    /// The job.
    pub contest: String,
    /// Who did it.
    pub contender: String,
    /// How many times memory was asked for; growing counts.
    pub count: f64,
    /// How many bytes were asked for.
    pub bytes: f64,
}

/// Runs the counting program that was built beside this one.
///
/// # Errors
/// It is not there, or a contender fails.
pub fn count(peer: &Peer) -> Result<Vec<Allocations>> {
    let name = format!("allocations{}", std::env::consts::EXE_SUFFIX);
    let program = std::env::current_exe().context("this program has no path")?.with_file_name(name);
    let mut child = Command::new(&program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("failed to start `{}`", program.display()))?;
    let mut input = child.stdin.take().context("the child's input is piped")?;
    input.write_all(serde_json::to_string(peer)?.as_bytes())?;
    drop(input);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "counting allocations failed");
    Ok(serde_json::from_slice(&output.stdout)?)
}
