//! What the scheduler knows, for metrics and estimates.

use std::time::Duration;

use super::BudgetKey;

/// The whole scheduler at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Every key that is remembered.
    pub keys: Vec<KeySnapshot>,
    /// Calls that were permitted and have not ended.
    pub in_flight: u32,
    /// How many may be in flight now; it is smaller than configured while the platform is slow or fails.
    pub in_flight_limit: u32,
    /// Calls that wait.
    pub waiting: usize,
}

/// One key at one moment.
#[derive(Clone, Debug)]
pub struct KeySnapshot {
    /// The key.
    pub key: BudgetKey,
    /// The rate learnt so far, in thousandths of a call a second.
    pub milli_per_second: u32,
    /// Calls that wait, by [`Priority`](super::Priority), the most urgent first.
    pub waiting: [usize; 5],
    /// Calls that were permitted and have not ended.
    pub in_flight: u32,
    /// Calls permitted so far.
    pub granted: u64,
    /// Calls that the platform refused for their rate.
    pub refused: u64,
    /// The time until the key's next call is due.
    pub next_in: Duration,
}

impl KeySnapshot {
    /// How long so many more calls take at the rate learnt so far, behind those that wait already.
    pub fn time_for(&self, calls: u64) -> Duration {
        let waiting: usize = self.waiting.iter().sum();
        let calls = calls.saturating_add(u64::try_from(waiting).unwrap_or(u64::MAX));
        let rate = u64::from(self.milli_per_second.max(1));
        self.next_in + Duration::from_millis(calls.saturating_mul(1_000_000) / rate)
    }
}
