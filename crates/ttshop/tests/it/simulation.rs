//! A platform with limits of its own and a log, called through a scheduler on a virtual clock. The log is the judge.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::task::JoinSet;
use ttshop::{Ask, Budget as _, BudgetKey, Priority, Scheduler, SchedulerOptions, Usage};
use ttshop_catalogue::Method;
use ttshop_clock::{Clock as _, VirtualClock};

use crate::world::NOW;

/// How the platform counts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Counting {
    Sliding,
    Tumbling,
}

/// So many calls in so many milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) calls: usize,
    pub(crate) window_ms: u64,
}

impl Limit {
    pub(crate) const fn per_second(calls: usize) -> Self {
        Self { calls, window_ms: 1_000 }
    }

    pub(crate) fn milli_per_second(self) -> u64 {
        u64::try_from(self.calls).unwrap() * 1_000_000 / self.window_ms
    }
}

/// One call as the platform saw it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) at_ms: u64,
    pub(crate) process: usize,
    pub(crate) shop: usize,
    pub(crate) priority: Priority,
    pub(crate) accepted: bool,
    /// From asking for permission to the platform.
    pub(crate) waited_ms: u64,
}

type LimitOf = Box<dyn Fn(usize, u64) -> Limit + Send>;

/// The platform.
pub(crate) struct Platform {
    counting: Counting,
    limit_of: LimitOf,
    /// How long an answer takes, at a time.
    latency_ms: Box<dyn Fn(u64) -> u64 + Send>,
    /// Whether it fails, at a time.
    fails: Box<dyn Fn(u64) -> bool + Send>,
    accepted: HashMap<usize, Vec<u64>>,
    log: Vec<Seen>,
}

impl Platform {
    pub(crate) fn new(counting: Counting, limit_of: impl Fn(usize, u64) -> Limit + Send + 'static) -> Self {
        Self {
            counting,
            limit_of: Box::new(limit_of),
            latency_ms: Box::new(|_| 100),
            fails: Box::new(|_| false),
            accepted: HashMap::new(),
            log: Vec::new(),
        }
    }

    pub(crate) fn latency(mut self, latency_ms: impl Fn(u64) -> u64 + Send + 'static) -> Self {
        self.latency_ms = Box::new(latency_ms);
        self
    }

    pub(crate) fn failing(mut self, fails: impl Fn(u64) -> bool + Send + 'static) -> Self {
        self.fails = Box::new(fails);
        self
    }

    fn take(&mut self, shop: usize, at_ms: u64) -> bool {
        let Limit { calls, window_ms } = (self.limit_of)(shop, at_ms);
        let accepted = self.accepted.entry(shop).or_default();
        let inside = |before: &&u64| match self.counting {
            Counting::Sliding => **before + window_ms > at_ms,
            Counting::Tumbling => **before / window_ms == at_ms / window_ms,
        };
        if accepted.iter().rev().take_while(inside).count() >= calls {
            return false;
        }
        accepted.push(at_ms);
        true
    }
}

/// Scheduler, platform and time.
#[derive(Clone)]
pub(crate) struct Simulation {
    pub(crate) clock: VirtualClock,
    pub(crate) scheduler: Scheduler,
    process: usize,
    platform: Arc<Mutex<Platform>>,
}

pub(crate) fn shop_key(shop: usize) -> BudgetKey {
    BudgetKey {
        app_key: "app".into(),
        shop_id: Some(shop.to_string().into()),
        method: Method::Post,
        path: "/order/202309/orders/search",
    }
}

impl Simulation {
    pub(crate) fn new(options: impl Into<SchedulerOptions>, platform: Platform) -> Self {
        let clock = VirtualClock::at(NOW);
        let scheduler = Scheduler::seeded(options.into(), Arc::new(clock.clone()), 0);
        Self { clock, scheduler, process: 0, platform: Arc::new(Mutex::new(platform)) }
    }

    /// Another process that calls the same platform and knows nothing of this one.
    pub(crate) fn beside(&self, process: usize, options: impl Into<SchedulerOptions>, seed: u64) -> Self {
        let scheduler = Scheduler::seeded(options.into(), Arc::new(self.clock.clone()), seed);
        Self { scheduler, process, ..self.clone() }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.clock.monotonic().as_millis()).unwrap()
    }

    /// One call, if it is permitted in time.
    pub(crate) async fn call(&self, shop: usize, priority: Priority, patience: Duration) -> bool {
        let asked = self.now_ms();
        let key = shop_key(shop);
        let Ok(permit) = self.scheduler.acquire(Ask { key: &key, priority, patience }).await else {
            return false;
        };
        let latency = (self.platform.lock().unwrap().latency_ms)(self.now_ms());
        self.clock.sleep(Duration::from_millis(latency / 2)).await;
        let at_ms = self.now_ms();
        let usage = {
            let mut platform = self.platform.lock().unwrap();
            let accepted = platform.take(shop, at_ms);
            let waited_ms = at_ms - asked - latency / 2;
            platform.log.push(Seen { at_ms, process: self.process, shop, priority, accepted, waited_ms });
            match (accepted, (platform.fails)(at_ms)) {
                (_, true) => Usage::Failed,
                (true, false) => Usage::Accepted,
                (false, false) => Usage::Throttled { retry_after: None },
            }
        };
        self.clock.sleep(Duration::from_millis(latency - latency / 2)).await;
        permit.report(usage);
        usage == Usage::Accepted
    }

    /// Callers that call again as soon as their call ended, until `end_ms`.
    pub(crate) fn keep_calling(
        &self,
        tasks: &mut JoinSet<()>,
        shop: usize,
        priority: Priority,
        callers: usize,
        end_ms: u64,
    ) {
        for _ in 0..callers {
            let simulation = self.clone();
            tasks.spawn(async move {
                while simulation.now_ms() < end_ms {
                    simulation.call(shop, priority, Duration::from_secs(3_600)).await;
                }
            });
        }
    }

    /// Single calls at random moments, `every_ms` apart on average, until `end_ms`.
    pub(crate) fn call_at_times(
        &self,
        tasks: &mut JoinSet<()>,
        (shop, priority): (usize, Priority),
        every_ms: u64,
        end_ms: u64,
        seed: u64,
    ) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut at_ms = rng.random_range(0..=2 * every_ms);
        while at_ms < end_ms {
            let (simulation, wait) = (self.clone(), Duration::from_millis(at_ms));
            tasks.spawn(async move {
                simulation.clock.sleep(wait).await;
                simulation.call(shop, priority, Duration::from_secs(60)).await;
            });
            at_ms += rng.random_range(0..=2 * every_ms);
        }
    }

    /// Lets time pass until `end_ms`, looking on every `every_ms`.
    pub(crate) async fn run(&self, end_ms: u64, every_ms: u64, mut look: impl FnMut(u64)) {
        let mut look_at = 0;
        loop {
            // Each turn lets all who can go on do one step; a wake-up passes through a few hands.
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
            let now = self.now_ms();
            if now >= end_ms {
                return;
            }
            if now >= look_at {
                look(now);
                look_at = now + every_ms;
            }
            let due = self.clock.next_due().map_or(Duration::MAX, |due| due.since(self.clock.now()));
            self.clock.advance(due.min(Duration::from_millis(look_at.min(end_ms) - now)));
        }
    }

    pub(crate) fn log(&self) -> Vec<Seen> {
        self.platform.lock().unwrap().log.clone()
    }
}

/// Calls of the log from one time to another.
pub(crate) fn between(log: &[Seen], from_ms: u64, to_ms: u64) -> impl Iterator<Item = &Seen> {
    log.iter().filter(move |seen| (from_ms..to_ms).contains(&seen.at_ms))
}

pub(crate) fn refused(log: &[Seen]) -> usize {
    log.iter().filter(|seen| !seen.accepted).count()
}

/// The most calls in any second.
pub(crate) fn busiest_second(log: &[Seen]) -> usize {
    let times: Vec<u64> = log.iter().map(|seen| seen.at_ms).collect();
    let mut first = 0;
    let busy = |last: usize| {
        while times[first] + 1_000 <= times[last] {
            first += 1;
        }
        last + 1 - first
    };
    (0..times.len()).map(busy).max().unwrap_or(0)
}

/// `part` of `whole`, in hundredths of a percent.
pub(crate) fn basis_points(part: usize, whole: usize) -> usize {
    part * 10_000 / whole.max(1)
}
