//! Bodies that the gateway has checked, read.

use serde_json::Value;

/// The items of a list.
pub(super) fn list<'b>(body: &'b Value, name: &str) -> impl Iterator<Item = &'b Value> {
    body.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// The items of a list of texts.
pub(super) fn texts_of<'b>(body: &'b Value, name: &str) -> Vec<&'b str> {
    list(body, name).filter_map(Value::as_str).collect()
}

/// A text, empty if it is missing.
pub(super) fn text_of<'b>(body: &'b Value, name: &str) -> &'b str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}
