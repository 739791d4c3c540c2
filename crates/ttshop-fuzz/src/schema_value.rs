//! Values that fit a shape of the catalogue.

use serde_json::{Map, Value, json};
use ttshop_catalogue::{Field, Format, Kind, Schema};

/// A value with every field set and one item in every list.
pub(crate) fn full(schema: &Schema) -> Value {
    match schema.kind {
        Kind::String if schema.format == Some(Format::UnixSeconds) => json!("1700000001"),
        Kind::String => json!(schema.values.first().copied().unwrap_or("a text")),
        Kind::Integer => json!(1_700_000_001),
        Kind::Number => json!(1.5),
        Kind::Boolean => json!(true),
        Kind::Array => json!([schema.items.map_or(Value::Null, full)]),
        Kind::Object => object(schema.fields),
        Kind::File | Kind::Map | Kind::Any | Kind::Recursive => json!({ "k": "v" }),
    }
}

fn object(fields: &[Field]) -> Value {
    let named = fields.iter().map(|field| (field.name.to_owned(), full(field.schema)));
    Value::Object(named.collect::<Map<_, _>>())
}
