//! Answers of several versions from one value: what a version does not document is left out, and what it types otherwise is retyped.

use serde_json::{Map, Value};
use ttshop_catalogue::{Kind, Schema};

use crate::family::data;
use crate::gateway::{Admitted, Success};

/// The answer to `call` with what its operation documents of `value`.
pub(super) fn fitted(call: &Admitted<'_>, value: Value) -> Success {
    data(&fit(call.operation.response, value))
}

/// What `schema` knows of `value`.
pub(super) fn fit(schema: &Schema, value: Value) -> Value {
    match (schema.kind, value) {
        (Kind::Object, Value::Object(mut fields)) => {
            let known = schema.fields.iter().filter_map(|field| {
                let value = fields.remove(field.name).filter(|value| !value.is_null())?;
                Some((field.name.to_owned(), fit(field.schema, value)))
            });
            Value::Object(known.collect::<Map<_, _>>())
        }
        (Kind::Array, Value::Array(items)) => match schema.items {
            Some(schema) => items.into_iter().map(|item| fit(schema, item)).collect(),
            None => Value::Array(items),
        },
        (Kind::Integer, Value::String(digits)) => {
            digits.parse::<i64>().map_or(Value::String(digits), Value::from)
        }
        (Kind::String, Value::Number(number)) => number.to_string().into(),
        (_, value) => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_version_gets_what_it_documents() {
        let whole = json!({ "skus": [{ "id": "17", "product_id": "18", "secret": 1 }], "extra": {} });
        let of = |path| {
            let operation = ttshop_catalogue::OPERATIONS.iter().find(|operation| operation.path == path);
            fit(operation.unwrap().response, whole.clone())
        };
        let fitted = of("/analytics/202509/shop_skus/performance");
        assert_eq!(fitted, json!({ "skus": [{ "id": 17, "product_id": 18 }] }));
        assert_eq!(of("/analytics/202509/shop/performance"), json!({}));
    }
}
