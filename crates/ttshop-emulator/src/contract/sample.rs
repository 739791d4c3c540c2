//! Requests that pass: the least that an operation takes, made from the catalogue.

use serde_json::{Map, Value};
use ttshop_catalogue::{Bits, Field, Format, Kind, Operation, Schema, UploadRule};

/// The least request that an operation takes, without app key, signature, timestamp, token and cipher.
///
/// It holds the required parameters only, with a documented value where there is one. What it is for: calling every operation
/// once, in a test.
#[derive(Clone, PartialEq, Debug)]
pub struct SampleRequest {
    /// The path, its parameters filled in.
    pub path: String,
    /// Query parameters, decoded.
    pub query: Vec<(&'static str, String)>,
    /// The JSON body, if the operation takes one.
    pub body: Option<Value>,
    /// Text parts of an upload.
    pub texts: Vec<(&'static str, String)>,
    /// Files of an upload.
    pub files: Vec<SampleFile>,
}

/// A small file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SampleFile {
    /// The name of the part.
    pub part: &'static str,
    /// The file's name.
    pub file_name: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Ids in paths and parameters.
const ID: &str = "7300000000000000001";
/// A moment in 2025, when every version of the platform existed.
const SECONDS: i64 = 1_760_000_000;

/// The least request that `operation` takes.
pub fn sample_request(operation: &Operation) -> SampleRequest {
    let mut path = operation.path.to_owned();
    for name in operation.path_params {
        path = path.replace(&format!("{{{name}}}"), ID);
    }
    let query = required(operation.query).map(|field| (field.name, query_text(field)));
    let (files, texts): (Vec<&Field>, Vec<&Field>) =
        operation.multipart.iter().partition(|field| field.schema.kind == Kind::File);
    let files = files.into_iter().map(|field| sample_file(operation, field));
    let named = operation.uploads().iter().find_map(|rule| Some((rule.name_field?, rule.example().name)));
    let text = |field: &Field| match named {
        Some((name_field, name)) if name_field == field.name => name.to_owned(),
        _ => query_text(field),
    };
    SampleRequest {
        path,
        query: query.collect(),
        body: operation.body.map(|body| value(body, "body")),
        texts: texts
            .into_iter()
            .filter(|field| field.required)
            .map(|field| (field.name, text(field)))
            .collect(),
        files: files.collect(),
    }
}

fn sample_file(operation: &Operation, field: &Field) -> SampleFile {
    let rule = operation.uploads().iter().find(|rule| rule.part == field.name);
    let example = rule.map(UploadRule::example);
    let (file_name, bytes) = example.map_or(("sample.bin", b"7".as_slice()), |file| (file.name, file.bytes));
    SampleFile { part: field.name, file_name, bytes: bytes.to_vec() }
}

fn required(fields: &'static [Field]) -> impl Iterator<Item = &'static Field> {
    fields.iter().filter(|field| field.required)
}

fn query_text(field: &Field) -> String {
    match value(field.schema, field.name) {
        Value::String(text) => text,
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().map(plain).collect();
            texts.join(",")
        }
        other => other.to_string(),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn value(schema: &'static Schema, name: &str) -> Value {
    match schema.kind {
        Kind::Object => {
            let fields =
                required(schema.fields).map(|field| (field.name.to_owned(), value(field.schema, field.name)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Kind::Array => Value::Array(schema.items.map(|items| value(items, name)).into_iter().collect()),
        Kind::Map => Value::Object(Map::new()),
        Kind::Integer => integer(schema, name).into(),
        Kind::Number => schema.range.map_or(1.0, |(least, _)| least).into(),
        Kind::Boolean => Value::Bool(true),
        Kind::String | Kind::File | Kind::Any => text(schema, name).into(),
        Kind::Recursive => Value::Null,
    }
}

fn integer(schema: &Schema, name: &str) -> i64 {
    if let Some(known) = schema.values.iter().find_map(|value| value.parse().ok()) {
        return known;
    }
    if let Some((least, most)) = schema.range {
        let whole = |bound: f64| format!("{:.0}", bound.ceil()).parse::<i64>().unwrap_or(1);
        return whole(least).max(1).min(whole(most));
    }
    let names_a_thing = matches!(name.rsplit('_').next(), Some("id" | "ids"));
    match schema.format {
        None if names_a_thing && schema.bits != Some(Bits::Int32) => ID.parse().unwrap_or(1),
        Some(Format::UnixSeconds) => SECONDS,
        Some(Format::UnixMilliseconds) => SECONDS * 1_000,
        Some(Format::Currency | Format::Language | Format::DateTime) | None if name.ends_with("time") => {
            SECONDS
        }
        Some(Format::Currency | Format::Language | Format::DateTime) | None => 1,
    }
}

fn text(schema: &'static Schema, name: &str) -> String {
    let known = schema.values.first().or(schema.default.as_ref());
    if let Some(known) = known {
        return (*known).to_owned();
    }
    if schema.range.is_some() && !name.ends_with("ids") {
        return integer(schema, name).to_string();
    }
    let drawn = match schema.format {
        Some(Format::UnixSeconds) => SECONDS.to_string(),
        Some(Format::UnixMilliseconds) => (SECONDS * 1_000).to_string(),
        Some(Format::Currency) => "USD".into(),
        Some(Format::Language) => "en-US".into(),
        Some(Format::DateTime) => "2025-10-09".into(),
        None => match name.rsplit('_').next().unwrap_or_default() {
            "id" | "ids" => ID.into(),
            "currency" => "USD".into(),
            "amount" | "price" => "12.34".into(),
            "ge" | "lt" | "le" | "date" if name.contains("date") => "2025-10-09".into(),
            _ => format!("sample {name}"),
        },
    };
    let most = schema.max_length.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    drawn.chars().take(most).collect()
}
