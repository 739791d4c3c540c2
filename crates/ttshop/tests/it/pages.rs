//! Lists of many pages.

use serde_json::json;
use ttshop::{EMPTY_PAGES_MAX, ErrorKind, InvalidCall, PagingError, RawPages};

use crate::world::{Answer, Script, body_of, client, drive, param, refusal, success};

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
    assert!(requests.iter().all(|request| body_of(request) == r#"{"order_status":"UNPAID"}"#));
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
    let bodies: Vec<_> = script.requests().iter().map(|request| body_of(request).clone()).collect();
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

#[tokio::test]
async fn empty_pages_without_end_are_an_error() {
    let mut token = 0;
    let script = Script::new(move |_| {
        token += 1;
        success(&format!(r#"{{"orders":[],"next_page_token":"{token}"}}"#))
    });
    let (mut pages, _) = pages(&script);
    for _ in 0..EMPTY_PAGES_MAX {
        pages.next().await.unwrap().unwrap();
    }
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Paging(PagingError::EmptyPages { .. })), "{error}");
    assert!(pages.next().await.is_none());
}

fn numbered(script: &std::sync::Arc<Script>, name: &str, arguments: serde_json::Value) -> RawPages {
    client(script).0.call_pages(name, arguments).unwrap()
}

async fn sent(pages: &mut RawPages, script: &std::sync::Arc<Script>) -> (Vec<String>, Option<PagingError>) {
    let mut reason = None;
    while let Some(page) = pages.next().await {
        if let Err(error) = page {
            let ErrorKind::Paging(why) = error.kind() else { panic!("{error}") };
            reason = Some(why.clone());
        }
    }
    let requests = script.requests();
    (requests.iter().map(|request| String::from_utf8(body_of(request).to_vec()).unwrap()).collect(), reason)
}

#[tokio::test]
async fn pages_with_numbers_are_followed_to_the_counted_end() {
    let answer = |ids: &str| success(&format!(r#"{{"products":[{ids}],"total_count":3}}"#));
    let script = Script::of([answer("1,2"), answer("3"), answer("")]);
    let mut pages = numbered(&script, "product.search_product_skpp_statuses", json!({"page_size": 2}));
    let (bodies, reason) = sent(&mut pages, &script).await;
    assert_eq!(bodies, [r#"{"page_no":1,"page_size":2}"#, r#"{"page_no":2,"page_size":2}"#]);
    assert_eq!(reason, None);
}

#[tokio::test]
async fn an_offset_grows_by_the_rows_that_came() {
    let answer = |ids: &str| success(&format!(r#"{{"categories":[{ids}]}}"#));
    let script = Script::of([answer("1,2"), answer("3"), answer("")]);
    let name = "gs_full_service_commodity.gs_full_service_search_categories";
    let (bodies, reason) = sent(&mut numbered(&script, name, json!({"page_offset": 4})), &script).await;
    assert_eq!(bodies, [r#"{"page_offset":4}"#, r#"{"page_offset":6}"#, r#"{"page_offset":7}"#]);
    assert_eq!(reason, None);
}

#[tokio::test]
async fn a_numbered_list_that_ends_early_or_stands_still_is_an_error() {
    let answer = |ids: &str| success(&format!(r#"{{"products":[{ids}],"total_count":5}}"#));
    let name = "product.search_product_skpp_statuses";
    let script = Script::of([answer("1,2"), answer("")]);
    let (_, reason) = sent(&mut numbered(&script, name, json!({})), &script).await;
    assert_eq!(reason, Some(PagingError::Incomplete { read: 2, total: 5 }));
    let script = Script::of([answer("1,2"), answer("1,2"), answer("3")]);
    let (_, reason) = sent(&mut numbered(&script, name, json!({})), &script).await;
    assert_eq!(reason, Some(PagingError::PageRepeated { page: 2 }));
    assert_eq!(script.count(), 2);
}

#[tokio::test]
async fn a_search_with_as_many_rows_as_are_ever_shown_may_be_cut_off() {
    let rows = vec![r#"{"id":"1"}"#; 5_000].join(",");
    let answer = move |next: &str| success(&format!(r#"{{"products":[{rows}],"next_page_token":"{next}"}}"#));
    let script = Script::of([answer("2"), answer("")]);
    let mut pages = numbered(&script, "product.search_products", json!({"page_size": 100}));
    let (_, reason) = sent(&mut pages, &script).await;
    assert_eq!(reason, Some(PagingError::Capped { rows: 10_000 }));
}

#[tokio::test]
async fn every_paged_operation_of_the_catalogue_can_be_followed() {
    let mut followed = 0;
    for operation in ttshop_catalogue::OPERATIONS {
        let Some(paging) = operation.pagination.paging() else { continue };
        let Some(items) = paging.items else { continue };
        let list = |rows: &str, next: &str| {
            let mut data =
                format!(r#""{}":[{rows}],"next_page_token":"{next}""#, items.rsplit('.').next().unwrap());
            for parent in items.rsplit('.').skip(1) {
                data = format!(r#""{parent}":{{{data}}}"#);
            }
            success(&format!("{{{data}}}"))
        };
        let script = Script::of([list(r#""1","2""#, "t"), list(r#""3""#, "u"), list("", "")]);
        let mut arguments: serde_json::Map<_, _> =
            operation.path_params.iter().map(|name| ((*name).to_owned(), json!("7"))).collect();
        arguments.extend(
            operation
                .query
                .iter()
                .filter(|field| field.required)
                .map(|field| (field.name.to_owned(), json!("1"))),
        );
        let (client, _) = client(&script);
        let client = client.with_category_asset("cipher".into());
        let name = format!("{}@{}", operation.key, operation.version);
        let mut pages = client.call_pages(&name, arguments.into()).unwrap();
        let mut read = 0;
        while let Some(page) = pages.next().await {
            page.unwrap_or_else(|error| panic!("{name}: {error}"));
            read += 1;
        }
        assert_eq!(read, 3, "{name}");
        followed += 1;
    }
    assert!(followed > 100, "only {followed} operations have pages");
}
