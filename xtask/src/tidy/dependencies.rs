//! Dependencies that nobody uses.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};

use super::lexer::{is_word, words};
use super::repository::{Crate, Dependency, Repository};
use super::violation::Violation;

const ROOT_MANIFEST: &str = "Cargo.toml";

pub(crate) fn check(repository: &Repository) -> Result<Vec<Violation>> {
    let mut violations = unused_in_workspace(repository)?;
    for owner in &repository.crates {
        for dependency in &owner.dependencies {
            violations.extend(unused_in_crate(repository, owner, dependency));
        }
    }
    Ok(violations)
}

/// Declared in the root manifest, used by no crate.
fn unused_in_workspace(repository: &Repository) -> Result<Vec<Violation>> {
    let used: BTreeSet<&str> = repository
        .crates
        .iter()
        .flat_map(|owner| &owner.dependencies)
        .map(|dependency| dependency.name.as_str())
        .chain(repository.crates.iter().map(|owner| owner.name.as_str()))
        .collect();
    let text = repository.texts.get(ROOT_MANIFEST).context("the root manifest is missing")?;
    let manifest: toml::Table = text.parse().context("failed to parse the root manifest")?;
    let declared =
        manifest.get("workspace").and_then(|table| table.get("dependencies")).and_then(|it| it.as_table());
    let unused =
        declared.into_iter().flat_map(|table| table.keys()).filter(|name| !used.contains(name.as_str()));
    Ok(unused
        .map(|name| {
            let line = repository.line_starting(ROOT_MANIFEST, &format!("{name} "));
            Violation::new(ROOT_MANIFEST, line, format!("no crate uses `{name}`"), "delete the line")
        })
        .collect())
}

/// Declared by a crate, named by none of its sources, or by its tests only.
fn unused_in_crate(repository: &Repository, owner: &Crate, dependency: &Dependency) -> Option<Violation> {
    let identifier = dependency.name.replace('-', "_");
    let manifest = owner.manifest();
    let line = repository.line_starting(&manifest, &format!("{}.", dependency.name));
    let sources: Vec<_> = repository.sources_of(&owner.directory).collect();
    let names = |code: &str| names_crate(code, &identifier);
    // A doc test names its crates in a comment.
    let anywhere = || {
        sources.iter().any(|(path, source)| {
            names(&source.lexed.code)
                || repository.texts.get(*path).is_some_and(|text| in_doc_comment(text, &names))
        })
    };
    let in_production = || sources.iter().any(|(_, source)| !source.is_test && names(&source.production));
    let name = &dependency.name;
    if dependency.is_dev {
        let what = format!("no test of `{}` names `{name}`", owner.name);
        return (!anywhere()).then(|| Violation::new(&manifest, line, what, "delete the line"));
    }
    if in_production() {
        return None;
    }
    if anywhere() {
        let what = format!("only tests of `{}` name `{name}`", owner.name);
        return Some(Violation::new(&manifest, line, what, "move it to `[dev-dependencies]`"));
    }
    let what = format!("no source of `{}` names `{name}`", owner.name);
    Some(Violation::new(&manifest, line, what, "delete the line"))
}

/// Whether `code` uses the crate by its name: `serde::…`, `::serde::…`, `use serde as …`. A variable or a module of
/// somebody else that is called the same, as in `axum::http::…`, does not count.
fn names_crate(code: &str, identifier: &str) -> bool {
    words(code, identifier).any(|at| {
        let before = code[..at].trim_end();
        let after = code[at + identifier.len()..].trim_start();
        let starts_path = before
            .strip_suffix("::")
            .is_none_or(|outer| !outer.bytes().next_back().is_some_and(|byte| is_word(byte) || byte == b'>'));
        let imported = before.ends_with("use") || before.ends_with("crate");
        starts_path && (after.starts_with("::") || imported)
    })
}

fn in_doc_comment(text: &str, names: &impl Fn(&str) -> bool) -> bool {
    let comments =
        text.lines().map(str::trim_start).filter(|line| line.starts_with("///") || line.starts_with("//!"));
    comments.map(|line| &line[3..]).any(names)
}

#[cfg(test)]
mod tests {
    use super::super::repository::planted::{library, repository};
    use super::*;

    const MANIFEST: &str =
        "[workspace.dependencies]\nrand_core = \"1\"\nhex = \"1\"\na = { path = \"crates/a\" }\n";

    fn found(source: &str, dependencies: &[&str], dev_dependencies: &[&str]) -> Vec<String> {
        let files = [(ROOT_MANIFEST, MANIFEST), ("crates/a/src/lib.rs", source)];
        let repository = repository(&files, vec![library("a", dependencies, dev_dependencies)]);
        check(&repository).unwrap().iter().map(Violation::to_string).collect()
    }

    #[test]
    fn used_dependencies_pass() {
        let source = "use hex::encode; #[cfg(test)] mod tests { use rand_core::X; }";
        assert_eq!(found(source, &["hex"], &["rand_core"]), Vec::<String>::new());
    }

    #[test]
    fn a_workspace_dependency_that_no_crate_declares_fails() {
        let said = found("use hex::encode;", &["hex"], &[]);
        assert_eq!(said, ["Cargo.toml:2: no crate uses `rand_core`, delete the line"]);
    }

    #[test]
    fn a_dependency_that_no_source_names_fails() {
        let said = found("// hex\nfn a() { hexagon(\"hex\") }", &["hex"], &["rand_core"]);
        assert_eq!(said.len(), 2);
        assert!(said[0].contains("no source of `a` names `hex`"), "{said:?}");
        assert!(said[1].contains("no test of `a` names `rand_core`"), "{said:?}");
    }

    #[test]
    fn a_variable_or_a_foreign_module_of_the_same_name_is_no_use() {
        for source in ["fn a(hex: u8) -> u8 { hex }", "use b::hex::X;", "mod hex;", "fn a() { <X>::hex::Y }"]
        {
            assert_eq!(found(source, &["hex"], &["rand_core"]).len(), 2, "{source}");
        }
        for source in ["use ::hex::X;", "use hex as h;", "#[hex::main] fn a() {}", "use {hex::{self, X}};"] {
            assert_eq!(found(source, &["hex"], &["rand_core"]).len(), 1, "{source}");
        }
    }

    #[test]
    fn a_dependency_that_only_tests_name_belongs_to_the_tests() {
        let said =
            found("#[cfg(test)] mod tests { use hex::X; use rand_core::X; }", &["hex"], &["rand_core"]);
        assert_eq!(said.len(), 1);
        assert!(said[0].contains("move it to `[dev-dependencies]`"), "{said:?}");
    }

    #[test]
    fn a_doc_test_counts_as_a_test() {
        let said = found("//! use rand_core::X;\nuse hex::encode;", &["hex"], &["rand_core"]);
        assert_eq!(said, Vec::<String>::new());
    }
}
