//! Money: from a delivered order to the seller's bank, to the cent.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::Switches;

use crate::aftersales::{answer, code, order, peer};
use crate::client::Peer;

const DAY: u64 = 86_400;
const SUMS: [&str; 3] = ["settlement_amount", "revenue_amount", "shipping_cost_amount"];

fn cents(amount: &Value) -> i64 {
    let text = amount.as_str().unwrap_or_else(|| panic!("{amount} is no amount"));
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    sign * digits.replace('.', "").parse::<i64>().unwrap()
}

/// Every amount inside of an object, at any depth; sums and memos aside.
fn parts(value: &Value) -> i64 {
    let fields = value.as_object().unwrap();
    let inner = fields.iter().filter(|(name, _)| *name != "supplementary_component");
    inner.map(|(_, value)| if value.is_object() { parts(value) } else { cents(value) }).sum()
}

async fn get(peer: &Peer, path: &str, params: &[(&str, &str)]) -> Value {
    answer(peer, Method::GET, path, params, &Value::Null).await
}

async fn statements(peer: &Peer) -> Vec<Value> {
    let params = [("sort_field", "statement_time"), ("page_size", "100")];
    let found = get(peer, "/finance/202309/statements", &params).await;
    found["statements"].as_array().unwrap().clone()
}

async fn payments(peer: &Peer, version: &str) -> Vec<Value> {
    let params = [("sort_field", "create_time")];
    let found = get(peer, &format!("/finance/{version}/payments"), &params).await;
    found["payments"].as_array().unwrap().clone()
}

async fn wait(peer: &Peer, seconds: u64) {
    peer.control(Method::POST, "clock/advance", json!({ "seconds": seconds })).await;
}

/// A shop with a month of sales, refunds and adjustments.
async fn month(peer: &Peer) -> Vec<String> {
    let shop = &peer.connection.shops[0].shop_id;
    let mut orders = Vec::new();
    for day in 0..6 {
        orders.extend(peer.place(3, "DELIVERED").await);
        let body = json!({ "order_id": orders[day * 3], "type": "REFUND" });
        peer.control(Method::POST, "returns", body).await;
        let amount = if day % 2 == 0 { "-4.50" } else { "2.25" };
        let body =
            json!({ "shop_id": shop, "type": "REBATE", "amount": amount, "order_id": orders[day * 3] });
        peer.control(Method::POST, "adjustments", body).await;
        wait(peer, DAY).await;
    }
    wait(peer, 12 * DAY).await;
    orders
}

#[tokio::test]
async fn components_add_up_to_transactions_statements_and_payments() {
    let peer = peer(Switches::default()).await;
    let orders = month(&peer).await;
    let (mut settled, mut transactions) = (0, 0);
    for statement in statements(&peer).await {
        let id = statement["id"].as_str().unwrap();
        let params = [("sort_field", "order_create_time"), ("page_size", "100")];
        let path = format!("/finance/202501/statements/{id}/statement_transactions");
        let page = get(&peer, &path, &params).await;
        let rows = page["transactions"].as_array().unwrap();
        let older = get(&peer, &path.replace("202501", "202309"), &params).await;
        let older = older["statement_transactions"].as_array().unwrap().clone();
        assert_eq!(rows.len(), older.len());
        for name in SUMS {
            let sum: i64 = rows.iter().map(|row| cents(&row[name])).sum();
            assert_eq!(sum, cents(&statement[name]), "{name}");
            assert_eq!(older.iter().map(|row| cents(&row[name])).sum::<i64>(), sum, "{name}");
        }
        for row in rows {
            let groups = ["revenue_breakdown", "shipping_cost_breakdown", "fee_tax_breakdown"];
            let sums = groups.map(|group| parts(&row[group]));
            let named =
                ["revenue_amount", "shipping_cost_amount", "fee_tax_amount"].map(|name| cents(&row[name]));
            assert_eq!(sums, named, "{row}");
            let adjustment = cents(&row["adjustment_amount"]);
            assert_eq!(named.iter().sum::<i64>() + adjustment, cents(&row["settlement_amount"]));
        }
        assert_eq!(page["total_settlement_amount"], statement["settlement_amount"]);
        transactions += rows.len();
        settled += cents(&statement["settlement_amount"]);
    }
    assert_eq!(transactions, 18 + 6 + 6, "sales, refunds, adjustments");
    let paid = payments(&peer, "202605").await;
    assert_eq!(paid.len(), payments(&peer, "202309").await.len());
    assert_eq!(paid.iter().map(|it| cents(&it["amount"]["value"])).sum::<i64>(), settled);
    assert!(paid.iter().all(|it| it["status"] == "PAID"));
    for kind in ["SETTLE", "WITHDRAW"] {
        let found = get(&peer, "/finance/202309/withdrawals", &[("types", kind)]).await;
        let moved = found["withdrawals"].as_array().unwrap();
        assert_eq!(moved.iter().map(|it| cents(&it["amount"])).sum::<i64>(), settled, "{kind}");
    }
    let path = format!("/finance/202501/orders/{}/statement_transactions", orders[0]);
    let refunded = get(&peer, &path, &[]).await;
    let skus = refunded["sku_transactions"].as_array().unwrap();
    for name in SUMS {
        assert_eq!(skus.iter().map(|sku| cents(&sku[name])).sum::<i64>(), cents(&refunded[name]), "{name}");
    }
    assert!(skus.iter().any(|sku| cents(&sku["revenue_amount"]) < 0), "a refund is negative");
    assert_eq!(cents(&refunded["revenue_amount"]), 0, "all of it was paid back");
    let older = get(&peer, &path.replace("202501", "202309"), &[]).await;
    let rows = older["statement_transactions"].as_array().unwrap();
    assert_eq!(
        rows.iter().map(|it| cents(&it["settlement_amount"])).sum::<i64>(),
        cents(&refunded["settlement_amount"])
    );
}

#[tokio::test]
async fn what_is_not_settled_is_listed_with_its_reason() {
    let peer = peer(Switches::default()).await;
    let moving = peer.place(1, "IN_TRANSIT").await.remove(0);
    peer.place(1, "UNPAID").await;
    let list = async || {
        let path = "/finance/202507/orders/unsettled";
        let found = get(&peer, path, &[("sort_field", "order_create_time")]).await;
        let rows = found["transactions"].as_array().unwrap();
        let sum: i64 = rows.iter().map(|row| cents(&row["est_settlement_amount"])).sum();
        assert_eq!(sum, cents(&found["sum_est_settlement_amount"]));
        rows.iter()
            .map(|row| (row["unsettled_reason"].clone(), row["est_settlement_amount"].clone()))
            .collect::<Vec<_>>()
    };
    let before = list().await;
    assert_eq!(before.len(), 1, "unpaid orders are not expected to bring anything");
    assert_eq!(before[0].0, "WAITING_FOR_PACKAGE_DELIVERY");
    let path = format!("/finance/202501/orders/{moving}/statement_transactions");
    assert_eq!(get(&peer, &path, &[]).await["sku_transactions"], json!([]), "nothing before settlement");
    peer.control(Method::POST, &format!("orders/{moving}/deliver"), json!({})).await;
    let after = list().await;
    assert_eq!((&after[0].0, &after[0].1), (&json!("WAITING_FOR_SETTLEMENT"), &before[0].1));
    wait(&peer, 9 * DAY).await;
    assert_eq!(list().await, []);
    let settled = get(&peer, &path, &[]).await;
    assert_eq!(settled["settlement_amount"], before[0].1, "the estimate was right");
    let sold = order(&peer, &moving).await;
    let revenue =
        cents(&sold["payment"]["original_total_product_price"]) - cents(&sold["payment"]["seller_discount"]);
    assert_eq!(cents(&settled["revenue_amount"]), revenue);
}

#[tokio::test]
async fn a_failed_payment_is_made_up_for_by_the_next() {
    let peer = peer(Switches::default()).await;
    peer.place(2, "DELIVERED").await;
    wait(&peer, 8 * DAY).await;
    let first = payments(&peer, "202605").await[0].clone();
    assert_eq!(first["status"], "PROCESSING");
    assert_eq!(statements(&peer).await[0]["payment_status"], "PROCESSING");
    let fail = format!("payments/{}/fail", first["id"].as_str().unwrap());
    peer.control(Method::POST, &fail, Value::Null).await;
    assert_eq!(peer.try_control(Method::POST, &fail, Value::Null).await.status, 409);
    assert_eq!(statements(&peer).await[0]["payment_status"], "FAILED");
    peer.place(1, "DELIVERED").await;
    wait(&peer, 9 * DAY).await;
    let all = payments(&peer, "202605").await;
    assert_eq!((all.len(), &all[1]["status"]), (2, &json!("PAID")));
    let settled: i64 = statements(&peer).await.iter().map(|it| cents(&it["settlement_amount"])).sum();
    assert_eq!(cents(&all[1]["amount"]["value"]), settled);
    assert!(statements(&peer).await.iter().all(|it| it["payment_status"] == "PAID"));
}

#[tokio::test]
async fn lists_are_paged_sorted_and_bounded_by_time() {
    let peer = peer(Switches::default()).await;
    month(&peer).await;
    let all = statements(&peer).await;
    assert!(all.len() >= 6, "{}", all.len());
    assert!(
        all.windows(2).all(|pair| pair[0]["statement_time"].as_i64() < pair[1]["statement_time"].as_i64())
    );
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let params = [
            ("sort_field", "statement_time"),
            ("page_size", "2"),
            ("sort_order", "DESC"),
            ("page_token", &token),
        ];
        let page = get(&peer, "/finance/202309/statements", &params).await;
        seen.extend(page["statements"].as_array().unwrap().iter().map(|it| it["id"].clone()));
        token = page["next_page_token"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    let newest_first: Vec<Value> = all.iter().rev().map(|it| it["id"].clone()).collect();
    assert_eq!(seen, newest_first);
    let from = all[1]["statement_time"].to_string();
    let until = all[3]["statement_time"].to_string();
    let params =
        [("sort_field", "statement_time"), ("statement_time_ge", &from), ("statement_time_lt", &until)];
    let found = get(&peer, "/finance/202309/statements", &params).await;
    assert_eq!(found["statements"].as_array().unwrap().len(), 2);
    let path = "/finance/202309/statements?";
    let wrong = peer.request(Method::GET, path.trim_end_matches('?')).with(&[("sort_field", "create_time")]);
    assert_eq!(peer.send(&wrong).await.json()["code"], 36_009_004);
    assert_eq!(code(&peer, Method::GET, "/finance/202309/statements", &json!({})).await, 36_009_004);
    let truth = format!("truth/ledger?shop_id={}", peer.connection.shops[0].shop_id);
    let truth = peer.control(Method::GET, &truth, Value::Null).await;
    let settled: i64 = all.iter().map(|it| cents(&it["settlement_amount"])).sum();
    let told: i64 =
        truth["transactions"].as_array().unwrap().iter().map(|it| cents(&it["settlement_amount"])).sum();
    assert_eq!(told, settled);
}
