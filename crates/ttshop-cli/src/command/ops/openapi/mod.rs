//! `ttshop ops openapi`: the catalogue as an OpenAPI 3.1 document, for generators, mocks and explorers of any language.

mod document;
mod schema;

use std::path::PathBuf;

use clap::Args;
use ttshop_catalogue::{OPERATIONS, families};

use crate::failure::Failure;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  ttshop ops openapi > tiktok-shop.openapi.json
  ttshop ops openapi --family order --family fulfillment --output orders.openapi.json
  ttshop ops openapi --pinned --server http://127.0.0.1:4000";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Only this family; may be given more than once.
    #[arg(long)]
    family: Vec<String>,
    /// One version of each operation, the one that is used when none is named.
    #[arg(long)]
    pinned: bool,
    /// The address that the document names.
    #[arg(long, default_value = "https://open-api.tiktokglobalshop.com")]
    server: String,
    /// Write to this file instead of standard output.
    #[arg(long, short)]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let unknown = |wanted: &&String| !families().any(|family| family == wanted.as_str());
    if let Some(family) = arguments.family.iter().find(unknown) {
        let known: Vec<_> = families().collect();
        return Err(Failure::usage(format!("there is no family `{family}`"))
            .remedy(format!("the families are {}", known.join(", "))));
    }
    let wanted = OPERATIONS.iter().copied().filter(|operation| {
        let named =
            arguments.family.is_empty() || arguments.family.iter().any(|name| name == operation.family);
        named && (operation.pinned || !arguments.pinned)
    });
    let document = document::document(wanted, &arguments.server);
    let Some(path) = &arguments.output else { return output.json(&document) };
    let written = serde_json::to_vec_pretty(&document)
        .map_err(std::io::Error::from)
        .and_then(|bytes| std::fs::write(path, bytes));
    written.map_err(|error| {
        Failure::of(format!("failed to write `{}`", path.display()), &error)
            .remedy("name a file in a directory that you may write to")
    })?;
    output.note(format!("written to {}", path.display()));
    Ok(())
}
