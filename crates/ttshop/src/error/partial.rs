//! Batches that failed in part: the envelope says success, `data.errors[]` says otherwise.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;
use serde_json::value::RawValue;
use ttshop_catalogue::{FailureList, Operation};

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

    fn unexplained() -> Self {
        Self {
            code: CODE_UNKNOWN,
            message: String::new(),
            subject: Vec::new(),
            extra_errors: Vec::new(),
            detail: None,
        }
    }

    fn read(fields: BTreeMap<String, &RawValue>) -> Self {
        let mut failure = Self::unexplained();
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

/// The failed items in places that only this operation has.
pub(crate) fn failures_of(operation: &Operation, data: &[u8]) -> Vec<ItemFailure> {
    let own = || operation.failures.iter().filter(|list| !LISTS.contains(&list.path));
    if own().next().is_none() {
        return Vec::new();
    }
    let Ok(data) = serde_json::from_slice::<&RawValue>(data) else { return Vec::new() };
    let mut failures = Vec::new();
    for list in own() {
        let mut items = Vec::new();
        items_at(data, list.path, &mut items);
        let name = list.path.rsplit('.').next().unwrap_or_default();
        failures.extend(items.into_iter().filter_map(|item| failure_in(item, list, name)));
    }
    failures
}

/// What stands at the end of `path`; every list on the way is gone through.
fn items_at<'a>(raw: &'a RawValue, path: &str, found: &mut Vec<&'a RawValue>) {
    if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        return items.into_iter().for_each(|item| items_at(item, path, found));
    }
    if path.is_empty() {
        return found.push(raw);
    }
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let fields = serde_json::from_str::<BTreeMap<&str, &RawValue>>(raw.get()).unwrap_or_default();
    fields.get(name).into_iter().for_each(|inner| items_at(inner, rest, found));
}

/// The failure that an item of `list` is, if it is one.
fn failure_in(item: &RawValue, list: &FailureList, name: &str) -> Option<ItemFailure> {
    let value = serde_json::from_str::<Value>(item.get()).ok()?;
    let reasons = list.reason.and_then(|reason| value.get(reason)).map(reasons).unwrap_or_default();
    let verdict = list.verdict.and_then(|verdict| value.get(verdict));
    let failed = verdict.is_some_and(|verdict| *verdict == Value::Bool(false) || verdict == "FAILED");
    if !(list.each || failed || !reasons.is_empty()) {
        return None;
    }
    let mut failure = ItemFailure::unexplained();
    let mut reasons = reasons.into_iter();
    if let Some((code, message)) = reasons.next() {
        (failure.code, failure.message) = (code, message);
    }
    let further = reasons.map(|(code, message)| ItemFailure { code, message, ..ItemFailure::unexplained() });
    failure.extra_errors = further.collect();
    match &value {
        Value::Object(fields) => {
            let told = [list.reason, list.verdict];
            for (name, value) in fields.iter().filter(|(name, _)| !told.contains(&Some(name.as_str()))) {
                collect(name, value, &mut failure.subject);
            }
            failure.detail = Some(item.to_owned());
        }
        _ => collect(&id_name(name), &value, &mut failure.subject),
    }
    (!failure.subject.is_empty() || !failure.message.is_empty()).then_some(failure)
}

/// Codes and messages of a reason: a text, an object with both, or a list of either.
fn reasons(reason: &Value) -> Vec<(i64, String)> {
    match reason {
        Value::Array(items) => items.iter().flat_map(reasons).collect(),
        Value::Object(fields) => {
            let message = fields.get("message").and_then(scalar).unwrap_or_default();
            let code = fields.get("code").and_then(scalar).and_then(|code| code.trim().parse().ok());
            let says_something =
                code.is_some_and(|code| code != 0) || (code.is_none() && !message.is_empty());
            says_something.then_some((code.unwrap_or(CODE_UNKNOWN), message)).into_iter().collect()
        }
        other => scalar(other)
            .filter(|text| !text.is_empty())
            .map(|text| (CODE_UNKNOWN, text))
            .into_iter()
            .collect(),
    }
}

/// What an id in a list of this name is called elsewhere: `product_id` for `failed_product_ids` and `invalid_product_id_list`.
fn id_name(list: &str) -> String {
    let name = list.strip_prefix("failed_").or_else(|| list.strip_prefix("invalid_")).unwrap_or(list);
    name.strip_suffix("_list").or_else(|| name.strip_suffix('s')).unwrap_or(name).to_owned()
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
