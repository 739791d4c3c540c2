//! Changes inputs at random, repeatably.

use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// The longest input that is made.
pub(crate) const INPUT_BYTES_MAX: usize = 64 << 10;

/// The most changes between an input and the one it is made from.
const EDITS_MAX: usize = 5;

/// The most random bytes that are put in at once.
const NOISE_BYTES_MAX: usize = 16;

/// What parsers of JSON, queries and numbers stumble over.
const TOKENS: [&str; 40] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.5",
    "1e999",
    "1e-7",
    "0.1e1",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "-9223372036854775809",
    "\"\"",
    "\"1\"",
    "\" 7 \"",
    "\"****\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\\",
    "\"",
    "[]",
    "{}",
    "[[[[[[[[",
    "{\"data\":",
    "\"code\":",
    "\"type\":",
    ",",
    ":",
    "%",
    "%2",
    "%ff",
    "+",
    "&",
    "=",
    "&sign=",
    "\n",
    "\u{feff}",
    "\u{1f6d2}",
];

pub(crate) struct Mutator {
    rng: ChaCha8Rng,
}

impl Mutator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// One of `pool`.
    pub(crate) fn pick<'a>(&mut self, pool: &'a [Vec<u8>]) -> &'a [u8] {
        let index = self.below(pool.len());
        pool.get(index).map_or(&[], Vec::as_slice)
    }

    /// `input` with a few changes, some of which take from `other`.
    pub(crate) fn mutate(&mut self, input: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        for _ in 0..=self.below(EDITS_MAX) {
            self.edit(&mut bytes, other);
        }
        bytes.truncate(INPUT_BYTES_MAX);
        bytes
    }

    fn edit(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(bytes.len() + 1);
        match self.below(9) {
            0 => self.flip_bit(bytes),
            1 => self.insert(bytes, at),
            2 => {
                let token = self.token();
                bytes.splice(at..at, token.iter().copied());
            }
            3 => {
                let range = self.range(bytes.len());
                bytes.drain(range);
            }
            4 => {
                let range = self.range(bytes.len());
                let copy = bytes[range].to_vec();
                bytes.splice(at..at, copy);
            }
            5 => {
                let range = self.range(other.len());
                bytes.splice(at..at, other[range].iter().copied());
            }
            6 => {
                bytes.truncate(at);
                let from = self.below(other.len() + 1);
                bytes.extend_from_slice(&other[from..]);
            }
            7 => bytes.truncate(at),
            _ => self.replace_scalar(bytes, at),
        }
    }

    fn flip_bit(&mut self, bytes: &mut [u8]) {
        let at = self.below(bytes.len());
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << self.below(8);
        }
    }

    fn insert(&mut self, bytes: &mut Vec<u8>, at: usize) {
        let mut noise = vec![0; 1 + self.below(NOISE_BYTES_MAX)];
        self.rng.fill_bytes(&mut noise);
        bytes.splice(at..at, noise);
    }

    /// Puts a token in the place of the word or number around `at`, quotes included.
    fn replace_scalar(&mut self, bytes: &mut Vec<u8>, at: usize) {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"\"_.-*".contains(byte);
        let start = bytes[..at].iter().rposition(|byte| !is_part(byte)).map_or(0, |before| before + 1);
        let end =
            bytes[at..].iter().position(|byte| !is_part(byte)).map_or(bytes.len(), |length| at + length);
        let token = self.token();
        bytes.splice(start..end, token.iter().copied());
    }

    fn token(&mut self) -> &'static [u8] {
        TOKENS[self.below(TOKENS.len())].as_bytes()
    }

    /// A range inside a text of this length, most often a short one.
    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let longest = if self.below(4) == 0 { length } else { 32 };
        start..(start + self.below(longest + 1)).min(length)
    }

    /// A number below `bound`; 0 below 0.
    fn below(&mut self, bound: usize) -> usize {
        self.rng.random_range(0..bound.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_makes_the_same_inputs_and_another_seed_others() {
        let made = |seed| {
            let mut mutator = Mutator::new(seed);
            (0..200).map(|_| mutator.mutate(b"{\"code\":0}", b"other")).collect::<Vec<_>>()
        };
        assert_eq!(made(7), made(7));
        assert_ne!(made(7), made(8));
    }

    #[test]
    fn inputs_stay_bounded_and_empty_ones_can_be_changed() {
        let mut mutator = Mutator::new(7);
        let mut bytes = Vec::new();
        for _ in 0..20_000 {
            bytes = mutator.mutate(&bytes, b"{\"a\":[1,2,3]}");
            assert!(bytes.len() <= INPUT_BYTES_MAX);
        }
        assert!((0..200).any(|_| !mutator.mutate(b"", b"").is_empty()));
    }
}
