//! Performance follows from orders.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::Switches;

use crate::checked::{checked_with, code};
use crate::client::{Peer, frozen, quiet};

/// The day on which every test begins, and the one after, by the clock of the shop.
const DAYS: [(&str, &str); 2] = [("start_date_ge", "2026-09-20"), ("end_date_lt", "2026-09-23")];

/// Two days of orders in many states, and two days later.
async fn sold() -> Peer {
    let switches =
        Switches { access_token_seconds: 90 * 86_400, quota_per_second: 10_000, ..Switches::default() };
    let peer = Peer::start(frozen().world(quiet()).switches(switches)).await;
    for _ in 0..2 {
        for (count, status) in [(9, "AWAITING_SHIPMENT"), (3, "UNPAID"), (4, "CANCELLED"), (6, "DELIVERED")] {
            peer.place(count, status).await;
        }
        let paid = peer.place(3, "AWAITING_SHIPMENT").await;
        for id in &paid {
            peer.control(Method::POST, &format!("orders/{id}/cancel"), json!({})).await;
        }
        peer.control(Method::POST, "clock/advance", json!({ "seconds": 86_400 })).await;
    }
    peer
}

async fn read(peer: &Peer, path: &str, extra: &[(&str, &str)]) -> Value {
    let params: Vec<_> = DAYS.iter().chain(extra).copied().collect();
    checked_with(peer, Method::GET, path, &params, &Value::Null).await
}

fn cents(amount: &Value) -> i64 {
    amount["amount"].as_str().unwrap_or_else(|| panic!("{amount}")).replace('.', "").parse().unwrap()
}

fn sum(rows: &Value, of: impl Fn(&Value) -> i64) -> i64 {
    rows.as_array().unwrap().iter().map(of).sum()
}

/// What the orders of the shop that were paid say: amount, units, orders, buyers, amount that went back.
async fn truth(peer: &Peer) -> (i64, i64, usize, usize, i64) {
    let (mut gmv, mut units, mut back, mut token) = (0, 0, 0, String::new());
    let (mut orders, mut buyers) = (0, BTreeSet::new());
    loop {
        let page = peer.search(&[("page_size", "50"), ("page_token", &token)], json!({})).await;
        for order in page["orders"].as_array().unwrap() {
            if order["paid_time"].as_i64().unwrap_or(0) == 0 {
                continue;
            }
            orders += 1;
            buyers.insert(order["user_id"].as_str().unwrap().to_owned());
            for line in order["line_items"].as_array().unwrap() {
                let price: i64 = line["sale_price"].as_str().unwrap().replace('.', "").parse().unwrap();
                gmv += price;
                units += 1;
                back += if order["status"] == "CANCELLED" { price } else { 0 };
            }
        }
        token = page["next_page_token"].as_str().unwrap().to_owned();
        if token.is_empty() {
            return (gmv, units, orders, buyers.len(), back);
        }
    }
}

#[tokio::test]
async fn the_shops_numbers_are_those_of_its_orders() {
    let peer = sold().await;
    let (gmv, units, orders, buyers, back) = truth(&peer).await;
    assert!(gmv > 0 && back > 0 && orders == 36, "{orders}");
    let shop = read(&peer, "/analytics/202405/shop/performance", &[("with_comparison", "true")]).await;
    let whole = &shop["performance"]["intervals"][0];
    assert_eq!((cents(&whole["gmv"]), &whole["units_sold"]), (gmv, &json!(units)));
    assert_eq!((&whole["orders"], &whole["buyers"]), (&json!(orders), &json!(buyers)));
    assert_eq!((cents(&whole["refunds"]), &whole["cancellations_and_returns"]), (back, &json!(6)));
    assert_eq!(sum(&whole["gmv_breakdowns"], cents), gmv);
    assert_eq!(cents(&shop["performance"]["comparison_intervals"][0]["gmv"]), 0);
    assert_eq!(shop["latest_available_date"], "2026-09-22");

    let newer = read(&peer, "/analytics/202509/shop/performance", &[("granularity", "1D")]).await;
    let days = &newer["performance"]["intervals"];
    assert_eq!(days.as_array().unwrap().len(), 3);
    assert_eq!(sum(days, |day| cents(&day["sales"]["gmv"]["overall"])), gmv);
    assert_eq!(cents(&days[0]["sales"]["gmv"]["overall"]), 0, "the day before the first order");
    let newest = read(&peer, "/analytics/202609/shop/performance", &[]).await;
    let sales = &newest["performance"]["intervals"][0]["sales"];
    let parts = ["live_gmv", "video_gmv", "product_card_attributed_gmv"];
    assert_eq!(parts.iter().map(|part| cents(&sales[*part])).sum::<i64>(), gmv);
    let parts = ["seller_live_gmv", "creator_live_gmv"];
    assert_eq!(parts.iter().map(|part| cents(&sales[*part])).sum::<i64>(), cents(&sales["live_gmv"]));
}

#[tokio::test]
async fn parts_add_up_to_the_shop() {
    let peer = sold().await;
    let (gmv, units, ..) = truth(&peer).await;
    let products = read(&peer, "/analytics/202605/shop_products/performance", &[("page_size", "100")]).await;
    let of = |row: &Value| cents(&row["total_performance"]["gmv"]);
    assert_eq!(sum(&products["products"], of), gmv);
    assert!(products["products"].as_array().unwrap().is_sorted_by_key(|row| -of(row)));
    for path in ["/analytics/202405/shop_products/performance", "/analytics/202406/shop_skus/performance"] {
        let rows = read(&peer, path, &[("page_size", "100")]).await;
        let rows = if path.contains("skus") { &rows["skus"] } else { &rows["products"] };
        assert_eq!(sum(rows, |row| cents(&row["gmv"])), gmv, "{path}");
        assert_eq!(sum(rows, |row| row["units_sold"].as_i64().unwrap()), units, "{path}");
    }
    let whole = read(&peer, "/analytics/202405/shop/performance", &[]).await;
    let whole = &whole["performance"]["intervals"][0];
    let videos = read(&peer, "/analytics/202509/shop_videos/performance", &[("page_size", "100")]).await;
    let lives = read(&peer, "/analytics/202509/shop_lives/performance", &[("page_size", "100")]).await;
    for channel in whole["gmv_breakdowns"].as_array().unwrap() {
        let expected = cents(channel);
        match channel["type"].as_str().unwrap() {
            "VIDEO" => assert_eq!(sum(&videos["videos"], |row| cents(&row["gmv"])), expected),
            "LIVE" => {
                let of = |row: &Value| cents(&row["sales_performance"]["gmv"]);
                assert_eq!(sum(&lives["live_stream_sessions"], of), expected);
            }
            _ => {}
        }
    }
    // One product: its days, its variants, its detail.
    let id = products["products"][0]["id"].as_str().unwrap();
    let path = format!("/analytics/202509/shop_products/{id}/performance");
    let detail = read(&peer, &path, &[("granularity", "1D")]);
    let detail = detail.await["performance"]["intervals"].clone();
    assert_eq!(sum(&detail, |day| cents(&day["sales"]["gmv"])), of(&products["products"][0]));
    let skus =
        read(&peer, "/analytics/202406/shop_skus/performance", &[("product_id", id), ("page_size", "50")])
            .await;
    assert_eq!(sum(&skus["skus"], |row| cents(&row["gmv"])), of(&products["products"][0]));
    let sku = skus["skus"][0]["id"].to_string();
    for path in
        ["202406", "202509"].map(|version| format!("/analytics/{version}/shop_skus/{sku}/performance"))
    {
        let one = read(&peer, &path, &[]).await["performance"]["intervals"][0].clone();
        assert_eq!(cents(&one["gmv"]), cents(&skus["skus"][0]["gmv"]));
        assert_eq!(sum(&one["gmv_breakdown"], cents), cents(&one["gmv"]));
    }
}

#[tokio::test]
async fn nobody_buys_without_visiting() {
    let peer = sold().await;
    let path = "/analytics/202405/shop/performance";
    let whole = read(&peer, path, &[("granularity", "1D")]).await;
    for day in whole["performance"]["intervals"].as_array().unwrap() {
        let of = |name: &str| day[name].as_i64().unwrap();
        assert!(of("product_impressions") >= of("product_page_views"), "{day}");
        assert!(of("product_page_views") >= of("avg_product_page_visitors"), "{day}");
        assert!(of("avg_product_page_visitors") >= of("buyers"), "{day}");
    }
    assert_eq!(whole, read(&peer, path, &[("granularity", "1D")]).await, "asking again changes nothing");
    let hours = read(&peer, "/analytics/202510/shop/performance/2026-09-21/performance_per_hour", &[]).await;
    let (overall, hours) = (&hours["performance"]["overall"], &hours["performance"]["intervals"]);
    assert_eq!(sum(hours, |hour| cents(&hour["gmv"])), cents(&overall["gmv"]));
    assert!(cents(&overall["gmv"]) > 0);
}

#[tokio::test]
async fn every_version_answers_what_it_documents() {
    let peer = sold().await;
    let video =
        read(&peer, "/analytics/202605/shop_videos/performance", &[]).await["videos"][0]["id"].clone();
    let account = [("account_type", "OFFICIAL_ACCOUNTS")];
    let live = read(&peer, "/analytics/202609/shop_lives/performance", &account).await;
    let live = live["live_stream_sessions"][0]["id"].as_str().unwrap().to_owned();
    let (video, compare) = (video.as_str().unwrap(), [("with_comparison", "true")]);
    for path in [
        "/analytics/202508/shop_lives/overview_performance",
        "/analytics/202509/shop_lives/overview_performance",
        "/analytics/202609/shop_lives/overview_performance",
        "/analytics/202508/shop_lives/performance",
        "/analytics/202409/shop_videos/overview_performance",
        "/analytics/202509/shop_videos/overview_performance",
        "/analytics/202609/shop_videos/overview_performance",
        "/analytics/202409/shop_videos/performance",
        "/analytics/202509/shop_products/performance",
        "/analytics/202509/shop_skus/performance",
    ] {
        let shown = read(&peer, path, &compare).await;
        assert_eq!(shown["latest_available_date"], "2026-09-22", "{path}");
        let rows = ["videos", "live_stream_sessions", "products", "skus"].map(|name| &shown[name]);
        let rows = rows.into_iter().chain([&shown["performance"]["intervals"]]).find(|rows| rows.is_array());
        assert!(!rows.unwrap().as_array().unwrap().is_empty(), "{path}");
    }
    for path in ["202503/shop_lives/overview_performance", "202505/shop_lives/performance"] {
        let path = format!("/analytics/{path}");
        checked_with(&peer, Method::POST, &path, &DAYS, &json!({})).await;
    }
    for version in ["202409", "202509"] {
        let one =
            read(&peer, &format!("/analytics/{version}/shop_videos/{video}/performance"), &compare).await;
        assert!(one["performance"]["intervals"][0].is_object());
        let path = format!("/analytics/{version}/shop_videos/{video}/products/performance");
        assert_eq!(read(&peer, &path, &[]).await["total_count"], 1);
    }
    let path = format!("/analytics/202512/shop/{live}/products_performance");
    let products = read(&peer, &path, &[]).await;
    assert_eq!(products["products"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn wrong_ranges_and_unknown_products_are_refused() {
    let peer = sold().await;
    let path = "/analytics/202405/shop/performance";
    for (from, until) in [
        ("2026-09-21", "2026-09-21"),
        ("2026-09-22", "2026-09-21"),
        ("2026-02-30", "2026-09-21"),
        ("2026-09-20", "2026-10-20"),
        ("2024-01-01", "2026-09-20"),
    ] {
        let request = peer.request(Method::GET, path);
        let request = request.with(&[("start_date_ge", from), ("end_date_lt", until)]);
        assert_eq!(peer.send(&request).await.json()["code"], 28_001_022, "{from} {until}");
    }
    for path in ["shop_products/17/performance", "shop_skus/17/performance"] {
        let request = peer.request(Method::GET, &format!("/analytics/202509/{path}")).with(&DAYS);
        assert_eq!(peer.send(&request).await.json()["code"], 28_001_007, "{path}");
    }
    let hours = "/analytics/202510/shop/performance/2027-01-01/performance_per_hour";
    assert_eq!(code(&peer, Method::GET, hours, &Value::Null).await, 36_009_004);
}

#[tokio::test]
async fn what_is_paid_back_after_delivery_is_a_refund() {
    let peer = sold().await;
    let path = "/analytics/202405/shop/performance";
    let before = read(&peer, path, &[]).await["performance"]["intervals"][0].clone();
    let delivered = peer.search(&[("page_size", "50")], json!({ "order_status": "DELIVERED" })).await;
    let order = &delivered["orders"][0];
    let body = json!({ "order_id": order["id"], "type": "REFUND" });
    let opened = peer.control(Method::POST, "returns", body).await;
    let id = opened["return_ids"][0].as_str().unwrap();
    let approve = format!("/return_refund/202309/returns/{id}/approve");
    assert_eq!(code(&peer, Method::POST, &approve, &json!({ "decision": "APPROVE_REFUND" })).await, 0);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 3_600 })).await;
    let after = read(&peer, path, &[]).await["performance"]["intervals"][0].clone();
    let goods = order["line_items"].as_array().unwrap().iter();
    let goods =
        goods.map(|line| line["sale_price"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap());
    assert_eq!(cents(&after["refunds"]), cents(&before["refunds"]) + goods.sum::<i64>());
    assert_eq!(after["gmv"], before["gmv"], "what was sold stays sold");
    let returns = |shown: &Value| shown["cancellations_and_returns"].as_i64().unwrap();
    assert_eq!(returns(&after), returns(&before) + 1);
}
