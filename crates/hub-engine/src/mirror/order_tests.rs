use serde_json::json;
use ttshop_types::{OrderId, RequestId, Timestamp};

use super::*;

fn provenance() -> Provenance {
    Provenance {
        operation: "order.get_order_detail@202507".into(),
        request_id: RequestId::from("r1"),
        fetched_at: Timestamp::from_seconds(1_700_000_100),
    }
}

fn row(order: &Value, known: Option<&MirrorRow>) -> MirrorRow {
    let raw = RawOrder { id: OrderId::from("5764"), raw: serde_json::to_vec(order).unwrap() };
    order_row(&ShopId::from("7494"), &raw, &provenance(), known).unwrap()
}

fn view(row: &MirrorRow) -> Value {
    serde_json::from_str(&row.unified).unwrap()
}

fn order() -> Value {
    json!({
        "id": "5764", "status": "AWAITING_SHIPMENT", "create_time": 1_700_000_000, "update_time": 1_700_000_050, "paid_time": 1_700_000_010,
        "rts_sla_time": 1_700_100_000, "shipping_due_time": 1_700_090_000, "delivery_sla_time": 0, "user_id": "u1",
        "buyer_email": "relay@example.test", "order_type": "PRE_ORDER", "is_sample_order": true, "warehouse_id": "w1",
        "payment": {"currency": "GBP", "total_amount": "21.50", "sub_total": "20.00", "seller_discount": "1.00",
            "platform_discount": "0.50", "shipping_fee": "1.50", "shipping_fee_cofunded_discount": "0.25", "tax": "0.00"},
        "recipient_address": {"name": "Jane Smith", "phone_number": "(+44)7700900123", "postal_code": "N1 9GU",
            "region_code": "GB", "full_address": "1 Example Road",
            "district_info": [{"address_level": "L0", "address_level_name": "country", "address_name": "United Kingdom"}]},
        "line_items": [
            {"id": "1", "sku_id": "s1", "sale_price": "10.00", "original_price": "10.50", "currency": "GBP", "seller_discount": "0.50"},
            {"id": "2", "sku_id": "s2", "sale_price": "10.00", "original_price": "10.50", "currency": "GBP"},
            {"id": "3", "sku_id": "s1", "sale_price": "10.00", "original_price": "10.50", "currency": "GBP", "seller_discount": "0.50"},
            {"id": "4", "sku_id": "s1", "sale_price": "9.00", "original_price": "10.50", "currency": "GBP", "is_gift": true},
        ],
        "packages": [{"id": "p1"}], "a_field_of_tomorrow": {"x": 1},
    })
}

#[test]
fn a_row_carries_version_times_and_provenance() {
    let row = row(&order(), None);
    assert_eq!(row.version.updated_at, Timestamp::from_seconds(1_700_000_050));
    assert_eq!(row.created_at, Timestamp::from_seconds(1_700_000_000));
    assert_eq!((row.platform_status.as_str(), row.id.as_str()), ("AWAITING_SHIPMENT", "5764"));
    let view = view(&row);
    assert_eq!(view["paid_at"], "2023-11-14T22:13:30.000Z");
    assert_eq!(view["kind"]["platform_type"], "PRE_ORDER");
    assert_eq!(view["kind"]["sample"], true);
    assert_eq!(view["fulfillment"]["warehouse_id"], "w1");
    assert_eq!(view["package_ids"], json!(["p1"]));
    assert_eq!(row.raw, serde_json::to_vec(&order()).unwrap());
}

#[test]
fn equal_units_are_one_line() {
    let view = view(&row(&order(), None));
    let lines = view["lines"].as_array().unwrap();
    let short = |line: &Value| (line["sku_id"].clone(), line["quantity"].clone(), line["unit_ids"].clone());
    assert_eq!(short(&lines[0]), (json!("s1"), json!(2), json!(["1", "3"])));
    assert_eq!(short(&lines[1]), (json!("s2"), json!(1), json!(["2"])));
    assert_eq!(short(&lines[2]), (json!("s1"), json!(1), json!(["4"])));
    assert_eq!(lines[0]["discounts"], json!([{"on": "products", "funder": "seller", "amount": "0.50"}]));
}

#[test]
fn every_discount_names_its_funder_and_money_stays_text() {
    let totals = view(&row(&order(), None))["totals"].clone();
    assert_eq!(totals["total"], "21.50");
    assert_eq!(
        totals["discounts"],
        json!([
            {"on": "products", "funder": "seller", "amount": "1.00"},
            {"on": "products", "funder": "platform", "amount": "0.50"},
            {"on": "shipping", "funder": "cofunded", "amount": "0.25"},
        ])
    );
    assert_eq!(totals["taxes"], json!([{"kind": "total", "amount": "0.00"}]));
}

#[test]
fn the_next_deadline_is_the_earliest_that_counts() {
    let view = view(&row(&order(), None));
    assert_eq!(
        view["next_deadline"],
        json!({"kind": "auto_cancel_ship_at", "at": "2023-11-15T23:13:20.000Z"})
    );
    assert_eq!(view["deadlines"]["ship_by"], "2023-11-16T02:00:00.000Z");
    assert_eq!(view["deadlines"]["deliver_by"], Value::Null);
}

#[test]
fn hidden_never_overwrites_clear() {
    let clear = row(&order(), None);
    let mut masked = order();
    masked["recipient_address"]["name"] = json!("J*** S****");
    masked["recipient_address"]["postal_code"] = json!("E1 6AN");
    masked["buyer_email"] = json!("r****@example.test");
    let after = view(&row(&masked, Some(&clear)));
    assert_eq!(after["shipping_address"]["name"], json!({"value": "Jane Smith", "masked": false}));
    assert_eq!(after["buyer"]["name"], json!({"value": "Jane Smith", "masked": false}));
    assert_eq!(after["buyer"]["email"]["value"], "relay@example.test");
    assert_eq!(after["shipping_address"]["postal_code"]["value"], "E1 6AN");
    let alone = view(&row(&masked, None));
    assert_eq!(alone["shipping_address"]["name"], json!({"value": "J*** S****", "masked": true}));
}

#[test]
fn clear_overwrites_hidden_and_a_missing_address_is_no_news() {
    let mut masked = order();
    masked["recipient_address"]["name"] = json!("****");
    let hidden = row(&masked, None);
    let after = view(&row(&order(), Some(&hidden)));
    assert_eq!(after["shipping_address"]["name"], json!({"value": "Jane Smith", "masked": false}));
    let clear = row(&order(), None);
    let mut bare = order();
    bare.as_object_mut().unwrap().remove("recipient_address");
    assert_eq!(view(&row(&bare, Some(&clear)))["shipping_address"]["name"]["value"], "Jane Smith");
    assert_eq!(view(&row(&bare, None))["shipping_address"], Value::Null);
}

#[test]
fn only_orders_that_hide_ask_for_the_row_before() {
    let raw = |order: &Value| RawOrder { id: OrderId::from("1"), raw: serde_json::to_vec(order).unwrap() };
    assert!(!hides_something(&raw(&order())));
    let mut masked = order();
    masked["recipient_address"]["phone_number"] = json!("(+44)7*****123");
    assert!(hides_something(&raw(&masked)));
    masked.as_object_mut().unwrap().remove("recipient_address");
    assert!(hides_something(&raw(&masked)));
}

#[test]
fn an_order_without_a_version_is_refused() {
    let raw = RawOrder { id: OrderId::from("1"), raw: br#"{"id":"1","status":"UNPAID"}"#.to_vec() };
    let error = order_row(&ShopId::from("7"), &raw, &provenance(), None).unwrap_err();
    assert_eq!(error.to_string(), "the order has no `update_time`");
}

#[test]
fn odd_types_break_nothing() {
    let row = row(
        &json!({"id": 5764, "update_time": "1700000050", "status": 7, "line_items": {"x": 1}, "payment": [], "recipient_address": "none"}),
        None,
    );
    assert_eq!(row.platform_status, "7");
    assert_eq!(view(&row)["lines"], json!([]));
}
