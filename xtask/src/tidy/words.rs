//! Words that stand where they must not: unfinished work, tests that do not run, SQL, the environment, one machine's
//! paths and hosts, names that say nothing.

use super::lexer::{line_of, words};
use super::repository::{Repository, Source};
use super::violation::Violation;

/// Written in two halves, so that this file does not break its own rule.
const UNFINISHED_MARK: &str = concat!("FIX", "ME");
const UNFINISHED_MACROS: [&str; 2] = ["todo", "unimplemented"];
/// Files in which the mark is work left undone; prose may speak of it.
const CODE_EXTENSIONS: [&str; 6] = [".rs", ".py", ".sh", ".toml", ".sql", "run"];

/// Attributes that make a test easy to forget or easy to pass.
const TEST_ATTRIBUTES: [&str; 2] = ["ignore", "should_panic"];

/// Modules that nobody knows what to expect in.
const VAGUE_NAMES: [&str; 7] = ["utils", "util", "common", "helpers", "helper", "manager", "misc"];

/// The only crate that reads the environment.
const ENVIRONMENT_READER: &str = "crates/ttshop-cli/";
const ENVIRONMENT_FUNCTIONS: [&str; 4] = ["var", "var_os", "vars", "vars_os"];

/// Crates that speak SQL.
const SQL_CRATES: &str = "crates/hub-store-";

/// Directories of one machine; another one does not have them.
const MACHINE_DIRECTORIES: [&str; 4] =
    [concat!("/", "work/"), concat!("/", "root/"), concat!("/", "tmp/"), concat!("/", "Users/")];

/// What only a file that pins a package registry says.
const REGISTRY_WORDS: [&str; 8] = [
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("pypi.org", "/simple"),
    concat!("files.", "pythonhosted.org"),
    concat!("registry.", "npmjs.org"),
    concat!("--extra-", "index-url"),
    concat!("--index", "-url"),
    concat!("sparse", "+http"),
];

pub(crate) fn check(repository: &Repository) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (path, text) in &repository.texts {
        violations.extend(unfinished_mark(path, text));
        violations.extend(machine_words(path, text));
    }
    for (path, source) in &repository.sources {
        violations.extend(unfinished_macros(path, source));
        violations.extend(test_attributes(path, source));
        violations.extend(vague_name(path));
        violations.extend(sql(path, source));
        violations.extend(environment(path, source));
    }
    violations
}

fn unfinished_mark(path: &str, text: &str) -> Vec<Violation> {
    if !CODE_EXTENSIONS.iter().any(|extension| path.ends_with(extension)) {
        return Vec::new();
    }
    let marks = words(text, UNFINISHED_MARK).map(|at| line_of(text, at));
    marks
        .map(|line| Violation::new(path, line, format!("`{UNFINISHED_MARK}`"), "finish it or delete it"))
        .collect()
}

fn unfinished_macros(path: &str, source: &Source) -> Vec<Violation> {
    let code = &source.lexed.code;
    let mut violations = Vec::new();
    for name in UNFINISHED_MACROS {
        for at in words(code, name).filter(|at| code[at + name.len()..].starts_with('!')) {
            violations.push(Violation::new(path, line_of(code, at), format!("`{name}!`"), "write the code"));
        }
    }
    violations
}

fn test_attributes(path: &str, source: &Source) -> Vec<Violation> {
    let code = &source.lexed.code;
    let mut violations = Vec::new();
    for name in TEST_ATTRIBUTES {
        for at in words(code, name).filter(|at| code[..*at].ends_with("#[")) {
            let cure = "let the test run and assert on a value";
            violations.push(Violation::new(path, line_of(code, at), format!("`#[{name}]`"), cure));
        }
    }
    violations
}

fn vague_name(path: &str) -> Option<Violation> {
    let mut parts = path.trim_end_matches(".rs").split('/');
    let vague = parts.find(|part| VAGUE_NAMES.contains(part))?;
    Some(Violation::new(path, 1, format!("`{vague}` says nothing"), "name the module after the thing in it"))
}

fn machine_words(path: &str, text: &str) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if MACHINE_DIRECTORIES.iter().any(|directory| has_absolute_path(line, directory)) {
            let cure = "derive it from the manifest's directory or take it as an argument";
            violations.push(Violation::new(path, number, "an absolute path of one machine", cure));
        }
        if REGISTRY_WORDS.iter().any(|word| line.contains(word)) {
            let cure = "leave the registry to each machine's own configuration";
            violations.push(Violation::new(path, number, "the address of a package registry", cure));
        }
    }
    violations
}

/// `directory` at the start of a path, not in its middle.
fn has_absolute_path(line: &str, directory: &str) -> bool {
    line.match_indices(directory).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_alphanumeric() || "._-~/})>*".contains(c)))
    })
}

fn sql(path: &str, source: &Source) -> Vec<Violation> {
    if !path.starts_with("crates/") || path.starts_with(SQL_CRATES) || source.is_test || source.is_generated {
        return Vec::new();
    }
    let in_production = |start: &usize| source.production.len() > *start && !in_blanked_test(source, *start);
    let texts = source.lexed.strings.iter().filter(|range| in_production(&range.start));
    texts
        .filter(|range| is_sql(&source.lexed.without_comments[(*range).clone()]))
        .map(|range| {
            let line = line_of(&source.lexed.code, range.start);
            Violation::new(path, line, "SQL outside a store crate", "make it a verb of `hub_store::Store`")
        })
        .collect()
}

/// Whether a literal at `start` stands in code that only tests see.
fn in_blanked_test(source: &Source, start: usize) -> bool {
    super::tests_apart::test_items(&source.lexed.code).iter().any(|item| item.contains(&start))
}

fn is_sql(text: &str) -> bool {
    let text = text.replace(['\n', '\t', '\\'], " ");
    let both = |first: &str, second: &str| text.find(first).is_some_and(|at| text[at..].contains(second));
    both("SELECT ", " FROM ")
        || text.contains("INSERT INTO ")
        || text.contains("DELETE FROM ")
        || text.contains("CREATE TABLE ")
        || both("UPDATE ", " SET ")
        || text.contains("PRAGMA ")
}

/// Tests may, with a reason that clippy asks for: a test that starts itself again has no other way to tell.
fn environment(path: &str, source: &Source) -> Vec<Violation> {
    if path.starts_with(ENVIRONMENT_READER) || source.is_test {
        return Vec::new();
    }
    let code = &source.production;
    let calls = words(code, "env").filter(|at| {
        let called = code[at + 3..].strip_prefix("::");
        let name: String =
            called.unwrap_or_default().chars().take_while(|c| c.is_alphabetic() || *c == '_').collect();
        ENVIRONMENT_FUNCTIONS.contains(&name.as_str())
    });
    let cure = "take it as an argument; only `ttshop-cli` reads the environment";
    calls.map(|at| Violation::new(path, line_of(code, at), "a read of the environment", cure)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::repository::planted::{library, repository};
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        let name = path.split('/').nth(1).unwrap_or("a");
        let said = check(&repository(&[(path, text)], vec![library(name, &[], &[])]));
        said.into_iter().map(|violation| format!("{}: {}", violation.line, violation.what)).collect()
    }

    const NOTHING: &[&str] = &[];

    #[test]
    fn unfinished_work_fails() {
        let mark = format!("fn a() {{}}\n// {UNFINISHED_MARK}: later");
        assert_eq!(found("crates/a/src/lib.rs", &mark), [format!("2: `{UNFINISHED_MARK}`")]);
        assert_eq!(found("docs/a.md", &mark), NOTHING);
        let macros = "fn a() {\n    todo!()\n}\nfn b() { unimplemented!(\"x\") }\n// todo!()\nfn todo() {}";
        assert_eq!(found("crates/a/src/lib.rs", macros), ["2: `todo!`", "4: `unimplemented!`"]);
    }

    #[test]
    fn tests_that_do_not_run_or_only_panic_fail() {
        let source = "#[test]\n#[ignore]\nfn a() {}\n#[should_panic(expected = \"x\")]\nfn b() { ignore[0] }";
        assert_eq!(found("crates/a/src/lib.rs", source), ["2: `#[ignore]`", "4: `#[should_panic]`"]);
    }

    #[test]
    fn a_module_with_a_vague_name_fails() {
        for path in ["crates/a/src/utils.rs", "crates/a/src/helpers/mod.rs", "crates/common/src/lib.rs"] {
            assert_eq!(found(path, "").len(), 1, "{path}");
        }
        assert_eq!(found("crates/a/src/commons.rs", ""), NOTHING);
    }

    #[test]
    fn sql_outside_a_store_crate_fails() {
        let query = "fn a() { run(\"SELECT a\n FROM b\"); }";
        assert_eq!(found("crates/hub-engine/src/lib.rs", query), ["1: SQL outside a store crate"]);
        assert_eq!(found("crates/hub-store-sqlite/src/lib.rs", query), NOTHING);
        let of_a_test = format!("#[cfg(test)] mod tests {{ {query} }}");
        assert_eq!(found("crates/hub-engine/src/lib.rs", &of_a_test), NOTHING);
        let prose = "// SELECT a FROM b\nfn a() { say(\"please SELECT one and UPDATE it\") }";
        assert_eq!(found("crates/hub-engine/src/lib.rs", prose), NOTHING);
        let update = "fn a() { run(\"UPDATE a\n SET b = 1\"); run(\"INSERT INTO a\") }";
        assert_eq!(found("crates/hub-engine/src/lib.rs", update).len(), 2);
    }

    #[test]
    fn reading_the_environment_outside_the_cli_fails() {
        let read = "fn a() { std::env::var(\"A\"); env::vars_os(); env!(\"A\"); std::env::args(); }";
        assert_eq!(found("crates/hub-core/src/lib.rs", read).len(), 2);
        assert_eq!(found("crates/ttshop-cli/src/main.rs", read), NOTHING);
        let of_a_test = format!("#[cfg(test)] mod tests {{ {read} }}");
        assert_eq!(found("crates/hub-core/src/lib.rs", &of_a_test), NOTHING);
    }

    #[test]
    fn a_path_of_one_machine_fails() {
        for directory in MACHINE_DIRECTORIES {
            assert_eq!(found("a.md", &format!("ok\nin `{directory}a`")).len(), 1, "{directory}");
            assert_eq!(found("a.md", &format!("a{directory} $HOME{directory} ./a{directory}")), NOTHING);
        }
    }

    #[test]
    fn the_address_of_a_registry_fails() {
        for word in REGISTRY_WORDS {
            assert_eq!(
                found("tests/requirements.txt", word),
                ["1: the address of a package registry"],
                "{word}"
            );
        }
        assert_eq!(
            found("Cargo.lock", "source = \"registry+https://github.com/rust-lang/crates.io-index\""),
            NOTHING
        );
    }
}
