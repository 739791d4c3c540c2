//! Which file is a module of which crate: a file that no `mod` names is dead.

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::{after_closing, is_word, words};
use super::repository::{Crate, Repository, Source, is_below};
use super::tests_apart::test_items;
use super::violation::Violation;

/// The files that are reached from the crates' roots.
pub(crate) struct ModuleTree<'a> {
    sources: &'a BTreeMap<String, Source>,
    reached: BTreeSet<&'a str>,
    /// Reached without passing a test's root or a `#[cfg(test)]`.
    production: BTreeSet<&'a str>,
}

/// A `mod name;`, with the directory it is looked up in.
struct Declaration {
    directory: String,
    name: String,
    /// The file, where `#[path]` names it.
    path: Option<String>,
    is_test: bool,
}

/// Every file of a crate belongs to it by a chain of `mod` declarations.
pub(crate) fn check(repository: &Repository) -> Vec<Violation> {
    let tree = ModuleTree::new(&repository.sources, &repository.crates);
    repository
        .sources
        .keys()
        .filter(|path| repository.crates.iter().any(|owner| is_below(path, &owner.directory)))
        .filter(|path| !tree.reached.contains(path.as_str()))
        .map(|path| Violation::new(path, 1, "no `mod` names this file", "declare it or delete it"))
        .collect()
}

impl<'a> ModuleTree<'a> {
    pub(crate) fn new(sources: &'a BTreeMap<String, Source>, crates: &[Crate]) -> Self {
        let mut tree = Self { sources, reached: BTreeSet::new(), production: BTreeSet::new() };
        for root in crates.iter().flat_map(|owner| &owner.roots) {
            tree.walk(&root.path, true, root.is_test);
        }
        tree
    }

    /// Files that only tests reach.
    pub(crate) fn test_files(&self) -> BTreeSet<String> {
        self.reached.difference(&self.production).map(|path| (*path).to_owned()).collect()
    }

    fn walk(&mut self, path: &str, is_root: bool, is_test: bool) {
        let Some((path, source)) = self.sources.get_key_value(path) else { return };
        let is_test = is_test || source.is_test;
        let new = self.reached.insert(path);
        let newly_production = !is_test && self.production.insert(path);
        if !new && !newly_production {
            return;
        }
        for declaration in declarations(path, is_root, source) {
            for candidate in declaration.candidates() {
                self.walk(&candidate, false, is_test || declaration.is_test);
            }
        }
        for included in included_files(path, source) {
            self.walk(&included, false, is_test);
        }
    }
}

impl Declaration {
    fn candidates(&self) -> Vec<String> {
        let Self { directory, name, .. } = self;
        match &self.path {
            Some(path) => vec![format!("{directory}/{path}")],
            None => vec![format!("{directory}/{name}.rs"), format!("{directory}/{name}/mod.rs")],
        }
    }
}

fn declarations(path: &str, is_root: bool, source: &Source) -> Vec<Declaration> {
    let code = &source.lexed.code;
    let here = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let owns_directory = is_root || path.ends_with("/mod.rs");
    let base = if owns_directory { here } else { path.trim_end_matches(".rs") };
    let tests = test_items(code);
    let inline = inline_modules(code);
    let mut found = Vec::new();
    for at in words(code, "mod") {
        let rest = code[at + 3..].trim_start();
        let name: String = rest.bytes().take_while(|byte| is_word(*byte)).map(char::from).collect();
        if name.is_empty() || !rest[name.len()..].trim_start().starts_with(';') {
            continue;
        }
        let around =
            inline.iter().filter(|(_, range)| range.contains(&at)).map(|(name, _)| format!("/{name}"));
        let is_test = tests.iter().any(|item| item.contains(&at));
        match path_attribute(source, at) {
            Some(path) => {
                found.push(Declaration { directory: here.to_owned(), name, path: Some(path), is_test });
            }
            None => {
                let directory = format!("{base}{}", around.collect::<String>());
                found.push(Declaration { directory, name, path: None, is_test });
            }
        }
    }
    found
}

/// The modules with a body in this file, outermost first.
fn inline_modules(code: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let mut modules = Vec::new();
    for at in words(code, "mod") {
        let rest = code[at + 3..].trim_start();
        let name: String = rest.bytes().take_while(|byte| is_word(*byte)).map(char::from).collect();
        if !name.is_empty() && rest[name.len()..].trim_start().starts_with('{') {
            let open = at + code[at..].find('{').unwrap_or_default();
            modules.push((name, open..after_closing(code, open)));
        }
    }
    modules
}

/// The file in a `#[path = "…"]` between the previous item and the declaration at `at`.
fn path_attribute(source: &Source, at: usize) -> Option<String> {
    let code = &source.lexed.code;
    let item_start = code[..at].rfind([';', '}', '{']).map_or(0, |offset| offset + 1);
    let attribute = words(&code[item_start..at], "path").next()? + item_start;
    let text = source.lexed.strings.iter().find(|range| range.start > attribute && range.end < at)?;
    Some(source.lexed.without_comments[text.clone()].trim_matches('"').to_owned())
}

/// The Rust files that `include!` puts into this one.
fn included_files(path: &str, source: &Source) -> Vec<String> {
    let here = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let text = &source.lexed.without_comments;
    words(&source.lexed.code, "include")
        .filter_map(|at| source.lexed.strings.iter().find(|range| range.start > at && range.start < at + 16))
        .map(|range| format!("{here}/{}", text[range.clone()].trim_matches('"')))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::repository::planted::{library, repository};
    use super::*;

    fn dead(files: &[(&str, &str)]) -> Vec<String> {
        check(&repository(files, vec![library("a", &[], &[])])).into_iter().map(|found| found.path).collect()
    }

    #[test]
    fn a_file_that_no_mod_names_is_dead() {
        let found = dead(&[("crates/a/src/lib.rs", "// mod b;"), ("crates/a/src/b.rs", "")]);
        assert_eq!(found, ["crates/a/src/b.rs"]);
    }

    #[test]
    fn declared_files_are_alive() {
        let found = dead(&[
            (
                "crates/a/src/lib.rs",
                "mod b; mod c; mod d { mod e; } #[path = \"odd.rs\"] mod f; include!(\"g.rs\");",
            ),
            ("crates/a/src/b.rs", "pub(crate) mod inner;"),
            ("crates/a/src/b/inner.rs", ""),
            ("crates/a/src/c/mod.rs", "mod inner;"),
            ("crates/a/src/c/inner.rs", ""),
            ("crates/a/src/d/e.rs", ""),
            ("crates/a/src/odd.rs", ""),
            ("crates/a/src/g.rs", ""),
        ]);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn a_file_reached_only_through_a_test_module_is_a_test() {
        let repository = repository(
            &[
                ("crates/a/src/lib.rs", "mod b; #[cfg(test)] mod tests;"),
                ("crates/a/src/b.rs", ""),
                ("crates/a/src/tests.rs", "mod deep;"),
                ("crates/a/src/tests/deep.rs", ""),
            ],
            vec![library("a", &[], &[])],
        );
        let tests: Vec<_> =
            repository.sources.iter().filter(|(_, source)| source.is_test).map(|(path, _)| path).collect();
        assert_eq!(tests, ["crates/a/src/tests.rs", "crates/a/src/tests/deep.rs"]);
    }
}
