//! What the compiler does not check: the rules of STYLE.md and ARCHITECTURE.md that a program can decide.
//!
//! [`repository::Repository`] reads the tracked files and the crates' manifests once; each check is a function from it to
//! [`violation::Violation`]s. A check that needs to understand Rust asks [`lexer`], not a parser: code, comments and
//! literals are all the checks must tell apart, and a parser would be the slowest dependency of this crate.

mod arrows;
mod dependencies;
mod lexer;
mod modules;
mod pages;
mod repository;
mod sizes;
mod tests_apart;
mod violation;
mod words;

use std::io::Write as _;

use anyhow::{Result, ensure};
use repository::Repository;
use violation::Violation;

pub(crate) use repository::root;

/// Prints every violation, one a line, and fails if there is any.
pub(crate) fn run() -> Result<()> {
    let repository = Repository::read()?;
    let violations = violations(&repository)?;
    let mut out = std::io::stdout().lock();
    for note in sizes::notes(&repository) {
        writeln!(out, "note: {note}")?;
    }
    for violation in &violations {
        writeln!(out, "{violation}")?;
    }
    ensure!(violations.is_empty(), "violations: {}", violations.len());
    writeln!(out, "tidy: {} files, no violation", repository.texts.len())?;
    Ok(())
}

fn violations(repository: &Repository) -> Result<Vec<Violation>> {
    let mut violations = dependencies::check(repository)?;
    violations.extend(arrows::check(repository));
    violations.extend(modules::check(repository));
    violations.extend(pages::check(repository));
    violations.extend(sizes::check(repository));
    violations.extend(words::check(repository));
    violations.sort();
    violations.dedup();
    Ok(violations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_is_tidy() {
        let found = violations(&Repository::read().unwrap()).unwrap();
        let lines: Vec<String> = found.iter().map(Violation::to_string).collect();
        assert!(lines.is_empty(), "violations: {}\n{}", lines.len(), lines.join("\n"));
    }

    /// README's first command names no binary.
    #[test]
    fn a_plain_cargo_run_means_ttshop() {
        let manifest = root().unwrap().join("Cargo.toml");
        let metadata =
            cargo_metadata::MetadataCommand::new().manifest_path(manifest).no_deps().exec().unwrap();
        let binaries: Vec<_> = metadata
            .workspace_default_packages()
            .into_iter()
            .flat_map(|package| &package.targets)
            .filter(|target| target.is_bin())
            .map(|target| target.name.clone())
            .collect();
        assert_eq!(binaries, ["ttshop"]);
    }
}
