//! Batches that failed in part: the envelope says success, `data.errors[]` says otherwise.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::RawReply;

/// A batch of which some items failed. The reply with the other items is kept.
#[derive(Clone, Debug)]
pub struct BatchFailure {
    /// The items that failed.
    pub failures: Vec<ItemFailure>,
    /// The reply, with whatever succeeded.
    pub reply: RawReply,
}

/// One failed item.
#[derive(Clone, Debug, Deserialize)]
pub struct ItemFailure {
    /// Why, as a code.
    #[serde(deserialize_with = "crate::wire::lenient_integer")]
    pub code: i64,
    /// Why, in the platform's words.
    #[serde(default)]
    pub message: String,
    /// Which item: the platform's object with `package_id`, `product_id`, `sku_id` or the like.
    #[serde(default)]
    pub detail: Option<Box<RawValue>>,
}

/// The failed items in `data`; most replies have none, and a search for the word settles them.
pub(crate) fn failures_in(data: &str) -> Vec<ItemFailure> {
    #[derive(Deserialize)]
    struct Batch {
        #[serde(default, alias = "error_list")]
        errors: Option<Vec<ItemFailure>>,
    }
    if !data.contains("\"errors\"") && !data.contains("\"error_list\"") {
        return Vec::new();
    }
    let batch = serde_json::from_str::<Batch>(data);
    let failures = batch.ok().and_then(|batch| batch.errors).unwrap_or_default();
    failures.into_iter().filter(|failure| failure.code != 0).collect()
}
