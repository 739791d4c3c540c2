//! How much a shop lists.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::world::ProductNo;

/// How many products a shop has made, and under which keys.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Listing {
    pub(crate) keys: BTreeMap<String, ProductNo>,
    day: i64,
    count: u32,
}

impl Listing {
    const DAY: Duration = Duration::from_secs(24 * 3_600);

    fn day_of(now: Timestamp) -> i64 {
        now.as_seconds().div_euclid(i64::try_from(Self::DAY.as_secs()).unwrap_or(86_400))
    }

    /// Products made today.
    pub(crate) fn today(&self, now: Timestamp) -> u32 {
        if self.day == Self::day_of(now) { self.count } else { 0 }
    }

    /// One more.
    pub(crate) fn count(&mut self, now: Timestamp) {
        self.count = self.today(now) + 1;
        self.day = Self::day_of(now);
    }
}
