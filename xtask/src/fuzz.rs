//! Tries what must hold for any bytes, on the stable toolchain.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::tidy::root;

const CORPUS: &str = "fuzz/corpus";
const FINDINGS: &str = "fuzz/findings";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// How long, for all targets together.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// What the inputs are drawn from; the time if not given.
    #[arg(long)]
    seed: Option<u64>,
    /// Only this target.
    #[arg(long)]
    target: Option<String>,
    /// Try this input and no other.
    #[arg(long, requires = "target")]
    input: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let root = root()?;
    let mut command = Command::new("cargo");
    // As tests are built: overflow is checked, and nothing is compiled that the build has not compiled already. An
    // optimised build of every model takes longer than the inputs it would add are worth.
    command.args(["run", "--locked", "--quiet", "--package", "ttshop-fuzz"]);
    command.arg("--manifest-path").arg(root.join("Cargo.toml")).arg("--");
    if let (Some(target), Some(input)) = (&arguments.target, &arguments.input) {
        command.args(["replay", target]).arg(input);
    } else {
        command.args(["run", "--seconds", &arguments.seconds.to_string()]);
        command.arg("--corpus").arg(root.join(CORPUS)).arg("--findings").arg(root.join(FINDINGS));
        command.args(arguments.seed.iter().flat_map(|seed| ["--seed".to_owned(), seed.to_string()]));
        command.args(arguments.target.iter().flat_map(|target| ["--target", target]));
    }
    let status = command.status().context("failed to start cargo")?;
    ensure!(status.success(), "something does not hold");
    Ok(())
}
