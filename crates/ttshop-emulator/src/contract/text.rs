//! Texts by format, known values and name.

use std::borrow::Cow;

use ttshop_catalogue::Format;

use crate::contract::asked::Given;
use crate::contract::identity::{Identity, identity, listed_id, product_name};
use crate::contract::moment;
use crate::contract::shape::Node;
use crate::dice::scatter;

/// The text of a field.
pub(super) fn text<'a>(node: &Node<'a>) -> Cow<'a, str> {
    if node.name == "next_page_token" && !node.scope.in_list {
        let next = node.context.window.as_ref().map_or("", |window| window.next.as_str());
        return Cow::Borrowed(next);
    }
    if let Some(failure) = failure(node) {
        return failure;
    }
    if node.name == "id" || node.name.ends_with("_id") {
        return match identity(node.context, node.scope, node.name) {
            Identity::Given(given) => given.text().unwrap_or(Cow::Borrowed("")),
            Identity::Number(number) => number.to_string().into(),
        };
    }
    if let Some(given) = node.given().and_then(Given::text).filter(|given| is_known(node, given)) {
        return cut(node, given);
    }
    cut(node, drawn(node))
}

/// The text at a place of a list.
pub(super) fn listed<'a>(node: &Node<'a>, place: u64) -> Cow<'a, str> {
    if node.name.ends_with("_ids") || node.name.ends_with("_id") || node.name == "ids" {
        return listed_id(node.context, node.scope, node.name, place).to_string().into();
    }
    cut(node, drawn(node))
}

/// Code and message of an item that fails by a fault.
fn failure<'a>(node: &Node<'a>) -> Option<Cow<'a, str>> {
    let partial = node.context.partial.filter(|_| node.scope.is_failure())?;
    match node.name {
        "code" => Some(partial.code.to_string().into()),
        "message" => Some(Cow::Borrowed(&partial.message)),
        _ => None,
    }
}

fn drawn<'a>(node: &Node<'a>) -> Cow<'a, str> {
    let (context, values) = (node.context, node.schema.values);
    if let Some(value) = pick(values, node.draw) {
        return Cow::Borrowed(value);
    }
    match node.schema.format {
        // The catalogue says "currency" of a few amounts beside one.
        Some(Format::Currency) if !node.name.ends_with("amount") => return Cow::Borrowed(context.currency),
        Some(Format::Language) => return Cow::Borrowed("en-US"),
        Some(Format::Currency | Format::UnixSeconds | Format::UnixMilliseconds | Format::DateTime) | None => {
        }
    }
    if moment::is_time(node.schema, node.name) {
        return time(node).into();
    }
    by_name(node)
}

fn time(node: &Node<'_>) -> String {
    let at = moment::moment(node.name, node.scope.created, node.context.day, node.scope.draw);
    match node.schema.format {
        _ if node.name.ends_with("date") => moment::date(at),
        Some(Format::DateTime) => at.to_rfc3339(),
        Some(Format::UnixMilliseconds) => at.as_millis().to_string(),
        Some(Format::UnixSeconds | Format::Currency | Format::Language) | None => at.as_seconds().to_string(),
    }
}

/// The last word of a name says what it holds.
fn by_name<'a>(node: &Node<'a>) -> Cow<'a, str> {
    let (name, draw) = (node.name, node.draw);
    let (first, last) = (name.split('_').next().unwrap_or(name), name.rsplit('_').next().unwrap_or(name));
    match last {
        "amount" | "price" | "fee" | "fees" | "tax" | "total" | "subtotal" | "discount" | "subsidy"
        | "gmv" | "commission" | "cost" | "deduction" | "revenue" | "balance" | "payment"
        | "reimbursement" | "refund" | "pit" => money(node).into(),
        "currency" => Cow::Borrowed(node.context.currency),
        "region" | "regions" | "country" | "market" => Cow::Borrowed(node.context.region),
        "code" if matches!(first, "region" | "country") => Cow::Borrowed(node.context.region),
        "rate" | "ratio" | "percentage" | "percent" | "ctr" | "ctor" | "percentile" | "share" => {
            share(draw).into()
        }
        "url" | "urls" | "link" | "links" | "deeplink" | "avatar" => {
            format!("https://example.invalid/{name}/{draw:016x}").into()
        }
        "uri" => format!("emulated/{draw:016x}").into(),
        "email" => format!("person{}@example.invalid", draw % 10_000).into(),
        "phone" => phone(draw).into(),
        "number" if first == "phone" => phone(draw).into(),
        "number" | "barcode" | "no" => digits(draw).into(),
        "width" | "height" | "length" | "weight" | "volume" | "quantity" | "count" | "num" | "days"
        | "hours" | "views" => (1 + draw % 100).to_string().into(),
        "code" if first == "postal" => Cow::Borrowed("10001"),
        "zipcode" => Cow::Borrowed("10001"),
        "code" => format!("E{:08X}", draw >> 32).into(),
        "token" | "cipher" | "md5" | "key" => format!("{:016x}{draw:016x}", scatter(draw)).into(),
        "language" | "locale" => Cow::Borrowed("en-US"),
        "timezone" => Cow::Borrowed("UTC"),
        "status" => Cow::Borrowed("NORMAL"),
        "base64" => Cow::Borrowed("RU1VTEFURUQ="),
        "reason" | "reasons" if matches!(first, "fail" | "failed" | "reject" | "rejection") => {
            Cow::Borrowed("")
        }
        _ => words(node),
    }
}

/// Least amounts stay below ordinary ones, and those below the largest.
fn money(node: &Node<'_>) -> String {
    let (least, spread) = match node.name.split('_').next().unwrap_or_default() {
        "min" | "minimum" | "lowest" | "floor" => (100, 4_900),
        "max" | "maximum" | "highest" | "ceiling" => (10_000, 90_000),
        _ => (5_000, 5_000),
    };
    let minor = least + node.draw % spread;
    match node.context.decimals {
        0 => minor.to_string(),
        _ => format!("{}.{:02}", minor / 100, minor % 100),
    }
}

fn share(draw: u64) -> String {
    format!("0.{:04}", draw % 10_000)
}

fn phone(draw: u64) -> String {
    format!("+1555{:07}", draw % 10_000_000)
}

fn digits(draw: u64) -> String {
    format!("{:012}", draw % 1_000_000_000_000)
}

/// A name or a sentence; a shop's products keep their names.
fn words<'a>(node: &Node<'a>) -> Cow<'a, str> {
    if node.name == "product_name"
        && let Some(name) = product_name(node.context, node.scope.reference)
    {
        return Cow::Borrowed(name);
    }
    format!("Sample {} {}", node.name.replace('_', " "), 1 + node.draw % 1_000).into()
}

fn pick(values: &'static [&'static str], draw: u64) -> Option<&'static str> {
    let bound = u64::try_from(values.len()).ok().filter(|bound| *bound > 0)?;
    values.get(usize::try_from(draw % bound).ok()?).copied()
}

/// Values that the field is not known to take are not repeated.
fn is_known(node: &Node<'_>, text: &str) -> bool {
    node.schema.values.is_empty() || node.schema.values.contains(&text)
}

fn cut<'a>(node: &Node<'a>, text: Cow<'a, str>) -> Cow<'a, str> {
    match node.schema.max_length.and_then(|most| usize::try_from(most).ok()) {
        Some(most) if text.chars().count() > most => text.chars().take(most).collect::<String>().into(),
        _ => text,
    }
}
