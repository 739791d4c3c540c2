//! Shapes as JSON Schema (2020-12, as OpenAPI 3.1 has it).

use serde_json::{Map, Value, json};
use ttshop_catalogue::{Bits, Field, Format, Kind, Schema};

/// Which side writes the value. Whoever writes must keep to what is required; whoever reads must not rely on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Request,
    Answer,
}

/// A shape.
pub(super) fn schema(schema: &Schema, side: Side) -> Value {
    let mut made = Map::new();
    if let Some(word) = type_of(schema.kind) {
        // Answers hold null where the documentation promises a value (PLATFORM.md 12).
        let nullable = schema.nullable || side == Side::Answer;
        made.insert("type".into(), if nullable { json!([word, "null"]) } else { json!(word) });
    }
    let mut put = |key: &str, known: Option<Value>| made.extend(known.map(|known| (key.to_owned(), known)));
    put("format", format_of(schema).map(Value::from));
    put("maxItems", schema.max_count.filter(|_| schema.kind == Kind::Array).map(Value::from));
    put("maxLength", schema.max_length.filter(|_| schema.kind == Kind::String).map(Value::from));
    put("contentMediaType", (schema.kind == Kind::File).then(|| "application/octet-stream".into()));
    put("default", schema.default.and_then(|text| literal(schema.kind, text)));
    if let Some((least, most)) = schema.range.filter(|_| matches!(schema.kind, Kind::Integer | Kind::Number))
    {
        put("minimum", Some(number(least)));
        put("maximum", Some(number(most)));
    }
    // Known values are no `enum`: the platform adds some, and a generated client must not fail on them.
    let known: Vec<Value> = schema.values.iter().filter_map(|text| literal(schema.kind, text)).collect();
    put("examples", (!known.is_empty()).then_some(Value::Array(known)));
    match schema.kind {
        Kind::Array => {
            let items = schema.items.map_or_else(|| json!({}), |items| self::schema(items, side));
            put("items", Some(items));
        }
        Kind::Map => {
            put("additionalProperties", schema.items.map(|items| self::schema(items, side)));
        }
        Kind::Object => made.extend(object(schema.fields, side)),
        Kind::String
        | Kind::Integer
        | Kind::Number
        | Kind::Boolean
        | Kind::File
        | Kind::Any
        | Kind::Recursive => {}
    }
    Value::Object(made)
}

/// What an object adds to its type.
pub(super) fn object(fields: &[Field], side: Side) -> Map<String, Value> {
    let mut made = Map::new();
    if fields.is_empty() {
        return made;
    }
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), property(field, side))).collect();
    made.insert("properties".into(), properties.into());
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.required && side == Side::Request)
        .map(|field| field.name)
        .collect();
    if !required.is_empty() {
        made.insert("required".into(), json!(required));
    }
    made
}

fn property(field: &Field, side: Side) -> Value {
    let mut made = schema(field.schema, side);
    if field.deprecated {
        made["deprecated"] = json!(true);
    }
    made
}

fn type_of(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::String | Kind::File => Some("string"),
        Kind::Integer => Some("integer"),
        Kind::Number => Some("number"),
        Kind::Boolean => Some("boolean"),
        Kind::Array => Some("array"),
        Kind::Object | Kind::Map => Some("object"),
        Kind::Any | Kind::Recursive => None,
    }
}

fn format_of(schema: &Schema) -> Option<&'static str> {
    let meaning = schema.format.map(|format| match format {
        Format::UnixSeconds => "unix-seconds",
        Format::UnixMilliseconds => "unix-milliseconds",
        Format::Currency => "iso-4217",
        Format::Language => "bcp-47",
        Format::DateTime => "date-or-date-time",
    });
    meaning.or_else(|| schema.bits.map(width))
}

/// How wide a number is, which OpenAPI has its own words for.
fn width(bits: Bits) -> &'static str {
    match bits {
        Bits::Int32 => "int32",
        Bits::Int64 => "int64",
        Bits::Float => "float",
        Bits::Double => "double",
    }
}

/// A documented text as a value of its kind; none if it is no such value.
fn literal(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::String => Some(text.into()),
        Kind::Integer => text.parse::<i64>().ok().map(Value::from),
        Kind::Number => text.parse::<f64>().ok().map(Value::from),
        Kind::Boolean => text.parse::<bool>().ok().map(Value::from),
        Kind::Array | Kind::Object | Kind::Map | Kind::File | Kind::Any | Kind::Recursive => None,
    }
}

/// A bound without a fraction that is not there.
fn number(bound: f64) -> Value {
    let text = bound.to_string();
    text.parse::<i64>().map_or_else(|_| json!(bound), Value::from)
}
