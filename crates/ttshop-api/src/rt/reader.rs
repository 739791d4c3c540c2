//! Reading JSON text, driven by the models themselves.
//!
//! A [`Reader`] goes through a text once, from value to value, and whoever wants a value says of what kind. It is no
//! `Deserializer`: a visitor for every kind of value in every model is what serde asks for, and it costs build time, size and
//! speed. Grammar is held as strictly as `serde_json` holds it; what a value means is the business of its field.

use std::borrow::Cow;

use serde::de::{Error as _, IgnoredAny};

use super::scalar::Scalar;
use super::unescape::unescape;

/// How deep values may lie in what is passed over.
const DEPTH_MAX: u32 = 128;

/// The text is no JSON; [`Reader::explain`] says where.
#[derive(Debug)]
pub(crate) struct NotJson;

/// A JSON text and a place in it.
#[derive(Debug)]
pub(crate) struct Reader<'text> {
    text: &'text str,
    at: usize,
}

impl<'text> Reader<'text> {
    pub(crate) fn new(text: &'text str) -> Self {
        Self { text, at: 0 }
    }

    /// What begins here, behind white space; none at the end.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// Takes `byte`, behind white space.
    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> Result<(), NotJson> {
        if self.take_if(byte) { Ok(()) } else { Err(NotJson) }
    }

    /// Takes `byte` if it is next, behind white space.
    #[inline]
    pub(crate) fn take_if(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Takes `name` in its quotes if exactly that is next.
    #[inline]
    pub(crate) fn take_name(&mut self, name: &str) -> bool {
        let end = self.at + name.len() + 1;
        let bytes = self.text.as_bytes();
        let found = bytes.get(end) == Some(&b'"') && bytes.get(self.at + 1..end) == Some(name.as_bytes());
        if found {
            self.at = end + 1;
        }
        found
    }

    /// Behind an item: whether another one follows before `close`.
    #[inline]
    pub(crate) fn more(&mut self, close: u8) -> Result<bool, NotJson> {
        if self.take_if(b',') { Ok(true) } else { self.take(close).map(|()| false) }
    }

    /// Nothing but white space follows.
    pub(crate) fn end(&mut self) -> Result<(), NotJson> {
        if self.peek().is_none() { Ok(()) } else { Err(NotJson) }
    }

    /// A text.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Cow<'text, str>, NotJson> {
        self.take(b'"')?;
        let start = self.at;
        self.at = special(self.text.as_bytes(), start);
        match self.text.as_bytes().get(self.at) {
            Some(b'"') => {
                let text = &self.text[start..self.at];
                self.at += 1;
                Ok(Cow::Borrowed(text))
            }
            Some(b'\\') => self.escaped(start).map(Cow::Owned),
            _ => Err(NotJson),
        }
    }

    /// A text with escapes, from `start` on.
    #[cold]
    fn escaped(&mut self, start: usize) -> Result<String, NotJson> {
        self.pass_string()?;
        unescape(&self.text[start..self.at - 1]).ok_or(NotJson)
    }

    /// Passes over the rest of a text.
    fn pass_string(&mut self) -> Result<(), NotJson> {
        loop {
            self.at = special(self.text.as_bytes(), self.at);
            match self.text.as_bytes().get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.pass_escape()?,
                _ => return Err(NotJson),
            }
        }
    }

    #[cold]
    fn pass_escape(&mut self) -> Result<(), NotJson> {
        let length = match self.text.as_bytes()[self.at + 1..] {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(u8::is_ascii_hexdigit) => 6,
            _ => return Err(NotJson),
        };
        self.at += length;
        Ok(())
    }

    /// A scalar; lists, objects and null are passed over.
    #[inline]
    pub(crate) fn scalar(&mut self) -> Result<Scalar<'text>, NotJson> {
        match self.peek() {
            Some(b'"') => self.string().map(Scalar::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Scalar::Number),
            Some(b't') => self.word("true").map(|()| Scalar::Boolean(true)),
            Some(b'f') => self.word("false").map(|()| Scalar::Boolean(false)),
            _ => self.skip().map(|()| Scalar::Nothing),
        }
    }

    /// A scalar as text; see [`Scalar::into_cow`].
    #[inline]
    pub(crate) fn text(&mut self) -> Result<Option<Cow<'text, str>>, NotJson> {
        if self.peek() == Some(b'"') { self.string().map(Some) } else { self.scalar().map(Scalar::into_cow) }
    }

    /// A number as it is written.
    fn number(&mut self) -> Result<&'text str, NotJson> {
        let start = self.at;
        self.at += usize::from(self.text.as_bytes()[start] == b'-');
        let leads_with_zero = self.text.as_bytes().get(self.at) == Some(&b'0');
        let whole = self.digits()?;
        if leads_with_zero && whole > 1 {
            return Err(NotJson);
        }
        if self.text.as_bytes().get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.text.as_bytes().get(self.at) {
            self.at += 1;
            self.at += usize::from(matches!(self.text.as_bytes().get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    /// At least one digit; how many.
    #[inline]
    fn digits(&mut self) -> Result<usize, NotJson> {
        let start = self.at;
        while self.text.as_bytes().get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at > start { Ok(self.at - start) } else { Err(NotJson) }
    }

    fn word(&mut self, word: &str) -> Result<(), NotJson> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return Err(NotJson);
        }
        self.at = end;
        Ok(())
    }

    /// Any value as it is written.
    pub(crate) fn raw(&mut self) -> Result<&'text str, NotJson> {
        self.written(Self::skip)
    }

    /// The text of a value that `read` takes.
    #[inline]
    pub(crate) fn written(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<(), NotJson>,
    ) -> Result<&'text str, NotJson> {
        self.peek();
        let start = self.at;
        read(self)?;
        Ok(&self.text[start..self.at])
    }

    /// Passes over any value.
    pub(crate) fn skip(&mut self) -> Result<(), NotJson> {
        self.skip_at(0)
    }

    fn skip_at(&mut self, depth: u32) -> Result<(), NotJson> {
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                self.pass_string()
            }
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            Some(b'{') if depth < DEPTH_MAX => self.skip_items(b'}', depth),
            Some(b'[') if depth < DEPTH_MAX => self.skip_items(b']', depth),
            _ => Err(NotJson),
        }
    }

    /// Passes over an object or a list, which begins here.
    fn skip_items(&mut self, close: u8, depth: u32) -> Result<(), NotJson> {
        self.at += 1;
        if self.take_if(close) {
            return Ok(());
        }
        loop {
            if close == b'}' {
                self.take(b'"')?;
                self.pass_string()?;
                self.take(b':')?;
            }
            self.skip_at(depth + 1)?;
            if !self.more(close)? {
                return Ok(());
            }
        }
    }
}

/// What is wrong with `text`, in the words of `serde_json`, whose errors callers know.
#[cold]
pub(crate) fn explain(text: &str) -> serde_json::Error {
    let grammar = serde_json::from_str::<IgnoredAny>(text).err();
    // Values are read more strictly than they are passed over: depth, and numbers beyond all bounds.
    let value = || serde_json::from_str::<serde_json::Value>(text).err();
    grammar.or_else(value).unwrap_or_else(|| serde_json::Error::custom("values lie too deep"))
}

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGHS: u64 = ONES << 7;

/// Where the first byte is that does not simply belong to a text: a quote, a backslash, a control character; else the end.
///
/// Eight bytes at a time: subtracting one borrows from a byte's highest bit only where the byte was zero, and the lowest such
/// byte is never a false one.
#[inline]
fn special(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * 0x22);
        let backslash = word ^ (ONES * 0x5c);
        let found = (word.wrapping_sub(ONES * 0x20) & !word)
            | (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash);
        let found = found & HIGHS;
        if found != 0 {
            return at + usize::try_from(found.trailing_zeros() / 8).expect("below eight");
        }
        at += 8;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(is_special).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Passing over `text` and reading it as scalars ends as `serde_json` ends.
    fn check(text: &str) {
        let expected = serde_json::from_str::<IgnoredAny>(text).is_ok();
        let mut reader = Reader::new(text);
        assert_eq!(reader.skip().and_then(|()| reader.end()).is_ok(), expected, "{text:?} passed over");
        let mut reader = Reader::new(text);
        assert_eq!(reader.scalar().and_then(|_| reader.end()).is_ok(), expected, "{text:?} as a scalar");
    }

    #[test]
    fn grammar_is_that_of_serde_json() {
        let pieces = [
            "",
            " ",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\"a\"",
            "\"a\":",
            "null",
            "nul",
            "true",
            "false",
            "0",
            "01",
            "-",
            "-0",
            "1.",
            "1.5",
            "1e",
            "1e5",
            "1E+5",
            "1e-",
            ".5",
            "+1",
            "\"\\n\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12aF\"",
            "\"\u{1f}\"",
            "\"\u{7f}é\"",
            "\"12345678\"",
            "\"1234567\\\"\"",
            "\"eight by\u{0}\"",
            "\u{a0}",
            "\n\t\r",
        ];
        for first in pieces {
            check(first);
            for second in pieces {
                check(&format!("{first}{second}"));
                check(&format!("[{first},{second}]"));
                check(&format!("{{\"k\":{first} , \"l\" : {second}}}"));
                for third in pieces {
                    check(&format!("{first}{second}{third}"));
                }
            }
        }
    }

    #[test]
    fn texts_end_at_their_quote_wherever_it_lies() {
        for length in 0..40 {
            let text = "é".repeat(length % 3) + &"x".repeat(length);
            for tail in ["", ",", ",1234567890"] {
                let json = format!("\"{text}\"{tail}");
                let mut reader = Reader::new(&json);
                assert_eq!(reader.string().unwrap(), text);
                assert_eq!(&json[reader.at..], tail);
            }
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Reader::new(&deep(128)).skip().is_ok());
        let text = deep(100_000);
        assert!(Reader::new(&text).skip().is_err());
        assert!(!explain(&text).to_string().is_empty());
    }
}
