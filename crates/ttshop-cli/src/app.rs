//! The command line as a whole: its arguments, and which command gets them.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::command::{call, completions, demo, emulate, hub, ops, profile, sign, why};
use crate::failure::Failure;
use crate::logging::{self, LogFormat};
use crate::output::{ColorChoice, Output};

/// Runs the command that `arguments` ask for; the first one is the program's own name.
///
/// Exit codes: 0 the job is done, 1 it failed, 2 the command was not understood.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let app = match App::try_parse_from(arguments) {
        Ok(app) => app,
        Err(error) => {
            // Help asked for is an answer, a wrong argument a failure; the parser knows which and where to print it.
            drop(error.print());
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let output = Output::new(app.globals.json, app.globals.color);
    let done =
        logging::start(&app.globals.log, app.globals.log_format).and_then(|()| dispatch(app.command, output));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_quiet() {
                output.failure(&failure);
            }
            failure.exit_code()
        }
    }
}

/// The command line, for completions and tests.
pub(crate) fn definition() -> clap::Command {
    <App as clap::CommandFactory>::command()
}

const EXAMPLES: &str = "\
Examples:
  ttshop demo --orders 20                  watch orders travel through emulator, hub and sink
  ttshop emulate --write-profile emulator  run the emulated platform
  ttshop call order.search_orders --profile emulator --shop us -p page_size=10
  ttshop ops search 'ship package'         find an operation
  ttshop why 105002                        what a code means and what to do

Exit codes: 0 done, 1 failed, 2 not understood.
Unofficial; not affiliated with TikTok.";

/// The self-hosted TikTok Shop integration platform: SDK, emulator and hub in one binary.
#[derive(Parser, Debug)]
#[command(name = "ttshop", version, after_help = EXAMPLES, disable_help_subcommand = true)]
struct App {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Everywhere")]
struct Globals {
    /// Answer in JSON: one value, or one value a line.
    #[arg(long, global = true)]
    json: bool,
    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    /// What to log to standard error: a level, or `target=level` pairs.
    #[arg(long, global = true, value_name = "FILTER", env = "TTSHOP_LOG", default_value = "warn")]
    log: String,
    /// How to write the log.
    #[arg(long, global = true, value_name = "FORMAT", env = "TTSHOP_LOG_FORMAT", default_value = "text")]
    log_format: LogFormat,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Emulator, hub and orders in one process: the whole journey, live.
    Demo(demo::Arguments),
    /// Run the emulated platform.
    Emulate(emulate::Arguments),
    /// Run the hub.
    Hub(hub::Arguments),
    /// Call any operation of the platform.
    Call(call::Arguments),
    /// Sign a request, or find out why a signature is wrong.
    Sign(sign::Arguments),
    /// Look up the platform's operations.
    #[command(subcommand)]
    Ops(ops::Operations),
    /// What an error code means and what to do about it.
    Why(why::Arguments),
    /// Look after the saved connections of `call`.
    #[command(subcommand)]
    Profile(profile::Profiles),
    /// Print a completion script for a shell.
    Completions(completions::Arguments),
}

fn dispatch(command: Command, output: Output) -> Result<(), Failure> {
    match command {
        Command::Demo(arguments) => wait_for(demo::run(arguments, output)),
        Command::Emulate(arguments) => wait_for(emulate::run(arguments, output)),
        Command::Hub(arguments) => wait_for(hub::run(arguments, output)),
        Command::Call(arguments) => wait_for(call::run(arguments, output)),
        Command::Sign(arguments) => sign::run(&arguments, output),
        Command::Ops(operations) => ops::run(operations, output),
        Command::Why(arguments) => why::run(&arguments, output),
        Command::Profile(profiles) => wait_for(profile::run(profiles, output)),
        Command::Completions(arguments) => completions::run(&arguments, output),
    }
}

fn wait_for(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::of("failed to start the runtime", &error))?;
    runtime.block_on(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        definition().debug_assert();
    }

    #[test]
    fn every_command_has_examples() {
        for command in definition().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("ttshop "), "`{}` shows no example", command.get_name());
        }
    }
}
