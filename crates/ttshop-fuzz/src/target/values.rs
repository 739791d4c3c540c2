//! Single values: money, times, hidden values, paths.

use ttshop_catalogue::{Method, route};
use ttshop_types::{DecimalText, Masked, Money, Timestamp};

use super::{Shape, Target, magnitude};

pub(super) const TARGET: Target = Target { name: "values", run, seeds };

fn run(input: &[u8]) -> Shape {
    let text = String::from_utf8_lossy(input);
    Shape::of((money(&text), masked(&text), time(&text), path(&text)))
}

/// An amount that reads is written so that it reads the same.
fn money(text: &str) -> Option<u32> {
    let (first, second) = text.split_once('\n').unwrap_or((text, text));
    let amount = Money::parse(&DecimalText(first.to_owned()), "GBP").ok()?;
    let again = DecimalText(amount.amount.to_string()).parse();
    assert_eq!(again.ok(), Some(amount.amount));
    let other = Money::parse(&DecimalText(second.to_owned()), "GBP").ok()?;
    let (sum, turned) = (amount.checked_add(&other).ok(), other.checked_add(&amount).ok());
    assert_eq!(sum, turned, "the order of a sum matters");
    Some(sum.map_or(0, |sum| sum.amount.scale() + 1))
}

/// A hidden value is never taken for a clear one, and reads the same again.
fn masked(text: &str) -> bool {
    let value = Masked::read(text);
    assert!(value.clear().is_none_or(|clear| !clear.contains("**")), "asterisks in the clear");
    assert_eq!(Masked::read(value.as_printed()), value);
    value.clear().is_some()
}

fn time(text: &str) -> Option<u32> {
    let seconds: i64 = text.trim().parse().ok()?;
    let timestamp = Timestamp::from_seconds(seconds);
    assert!(timestamp.since(Timestamp::EPOCH).is_zero() || seconds > 0);
    Some(magnitude(timestamp.to_rfc3339().len()))
}

fn path(text: &str) -> Option<&'static str> {
    let found = [Method::Get, Method::Post, Method::Put, Method::Delete].map(|method| route(method, text));
    found.into_iter().flatten().map(|(operation, _)| operation.key).next()
}

fn seeds() -> Vec<Vec<u8>> {
    let values = [
        "12.30\n0.01",
        "-0",
        "79228162514264337593543950335",
        "**** Smith",
        "1790000000",
        "-9223372036854775808",
    ];
    let paths = ttshop_catalogue::OPERATIONS.iter().map(|operation| operation.path);
    values.into_iter().chain(paths).map(|text| text.as_bytes().to_vec()).collect()
}
