//! Measurements: programs of their own, built for release and run.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use cargo_metadata::MetadataCommand;
use clap::Subcommand;

use crate::tidy::root;

/// Stands outside the workspace, because of what it compares with.
const MANIFEST: &str = "bench/Cargo.toml";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Subcommand)]
enum Subject {
    /// Signing, decoding and calls, beside bare primitives and the published crate; `-- --help` lists its options.
    Sdk {
        /// Passed on.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let Subject::Sdk { options } = &arguments.subject;
    let root = root()?;
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("failed to read the workspace's metadata")?;
    let target = metadata.target_directory.join("bench");
    let cargo = |verb: &str| {
        let mut command = Command::new("cargo");
        command.args([verb, "--release", "--locked", "--quiet", "--manifest-path"]).arg(root.join(MANIFEST));
        command.arg("--target-dir").arg(&target);
        command
    };
    // Both programs: the one that measures runs the one that counts.
    succeed(&mut cargo("build"))?;
    succeed(cargo("run").args(["--", "sdk"]).args(options))
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().context("failed to start cargo")?;
    ensure!(status.success(), "the benchmark failed");
    Ok(())
}
