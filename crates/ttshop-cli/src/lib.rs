//! The `ttshop` command line: the composition root, and the only reader of environment and files.
//!
//! [`run`] takes the arguments and answers with an exit code. Each command is one module under `command`; all of them write
//! through `output` and fail through `failure`.

mod app;
mod command;
mod config;
mod connection;
mod environment;
mod failure;
mod input;
mod logging;
mod node;
mod output;
mod profile;
mod shutdown;
mod transport;

pub use app::run;
