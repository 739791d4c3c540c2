//! How buyers came: through which kind of content, and whose.

use serde::Serialize;

use crate::dice::scatter;
use crate::world::order::Order;

/// What a buyer was looking at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Channel {
    Live,
    Video,
    ProductCard,
}

/// Whose content it was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Account {
    /// The shop's own.
    Official,
    /// A creator's.
    Affiliate,
}

impl Channel {
    pub(crate) const ALL: [Self; 3] = [Self::Live, Self::Video, Self::ProductCard];

    /// The channel of an order: always the same one.
    pub(crate) fn of(order: &Order) -> Self {
        match scatter(order.number.0) % 100 {
            0..25 => Self::Live,
            25..60 => Self::Video,
            _ => Self::ProductCard,
        }
    }

    /// Its place in [`Channel::ALL`].
    pub(crate) fn index(self) -> u64 {
        match self {
            Self::Live => 0,
            Self::Video => 1,
            Self::ProductCard => 2,
        }
    }
}

impl Account {
    pub(crate) const ALL: [Self; 2] = [Self::Official, Self::Affiliate];

    /// The account of an order: always the same one.
    pub(crate) fn of(order: &Order) -> Self {
        if scatter(order.number.0 ^ 0xaf) % 100 < 30 { Self::Affiliate } else { Self::Official }
    }

    /// Its digit in ids.
    pub(crate) fn digit(self) -> u64 {
        match self {
            Self::Official => 0,
            Self::Affiliate => 1,
        }
    }
}
