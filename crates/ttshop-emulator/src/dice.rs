//! Seeded randomness: the same seed and the same script give the same bytes.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Letters and digits of opaque texts.
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A seeded generator. Each purpose has its own stream, so that one more call does not change the next order.
#[derive(Debug)]
pub(crate) struct Dice {
    seed: u64,
    stream: Stream,
    owner: u32,
    generator: ChaCha8Rng,
}

/// What a generator is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Stream {
    /// Ids, tokens, prices, buyers.
    World,
    /// Request ids.
    Requests,
    /// Lost, late and repeated webhooks; faults.
    Chaos,
    /// Creators and partners.
    Accounts,
}

/// Where a generator stands, for snapshots.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DicePosition {
    seed: u64,
    stream: Stream,
    owner: u32,
    /// As text: JSON numbers end before 68 bits.
    word: String,
}

impl Dice {
    /// The generator of the world itself.
    pub(crate) fn new(seed: u64, stream: Stream) -> Self {
        Self::of(seed, stream, 0)
    }

    /// The generator of one owner: 0 is the world, the others are its shops. Callers of two shops do not disturb each other.
    pub(crate) fn of(seed: u64, stream: Stream, owner: u32) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        let purpose = match stream {
            Stream::World => 0,
            Stream::Requests => 1,
            Stream::Chaos => 2,
            Stream::Accounts => 3,
        };
        generator.set_stream(u64::from(owner) << 2 | purpose);
        Self { seed, stream, owner, generator }
    }

    /// What the whole world was drawn from.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    pub(crate) fn position(&self) -> DicePosition {
        let word = self.generator.get_word_pos().to_string();
        DicePosition { seed: self.seed, stream: self.stream, owner: self.owner, word }
    }

    /// Goes on where [`Dice::position`] was taken; `None` if the position was tampered with.
    pub(crate) fn resume(position: &DicePosition) -> Option<Self> {
        let mut dice = Self::of(position.seed, position.stream, position.owner);
        dice.generator.set_word_pos(position.word.parse().ok()?);
        Some(dice)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.generator.next_u64()
    }

    /// A number below `bound`, which is not zero.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        scale(self.number(), bound)
    }

    /// True in `percent` of a hundred throws; it throws whatever the odds.
    pub(crate) fn percent_of(&mut self, percent: u8) -> bool {
        self.below(100) < u64::from(percent)
    }

    /// An opaque text of `length` letters and digits.
    pub(crate) fn text(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(ALPHABET[index_below(self.number(), ALPHABET.len())])).collect()
    }

    /// `length` lowercase hexadecimal digits.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(ALPHABET_HEX[index_below(self.number(), 16)])).collect()
    }
}

impl Serialize for Dice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.position().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Dice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let position = DicePosition::deserialize(deserializer)?;
        Self::resume(&position).ok_or_else(|| D::Error::custom("the generator's position is no number"))
    }
}

const ALPHABET_HEX: &[u8; 16] = b"0123456789abcdef";

/// Maps a whole 64-bit number evenly onto `0..bound`.
pub(crate) fn scale(number: u64, bound: u64) -> u64 {
    let product = u128::from(number) * u128::from(bound);
    u64::try_from(product >> 64).expect("the upper half of a 128-bit product fits 64 bits")
}

/// Maps a whole 64-bit number evenly onto the indexes of a list of `length`.
pub(crate) fn index_below(number: u64, length: usize) -> usize {
    let bound = u64::try_from(length).unwrap_or(u64::MAX);
    usize::try_from(scale(number, bound)).unwrap_or(0)
}

/// Spreads one number over all 64 bits; the same input always gives the same output.
pub(crate) fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// One number for a text (FNV-1a).
pub(crate) const fn hash(bytes: &[u8]) -> u64 {
    hash_more(0xcbf2_9ce4_8422_2325, bytes)
}

/// The number of a text that goes on.
pub(crate) const fn hash_more(mut hash: u64, mut bytes: &[u8]) -> u64 {
    while let [first, rest @ ..] = bytes {
        // A byte always fits; `From` is not const.
        hash = (hash ^ u64::from_le_bytes([*first, 0, 0, 0, 0, 0, 0, 0])).wrapping_mul(0x0100_0000_01b3);
        bytes = rest;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_text() {
        assert_eq!(Dice::new(7, Stream::World).text(40), Dice::new(7, Stream::World).text(40));
        assert_ne!(Dice::new(7, Stream::World).text(40), Dice::new(8, Stream::World).text(40));
        assert_ne!(Dice::new(7, Stream::World).text(40), Dice::new(7, Stream::Chaos).text(40));
    }

    #[test]
    fn a_resumed_generator_goes_on() {
        let mut dice = Dice::new(7, Stream::World);
        dice.number();
        let position = dice.position();
        let next = dice.number();
        assert_eq!(Dice::resume(&position).unwrap().number(), next);
    }

    #[test]
    fn below_stays_below() {
        let mut dice = Dice::new(1, Stream::World);
        assert!((0..1_000).all(|_| dice.below(3) < 3));
        assert_eq!(scale(u64::MAX, 3), 2);
    }

    #[test]
    fn percent_reaches_both_ends() {
        let mut dice = Dice::new(1, Stream::World);
        assert!((0..1_000).all(|_| dice.percent_of(100)));
        assert!(!(0..1_000).any(|_| dice.percent_of(0)));
    }
}
