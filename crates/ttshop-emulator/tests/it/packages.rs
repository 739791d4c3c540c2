//! Packages, what carriers do with them, and how orders follow.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_types::Region;

use crate::checked::{checked, checked_with, code};
use crate::client::Peer;
use crate::market::{detail, ids, market, packages, place};

const SEARCH: &str = "/fulfillment/202309/packages/search";

async fn package(peer: &Peer, id: &str) -> Value {
    checked(peer, Method::GET, &format!("/fulfillment/202309/packages/{id}"), &Value::Null).await
}

async fn event(peer: &Peer, package: &str, event: &str, body: Value) -> Value {
    peer.control(Method::POST, &format!("packages/{package}/{event}"), body).await
}

async fn status(peer: &Peer, order: &str) -> String {
    detail(peer, order).await["status"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn payment_makes_a_package_except_in_the_us_and_the_uk() {
    for (region, expected) in
        [(Region::Malaysia, 1), (Region::Germany, 1), (Region::UnitedStates, 0), (Region::UnitedKingdom, 0)]
    {
        let peer = market(region.clone()).await;
        let order = place(&peer, 1, 2, &json!({})).await.remove(0);
        assert_eq!(packages(&peer, &order).await.len(), expected, "{region}");
        peer.control(Method::POST, &format!("orders/{order}/ship"), json!({})).await;
        assert_eq!(packages(&peer, &order).await.len(), 1, "{region}");
    }
}

#[tokio::test]
async fn an_order_follows_all_of_its_packages() {
    let peer = market(Region::Malaysia).await;
    let order = place(&peer, 1, 2, &json!({})).await.remove(0);
    let first = detail(&peer, &order).await["line_items"][0]["id"].clone();
    let ship = format!("orders/{order}/ship");
    peer.control(Method::POST, &ship, json!({ "line_item_ids": [first] })).await;
    assert_eq!(status(&peer, &order).await, "PARTIALLY_SHIPPING");
    peer.control(Method::POST, &ship, json!({})).await;
    let both = packages(&peer, &order).await;
    assert_eq!(both.len(), 2);
    for (place, (act, one, all)) in
        [("collect", "AWAITING_COLLECTION", "IN_TRANSIT"), ("deliver", "IN_TRANSIT", "DELIVERED")]
            .into_iter()
            .enumerate()
    {
        event(&peer, &both[0], act, json!({})).await;
        assert_eq!(status(&peer, &order).await, one);
        let lines = detail(&peer, &order).await["line_items"].clone();
        let shown: Vec<&str> =
            lines.as_array().unwrap().iter().map(|line| line["display_status"].as_str().unwrap()).collect();
        assert!(place == 1 || shown.contains(&"IN_TRANSIT") && shown.contains(&"AWAITING_COLLECTION"));
        event(&peer, &both[1], act, json!({})).await;
        assert_eq!(status(&peer, &order).await, all);
    }
    let refused = peer.try_control(Method::POST, &format!("packages/{}/lose", both[0]), json!({})).await;
    assert_eq!(refused.status, 409);
}

#[tokio::test]
async fn a_cancelled_line_leaves_a_ghost_and_a_new_package() {
    let peer = market(Region::Mexico).await;
    let order = place(&peer, 1, 3, &json!({})).await.remove(0);
    let before = packages(&peer, &order).await.remove(0);
    let line = detail(&peer, &order).await["line_items"][0]["id"].as_str().unwrap().to_owned();
    let cancel = json!({ "line_item_ids": [line], "actor": "SELLER", "reason": "Out of stock" });
    peer.control(Method::POST, &format!("orders/{order}/cancel_lines"), cancel).await;

    let after = detail(&peer, &order).await;
    assert_eq!(after["status"], "AWAITING_SHIPMENT");
    let lines = after["line_items"].as_array().unwrap();
    assert_eq!(
        (lines[0]["display_status"].as_str(), lines[0]["cancel_user"].as_str()),
        (Some("CANCELLED"), Some("SELLER"))
    );
    assert_eq!(lines[0]["package_id"], *before, "the cancelled line keeps the old package");
    let rebuilt = lines[1]["package_id"].as_str().unwrap();
    assert_ne!(rebuilt, before);
    assert_eq!(lines[2]["package_id"], rebuilt);
    let (ghost, rebuilt) = (package(&peer, &before).await, package(&peer, rebuilt).await);
    assert_eq!(ghost["order_line_item_ids"], json!([line]));
    assert_eq!(rebuilt["order_line_item_ids"].as_array().unwrap().len(), 2);
    assert_eq!(rebuilt["package_status"], "TO FULFILL");
}

#[tokio::test]
async fn what_is_lost_is_cancelled_by_the_platform() {
    let peer = market(Region::Malaysia).await;
    let order = place(&peer, 1, 1, &json!({})).await.remove(0);
    let id = packages(&peer, &order).await.remove(0);
    event(&peer, &id, "ship", json!({})).await;
    event(&peer, &id, "collect", json!({})).await;
    event(&peer, &id, "report", json!({ "step": "delivery_failed" })).await;
    assert_eq!(package(&peer, &id).await["package_sub_status"], "ISSUE");
    event(&peer, &id, "lose", json!({ "reason": "PACKAGE_DAMAGAED" })).await;
    let lost = package(&peer, &id).await;
    assert_eq!(
        (&lost["package_status"], &lost["ship_exception_reason"]),
        (&json!("CANCELLED"), &json!("PACKAGE_DAMAGAED"))
    );
    let order = detail(&peer, &order).await;
    assert_eq!((&order["status"], &order["cancellation_initiator"]), (&json!("CANCELLED"), &json!("SYSTEM")));
}

#[tokio::test]
async fn search_pages_through_packages_of_one_status() {
    let peer = market(Region::Malaysia).await;
    let orders = place(&peer, 7, 1, &json!({})).await;
    for order in &orders[..3] {
        peer.control(Method::POST, &format!("orders/{order}/ship"), json!({})).await;
    }
    let body = json!({ "package_status": "TO_FULFILL" });
    let (mut found, mut token) = (Vec::new(), String::new());
    loop {
        let params = [("page_size", "3"), ("page_token", token.as_str()), ("sort_order", "ASC")];
        let page = checked_with(&peer, Method::POST, SEARCH, &params, &body).await;
        assert_eq!(page["total_count"], 4);
        found.extend(ids(&page["packages"]));
        token = page["next_page_token"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    let mut expected = Vec::new();
    for order in &orders[3..] {
        expected.extend(packages(&peer, order).await);
    }
    assert_eq!(found, expected);
    let page = checked_with(
        &peer,
        Method::POST,
        SEARCH,
        &[("page_size", "50")],
        &json!({ "package_status": "PROCESSING" }),
    )
    .await;
    assert_eq!(page["total_count"], 3);
    assert!(page["packages"][0]["tracking_number"].as_str().unwrap().starts_with("EMU"));
    let unknown = "/fulfillment/202309/packages/1152000000000000000";
    assert_eq!(code(&peer, Method::GET, unknown, &Value::Null).await, 21_011_001);
}

#[tokio::test]
async fn tracking_tells_the_journey_newest_first() {
    let peer = market(Region::Malaysia).await;
    let order = place(&peer, 1, 1, &json!({})).await.remove(0);
    let (old, new) = (
        format!("/fulfillment/202309/orders/{order}/tracking"),
        format!("/logistics/202604/orders/{order}/tracking"),
    );
    assert_eq!(checked(&peer, Method::GET, &old, &Value::Null).await["tracking"], json!([]));
    assert_eq!(code(&peer, Method::GET, &new, &Value::Null).await, 11_007_009);
    let id = packages(&peer, &order).await.remove(0);
    for act in ["ship", "collect", "report", "deliver"] {
        peer.control(Method::POST, "clock/advance", json!({ "seconds": 60 })).await;
        event(&peer, &id, act, json!({})).await;
    }
    let told = checked(&peer, Method::GET, &old, &Value::Null).await;
    let times: Vec<i64> = told["tracking"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["update_time_millis"].as_i64().unwrap())
        .collect();
    assert_eq!(times.len(), 4);
    assert!(times.is_sorted_by(|newer, older| newer > older));
    let parcels = checked(&peer, Method::GET, &new, &Value::Null).await;
    let tracks = &parcels["logistics_details"][0]["track_list"];
    assert_eq!(tracks[0]["action_code_name"], "delivered");
}

#[tokio::test]
async fn samples_cost_nothing_and_pre_orders_wait_for_their_release() {
    let peer = market(Region::Malaysia).await;
    let sample = place(&peer, 1, 2, &json!({ "kind": "sample" })).await.remove(0);
    let sample = detail(&peer, &sample).await;
    assert_eq!(
        (&sample["is_sample_order"], &sample["payment"]["total_amount"]),
        (&json!(true), &json!("0.00"))
    );

    let release = peer.emulator.now().as_seconds() + 3 * 86_400;
    let wanted = json!({ "kind": { "pre_order": { "release_time": release } }, "status": "ON_HOLD" });
    let order = place(&peer, 1, 1, &wanted).await.remove(0);
    let shown = detail(&peer, &order).await;
    assert_eq!((&shown["order_type"], &shown["release_date"]), (&json!("PRE_ORDER"), &json!(release)));
    assert!(shown["rts_sla_time"].as_i64().unwrap() > release);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 3 * 86_400 - 3_601 })).await;
    assert_eq!(status(&peer, &order).await, "ON_HOLD");
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 2 })).await;
    assert_eq!(status(&peer, &order).await, "AWAITING_SHIPMENT");

    let again =
        place(&peer, 1, 1, &json!({ "kind": { "replacement": { "order_id": order } } })).await.remove(0);
    let again = detail(&peer, &again).await;
    assert_eq!((&again["is_replacement_order"], &again["replaced_order_id"]), (&json!(true), &json!(order)));
}

#[tokio::test]
async fn what_tiktok_stores_or_ships_hides_the_recipient() {
    let peer = market(Region::Malaysia).await;
    for (more, hidden) in [
        (json!({ "shipping_type": "SELLER" }), false),
        (json!({ "shipping_type": "TIKTOK" }), true),
        (json!({ "shipping_type": "SELLER", "fulfilled_by_tiktok": true }), true),
    ] {
        let order = place(&peer, 1, 1, &more).await.remove(0);
        let shown = detail(&peer, &order).await;
        let name = shown["recipient_address"]["name"].as_str().unwrap();
        assert_eq!(name.contains('*'), hidden, "{more}: {name}");
        let id = packages(&peer, &order).await.remove(0);
        assert_eq!(package(&peer, &id).await["recipient_address"]["name"], name);
    }
}
