//! From a request's flat fields to path, query and body, as the catalogue says.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::ser::SerializeMap;
use ttshop_catalogue::{Method, Operation};

use super::WriteModel;
use super::reader::{NotJson, Reader};
use crate::request::{Body, Part, PartContent, Parts};

/// Everything in a path segment but letters, digits and `-._~`.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Splits `request` for `operation`; `files` are the parts that JSON cannot hold.
pub(crate) fn parts<T: WriteModel>(operation: &'static Operation, request: &T, files: Vec<Part>) -> Parts {
    let mut split = Split::new(operation);
    request.write_fields(&mut split).expect("generated models have text keys and no impl that fails");
    split.finish(files)
}

/// Takes the fields of a request one by one, each as JSON, and puts it where it belongs: nothing is held twice.
struct Split {
    operation: &'static Operation,
    path: String,
    query: Vec<(&'static str, String)>,
    form: Vec<Part>,
    /// The fields of the body, each with a comma behind it.
    body: Vec<u8>,
    /// The name of the present field, as JSON.
    name: Vec<u8>,
    /// Its value, as JSON.
    value: Vec<u8>,
}

impl Split {
    fn new(operation: &'static Operation) -> Self {
        let (query, form) = (Vec::with_capacity(operation.query.len()), Vec::new());
        let (path, body) = (operation.path.to_owned(), vec![b'{']);
        Self { operation, path, query, form, body, name: Vec::new(), value: Vec::new() }
    }

    /// Puts the present field into its place.
    fn place(&mut self) {
        let operation = self.operation;
        let name =
            self.name.strip_prefix(b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or_default();
        let is = |wanted: &str| wanted.as_bytes() == name;
        let in_path = operation.path_params.iter().find(|param| is(param));
        let in_query = operation.query.iter().find(|field| is(field.name));
        let in_form = operation.multipart.iter().find(|field| is(field.name));
        if let Some(param) = in_path {
            fill_in(&mut self.path, param, &text_of(&self.value));
        }
        self.query.extend(in_query.map(|field| (field.name, text_of(&self.value))));
        if let Some(field) = in_form {
            self.form.push(Part { name: field.name, content: PartContent::Text(text_of(&self.value)) });
        }
        let elsewhere = in_path.is_some() || in_query.is_some();
        // A name that the body takes too stays for the body.
        let in_body = || operation.body.is_some_and(|body| body.fields.iter().any(|field| is(field.name)));
        if !elsewhere || in_body() {
            self.body.extend_from_slice(&self.name);
            self.body.push(b':');
            self.body.extend_from_slice(&self.value);
            self.body.push(b',');
        }
    }

    fn finish(mut self, files: Vec<Part>) -> Parts {
        for param in self.operation.path_params {
            fill_in(&mut self.path, param, "");
        }
        let body = self.body(files);
        Parts { path: self.path, query: self.query, body }
    }

    fn body(&mut self, files: Vec<Part>) -> Body {
        let operation = self.operation;
        if !operation.multipart.is_empty() {
            let place = |part: &Part| operation.multipart.iter().position(|field| field.name == part.name);
            self.form.sort_by_key(place);
            self.form.extend(files);
            return Body::Multipart(std::mem::take(&mut self.form));
        }
        // A write is sent as JSON even when it says nothing: the platform wants the content type, and `{}` is signed as sent.
        let writes = matches!(operation.method, Method::Post | Method::Put);
        if !writes && (operation.body.is_none() || self.body.len() == 1) {
            return Body::None;
        }
        match self.body.last_mut() {
            Some(comma) if *comma == b',' => *comma = b'}',
            _ => self.body.push(b'}'),
        }
        Body::Json(std::mem::take(&mut self.body))
    }
}

impl SerializeMap for Split {
    type Ok = ();
    type Error = serde_json::Error;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), serde_json::Error> {
        self.name.clear();
        serde_json::to_writer(&mut self.name, key)
    }

    fn serialize_value<V: Serialize + ?Sized>(&mut self, value: &V) -> Result<(), serde_json::Error> {
        self.value.clear();
        serde_json::to_writer(&mut self.value, value)?;
        self.place();
        Ok(())
    }

    fn end(self) -> Result<(), serde_json::Error> {
        Ok(())
    }
}

fn fill_in(path: &mut String, param: &str, value: &str) {
    let is_param = |(start, end): &(usize, usize)| path[start + 1..*end] == *param;
    let mut braces = path.match_indices('{').map(|(start, _)| start);
    let found = braces.find_map(|start| {
        let end = start + path[start..].find('}')?;
        Some((start, end)).filter(is_param)
    });
    if let Some((start, end)) = found {
        let mut encoded = String::with_capacity(value.len());
        let _ = write!(encoded, "{}", utf8_percent_encode(value, SEGMENT));
        path.replace_range(start..=end, &encoded);
    }
}

/// A value as it stands in a query: lists travel joined by commas, as every client of the platform sends them.
fn text_of(json: &[u8]) -> String {
    let json = std::str::from_utf8(json).expect("JSON is text");
    let mut text = String::with_capacity(json.len());
    push_text(&mut Reader::new(json), &mut text).expect("what was written as JSON reads as such");
    text
}

fn push_text(reader: &mut Reader<'_>, text: &mut String) -> Result<(), NotJson> {
    match reader.peek() {
        Some(b'"') => text.push_str(&reader.string()?),
        Some(b'[') => {
            reader.take(b'[')?;
            let mut more = !reader.take_if(b']');
            while more {
                push_text(reader, text)?;
                more = reader.more(b']')?;
                if more {
                    text.push(',');
                }
            }
        }
        _ => text.push_str(reader.raw()?),
    }
    Ok(())
}
