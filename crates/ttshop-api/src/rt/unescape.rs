//! Escapes in JSON texts.

/// What stands between the quotes of a text, without its escapes; none when an escape is none.
///
/// Half a surrogate pair becomes the replacement character: one odd letter must not cost a page.
pub(super) fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('\\') {
        out.push_str(&rest[..place]);
        let mut letters = rest[place + 1..].chars();
        let letter = match letters.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (letter, length) = unicode(&rest[place..])?;
                out.push(letter);
                rest = &rest[place + length..];
                continue;
            }
            same @ ('"' | '\\' | '/') => same,
            _ => return None,
        };
        out.push(letter);
        rest = letters.as_str();
    }
    out.push_str(rest);
    Some(out)
}

/// The character at the start of `text`, and the length of its one or two escapes.
fn unicode(text: &str) -> Option<(char, usize)> {
    let first = unit(text)?;
    let pair = (0xd800..0xdc00).contains(&first).then(|| unit(text.get(6..)?)).flatten();
    let mut decoded = char::decode_utf16([Some(first), pair].into_iter().flatten());
    Some(match decoded.next()? {
        Ok(letter) => (letter, 6 * letter.len_utf16()),
        Err(_) => (char::REPLACEMENT_CHARACTER, 6),
    })
}

fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    // A sign would be read too.
    let all_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| all_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_mean_what_serde_json_says() {
        for text in [
            "",
            "plain",
            r#"\"\\\/\b\f\n\r\t"#,
            r"\u0041b\u00e9",
            r"a\ud83d\ude00z",
            r"\u0000",
            r"\uFFFF",
            "é\\u00e9é",
        ] {
            let expected: String = serde_json::from_str(&format!("\"{text}\"")).unwrap();
            assert_eq!(unescape(text).unwrap(), expected);
        }
    }

    #[test]
    fn half_a_pair_is_replaced() {
        assert_eq!(unescape(r"a\ud83dz").unwrap(), "a\u{fffd}z");
        assert_eq!(unescape(r"\ud83d\u0041").unwrap(), "\u{fffd}A");
        assert_eq!(unescape(r"\ude00").unwrap(), "\u{fffd}");
        assert_eq!(unescape(r"\ud83d\ud83d\ude00").unwrap(), "\u{fffd}\u{1f600}");
    }

    #[test]
    fn what_is_no_escape_is_refused() {
        for text in [r"\x", r"\u12", r"\u+123", "\\", r"\u00é"] {
            assert_eq!(unescape(text), None, "{text}");
        }
    }
}
