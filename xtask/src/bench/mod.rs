//! Measurements: programs of their own, built for release and run.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use cargo_metadata::MetadataCommand;
use clap::Subcommand;

use crate::tidy::root;

/// Stands outside the workspace, because of what it compares with.
const MANIFEST: &str = "bench/Cargo.toml";
/// A mock server that many teams use for lack of an emulator.
const PRISM: &str = "@stoplight/prism-cli@5.16.0";

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
    /// The emulator beside a bare server of the same bytes and, where npm is installed, beside Prism with the same replies.
    Emulator {
        /// Passed on: `--json`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let root = root()?;
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("failed to read the workspace's metadata")?;
    let target = metadata.target_directory.join("bench").into_std_path_buf();
    match &arguments.subject {
        Subject::Sdk { options } => sdk(&root, &target, options),
        Subject::Emulator { options } => emulator(&root, &target, options),
    }
}

fn sdk(root: &Path, target: &Path, options: &[String]) -> Result<()> {
    let cargo = |verb: &str| {
        let mut command = Command::new("cargo");
        command.args([verb, "--release", "--locked", "--quiet", "--manifest-path"]).arg(root.join(MANIFEST));
        command.arg("--target-dir").arg(target);
        command
    };
    // Both programs: the one that measures runs the one that counts.
    succeed(&mut cargo("build"))?;
    succeed(cargo("run").args(["--", "sdk"]).args(options))
}

fn emulator(root: &Path, target: &Path, options: &[String]) -> Result<()> {
    let document = target.join("openapi.json");
    std::fs::create_dir_all(target).with_context(|| format!("failed to make {}", target.display()))?;
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).args([
        "run",
        "--locked",
        "--quiet",
        "--package",
        "ttshop-cli",
        "--",
        "ops",
        "openapi",
    ]);
    succeed(cargo.args(["--family", "order", "--family", "fulfillment", "--output"]).arg(&document))?;
    let mut bench = Command::new("cargo");
    bench.current_dir(root).args(["run", "--release", "--locked", "--quiet", "--package", "ttshop-emulator"]);
    bench.args(["--example", "bench", "--", "--document"]).arg(&document);
    if let Some(command) = prism(target)? {
        bench.arg("--prism").arg(command);
    }
    succeed(bench.args(options))
}

/// The public mock, installed into the target directory; none without npm.
fn prism(target: &Path) -> Result<Option<PathBuf>> {
    let place = target.join("prism");
    let command = place.join("node_modules/.bin/prism");
    if command.exists() {
        return Ok(Some(command));
    }
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"])
        .arg(&place)
        .arg(PRISM);
    match npm.status() {
        Ok(status) => {
            ensure!(status.success(), "npm failed to install {PRISM}");
            Ok(Some(command))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context("failed to start npm"),
    }
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().context("failed to start cargo")?;
    ensure!(status.success(), "the benchmark failed");
    Ok(())
}
