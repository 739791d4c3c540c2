//! Models: every operation's answer and request, from any bytes.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::LazyLock;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use ttshop_api::samples::{Visitor, each};
use ttshop_api::{Answer as _, Body, Request};
use ttshop_catalogue::{Kind, Operation};

use super::{Shape, Target, magnitude};
use crate::schema_value::full;

pub(super) const TARGET: Target = Target { name: "models", run, seeds };

struct Row {
    operation: &'static Operation,
    check: fn(&[u8]) -> Shape,
}

struct Rows {
    all: Vec<Row>,
    by_name: BTreeMap<String, usize>,
}

static ROWS: LazyLock<Rows> = LazyLock::new(|| {
    let mut rows = Rows { all: Vec::new(), by_name: BTreeMap::new() };
    each(&mut rows);
    rows
});

impl Visitor for Rows {
    fn visit<R>(&mut self, _: R)
    where
        R: Request<Response: Serialize> + DeserializeOwned + Clone + 'static,
    {
        self.by_name.insert(name(R::OPERATION), self.all.len());
        self.all.push(Row {
            operation: R::OPERATION,
            check: |data| Shape::of((answer::<R>(data), request::<R>(data))),
        });
    }
}

fn name(operation: &Operation) -> String {
    format!("{}@{}", operation.key, operation.version)
}

/// The first line names an operation, as `order.search_orders@202309`; any other text picks one too. The rest is `data`.
fn run(input: &[u8]) -> Shape {
    let end = input.iter().position(|byte| *byte == b'\n');
    let (header, data) = end.map_or((input, input), |end| (&input[..end], &input[end + 1..]));
    let named = std::str::from_utf8(header).ok().and_then(|name| ROWS.by_name.get(name)).copied();
    let index = named.unwrap_or_else(|| any_index(header));
    Shape::of((index, (ROWS.all[index].check)(data)))
}

fn any_index(header: &[u8]) -> usize {
    let mut hasher = DefaultHasher::new();
    header.hash(&mut hasher);
    let count = u64::try_from(ROWS.all.len()).expect("a few hundred operations");
    usize::try_from(hasher.finish() % count).expect("less than the number of operations")
}

/// What reads as an answer can be written, and what was written reads again.
fn answer<R: Request<Response: Serialize>>(data: &[u8]) -> Option<u32> {
    let answer = R::decode(data).ok()?;
    let failures = answer.failures().len();
    let text = serde_json::to_vec(&answer).expect("models have text keys and no impl that fails");
    // An answer inside a second `data` is written without it.
    if !matches!(R::OPERATION.response.fields, [only] if only.name == "data") {
        let again =
            R::decode(&text).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&text)));
        let rewritten = serde_json::to_vec(&again).expect("models have text keys and no impl that fails");
        assert_eq!(String::from_utf8_lossy(&rewritten), String::from_utf8_lossy(&text));
    }
    Some(magnitude(text.len()) * 16 + magnitude(failures))
}

/// What reads as a request makes a path that can be sent.
fn request<R: Request + DeserializeOwned>(data: &[u8]) -> Option<u32> {
    let request: R = serde_json::from_slice(data).ok()?;
    let parts = request.parts();
    let sendable = parts.path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#{}".contains(&byte));
    assert!(parts.path.starts_with('/') && sendable, "`{}` is no path", parts.path);
    if let Body::Json(body) = &parts.body {
        serde_json::from_slice::<Map<String, Value>>(body).expect("a body is a JSON object");
    }
    Some(magnitude(parts.query.len()))
}

/// A full answer and a full request of every operation.
fn seeds() -> Vec<Vec<u8>> {
    let with_name =
        |operation: &Operation, value: Value| format!("{}\n{value}", name(operation)).into_bytes();
    let both = |row: &Row| {
        let operation = row.operation;
        [with_name(operation, full(operation.response)), with_name(operation, flat_request(operation))]
    };
    ROWS.all.iter().flat_map(both).collect()
}

fn flat_request(operation: &Operation) -> Value {
    let body = operation.body.map(|body| body.fields).unwrap_or_default();
    let fields = operation.query.iter().chain(body).filter(|field| field.schema.kind != Kind::File);
    let named = fields.map(|field| (field.name.to_owned(), full(field.schema)));
    let in_path = operation.path_params.iter().map(|name| ((*name).to_owned(), Value::from("a/b 7")));
    Value::Object(named.chain(in_path).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_row_and_its_seeds_are_read() {
        assert_eq!(ROWS.all.len(), ttshop_catalogue::OPERATIONS.len());
        assert_eq!(ROWS.by_name.len(), ROWS.all.len());
        assert_eq!(seeds().len(), 2 * ROWS.all.len());
        for row in &ROWS.all {
            assert_ne!((row.check)(full(row.operation.response).to_string().as_bytes()), (row.check)(b"<"));
        }
    }
}
