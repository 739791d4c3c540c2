//! Whether a failed try is followed by another: one pure decision, and a budget over all calls.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rand::{Rng, RngExt as _};

/// How one call is retried. The job that makes the call owns everything longer.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    /// The most tries of one call, the first included.
    pub attempts_max: u32,
    /// The longest wait before the second try; it doubles with every further one.
    pub base: Duration,
    /// The longest wait before any try, unless the platform names a longer one.
    pub wait_max: Duration,
    /// The longest wait that the platform may name; beyond it the call fails and says how long to wait.
    pub retry_after_max: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts_max: 5,
            base: Duration::from_secs(1),
            wait_max: Duration::from_secs(20),
            retry_after_max: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// One try and no more, apart from a refreshed token and a corrected clock.
    pub fn never() -> Self {
        Self { attempts_max: 1, ..Self::default() }
    }
}

/// How a try ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The platform refused it for the rate, so nothing happened.
    Throttled,
    /// It never reached the platform.
    NotSent,
    /// It may have had its effect: a timeout, a broken connection, a server failure.
    Unclear,
    /// The access token expired, so nothing happened.
    TokenExpired,
    /// Nobody knows the token; another process may hold a newer one.
    TokenInvalid,
    /// The timestamp was refused, and the reply told the platform's time.
    ClockSkewed,
    /// The answer is final.
    Final,
}

/// A failed try and what is known about its call.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// How the try ended.
    pub outcome: Outcome,
    /// Which try it was, counted from one.
    pub attempt: u32,
    /// Sending the same again does no harm.
    pub repeatable: bool,
    /// The token was renewed for this call before.
    pub renewed: bool,
    /// The clock was corrected for this call before.
    pub corrected: bool,
    /// The wait that the platform asked for.
    pub retry_after: Option<Duration>,
    /// The time left for the call.
    pub remaining: Duration,
}

/// What to do next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// The call has failed; the caller may try again after the time, if there is one.
    GiveUp(Option<Duration>),
    /// Wait, then stamp, sign and send again.
    Again(Duration),
    /// Renew the token, then send again.
    Renew,
    /// Send again at once, with the corrected time.
    Correct,
}

/// A wait that the platform names gets this much more, so that not everybody returns at the same moment.
const RETRY_AFTER_JITTER: Duration = Duration::from_millis(500);

/// Decides about a failed try.
pub fn decide(policy: &RetryPolicy, situation: &Situation, rng: &mut impl Rng) -> Decision {
    let again = match situation.outcome {
        Outcome::TokenExpired | Outcome::TokenInvalid if !situation.renewed => return Decision::Renew,
        Outcome::ClockSkewed if !situation.corrected => return Decision::Correct,
        Outcome::TokenExpired | Outcome::TokenInvalid | Outcome::ClockSkewed | Outcome::Final => {
            return Decision::GiveUp(None);
        }
        Outcome::Throttled | Outcome::NotSent => true,
        Outcome::Unclear => situation.repeatable,
    };
    let wait = match situation.retry_after {
        Some(asked) => asked + jitter(RETRY_AFTER_JITTER, rng),
        None => jitter(backoff(policy, situation.attempt), rng),
    };
    let asks_too_much = situation.retry_after.is_some_and(|asked| asked > policy.retry_after_max);
    let exhausted = situation.attempt >= policy.attempts_max;
    if !again || asks_too_much || exhausted || wait >= situation.remaining {
        return Decision::GiveUp(Some(wait));
    }
    Decision::Again(wait)
}

/// The longest wait after the given try.
fn backoff(policy: &RetryPolicy, attempt: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
    policy.base.saturating_mul(doubled).min(policy.wait_max)
}

/// Full jitter: any wait up to the bound, each as likely.
fn jitter(bound: Duration, rng: &mut impl Rng) -> Duration {
    let bound = u64::try_from(bound.as_micros()).unwrap_or(u64::MAX);
    Duration::from_micros(rng.random_range(0..=bound))
}

/// Keeps retries below a tenth of all calls, so that a failing platform is not flooded.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

/// What one call earns and one retry costs: ten calls pay for one retry.
const CALL_EARNS: u32 = 1;
const RETRY_COSTS: u32 = 10;

/// The most that can be saved up, and what a fresh client starts with: retries at a stretch times their cost.
const SAVINGS_MAX: u32 = 1_000;
const SAVINGS_AT_START: u32 = 200;

impl RetryBudget {
    pub(crate) fn new() -> Self {
        Self(AtomicU32::new(SAVINGS_AT_START))
    }

    /// A call begins.
    pub(crate) fn earn(&self) {
        self.change(|saved| Some((saved + CALL_EARNS).min(SAVINGS_MAX)));
    }

    /// Whether a retry is affordable; it is paid for then.
    pub(crate) fn spend(&self) -> bool {
        self.change(|saved| saved.checked_sub(RETRY_COSTS))
    }

    fn change(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}
