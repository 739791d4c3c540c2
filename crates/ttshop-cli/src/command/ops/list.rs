//! `ttshop ops list`.

use clap::{Args, ValueEnum};
use ttshop_catalogue::{OPERATIONS, Operation, Status, families};

use super::entry::{Entry, table};
use crate::failure::Failure;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  ttshop ops list --family fulfillment
  ttshop ops list --json | jq -r '.[] | select(.pinned) | .key'";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Only this family, such as `order`.
    #[arg(long)]
    family: Option<String>,
    /// Only operations of this status.
    #[arg(long)]
    status: Option<StatusChoice>,
}

/// Which documentation lists an operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum StatusChoice {
    /// The newest one.
    Current,
    /// Only an older or unlisted one.
    Documented,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    if let Some(family) =
        arguments.family.as_deref().filter(|family| !families().any(|known| known == *family))
    {
        let known: Vec<_> = families().collect();
        return Err(Failure::usage(format!("there is no family `{family}`"))
            .remedy(format!("the families are {}", known.join(", "))));
    }
    let operations: Vec<_> =
        OPERATIONS.iter().copied().filter(|operation| wanted(arguments, operation)).collect();
    if output.wants_json() {
        return output.json(&operations.into_iter().map(Entry::from).collect::<Vec<_>>());
    }
    output.table(table(&operations))?;
    output.note(format!("{} operations", operations.len()));
    Ok(())
}

fn wanted(arguments: &Arguments, operation: &Operation) -> bool {
    let family = arguments.family.as_deref().is_none_or(|family| operation.family == family);
    let status = match arguments.status {
        None => true,
        Some(StatusChoice::Current) => operation.status == Status::Current,
        Some(StatusChoice::Documented) => operation.status == Status::Documented,
    };
    family && status
}
