//! Lists that are longer than the platform shows.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use futures_util::StreamExt as _;
use proptest::prelude::*;
use serde_json::{Value, json};
use ttshop::api::order::SearchOrders;
use ttshop::{ErrorKind, HttpRequest, InvalidCall, PagingError, RawWindows};
use ttshop_types::Timestamp;

use crate::world::{Answer, Script, body_of, client, param, refusal, success};

/// What the platform does with whoever asks for rows beyond its bound.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Beyond {
    /// It refuses the page.
    Refuses,
    /// It ends the list as if there were no more.
    Ends,
}

/// A search over rows that have nothing but a time; a row's place is its id.
#[derive(Clone, Debug)]
struct Search {
    times: Vec<i64>,
    /// How many rows of one search are shown.
    shown: usize,
    beyond: Beyond,
    counts: bool,
}

impl Search {
    fn answer(&self, request: &HttpRequest) -> Answer {
        let body: Value = serde_json::from_slice(body_of(request)).unwrap();
        let from = body["update_time_ge"].as_i64().unwrap();
        let to = match body.get("update_time_le") {
            Some(last) => last.as_i64().unwrap() + 1,
            None => body["update_time_lt"].as_i64().unwrap(),
        };
        let rows: Vec<usize> =
            (0..self.times.len()).filter(|row| (from..to).contains(&self.times[*row])).collect();
        let size: usize = param(request, "page_size").unwrap().parse().unwrap();
        let start: usize = param(request, "page_token").map_or(0, |token| token.parse().unwrap());
        if self.beyond == Beyond::Refuses && start + size > self.shown && rows.len() > self.shown {
            return refusal(200, 12_052_180, "the result window is too large");
        }
        let reachable = &rows[..rows.len().min(self.shown)];
        let end = (start + size).min(reachable.len());
        let page: Vec<Value> =
            reachable[start..end].iter().map(|row| json!({"id": row.to_string()})).collect();
        let next = if end < reachable.len() { end.to_string() } else { String::new() };
        let mut data = json!({"products": page, "orders": page, "next_page_token": next});
        if self.counts {
            data["total_count"] = rows.len().into();
        }
        success(&data.to_string())
    }

    fn windows(&self, name: &str, size: usize, range: Range<i64>) -> (RawWindows, Arc<Script>) {
        let search = self.clone();
        let script = Script::new(move |request| search.answer(request));
        let (client, _) = client(&script);
        let range = Timestamp::from_seconds(range.start)..Timestamp::from_seconds(range.end);
        let windows = client.call_windows(name, json!({"page_size": size}), "update_time", range).unwrap();
        (windows.rows_max(u32::try_from(self.shown).unwrap()), script)
    }
}

async fn rows(windows: &mut RawWindows, list: &str) -> Result<Vec<usize>, ttshop::Error> {
    let mut rows = Vec::new();
    while let Some(page) = windows.next().await {
        let page = page?;
        let items: Vec<Value> =
            page.items(list).unwrap().iter().map(|item| serde_json::from_str(item.get()).unwrap()).collect();
        rows.extend(items.iter().map(|item| item["id"].as_str().unwrap().parse::<usize>().unwrap()));
    }
    Ok(rows)
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #[test]
    fn every_row_comes_exactly_once_or_an_error_says_why(
        crowded in prop::collection::vec(0_i64..3, 0..30),
        spread in prop::collection::vec(-50_i64..1_100, 0..120),
        size in 1_usize..20,
        shown in 5_usize..40,
        refuses in any::<bool>(),
        counts in any::<bool>(),
        inclusive in any::<bool>(),
    ) {
        let mut times: Vec<i64> = crowded.iter().map(|second| 500 + second).collect();
        times.extend(&spread);
        let beyond = if refuses { Beyond::Refuses } else { Beyond::Ends };
        let search = Search { times: times.clone(), shown, beyond, counts };
        let (name, list) = if inclusive { ("product.search_products", "products") } else { ("order.search_orders", "orders") };
        let wanted: Vec<usize> = (0..times.len()).filter(|row| (0..1_000).contains(&times[*row])).collect();
        let fullest = (0..1_000).map(|second| times.iter().filter(|time| **time == second).count()).max().unwrap();
        let (mut windows, _) = search.windows(name, size, 0..1_000);
        match block_on(rows(&mut windows, list)) {
            Ok(mut found) => {
                found.sort_unstable();
                prop_assert_eq!(found, wanted);
            }
            Err(error) => {
                prop_assert!(matches!(error.kind(), ErrorKind::Paging(PagingError::WindowTooFull { .. })), "{}", error);
                prop_assert!(fullest >= shown, "{}: {} rows in the fullest second, {} shown", error, fullest, shown);
                prop_assert!(block_on(windows.next()).is_none());
            }
        }
    }
}

#[tokio::test]
async fn windows_are_halved_only_as_far_as_needed() {
    let times: Vec<i64> = (0..100).map(|row| row * 10).collect();
    let search = Search { times, shown: 30, beyond: Beyond::Refuses, counts: true };
    let (mut windows, script) = search.windows("order.search_orders", 50, 0..1_000);
    assert_eq!(windows.read_until(), Some(Timestamp::from_seconds(0)));
    assert_eq!(rows(&mut windows, "orders").await.unwrap(), (0..100).collect::<Vec<_>>());
    assert_eq!(windows.read_until(), Some(Timestamp::from_seconds(1_000)));
    // The whole, two halves and four quarters of 25 rows.
    assert_eq!(script.count(), 7);
}

#[tokio::test]
async fn an_inclusive_end_neither_doubles_nor_loses_a_second() {
    let search = Search { times: vec![0, 1, 2, 3], shown: 2, beyond: Beyond::Ends, counts: true };
    let (mut windows, script) = search.windows("product.search_products", 1, 0..4);
    assert_eq!(rows(&mut windows, "products").await.unwrap(), [0, 1, 2, 3]);
    let bounds = |request: &HttpRequest| {
        let body: Value = serde_json::from_slice(body_of(request)).unwrap();
        (body["update_time_ge"].as_i64().unwrap(), body["update_time_le"].as_i64().unwrap())
    };
    let asked: BTreeSet<_> = script.requests().iter().map(bounds).collect();
    assert_eq!(asked, BTreeSet::from([(0, 3), (0, 1), (0, 0), (1, 1), (2, 3), (2, 2), (3, 3)]));
}

#[tokio::test]
async fn a_second_that_is_too_full_is_an_error_that_says_so() {
    let search = Search { times: vec![7; 12], shown: 10, beyond: Beyond::Refuses, counts: true };
    let (mut windows, _) = search.windows("order.search_orders", 5, 0..60);
    let error = rows(&mut windows, "orders").await.unwrap_err();
    assert!(error.to_string().contains("12 rows, and fewer than 10 can be read"), "{error}");
    assert!(windows.next().await.is_none());
    assert_eq!(windows.read_until(), None);
}

#[tokio::test]
async fn a_list_without_the_filter_cannot_be_read_in_windows() {
    let script = Script::of([success("{}")]);
    let (client, _) = client(&script);
    let range = || Timestamp::from_seconds(0)..Timestamp::from_seconds(9);
    for (name, time, known) in [
        ("promotion.search_promotion_activities", "update_time", "known are none"),
        ("order.search_orders", "paid_time", "known are create_time, update_time"),
        ("analytics.get_shop_product_performance_list", "create_time", "known are date"),
    ] {
        let mut windows = client.call_windows(name, json!({}), time, range()).unwrap();
        let error = windows.next().await.unwrap().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Invalid(InvalidCall::NoTimeFilter { .. })), "{error}");
        assert!(error.to_string().contains(known), "{error}");
        assert!(windows.next().await.is_none());
    }
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn rows_that_were_counted_and_not_shown_are_an_error() {
    let script = Script::of([success(r#"{"orders":[{"id":"1"}],"next_page_token":"","total_count":2}"#)]);
    let (client, _) = client(&script);
    let range = Timestamp::from_seconds(0)..Timestamp::from_seconds(9);
    let mut windows = client.call_windows("order.search_orders", json!({}), "create_time", range).unwrap();
    windows.next().await.unwrap().unwrap();
    let error = windows.next().await.unwrap().unwrap_err();
    let expected = PagingError::Incomplete { read: 1, total: 2 };
    assert!(matches!(error.kind(), ErrorKind::Paging(reason) if *reason == expected), "{error}");
}

#[tokio::test]
async fn a_page_of_a_window_that_failed_can_be_asked_for_again() {
    let calls = Arc::new(Mutex::new(0));
    let search = Search { times: vec![1, 2, 3, 4], shown: 3, beyond: Beyond::Refuses, counts: true };
    let script = Script::new(move |request| {
        let mut calls = calls.lock().unwrap();
        *calls += 1;
        if *calls % 2 == 0 { refusal(200, 10_006_402, "no") } else { search.answer(request) }
    });
    let (client, _) = client(&script);
    let range = Timestamp::from_seconds(0)..Timestamp::from_seconds(8);
    let mut windows = client
        .call_windows("order.search_orders", json!({"page_size": 1}), "update_time", range)
        .unwrap()
        .rows_max(3);
    let mut found = Vec::new();
    while let Some(page) = windows.next().await {
        found.extend(page.ok().map(|page| page.items("orders").unwrap()[0].get().to_owned()));
    }
    assert_eq!(found, [r#"{"id":"0"}"#, r#"{"id":"1"}"#, r#"{"id":"2"}"#, r#"{"id":"3"}"#]);
}

#[tokio::test]
async fn a_typed_list_is_read_in_windows_item_by_item() {
    let search = Search { times: vec![5, 15, 25, 35, 35], shown: 3, beyond: Beyond::Refuses, counts: true };
    let script = Script::new(move |request| search.answer(request));
    let (client, _) = client(&script);
    let range = Timestamp::from_seconds(0)..Timestamp::from_seconds(40);
    let windows =
        client.order().search_orders(SearchOrders::new().page_size(2)).windows("update_time", range);
    let items: Vec<_> = windows.rows_max(3).items().collect().await;
    let ids: Vec<_> = items.into_iter().map(|order| order.unwrap().id.unwrap().into_string()).collect();
    assert_eq!(ids, ["0", "1", "2", "3", "4"]);
}

/// Reads a list of days, where each day has this many rows and one search shows so many; answers the spans that were asked for.
async fn days(rows_a_day: usize, shown: usize, range: Range<Timestamp>) -> (Vec<String>, Option<ErrorKind>) {
    let spans = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::clone(&spans);
    let script = Script::new(move |request| {
        let (from, to) = (param(request, "start_date_ge").unwrap(), param(request, "end_date_lt").unwrap());
        let number = |day: &str| day[8..].parse::<usize>().unwrap();
        let rows = (number(&to) - number(&from)) * rows_a_day;
        asked.lock().unwrap().push(format!("{from}..{to}"));
        let products: Vec<Value> = (0..rows.min(shown)).map(|row| json!({"id": row.to_string()})).collect();
        success(&json!({"products": products, "total_count": rows, "next_page_token": ""}).to_string())
    });
    let name = "analytics.get_shop_product_performance_list";
    let windows = client(&script).0.call_windows(name, json!({"page_size": 100}), "date", range).unwrap();
    let mut windows = windows.rows_max(u32::try_from(shown + 1).unwrap());
    let mut kind = None;
    while let Some(page) = windows.next().await {
        kind = page.err().map(|error| error.kind().clone()).or(kind);
    }
    let spans = spans.lock().unwrap().clone();
    (spans, kind)
}

#[tokio::test]
async fn days_are_halved_down_to_one() {
    // From the afternoon of the first to the morning of the fifth.
    let range = Timestamp::from_seconds(1_788_271_200)..Timestamp::from_seconds(1_788_588_000);
    let (spans, error) = days(2, 100, range.clone()).await;
    assert_eq!((spans, error.is_none()), (vec!["2026-09-01..2026-09-06".to_owned()], true));
    let (spans, error) = days(10, 20, range.clone()).await;
    let halves = [
        "2026-09-01..2026-09-06",
        "2026-09-01..2026-09-03",
        "2026-09-03..2026-09-06",
        "2026-09-03..2026-09-04",
        "2026-09-04..2026-09-06",
    ];
    assert_eq!((spans, error.is_none()), (halves.map(str::to_owned).to_vec(), true));
    let (spans, error) = days(30, 20, range).await;
    assert_eq!(spans.last().unwrap(), "2026-09-01..2026-09-02");
    assert!(
        matches!(error, Some(ErrorKind::Paging(PagingError::WindowTooFull { rows: 30, .. }))),
        "one day cannot be halved: {error:?}"
    );
}
