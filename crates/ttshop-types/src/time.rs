//! Instants: [`Timestamp`] inside, [`UnixSeconds`] only at the wire.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant in UTC, exact to the millisecond.
///
/// It is stored and compared as milliseconds since 1970; years far beyond 2106 are ordinary, because refresh tokens of
/// permanent grants expire there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// The instant `millis` milliseconds after 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The instant `seconds` seconds after 1970; saturates at the ends of time.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// How long after `earlier` this is; zero when it is not after.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// RFC 3339 with milliseconds, for people and logs.
    pub fn to_rfc3339(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => format!("{instant:.3}"),
            Err(_) => format!("{}ms", self.0),
        }
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

/// Seconds since 1970 as the platform writes them; text is read too, since some webhooks send it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct UnixSeconds(pub i64);

impl From<UnixSeconds> for Timestamp {
    fn from(seconds: UnixSeconds) -> Self {
        Self::from_seconds(seconds.0)
    }
}

impl From<Timestamp> for UnixSeconds {
    fn from(instant: Timestamp) -> Self {
        Self(instant.as_seconds())
    }
}

impl Serialize for UnixSeconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for UnixSeconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SecondsVisitor)
    }
}

struct SecondsVisitor;

impl Visitor<'_> for SecondsVisitor {
    type Value = UnixSeconds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds since 1970")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<UnixSeconds, E> {
        Ok(UnixSeconds(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<UnixSeconds, E> {
        i64::try_from(number).map(UnixSeconds).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<UnixSeconds, E> {
        text.trim().parse().map(UnixSeconds).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permanent_grants_outlive_thirty_two_bits() {
        let expiry: UnixSeconds = serde_json::from_str("4903858076").unwrap();
        assert_eq!(Timestamp::from(expiry).to_rfc3339(), "2125-05-25T14:47:56.000Z");
    }

    #[test]
    fn since_never_goes_below_zero() {
        let (early, late) = (Timestamp::from_seconds(10), Timestamp::from_millis(12_500));
        assert_eq!(late.since(early), Duration::from_millis(2500));
        assert_eq!(early.since(late), Duration::ZERO);
    }

    #[test]
    fn the_ends_of_time_saturate() {
        let end = Timestamp::from_seconds(i64::MAX) + Duration::from_secs(1);
        assert_eq!(end, Timestamp::from_millis(i64::MAX));
        assert!(!end.to_rfc3339().is_empty());
    }
}
