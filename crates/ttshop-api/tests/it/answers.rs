//! Answers: what is known round-trips, what is odd never costs the page.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::rows;
use crate::sample::{full, normal, object, with_scalars};

#[test]
fn every_field_of_every_answer_round_trips() {
    for row in rows() {
        let data = full(row.operation.response);
        let wrapped = row.operation.response.fields;
        let expected = match wrapped {
            [only] if only.name == "data" => &data["data"],
            _ => &data,
        };
        let again = (row.answer)(data.to_string().as_bytes()).unwrap();
        let expected = if row.operation.response.fields.is_empty() { &json!({}) } else { expected };
        let (again, expected) = (normal(&again), normal(expected));
        assert_eq!(again, expected, "{} {}", row.operation.key, row.operation.version);
    }
}

#[test]
fn nothing_null_and_empty_are_all_an_empty_answer() {
    for row in rows() {
        for data in ["", "null", "{}", "[]", "\"\"", " \n"] {
            assert_eq!((row.answer)(data.as_bytes()).unwrap(), json!({}), "{} {data}", row.operation.key);
        }
    }
}

#[test]
fn scalars_of_the_wrong_kind_read_as_missing_or_as_what_they_mean() {
    let odd = [
        json!(null),
        json!(""),
        json!("NEVER_SEEN"),
        json!(7),
        json!(-1.5),
        json!(true),
        json!([]),
        json!({}),
    ];
    for row in rows() {
        for odd in &odd {
            let data = with_scalars(row.operation.response, odd);
            let read = (row.answer)(data.to_string().as_bytes());
            assert!(read.is_ok(), "{} {odd}: {read:?}", row.operation.key);
        }
    }
}

#[test]
fn unknown_fields_are_skipped_and_unknown_values_kept() {
    let data = json!({ "orders": [{ "id": 576_486_316_948_490_001_u64, "status": "TELEPORTED", "surprise": { "a": [1] } }] });
    let row = rows().find(|row| row.operation.key == "order.search_orders").unwrap();
    let again = (row.answer)(data.to_string().as_bytes()).unwrap();
    assert_eq!(again, json!({ "orders": [{ "id": "576486316948490001", "status": "TELEPORTED" }] }));
}

/// The same value with a surprise in every object, nulls beside every value, and enumerations that grew.
fn grown(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut grown: serde_json::Map<_, _> =
                object.iter().map(|(name, value)| (name.clone(), grown(value))).collect();
            grown.insert("a_field_of_tomorrow".into(), json!({ "deep": [{ "deeper": null }] }));
            Value::Object(grown)
        }
        Value::Array(items) => Value::Array(items.iter().map(grown).chain([Value::Null]).collect()),
        Value::String(_) => json!("A_VALUE_OF_TOMORROW"),
        other => other.clone(),
    }
}

#[test]
fn answers_of_tomorrow_decode_in_every_operation() {
    let mut seen = 0;
    for row in rows() {
        let data = full(row.operation.response);
        let read = (row.answer)(grown(&data).to_string().as_bytes());
        assert!(read.is_ok(), "{} {}: {read:?}", row.operation.key, row.operation.version);
        let nulls = object(row.operation.response.fields, &|_| Value::Null);
        let read = (row.answer)(nulls.to_string().as_bytes()).unwrap();
        assert_eq!(read, json!({}), "{} {}", row.operation.key, row.operation.version);
        seen += 1;
    }
    assert_eq!(seen, 544);
}

#[test]
fn bytes_that_are_no_json_are_an_error() {
    for row in rows().filter(|row| !row.operation.response.fields.is_empty()) {
        for data in ["{", "{\"a\":1", "<html>", "{} {}"] {
            assert!((row.answer)(data.as_bytes()).is_err(), "{} {data}", row.operation.key);
        }
    }
}

/// Any JSON, nested a little.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..4)
                .prop_map(|object| Value::Object(object.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_json_in_any_field_reads_and_reading_twice_changes_nothing(odd in any_json()) {
        for row in rows() {
            let data = object(row.operation.response.fields, &|_| odd.clone());
            let once = (row.answer)(data.to_string().as_bytes()).unwrap();
            let wraps = matches!(row.operation.response.fields, [only] if only.name == "data");
            prop_assume!(!wraps || once.is_object());
            let twice = (row.answer)(once.to_string().as_bytes()).unwrap();
            prop_assert_eq!(once, twice, "{}", row.operation.key);
        }
    }
}
