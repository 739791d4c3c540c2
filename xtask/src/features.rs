//! Checks the published crates with little of them switched on: the workspace is always checked with everything.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::tidy::root;

const PACKAGES: [&str; 2] = ["ttshop-api", "ttshop"];
/// Nothing, one family, the events alone.
const SETS: [&str; 3] = ["", "order", "webhooks"];

/// Checks every set, also after one has failed.
pub(crate) fn run() -> Result<()> {
    let root = root()?;
    let mut failed = Vec::new();
    for (package, features) in PACKAGES.iter().flat_map(|package| SETS.map(|set| (*package, set))) {
        let status = check(package, features).current_dir(&root).status().context("failed to start cargo")?;
        if !status.success() {
            failed.push(format!("`{package}` with `{features}`"));
        }
    }
    ensure!(failed.is_empty(), "errors or warnings: {}", failed.join(", "));
    Ok(())
}

/// `cargo rustc` hands its flags to this crate alone, so that no dependency is compiled anew; of the crates of the
/// workspace below it, each is checked on its own.
fn check(package: &str, features: &str) -> Command {
    let mut command = Command::new("cargo");
    command.args(["rustc", "--quiet", "--locked", "--lib", "--profile", "check", "--package", package]);
    command.args(["--no-default-features", "--features", features, "--", "-D", "warnings"]);
    command
}
