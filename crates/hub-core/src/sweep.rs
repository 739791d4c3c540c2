//! Sweeps: looking again, so that a lost notification costs time and never data.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::{ShopId, Timestamp};

use crate::Resource;

/// How far a sweep has looked: everything the platform updated before `until` was compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cursor {
    /// Whose.
    pub shop_id: ShopId,
    /// What.
    pub resource: Resource,
    /// Up to when, by the platform's `update_time`.
    pub until: Timestamp,
}

/// What one sweep found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SweepReport {
    /// Whose.
    pub shop_id: ShopId,
    /// What.
    pub resource: Resource,
    /// The window, lower end included.
    pub from_ms: i64,
    /// The window, upper end excluded.
    pub until_ms: i64,
    /// Entities the platform listed.
    pub seen: u64,
    /// Of these, unknown to the mirror.
    pub missing: u64,
    /// Of these, older in the mirror.
    pub outdated: u64,
    /// When it ended.
    pub finished_at_ms: i64,
}

impl SweepReport {
    /// What the sweep asked to be repaired.
    pub fn repaired(&self) -> u64 {
        self.missing + self.outdated
    }
}

/// How much of the past each sweep looks at again: search lags behind writes, and clocks differ.
pub const OVERLAP: Duration = Duration::from_secs(10 * 60);

/// The window of the next sweep: from the cursor less the overlap (or from `first`, at the start) to `now`, its upper end
/// excluded by the platform.
pub fn next_window(cursor: Option<Timestamp>, first: Timestamp, now: Timestamp) -> (Timestamp, Timestamp) {
    let from = cursor.map_or(first, |until| (until - OVERLAP).max(first));
    (from, now + Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_overlap() {
        let now = Timestamp::from_seconds(100_000);
        let (from, until) = next_window(Some(Timestamp::from_seconds(90_000)), Timestamp::EPOCH, now);
        assert_eq!(from, Timestamp::from_seconds(89_400));
        assert!(until > now);
    }

    #[test]
    fn the_first_window_begins_at_the_beginning() {
        let first = Timestamp::from_seconds(50_000);
        assert_eq!(next_window(None, first, Timestamp::from_seconds(60_000)).0, first);
        assert_eq!(next_window(Some(first), first, Timestamp::from_seconds(60_000)).0, first);
    }
}
