//! Which days are asked for.

use crate::gateway::{Admitted, Refusal};
use crate::world::Shop;
use crate::world::day::{Day, offset_of};

/// Time range invalid (PLATFORM.md 4.7).
const RANGE: i64 = 28_001_022;
/// The longest range; the length is ours.
const DAYS_MAX: i64 = 366;

/// The days of a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) from: Day,
    /// Not one of them any more.
    pub(super) until: Day,
    /// The last day with data: the numbers of a day come when it is over.
    pub(super) latest: Day,
}

impl Window {
    /// `start_date_ge` and `end_date_lt`, by the shop's own calendar.
    pub(super) fn of(call: &Admitted<'_>, shop: &Shop) -> Result<Self, Refusal> {
        let today = Day::of(call.now, offset_of(&shop.region));
        let latest = today.plus(-1);
        if call.call.param("today") == Some("true") {
            return Ok(Self { from: today, until: today.plus(1), latest: today });
        }
        let invalid = || Refusal::business(RANGE, "The time range is invalid.");
        let day =
            |name: &str| call.call.param(name).unwrap_or_default().parse::<Day>().map_err(|_| invalid());
        let (from, until) = (day("start_date_ge")?, day("end_date_lt")?);
        if from >= until || until > today.plus(1) || until.0 - from.0 > DAYS_MAX {
            return Err(invalid());
        }
        Ok(Self { from, until, latest })
    }

    /// The days that have data.
    pub(super) fn known(self) -> (Day, Day) {
        (self.from, self.until.min(self.latest.plus(1)).max(self.from))
    }

    /// One interval, or one a day.
    pub(super) fn intervals(self, call: &Admitted<'_>) -> Vec<Self> {
        if call.call.param("granularity") != Some("1D") {
            return vec![self];
        }
        let days = self.from.0..self.until.0;
        days.map(|day| Self { from: Day(day), until: Day(day + 1), ..self }).collect()
    }

    /// As many days right before, if the caller wants to compare.
    pub(super) fn before(self, call: &Admitted<'_>) -> Option<Self> {
        let wanted = call.call.param("with_comparison") == Some("true");
        let length = self.until.0 - self.from.0;
        wanted.then(|| Self { from: self.from.plus(-length), until: self.from, ..self })
    }

    pub(super) fn days(self) -> u64 {
        u64::try_from(self.until.0 - self.from.0).unwrap_or(1).max(1)
    }
}
