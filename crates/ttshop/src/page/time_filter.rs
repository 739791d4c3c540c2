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
    millis: bool,
}

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
            let field =
                |suffix: &str| fields.iter().find(|field| field.name.strip_suffix(suffix) == Some(time));
            let from = field("_ge")?;
            let (to, to_included) = match field("_lt") {
                Some(to) => (to, false),
                None => (field("_le")?, true),
            };
            let millis = from.schema.format == Some(Format::UnixMilliseconds);
            Some(Self { from, to, in_query, to_included, millis })
        });
        found
            .filter(|filter| holds_instants(filter.from))
            .ok_or_else(|| InvalidCall::NoTimeFilter { time: time.into(), known: known(operation) })
    }

    /// The whole range as a window; none when it is empty. A row's time is whole units, so both ends round up.
    pub(super) fn window(&self, range: &Range<Timestamp>) -> Option<Window> {
        let unit = |at: Timestamp| {
            if self.millis { at.as_millis() } else { at.as_millis().div_euclid(1_000) + up(at.as_millis()) }
        };
        Some(Window { from: unit(range.start), to: unit(range.end) }).filter(|window| !window.is_empty())
    }

    /// The instant of a unit.
    pub(super) fn instant(&self, unit: i64) -> Timestamp {
        if self.millis { Timestamp::from_millis(unit) } else { Timestamp::from_seconds(unit) }
    }

    /// The request that shows this window only.
    pub(super) fn apply(&self, parts: &Parts, window: Window) -> Result<Parts, InvalidCall> {
        let last = window.to - i64::from(self.to_included);
        let mut parts = parts.clone();
        for (field, value) in [(self.from, window.from), (self.to, last)] {
            if self.in_query {
                parts.query.retain(|(name, _)| *name != field.name);
                parts.query.push((field.name, value.to_string()));
            } else {
                let text = field.schema.kind == Kind::String;
                let value = if text { Value::from(value.to_string()) } else { Value::from(value) };
                parts = with_body_field(parts, field.name, value)?;
            }
        }
        Ok(parts)
    }
}

/// One if a part of a second is left over.
fn up(millis: i64) -> i64 {
    i64::from(millis.rem_euclid(1_000) != 0)
}

/// The times that an operation filters by.
fn known(operation: &'static Operation) -> String {
    let body = operation.body.map(|body| body.fields).unwrap_or_default();
    let fields = || operation.query.iter().chain(body);
    let has = |name: &str| fields().any(|field| field.name == name);
    let bounded = |time: &&str| has(&format!("{time}_lt")) || has(&format!("{time}_le"));
    let instants = fields().filter(|field| holds_instants(field));
    let times: Vec<_> = instants.filter_map(|field| field.name.strip_suffix("_ge")).filter(bounded).collect();
    if times.is_empty() { "none".into() } else { times.join(", ") }
}

/// Whether a field holds a number of seconds or milliseconds. Days in a shop's time zone cannot be halved here.
fn holds_instants(field: &Field) -> bool {
    match field.schema.format {
        Some(Format::UnixSeconds | Format::UnixMilliseconds) => true,
        Some(_) => false,
        None => field.schema.kind == Kind::Integer,
    }
}
