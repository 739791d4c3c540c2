//! Deliveries: one event on its way to one sink.

use std::time::Duration;

use ttshop_types::Timestamp;

use crate::{EventId, Fence, Lane, SinkName};

/// An event that one worker holds until its lease ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimedDelivery {
    /// Where it goes.
    pub sink: SinkName,
    /// Its number in the outbox.
    pub event_seq: i64,
    /// Its name for ever.
    pub event_id: EventId,
    /// What it is, as a word.
    pub kind: String,
    /// Its place in order.
    pub lane: Lane,
    /// The body to send.
    pub payload: Vec<u8>,
    /// Proof of the claim.
    pub fence: Fence,
    /// Tries before this one.
    pub attempts: u32,
}

/// Why an attempt failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeliveryFailure {
    /// What happened, without secrets.
    pub reason: String,
    /// The sink's own wish, already capped.
    pub not_before: Option<Timestamp>,
    /// The sink said that no try will help (410).
    pub is_final: bool,
}

/// What became of an attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AttemptOutcome {
    /// The sink took it.
    Delivered {
        /// When it said so.
        at: Timestamp,
    },
    /// It goes again at `ready_at`.
    Again {
        /// When.
        ready_at: Timestamp,
        /// Why the last one failed.
        reason: String,
    },
    /// It waits for a person, with its history.
    Dead {
        /// Why the last one failed.
        reason: String,
    },
}

/// Tries after which a delivery becomes a dead letter: about three days with these delays.
pub const ATTEMPTS_MAX: u32 = 16;
const DELAY_FIRST: Duration = Duration::from_secs(2);
const DELAY_MAX: Duration = Duration::from_secs(8 * 60 * 60);

/// Decides what follows a failed attempt; `attempts` counts the tries before it, `jitter` in 0..=999 spreads the herd.
pub fn after_failure(attempts: u32, failure: DeliveryFailure, now: Timestamp, jitter: u32) -> AttemptOutcome {
    if failure.is_final || attempts + 1 >= ATTEMPTS_MAX {
        return AttemptOutcome::Dead { reason: failure.reason };
    }
    let full = DELAY_FIRST.saturating_mul(1_u32 << attempts.min(ATTEMPTS_MAX)).min(DELAY_MAX);
    let delay = full / 2 + full / 2 * jitter.min(999) / 1000;
    let ready_at = (now + delay).max(failure.not_before.unwrap_or(Timestamp::EPOCH));
    AttemptOutcome::Again { ready_at, reason: failure.reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(is_final: bool) -> DeliveryFailure {
        DeliveryFailure { reason: "answered 500".into(), not_before: None, is_final }
    }

    #[test]
    fn gone_is_final() {
        let outcome = after_failure(0, failure(true), Timestamp::EPOCH, 0);
        assert_eq!(outcome, AttemptOutcome::Dead { reason: "answered 500".into() });
    }

    #[test]
    fn tries_end() {
        let now = Timestamp::from_seconds(10);
        for attempts in 0..ATTEMPTS_MAX - 1 {
            let AttemptOutcome::Again { ready_at, .. } = after_failure(attempts, failure(false), now, 999)
            else {
                panic!("try {attempts} was the last");
            };
            assert!(ready_at > now && ready_at <= now + DELAY_MAX);
        }
        assert!(matches!(
            after_failure(ATTEMPTS_MAX - 1, failure(false), now, 0),
            AttemptOutcome::Dead { .. }
        ));
    }
}
