//! Batches that failed in part, for every operation that lists what failed.

use serde_json::{Map, Value, json};
use ttshop::{CODE_UNKNOWN, ItemFailure};
use ttshop_catalogue::{FailureList, Field, Kind, OPERATIONS, Operation, Schema};

use crate::world::{Script, client, success};

async fn failures(name: &str, arguments: Value, data: &str) -> Vec<ItemFailure> {
    let script = Script::of([success(data)]);
    let client = client(&script).0.with_category_asset("cipher".into());
    match client.call(name, arguments).await {
        Ok(_) => Vec::new(),
        Err(error) => error.batch_failure().unwrap_or_else(|| panic!("{error}")).failures.clone(),
    }
}

/// The list of failures that explain themselves, in an operation's answer.
fn failure_list(operation: &Operation) -> Option<&'static Field> {
    let listed =
        |field: &&Field| operation.failures.iter().any(|list| list.path == field.name && is_common(list));
    operation.response.fields.iter().find(listed)
}

fn is_common(list: &FailureList) -> bool {
    ["errors", "error_list", "error"].contains(&list.path)
}

fn shape(schema: &'static Schema) -> &'static Schema {
    schema.items.unwrap_or(schema)
}

/// A value of this shape, and the texts in it that name the item.
fn sample(name: &str, schema: &Schema, texts: &mut Vec<String>) -> Value {
    match schema.kind {
        Kind::Object => {
            let field = |field: &Field| (field.name.to_owned(), sample(field.name, field.schema, texts));
            Value::Object(schema.fields.iter().map(field).collect())
        }
        Kind::Array if name == "extra_errors" => {
            json!([{"code": "12", "message": "more", "warehouse_id": "w"}])
        }
        Kind::Array => json!([sample(name, schema.items.unwrap(), texts)]),
        Kind::Integer => {
            texts.push("17".into());
            json!(17)
        }
        _ => {
            texts.push(format!("a-{name}"));
            json!(format!("a-{name}"))
        }
    }
}

/// One failure of `operation`, and the texts that name its item.
fn failure(list: &'static Field) -> (Value, Vec<String>) {
    let (mut texts, mut failure) = (Vec::new(), Map::new());
    for field in shape(list.schema).fields {
        let value = match field.name {
            "code" if field.schema.kind == Kind::String => json!("12052048"),
            "code" => json!(12_052_048),
            "message" => json!("no such thing"),
            name => sample(name, field.schema, &mut texts),
        };
        failure.insert(field.name.to_owned(), value);
    }
    (failure.into(), texts)
}

#[tokio::test]
async fn every_operation_that_lists_failures_fails_in_part_with_its_items() {
    let mut proven = 0;
    for operation in OPERATIONS.iter().filter(|operation| operation.multipart.is_empty()) {
        let Some(list) = failure_list(operation) else { continue };
        let (failure, texts) = failure(list);
        let extra = failure.pointer("/detail/extra_errors").is_some();
        let value = if list.schema.kind == Kind::Array { json!([failure]) } else { failure };
        let data = json!({ list.name: value }).to_string();
        let arguments: Map<_, _> =
            operation.path_params.iter().map(|name| ((*name).to_owned(), json!("1"))).collect();
        let name = format!("{}@{}", operation.key, operation.version);
        let failures = failures(&name, arguments.into(), &data).await;
        assert_eq!(failures.len(), 1, "{name}: {data}");
        assert_eq!((failures[0].code, failures[0].message.as_str()), (12_052_048, "no such thing"), "{name}");
        for text in texts {
            assert!(failures[0].names(&text), "{name}: `{text}` is not in {:?}", failures[0].subject);
        }
        assert_eq!(failures[0].extra_errors.len(), usize::from(extra), "{name}");
        proven += 1;
    }
    assert!(proven >= 40, "only {proven} operations list failures");
}

/// `data` with one item at the list's place, and the texts that name the item.
fn data_with(operation: &Operation, list: &FailureList, reason: bool, texts: &mut Vec<String>) -> Value {
    let mut schemas = vec![operation.response];
    for name in list.path.split('.') {
        schemas.push(shape(schemas[schemas.len() - 1]).field(name).unwrap().schema);
    }
    let item = shape(schemas[schemas.len() - 1]);
    let mut value = match item.kind {
        Kind::Object => {
            let told = |field: &&Field| list.reason != Some(field.name) && list.verdict != Some(field.name);
            let field = |field: &Field| (field.name.to_owned(), sample(field.name, field.schema, texts));
            Value::Object(item.fields.iter().filter(told).map(field).collect())
        }
        _ => sample(list.path, item, texts),
    };
    if let Some(name) = list.reason {
        let schema = item.field(name).unwrap().schema;
        let explained = match shape(schema).kind {
            Kind::Object if reason => json!({"code": "17", "message": "no such thing"}),
            Kind::Object => json!({"code": "0", "message": ""}),
            _ => json!(if reason { "no such thing" } else { "" }),
        };
        value[name] = if schema.kind == Kind::Array { json!([explained]) } else { explained };
    }
    if let Some(name) = list.verdict {
        let is_flag = item.field(name).unwrap().schema.kind == Kind::Boolean;
        value[name] = if is_flag { json!(!reason) } else { json!(if reason { "FAILED" } else { "SUCCESS" }) };
    }
    for (name, schema) in list.path.split('.').zip(&schemas[1..]).collect::<Vec<_>>().into_iter().rev() {
        let inner = if schema.kind == Kind::Array { json!([value]) } else { value };
        value = json!({ name: inner });
    }
    value
}

#[tokio::test]
async fn every_other_place_of_failures_is_read() {
    let mut proven = 0;
    for operation in OPERATIONS {
        let name = format!("{}@{}", operation.key, operation.version);
        let arguments: Map<_, _> =
            operation.path_params.iter().map(|name| ((*name).to_owned(), json!("1"))).collect();
        for list in operation.failures.iter().filter(|list| !is_common(list)) {
            let mut texts = Vec::new();
            let data = data_with(operation, list, true, &mut texts).to_string();
            let failures = failures(&name, arguments.clone().into(), &data).await;
            assert_eq!(failures.len(), 1, "{name}: {data}");
            for text in texts {
                assert!(failures[0].names(&text), "{name}: `{text}` is not in {:?}", failures[0].subject);
            }
            let message = if list.reason.is_some() { "no such thing" } else { "" };
            assert_eq!(failures[0].message, message, "{name}: {data}");
            proven += 1;
            if !list.each {
                let data = data_with(operation, list, false, &mut Vec::new()).to_string();
                let found = self::failures(&name, arguments.clone().into(), &data).await;
                assert!(found.is_empty(), "{name}: {data}: {found:?}");
            }
        }
    }
    assert_eq!(proven, 22);
}

#[tokio::test]
async fn ids_that_failed_are_named_as_elsewhere_and_joined_to_what_was_asked() {
    let data =
        r#"{"product_promotion_links":[{"product_id":"1","link":"l"}],"failed_product_ids":["2","3"]}"#;
    let name = "affiliate_partner.generate_campaign_product_promotion_links_in_batch";
    let failures = failures(name, json!({"campaign_id": "9", "product_ids": ["1", "2", "3"]}), data).await;
    let subjects: Vec<_> = failures.iter().flat_map(|failure| failure.subject.clone()).collect();
    assert_eq!(
        subjects,
        [("product_id".to_owned(), "2".to_owned()), ("product_id".to_owned(), "3".to_owned())]
    );
    assert!(failures.iter().all(|failure| failure.code == CODE_UNKNOWN));
    let data = r#"{"publish_results":[{"region":"DE","status":"FAILED","fail_reasons":[{"message":"a"},{"message":"b"}]},
        {"region":"FR","status":"SUCCESS","fail_reasons":[]}]}"#;
    let failures =
        self::failures("product.edit_global_product", json!({"global_product_id": "1"}), data).await;
    assert_eq!(failures.len(), 1);
    assert!(
        failures[0].names("DE") && failures[0].message == "a" && failures[0].extra_errors[0].message == "b"
    );
}

#[tokio::test]
async fn no_failure_is_lost_to_its_shape() {
    let check = async |data: &str, codes: &[i64]| {
        let failures = failures("product.activate_products", json!({"product_ids": ["1"]}), data).await;
        assert_eq!(failures.iter().map(|failure| failure.code).collect::<Vec<_>>(), codes, "{data}");
    };
    check(r#"{"errors":[{"code":"E17","message":"m"},{"code":2}]}"#, &[CODE_UNKNOWN, 2]).await;
    check(r#"{"errors":[{"message":"m"},{"detail":{"product_id":7}}]}"#, &[CODE_UNKNOWN, CODE_UNKNOWN]).await;
    check(r#"{"errors":{"code":3}}"#, &[3]).await;
    check(r#"{"error_list":[{"code":4,"message":"m"}],"errors":[]}"#, &[4]).await;
    check(r#"{"error":{"code":5,"message":"m"}}"#, &[5]).await;
    for nothing in
        [r#"{"errors":null}"#, r#"{"errors":[{}]}"#, r#"{"errors":{}}"#, r#"{"errors":[{"code":"0"}]}"#]
    {
        check(nothing, &[]).await;
    }
}

#[tokio::test]
async fn reasons_for_each_warehouse_are_kept() {
    let data = r#"{"errors":[{"code":1,"message":"m","detail":{"sku_id":"5",
        "extra_errors":[{"warehouse_id":"w1","code":12052146,"message":"locked"}]}}]}"#;
    let failures = failures("product.update_inventory", json!({"product_id": "1"}), data).await;
    assert_eq!(failures[0].subject, [("sku_id".to_owned(), "5".to_owned())]);
    let extra = &failures[0].extra_errors[0];
    assert!(extra.code == 12_052_146 && extra.names("w1"), "{extra:?}");
}

#[tokio::test]
async fn debug_shows_no_buyer() {
    let data = r#"{"errors":[{"code":1,"message":"m","detail":{"buyer_email":"canary@example.com"}}]}"#;
    let failures = failures("customer_engagement.send_engagement_message", json!({}), data).await;
    let shown = format!("{failures:?}");
    assert!(shown.contains("buyer_email") && !shown.contains("canary"), "{shown}");
}
