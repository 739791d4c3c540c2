//! A lexer just good enough to tell Rust code from comments and literals.

use std::ops::Range;

/// What a stretch of Rust source is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Comment,
    Text,
    Character,
}

/// A Rust source with its comments and literals found.
///
/// The views keep every byte's place, so that an offset means the same line in all of them.
pub(crate) struct Lexed {
    /// The source with comments, strings and characters blanked out.
    pub(crate) code: String,
    /// The source with comments blanked out.
    pub(crate) without_comments: String,
    /// Where the string literals stand.
    pub(crate) strings: Vec<Range<usize>>,
}

impl Lexed {
    pub(crate) fn new(source: &str) -> Self {
        let pieces = pieces(source);
        let ranges = |wanted: &[Kind]| -> Vec<Range<usize>> {
            pieces.iter().filter(|(kind, _)| wanted.contains(kind)).map(|(_, range)| range.clone()).collect()
        };
        Self {
            code: blank(source, &ranges(&[Kind::Comment, Kind::Text, Kind::Character])),
            without_comments: blank(source, &ranges(&[Kind::Comment])),
            strings: ranges(&[Kind::Text]),
        }
    }
}

/// The same text with spaces in place of `ranges`; line breaks stay.
pub(crate) fn blank(source: &str, ranges: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(source.len());
    let mut kept = 0;
    for range in ranges {
        out.push_str(&source[kept..range.start]);
        out.extend(source[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        kept = range.end;
    }
    out.push_str(&source[kept..]);
    out
}

/// The line, counted from one, of a byte offset.
pub(crate) fn line_of(source: &str, offset: usize) -> usize {
    source.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Where `word` stands alone in `code`, not as a part of a longer identifier.
pub(crate) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let bytes = code.as_bytes();
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = at.checked_sub(1).is_some_and(|index| is_word(bytes[index]));
        let after = bytes.get(at + word.len()).is_some_and(|byte| is_word(*byte));
        !before && !after
    })
}

/// The offset after the bracket that closes the one at `open`; `code` holds no literals.
pub(crate) fn after_closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return offset + 1;
                }
            }
            _ => {}
        }
    }
    code.len()
}

pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn pieces(source: &str) -> Vec<(Kind, Range<usize>)> {
    let bytes = source.as_bytes();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if let Some((kind, end)) = piece_at(bytes, at) {
            pieces.push((kind, at..end));
            at = end;
        } else if is_word(bytes[at]) {
            at += bytes[at..].iter().take_while(|byte| is_word(**byte)).count();
        } else {
            at += 1;
        }
    }
    pieces
}

/// The comment or literal that starts at `at`, if one does, and where it ends.
fn piece_at(bytes: &[u8], at: usize) -> Option<(Kind, usize)> {
    let rest = &bytes[at..];
    let starts = |prefix: &[u8]| rest.starts_with(prefix);
    if starts(b"//") {
        let length = rest.iter().take_while(|byte| **byte != b'\n').count();
        return Some((Kind::Comment, at + length));
    }
    if starts(b"/*") {
        return Some((Kind::Comment, at + block_comment_length(rest)));
    }
    if rest[0] == b'\'' {
        return character_length(rest).map(|length| (Kind::Character, at + length));
    }
    if starts(b"b'") {
        return character_length(&rest[1..]).map(|length| (Kind::Character, at + 1 + length));
    }
    let prefix = rest.iter().take_while(|byte| matches!(byte, b'b' | b'c' | b'r')).count();
    let raw = prefix > 0 && rest[prefix - 1] == b'r';
    let hashes = if raw { rest[prefix..].iter().take_while(|byte| **byte == b'#').count() } else { 0 };
    let open = prefix + hashes;
    if rest.get(open) != Some(&b'"') {
        return None;
    }
    let body = &rest[open + 1..];
    let length = if raw { raw_text_length(body, hashes) } else { text_length(body) };
    Some((Kind::Text, at + open + 1 + length))
}

fn block_comment_length(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// `None` for a lifetime or a label.
fn character_length(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        let closing = rest.get(3..)?.iter().position(|byte| *byte == b'\'')?;
        return Some(3 + closing + 1);
    }
    // A character is one to four bytes; a lifetime has no quote after it.
    let first = *rest.get(1)?;
    let width = match first {
        0xF0.. => 4,
        0xE0.. => 3,
        0xC0.. => 2,
        _ => 1,
    };
    (rest.get(1 + width) == Some(&b'\'')).then_some(width + 2)
}

fn text_length(body: &[u8]) -> usize {
    let mut at = 0;
    while at < body.len() {
        match body[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    body.len()
}

fn raw_text_length(body: &[u8], hashes: usize) -> usize {
    let closing = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
    body.windows(closing.len())
        .position(|window| window == closing)
        .map_or(body.len(), |at| at + closing.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, code: &str) {
        assert_eq!(Lexed::new(source).code, code, "of {source:?}");
    }

    #[test]
    fn comments_are_not_code() {
        check("a // b\nc", "a     \nc");
        check("a /* b /* c */ } */ d", "a                   d");
        check("a / b", "a / b");
    }

    #[test]
    fn strings_are_not_code() {
        check(r#"f("{ \" // }") g"#, "f(           ) g");
        check(r###"f(r#"a"b\"#) g"###, "f(         ) g");
        check(r#"f(b"x", c"y", br"\") g"#, "f(    ,     ,      ) g");
        check("f(\"\u{e9}\n\") g", "f(   \n ) g");
    }

    #[test]
    fn characters_are_not_code_and_lifetimes_are() {
        check("f('{', b'}', '\\'', '\\u{7d}', '\u{20ac}')", "f(   ,     ,     ,         ,      )");
        check("fn f<'a>(x: &'a str) { 'l: loop {} }", "fn f<'a>(x: &'a str) { 'l: loop {} }");
    }

    #[test]
    fn an_identifier_before_a_quote_is_no_prefix() {
        check("for x in r#fn {} \"}\"", "for x in r#fn {}    ");
    }

    #[test]
    fn a_view_without_comments_keeps_strings() {
        let lexed = Lexed::new("a(\"b // c\") // d");
        assert_eq!(lexed.without_comments, "a(\"b // c\")     ");
        assert_eq!(lexed.strings.first(), Some(&(2..10)));
    }

    #[test]
    fn a_word_is_not_found_inside_another() {
        assert_eq!(words("serde serde_json my_serde ::serde::", "serde").collect::<Vec<_>>(), [0, 28]);
    }

    #[test]
    fn a_closing_bracket_is_the_matching_one() {
        assert_eq!(after_closing("a { (b) [c] } d", 2), 13);
    }
}
