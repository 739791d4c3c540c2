//! Orders as the API shows them.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::{SellerSpec, ShopSpec, Switches, WorldSpec};
use ttshop_types::Region;

use crate::client::{Peer, START, frozen, quiet};

/// Tokens that outlast the orders.
fn patient() -> Switches {
    Switches { access_token_seconds: 90 * 86_400, ..Switches::default() }
}

async fn order(peer: &Peer, id: &str) -> Value {
    let detail = peer.request(Method::GET, "/order/202507/orders").with(&[("ids", id)]);
    peer.data(&detail).await["orders"][0].clone()
}

fn cents(amount: &Value) -> i64 {
    let text = amount.as_str().unwrap();
    let (whole, fraction) = text.split_once('.').unwrap();
    assert_eq!(fraction.len(), 2, "{text}");
    whole.parse::<i64>().unwrap() * 100 + fraction.parse::<i64>().unwrap()
}

/// All ids that a search yields, page after page.
async fn all_ids(peer: &Peer, params: &[(&str, &str)], body: &Value) -> Vec<String> {
    let (mut ids, mut token) = (Vec::new(), String::new());
    loop {
        let mut params = params.to_vec();
        params.push(("page_token", &token));
        let page = peer.search(&params, body.clone()).await;
        ids.extend(
            page["orders"].as_array().unwrap().iter().map(|order| order["id"].as_str().unwrap().to_owned()),
        );
        let next = page["next_page_token"].as_str().unwrap().to_owned();
        if next.is_empty() {
            return ids;
        }
        assert_ne!(next, token, "a page token must not repeat");
        token = next;
    }
}

#[tokio::test]
async fn pages_show_every_order_once_in_every_direction() {
    let switches = Switches { quota_per_second: 10_000, ..Switches::default() };
    let peer = Peer::start(frozen().world(quiet()).switches(switches)).await;
    let mut placed = Vec::new();
    for _ in 0..3 {
        placed.extend(peer.place(7, "UNPAID").await);
        peer.control(Method::POST, "clock/advance", json!({ "seconds": 1 })).await;
    }
    for size in ["1", "4", "7", "20", "21", "100"] {
        for field in ["create_time", "update_time"] {
            let params = [("page_size", size), ("sort_field", field), ("sort_order", "ASC")];
            assert_eq!(all_ids(&peer, &params, &json!({})).await, placed, "{size} {field}");
            let params = [("page_size", size), ("sort_field", field), ("sort_order", "DESC")];
            let newest_first: Vec<String> = placed.iter().rev().cloned().collect();
            assert_eq!(all_ids(&peer, &params, &json!({})).await, newest_first, "{size} {field}");
        }
    }
    let page = peer.search(&[], json!({})).await;
    assert_eq!((page["orders"].as_array().unwrap().len(), &page["total_count"]), (20, &json!(21)));
}

#[tokio::test]
async fn filters_narrow_and_bounds_are_half_open() {
    let peer = Peer::start(frozen().world(quiet())).await;
    peer.place(2, "UNPAID").await;
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 10 })).await;
    let paid = peer.place(3, "AWAITING_SHIPMENT").await;
    let start = START.as_seconds();
    let count = async |body: Value| peer.search(&[("page_size", "1")], body).await["total_count"].clone();
    assert_eq!(count(json!({})).await, 5);
    assert_eq!(count(json!({ "order_status": "AWAITING_SHIPMENT" })).await, 3);
    assert_eq!(count(json!({ "order_status": "DELIVERED" })).await, 0);
    assert_eq!(count(json!({ "create_time_ge": start, "create_time_lt": start + 10 })).await, 2);
    assert_eq!(count(json!({ "create_time_ge": start + 10 })).await, 3);
    assert_eq!(count(json!({ "update_time_ge": start + 1, "create_time_lt": start + 10 })).await, 0);
    assert_eq!(count(json!({ "shipping_type": "SELLER" })).await, 0);
    assert_eq!(count(json!({ "warehouse_ids": ["1"] })).await, 0);
    assert_eq!(count(json!({ "is_buyer_request_cancel": true })).await, 0);
    peer.control(Method::POST, &format!("orders/{}/request_cancel", paid[0]), json!({})).await;
    assert_eq!(count(json!({ "is_buyer_request_cancel": true })).await, 1);
    let shown = order(&peer, &paid[1]).await;
    assert_eq!(count(json!({ "buyer_user_id": shown["user_id"] })).await, 1);
    assert_eq!(count(json!({ "warehouse_ids": [shown["warehouse_id"]] })).await, 5);
}

#[tokio::test]
async fn a_page_token_fits_its_own_search_only() {
    let peer = Peer::start(frozen().world(quiet())).await;
    peer.place(5, "UNPAID").await;
    let first = peer.search(&[("page_size", "2")], json!({})).await;
    let token = first["next_page_token"].as_str().unwrap();
    let refused = async |params: &[(&str, &str)], body: Value| {
        let request = peer.request(Method::POST, "/order/202309/orders/search");
        let request = request.with(&[("page_size", "2"), ("page_token", token)]).with(params).body(&body);
        peer.send(&request).await.json()["code"] == 36_009_004
    };
    assert!(!refused(&[("page_size", "3")], json!({})).await);
    assert!(refused(&[("sort_order", "ASC")], json!({})).await);
    assert!(refused(&[("sort_field", "update_time")], json!({})).await);
    assert!(refused(&[], json!({ "order_status": "UNPAID" })).await);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 3_601 })).await;
    assert!(refused(&[], json!({})).await, "tokens age");
}

#[tokio::test]
async fn every_order_adds_up_to_the_cent() {
    let peer = Peer::start(frozen()).await;
    let placed = peer.place(20, "AWAITING_SHIPMENT").await;
    let detail = peer.request(Method::GET, "/order/202507/orders").with(&[("ids", &placed.join(","))]);
    for order in peer.data(&detail).await["orders"].as_array().unwrap() {
        let (payment, lines) = (&order["payment"], order["line_items"].as_array().unwrap());
        let sum = |name: &str| lines.iter().map(|line| cents(&line[name])).sum::<i64>();
        assert_eq!(sum("original_price"), cents(&payment["original_total_product_price"]));
        assert_eq!(sum("sale_price"), cents(&payment["sub_total"]));
        let discounts = cents(&payment["seller_discount"]) + cents(&payment["platform_discount"]);
        assert_eq!(sum("original_price") - discounts, cents(&payment["sub_total"]));
        let total = cents(&payment["sub_total"]) + cents(&payment["shipping_fee"]) + cents(&payment["tax"]);
        assert_eq!(total, cents(&payment["total_amount"]));
        let path = format!("/order/202407/orders/{}/price_detail", order["id"].as_str().unwrap());
        let prices = peer.data(&peer.request(Method::GET, &path)).await;
        assert_eq!(cents(&prices["total"]), total);
        let line_totals = prices["line_items"].as_array().unwrap().iter().map(|line| cents(&line["total"]));
        assert_eq!(line_totals.sum::<i64>(), total);
        peer.control(Method::POST, "clock/advance", json!({ "seconds": 1 })).await;
    }
}

#[tokio::test]
async fn a_quantity_of_three_is_three_lines() {
    let peer = Peer::start(frozen()).await;
    let state = peer.control(Method::GET, "state", Value::Null).await;
    let sku = &state["shops"][0]["products"][0]["skus"][0]["id"];
    let shop_id = &peer.connection.shops[0].shop_id;
    let body = json!({ "shop_id": shop_id, "lines": [{ "sku_id": sku, "quantity": 3 }] });
    let placed = peer.control(Method::POST, "orders", body).await;
    let order = order(&peer, placed["order_ids"][0].as_str().unwrap()).await;
    let lines = order["line_items"].as_array().unwrap();
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line["sku_id"] == *sku));
    assert_eq!(lines.iter().map(|line| line["id"].as_str().unwrap()).collect::<BTreeSet<_>>().len(), 3);
}

#[tokio::test]
async fn an_order_lives_its_whole_life_by_the_clock() {
    let peer = Peer::start(frozen().world(quiet()).switches(patient())).await;
    let id = peer.place(1, "UNPAID").await.remove(0);
    let step = async |act: &str| {
        peer.control(Method::POST, &format!("orders/{id}/{act}"), json!({})).await["status"].clone()
    };
    let advance =
        async |seconds: u64| peer.control(Method::POST, "clock/advance", json!({ "seconds": seconds })).await;
    assert!(order(&peer, &id).await.get("recipient_address").is_none());
    assert_eq!(step("pay").await, "ON_HOLD");
    let held = order(&peer, &id).await;
    assert_eq!((&held["is_on_hold_order"], held.get("recipient_address")), (&json!(true), None));
    assert_eq!(held["rts_sla_time"], START.as_seconds() + 2 * 86_400);
    advance(3_599).await;
    assert_eq!(order(&peer, &id).await["status"], "ON_HOLD");
    advance(1).await;
    let released = order(&peer, &id).await;
    assert_eq!(
        (&released["status"], &released["update_time"]),
        (&json!("AWAITING_SHIPMENT"), &json!(START.as_seconds() + 3_600))
    );
    assert!(
        released["recipient_address"]["name"].as_str().unwrap().contains('*'),
        "shipped by the platform: masked"
    );
    assert!(released["line_items"][0].get("package_id").is_none(), "US packages come with shipment");
    assert_eq!(step("ship").await, "AWAITING_COLLECTION");
    let shipped = order(&peer, &id).await;
    assert_eq!(shipped["line_items"][0]["package_status"], "PROCESSING");
    assert!(!shipped["tracking_number"].as_str().unwrap().is_empty());
    assert_eq!(step("collect").await, "IN_TRANSIT");
    assert_eq!(step("deliver").await, "DELIVERED");
    advance(15 * 86_400).await;
    assert_eq!(order(&peer, &id).await["status"], "COMPLETED");
    assert_eq!(peer.try_control(Method::POST, &format!("orders/{id}/cancel"), json!({})).await.status, 409);
}

#[tokio::test]
async fn clocks_that_run_out_cancel() {
    let peer = Peer::start(frozen().world(quiet()).switches(patient())).await;
    let unpaid = peer.place(1, "UNPAID").await.remove(0);
    let unshipped = peer.place(1, "AWAITING_SHIPMENT").await.remove(0);
    let uncollected = peer.place(1, "AWAITING_COLLECTION").await.remove(0);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 8 * 86_400 })).await;
    for (id, days) in [(unpaid, 1), (unshipped, 5), (uncollected, 7)] {
        let order = order(&peer, &id).await;
        assert_eq!(
            (&order["status"], &order["cancellation_initiator"]),
            (&json!("CANCELLED"), &json!("SYSTEM"))
        );
        assert_eq!(order["cancel_time"], START.as_seconds() + days * 86_400);
        assert_eq!(order["line_items"][0]["display_status"], "CANCELLED");
    }
}

#[tokio::test]
async fn some_of_the_lines_can_be_shipped_first() {
    let peer = Peer::start(frozen()).await;
    let state = peer.control(Method::GET, "state", Value::Null).await;
    let sku = &state["shops"][0]["products"][0]["skus"][0]["id"];
    let body = json!({
        "shop_id": peer.connection.shops[0].shop_id,
        "lines": [{ "sku_id": sku, "quantity": 2 }],
        "status": "AWAITING_SHIPMENT",
    });
    let placed = peer.control(Method::POST, "orders", body).await;
    let id = placed["order_ids"][0].as_str().unwrap();
    let line = order(&peer, id).await["line_items"][0]["id"].clone();
    peer.control(Method::POST, &format!("orders/{id}/ship"), json!({ "line_item_ids": [line] })).await;
    let partly = order(&peer, id).await;
    assert_eq!(partly["status"], "PARTIALLY_SHIPPING");
    assert_eq!(partly["line_items"][0]["display_status"], "AWAITING_COLLECTION");
    assert_eq!(partly["line_items"][1]["display_status"], "AWAITING_SHIPMENT");
    let again = json!({ "line_item_ids": [line] });
    assert_eq!(peer.try_control(Method::POST, &format!("orders/{id}/ship"), again).await.status, 409);
    peer.control(Method::POST, &format!("orders/{id}/ship"), json!({})).await;
    let whole = order(&peer, id).await;
    assert_eq!(
        (&whole["status"], whole["packages"].as_array().unwrap().len()),
        (&json!("AWAITING_COLLECTION"), 2)
    );
}

#[tokio::test]
async fn sellers_cancel_late_in_the_us_only() {
    let peer = Peer::start(frozen()).await;
    for (shop, allowed) in [(0, true), (1, false)] {
        let shop_id = &peer.connection.shops[shop].shop_id;
        let body = json!({ "shop_id": shop_id, "status": "AWAITING_COLLECTION" });
        let placed = peer.control(Method::POST, "orders", body).await;
        let path = format!("orders/{}/cancel", placed["order_ids"][0].as_str().unwrap());
        let reply = peer
            .try_control(Method::POST, &path, json!({ "actor": "SELLER", "reason": "Out of stock" }))
            .await;
        assert_eq!(reply.status == 200, allowed, "{}", reply.text);
    }
}

#[tokio::test]
async fn whoever_ships_sees_the_address() {
    let peer = Peer::start(frozen()).await;
    let shop_id = &peer.connection.shops[0].shop_id;
    let body = json!({ "shop_id": shop_id, "status": "AWAITING_SHIPMENT", "shipping_type": "SELLER" });
    let placed = peer.control(Method::POST, "orders", body).await;
    let id = placed["order_ids"][0].as_str().unwrap();
    let before = order(&peer, id).await;
    assert!(!before["recipient_address"].to_string().contains('*'));
    peer.control(Method::POST, &format!("orders/{id}/change_address"), json!({})).await;
    let after = order(&peer, id).await;
    assert_eq!(after["has_updated_recipient_address"], true);
    assert_ne!(before["recipient_address"]["address_line1"], after["recipient_address"]["address_line1"]);
    assert_eq!(before["recipient_address"]["name"], after["recipient_address"]["name"]);
}

#[tokio::test]
async fn unknown_ids_are_missing_and_foreign_ones_too() {
    let peer = Peer::start(frozen()).await;
    let mine = peer.place(1, "UNPAID").await.remove(0);
    let body = json!({ "shop_id": peer.connection.shops[1].shop_id });
    let theirs =
        peer.control(Method::POST, "orders", body).await["order_ids"][0].as_str().unwrap().to_owned();
    let ids = format!("{mine},{theirs},576,x,{mine}");
    for version in ["202309", "202507"] {
        let detail = peer.request(Method::GET, &format!("/order/{version}/orders")).with(&[("ids", &ids)]);
        let orders = peer.data(&detail).await["orders"].clone();
        assert_eq!(orders.as_array().unwrap().len(), 1);
        assert_eq!(orders[0]["id"], json!(mine));
    }
    let path = format!("/order/202407/orders/{theirs}/price_detail");
    let reply = peer.send(&peer.request(Method::GET, &path)).await;
    assert_eq!((reply.status.as_u16(), &reply.json()["code"]), (200, &json!(21_008_111)));
}

#[tokio::test]
async fn search_may_lag_behind_detail() {
    let switches = Switches { search_delay_seconds: 30, ..Switches::default() };
    let peer = Peer::start(frozen().world(quiet()).switches(switches)).await;
    let id = peer.place(1, "UNPAID").await.remove(0);
    assert_eq!(peer.search(&[], json!({})).await["total_count"], 0);
    assert_eq!(order(&peer, &id).await["id"], json!(id));
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 30 })).await;
    assert_eq!(peer.search(&[], json!({})).await["total_count"], 1);
}

#[tokio::test]
async fn other_markets_pack_at_payment_and_have_their_own_money() {
    let shop = ShopSpec {
        name: "Shibuya".into(),
        region: Region::Japan,
        cross_border: true,
        products: 2,
        orders: 0,
        warehouses: 1,
    };
    let seller =
        SellerSpec { name: "Tokyo".into(), region: Region::Japan, shops: vec![shop], connected: true };
    let world = WorldSpec { sellers: vec![seller], ..WorldSpec::empty() };
    let peer = Peer::start(frozen().world(world)).await;
    let id = peer.place(1, "AWAITING_SHIPMENT").await.remove(0);
    let order = order(&peer, &id).await;
    assert_eq!(order["payment"]["currency"], "JPY");
    assert!(!order["payment"]["total_amount"].as_str().unwrap().contains('.'));
    assert_eq!(order["line_items"][0]["package_status"], "TO_FULFILL");
    assert!(order["line_items"][0].get("package_id").is_some());
    let permissions = peer.request(Method::GET, "/seller/202309/permissions").with(&[("shop_cipher", "")]);
    assert_eq!(peer.data(&permissions).await["permissions"], json!(["MANAGE_GLOBAL_PRODUCT"]));
}

#[tokio::test]
async fn the_same_seed_and_script_give_the_same_bytes() {
    let run = async || {
        let peer = Peer::start(frozen()).await;
        peer.place(5, "AWAITING_SHIPMENT").await;
        let request = peer.request(Method::POST, "/order/202309/orders/search").with(&[("page_size", "5")]);
        peer.send(&request.body(&json!({}))).await.text
    };
    assert_eq!(run().await, run().await);
}

#[tokio::test]
async fn of_two_who_act_at_once_one_wins() {
    let peer = Peer::start(frozen()).await;
    for id in peer.place(20, "AWAITING_SHIPMENT").await {
        let act = |act: &str| {
            let path = format!("orders/{id}/{act}");
            let peer = &peer;
            async move { peer.try_control(Method::POST, &path, json!({ "actor": "BUYER" })).await.status == 200 }
        };
        let (shipped, cancelled) = tokio::join!(act("ship"), act("cancel"));
        assert!(shipped ^ cancelled, "{id}: shipped {shipped}, cancelled {cancelled}");
    }
}
