//! Times: things are created first and updated last, and neither lies ahead of the clock.

use std::time::Duration;

use ttshop_catalogue::{Bits, Format, Kind, Schema};
use ttshop_types::Timestamp;

const DAY_SECONDS: u64 = 86_400;
/// The oldest thing was created about this long ago.
const AGE_DAYS_MAX: u64 = 30;
/// What lies ahead comes within so many days.
const AHEAD_DAYS_MAX: u64 = 12;

/// The begin of the day: answers do not change while it lasts, and nothing drawn before it lies ahead of the clock.
pub(super) fn day_of(now: Timestamp) -> Timestamp {
    let seconds = now.as_seconds();
    Timestamp::from_seconds(seconds - seconds.rem_euclid(DAY_SECONDS.cast_signed()))
}

/// When something was created.
pub(super) fn creation(day: Timestamp, draw: u64) -> Timestamp {
    day - Duration::from_secs(DAY_SECONDS + draw % (AGE_DAYS_MAX * DAY_SECONDS))
}

/// Whether a field holds a time; many whole numbers do without saying so.
pub(super) fn is_time(schema: &Schema, name: &str) -> bool {
    if matches!(schema.format, Some(Format::UnixSeconds | Format::UnixMilliseconds | Format::DateTime)) {
        return true;
    }
    let last = name.rsplit('_').next().unwrap_or_default();
    match schema.kind {
        Kind::Integer => schema.bits != Some(Bits::Int32) && matches!(last, "time" | "timestamp" | "at"),
        Kind::String => matches!(last, "time" | "timestamp" | "date" | "at"),
        Kind::Number
        | Kind::Boolean
        | Kind::Array
        | Kind::Object
        | Kind::Map
        | Kind::File
        | Kind::Any
        | Kind::Recursive => false,
    }
}

/// The instant that a field called `name` of a thing created at `created` holds.
pub(super) fn moment(name: &str, created: Timestamp, day: Timestamp, draw: u64) -> Timestamp {
    let Some(percent) = progress(name) else {
        let ahead = DAY_SECONDS * 2 + draw % (AHEAD_DAYS_MAX * DAY_SECONDS);
        return day + Duration::from_secs(ahead);
    };
    created + day.since(created) * percent / 100
}

/// How far a thing has come when the time `name` was written; none for what lies ahead.
fn progress(name: &str) -> Option<u32> {
    if name.starts_with("latest_available") {
        return Some(100);
    }
    let mut percent = 50;
    for word in name.split('_') {
        percent = match word {
            "expire" | "expiration" | "expiry" | "due" | "deadline" | "sla" | "predicted" | "estimated"
            | "require" | "required" | "recommended" | "cut" | "cutoff" | "end" | "latest" | "expected" => {
                return None;
            }
            "create" | "created" | "start" | "begin" | "order" | "registration" => 0,
            "paid" | "pay" | "payment" => 10,
            "ship" | "shipment" | "shipped" | "rts" => 30,
            "collect" | "collection" | "picked" => 40,
            "deliver" | "delivered" | "delivery" | "arrived" => 60,
            "cancel" | "finish" | "complete" | "completed" => 80,
            "update" | "updated" => 100,
            _ => percent,
        };
    }
    Some(percent)
}

/// `2026-09-20`.
pub(super) fn date(at: Timestamp) -> String {
    at.to_rfc3339().chars().take("2026-09-20".len()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_ordered() {
        let now = Timestamp::from_seconds(1_790_000_123);
        let day = day_of(now);
        for draw in (0..100_u64).map(crate::dice::scatter) {
            let created = creation(day, draw);
            let at = |name| moment(name, created, day, draw);
            let ordered =
                [at("create_time"), at("paid_time"), at("rts_time"), at("delivery_time"), at("update_time")];
            assert!(ordered.is_sorted(), "{draw}");
            assert!(at("update_time") <= now && at("expire_time") > now && at("shipping_due_time") > now);
            assert!(at("start_time") <= at("end_time"));
        }
        assert_eq!(date(now), "2026-09-21");
    }
}
