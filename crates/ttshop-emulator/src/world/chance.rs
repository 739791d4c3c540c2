//! Where ids and random draws come from.

use serde::{Deserialize, Serialize};

use crate::dice::{Dice, Stream};
use crate::world::number::Mint;

/// The mint and the dice of one owner: of the world itself or of one shop.
///
/// Each shop has its own, so that what happens in one shop never depends on how the calls of two shops interleave: the same
/// seed and the same script give a shop the same bytes, however many clients work on others.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Chance {
    pub(crate) mint: Mint,
    pub(crate) dice: Dice,
    /// Request ids.
    pub(crate) requests: Dice,
    /// Faults, and misfortunes of webhooks.
    pub(crate) chaos: Dice,
}

impl Chance {
    /// Owner 0 is the world.
    pub(crate) fn of(seed: u64, owner: u32) -> Self {
        Self {
            mint: Mint::of(owner),
            dice: Dice::of(seed, Stream::World, owner),
            requests: Dice::of(seed, Stream::Requests, owner),
            chaos: Dice::of(seed, Stream::Chaos, owner),
        }
    }
}
