//! Lists of things that fail one by one.

use serde_json::{Value, json};

use crate::gateway::Refusal;

/// An entry of `errors` about one product.
pub(super) fn product_error(product: &str, refusal: &Refusal) -> Value {
    json!({
        "code": refusal.code,
        "message": refusal.message,
        "detail": { "product_id": product, "extra_errors": [] },
    })
}

/// The texts of a list in the body.
pub(super) fn texts<'b>(body: &'b Value, name: &str) -> Vec<&'b str> {
    let listed = body.get(name).and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(Value::as_str).collect()
}
