//! Values that fit a shape of the catalogue.

use serde_json::{Map, Value, json};
use ttshop_catalogue::{Field, Format, Kind, Schema};

/// A value with every field set and one item in every list.
pub(crate) fn full(schema: &Schema) -> Value {
    match schema.kind {
        Kind::String if schema.format == Some(Format::UnixSeconds) => json!("1700000001"),
        Kind::String => json!(schema.values.first().copied().unwrap_or("a text")),
        Kind::Integer => json!(7_100_000_000_000_000_001_i64),
        Kind::Number => json!(1.5),
        Kind::Boolean => json!(true),
        Kind::Array => json!([full(schema.items.expect("arrays have items"))]),
        Kind::Object if schema.fields.is_empty() => json!({ "anything": [1, "two"] }),
        Kind::Object => object(schema.fields, &full),
        Kind::File | Kind::Map | Kind::Any | Kind::Recursive => json!({ "k": "v" }),
    }
}

/// Every field with what `value` makes of its shape.
pub(crate) fn object(fields: &[Field], value: &dyn Fn(&Schema) -> Value) -> Value {
    Value::Object(
        fields.iter().map(|field| (field.name.to_owned(), value(field.schema))).collect::<Map<_, _>>(),
    )
}

/// The same shape with every scalar replaced by `odd`.
pub(crate) fn with_scalars(schema: &Schema, odd: &Value) -> Value {
    match (schema.kind, schema.items) {
        (Kind::Array, Some(items)) => json!([with_scalars(items, odd), odd]),
        (Kind::Object, _) => object(schema.fields, &|inner| with_scalars(inner, odd)),
        _ => odd.clone(),
    }
}

/// Scalars as text, so that `"1"` and `1` compare equal, and nothing that is empty.
pub(crate) fn normal(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().map(|(name, value)| (name.clone(), normal(value)));
            Value::Object(kept.filter(|(_, value)| !value.is_null()).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(normal).collect()),
        Value::Null | Value::String(_) => value.clone(),
        scalar => json!(scalar.to_string()),
    }
}
