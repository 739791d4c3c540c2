//! The tree of routes of `ttshop-catalogue`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::catalogue::Catalogue;
use super::layout::lay_out;
use super::table::static_name;

#[derive(Default)]
struct Route {
    literals: BTreeMap<String, Self>,
    parameter: Option<Box<Self>>,
    operations: Vec<String>,
}

/// The tree of path segments that `route` walks.
pub(crate) fn file(catalogue: &Catalogue) -> String {
    let mut root = Route::default();
    for family in &catalogue.families {
        for operation in &family.operations {
            let mut at = &mut root;
            for segment in operation.raw.path.split('/').skip(1) {
                at = match segment.starts_with('{') {
                    true => at.parameter.get_or_insert_default(),
                    false => at.literals.entry(segment.to_owned()).or_default(),
                };
            }
            at.operations.push(format!("&{}::{}", family.name, static_name(operation)));
        }
    }
    let mut text = String::from("use super::*;\nuse crate::route::Node;\n\n");
    let families: Vec<_> =
        root.literals.keys().map(|name| format!("({name:?}, &{})", name.to_uppercase())).collect();
    let families = families.join(", ");
    let head = "pub(crate) static ROOT: Node = Node";
    let root_node = format!("{head} {{ literals: &[{families}], parameter: None, operations: &[] }};");
    let _ = writeln!(text, "/// The slash before the family.\n{}", lay_out(&root_node));
    for (name, family) in &root.literals {
        let item = format!("static {}: Node = {};", name.to_uppercase(), node(family));
        let _ = write!(text, "\n{}\n", lay_out(&item));
    }
    text
}

fn node(route: &Route) -> String {
    let literals: Vec<_> =
        route.literals.iter().map(|(text, next)| format!("({text:?}, &{})", node(next))).collect();
    let parameter =
        route.parameter.as_ref().map_or_else(|| "None".to_owned(), |next| format!("Some(&{})", node(next)));
    let operations = route.operations.join(",");
    format!(
        "Node {{ literals: &[{}], parameter: {parameter}, operations: &[{operations}] }}",
        literals.join(", ")
    )
}
