//! The control API.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::Emulator;

use crate::client::{Peer, frozen, quiet};

#[tokio::test]
async fn truth_lists_every_order_of_a_shop() {
    let peer = Peer::start(frozen()).await;
    peer.place(600, "UNPAID").await;
    let shop_id = &peer.connection.shops[0].shop_id;
    for (summary, whole) in [("true", false), ("false", true)] {
        let path = format!("truth/orders?shop_id={shop_id}&summary={summary}");
        let reply = peer.try_control(Method::GET, &path, Value::Null).await;
        let lines: Vec<Value> = reply.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 608);
        assert!(lines.iter().all(|line| line.get("order").is_some() == whole));
        let id = lines[607]["id"].as_str().unwrap();
        let detail = peer.request(Method::GET, "/order/202507/orders").with(&[("ids", id)]);
        let shown = peer.data(&detail).await["orders"][0].clone();
        assert_eq!(lines[607]["status"], shown["status"]);
        if whole {
            assert_eq!(lines[607]["order"], shown);
        }
    }
}

#[tokio::test]
async fn pages_of_other_sites_are_kept_out() {
    let peer = Peer::start(frozen()).await;
    let url = format!("{}/state", peer.connection.control_url);
    for (name, value) in
        [("origin", "http://evil.example"), ("host", "evil.example"), ("sec-fetch-site", "cross-site")]
    {
        let response = peer.http.get(&url).header(name, value).send().await.unwrap();
        assert_eq!(response.status(), 403, "{name}");
    }
}

#[tokio::test]
async fn faults_strike_where_they_are_told_to() {
    let peer = Peer::start(frozen()).await;
    let search = peer
        .request(Method::POST, "/order/202309/orders/search")
        .with(&[("page_size", "1")])
        .body(&json!({}));
    for (kind, status, code) in [
        ("throttle", 429, json!(36_009_002)),
        ("internal_error", 500, json!(36_009_003)),
        ("html_bad_gateway", 502, Value::Null),
        ("overload", 503, Value::Null),
    ] {
        let rule = json!({ "operation": "order.search_orders", "times": 1, "kind": kind });
        peer.control(Method::PUT, "faults", json!({ "rules": [rule] })).await;
        let reply = peer.send(&search).await;
        assert_eq!((reply.status.as_u16(), reply.header("x-emulator-fault")), (status, Some(kind)));
        let answer: Value = serde_json::from_str(&reply.text).unwrap_or_default();
        assert_eq!(answer["code"], code);
        peer.data(&search).await;
    }
}

#[tokio::test]
async fn an_answer_can_be_lost_after_its_effect() {
    let peer = Peer::start(frozen()).await;
    let rule = json!({ "operation": "event.update_shop_webhook", "kind": "truncated_body" });
    peer.control(Method::PUT, "faults", json!({ "rules": [rule] })).await;
    let body = json!({ "address": "https://example.com/", "event_type": "NEW_MESSAGE" });
    let request = peer.request(Method::PUT, "/event/202309/webhooks").body(&body);
    assert!(peer.try_send(&request).await.is_err(), "the body ends too early");
    let hooks = peer.data(&peer.request(Method::GET, "/event/202309/webhooks")).await;
    assert_eq!(hooks["total_count"], 1);
}

#[tokio::test]
async fn nonsense_is_answered_with_a_reason() {
    let peer = Peer::start(frozen()).await;
    let shop_id = &peer.connection.shops[0].shop_id;
    for (method, path, body, status) in [
        (Method::GET, "nowhere", Value::Null, 404),
        (Method::POST, "orders", json!({ "shop_id": "1" }), 404),
        (Method::POST, "orders", json!({ "shop_id": shop_id, "count": 0 }), 400),
        (Method::POST, "orders", json!({ "shop_id": shop_id, "lines": [{ "sku_id": "1" }] }), 400),
        (Method::POST, "orders", json!({ "shop_id": shop_id, "colour": "red" }), 400),
        (Method::POST, "orders/1/pay", json!({}), 404),
        (Method::PUT, "switches", json!({ "no_such_switch": 1 }), 400),
        (
            Method::PUT,
            "faults",
            json!({ "rules": [{ "operation": "order.nothing", "kind": "throttle" }] }),
            400,
        ),
        (Method::PUT, "app", json!({ "redirect_url": "javascript:alert(1)" }), 400),
        (Method::POST, "restore", json!({ "version": 9, "taken_at_ms": 0, "world": {} }), 400),
        (Method::POST, "restore", json!({ "version": 2, "taken_at_ms": 0, "world": {} }), 400),
    ] {
        let reply = peer.try_control(method, path, body).await;
        assert_eq!(reply.status, status, "{path}: {}", reply.text);
        assert!(reply.json()["error"].is_string());
    }
}

#[tokio::test]
async fn new_sellers_and_shops_can_join() {
    let peer = Peer::start(frozen()).await;
    let shop = json!({ "name": "Berlin", "region": "DE", "orders": 3 });
    let seller = json!({ "name": "Spree", "region": "DE", "shops": [shop], "connected": true });
    let added = peer.control(Method::POST, "sellers", seller).await;
    let state = peer.control(Method::GET, "state", Value::Null).await;
    assert_eq!(state["shops"].as_array().unwrap().len(), 3);
    assert_eq!(state["shops"][2]["shop_id"], added["shop_ids"][0]);
    let body = json!({ "seller_id": added["seller_id"], "shop": { "name": "Paris", "region": "FR" } });
    peer.control(Method::POST, "shops", body).await;
    assert_eq!(peer.control(Method::GET, "state", Value::Null).await["shops"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn real_time_goes_on_after_a_skip() {
    let peer = Peer::start(Emulator::builder().world(quiet())).await;
    peer.place(1, "ON_HOLD").await;
    peer.control(Method::POST, "clock/advance", json!({ "milliseconds": 3_599_700 })).await;
    let on_hold = async || {
        let state = peer.control(Method::GET, "state", Value::Null).await;
        state["shops"][0]["orders"]["ON_HOLD"] == 1
    };
    // The rest of the hour passes by itself; each question takes a little of it.
    let released = async { while on_hold().await {} };
    assert!(tokio::time::timeout(std::time::Duration::from_secs(20), released).await.is_ok());
}
