//! The budget that one process shares: it sleeps and wakes for the state machine in [`super::permits`].

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_core::future::BoxFuture;
use futures_util::future::select;
use tokio::sync::Notify;
use ttshop_clock::Clock;
use ttshop_types::Timestamp;

use super::permits::{Answer, Grant, Permits, Verdict, micros};
use super::{
    Ask, BUDGET_KEYS_MAX, Budget, BudgetError, BudgetKey, IN_FLIGHT_MAX, KeySnapshot, Permit, RateOptions,
    Rules, Snapshot, Usage,
};

/// Choices for a [`Scheduler`].
#[derive(Clone, Debug)]
pub struct SchedulerOptions {
    /// The rates of operations.
    pub rules: Rules,
    /// How many keys are remembered, at most [`BUDGET_KEYS_MAX`].
    pub keys_max: usize,
    /// How many calls may be in flight at once, over all shops.
    pub in_flight_max: u32,
}

impl Default for SchedulerOptions {
    fn default() -> Self {
        Self { rules: Rules::default(), keys_max: BUDGET_KEYS_MAX, in_flight_max: IN_FLIGHT_MAX }
    }
}

impl From<RateOptions> for SchedulerOptions {
    /// The same rates for every operation.
    fn from(rate: RateOptions) -> Self {
        Self { rules: Rules::all(rate), ..Self::default() }
    }
}

/// Permits calls by app, shop and operation, by priority, and by what the platform bears. Clones share everything: give one to
/// all clients whose calls leave through the same door.
#[derive(Clone)]
pub struct Scheduler {
    shared: Arc<Shared>,
}

impl Scheduler {
    /// A scheduler that measures time with `clock`.
    pub fn new(options: SchedulerOptions, clock: Arc<dyn Clock>) -> Self {
        Self::seeded(options, clock, RandomState::new().hash_one(()))
    }

    /// The same for tests: its choices repeat. Processes that share a limit need different seeds.
    pub fn seeded(options: SchedulerOptions, clock: Arc<dyn Clock>, seed: u64) -> Self {
        let since_1970 = clock.now().since(Timestamp::EPOCH).saturating_sub(clock.monotonic());
        let permits = Permits::new(options, since_1970, seed);
        let desk = Desk { permits, wakers: BTreeMap::new(), driver: None };
        Self { shared: Arc::new(Shared { clock, desk: Mutex::new(desk) }) }
    }

    /// All that is known now. It copies every key: ask for it now and then.
    pub fn snapshot(&self) -> Snapshot {
        let desk = self.shared.desk();
        desk.permits.snapshot(self.shared.now())
    }

    /// What is known about one key, if it was used.
    pub fn snapshot_of(&self, key: &BudgetKey) -> Option<KeySnapshot> {
        let desk = self.shared.desk();
        desk.permits.snapshot_of(key, self.shared.now())
    }

    fn ask(&self, ask: &Ask<'_>) -> Result<Result<Grant, Waiting>, BudgetError> {
        let mut desk = self.shared.desk();
        let now = self.shared.now();
        let answer = desk.permits.ask(now, ask);
        let answer = match answer {
            Answer::Go(grant) => Ok(Ok(grant)),
            Answer::Never(error) => Err(error),
            Answer::Wait(ticket) => {
                let woken = Arc::new(Notify::new());
                desk.wakers.insert(ticket, Arc::clone(&woken));
                Ok(Err(Waiting { shared: Arc::clone(&self.shared), ticket, woken }))
            }
        };
        desk.tell();
        answer
    }
}

impl fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scheduler").finish_non_exhaustive()
    }
}

impl Budget for Scheduler {
    fn acquire<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Box<dyn Permit>, BudgetError>> {
        Box::pin(async move {
            let grant = match self.ask(&ask)? {
                Ok(grant) => grant,
                Err(waiting) => waiting.decided().await?,
            };
            let permit = Granted { shared: Arc::clone(&self.shared), grant: Some(grant) };
            Ok(Box::new(permit) as Box<dyn Permit>)
        })
    }
}

struct Shared {
    clock: Arc<dyn Clock>,
    desk: Mutex<Desk>,
}

impl Shared {
    /// Read it while holding the desk, so that time does not go back for the permits.
    fn now(&self) -> u64 {
        micros(self.clock.monotonic())
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Desk {
    permits: Permits,
    /// Whom to wake, by ticket; ordered, so that a simulation repeats.
    wakers: BTreeMap<u64, Arc<Notify>>,
    /// One of those who wait sleeps for all: its ticket, and until when it sleeps.
    driver: Option<(u64, u64)>,
}

impl Desk {
    /// Wakes those whose tickets were decided, and the driver when it would sleep too long.
    fn tell(&mut self) {
        for ticket in self.permits.decided() {
            if let Some(woken) = self.wakers.get(&ticket) {
                woken.notify_one();
            }
        }
        if let (Some((driver, until)), Some(due)) = (self.driver, self.permits.next_due())
            && due < until
            && let Some(woken) = self.wakers.get(&driver)
        {
            woken.notify_one();
        }
    }

    /// `ticket` does not wait any more; if it slept for all, another one does now.
    fn resign(&mut self, ticket: u64) {
        self.wakers.remove(&ticket);
        if self.driver.is_some_and(|(driver, _)| driver == ticket) {
            self.driver = None;
            if let Some(next) = self.wakers.values().next() {
                next.notify_one();
            }
        }
    }
}

/// A call in a queue. Dropping it gives the place back.
struct Waiting {
    shared: Arc<Shared>,
    ticket: u64,
    woken: Arc<Notify>,
}

enum Look {
    Decided(Verdict),
    /// Sleep for all.
    Drive(Duration),
    /// Somebody else sleeps, or nothing is due.
    Rest,
}

impl Waiting {
    async fn decided(self) -> Result<Grant, BudgetError> {
        loop {
            match self.look() {
                Look::Decided(Verdict::Go(grant)) => return Ok(grant),
                Look::Decided(Verdict::Never(error)) => return Err(error),
                Look::Drive(wait) => {
                    let woken = pin!(self.woken.notified());
                    drop(select(woken, self.shared.clock.sleep(wait)).await);
                }
                Look::Rest => self.woken.notified().await,
            }
        }
    }

    fn look(&self) -> Look {
        let mut desk = self.shared.desk();
        let now = self.shared.now();
        desk.permits.advance(now);
        if let Some(verdict) = desk.permits.take(self.ticket, now) {
            desk.resign(self.ticket);
            desk.tell();
            return Look::Decided(verdict);
        }
        let drives = desk.driver.is_none_or(|(driver, _)| driver == self.ticket);
        let due = desk.permits.next_due();
        if drives {
            desk.driver = Some((self.ticket, due.unwrap_or(u64::MAX)));
        }
        desk.tell();
        match due {
            Some(due) if drives => Look::Drive(Duration::from_micros(due.saturating_sub(now))),
            Some(_) | None => Look::Rest,
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut desk = self.shared.desk();
        let now = self.shared.now();
        desk.permits.cancel(self.ticket, now);
        desk.resign(self.ticket);
        desk.tell();
    }
}

/// A permitted call.
struct Granted {
    shared: Arc<Shared>,
    grant: Option<Grant>,
}

impl Granted {
    fn end(&mut self, usage: Usage) {
        let Some(grant) = self.grant.take() else { return };
        let mut desk = self.shared.desk();
        let now = self.shared.now();
        desk.permits.report(grant, usage, now);
        desk.tell();
    }
}

impl Permit for Granted {
    fn report(mut self: Box<Self>, usage: Usage) {
        self.end(usage);
    }
}

impl Drop for Granted {
    fn drop(&mut self) {
        self.end(Usage::Unknown);
    }
}
