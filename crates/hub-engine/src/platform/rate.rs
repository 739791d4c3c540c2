//! How fast the hub calls.

use ttshop::{RateOptions, SchedulerOptions};

/// How many calls a second the hub makes, for each app, shop and operation. Where the platform permits less, its refusals are
/// believed, and the hub slows down to what holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallRate {
    /// Where the hub starts, at least 1. It goes faster while it has to and the platform permits it.
    pub start_per_second: u32,
    /// What it never exceeds: what the platform permits, as far as anybody knows.
    pub ceiling_per_second: u32,
}

impl Default for CallRate {
    /// The platform's published default, and a start somewhat below it.
    fn default() -> Self {
        Self { start_per_second: 40, ceiling_per_second: 50 }
    }
}

impl From<CallRate> for SchedulerOptions {
    fn from(rate: CallRate) -> Self {
        let known = RateOptions::known(rate.ceiling_per_second.saturating_mul(1_000));
        let start = rate.start_per_second.saturating_mul(1_000).min(known.ceiling);
        Self::from(RateOptions { start, ..known })
    }
}
