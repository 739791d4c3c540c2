//! What the scheduler knows, for metrics and estimates.

use std::time::Duration;

use super::lane::Lane;
use super::permits::Permits;
use super::{BudgetKey, Priority};

/// The whole scheduler at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Every key that is remembered.
    pub keys: Vec<KeySnapshot>,
    /// Calls that were permitted and have not ended.
    pub in_flight: u32,
    /// How many may be in flight now of the operation that has the smallest bound; it is smaller than configured while the
    /// operation is slow or fails.
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

impl Permits {
    pub(super) fn snapshot(&self, now: u64) -> Snapshot {
        let limit = self.operations.in_flight_limit().unwrap_or(self.in_flight_max);
        Snapshot {
            keys: self.lanes.all().iter().map(|lane| self.key_snapshot(lane, now)).collect(),
            in_flight: self.in_flight,
            in_flight_limit: limit.min(self.in_flight_max),
            waiting: self.waiting(),
        }
    }

    pub(super) fn snapshot_of(&self, key: &BudgetKey, now: u64) -> Option<KeySnapshot> {
        let operation = self.operations.find(key.method, key.path)?;
        let place = usize::try_from(self.lanes.find(key, operation)?).ok()?;
        self.lanes.all().get(place).map(|lane| self.key_snapshot(lane, now))
    }

    fn key_snapshot(&self, lane: &Lane, now: u64) -> KeySnapshot {
        let waiting = |class: Priority| lane.queues.as_ref().map_or(0, |queues| queues.len(class.index()));
        let operation = self.operations.get(lane.operation);
        let (app_key, shop_id) = self.lanes.shop_of(lane);
        KeySnapshot {
            key: BudgetKey {
                app_key: app_key.clone(),
                shop_id: shop_id.cloned(),
                method: operation.method,
                path: operation.path,
            },
            milli_per_second: lane.rate.learnt(self.rules.rate(operation.rule)),
            waiting: Priority::ALL.map(waiting),
            in_flight: u32::from(lane.in_flight),
            granted: lane.granted,
            refused: u64::from(lane.refused),
            next_in: Duration::from_micros(lane.rate.next().saturating_sub(now)),
        }
    }
}
