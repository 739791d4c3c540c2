//! Calls of one lane that wait, by class; classes are served by weight.

use std::collections::BTreeSet;

/// How urgent a call is. Each class has its share of what is permitted; what one does not use, the others get.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub enum Priority {
    /// A person waits for it.
    #[default]
    Command,
    /// Labels and stock: somebody packs, or sells what is no longer there.
    Fulfilment,
    /// What the platform just told about.
    Live,
    /// Regular comparison with the platform.
    Sweep,
    /// History.
    Backfill,
}

impl Priority {
    /// All, the most urgent first.
    pub const ALL: [Self; CLASSES] =
        [Self::Command, Self::Fulfilment, Self::Live, Self::Sweep, Self::Backfill];

    pub(super) const fn index(self) -> usize {
        match self {
            Self::Command => 0,
            Self::Fulfilment => 1,
            Self::Live => 2,
            Self::Sweep => 3,
            Self::Backfill => 4,
        }
    }
}

pub(super) const CLASSES: usize = 5;

/// What one call costs each class. The shares of 48, 24, 14, 8 and 6 in a hundred are the inverse of it.
const COSTS: [u64; CLASSES] = [700, 1_400, 2_400, 4_200, 5_600];

/// Chooses among classes in proportion to their shares, never saving up for a class that asked for nothing.
#[derive(Clone, Default, Debug)]
pub(super) struct Shares {
    passes: [u64; CLASSES],
    now: u64,
}

impl Shares {
    /// `class` begins to ask.
    pub(super) fn join(&mut self, class: usize) {
        self.passes[class] = self.passes[class].max(self.now);
    }

    /// The class to serve next out of those that ask.
    pub(super) fn choose(&self, asks: impl Fn(usize) -> bool) -> Option<usize> {
        (0..CLASSES).filter(|class| asks(*class)).min_by_key(|class| (self.passes[*class], *class))
    }

    /// `class` was served.
    pub(super) fn charge(&mut self, class: usize) {
        self.now = self.now.max(self.passes[class]);
        self.passes[class] += COSTS[class];
    }
}

/// The calls that wait in one lane.
#[derive(Default, Debug)]
pub(super) struct Queues {
    classes: [BTreeSet<u64>; CLASSES],
    shares: Shares,
    /// The timer that is set for the lane.
    pub(super) timer: Option<u64>,
    /// Its place among the lanes that could go on.
    pub(super) ready: Option<super::ready::Place>,
}

impl Queues {
    pub(super) fn len(&self, class: usize) -> usize {
        self.classes[class].len()
    }

    /// Tickets are numbered in the order in which they were given, so the first of a class waits longest.
    pub(super) fn add(&mut self, class: usize, ticket: u64) {
        if self.classes[class].is_empty() {
            self.shares.join(class);
        }
        self.classes[class].insert(ticket);
    }

    pub(super) fn remove(&mut self, class: usize, ticket: u64) {
        self.classes[class].remove(&ticket);
    }

    pub(super) fn next_class(&self) -> Option<usize> {
        self.shares.choose(|class| !self.classes[class].is_empty())
    }

    pub(super) fn take(&mut self, class: usize) -> Option<u64> {
        self.shares.charge(class);
        self.classes[class].pop_first()
    }
}
