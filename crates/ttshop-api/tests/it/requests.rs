//! Requests: every field reaches the place the catalogue says.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Map, Value, json};
use ttshop_api::order::v202507::GetOrderDetail;
use ttshop_api::order::{OrderStatus, SearchOrders};
use ttshop_api::product::UploadProductImage;
use ttshop_api::{Body, FileContent, FileUpload, Paged as _, PartContent, Request as _};
use ttshop_catalogue::{Kind, Operation};
use ttshop_types::{Timestamp, UnixSeconds};

use crate::rows;
use crate::sample::{full, normal};

/// Every field of a request, flat, as it is written on the wire.
fn flat(operation: &Operation) -> Map<String, Value> {
    let body = operation.body.map(|body| body.fields).unwrap_or_default();
    let fields = operation.query.iter().chain(body).chain(operation.multipart);
    let fields = fields.filter(|field| field.schema.kind != Kind::File);
    let mut flat: Map<_, _> = fields.map(|field| (field.name.to_owned(), full(field.schema))).collect();
    flat.extend(operation.path_params.iter().map(|name| ((*name).to_owned(), json!("a/b 7"))));
    flat
}

#[test]
fn every_field_of_every_request_reaches_its_place() {
    for row in rows() {
        let operation = row.operation;
        let sent = flat(operation);
        let parts = (row.parts)(Value::Object(sent.clone()));
        assert_eq!(parts.path.matches("a%2Fb%207").count(), operation.path_params.len(), "{}", parts.path);
        assert!(!parts.path.contains(['{', '}']), "{}", parts.path);
        let query: BTreeMap<_, _> = parts.query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let names: Vec<_> = operation.query.iter().map(|field| field.name).collect();
        assert_eq!(query.len(), names.len(), "{}: {query:?}", operation.key);
        assert!(names.iter().all(|name| query.contains_key(name)), "{}: {query:?}", operation.key);
        match (&parts.body, operation.body) {
            (Body::Json(bytes), Some(body)) => {
                let found: Value = serde_json::from_slice(bytes).unwrap();
                let expected: Map<_, _> =
                    sent.into_iter().filter(|(name, _)| body.field(name).is_some()).collect();
                assert_eq!(normal(&found), normal(&Value::Object(expected)), "{}", operation.key);
            }
            (Body::Json(bytes), None) => assert_eq!(bytes, b"{}", "{}", operation.key),
            (Body::Multipart(form), None) => {
                let text = operation.multipart.iter().filter(|field| field.schema.kind != Kind::File);
                let sent = form.iter().filter(|part| matches!(part.content, PartContent::Text(_)));
                assert_eq!(sent.count(), text.count(), "{}", operation.key);
            }
            (Body::None, None) => {}
            (Body::None, Some(body)) => assert!(body.fields.is_empty(), "{}", operation.key),
            (body, schema) => panic!("{}: {body:?} {schema:?}", operation.key),
        }
    }
}

#[test]
fn every_request_round_trips() {
    for row in rows() {
        let sent = Value::Object(flat(row.operation));
        assert_eq!(normal(&(row.request)(sent.clone())), normal(&sent), "{}", row.operation.key);
    }
}

#[test]
fn a_search_reads_like_a_sentence_and_says_only_what_was_set() {
    let noon = Timestamp::from_seconds(1_700_000_000);
    let search = SearchOrders::new()
        .order_status(OrderStatus::AwaitingShipment)
        .update_time_ge(noon)
        .update_time_lt(UnixSeconds(1_700_000_100))
        .page_size(50);
    let parts = search.parts();
    assert_eq!(parts.query, [("page_size", "50".to_owned())]);
    let Body::Json(body) = parts.body else { panic!("a search has a body") };
    let expected =
        r#"{"order_status":"AWAITING_SHIPMENT","update_time_ge":1700000000,"update_time_lt":1700000100}"#;
    assert_eq!(String::from_utf8(body).unwrap(), expected);
}

#[test]
fn lists_in_the_query_are_joined_by_commas() {
    let parts = GetOrderDetail::new(["1", "2"]).parts();
    assert_eq!(parts.query, [("ids", "1,2".to_owned())]);
    assert!(matches!(parts.body, Body::None));
}

#[test]
fn a_body_that_says_nothing_is_an_empty_object_for_writes() {
    let Body::Json(body) = SearchOrders::new().parts().body else { panic!("a POST has a body") };
    assert_eq!(body, b"{}");
}

#[test]
fn uploads_carry_their_bytes_and_never_show_them() {
    let upload = FileUpload::new("front.png", "image/png", Bytes::from_static(b"canary"));
    let request = UploadProductImage::new(upload).use_case("MAIN_IMAGE");
    assert!(!format!("{request:?}").contains("canary"));
    let Body::Multipart(form) = request.parts().body else { panic!("an upload is a form") };
    let file = form.iter().find(|part| part.name == "data").unwrap();
    let PartContent::File(file) = &file.content else { panic!("`data` is a file") };
    assert!(matches!(file.content(), FileContent::Bytes(bytes) if bytes == "canary"));
    assert!(form.iter().any(|part| matches!(&part.content, PartContent::Text(text) if text == "MAIN_IMAGE")));
}

#[test]
fn a_page_ends_with_an_empty_or_missing_token() {
    let page = |data: &str| SearchOrders::page(SearchOrders::decode(data.as_bytes()).unwrap());
    assert_eq!(
        page(r#"{"next_page_token":"b","total_count":2,"orders":[{}]}"#).next_page_token.as_deref(),
        Some("b")
    );
    assert_eq!(page(r#"{"next_page_token":"","orders":[]}"#).next_page_token, None);
    assert_eq!(page("{}").next_page_token, None);
    let mut search = SearchOrders::new();
    search.set_page_token("b/+=".into());
    assert_eq!(search.parts().query, [("page_token", "b/+=".to_owned())]);
}
