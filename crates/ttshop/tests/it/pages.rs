//! Lists of many pages.

use serde_json::json;
use ttshop::{ErrorKind, InvalidCall, PagingError, RawPages};

use crate::world::{Answer, Script, client, drive, param, refusal, success};

fn page(id: u32, next: &str) -> Answer {
    success(&format!(r#"{{"orders":[{{"id":"{id}"}}],"next_page_token":"{next}","total_count":3}}"#))
}

fn pages(script: &std::sync::Arc<Script>) -> (RawPages, ttshop_clock::VirtualClock) {
    let (client, clock) = client(script);
    let arguments = json!({"page_size": 1, "order_status": "UNPAID"});
    (client.call_pages("order.search_orders", arguments).unwrap(), clock)
}

async fn ids(pages: &mut RawPages) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        ids.extend(page.items("orders").unwrap().iter().map(|item| item.get().to_owned()));
    }
    ids
}

#[tokio::test]
async fn every_page_is_read_with_the_same_filter() {
    let script = Script::of([page(1, "a+/="), page(2, "b"), page(3, "")]);
    let (mut pages, _) = pages(&script);
    assert_eq!(ids(&mut pages).await, [r#"{"id":"1"}"#, r#"{"id":"2"}"#, r#"{"id":"3"}"#]);
    assert!(pages.next().await.is_none());
    let requests = script.requests();
    let tokens: Vec<_> = requests.iter().map(|request| param(request, "page_token")).collect();
    assert_eq!(tokens, [None, Some("a+/=".into()), Some("b".into())]);
    assert!(requests.iter().all(|request| request.body == r#"{"order_status":"UNPAID"}"#));
    assert!(requests.iter().all(|request| param(request, "page_size").as_deref() == Some("1")));
}

#[tokio::test]
async fn an_empty_list_is_one_page() {
    for data in ["null", "{}", r#"{"orders":null,"next_page_token":null}"#] {
        let script = Script::of([success(data)]);
        let (mut pages, _) = pages(&script);
        assert!(ids(&mut pages).await.is_empty());
        assert_eq!(script.count(), 1);
    }
}

#[tokio::test]
async fn a_repeated_token_ends_the_list_with_an_error() {
    let script = Script::of([page(1, "a"), page(2, "b"), page(3, "a")]);
    let (mut pages, _) = pages(&script);
    for _ in 0..3 {
        pages.next().await.unwrap().unwrap();
    }
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Paging(PagingError::TokenRepeated { page: 3 })), "{error}");
    assert!(pages.next().await.is_none());
    assert_eq!(script.count(), 3);
}

#[tokio::test]
async fn more_pages_than_permitted_end_the_list_with_an_error() {
    let script = Script::of([page(1, "a"), page(2, "b"), page(3, "")]);
    let (pages, _) = pages(&script);
    let mut pages = pages.pages_max(2);
    pages.next().await.unwrap().unwrap();
    pages.next().await.unwrap().unwrap();
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Paging(PagingError::TooManyPages { max: 2 })), "{error}");
    assert!(error.to_string().contains("cut off"), "{error}");
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn a_page_that_failed_can_be_asked_for_again() {
    let script = Script::of([page(1, "a"), refusal(200, 10_006_402, "no"), page(2, "")]);
    let (mut pages, clock) = pages(&script);
    pages.next().await.unwrap().unwrap();
    let error = drive(&clock, pages.next()).await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some(10_006_402));
    assert!(drive(&clock, pages.next()).await.unwrap().is_ok());
    assert!(pages.next().await.is_none());
    let last = script.requests().pop().unwrap();
    assert_eq!(param(&last, "page_token").as_deref(), Some("a"));
}

#[tokio::test]
async fn a_token_in_the_body_is_followed() {
    let answer = |next: &str| success(&format!(r#"{{"activities":[],"next_page_token":"{next}"}}"#));
    let script = Script::of([answer("50"), answer("")]);
    let (client, _) = client(&script);
    let arguments = json!({"page_size": 50, "status": "ONGOING"});
    let mut pages = client.call_pages("promotion.search_promotion_activities", arguments).unwrap();
    pages.next().await.unwrap().unwrap();
    pages.next().await.unwrap().unwrap();
    assert!(pages.next().await.is_none());
    let bodies: Vec<_> = script.requests().iter().map(|request| request.body.clone()).collect();
    assert_eq!(bodies[0], r#"{"page_size":50,"status":"ONGOING"}"#);
    assert_eq!(bodies[1], r#"{"page_size":50,"page_token":"50","status":"ONGOING"}"#);
}

#[tokio::test]
async fn an_operation_without_pages_says_so() {
    let script = Script::of([success("{}")]);
    let (client, _) = client(&script);
    let mut pages = client.call_pages("order.get_order_detail", json!({"ids": "1"})).unwrap();
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Invalid(InvalidCall::NotPaged)), "{error}");
    assert_eq!(script.count(), 0);
}
