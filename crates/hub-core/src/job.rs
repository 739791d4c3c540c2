//! Jobs: one lane an entity, one job a lane, one worker a job.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ttshop_types::{ShopId, Timestamp};

use crate::{AppName, Resource};

/// Where work queues up: everything about one entity goes through one lane, in order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lane(String);

impl Lane {
    /// The lane of one entity of one shop.
    pub fn of_entity(shop: &ShopId, resource: Resource, id: &str) -> Self {
        Self(format!("{}/{}/{id}", shop.as_str(), resource.as_str()))
    }

    /// The lane of a notification that names no entity we mirror; `key` is its dedupe key in hex.
    pub fn of_notification(app: &AppName, key: &str) -> Self {
        Self(format!("~/{}/{key}", app.as_str()))
    }

    /// The lane as a store keeps it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The lane as a store kept it.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The entity this lane is about, unless it is a notification's own.
    pub fn entity(&self) -> Option<(ShopId, Resource, &str)> {
        let mut parts = self.0.splitn(3, '/');
        let shop = parts.next().filter(|shop| *shop != "~")?;
        let resource = Resource::from_word(parts.next()?)?;
        Some((ShopId::from(shop), resource, parts.next()?))
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number that grows with every claim. Whoever holds an older one has lost the job and may change nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fence(pub i64);

/// A job that one worker holds until its lease ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimedJob {
    /// Whose work it is.
    pub lane: Lane,
    /// Proof of the claim.
    pub fence: Fence,
    /// The newest hint at the time of the claim. Hints that arrive later keep the job alive.
    pub wanted: i64,
    /// The app of the newest hint.
    pub app: AppName,
    /// The topic of the newest hint.
    pub topic: String,
    /// Failed tries before this one, since the last success or since a person put the job back to work. A hint that wakes
    /// a parked job does not reset it, so a hopeless job costs one try a hint and not twenty.
    pub attempts: u32,
    /// When the oldest unhandled hint arrived.
    pub since: Timestamp,
}

/// Why a job did not end well.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JobFailure {
    /// Worth another try.
    Retry {
        /// What happened, without secrets.
        reason: String,
        /// The platform's own wish, if it had one.
        not_before: Option<Timestamp>,
    },
    /// No try will help; it waits for a person.
    Park {
        /// What happened and what to do, without secrets.
        reason: String,
    },
}

impl JobFailure {
    /// What happened, whatever follows from it.
    pub fn into_reason(self) -> String {
        match self {
            Self::Retry { reason, .. } | Self::Park { reason } => reason,
        }
    }
}

/// Tries after which a job is parked: about ten hours with [`retry_at`]'s delays.
pub const ATTEMPTS_MAX: u32 = 20;
const DELAY_FIRST: Duration = Duration::from_millis(500);
const DELAY_MAX: Duration = Duration::from_secs(60 * 60);

/// When a job that failed `attempts` times before tries again; `jitter` in 0..=999 spreads the herd over the upper half
/// of the delay.
pub fn retry_at(attempts: u32, not_before: Option<Timestamp>, now: Timestamp, jitter: u32) -> Timestamp {
    let full =
        DELAY_FIRST.saturating_mul(1_u32.checked_shl(attempts.min(20)).unwrap_or(u32::MAX)).min(DELAY_MAX);
    let delay = full / 2 + full / 2 * jitter.min(999) / 1000;
    (now + delay).max(not_before.unwrap_or(Timestamp::EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_names_its_entity() {
        let lane = Lane::of_entity(&ShopId::from("7494"), Resource::Order, "5764");
        assert_eq!(lane.entity(), Some((ShopId::from("7494"), Resource::Order, "5764")));
        assert_eq!(Lane::of_notification(&AppName::new("main"), "ff").entity(), None);
    }

    #[test]
    fn delays_grow_and_stay_bounded() {
        let now = Timestamp::from_seconds(1_000);
        for attempts in 0..40 {
            for jitter in [0, 500, 999, 5_000] {
                let wait = retry_at(attempts, None, now, jitter).since(now);
                assert!(wait >= DELAY_FIRST / 2 && wait <= DELAY_MAX, "{attempts} {jitter}: {wait:?}");
            }
        }
        assert!(retry_at(5, None, now, 0) > retry_at(1, None, now, 999));
        let wish = now + Duration::from_secs(7_200);
        assert_eq!(retry_at(0, Some(wish), now, 0), wish);
    }
}
