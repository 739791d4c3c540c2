//! Shapes of values as trees, for eyes and for scripts.

use serde_json::{Map, Value, json};
use ttshop_catalogue::{Bits, Field, Format, Kind, Schema};

/// How many known values a line of text shows; JSON shows all.
const VALUES_SHOWN_MAX: usize = 12;

/// The fields of a query, one line each, nested ones below.
pub(super) fn fields_text(fields: &[Field]) -> Vec<String> {
    let mut lines = Vec::new();
    push_fields(&mut lines, fields, 1);
    lines
}

/// A body or an answer: its fields where it is an object.
pub(super) fn schema_text(schema: &Schema) -> Vec<String> {
    if schema.kind == Kind::Object && !schema.fields.is_empty() {
        return fields_text(schema.fields);
    }
    let mut lines = vec![format!("  {}", description(innermost(schema).0))];
    push_fields(&mut lines, innermost(schema).0.fields, 2);
    lines
}

/// Fields for scripts.
pub(super) fn fields_json(fields: &[Field]) -> Vec<Value> {
    let one = |field: &Field| {
        let mut value = json!({"name": field.name, "required": field.required});
        if field.deprecated {
            value["deprecated"] = json!(true);
        }
        if let (Some(value), Value::Object(schema)) = (value.as_object_mut(), schema_json(field.schema)) {
            value.extend(schema);
        }
        value
    };
    fields.iter().map(one).collect()
}

/// A shape for scripts.
pub(super) fn schema_json(schema: &Schema) -> Value {
    let mut value = Map::new();
    value.insert("type".into(), kind_word(schema.kind).into());
    let mut put = |key: &str, known: Option<Value>| value.extend(known.map(|known| (key.to_owned(), known)));
    put("format", schema.format.map(|format| format_word(format).into()));
    put("bits", schema.bits.map(|bits| bits_word(bits).into()));
    put("items", schema.items.map(schema_json));
    put("fields", (!schema.fields.is_empty()).then(|| Value::Array(fields_json(schema.fields))));
    put("values", (!schema.values.is_empty()).then(|| json!(schema.values)));
    put("max_count", schema.max_count.map(Value::from));
    put("max_length", schema.max_length.map(Value::from));
    put("range", schema.range.map(|(least, most)| json!([least, most])));
    put("default", schema.default.map(Value::from));
    Value::Object(value)
}

fn push_fields(lines: &mut Vec<String>, fields: &[Field], depth: usize) {
    for field in fields {
        let (inner, brackets) = innermost(field.schema);
        let required = if field.required { "*" } else { "" };
        let deprecated = if field.deprecated { ", deprecated" } else { "" };
        let (indent, name) = ("  ".repeat(depth), field.name);
        let count = field.schema.max_count.map(|most| format!(", at most {most}")).unwrap_or_default();
        let shape = description(inner);
        lines.push(format!("{indent}{name}{brackets}{required}  {shape}{count}{deprecated}"));
        push_fields(lines, inner.fields, depth + 1);
    }
}

/// The items of lists of lists, and brackets for each level.
fn innermost(schema: &Schema) -> (&Schema, String) {
    let (mut inner, mut brackets) = (schema, String::new());
    while let Some(items) = inner.items {
        brackets.push_str(if inner.kind == Kind::Map { "{}" } else { "[]" });
        inner = items;
    }
    (inner, brackets)
}

fn description(schema: &Schema) -> String {
    let mut text = kind_word(schema.kind).to_owned();
    let details = [schema.bits.map(bits_word), schema.format.map(format_word)];
    let details: Vec<_> = details.into_iter().flatten().collect();
    if !details.is_empty() {
        text.push_str(&format!(" ({})", details.join(", ")));
    }
    text.extend(schema.range.map(|(least, most)| format!(", {least} to {most}")));
    text.extend(schema.max_length.map(|most| format!(", at most {most} characters")));
    text.extend(schema.default.map(|default| format!(", default {default}")));
    if !schema.values.is_empty() {
        let shown = schema.values.iter().take(VALUES_SHOWN_MAX).copied().collect::<Vec<_>>().join(" | ");
        let hidden = schema.values.len().saturating_sub(VALUES_SHOWN_MAX);
        let more = if hidden > 0 { format!(" | {hidden} more") } else { String::new() };
        text.push_str(&format!(": {shown}{more}"));
    }
    text
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "string",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Array => "array",
        Kind::Object => "object",
        Kind::Map => "map",
        Kind::File => "file",
        Kind::Any => "any",
        Kind::Recursive => "recursive",
    }
}

fn format_word(format: Format) -> &'static str {
    match format {
        Format::UnixSeconds => "unix-seconds",
        Format::UnixMilliseconds => "unix-milliseconds",
        Format::Currency => "iso-4217",
        Format::Language => "bcp-47",
        Format::DateTime => "date-time",
    }
}

fn bits_word(bits: Bits) -> &'static str {
    match bits {
        Bits::Int32 => "int32",
        Bits::Int64 => "int64",
        Bits::Float => "float",
        Bits::Double => "double",
    }
}
