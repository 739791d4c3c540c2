//! Orders that end before they travel.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::{SellerSpec, ShopSpec, Switches, WorldSpec};
use ttshop_types::Region;

use crate::aftersales::{announced, answer, code, order, peer};
use crate::client::Peer;

const STOCK: &str = "seller_cancel_reason_out_of_stock";
const REJECT: &str = "seller_reject_apply_product_has_been_packed";

async fn ask(peer: &Peer, order: &str) -> String {
    let body = json!({ "order_id": order, "request": true });
    let asked = peer.control(Method::POST, "cancellations", body).await;
    assert_eq!(asked["cancel_status"], "CANCELLATION_REQUEST_PENDING");
    asked["cancel_id"].as_str().unwrap().to_owned()
}

async fn search(peer: &Peer, version: &str, body: Value) -> Value {
    let path = format!("/return_refund/{version}/cancellations/search");
    answer(peer, Method::POST, &path, &[], &body).await
}

async fn decide(peer: &Peer, id: &str, decision: &str, params: &[(&str, &str)], body: Value) -> Value {
    let path = format!("/return_refund/202309/cancellations/{id}/{decision}");
    peer.send(&peer.request(Method::POST, &path).with(params).body(&body)).await.json()
}

#[tokio::test]
async fn a_buyers_request_is_answered_by_the_seller_or_by_the_clock() {
    let peer = peer(Switches::default()).await;
    let orders = peer.place(3, "AWAITING_SHIPMENT").await;
    let mut ids = Vec::new();
    for order in &orders {
        ids.push(ask(&peer, order).await);
    }
    let now = peer.emulator.now().as_seconds();
    for version in ["202309", "202602"] {
        let found = search(&peer, version, json!({ "cancel_types": ["BUYER_CANCEL"] })).await;
        assert_eq!(found["total_count"], 3);
        let first = &found["cancellations"][0];
        let action = json!([{ "action": "SELLER_RESPOND_CANCEL", "deadline": now + 48 * 3_600 }]);
        assert_eq!(first["seller_next_action_response"], action);
        assert_eq!(
            (&first["cancel_status"], &first["role"]),
            (&json!("CANCELLATION_REQUEST_PENDING"), &json!("BUYER"))
        );
    }
    assert_eq!(order(&peer, &orders[0]).await["is_buyer_request_cancel"], true);

    assert_eq!(decide(&peer, &ids[0], "approve", &[], json!({})).await["code"], 0);
    let no = json!({ "reject_reason": REJECT });
    assert_eq!(decide(&peer, &ids[1], "reject", &[], no).await["code"], 0);
    assert_eq!(order(&peer, &orders[0]).await["status"], "CANCELLED");
    let kept = order(&peer, &orders[1]).await;
    assert_eq!(
        (&kept["status"], &kept["is_buyer_request_cancel"]),
        (&json!("AWAITING_SHIPMENT"), &json!(false))
    );

    peer.control(Method::POST, "clock/advance", json!({ "seconds": 48 * 3_600 - 1 })).await;
    assert_eq!(order(&peer, &orders[2]).await["status"], "AWAITING_SHIPMENT");
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 1 })).await;
    assert_eq!(order(&peer, &orders[2]).await["status"], "CANCELLED");
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 60 })).await;
    let words: Vec<String> = announced(&peer, 11, &ids[2]).await;
    let expected =
        ["CANCELLATION_REQUEST_PENDING", "CANCELLATION_REQUEST_SUCCESS", "CANCELLATION_REQUEST_COMPLETE"];
    assert_eq!(words, expected);
    let expected = ["CANCELLATION_REQUEST_PENDING", "CANCELLATION_REQUEST_CANCELLED"];
    assert_eq!(announced(&peer, 11, &ids[1]).await, expected);
    let filter = json!({ "cancel_status": ["CANCELLATION_REQUEST_CANCEL"] });
    let refused = search(&peer, "202309", filter).await;
    assert_eq!(refused["cancellations"][0]["cancel_status"], "CANCELLATION_REQUEST_CANCELLED");
    assert_eq!(refused["total_count"], 1);
}

#[tokio::test]
async fn decisions_that_come_too_late_have_codes_of_their_own() {
    let peer = peer(Switches::default()).await;
    let orders = peer.place(2, "AWAITING_SHIPMENT").await;
    let (first, second) = (ask(&peer, &orders[0]).await, ask(&peer, &orders[1]).await);
    let no = |reason: &str| json!({ "reject_reason": reason });
    assert_eq!(decide(&peer, &first, "reject", &[], no("because")).await["code"], 25_001_014);
    let parcel = "reverse_reject_return_parcel_reason_1";
    assert_eq!(decide(&peer, &first, "reject", &[], no(parcel)).await["code"], 25_001_057);
    assert_eq!(decide(&peer, "4035000000000000001", "approve", &[], json!({})).await["code"], 25_007_006);
    let key = [("idempotency_key", "k1")];
    assert_eq!(decide(&peer, &first, "approve", &key, json!({})).await["code"], 0);
    assert_eq!(decide(&peer, &first, "approve", &key, json!({})).await["code"], 0, "the same key again");
    assert_eq!(
        decide(&peer, &second, "approve", &key, json!({})).await["code"],
        25_001_001,
        "not this request's"
    );
    assert_eq!(decide(&peer, &first, "approve", &[], json!({})).await["code"], 25_011_012);
    assert_eq!(decide(&peer, &first, "reject", &[], no(REJECT)).await["code"], 25_020_010);
    peer.control(Method::POST, &format!("cancellations/{second}/withdraw"), Value::Null).await;
    assert_eq!(decide(&peer, &second, "approve", &[], json!({})).await["code"], 25_020_009);
    assert_eq!(decide(&peer, &second, "reject", &[], no(REJECT)).await["code"], 25_011_011);
}

#[tokio::test]
async fn sellers_cancel_what_and_why_the_platform_lets_them() {
    let peer = peer(Switches::default()).await;
    let cancel = async |order: &str, reason: &str, more: Value| {
        let mut body = json!({ "order_id": order, "cancel_reason": reason });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        code(&peer, Method::POST, "/return_refund/202602/cancellations", &body).await
    };
    let placed = async |status: &str| peer.place(1, status).await.remove(0);
    assert_eq!(cancel("576460000000000001", STOCK, json!({})).await, 25_020_005);
    assert_eq!(
        cancel(&placed("UNPAID").await, "seller_cancel_unpaid_reason_out_of_stock", json!({})).await,
        25_001_021
    );
    assert_eq!(cancel(&placed("IN_TRANSIT").await, STOCK, json!({})).await, 25_001_045);
    assert_eq!(cancel(&placed("COMPLETED").await, STOCK, json!({})).await, 25_001_051);
    let id = placed("AWAITING_SHIPMENT").await;
    assert_eq!(cancel(&id, "because", json!({})).await, 25_001_014);
    assert_eq!(cancel(&id, "package_lost", json!({})).await, 25_001_015);
    assert_eq!(cancel(&id, "seller_cancel_unpaid_reason_wrong_price", json!({})).await, 25_001_021);
    assert_eq!(cancel(&id, STOCK, json!({ "order_line_item_ids": ["1"] })).await, 25_001_001);
    let sku = order(&peer, &id).await["line_items"][0]["sku_id"].clone();
    assert_eq!(cancel(&id, STOCK, json!({ "skus": [{ "sku_id": sku, "quantity": 50 }] })).await, 25_005_011);
    ask(&peer, &id).await;
    assert_eq!(cancel(&id, STOCK, json!({})).await, 25_001_011);

    let id = placed("AWAITING_COLLECTION").await;
    let body = json!({ "order_id": id, "cancel_reason": STOCK });
    let cancelled = answer(&peer, Method::POST, "/return_refund/202309/cancellations", &[], &body).await;
    assert_eq!(cancelled["cancel_status"], "CANCELLATION_REQUEST_SUCCESS");
    let shown = order(&peer, &id).await;
    assert_eq!((&shown["status"], &shown["cancel_reason"]), (&json!("CANCELLED"), &json!("Out of stock")));
    let found = search(&peer, "202309", json!({ "order_ids": [id] })).await;
    let found = &found["cancellations"][0];
    assert_eq!((&found["cancel_type"], &found["cancel_reason"]), (&json!("CANCEL"), &json!(STOCK)));
    assert_eq!(found["refund_amount"]["refund_total"], shown["payment"]["total_amount"]);
}

#[tokio::test]
async fn single_lines_are_cancelled_where_and_why_it_is_documented() {
    let mexico = SellerSpec {
        name: "Casa".into(),
        region: Region::Mexico,
        shops: vec![ShopSpec {
            name: "Casa MX".into(),
            region: Region::Mexico,
            cross_border: false,
            products: 2,
            orders: 0,
            warehouses: 1,
        }],
        connected: true,
    };
    let world = WorldSpec { sellers: vec![mexico], ..WorldSpec::two_shops() };
    for (world, expected) in [(crate::client::quiet(), 0), (world, 25_005_010)] {
        let peer = Peer::start(crate::client::frozen().world(world)).await;
        let state = peer.control(Method::GET, "state", Value::Null).await;
        let sku = &state["shops"][0]["products"][0]["skus"][0]["id"];
        let lines = json!([{ "sku_id": sku, "quantity": 3 }]);
        let body = json!({
            "shop_id": peer.connection.shops[0].shop_id, "status": "AWAITING_SHIPMENT", "lines": lines,
        });
        let placed = peer.control(Method::POST, "orders", body).await;
        let id = placed["order_ids"][0].as_str().unwrap();
        let body = json!({
            "order_id": id, "cancel_reason": STOCK, "skus": [{ "sku_id": sku, "quantity": 1 }],
        });
        let got = code(&peer, Method::POST, "/return_refund/202309/cancellations", &body).await;
        assert_eq!(got, expected);
        let shown = order(&peer, id).await;
        let statuses =
            shown["line_items"].as_array().unwrap().iter().map(|line| line["display_status"].clone());
        let cancelled = statuses.filter(|status| status == "CANCELLED").count();
        assert_eq!((cancelled, &shown["status"]), (usize::from(expected == 0), &json!("AWAITING_SHIPMENT")));
        if expected == 0 {
            let found = search(&peer, "202602", json!({})).await;
            let refund = &found["cancellations"][0]["refund_amount"];
            assert_eq!(refund["refund_shipping_fee"], "0.00", "shipping goes back with the last unit");
            let body = json!({ "order_id": id, "cancel_reason": STOCK });
            assert_eq!(code(&peer, Method::POST, "/return_refund/202602/cancellations", &body).await, 0);
            assert_eq!(order(&peer, id).await["status"], "CANCELLED");
        }
    }
}

#[tokio::test]
async fn shipping_overrules_a_request_in_the_united_states_only() {
    let peer = peer(Switches::default()).await;
    let id = peer.place(1, "AWAITING_SHIPMENT").await.remove(0);
    let cancel = ask(&peer, &id).await;
    peer.control(Method::POST, &format!("orders/{id}/ship"), json!({})).await;
    let expected = ["CANCELLATION_REQUEST_PENDING", "CANCELLATION_REQUEST_CANCELLED"];
    assert_eq!(announced(&peer, 11, &cancel).await, expected);
    let uk = peer.connection.shops[1].shop_id.clone();
    let placed =
        peer.control(Method::POST, "orders", json!({ "shop_id": uk, "status": "AWAITING_SHIPMENT" })).await;
    let id = placed["order_ids"][0].as_str().unwrap();
    ask(&peer, id).await;
    assert_eq!(peer.try_control(Method::POST, &format!("orders/{id}/ship"), json!({})).await.status, 409);
}

#[tokio::test]
async fn the_platform_writes_its_cancellations_down_too() {
    let peer = peer(Switches::default()).await;
    let id = peer.place(1, "UNPAID").await.remove(0);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 86_400 })).await;
    let found = search(&peer, "202602", json!({ "order_ids": [id] })).await;
    let found = &found["cancellations"][0];
    assert_eq!(
        (&found["role"], &found["cancel_reason"]),
        (&json!("SYSTEM"), &json!("system_cancel_unpaid_time_out"))
    );
    assert_eq!(found["cancel_status"], "CANCELLATION_REQUEST_COMPLETE", "nothing was paid");
    assert_eq!(found["refund_amount"]["refund_total"], "0.00");
}
