//! Where logs go: to standard error, so that standard output stays the command's answer.

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

use crate::environment;
use crate::failure::Failure;

/// How a line of log is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Starts logging with a filter such as `info` or `hub_engine=debug,warn`.
pub(crate) fn start(filter: &str, format: LogFormat) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Failure::usage(format!("`{filter}` is no log filter: {error}"))
            .remedy("use a level (error, warn, info, debug, trace) or `target=level` pairs joined by commas")
    })?;
    let writer = std::io::stderr.with_max_level(tracing::Level::TRACE);
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    let colour = !environment::no_color() && std::io::IsTerminal::is_terminal(&std::io::stderr());
    // A second start happens only when a test runs two commands in one process; the first one's settings stay.
    drop(match format {
        LogFormat::Text => builder.with_ansi(colour).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    });
    Ok(())
}
