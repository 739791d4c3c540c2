//! Under construction.
mod browser;
mod form;
mod tally;
use crate::failure::Failure;
use crate::output::Output;
use clap::Args;
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  ttshop ")]
pub(crate) struct Arguments {}
pub(crate) async fn run(_arguments: Arguments, _output: Output) -> Result<(), Failure> {
    Err(Failure::new("not built yet"))
}
