//! Time filters of a search: which fields hold them, whether their end is included, and how windows of them are halved.

use std::ops::Range;

use serde_json::Value;
use ttshop_api::Parts;
use ttshop_catalogue::{Field, Format, Kind, Operation};
use ttshop_types::Timestamp;

use super::position::with_body_field;
use crate::error::InvalidCall;

/// The two fields that filter by one time.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeFilter {
    from: &'static Field,
    to: &'static Field,
    in_query: bool,
    /// `_le`: the end is a part of what is shown.
    to_included: bool,
    unit: Unit,
}

/// What a filter counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    Seconds,
    Millis,
    /// Written as `2026-11-25`: days of the shop's own time zone, which no answer tells. They stand here for the days of UTC of the same
    /// name.
    Days,
}

const DAY_SECONDS: i64 = 86_400;

/// A span of time in the filter's unit: the start included, the end not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Window {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Window {
    /// Two windows without a gap and without an overlap; none of one unit.
    pub(super) fn halves(self) -> Option<(Self, Self)> {
        let middle = self.from + (self.to - self.from) / 2;
        let halves = (Self { to: middle, ..self }, Self { from: middle, ..self });
        (middle > self.from).then_some(halves)
    }

    fn is_empty(self) -> bool {
        self.from >= self.to
    }
}

impl TimeFilter {
    /// The filter by `time`, such as `update_time`.
    pub(super) fn of(operation: &'static Operation, time: &str) -> Result<Self, InvalidCall> {
        let body = operation.body.map(|body| body.fields).unwrap_or_default();
        let found = [(operation.query, true), (body, false)].into_iter().find_map(|(fields, in_query)| {
            let field = |name: String| fields.iter().find(|field| field.name == name);
            let from = field(format!("{time}_ge")).or_else(|| field(format!("start_{time}_ge")))?;
            let (to, to_included) = end_of(fields, time)?;
            Some(Self { from, to, in_query, to_included, unit: unit(from)? })
        });
        found.ok_or_else(|| InvalidCall::NoTimeFilter { time: time.into(), known: known(operation) })
    }

    /// The whole range as a window; none when it is empty. A row's time is whole units, so both ends round up.
    pub(super) fn window(&self, range: &Range<Timestamp>) -> Option<Window> {
        let (start, end) = (range.start.as_millis(), range.end.as_millis());
        let window = match self.unit {
            Unit::Seconds => Window { from: up(start, 1_000), to: up(end, 1_000) },
            Unit::Millis => Window { from: start, to: end },
            // A day that the range touches is read whole.
            Unit::Days => {
                Window { from: start.div_euclid(DAY_SECONDS * 1_000), to: up(end, DAY_SECONDS * 1_000) }
            }
        };
        Some(window).filter(|window| !window.is_empty())
    }

    /// The instant of a unit.
    pub(super) fn instant(&self, unit: i64) -> Timestamp {
        match self.unit {
            Unit::Seconds => Timestamp::from_seconds(unit),
            Unit::Millis => Timestamp::from_millis(unit),
            Unit::Days => Timestamp::from_seconds(unit.saturating_mul(DAY_SECONDS)),
        }
    }

    /// The request that shows this window only.
    pub(super) fn apply(&self, parts: &Parts, window: Window) -> Result<Parts, InvalidCall> {
        let last = window.to - i64::from(self.to_included);
        let mut parts = parts.clone();
        for (field, value) in [(self.from, window.from), (self.to, last)] {
            let text = match self.unit {
                Unit::Seconds | Unit::Millis => value.to_string(),
                Unit::Days => {
                    self.instant(value).to_rfc3339().chars().take_while(|letter| *letter != 'T').collect()
                }
            };
            if self.in_query {
                parts.query.retain(|(name, _)| *name != field.name);
                parts.query.push((field.name, text));
            } else {
                let is_text = field.schema.kind == Kind::String;
                let value = if is_text { Value::from(text) } else { Value::from(value) };
                parts = with_body_field(parts, field.name, value)?;
            }
        }
        Ok(parts)
    }
}

/// How many whole units of so many milliseconds, with a part of one for a whole one.
fn up(millis: i64, unit: i64) -> i64 {
    millis.div_euclid(unit) + i64::from(millis.rem_euclid(unit) != 0)
}

/// The field for the end of a time, and whether the end is included.
fn end_of(fields: &'static [Field], time: &str) -> Option<(&'static Field, bool)> {
    let names =
        [(format!("{time}_lt"), false), (format!("{time}_le"), true), (format!("end_{time}_lt"), false)];
    names.into_iter().find_map(|(name, is_included)| {
        let field = fields.iter().find(|field| field.name == name)?;
        Some((field, is_included))
    })
}

/// The times that an operation filters by.
fn known(operation: &'static Operation) -> String {
    let body = operation.body.map(|body| body.fields).unwrap_or_default();
    let times = [operation.query, body].into_iter().flat_map(|fields| {
        let begins = fields.iter().filter(|field| unit(field).is_some());
        let times = begins.filter_map(|field| {
            let time = field.name.strip_suffix("_ge")?;
            Some(time.strip_prefix("start_").unwrap_or(time))
        });
        times.filter(|time| end_of(fields, time).is_some())
    });
    let times: Vec<_> = times.collect();
    if times.is_empty() { "none".into() } else { times.join(", ") }
}

/// What a field counts, if it is a time.
fn unit(field: &Field) -> Option<Unit> {
    match (field.schema.format, field.schema.kind) {
        (Some(Format::UnixSeconds), _) | (None, Kind::Integer) => Some(Unit::Seconds),
        (Some(Format::UnixMilliseconds), _) => Some(Unit::Millis),
        (Some(Format::DateTime) | None, Kind::String) if field.name.contains("date") => Some(Unit::Days),
        _ => None,
    }
}
