//! Batches that failed in part: the envelope says success, `data.errors[]` says otherwise.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;
use serde_json::value::RawValue;

use crate::RawReply;

/// The code of an item that failed with a code that is no number, or without one.
pub const CODE_UNKNOWN: i64 = -1;

/// Where answers list what failed.
const LISTS: [&str; 3] = ["errors", "error_list", "error"];

/// A batch of which some items failed. The reply with the other items is kept.
#[derive(Clone, Debug)]
pub struct BatchFailure {
    /// The items that failed.
    pub failures: Vec<ItemFailure>,
    /// The reply, with whatever succeeded.
    pub reply: RawReply,
}

/// One failed item.
#[derive(Clone)]
pub struct ItemFailure {
    /// Why, as a code; [`CODE_UNKNOWN`] when the platform gave no number.
    pub code: i64,
    /// Why, in the platform's words.
    pub message: String,
    /// Which item: names and values of the platform's object, such as `package_id`, `product_id` or `sku_id`.
    pub subject: Vec<(String, String)>,
    /// Further reasons, such as one for each warehouse.
    pub extra_errors: Vec<Self>,
    /// The platform's object as it was sent.
    pub detail: Option<Box<RawValue>>,
}

impl ItemFailure {
    /// Whether the failure names this id, whatever the platform calls it.
    pub fn names(&self, id: &str) -> bool {
        self.subject.iter().any(|(_, value)| value == id)
    }

    fn read(fields: BTreeMap<String, &RawValue>) -> Self {
        let mut failure = Self {
            code: CODE_UNKNOWN,
            message: String::new(),
            subject: Vec::new(),
            extra_errors: Vec::new(),
            detail: None,
        };
        for (name, raw) in fields {
            let value = serde_json::from_str::<Value>(raw.get()).unwrap_or_default();
            match name.as_str() {
                "code" => {
                    let code = scalar(&value).and_then(|code| code.trim().parse().ok());
                    failure.code = code.unwrap_or(CODE_UNKNOWN);
                }
                "message" => failure.message = scalar(&value).unwrap_or_default(),
                _ => {
                    if name == "detail" && !value.is_null() {
                        failure.detail = Some(raw.to_owned());
                        failure.extra_errors = extra_errors(raw);
                    }
                    collect(&name, &value, &mut failure.subject);
                }
            }
        }
        failure
    }

    /// Code 0 says success, and an empty object says nothing.
    fn is_failure(&self) -> bool {
        let says_something = !self.message.is_empty() || !self.subject.is_empty();
        self.code != 0 && (self.code != CODE_UNKNOWN || says_something)
    }
}

/// An item may be named by a buyer's address: only the names of its fields are shown.
impl fmt::Debug for ItemFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.subject.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("ItemFailure")
            .field("code", &self.code)
            .field("message", &self.message)
            .field("subject", &names)
            .field("extra_errors", &self.extra_errors)
            .finish()
    }
}

/// The failed items in `data`; most replies have none, and a search for the word settles them.
pub(crate) fn failures_in(data: &str) -> Vec<ItemFailure> {
    if !data.contains("\"error") {
        return Vec::new();
    }
    let fields = serde_json::from_str::<BTreeMap<String, &RawValue>>(data).unwrap_or_default();
    let lists = LISTS.iter().filter_map(|name| fields.get(*name));
    lists.flat_map(|list| list_of(list)).filter(ItemFailure::is_failure).collect()
}

/// A list of failures; a single one stands for itself.
fn list_of(raw: &RawValue) -> Vec<ItemFailure> {
    let items = serde_json::from_str::<Vec<&RawValue>>(raw.get()).unwrap_or_else(|_| vec![raw]);
    let read = |item: &RawValue| serde_json::from_str(item.get()).ok().map(ItemFailure::read);
    items.into_iter().filter_map(read).collect()
}

fn extra_errors(detail: &RawValue) -> Vec<ItemFailure> {
    let fields = serde_json::from_str::<BTreeMap<String, &RawValue>>(detail.get()).unwrap_or_default();
    fields.get("extra_errors").map(|list| list_of(list)).unwrap_or_default()
}

/// Gathers every scalar below `value` by the name of its field.
fn collect(name: &str, value: &Value, subject: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| *name != "extra_errors") {
                collect(name, value, subject);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(name, item, subject)),
        _ => subject.extend(scalar(value).map(|text| (name.to_owned(), text))),
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
