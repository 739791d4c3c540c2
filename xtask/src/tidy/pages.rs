//! Pages and lines that must exist for something else that exists.

use std::collections::BTreeMap;
use std::ops::Range;

use super::lexer::line_of;
use super::repository::{Repository, Source};
use super::violation::Violation;

const README: &str = "README.md";
const ERROR_PAGES: &str = "docs/errors/";
/// `HUB0007`
const CODE_PREFIX: &str = "HUB";
const CODE_DIGITS: usize = 4;

pub(crate) fn check(repository: &Repository) -> Vec<Violation> {
    let mut violations = unlisted_crates(repository);
    violations.extend(error_pages(repository));
    violations
}

/// Every crate has a line in the README that says what it is.
fn unlisted_crates(repository: &Repository) -> Vec<Violation> {
    let readme = repository.texts.get(README).map_or("", String::as_str);
    let missing = repository.crates.iter().filter(|owner| !readme.contains(&format!("`{}`", owner.name)));
    missing
        .map(|owner| {
            let cure = format!("add a line with `{}` to its list of crates", owner.name);
            Violation::new(README, 1, format!("the crate `{}` is not listed", owner.name), cure)
        })
        .collect()
}

/// Every code that a hub crate can say has a page, and every page a code.
fn error_pages(repository: &Repository) -> Vec<Violation> {
    let codes = hub_codes(repository);
    let page_of = |code: &str| format!("{ERROR_PAGES}{code}.md");
    let mut violations = Vec::new();
    for (code, (path, line)) in &codes {
        let page = page_of(code);
        if !repository.texts.contains_key(&page) {
            violations.push(Violation::new(
                path,
                *line,
                format!("`{code}` has no page"),
                format!("write {page}"),
            ));
        }
    }
    for page in repository.texts.keys().filter(|path| path.starts_with(ERROR_PAGES)) {
        let name = page.trim_start_matches(ERROR_PAGES).trim_end_matches(".md");
        if code_at(name, 0).is_some() && !codes.contains_key(name) {
            violations.push(Violation::new(
                page,
                1,
                format!("no hub crate says `{name}`"),
                "delete the page",
            ));
        }
    }
    violations
}

/// The codes in the hub crates' sources, tests apart, with the first place of each.
fn hub_codes(repository: &Repository) -> BTreeMap<String, (&str, usize)> {
    let mut codes = BTreeMap::new();
    let hub =
        repository.sources.iter().filter(|(path, source)| path.starts_with("crates/hub-") && !source.is_test);
    for (path, source) in hub {
        let text = &source.lexed.without_comments;
        for (at, _) in text.match_indices(CODE_PREFIX) {
            if let Some(code) = code_at(text, at) {
                codes.entry(code.to_owned()).or_insert_with(|| (path.as_str(), line_of(text, at)));
            }
        }
        for (number, at) in joined_numbers(source) {
            codes
                .entry(format!("{CODE_PREFIX}{number}"))
                .or_insert_with(|| (path.as_str(), line_of(text, at)));
        }
    }
    codes
}

/// The numbers of a source that joins its codes from the prefix and literals of four digits.
fn joined_numbers(source: &Source) -> Vec<(&str, usize)> {
    let literal = |range: &Range<usize>| source.lexed.without_comments[range.clone()].trim_matches('"');
    let strings = &source.lexed.strings;
    if !strings.iter().any(|range| literal(range) == CODE_PREFIX) {
        return Vec::new();
    }
    let is_number = |text: &str| text.len() == CODE_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    strings.iter().map(|range| (literal(range), range.start)).filter(|(text, _)| is_number(text)).collect()
}

/// The code that starts at `at`: the prefix and exactly four digits.
fn code_at(text: &str, at: usize) -> Option<&str> {
    let digits = text[at..].strip_prefix(CODE_PREFIX)?;
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    (count == CODE_DIGITS).then(|| &text[at..at + CODE_PREFIX.len() + CODE_DIGITS])
}

#[cfg(test)]
mod tests {
    use super::super::repository::planted::{library, repository};
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let said = check(&repository(files, vec![library("hub-core", &[], &[])]));
        said.iter().map(Violation::to_string).collect()
    }

    const SOURCE: &str = "crates/hub-core/src/lib.rs";

    #[test]
    fn a_crate_without_a_line_in_the_readme_fails() {
        assert_eq!(found(&[(README, "- `hub-core`: the heart")]), Vec::<String>::new());
        let said = found(&[(README, "- hub-core-x and `hub-corex`")]);
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("README.md:1: the crate `hub-core` is not listed,"), "{said:?}");
        assert_eq!(found(&[]).len(), 1, "a missing README lists nothing");
    }

    #[test]
    fn a_code_without_a_page_fails() {
        let said =
            found(&[(README, "`hub-core`"), (SOURCE, "\nconst A: &str = \"HUB0007 HUB00091\"; // HUB0008")]);
        assert_eq!(
            said,
            ["crates/hub-core/src/lib.rs:2: `HUB0007` has no page, write docs/errors/HUB0007.md"]
        );
    }

    #[test]
    fn a_code_may_be_joined_from_its_prefix_and_its_number() {
        let source = "codes! { A \"0007\" }\nconcat!(\"HUB\", $number)";
        let said = found(&[(README, "`hub-core`"), (SOURCE, source)]);
        assert_eq!(
            said,
            ["crates/hub-core/src/lib.rs:1: `HUB0007` has no page, write docs/errors/HUB0007.md"]
        );
        assert_eq!(found(&[(README, "`hub-core`"), (SOURCE, "f(\"0007\")")]), Vec::<String>::new());
    }

    #[test]
    fn a_page_without_a_code_fails() {
        let said = found(&[
            (README, "`hub-core`"),
            (SOURCE, "const A: &str = \"HUB0007\";"),
            ("docs/errors/HUB0007.md", ""),
            ("docs/errors/HUB0009.md", ""),
            ("docs/errors/README.md", ""),
        ]);
        assert_eq!(said, ["docs/errors/HUB0009.md:1: no hub crate says `HUB0009`, delete the page"]);
    }
}
