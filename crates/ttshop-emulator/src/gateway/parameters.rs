//! Query and body against the catalogue. Every finding is 36009004 (PLATFORM.md 4.2).

use serde_json::{Map, Value};
use ttshop_catalogue::{Field, Kind, Operation, Pagination, Schema};

use crate::gateway::{Call, Refusal};

/// Bodies nested deeper are not looked into any further.
const DEPTH_MAX: usize = 16;
/// What belongs into the query even of a POST (PLATFORM.md 6.1).
const PAGING: [&str; 4] = ["page_size", "page_token", "sort_field", "sort_order"];

/// Required parameters, types, ranges, list lengths, and the case of `sort_order`.
pub(crate) fn query_is_valid(call: &Call<'_>, operation: &Operation) -> Result<(), Refusal> {
    for field in operation.query {
        if call.params.iter().filter(|(key, _)| key == field.name).count() > 1 {
            // Reading the first one only would lose ids without a word (PLATFORM.md 2.1: lists are joined by commas).
            return Err(invalid(field.name, "one value, lists joined by commas"));
        }
        match call.param(field.name) {
            Some(text) => text_fits(field, text)?,
            // The sources call some parameters required and name their default; the default is what happens.
            None if field.required && field.schema.default.is_none() => return Err(required(field.name)),
            None => {}
        }
    }
    Ok(())
}

/// Required fields and types, and no paging where it belongs into the query.
pub(crate) fn body_is_valid(body: &Value, operation: &Operation) -> Result<(), Refusal> {
    let Some(schema) = operation.body else { return Ok(()) };
    if let (Value::Object(fields), Pagination::Query(_)) = (body, operation.pagination) {
        let stray = PAGING.iter().find(|name| fields.contains_key(**name) && schema.field(name).is_none());
        if let Some(name) = stray {
            return Err(Refusal::parameter(format!("{name} must be sent in the query, not in the body")));
        }
    }
    if body.is_null() {
        let missing = schema.fields.iter().find(|field| field.required && field.schema.default.is_none());
        return missing.map_or(Ok(()), |field| Err(required(field.name)));
    }
    value_fits("body", schema, body, 0)
}

fn required(name: &str) -> Refusal {
    Refusal::parameter(format!("{name} is a required field"))
}

fn invalid(name: &str, expected: &str) -> Refusal {
    Refusal::parameter(format!("Invalid parameter '{name}'. Expected {expected}."))
}

fn text_fits(field: &Field, text: &str) -> Result<(), Refusal> {
    let (name, schema) = (field.name, field.schema);
    is_allowed(name, schema, text)?;
    match schema.kind {
        Kind::Integer => {
            let number: i64 = text.parse().map_err(|_| invalid(name, "a whole number"))?;
            in_range(name, schema, number)
        }
        Kind::Number => number_in_range(name, schema, text.parse().map_err(|_| invalid(name, "a number"))?),
        Kind::Boolean if text != "true" && text != "false" => Err(invalid(name, "true or false")),
        Kind::Array => fits_count(name, schema, text.split(',').count()),
        // Of a list that is typed as text, the range counts items.
        Kind::String if schema.range.is_some() && name.ends_with("ids") => {
            in_range(name, schema, i64::try_from(text.split(',').count()).unwrap_or(i64::MAX))
        }
        // Some page sizes are typed as text.
        Kind::String if schema.range.is_some() => {
            in_range(name, schema, text.parse().map_err(|_| invalid(name, "a whole number"))?)
        }
        Kind::String => fits_length(name, schema, text),
        Kind::Boolean | Kind::Object | Kind::Map | Kind::File | Kind::Any | Kind::Recursive => Ok(()),
    }
}

/// Sort orders and fields are closed lists (PLATFORM.md 4.2: "X is required, allowed: A, B"); all other values are open.
fn is_allowed(name: &str, schema: &Schema, text: &str) -> Result<(), Refusal> {
    let closed = matches!(name, "sort_order" | "sort_field") && !schema.values.is_empty();
    if closed && !schema.values.contains(&text) {
        return Err(Refusal::parameter(format!("{name} is invalid, allowed: {}", schema.values.join(", "))));
    }
    Ok(())
}

fn value_fits(name: &str, schema: &Schema, value: &Value, depth: usize) -> Result<(), Refusal> {
    if depth > DEPTH_MAX || value.is_null() {
        return Ok(());
    }
    match (schema.kind, value) {
        (Kind::Object, Value::Object(fields)) => fields_fit(schema, fields, depth),
        (Kind::Object, _) => Err(invalid(name, "an object")),
        (Kind::Array, Value::Array(items)) => {
            fits_count(name, schema, items.len())?;
            let Some(schema) = schema.items else { return Ok(()) };
            items.iter().try_for_each(|item| value_fits(name, schema, item, depth + 1))
        }
        (Kind::Array, _) => Err(invalid(name, "a list")),
        (Kind::String, Value::String(text)) => {
            is_allowed(name, schema, text)?;
            fits_length(name, schema, text)
        }
        (Kind::String, _) => Err(invalid(name, "a text")),
        (Kind::Integer, Value::Number(number)) => {
            let number = number.as_i64().ok_or_else(|| invalid(name, "a whole number"))?;
            in_range(name, schema, number)
        }
        (Kind::Integer, _) => Err(invalid(name, "a whole number")),
        (Kind::Number, value) if !value.is_number() => Err(invalid(name, "a number")),
        (Kind::Boolean, value) if !value.is_boolean() => Err(invalid(name, "true or false")),
        (Kind::Number, value) => number_in_range(name, schema, value.as_f64().unwrap_or_default()),
        (Kind::Map, Value::Object(entries)) => {
            let Some(schema) = schema.items else { return Ok(()) };
            entries.iter().try_for_each(|(key, value)| value_fits(key, schema, value, depth + 1))
        }
        (Kind::Map, _) => Err(invalid(name, "an object")),
        (Kind::Boolean | Kind::File | Kind::Any | Kind::Recursive, _) => Ok(()),
    }
}

fn fields_fit(schema: &Schema, fields: &Map<String, Value>, depth: usize) -> Result<(), Refusal> {
    for field in schema.fields {
        match fields.get(field.name) {
            Some(Value::Null) | None if field.required && field.schema.default.is_none() => {
                return Err(required(field.name));
            }
            Some(value) => value_fits(field.name, field.schema, value, depth + 1)?,
            None => {}
        }
    }
    Ok(())
}

fn in_range(name: &str, schema: &Schema, number: i64) -> Result<(), Refusal> {
    let Some((least, most)) = schema.range else { return Ok(()) };
    // Ranges in the catalogue are small whole numbers, so rounding a huge value does not change the outcome.
    number_within(name, least, most, number.to_string().parse::<f64>().unwrap_or(f64::MAX))
}

fn number_in_range(name: &str, schema: &Schema, number: f64) -> Result<(), Refusal> {
    schema.range.map_or(Ok(()), |(least, most)| number_within(name, least, most, number))
}

fn number_within(name: &str, least: f64, most: f64, number: f64) -> Result<(), Refusal> {
    if (least..=most).contains(&number) {
        return Ok(());
    }
    Err(Refusal::parameter(format!("Invalid parameter '{name}'. It must be between {least} and {most}.")))
}

fn fits_count(name: &str, schema: &Schema, count: usize) -> Result<(), Refusal> {
    let most = schema.max_count.and_then(|most| usize::try_from(most).ok());
    match most.filter(|most| count > *most) {
        Some(most) => {
            Err(Refusal::parameter(format!("Invalid parameter '{name}'. It holds more than {most} items.")))
        }
        None => Ok(()),
    }
}

fn fits_length(name: &str, schema: &Schema, text: &str) -> Result<(), Refusal> {
    let most = schema.max_length.and_then(|most| usize::try_from(most).ok());
    match most.filter(|most| text.chars().count() > *most) {
        Some(most) => Err(Refusal::parameter(format!(
            "Invalid parameter '{name}'. It has more than {most} characters."
        ))),
        None => Ok(()),
    }
}
