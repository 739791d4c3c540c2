//! Calls by name: the catalogue says which argument belongs into the path, the query or the body.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use ttshop_api::{Body, FileUpload, Part, PartContent, Parts};
use ttshop_catalogue::{Field, Kind, Operation, by_key, by_key_version};

use crate::error::InvalidCall;

/// What is never encoded in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The operation called `name`: `order.search_orders` in its default version, `order.search_orders@202309` in a certain one.
pub(crate) fn find(name: &str) -> Result<&'static Operation, InvalidCall> {
    let found = match name.split_once('@') {
        Some((key, version)) => by_key_version(key, version),
        None => by_key(name),
    };
    found.ok_or_else(|| InvalidCall::UnknownOperation(name.into()))
}

/// Splits `arguments` into the parts of a request. A name that stands in several places goes to all of them. `files` go into a form.
pub(crate) fn parts(
    operation: &'static Operation,
    arguments: Value,
    files: Vec<(String, FileUpload)>,
) -> Result<Parts, InvalidCall> {
    let arguments = match arguments {
        Value::Object(arguments) => arguments,
        Value::Null => Map::new(),
        _ => return Err(InvalidCall::NotAnObject),
    };
    check_names(operation, &arguments)?;
    check_files(operation, &files)?;
    Ok(Parts {
        path: path(operation, &arguments)?,
        query: query(operation, &arguments)?,
        body: match operation.multipart {
            [] => body(operation, arguments)?,
            form => Body::Multipart(form_parts(form, &arguments, files)?),
        },
    })
}

fn check_names(operation: &'static Operation, arguments: &Map<String, Value>) -> Result<(), InvalidCall> {
    let is_text_for_a_file = |field: &&Field| is_file(field) && arguments.contains_key(field.name);
    if let Some(file) = operation.multipart.iter().find(is_text_for_a_file) {
        return Err(InvalidCall::NeedsFile(file.name));
    }
    let body = operation.body.map(|body| body.fields).unwrap_or_default();
    // Of some bodies no source lists the fields.
    let open = operation.body.is_some() && body.is_empty();
    let known = || {
        let texts = operation.multipart.iter().filter(|field| !is_file(field));
        let fields = operation.query.iter().chain(body).chain(texts).map(|field: &Field| field.name);
        operation.path_params.iter().copied().chain(fields)
    };
    match arguments.keys().find(|name| !open && !known().any(|known| known == *name)) {
        None => Ok(()),
        Some(name) => {
            let known: Vec<_> = known().collect();
            Err(InvalidCall::UnknownParameter { name: name.clone(), known: known.join(", ") })
        }
    }
}

/// Every file has its part, and every part that needs a file has one.
fn check_files(operation: &'static Operation, files: &[(String, FileUpload)]) -> Result<(), InvalidCall> {
    let parts = || operation.multipart.iter().filter(|field| is_file(field));
    if let Some((name, _)) = files.iter().find(|(name, _)| !parts().any(|part| part.name == name)) {
        let known: Vec<_> = parts().map(|part| part.name).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(InvalidCall::UnknownFile { name: name.clone(), known });
    }
    let lacks = |part: &&Field| part.required && !files.iter().any(|(name, _)| name == part.name);
    parts().find(lacks).map_or(Ok(()), |part| Err(InvalidCall::NeedsFile(part.name)))
}

fn is_file(field: &Field) -> bool {
    field.schema.kind == Kind::File
}

/// Texts first: a reader that stores the file as it comes knows what it is for.
fn form_parts(
    fields: &'static [Field],
    arguments: &Map<String, Value>,
    mut files: Vec<(String, FileUpload)>,
) -> Result<Vec<Part>, InvalidCall> {
    let mut parts = Vec::with_capacity(fields.len());
    for (name, value) in fields.iter().filter_map(|field| Some((field.name, arguments.get(field.name)?))) {
        let text = list(value).ok_or(InvalidCall::NotAScalar(name))?;
        parts.push(Part { name, content: PartContent::Text(text) });
    }
    for name in fields.iter().map(|field| field.name) {
        let place = files.iter().position(|(wanted, _)| wanted == name);
        parts
            .extend(place.map(|place| Part { name, content: PartContent::File(files.swap_remove(place).1) }));
    }
    Ok(parts)
}

fn path(operation: &'static Operation, arguments: &Map<String, Value>) -> Result<String, InvalidCall> {
    let mut path = operation.path.to_owned();
    for name in operation.path_params {
        let value = arguments.get(*name).ok_or(InvalidCall::MissingPathParameter(name))?;
        let value = scalar(value).filter(|value| !value.is_empty()).ok_or(InvalidCall::NotAScalar(name))?;
        path = path.replace(&format!("{{{name}}}"), &utf8_percent_encode(&value, SEGMENT).to_string());
    }
    Ok(path)
}

fn query(
    operation: &'static Operation,
    arguments: &Map<String, Value>,
) -> Result<Vec<(&'static str, String)>, InvalidCall> {
    let given = operation.query.iter().filter_map(|field| Some((field.name, arguments.get(field.name)?)));
    given.map(|(name, value)| Ok((name, list(value).ok_or(InvalidCall::NotAScalar(name))?))).collect()
}

fn body(operation: &'static Operation, arguments: Map<String, Value>) -> Result<Body, InvalidCall> {
    let Some(schema) = operation.body else { return Ok(Body::None) };
    let elsewhere = |name: &str| {
        operation.path_params.contains(&name) || operation.query.iter().any(|field| field.name == name)
    };
    let mut fields = arguments;
    fields.retain(|name, _| schema.field(name).is_some() || !elsewhere(name));
    if fields.is_empty() && operation.method == ttshop_catalogue::Method::Get {
        return Ok(Body::None);
    }
    serde_json::to_vec(&fields).map(Body::Json).map_err(|_| InvalidCall::Body)
}

/// Lists are joined by commas.
fn list(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) => {
            items.iter().map(scalar).collect::<Option<Vec<_>>>().map(|items| items.join(","))
        }
        other => scalar(other),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
