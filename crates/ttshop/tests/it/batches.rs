//! Many things in few calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_core::future::BoxFuture;
use serde_json::{Value, json};
use ttshop::api::order::GetOrderDetail;
use ttshop::api::product::DeactivateProducts;
use ttshop::{Batch, HttpRequest, ItemError, Transport};
use ttshop_clock::VirtualClock;

use crate::world::{Answer, NOW, Script, body_of, builder, client, param, refusal, shop, success};

fn ids(range: std::ops::Range<u32>) -> Vec<String> {
    range.map(|id| id.to_string()).collect()
}

/// Orders with the ids asked for, but for those that the platform does not know; in another order than asked.
fn orders(request: &HttpRequest, unknown: &[&str]) -> Answer {
    let asked = param(request, "ids").unwrap();
    let known = asked.split(',').rev().filter(|id| !unknown.contains(id));
    let orders: Vec<Value> = known.map(|id| json!({"id": id, "status": "UNPAID"})).collect();
    success(&json!({"orders": orders}).to_string())
}

fn outcome<T>(batch: &Batch<String, T>, id: &str) -> String {
    let (_, result) = batch.items.iter().find(|(input, _)| input == id).unwrap();
    match result {
        Ok(_) => "ok".into(),
        Err(ItemError::Failed(failure)) => format!("failed {}", failure.code),
        Err(ItemError::Unattributed(failure)) => format!("unattributed {}", failure.code),
        Err(ItemError::Missing) => "missing".into(),
        Err(ItemError::Call(error)) => format!("call {}", error.code().unwrap()),
        Err(other) => other.to_string(),
    }
}

#[tokio::test]
async fn ids_go_in_chunks_of_the_documented_size_and_come_back_in_order() {
    let script = Script::new(|request| orders(request, &["7", "119"]));
    let (client, _) = client(&script);
    let batch = client.batch(ids(0..120), GetOrderDetail::new);
    let batch = batch.find(|reply| reply.orders, |order| order.id.as_ref()).await;
    let sizes: Vec<_> =
        script.requests().iter().map(|request| param(request, "ids").unwrap().split(',').count()).collect();
    assert_eq!(sizes, [50, 50, 20]);
    assert_eq!(batch.items.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(), ids(0..120));
    assert_eq!(batch.missing().collect::<Vec<_>>(), ["7", "119"]);
    assert_eq!(batch.succeeded().count(), 118);
    assert!(batch.succeeded().all(|(id, order)| order.id.as_ref().unwrap().as_str() == id));
    assert!(!batch.is_whole());
}

#[tokio::test]
async fn an_id_that_stands_twice_is_sent_once() {
    let script = Script::new(|request| orders(request, &[]));
    let (client, _) = client(&script);
    let batch = client.batch(["1", "2", "1"].map(str::to_owned), GetOrderDetail::new);
    let batch = batch.find(|reply| reply.orders, |order| order.id.as_ref()).await;
    assert_eq!(param(&script.requests()[0], "ids").as_deref(), Some("1,2"));
    assert!(matches!(batch.items[2].1, Err(ItemError::Repeated)));
    assert_eq!(batch.succeeded().count(), 2);
}

/// Refuses the products 3 and 23, the whole second chunk but one, and names nothing in the third.
fn deactivate(request: &HttpRequest) -> Answer {
    let body: Value = serde_json::from_slice(body_of(request)).unwrap();
    let first = body["product_ids"][0].as_str().unwrap();
    match first {
        "0" => success(r#"{"errors":[{"code":12052048,"message":"m","detail":{"product_id":"3"}}]}"#),
        "20" => refusal(200, 12_052_700, "seller inactive"),
        _ => success(r#"{"errors":[{"code":12052901,"message":"m"}]}"#),
    }
}

#[tokio::test]
async fn failures_are_joined_to_what_failed() {
    let script = Script::new(deactivate);
    let (client, _) = client(&script);
    let batch = client.batch(ids(0..45), DeactivateProducts::new).act().await;
    assert_eq!(script.count(), 3);
    assert_eq!(outcome(&batch, "2"), "ok");
    assert_eq!(outcome(&batch, "3"), "failed 12052048");
    assert_eq!(outcome(&batch, "20"), "call 12052700");
    assert_eq!(outcome(&batch, "39"), "call 12052700");
    assert_eq!(outcome(&batch, "44"), "unattributed 12052901");
    assert_eq!(batch.succeeded().count(), 19);
}

#[tokio::test]
async fn a_chunk_is_never_larger_than_documented() {
    let script = Script::new(|_| success("{}"));
    let (client, _) = client(&script);
    let batch = client.batch(ids(0..40), DeactivateProducts::new).chunk_size(1_000).act().await;
    assert!(batch.is_whole());
    assert_eq!(script.count(), 2);
    client.batch(ids(0..4), DeactivateProducts::new).chunk_size(3).act().await;
    assert_eq!(script.count(), 4);
}

/// Counts how many requests are on their way at a time.
#[derive(Debug, Default)]
struct Busy {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Transport for Busy {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Answer> {
        Box::pin(async move {
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            for _ in 0..5 {
                tokio::task::yield_now().await;
            }
            self.now.fetch_sub(1, Ordering::SeqCst);
            orders(&request, &[])
        })
    }
}

#[tokio::test]
async fn few_calls_are_made_at_a_time() {
    for (concurrency, expected) in [(1, 1), (3, 3), (1_000, 32)] {
        let busy = Arc::new(Busy::default());
        let builder = builder(&Script::of([success("{}")]), &VirtualClock::at(NOW))
            .transport(Arc::<Busy>::clone(&busy));
        let client = builder.build().unwrap().with_shop(shop());
        let batch = client.batch(ids(0..200), GetOrderDetail::new).chunk_size(5).concurrency(concurrency);
        let batch = batch.find(|reply| reply.orders, |order| order.id.as_ref()).await;
        assert!(batch.is_whole());
        assert_eq!(busy.most.load(Ordering::SeqCst), expected);
    }
}
