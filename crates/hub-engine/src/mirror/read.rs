//! Lenient reads of the platform's JSON.

use serde_json::Value;
use ttshop_types::Timestamp;

/// A text, or a number as its text; empty texts are nothing.
pub(super) fn text(value: &Value, field: &str) -> Option<String> {
    match value.get(field)? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Unix seconds as an instant; zero means that there is none.
pub(super) fn time(value: &Value, field: &str) -> Option<Timestamp> {
    let seconds = match value.get(field)? {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.trim().parse().ok()?,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    (seconds > 0).then(|| Timestamp::from_seconds(seconds))
}

/// The same, as the view prints it.
pub(super) fn time_text(value: &Value, field: &str) -> Option<String> {
    time(value, field).map(Timestamp::to_rfc3339)
}

/// A flag; missing means no.
pub(super) fn flag(value: &Value, field: &str) -> bool {
    matches!(value.get(field), Some(Value::Bool(true)))
}

/// A list; missing means empty.
pub(super) fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
