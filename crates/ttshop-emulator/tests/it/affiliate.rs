//! Sellers and creators.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::checked::{checked, checked_with, code};
use crate::client::{Peer, frozen, quiet};

const OPEN: &str = "/affiliate_seller/202412/open_collaborations";
const SEARCH: &str = "/affiliate_seller/202412/open_collaborations/search";
const ORDERS: &str = "/affiliate_seller/202410/orders/search";

async fn peer() -> Peer {
    Peer::start(frozen().world(quiet())).await
}

/// Products that somebody ordered, without paying.
async fn products(peer: &Peer) -> Vec<String> {
    peer.place(12, "UNPAID").await;
    let found = peer.search(&[("page_size", "50")], json!({})).await;
    let orders = found["orders"].as_array().unwrap().iter();
    let lines = orders.flat_map(|order| order["line_items"].as_array().unwrap());
    let ids: BTreeSet<String> = lines.map(|line| line["product_id"].as_str().unwrap().to_owned()).collect();
    ids.into_iter().collect()
}

async fn listed(peer: &Peer, path: &str, size: &str, body: &Value) -> Value {
    checked_with(peer, Method::POST, path, &[("page_size", size)], body).await
}

#[tokio::test]
async fn open_collaborations_are_listed_until_they_end() {
    let peer = peer().await;
    let products = products(&peer).await;
    for product in &products[..3] {
        let body = json!({ "product_id": product, "commission_rate": 1_000 });
        let made = checked(&peer, Method::POST, OPEN, &body).await;
        assert_eq!(made["open_collaboration"]["product_id"], product.as_str());
        assert_eq!(code(&peer, Method::POST, OPEN, &body).await, 16_003_012);
    }
    for (product, rate, expected) in [
        (&products[3], 99, 16_003_033),
        (&products[3], 8_001, 16_003_033),
        (&"17".to_owned(), 100, 36_009_004),
    ] {
        let body = json!({ "product_id": product, "commission_rate": rate });
        assert_eq!(code(&peer, Method::POST, OPEN, &body).await, expected, "{rate}");
    }
    let page = listed(&peer, SEARCH, "2", &json!({})).await;
    assert!(page["total_count"] == 3 && page["next_page_token"] != "", "{page}");
    let one = json!({ "keyword_type": "PRODUCT_ID", "keyword": products[0] });
    let found = listed(&peer, "/affiliate_seller/202409/open_collaborations/search", "10", &one).await;
    assert_eq!(found["open_collaborations"][0]["current_commission"]["rate"], 1_000);

    let path = format!("/affiliate_seller/202409/open_collaborations/products/{}", products[0]);
    let removed = checked(&peer, Method::DELETE, &path, &json!({})).await;
    assert_eq!(removed["terminated_effective_time"], peer.emulator.now().as_seconds() + 86_400);
    assert_eq!(listed(&peer, SEARCH, "10", &one).await["open_collaborations"][0]["status"], "TERMINATING");
    assert_eq!(code(&peer, Method::DELETE, &path, &json!({})).await, 36_009_004);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 86_400 })).await;
    assert_eq!(listed(&peer, SEARCH, "10", &json!({})).await["total_count"], 2);

    let settings = "/affiliate_seller/202405/open_collaboration_settings";
    let body = json!({ "auto_add_product": { "enable": true, "commission_rate": 500 } });
    checked(&peer, Method::POST, settings, &body).await;
    let shown = settings.replace("202405", "202409");
    let shown = checked(&peer, Method::GET, &shown, &Value::Null).await;
    assert_eq!(shown["open_collaboration_settings"], body);
}

#[tokio::test]
async fn affiliate_orders_follow_from_orders_of_products_in_a_collaboration() {
    let peer = peer().await;
    let products = products(&peer).await;
    peer.place(30, "AWAITING_SHIPMENT").await;
    assert_eq!(listed(&peer, ORDERS, "50", &json!({})).await["total_count"], 0);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 60 })).await;
    for product in &products {
        let body = json!({ "product_id": product, "commission_rate": 1_500 });
        checked(&peer, Method::POST, OPEN, &body).await;
    }
    peer.place(30, "AWAITING_SHIPMENT").await;
    let completed: BTreeSet<String> = peer.place(30, "COMPLETED").await.into_iter().collect();
    let found = listed(&peer, ORDERS, "100", &json!({})).await;
    let orders = found["orders"].as_array().unwrap();
    assert!((5..40).contains(&orders.len()), "{}", orders.len());
    let cents = |amount: &Value| amount["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    for order in orders {
        let is_completed = completed.contains(order["id"].as_str().unwrap());
        for sku in order["skus"].as_array().unwrap() {
            assert_eq!(sku["settlement_status"], if is_completed { "SETTLED" } else { "AWAITING" });
            assert_eq!(
                cents(&sku["estimated_paid_commission"]),
                cents(&sku["estimated_commission_base"]) * 15 / 100
            );
        }
    }
    assert!(orders.iter().any(|order| completed.contains(order["id"].as_str().unwrap())));
    let later = json!({ "create_time_ge": peer.emulator.now().as_seconds() + 1 });
    assert_eq!(listed(&peer, ORDERS, "50", &later).await["total_count"], 0);
    let old = listed(&peer, "/affiliate_seller/202405/orders/search", "50", &json!({})).await;
    assert_eq!(old["total_count"], found["total_count"]);
}
