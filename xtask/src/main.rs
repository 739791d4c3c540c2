//! Tools of this repository: `cargo xtask <command>`.

mod bench;
mod ci;
mod codegen;
mod features;
mod fuzz;
mod tidy;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "xtask", about = "Tools of this repository")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the generated code of `ttshop-catalogue` and `ttshop-api` from `catalogue/`.
    Codegen(codegen::Arguments),
    /// Check what the compiler does not: arrows between crates, sizes, dead files, unused dependencies.
    Tidy,
    /// Measure what something costs.
    Bench(bench::Arguments),
    /// Check the published crates with few features on; warnings are errors.
    Features,
    /// Try what must hold for any bytes.
    Fuzz(fuzz::Arguments),
    /// Run every check and every test, as before a change is taken.
    Ci,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::Tidy => tidy::run(),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Features => features::run(),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::Ci => ci::run(),
    }
}
