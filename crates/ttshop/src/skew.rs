//! How far this machine's clock is off.
//!
//! It is learnt from the `Date` of a reply that refuses our timestamp, and from no other: as long as the platform accepts our
//! stamps there is nothing to correct, and a `Date` that an edge server invented does no harm.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use http::HeaderMap;
use http::header::DATE;
use ttshop_types::Timestamp;

/// A `Date` that differs by less than this from what is known explains no refusal; it has whole seconds only.
const TOLERATED: Duration = Duration::from_secs(3);

/// What to add to this machine's time to get the platform's, in milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Skew(AtomicI64);

impl Skew {
    /// The platform's time, as far as it is known.
    pub(crate) fn correct(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_millis(now.as_millis().saturating_add(self.0.load(Ordering::Relaxed)))
    }

    /// Learns from the `Date` of a refusal that was on its way between `sent` and `received`. True when the offset changed.
    pub(crate) fn learn(&self, headers: &HeaderMap, sent: Timestamp, received: Timestamp) -> bool {
        let Some(date) = date(headers) else { return false };
        let travelled = received.since(sent);
        // `Date` is cut to seconds: its middle, against the middle of the journey.
        let theirs = date.as_millis().saturating_add(500);
        let ours = sent.as_millis().saturating_add(half_millis(travelled));
        let sample = theirs.saturating_sub(ours);
        let known = self.0.load(Ordering::Relaxed);
        let uncertain = TOLERATED + travelled / 2;
        let off = Duration::from_millis(sample.abs_diff(known)) > uncertain;
        if off {
            self.0.store(sample, Ordering::Relaxed);
            tracing::warn!(skew.ms = sample, "this machine's clock differs from the platform's; corrected");
        }
        off
    }
}

/// The wait that the platform asks for: seconds, or a date measured against its own clock.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = parse_date(text)?;
    Some(until.since(date(headers).unwrap_or(now)))
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    parse_date(headers.get(DATE)?.to_str().ok()?)
}

fn parse_date(text: &str) -> Option<Timestamp> {
    let since_1970 =
        httpdate::parse_http_date(text).ok()?.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    Some(Timestamp::EPOCH + since_1970)
}

fn half_millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis() / 2).unwrap_or(i64::MAX)
}
