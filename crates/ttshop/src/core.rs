//! What all clients of one app share: keys, addresses, transport, clock, and what was learnt on the way.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::{Rng as _, RngExt as _};
use rand_chacha::ChaCha8Rng;
use ttshop_clock::Clock;
use ttshop_sign::RequestSigner;
use ttshop_types::Timestamp;
use url::Url;

use crate::App;
use crate::attempts::Failure;
use crate::budget::Budget;
use crate::error::Cause;
use crate::hook::Hooks;
use crate::reply::RawReply;
use crate::retry::{Decision, RetryBudget, RetryPolicy, Situation, decide};
use crate::skew::{Skew, retry_after};
use crate::transport::{HttpReply, HttpRequest, Transport};
use crate::wire::{self, Opener};

pub(crate) struct Core {
    pub(crate) app: App,
    pub(crate) signer: RequestSigner,
    pub(crate) api_url: Url,
    pub(crate) auth_url: Url,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) budget: Arc<dyn Budget>,
    pub(crate) hooks: Hooks,
    pub(crate) policy: RetryPolicy,
    pub(crate) retry_budget: RetryBudget,
    /// The time for one call with all its tries and waits.
    pub(crate) deadline: Duration,
    /// The time for one try.
    pub(crate) try_timeout: Duration,
    pub(crate) skew: Skew,
    pub(crate) rng: Mutex<ChaCha8Rng>,
}

impl Core {
    /// The platform's time.
    pub(crate) fn platform_now(&self) -> Timestamp {
        self.skew.correct(self.clock.now())
    }

    /// A number of the range, each as likely.
    pub(crate) fn random(&self, range: std::ops::RangeInclusive<u64>) -> u64 {
        self.rng().random_range(range)
    }

    /// 128 random bits as text.
    pub(crate) fn random_word(&self) -> String {
        let mut rng = self.rng();
        format!("{:016x}{:016x}", rng.next_u64(), rng.next_u64())
    }

    fn rng(&self) -> MutexGuard<'_, ChaCha8Rng> {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one request and reads its reply. When the platform refuses our time, its own is learnt.
    pub(crate) async fn exchange(
        &self,
        request: HttpRequest,
        opener: &mut dyn Opener,
    ) -> Result<RawReply, Failure> {
        let sent = self.clock.now();
        let reply = self.transport.send(request).await.map_err(Failure::no_reply)?;
        self.judge(reply, sent, opener)
    }

    /// Reads the reply to a request that was sent at `sent`.
    pub(crate) fn judge(
        &self,
        reply: HttpReply,
        sent: Timestamp,
        opener: &mut dyn Opener,
    ) -> Result<RawReply, Failure> {
        let rejected = match wire::read(reply, opener) {
            Ok(reply) => return Ok(reply),
            Err(rejected) => rejected,
        };
        let received = self.clock.now();
        let cause = rejected.cause();
        let asked = retry_after(&rejected.headers, received);
        let wait = match cause {
            Some(Cause::TestQuotaUsedUp) => asked.or_else(|| Some(until_next_hour(self.platform_now()))),
            _ => asked,
        };
        let skewed = cause == Some(Cause::ClockSkewed);
        let corrected = skewed && self.skew.learn(&rejected.headers, sent, received);
        Err(Failure::rejected(rejected, wait, corrected))
    }

    pub(crate) fn decide(&self, situation: &Situation) -> Decision {
        match decide(&self.policy, situation, &mut *self.rng()) {
            Decision::Again(wait) if !self.retry_budget.spend() => Decision::GiveUp(Some(wait)),
            decision => decision,
        }
    }
}

/// The allowance of test shops is counted by the clock's hours.
fn until_next_hour(now: Timestamp) -> Duration {
    Duration::from_secs(3_600 - now.as_seconds().rem_euclid(3_600).unsigned_abs())
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = (self.api_url.host_str(), self.auth_url.host_str());
        f.debug_struct("Core").field("app", &self.app).field("hosts", &hosts).finish_non_exhaustive()
    }
}
