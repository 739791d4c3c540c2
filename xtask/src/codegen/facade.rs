//! The facade of the client: `client.order().search_orders(...)`, one method for each default operation.

use std::fmt::Write as _;

use super::catalogue::{Catalogue, Family};
use super::names::pascal;
use super::output::Output;

/// Where the facade lives, seen from the repository's root.
const DIRECTORY: &str = "crates/ttshop/src/generated";

/// Writes one file a family.
pub(crate) fn emit(catalogue: &Catalogue, output: &mut Output) {
    output.own(DIRECTORY);
    let mut modules = String::new();
    let mut exports = String::new();
    for family in &catalogue.families {
        let gate = format!("#[cfg(feature = {:?})]", family.name);
        let _ = writeln!(modules, "{gate}\nmod {};", family.name);
        let _ = writeln!(exports, "{gate}\npub use {}::{};", family.name, pascal(&family.name));
        output.add(format!("{DIRECTORY}/{}.rs", family.name), handle(family));
    }
    output.add(format!("{DIRECTORY}/mod.rs"), format!("{modules}\n{exports}"));
}

fn handle(family: &Family) -> String {
    let (name, handle) = (&family.name, pascal(&family.name));
    let mut requests = Vec::new();
    let mut methods = String::new();
    for operation in family.operations.iter().filter(|operation| operation.pinned) {
        let (method, request) = (&operation.name, pascal(&operation.name));
        let raw = &operation.raw;
        let verb = format!("{:?}", raw.method).to_uppercase();
        let _ = write!(methods, "\n/// `{verb} {}`\n", raw.path);
        for alias in [&raw.name, &raw.path] {
            let _ = writeln!(methods, "#[doc(alias = {alias:?})]");
        }
        let _ = writeln!(
            methods,
            "pub fn {method}(self, request: {request}) -> Sending<'a, {request}> {{\nSending::new(self.client, request)\n}}"
        );
        requests.push(request);
    }
    format!(
        "use ttshop_api::{name}::{{{}}};

use crate::{{Client, Sending}};

/// The family `{name}`: each operation in its default version.
#[derive(Clone, Copy, Debug)]
pub struct {handle}<'a> {{
client: &'a Client,
}}

impl Client {{
/// Operations under `/{name}/`.
pub fn {name}(&self) -> {handle}<'_> {{
{handle} {{ client: self }}
}}
}}

impl<'a> {handle}<'a> {{{}}}
",
        requests.join(", "),
        methods.trim_start_matches('\n')
    )
}
