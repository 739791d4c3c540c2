//! Lanes that could make a call now and wait for room among the calls in flight: first by class, then shop by shop.

use std::collections::BTreeSet;

use super::queues::{CLASSES, Shares};

/// Where a lane stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) class: usize,
    /// The shop's turn.
    turn: u64,
    /// Among those of its operation that wait for room under its guard.
    pub(super) parked: bool,
}

impl Place {
    pub(super) fn parked(self) -> Self {
        Self { parked: true, ..self }
    }
}

/// All lanes that could go on.
#[derive(Default, Debug)]
pub(super) struct Ready {
    classes: [BTreeSet<(u64, u32)>; CLASSES],
    shares: Shares,
    /// The last turn that was served.
    turn: u64,
}

impl Ready {
    /// Puts `lane` in. A shop with many lanes gets one turn after the other, as a shop with one lane does: `shop_turn` is the
    /// last that its shop took.
    pub(super) fn add(&mut self, class: usize, lane: u32, shop_turn: &mut u64) -> Place {
        if self.classes[class].is_empty() {
            self.shares.join(class);
        }
        *shop_turn = (*shop_turn).max(self.turn) + 1;
        self.classes[class].insert((*shop_turn, lane));
        Place { class, turn: *shop_turn, parked: false }
    }

    pub(super) fn remove(&mut self, place: Place, lane: u32) {
        self.classes[place.class].remove(&(place.turn, lane));
    }

    /// The lane to serve next, with its class.
    pub(super) fn take(&mut self) -> Option<(usize, u32)> {
        let class = self.shares.choose(|class| !self.classes[class].is_empty())?;
        self.shares.charge(class);
        let (turn, lane) = self.classes[class].pop_first()?;
        self.turn = self.turn.max(turn);
        Some((class, lane))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.classes.iter().all(BTreeSet::is_empty)
    }
}
