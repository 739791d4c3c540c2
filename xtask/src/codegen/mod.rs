//! From `catalogue/` to Rust: read, correct, name, check, then write the static table and the models.

mod api;
mod catalogue;
mod facade;
mod failures;
mod fixup;
mod layout;
mod names;
mod operations_page;
mod output;
mod personal;
mod route;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod uploads;
mod validate;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use catalogue::Catalogue;
use output::Output;
use source::Sources;

/// What the emulator does not answer by contract, as one of its examples prints it. This crate must not name the emulator: it has to run while
/// generated code does not compile.
const STATEFUL: &str = "crates/ttshop-emulator/stateful.txt";

/// Options of `cargo xtask codegen`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a committed file differs from what would be written.
    #[arg(long)]
    check: bool,
}

/// Generates, then writes or compares.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let output = generate(&root())?;
    if arguments.check { output.check(&root()) } else { output.write(&root()) }
}

fn generate(root: &Path) -> Result<Output> {
    let catalogue = Catalogue::build(&Sources::read(&root.join("catalogue"))?)?;
    let mut output = Output::default();
    table::emit(&catalogue, &mut output);
    api::emit(&catalogue, &mut output);
    facade::emit(&catalogue, &mut output);
    let stateful = std::fs::read_to_string(root.join(STATEFUL)).with_context(|| format!("`{STATEFUL}`"))?;
    output.add_page("docs/operations.md", operations_page::page(&catalogue, &stateful.lines().collect())?);
    output.format()?;
    Ok(output)
}

/// The repository, wherever the command was started.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
