//! The REST API, health and metrics.

use serde_json::{Value, json};

use crate::Metrics;
use crate::fixture::{API_KEY, RunningHub, SHOP, notification};

/// Asks again until the answer is there. Every ask is a round trip, and the test's own time limit ends it.
async fn until(hub: &RunningHub, path: &str, is_there: impl Fn(u16, &Value) -> bool) -> Value {
    loop {
        let (status, body) = hub.api(path).await;
        if is_there(status, &body) {
            return body;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_order_is_there_after_its_notification() {
    let hub = RunningHub::start().await;
    hub.connect().await;
    hub.platform.put_order("5764", "AWAITING_SHIPMENT", 1_700_000_000);
    assert_eq!(hub.notify(&notification("n1", "5764")).await, 200);
    let path = format!("/v1/orders/{SHOP}/5764");
    let order = until(&hub, &path, |status, _| status == 200).await;
    assert_eq!(order["order"]["status"]["platform_status"], "AWAITING_SHIPMENT");
    assert_eq!(order["raw"]["status"], "AWAITING_SHIPMENT");
    assert_eq!(order["provenance"]["operation"], "order.get_order_detail@202507");
    let (_, page) = hub.api("/v1/orders?shop_id=7494&status=AWAITING_SHIPMENT&limit=1").await;
    assert_eq!(page["orders"][0]["id"], "5764");
    assert_eq!(hub.api("/v1/orders?status=UNPAID").await.1, json!({"orders": [], "next_cursor": null}));
    let (_, shops) = hub.api("/v1/shops").await;
    assert_eq!((&shops["shops"][0]["id"], &shops["shops"][0]["state"]), (&json!(SHOP), &json!("connected")));
    assert!(!shops.to_string().contains("canary"));
    hub.stop().await;
}

#[tokio::test]
async fn pages_follow_each_other() {
    let hub = RunningHub::start().await;
    for order in 0..5 {
        hub.platform.put_order(&format!("{order}"), "UNPAID", 1_700_000_000 + order);
    }
    hub.connect().await;
    until(&hub, "/v1/orders?limit=5", |_, page| page["orders"].as_array().unwrap().len() == 5).await;
    let (mut ids, mut path) = (Vec::new(), "/v1/orders?limit=2".to_owned());
    loop {
        let (_, page) = hub.api(&path).await;
        ids.extend(
            page["orders"].as_array().unwrap().iter().map(|order| order["id"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/orders?limit=2&cursor={cursor}");
    }
    assert_eq!(ids, ["4", "3", "2", "1", "0"]);
    let sweeps = until(&hub, "/v1/sweeps", |_, sweeps| sweeps["sweeps"][0]["seen"] == 5).await;
    assert_eq!(sweeps["sweeps"][0]["missing"], 5);
    hub.stop().await;
}

#[tokio::test]
async fn without_the_key_nothing_is_shown() {
    let hub = RunningHub::start().await;
    for path in ["/v1/orders", "/v1/orders/1/2", "/v1/shops", "/v1/sweeps", "/v1/jobs/parked", "/metrics"] {
        let bare = hub.client.get(hub.url(path)).send().await.unwrap();
        assert_eq!(bare.status().as_u16(), 401, "{path}");
        let wrong = hub.client.get(hub.url(path)).bearer_auth(&API_KEY[1..]).send().await.unwrap();
        assert_eq!(wrong.status().as_u16(), 401, "{path}");
        let problem: Value = serde_json::from_slice(&wrong.bytes().await.unwrap()).unwrap();
        assert_eq!(problem["code"], "HUB0027");
    }
    hub.stop().await;
}

#[tokio::test]
async fn bad_requests_say_what_is_wrong() {
    let hub = RunningHub::start().await;
    let table = [
        ("/v1/orders?limit=0", 400, "HUB0028"),
        ("/v1/orders?limit=201", 400, "HUB0028"),
        ("/v1/orders?limit=many", 400, "HUB0028"),
        ("/v1/orders?shop=1", 400, "HUB0028"),
        ("/v1/orders?cursor=made-up", 400, "HUB0028"),
        ("/v1/orders/1/2", 404, "HUB0029"),
    ];
    for (path, status, code) in table {
        let (answered, problem) = hub.api(path).await;
        assert_eq!((answered, problem["code"].as_str()), (status, Some(code)), "{path}: {problem}");
    }
    hub.stop().await;
}

#[tokio::test]
async fn parked_jobs_are_shown_and_woken() {
    let hub = RunningHub::start().await;
    assert_eq!(hub.notify(b"no JSON at all").await, 200);
    let parked = until(&hub, "/v1/jobs/parked", |_, parked| parked["jobs"][0]["reason"].is_string()).await;
    assert!(parked["jobs"][0]["reason"].as_str().unwrap().starts_with("HUB0008"));
    let unpark = |lane: Value| {
        let body = json!({ "lane": lane }).to_string();
        let request = hub.client.post(hub.url("/v1/jobs/unpark")).bearer_auth(API_KEY);
        request.header("content-type", "application/json").body(body).send()
    };
    assert_eq!(unpark(parked["jobs"][0]["lane"].clone()).await.unwrap().status().as_u16(), 200);
    assert_eq!(unpark(json!("1/order/2")).await.unwrap().status().as_u16(), 404);
    assert_eq!(unpark(json!(7)).await.unwrap().status().as_u16(), 400);
    hub.stop().await;
}

#[tokio::test]
async fn a_sweep_can_be_asked_for() {
    let hub = RunningHub::start().await;
    hub.connect().await;
    until(&hub, "/v1/sweeps", |_, sweeps| !sweeps["sweeps"].as_array().unwrap().is_empty()).await;
    hub.platform.put_order("5764", "UNPAID", 1_700_000_000);
    let asked = hub.client.post(hub.url("/v1/sweeps")).bearer_auth(API_KEY).send().await.unwrap();
    assert_eq!(asked.status().as_u16(), 202);
    until(&hub, &format!("/v1/orders/{SHOP}/5764"), |status, _| status == 200).await;
    hub.stop().await;
}

#[tokio::test]
async fn health_needs_no_key_and_names_no_secret() {
    let hub = RunningHub::start().await;
    let live = hub.client.get(hub.url("/healthz")).send().await.unwrap();
    assert_eq!(live.text().await.unwrap(), "ok\n");
    let ready = hub.client.get(hub.url("/readyz")).send().await.unwrap();
    assert_eq!(ready.status().as_u16(), 200);
    let ready: Value = serde_json::from_slice(&ready.bytes().await.unwrap()).unwrap();
    assert_eq!(
        (&ready["ready"], &ready["store"], &ready["backlog"]["jobs"]),
        (&json!(true), &json!("ok"), &json!(0))
    );
    let nothing = hub.client.get(hub.url("/nothing")).send().await.unwrap();
    assert_eq!(nothing.status().as_u16(), 404);
    hub.stop().await;
}

#[tokio::test]
async fn metrics_count_without_naming_anyone() {
    let metrics = Metrics::install().unwrap();
    let hub = RunningHub::with_metrics(metrics).await;
    hub.notify(&notification("n1", "5764")).await;
    let reply = hub.client.get(hub.url("/metrics")).bearer_auth(API_KEY).send().await.unwrap();
    let text = reply.text().await.unwrap();
    assert!(text.contains("hub_webhooks_total{answer=\"accepted\"} 1"), "{text}");
    assert!(text.contains("hub_accept_seconds_bucket"), "{text}");
    assert!(!text.contains("5764") && !text.contains(SHOP) && !text.contains("canary"), "{text}");
    hub.stop().await;
}

#[tokio::test]
async fn a_server_that_stops_lets_requests_end() {
    let hub = RunningHub::start().await;
    assert_eq!(hub.notify(&notification("n1", "5764")).await, 200);
    let engine = hub.stop().await;
    assert_eq!(engine.backlog().await.unwrap().accepted, 1);
}
