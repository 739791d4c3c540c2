//! Hunting for secrets where none may be: logs, databases, metrics.

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Shorter secrets would be found by chance.
const SECRET_BYTES_MIN: usize = 8;

/// How much of the text before a leak is shown.
const CONTEXT_BYTES: usize = 120;

/// The secrets of one run, in every form in which one might be printed.
#[derive(Default)]
pub struct LeakHunt {
    needles: Vec<Needle>,
}

struct Needle {
    label: String,
    form: &'static str,
    bytes: Vec<u8>,
}

/// A secret that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leak {
    /// Where.
    pub place: String,
    /// Which secret, by its label.
    pub label: String,
    /// Raw, hex, base64 or a list of bytes.
    pub form: &'static str,
    /// What stands before it.
    pub before: String,
}

impl LeakHunt {
    /// Looks for this secret from now on.
    ///
    /// # Panics
    /// The secret is too short to be told from chance: the test is wrong.
    pub fn know(&mut self, label: &str, secret: &[u8]) {
        assert!(secret.len() >= SECRET_BYTES_MIN, "`{label}` has only {} bytes", secret.len());
        let already = |needle: &Needle| needle.form == "raw" && needle.bytes == secret;
        if self.needles.iter().any(already) {
            return;
        }
        let mut add = |form, bytes| self.needles.push(Needle { label: label.into(), form, bytes });
        add("raw", secret.to_vec());
        add("hex", hex::encode(secret).into_bytes());
        add("upper-case hex", hex::encode_upper(secret).into_bytes());
        let list: Vec<_> = secret.iter().map(u8::to_string).collect();
        add("list of bytes", list.join(", ").into_bytes());
        for offset in 0..3 {
            add("base64", base64_inside(secret, offset, &STANDARD_NO_PAD));
            add("url-safe base64", base64_inside(secret, offset, &URL_SAFE_NO_PAD));
        }
        let encoded = percent_encoded(secret);
        if encoded != secret {
            add("percent-encoded", encoded);
        }
    }

    /// How many secrets are known.
    pub fn secrets(&self) -> usize {
        self.needles.iter().filter(|needle| needle.form == "raw").count()
    }

    /// Every secret in `haystack`, once per form.
    pub fn search(&self, place: &str, haystack: &[u8]) -> Vec<Leak> {
        // Text is searched far faster than bytes; only what is no text is looked for byte by byte.
        let text = String::from_utf8_lossy(haystack);
        let found = self.needles.iter().filter_map(|needle| {
            let (hay, at) = match std::str::from_utf8(&needle.bytes) {
                Ok(word) => (text.as_bytes(), text.find(word)?),
                Err(_) => (haystack, find(haystack, &needle.bytes)?),
            };
            let before = String::from_utf8_lossy(&hay[at.saturating_sub(CONTEXT_BYTES)..at]).into_owned();
            Some(Leak { place: place.into(), label: needle.label.clone(), form: needle.form, before })
        });
        found.collect()
    }
}

impl std::fmt::Debug for LeakHunt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LeakHunt").field("secrets", &self.secrets()).finish_non_exhaustive()
    }
}

/// The digits of a secret that stands `offset` bytes into a longer text: its own digits, without those it shares with its
/// neighbours.
fn base64_inside(secret: &[u8], offset: usize, engine: &impl base64::Engine) -> Vec<u8> {
    let padded: Vec<u8> = std::iter::repeat_n(0, offset).chain(secret.iter().copied()).collect();
    let digits = engine.encode(&padded);
    let shared_before = [0, 2, 3][offset];
    let shared_after = usize::from(!padded.len().is_multiple_of(3));
    digits.as_bytes()[shared_before..digits.len() - shared_after].to_vec()
}

fn percent_encoded(secret: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    for byte in secret {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(byte) {
            encoded.push(*byte);
        } else {
            encoded.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    encoded
}

/// The first place of `needle`; looks for its first byte before it compares the rest.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(step) = haystack.get(from..)?.iter().position(|byte| *byte == first) {
        let at = from + step;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
