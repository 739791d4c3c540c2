//! What callers may rely on in the models and their wire form.

mod answers;
mod envelope;
mod events;
mod failures;
mod requests;
mod sample;
mod webhook;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ttshop_api::samples::{Visitor, each};
use ttshop_api::{Parts, Request};
use ttshop_catalogue::Operation;

/// One request type, with its type erased.
pub(crate) struct Row {
    pub(crate) operation: &'static Operation,
    /// `data` read and written again.
    pub(crate) answer: fn(&[u8]) -> Result<Value, serde_json::Error>,
    /// A flat request read, and split for the wire.
    pub(crate) parts: fn(Value) -> Parts,
    /// A flat request read and written again.
    pub(crate) request: fn(Value) -> Value,
}

/// Collects a row of every request type.
struct Rows(Vec<Row>);

impl Visitor for Rows {
    fn visit<R>(&mut self, _: R)
    where
        R: Request<Response: Serialize> + DeserializeOwned + Clone + 'static,
    {
        self.0.push(Row {
            operation: R::OPERATION,
            answer: |data| Ok(serde_json::to_value(R::decode(data)?).expect("answers are JSON")),
            parts: |flat| serde_json::from_value::<R>(flat).expect("requests read").parts(),
            request: |flat| {
                serde_json::to_value(serde_json::from_value::<R>(flat).expect("requests read")).expect("JSON")
            },
        });
    }
}

/// The rows of every request type.
pub(crate) fn rows() -> impl Iterator<Item = Row> {
    let mut rows = Rows(Vec::new());
    each(&mut rows);
    rows.0.into_iter()
}
