//! Opaque texts: keys, secrets, codes, tokens, ciphers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dice::{Dice, Stream, hash_more};

/// Makes the opaque texts of one world.
///
/// A text follows from the world, its owner and how many that owner had before: it does not depend on what other owners do
/// meanwhile, and no two worlds share one, whatever their seeds.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Secrets {
    seed: u64,
    /// Keeps worlds with the same seed apart.
    realm: u64,
    issued: BTreeMap<String, u64>,
}

impl Secrets {
    pub(crate) fn new(seed: u64, realm: u64) -> Self {
        Self { seed, realm, issued: BTreeMap::new() }
    }

    /// The owner's next text of letters and digits.
    pub(crate) fn text(&mut self, owner: &str, length: usize) -> String {
        self.next(owner).text(length)
    }

    /// The owner's next text of hexadecimal digits.
    pub(crate) fn hex(&mut self, owner: &str, length: usize) -> String {
        self.next(owner).hex(length)
    }

    /// The owner's next number below `bound`.
    pub(crate) fn below(&mut self, owner: &str, bound: u64) -> u64 {
        self.next(owner).below(bound)
    }

    /// The owner's next cipher of a shop or a category.
    pub(crate) fn cipher(&mut self, owner: &str) -> String {
        let mut dice = self.next(owner);
        format!("EMU_{}+{}/{}==", dice.text(14), dice.text(10), dice.text(8))
    }

    fn next(&mut self, owner: &str) -> Dice {
        let issued = match self.issued.get_mut(owner) {
            Some(issued) => issued,
            None => self.issued.entry(owner.to_owned()).or_default(),
        };
        *issued += 1;
        let parts = [self.seed.to_le_bytes(), self.realm.to_le_bytes(), issued.to_le_bytes()];
        Dice::new(hash_more(crate::dice::hash(parts.as_flattened()), owner.as_bytes()), Stream::World)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_do_not_disturb_each_other() {
        let (mut alone, mut busy) = (Secrets::new(7, 0), Secrets::new(7, 0));
        let first = (alone.text("a", 40), alone.text("a", 40));
        let second = (busy.text("a", 40), busy.text("b", 40), busy.text("a", 40));
        assert_eq!(first, (second.0, second.2));
        assert_ne!(first.0, first.1);
        assert_ne!(first.0, second.1);
    }

    #[test]
    fn worlds_share_no_secret() {
        assert_ne!(Secrets::new(7, 0).text("a", 40), Secrets::new(7, 1).text("a", 40));
        assert_ne!(Secrets::new(7, 0).text("a", 40), Secrets::new(8, 0).text("a", 40));
    }
}
