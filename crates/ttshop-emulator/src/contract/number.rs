//! Numbers by name and range.

use ttshop_catalogue::{Bits, Format};

use crate::contract::asked::Given;
use crate::contract::identity::{Identity, identity, listed_id};
use crate::contract::moment;
use crate::contract::shape::Node;

/// Counts and sizes are at most this large.
const COUNT_MAX: u64 = 100;
/// Ids of 32 bits stay below this bound.
const SHORT_ID_BOUND: u64 = 2_000_000_000;

/// A whole number.
pub(super) fn integer(node: &Node<'_>) -> i64 {
    if !node.scope.in_list
        && node.name == "total_count"
        && let Some(total) = total(node)
    {
        return i64::try_from(total).unwrap_or(i64::MAX);
    }
    if let Some(partial) = node.context.partial.filter(|_| node.name == "code" && node.scope.is_failure()) {
        return partial.code;
    }
    if node.name == "id" || node.name.ends_with("_id") {
        return match identity(node.context, node.scope, node.name) {
            Identity::Given(given) => given.integer().map_or_else(|| count(node), |number| fit(node, number)),
            Identity::Number(number) => id_number(node, number),
        };
    }
    if let Some(number) = node.given().and_then(Given::integer) {
        return fit(node, number);
    }
    if let Some(number) = known_value(node) {
        return number;
    }
    if moment::is_time(node.schema, node.name) {
        let at = moment::moment(node.name, node.scope.created, node.context.day, node.scope.draw);
        return if node.schema.format == Some(Format::UnixMilliseconds) {
            at.as_millis()
        } else {
            at.as_seconds()
        };
    }
    count(node)
}

/// A whole number of a list.
pub(super) fn listed(node: &Node<'_>, place: u64) -> i64 {
    if node.name.ends_with("_ids") || node.name.ends_with("_id") || node.name == "ids" {
        return id_number(node, listed_id(node.context, node.scope, node.name, place));
    }
    known_value(node).unwrap_or_else(|| count(node))
}

/// Any number.
#[expect(clippy::float_arithmetic, reason = "the catalogue's few numbers are shares and measures, not money")]
pub(super) fn decimal(node: &Node<'_>) -> f64 {
    let hundredths = u32::try_from(node.draw % 10_000).unwrap_or(0);
    let drawn = f64::from(hundredths) / 100.0;
    node.schema.range.map_or(drawn, |(least, most)| drawn.clamp(least, most))
}

/// Rows of the whole listing, or of the list beside the count.
fn total(node: &Node<'_>) -> Option<u64> {
    if let Some(window) = &node.context.window {
        return Some(window.total);
    }
    let list = node
        .siblings
        .iter()
        .find(|field| field.schema.items.is_some_and(|items| items.kind == ttshop_catalogue::Kind::Object))?;
    let draw = crate::dice::scatter(node.scope.draw ^ crate::dice::hash(list.name.as_bytes()));
    let list_node = Node { schema: list.schema, name: list.name, draw, ..*node };
    Some(list_node.plan(list.schema.items?).count)
}

fn id_number(node: &Node<'_>, number: u64) -> i64 {
    let short = node.schema.bits == Some(Bits::Int32);
    i64::try_from(if short { number % SHORT_ID_BOUND } else { number }).unwrap_or(i64::MAX)
}

/// A number that the caller sent may be wider than the field.
fn fit(node: &Node<'_>, number: i64) -> i64 {
    if node.schema.bits == Some(Bits::Int32) {
        return number.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    }
    number
}

fn known_value(node: &Node<'_>) -> Option<i64> {
    let values = node.schema.values;
    let place = usize::try_from(node.draw % u64::try_from(values.len().max(1)).unwrap_or(1)).unwrap_or(0);
    values.get(place)?.parse().ok()
}

fn count(node: &Node<'_>) -> i64 {
    let drawn = if node.name == "code" { 0 } else { i64::try_from(1 + node.draw % COUNT_MAX).unwrap_or(1) };
    let Some((least, most)) = node.schema.range else { return drawn };
    let bound = |text: f64, otherwise: i64| format!("{text:.0}").parse().unwrap_or(otherwise);
    let (least, most): (i64, i64) = (bound(least, 0), bound(most, i64::MAX));
    drawn.clamp(least, most.max(least))
}
