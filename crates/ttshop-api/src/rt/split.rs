//! From a request's flat fields to path, query and body, as the catalogue says.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Map, Value};
use ttshop_catalogue::{Method, Operation};

use crate::request::{Body, Part, PartContent, Parts};

/// Everything in a path segment but letters, digits and `-._~`.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request as one flat object.
pub(crate) fn to_value<T: Serialize>(request: &T) -> Value {
    serde_json::to_value(request).expect("generated models have text keys and no impl that fails")
}

/// Splits `request` for `operation`; `files` are the parts that JSON cannot hold.
pub(crate) fn parts(operation: &'static Operation, request: Value, files: Vec<Part>) -> Parts {
    let mut fields = match request {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let path = path(operation, &mut fields);
    let mut query = Vec::new();
    for field in operation.query {
        if let Some(value) = fields.get(field.name) {
            query.push((field.name, query_text(value)));
        }
        // A name that the body takes too stays for the body.
        if operation.body.is_none_or(|body| body.field(field.name).is_none()) {
            fields.remove(field.name);
        }
    }
    Parts { path, query, body: body(operation, fields, files) }
}

fn path(operation: &Operation, fields: &mut Map<String, Value>) -> String {
    let mut path = operation.path.to_owned();
    for name in operation.path_params {
        let value = fields.get(*name).map(query_text).unwrap_or_default();
        path = path.replace(&format!("{{{name}}}"), &utf8_percent_encode(&value, SEGMENT).to_string());
        if operation.body.is_none_or(|body| body.field(name).is_none()) {
            fields.remove(*name);
        }
    }
    path
}

/// Lists travel joined by commas, as every client of the platform sends them.
fn query_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(query_text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn body(operation: &Operation, fields: Map<String, Value>, files: Vec<Part>) -> Body {
    if !operation.multipart.is_empty() {
        let text = |(name, value): (&'static str, &Value)| Part {
            name,
            content: PartContent::Text(query_text(value)),
        };
        let named =
            operation.multipart.iter().filter_map(|field| Some((field.name, fields.get(field.name)?)));
        return Body::Multipart(named.map(text).chain(files).collect());
    }
    // A write is sent as JSON even when it says nothing: the platform wants the content type, and `{}` is signed as sent.
    let writes = matches!(operation.method, Method::Post | Method::Put);
    if !writes && (operation.body.is_none() || fields.is_empty()) {
        return Body::None;
    }
    Body::Json(Value::Object(fields).to_string().into_bytes())
}
