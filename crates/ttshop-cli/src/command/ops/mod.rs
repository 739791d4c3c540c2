//! `ttshop ops`: the platform's operations, looked up offline.

mod entry;
mod find;
mod list;
mod openapi;
mod search;
mod show;
mod tree;

use clap::Subcommand;

pub(crate) use find::find;

use crate::failure::Failure;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  ttshop ops list --family order
  ttshop ops search ship package
  ttshop ops show order.search_orders
  ttshop ops show order.get_order_detail@202309 --json
  ttshop ops openapi > tiktok-shop.openapi.json";

#[derive(Subcommand, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Operations {
    /// List operations; with --json all of them as one array.
    List(list::Arguments),
    /// Show one operation: what it takes, what it answers, how it fails.
    Show(show::Arguments),
    /// Print the catalogue as an OpenAPI 3.1 document.
    Openapi(openapi::Arguments),
    /// Find operations by words in their names and paths.
    Search(search::Arguments),
}

pub(crate) fn run(operations: Operations, output: Output) -> Result<(), Failure> {
    match operations {
        Operations::List(arguments) => list::run(&arguments, output),
        Operations::Show(arguments) => show::run(&arguments, output),
        Operations::Openapi(arguments) => openapi::run(&arguments, output),
        Operations::Search(arguments) => search::run(&arguments, output),
    }
}
