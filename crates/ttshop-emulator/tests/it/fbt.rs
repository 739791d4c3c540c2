//! Goods go into TikTok's warehouse and out again.

use reqwest::Method;
use serde_json::{Value, json};

use crate::checked::{checked, checked_with, code};
use crate::client::{Peer, frozen, quiet};

async fn peer() -> Peer {
    Peer::start(frozen().world(quiet())).await
}

/// SKUs of the first shop.
async fn skus(peer: &Peer) -> Vec<String> {
    peer.place(10, "UNPAID").await;
    let found = peer.search(&[("page_size", "50")], json!({})).await;
    let lines =
        found["orders"].as_array().unwrap().iter().flat_map(|order| order["line_items"].as_array().unwrap());
    let mut skus: Vec<String> = lines.map(|line| line["sku_id"].as_str().unwrap().to_owned()).collect();
    skus.sort();
    skus.dedup();
    skus
}

fn described(sku: &str, reference: &str) -> Value {
    json!({
        "tts_sku_id": sku, "create_goods_type": "CREATE_AND_BIND", "goods_name": format!("Goods {reference}"),
        "goods_image_url": "https://example.invalid/a.jpeg", "reference_code": reference,
        "return_handling_method": "RETURN_WITHOUT_INSPECTION", "is_hazmat": false, "is_lot_code": false,
        "is_expiration_management": true,
        "shelf_life_attribute_info": { "inbound_cutoff_days": 3, "expiration_alert_days": 5, "sales_cutoff_days": 2 },
        "dimension_and_weight_base_info": {
            "weight_value": "1", "length_value": "2", "width_value": "3", "height_value": "4",
            "weight_unit": "KILOGRAM", "dimension_unit": "CENTIMETER",
        },
    })
}

async fn create(peer: &Peer, sku: &str, reference: &str) -> String {
    let body = json!({ "create_goods_dto_list": [described(sku, reference)] });
    let made = checked(peer, Method::POST, "/fbt/202607/goods/create_goods", &body).await;
    made["create_result_info"]["create_result_list"][0]["tts_goods_id"].as_str().unwrap().to_owned()
}

/// An inbound order of so many units.
async fn confirmed(peer: &Peer, goods: &str, quantity: u32) -> String {
    let body = json!({ "goods_items": [{ "goods_id": goods, "quantity": quantity }], "idempotent_key": "a" });
    let path = "/fbt/202602/create_update_inbound_plan";
    let plan = checked(peer, Method::POST, path, &body).await["inbound_plan"]["plan_id"].clone();
    assert_eq!(checked(peer, Method::POST, path, &body).await["inbound_plan"]["plan_id"], plan);
    let methods =
        checked(peer, Method::POST, "/fbt/202602/list_available_inbound_method", &json!({ "plan_id": plan }))
            .await;
    let window = &methods["available_inbound_method_list"][0]["available_time_window_list"][0];
    let mut body = json!({ "plan_id": plan, "inbound_method": "D2FC", "estimate_arrival_time": window });
    let detail = checked(peer, Method::POST, "/fbt/202602/inbound_method_detail", &body).await;
    assert_eq!(detail["info"][0]["allocation_shipments"][0]["goods_items"][0]["quantity"], quantity);
    body["placement_option_id"] = detail["info"][0]["placement_option_id"].clone();
    let made = checked(peer, Method::POST, "/fbt/202603/confirm_inbound_method", &body).await;
    assert_eq!(code(peer, Method::POST, "/fbt/202603/confirm_inbound_method", &body).await, 36_009_004);
    made["inbound_order_ids"][0].as_str().unwrap().to_owned()
}

async fn ship(peer: &Peer, order: &str) {
    let body = json!({ "inbound_order_id": order, "shipment_option": { "shipping_method": "SMALL_PARCEL" } });
    checked(peer, Method::POST, "/fbt/202603/ship_inbound_order", &body).await;
}

async fn inventory(peer: &Peer, goods: &str) -> Value {
    let body = json!({ "goods_ids": [goods] });
    let path = "/fbt/202408/inventory/search";
    let found = checked_with(peer, Method::POST, path, &[("page_size", "10")], &body).await;
    assert_eq!(found["total_count"], 1);
    found["inventory"][0].clone()
}

#[tokio::test]
async fn goods_are_listed_as_they_were_described() {
    let peer = peer().await;
    let skus = skus(&peer).await;
    let goods = create(&peer, &skus[0], "R1").await;
    create(&peer, &skus[1], "R2").await;
    let again = json!({ "create_goods_dto_list": [described(&skus[0], "R3"), described("17", "R4")] });
    let again = checked(&peer, Method::POST, "/fbt/202603/goods/create_goods", &again).await;
    for result in again["create_result_info"]["create_result_list"].as_array().unwrap() {
        assert_eq!(result["is_success"], false, "{result}");
    }
    for path in ["/fbt/202409/goods/search", "/fbt/202607/goods/search"] {
        let body = json!({ "reference_codes": ["R1"] });
        let found = checked_with(&peer, Method::POST, path, &[("page_size", "1")], &body).await;
        assert_eq!((&found["total_count"], &found["goods"][0]["id"]), (&json!(1), &json!(goods)), "{found}");
        assert_eq!(found["goods"][0]["skus"][0]["id"], skus[0].as_str());
        let all = checked_with(&peer, Method::POST, path, &[("page_size", "1")], &json!({})).await;
        assert!(all["total_count"] == 2 && all["next_page_token"] != "", "{all}");
    }
    let mut new = described(&skus[0], "R9");
    new["tts_goods_id"] = goods.as_str().into();
    let path = "/fbt/202607/goods/update_goods_info";
    checked(&peer, Method::POST, path, &json!({ "update_goods_dto": new })).await;
    let relation = |operation: &str| {
        let entry = json!({ "tts_goods_id": goods, "tts_sku_ids": [skus[2]] });
        json!({ "operate_goods_sku_relation_list": [entry], "operation_type": operation })
    };
    let path = "/fbt/202603/goods/update_goods_sku_relation";
    for (operation, success) in [("BIND", true), ("BIND", false), ("UN_BIND", true), ("UN_BIND", false)] {
        let done = checked(&peer, Method::POST, path, &relation(operation)).await;
        let result = &done["operate_goods_sku_relation_info"]["operate_result_list"][0];
        assert_eq!(result["is_success"], success, "{operation}");
    }
    let path = "/fbt/202603/goods/hazmat_and_expiration_info/search";
    let info = checked(&peer, Method::POST, path, &json!({ "tts_sku_ids": [skus[0]] })).await;
    let info = &info["hazmat_and_expiration_info"]["hazmat_and_expiration_dto_list"][0];
    assert_eq!(info["exp_base_info"]["inbound_cutoff_days"], 3, "{info}");
}

#[tokio::test]
async fn stock_moves_with_inbound_and_outbound_orders() {
    let peer = peer().await;
    let skus = skus(&peer).await;
    let goods = create(&peer, &skus[0], "R1").await;
    let order = confirmed(&peer, &goods, 20).await;
    let parcels = json!({ "order_id": order, "parcel_tracking_info": [
        { "provider_name": "UPS", "tracking_number": "1Z", "carton_number": "1" },
    ]});
    let tracking = "/fbt/202602/inbound_orders/tracking_update";
    assert_eq!(code(&peer, Method::POST, tracking, &parcels).await, 39_015_018);
    ship(&peer, &order).await;
    checked(&peer, Method::POST, tracking, &parcels).await;
    assert_eq!(inventory(&peer, &goods).await["in_transit_quantity"], 20);

    peer.control(Method::POST, &format!("fbt/inbound_orders/{order}/arrive"), Value::Null).await;
    let counted = json!({ "goods": [{ "goods_id": goods, "normal": 11, "defective": 2 }] });
    let receive = format!("fbt/inbound_orders/{order}/receive");
    assert_eq!(peer.control(Method::POST, &receive, counted).await["status"], "PARTIALLY_RECEIVED");
    assert_eq!(peer.control(Method::POST, &receive, Value::Null).await["status"], "RECEIVED");
    let held = inventory(&peer, &goods).await;
    assert_eq!(held["in_transit_quantity"], 0);
    assert_eq!(held["on_hand_detail"]["available_quantity"], 18);
    assert_eq!(held["on_hand_detail"]["unfulfillable_quantity"], 2);

    for (version, name) in [("202409", "ids"), ("202602", "order_ids")] {
        let path = format!("/fbt/{version}/inbound_orders");
        let shown = checked_with(&peer, Method::GET, &path, &[(name, &order)], &Value::Null).await;
        let shown = &shown["inbound_orders"][0];
        let log = if version == "202409" { &shown["order_operation_logs"] } else { &shown["status_logs"] };
        assert_eq!(log.as_array().unwrap().len(), 5, "{log}");
    }

    let consignee = json!({ "name": "A", "phone_number": "1", "email": "a@example.invalid", "address": {
        "address_line_1": "1", "city": "X", "country_code": "US", "district_or_county": "Y", "state_or_region": "Z",
    }});
    let outbound = |id: &str, quantity: u32| {
        json!({
            "external_order_id": id, "consignee": consignee, "goods": [{ "id": goods, "quantity": quantity }],
        })
    };
    let path = "/fbt/202607/mcf_outbound_orders";
    let made = checked(&peer, Method::POST, path, &outbound("web-1", 5)).await["mcf_order"].clone();
    assert_eq!(code(&peer, Method::POST, path, &outbound("web-1", 1)).await, 177_001_007);
    assert_eq!(code(&peer, Method::POST, path, &outbound("web-2", 14)).await, 177_001_004);
    let path = "/fbt/202601/mcf/goods/inventory/search";
    let asked = json!({ "goods": [{ "goods_id": goods }] });
    let held = checked(&peer, Method::POST, path, &asked).await;
    assert_eq!(held["goods_inventory_list"][0]["available_qty"], 13);
    let id = made["mcf_order_id"].as_str().unwrap();
    let status = "/fbt/202601/mcf_outbound_orders";
    let shown = checked_with(&peer, Method::GET, status, &[("mcf_order_id", id)], &Value::Null).await;
    assert_eq!(shown["mcf_order"]["external_order_id"], "web-1");
    let cancel = json!({ "mcf_order_id": id });
    let path = "/fbt/202601/mcf_outbound_orders/cancel";
    let gone = checked(&peer, Method::POST, path, &cancel).await;
    assert_eq!(gone["mcf_order"]["consign_orders"][0]["status"], "CANCELLED");
    assert_eq!(code(&peer, Method::POST, path, &cancel).await, 177_001_009);

    let path = "/fbt/202410/inventory_records/search";
    let records = checked_with(&peer, Method::POST, path, &[("page_size", "20")], &json!({})).await;
    let changes = records["inventory_records"].as_array().unwrap();
    let changes: Vec<i64> =
        changes.iter().map(|record| record["changed_quantity"].as_i64().unwrap()).collect();
    assert_eq!(changes, [5, -5, 7, 2, 11]);
    assert_eq!(inventory(&peer, &goods).await["on_hand_detail"]["available_quantity"], 18);
}

#[tokio::test]
async fn an_inbound_order_is_cancelled_until_it_arrives() {
    let peer = peer().await;
    let skus = skus(&peer).await;
    let goods = create(&peer, &skus[0], "R1").await;
    let order = confirmed(&peer, &goods, 1).await;
    let path = "/fbt/202602/inbound_orders/cancel";
    let cancel = json!({ "order_id": order, "cancel_reason": "Changed plans" });
    assert_eq!(
        code(&peer, Method::POST, path, &json!({ "order_id": order, "cancel_reason": " " })).await,
        39_015_013
    );
    checked(&peer, Method::POST, path, &cancel).await;
    assert_eq!(code(&peer, Method::POST, path, &cancel).await, 39_015_014);
    let unknown = json!({ "order_id": "17", "cancel_reason": "x" });
    assert_eq!(code(&peer, Method::POST, path, &unknown).await, 39_015_010);
    let receive =
        peer.try_control(Method::POST, &format!("fbt/inbound_orders/{order}/receive"), Value::Null).await;
    assert_eq!(receive.status, 409);
}

#[tokio::test]
async fn a_shop_has_one_warehouse_in_its_region() {
    let peer = peer().await;
    let warehouses = checked(&peer, Method::GET, "/fbt/202408/warehouses", &Value::Null).await;
    assert_eq!(warehouses["warehouses"].as_array().unwrap().len(), 1);
    let regions = checked(&peer, Method::GET, "/fbt/202409/merchants/onboarded_regions", &Value::Null).await;
    assert_eq!(regions["onboarded_regions"][0]["region_code"], "US");
    let status = checked(&peer, Method::GET, "/fbt/202601/merchants/mcf_status", &Value::Null).await;
    assert_eq!(status["mcf_status"]["is_mcf"], 1);
}
