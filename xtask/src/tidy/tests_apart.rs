//! The parts of a source that only tests see.

use std::ops::Range;

use super::lexer::{after_closing, blank, words};

/// The code with every item under `#[cfg(test)]` blanked out; `code` holds no literals.
pub(crate) fn without_tests(code: &str) -> String {
    blank(code, &test_items(code))
}

/// Where the items under `#[cfg(test)]` stand, their attribute included.
pub(crate) fn test_items(code: &str) -> Vec<Range<usize>> {
    let mut items: Vec<Range<usize>> = Vec::new();
    for at in words(code, "cfg").filter(|at| is_test_attribute(code, *at)) {
        let Some(start) = code[..at].rfind('#') else { continue };
        if items.last().is_some_and(|item| item.contains(&start)) {
            continue;
        }
        items.push(start..item_end(code, after_closing(code, start + 1)));
    }
    items
}

/// Whether the whole file is under `#![cfg(test)]`.
pub(crate) fn is_test_file(code: &str) -> bool {
    let compact: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    compact.starts_with("#![cfg(test)]")
}

/// `cfg(test)` and `cfg(all(test, …))` name tests only; `cfg(any(test, …))` names more.
fn is_test_attribute(code: &str, cfg: usize) -> bool {
    let inside_attribute =
        code[..cfg].trim_end().strip_suffix('[').is_some_and(|before| before.ends_with('#'));
    let condition: String =
        code[cfg..after_closing(code, cfg)].chars().filter(|c| !c.is_whitespace()).collect();
    inside_attribute
        && (condition.starts_with("cfg(test)")
            || condition.starts_with("cfg(all(test,")
            || condition.starts_with("cfg(all(test)"))
}

/// Where the item that starts at `start` ends: at its first `;` or after its first braces.
fn item_end(code: &str, start: usize) -> usize {
    let mut at = start;
    while let Some(byte) = code.as_bytes().get(at) {
        match byte {
            b';' => return at + 1,
            b'{' => return after_closing(code, at),
            b'(' | b'[' => at = after_closing(code, at),
            _ => at += 1,
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_module_is_blanked() {
        let code = "fn a() {}\n#[cfg(test)]\n#[derive(X)]\nmod tests { fn b() { {} } }\nfn c() {}";
        let kept = without_tests(code);
        assert!(kept.contains("fn a()") && kept.contains("fn c()"), "{kept}");
        assert!(!kept.contains("fn b()") && !kept.contains("derive"), "{kept}");
        assert_eq!(kept.len(), code.len());
    }

    #[test]
    fn a_declared_test_module_is_blanked_to_its_semicolon() {
        assert_eq!(without_tests("#[cfg(all(test, unix))] mod t; fn c() {}").trim(), "fn c() {}");
    }

    #[test]
    fn a_condition_that_is_wider_than_tests_stays() {
        let code = "#[cfg(any(test, x))] mod t {} #[cfg(not(test))] fn c() {}";
        assert_eq!(without_tests(code), code);
    }

    #[test]
    fn a_call_is_no_attribute() {
        let code = "#[x] fn a() { [cfg(test)]; b() } fn c() {}";
        assert_eq!(without_tests(code), code);
    }

    #[test]
    fn a_test_file_is_known_by_its_first_attribute() {
        assert!(is_test_file("\n#![cfg(test)]\nfn a() {}"));
        assert!(!is_test_file("fn a() {}\n#[cfg(test)]\nmod t {}"));
    }
}
