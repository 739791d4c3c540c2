//! Calendar days of a shop's own time zone.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use ttshop_types::{Region, Timestamp};

const DAY_SECONDS: i64 = 86_400;
/// Days before 1970 in the calendar that counts from the first of March of the year 0.
const EPOCH: i64 = 719_468;
/// Days of four hundred years.
const ERA: i64 = 146_097;

/// A date, counted from the first of January 1970. Prints as `2026-11-25`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Day(pub(crate) i64);

/// A text that is no date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NoDay;

impl Day {
    /// The date of an instant where the wall clock is `offset` seconds ahead of UTC.
    pub(crate) fn of(instant: Timestamp, offset: i64) -> Self {
        Self((instant.as_seconds() + offset).div_euclid(DAY_SECONDS))
    }

    pub(crate) fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// When the date begins, in seconds.
    pub(crate) fn begin(self, offset: i64) -> i64 {
        self.0 * DAY_SECONDS - offset
    }

    /// The seconds of the dates from `from` up to but without `until`.
    pub(crate) fn span(from: Self, until: Self, offset: i64) -> Range<i64> {
        from.begin(offset)..until.begin(offset)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shifted = self.0 + EPOCH;
        let (era, of_era) = (shifted.div_euclid(ERA), shifted.rem_euclid(ERA));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let mut parts = text.split('-').map(|part| part.parse::<i64>().map_err(|_| NoDay));
        let mut part = || parts.next().unwrap_or(Err(NoDay));
        let (year, month, day) = (part()?, part()?, part()?);
        if !(1..=12).contains(&month) || !(1970..=9_999).contains(&year) {
            return Err(NoDay);
        }
        let year_from_march = if month <= 2 { year - 1 } else { year };
        let (era, year_of_era) = (year_from_march.div_euclid(400), year_from_march.rem_euclid(400));
        let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        let found = Self(era * ERA + of_era - EPOCH);
        // Days that the month does not have come out as another date.
        if found.to_string() == text { Ok(found) } else { Err(NoDay) }
    }
}

/// Seconds that a region's wall clock is ahead of UTC; without summer time.
pub(crate) fn offset_of(region: &Region) -> i64 {
    let hours = match region.code() {
        "US" => -8,
        "MX" => -6,
        "BR" => -3,
        "DE" | "FR" | "IT" | "ES" | "NL" | "AT" | "BE" | "PL" => 1,
        "TH" | "VN" | "ID" => 7,
        "MY" | "PH" | "SG" | "TW" => 8,
        "JP" | "KR" => 9,
        _ => 0,
    };
    hours * 3_600
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_print_as_they_are_read() {
        for (text, days) in [("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-25", 20_782)] {
            assert_eq!(text.parse(), Ok(Day(days)));
            assert_eq!(Day(days).to_string(), text);
        }
        for days in 0..60_000 {
            assert_eq!(Day(days).to_string().parse(), Ok(Day(days)));
        }
        for wrong in
            ["", "2026-11", "2026-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026-01-01T00:00:00Z"]
        {
            assert_eq!(wrong.parse::<Day>(), Err(NoDay), "{wrong}");
        }
    }

    #[test]
    fn a_day_begins_by_the_shops_own_clock() {
        let offset = offset_of(&Region::UnitedStates);
        let day: Day = "2026-11-25".parse().unwrap();
        let begin = Timestamp::from_seconds(day.begin(offset));
        assert_eq!(begin.to_rfc3339().get(..19), Some("2026-11-25T08:00:00"));
        assert_eq!(Day::of(begin, offset), day);
        assert_eq!(Day::of(Timestamp::from_seconds(begin.as_seconds() - 1), offset), day.plus(-1));
    }
}
