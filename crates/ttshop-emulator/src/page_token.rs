//! Page tokens: opaque to the caller, bound to what is searched for (PLATFORM.md 6.1).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ttshop_types::Timestamp;

use crate::dice::{hash, scatter};

/// Where a search goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct PageToken {
    /// Where the next page begins, in the words of whoever searches.
    pub(crate) position: [u64; 2],
    /// Counted for the first page; later pages repeat it.
    pub(crate) total: u64,
    pub(crate) issued: Timestamp,
}

const WORDS: usize = 5;

impl PageToken {
    /// The token's text. `search` says what is searched for; the token works for nothing else.
    pub(crate) fn seal(&self, seed: u64, search: &[u8]) -> String {
        let key = search_key(seed, search);
        let [first, second] = self.position;
        let words = [first, second, self.total, self.issued.as_millis().cast_unsigned()];
        let check = words.iter().fold(key, |check, word| scatter(check ^ word));
        let mut bytes = Vec::with_capacity(WORDS * 8);
        for (word, mask) in words.into_iter().chain([check]).zip(masks(key)) {
            bytes.extend_from_slice(&(word ^ mask).to_be_bytes());
        }
        STANDARD.encode(bytes)
    }

    /// Reads a token of this search that is not older than `life`.
    pub(crate) fn open(text: &str, seed: u64, search: &[u8], now: Timestamp, life: Duration) -> Option<Self> {
        let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == WORDS * 8)?;
        let key = search_key(seed, search);
        let mut words = [0; WORDS];
        for ((word, chunk), mask) in words.iter_mut().zip(bytes.chunks_exact(8)).zip(masks(key)) {
            *word = u64::from_be_bytes(chunk.try_into().ok()?) ^ mask;
        }
        let [first, second, total, issued, check] = words;
        let expected = [first, second, total, issued].iter().fold(key, |check, word| scatter(check ^ word));
        let issued = Timestamp::from_millis(issued.cast_signed());
        let valid = check == expected && now.since(issued) <= life;
        valid.then_some(Self { position: [first, second], total, issued })
    }
}

/// One number for what is searched for, mixed with the world's seed.
fn search_key(seed: u64, search: &[u8]) -> u64 {
    scatter(hash(search) ^ scatter(seed))
}

/// Hides that most words of two tokens are the same.
fn masks(key: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(scatter(!key)), |mask| Some(scatter(*mask)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(60);

    #[test]
    fn a_token_opens_for_its_own_search_only() {
        let issued = Timestamp::from_seconds(1_700_000_000);
        let token = PageToken { position: [1_699_999_000, 576], total: 12, issued };
        let text = token.seal(7, b"search");
        assert_eq!(PageToken::open(&text, 7, b"search", issued, LIFE), Some(token));
        assert_eq!(PageToken::open(&text, 7, b"another", issued, LIFE), None);
        assert_eq!(PageToken::open(&text, 8, b"search", issued, LIFE), None);
        assert_eq!(PageToken::open(&text, 7, b"search", issued + LIFE + LIFE, LIFE), None);
        for broken in ["", "x", "AAAA", &text[1..]] {
            assert_eq!(PageToken::open(broken, 7, b"search", issued, LIFE), None, "{broken}");
        }
    }
}
