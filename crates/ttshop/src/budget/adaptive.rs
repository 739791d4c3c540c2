//! A budget that finds the platform's hidden limit: it grows by one call a second each second, and shrinks to 70 % when the
//! platform refuses.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_core::future::BoxFuture;
use ttshop_clock::Clock;

use super::{Budget, BudgetError, BudgetKey, Usage};

/// How many keys are remembered; beyond it, those with a full allowance are forgotten.
pub const BUDGET_KEYS_MAX: usize = 100_000;

/// Rates of an [`AdaptiveBudget`], in thousandths of a call a second.
#[derive(Clone, Copy, Debug)]
pub struct RateOptions {
    /// Where a new key starts.
    pub start: u64,
    /// Where it never goes below.
    pub floor: u64,
    /// Where it never goes above.
    pub ceiling: u64,
}

impl Default for RateOptions {
    fn default() -> Self {
        Self { start: 10_000, floor: 200, ceiling: 50_000 }
    }
}

/// The additive increase: thousandths of a call a second, each second.
const INCREASE: u64 = 1_000;

/// The multiplicative decrease, in hundredths.
const DECREASE_TO: u64 = 70;

/// Refusals within this time after a decrease belong to the same overload.
const DECREASE_PAUSE: Duration = Duration::from_secs(1);

/// Calls that an idle key may make at once: this share of one second's rate, as a divisor, and at least one.
const BURST_DIVISOR: u64 = 5;

/// An adaptive budget in this process.
#[derive(Debug)]
pub struct AdaptiveBudget {
    options: RateOptions,
    clock: Arc<dyn Clock>,
    rates: Mutex<HashMap<BudgetKey, Rate>>,
}

impl AdaptiveBudget {
    /// A budget that measures time with `clock`.
    pub fn new(options: RateOptions, clock: Arc<dyn Clock>) -> Self {
        Self { options, clock, rates: Mutex::default() }
    }

    fn with<T>(&self, key: &BudgetKey, act: impl FnOnce(&mut Rate, Duration) -> T) -> T {
        let now = self.clock.monotonic();
        let mut rates = self.rates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rate) = rates.get_mut(key) {
            return act(rate, now);
        }
        if rates.len() >= BUDGET_KEYS_MAX {
            rates.retain(|_, rate| rate.next > now);
        }
        act(rates.entry(key.clone()).or_insert_with(|| Rate::new(self.options, now)), now)
    }
}

impl Budget for AdaptiveBudget {
    fn acquire<'a>(
        &'a self,
        key: &'a BudgetKey,
        patience: Duration,
    ) -> BoxFuture<'a, Result<(), BudgetError>> {
        Box::pin(async move {
            let wait = self.with(key, |rate, now| rate.take(now, patience))?;
            if !wait.is_zero() {
                self.clock.sleep(wait).await;
            }
            Ok(())
        })
    }

    fn report(&self, key: &BudgetKey, usage: Usage) {
        self.with(key, |rate, now| rate.report(now, usage));
    }
}

/// The state of one key: a sequence of slots, one every `1 / rate`.
#[derive(Debug)]
struct Rate {
    options: RateOptions,
    /// Thousandths of a call a second.
    rate: u64,
    /// When the next free slot lies; in the past while the allowance was not used.
    next: Duration,
    increased_at: Duration,
    decreased_at: Option<Duration>,
}

impl Rate {
    fn new(options: RateOptions, now: Duration) -> Self {
        Self { options, rate: options.start, next: now, increased_at: now, decreased_at: None }
    }

    /// Takes the next slot and says how long to wait for it, unless that is too long.
    fn take(&mut self, now: Duration, patience: Duration) -> Result<Duration, BudgetError> {
        let slot = Duration::from_secs(1_000) / u32::try_from(self.rate.max(1)).unwrap_or(u32::MAX);
        let burst = (self.rate / 1_000 / BURST_DIVISOR).max(1);
        let earliest = now.saturating_sub(slot * u32::try_from(burst - 1).unwrap_or(0));
        let taken = self.next.max(earliest);
        let wait = taken.saturating_sub(now);
        if wait > patience {
            return Err(BudgetError { wait });
        }
        self.next = taken + slot;
        Ok(wait)
    }

    fn report(&mut self, now: Duration, usage: Usage) {
        match usage {
            Usage::Accepted => self.increase(now),
            Usage::Throttled => self.decrease(now),
            Usage::Unknown => {}
        }
    }

    /// Grows with time while calls are accepted; idle time does not count beyond one second.
    fn increase(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.increased_at).min(Duration::from_secs(1));
        let grown = INCREASE * u64::try_from(passed.as_millis()).unwrap_or(0) / 1_000;
        if grown > 0 {
            self.rate = (self.rate + grown).min(self.options.ceiling);
            self.increased_at = now;
        }
    }

    fn decrease(&mut self, now: Duration) {
        if self.decreased_at.is_some_and(|before| now.saturating_sub(before) < DECREASE_PAUSE) {
            return;
        }
        self.rate = (self.rate * DECREASE_TO / 100).max(self.options.floor);
        self.decreased_at = Some(now);
        self.increased_at = now;
        // The platform's window is full: the allowance that was saved up is void.
        self.next = self.next.max(now);
    }
}
