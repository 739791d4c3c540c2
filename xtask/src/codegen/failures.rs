//! `failures.toml`: where answers say that a part failed. The lists that every answer may have are found by their names.

use anyhow::Result;
use serde::Deserialize;

use super::catalogue::{Catalogue, Operation};
use super::source::{Kind, RawSchema};

/// Lists of failures that explain themselves, wherever they stand at the top of an answer.
const COMMON: [&str; 3] = ["errors", "error_list", "error"];

/// Where one operation lists failures.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Failure {
    family: String,
    operation: String,
    versions: Vec<String>,
    lists: Vec<List>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    path: String,
    reason: Option<String>,
    verdict: Option<String>,
    #[serde(default)]
    each: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FailureFile {
    #[serde(default)]
    failure: Vec<Failure>,
}

pub(crate) fn read(text: &str) -> Result<Vec<Failure>> {
    Ok(toml::from_str::<FailureFile>(text)?.failure)
}

impl Failure {
    fn is_of(&self, family: &str, operation: &Operation) -> bool {
        let raw = &operation.raw;
        self.family == family && self.operation == raw.name && self.versions.contains(&raw.version)
    }
}

/// An expression of type `[FailureList; N]`.
pub(crate) fn lists(catalogue: &Catalogue, family: &str, operation: &Operation) -> String {
    let response = &operation.raw.response.fields;
    let common = response.iter().filter(|field| is_common(field)).map(|field| {
        format!("FailureList {{ path: {:?}, reason: None, verdict: None, each: true }}", field.name)
    });
    let own = catalogue.failures.iter().filter(|failure| failure.is_of(family, operation));
    let own = own.flat_map(|failure| &failure.lists).map(|list| {
        let List { path, reason, verdict, each } = list;
        let path = path.replace("[]", "");
        format!("FailureList {{ path: {path:?}, reason: {reason:?}, verdict: {verdict:?}, each: {each} }}")
    });
    format!("[{}]", common.chain(own).collect::<Vec<_>>().join(", "))
}

fn is_common(field: &RawSchema) -> bool {
    let item = field.items.as_deref().unwrap_or(field);
    COMMON.contains(&field.name.as_str()) && item.fields.iter().any(|inner| inner.name == "code")
}

pub(crate) fn problems(catalogue: &Catalogue) -> Vec<String> {
    let mut problems = Vec::new();
    for failure in &catalogue.failures {
        let place = format!("failures.toml: {} {}", failure.family, failure.operation);
        let families = catalogue.families.iter().filter(|family| family.name == failure.family);
        let operations = families.flat_map(|family| &family.operations);
        let found: Vec<_> =
            operations.filter(|operation| failure.is_of(&failure.family, operation)).collect();
        if found.len() != failure.versions.len() {
            problems.push(format!("{place}: no such operation in one of the versions"));
        }
        for list in &failure.lists {
            let signs = [&list.reason, &list.verdict];
            if !list.each && signs.iter().all(|sign| sign.is_none()) {
                problems.push(format!("{place}: nothing tells a failure in `{}`", list.path));
            }
            for operation in &found {
                let item = item(&operation.raw.response, &list.path);
                let has = |name: &String| {
                    item.is_some_and(|item| item.fields.iter().any(|field| field.name == *name))
                };
                if item.is_none() || !signs.into_iter().flatten().all(has) {
                    problems.push(format!("{place}: `{}` leads to no such item", list.path));
                }
            }
        }
    }
    problems
}

/// The item that a path leads to.
fn item<'a>(root: &'a RawSchema, path: &str) -> Option<&'a RawSchema> {
    path.split('.').try_fold(root, |at, segment| {
        let name = segment.trim_end_matches("[]");
        let field = at.fields.iter().find(|field| field.name == name)?;
        match (segment.ends_with("[]"), field.kind == Kind::Array) {
            (true, true) => field.items.as_deref(),
            (false, false) => Some(field),
            _ => None,
        }
    })
}
