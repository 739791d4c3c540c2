//! How long a function and a file may be.

use super::lexer::{after_closing, is_word, line_of, words};
use super::repository::{Repository, Source};
use super::tests_apart::test_items;
use super::violation::Violation;

/// A function fits a screen: from its `fn` to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;
/// A file above this many lines, tests apart, does too much.
const FILE_LINES_MAX: usize = 500;
/// Above this many lines a file should be split soon.
const FILE_LINES_GOOD: usize = 400;

pub(crate) fn check(repository: &Repository) -> Vec<Violation> {
    let written = repository.sources.iter().filter(|(_, source)| !source.is_generated);
    let mut violations = Vec::new();
    for (path, source) in written {
        violations.extend(long_functions(path, &source.lexed.code));
        let lines = production_lines(repository, path, source);
        if lines > FILE_LINES_MAX {
            let what = format!("the file has {lines} lines apart from tests, {FILE_LINES_MAX} is the limit");
            violations.push(Violation::new(path, 1, what, "split it by the reasons to open it"));
        }
    }
    violations
}

/// Files that are allowed but too long for comfort.
pub(crate) fn notes(repository: &Repository) -> Vec<String> {
    let written = repository.sources.iter().filter(|(_, source)| !source.is_generated);
    written
        .map(|(path, source)| (path, production_lines(repository, path, source)))
        .filter(|(_, lines)| (FILE_LINES_GOOD + 1..=FILE_LINES_MAX).contains(lines))
        .map(|(path, lines)| format!("{path}: {lines} lines apart from tests, {FILE_LINES_GOOD} is the aim"))
        .collect()
}

/// Lines that are not a test's.
fn production_lines(repository: &Repository, path: &str, source: &Source) -> usize {
    if source.is_test {
        return 0;
    }
    let all = repository.texts.get(path).map_or(0, |text| text.lines().count());
    let code = &source.lexed.code;
    let of_tests: usize = test_items(code)
        .iter()
        .map(|item| line_of(code, item.end.saturating_sub(1)) - line_of(code, item.start) + 1)
        .sum();
    all.saturating_sub(of_tests)
}

fn long_functions(path: &str, code: &str) -> Vec<Violation> {
    let mut violations = Vec::new();
    for at in words(code, "fn") {
        let rest = code[at + 2..].trim_start();
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let Some(open) = body_start(code, at).filter(|_| rest.bytes().next().is_some_and(is_word)) else {
            continue;
        };
        let line = line_of(code, at);
        let lines = line_of(code, after_closing(code, open) - 1) - line + 1;
        if lines > FUNCTION_LINES_MAX {
            let what = format!("`{name}` has {lines} lines, {FUNCTION_LINES_MAX} is the limit");
            violations.push(Violation::new(path, line, what, "move its leaves into functions of their own"));
        }
    }
    violations
}

/// Where the body of the function at `start` opens; `None` for a declaration without one.
fn body_start(code: &str, start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        match code.as_bytes().get(at)? {
            b'{' => return Some(at),
            b';' | b'}' => return None,
            b'(' | b'[' => at = after_closing(code, at),
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::repository::planted::{library, repository};
    use super::*;

    const PATH: &str = "crates/a/src/lib.rs";

    fn found(source: &str) -> Vec<Violation> {
        check(&repository(&[(PATH, source)], vec![library("a", &[], &[])]))
    }

    fn function(lines: usize) -> String {
        format!("struct A;\n\nfn long() {{\n{}}}\n", "    x(\"}\"); // }\n".repeat(lines - 2))
    }

    #[test]
    fn a_function_of_seventy_lines_passes_and_one_more_fails() {
        assert_eq!(found(&function(70)), []);
        let said = found(&function(71));
        assert_eq!((said.len(), said[0].line), (1, 3));
        assert_eq!(said[0].what, "`long` has 71 lines, 70 is the limit");
    }

    #[test]
    fn a_long_test_function_fails_too() {
        let source = format!("#[cfg(test)]\nmod tests {{\n{}}}", function(71));
        assert_eq!(found(&source).len(), 1);
    }

    #[test]
    fn a_declaration_and_a_function_type_have_no_body() {
        let source =
            format!("trait A {{ fn a(x: [u8; 4]); type B = fn(u8); }}\nstruct B {{\n{}}}", "x,\n".repeat(80));
        assert_eq!(found(&source), []);
    }

    #[test]
    fn a_file_over_the_limit_fails_and_one_near_it_is_noted() {
        let lines = |count: usize| "const A: u8 = 1;\n".repeat(count);
        assert_eq!(found(&lines(500)), []);
        assert_eq!(found(&lines(501)).len(), 1);
        let near = repository(&[(PATH, &lines(401))], vec![library("a", &[], &[])]);
        assert_eq!(notes(&near).len(), 1);
        let good = repository(&[(PATH, &lines(400))], vec![library("a", &[], &[])]);
        assert_eq!(notes(&good), Vec::<String>::new());
    }

    #[test]
    fn tests_and_generated_files_do_not_count() {
        let tests =
            format!("const A: u8 = 1;\n#[cfg(test)]\nmod tests {{\n{}}}\n", "const A: u8 = 1;\n".repeat(600));
        assert_eq!(found(&tests), []);
        let long = "const A: u8 = 1;\n".repeat(600);
        let apart = [(PATH, "#[cfg(test)] mod tests;"), ("crates/a/src/tests.rs", &long)];
        assert_eq!(check(&repository(&apart, vec![library("a", &[], &[])])), []);
        let generated = [(PATH, "mod generated;"), ("crates/a/src/generated/mod.rs", &long)];
        assert_eq!(check(&repository(&generated, vec![library("a", &[], &[])])), []);
    }
}
