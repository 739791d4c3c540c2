//! Sellers ship, cut and join packages.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_types::Region;

use crate::checked::{checked, checked_with, code};
use crate::client::Peer;
use crate::market::{detail, ids, market, packages, place};

const PACKAGES: &str = "/fulfillment/202309/packages";
const DHL: &str = "7117858858072016102";
const USPS: &str = "7117858858072016001";
const J_AND_T: &str = "7117858858072016201";

async fn package(peer: &Peer, id: &str) -> Value {
    checked(peer, Method::GET, &format!("{PACKAGES}/{id}"), &Value::Null).await
}

async fn post(peer: &Peer, path: &str, body: &Value) -> Value {
    checked(peer, Method::POST, path, body).await
}

async fn refused(peer: &Peer, path: &str, body: &Value) -> i64 {
    code(peer, Method::POST, path, body).await
}

fn own(provider: &str, number: &str) -> Value {
    json!({ "shipping_provider_id": provider, "tracking_number": number })
}

#[tokio::test]
async fn a_package_ships_once_and_needs_an_open_slot_for_pickup() {
    let peer = market(Region::Malaysia).await;
    let order = place(&peer, 1, 1, &json!({})).await.remove(0);
    let id = packages(&peer, &order).await.remove(0);
    let ship = format!("{PACKAGES}/{id}/ship");
    let offer =
        checked(&peer, Method::GET, &format!("{PACKAGES}/{id}/handover_time_slots"), &Value::Null).await;
    let slots = offer["pickup_slots"].as_array().unwrap();
    let slot = slots.iter().find(|slot| slot["avaliable"] == true).unwrap();
    let slot = json!({ "start_time": slot["start_time"], "end_time": slot["end_time"] });
    let pickup = |slot: Value| json!({ "handover_method": "PICKUP", "pickup_slot": slot });
    assert_eq!(refused(&peer, &ship, &json!({ "handover_method": "PICKUP" })).await, 21_011_054);
    assert_eq!(refused(&peer, &ship, &pickup(json!({ "start_time": 1, "end_time": 2 }))).await, 21_011_053);
    let carrier = json!({ "self_shipment": own(J_AND_T, "JT12345678") });
    assert_eq!(refused(&peer, &ship, &carrier).await, 21_011_013);
    post(&peer, &ship, &pickup(slot.clone())).await;
    assert_eq!(refused(&peer, &ship, &json!({})).await, 21_011_040);
    let shown = package(&peer, &id).await;
    assert_eq!((&shown["handover_method"], &shown["pickup_slot"]), (&json!("PICKUP"), &slot));
    assert_eq!(detail(&peer, &order).await["status"], "AWAITING_COLLECTION");
}

#[tokio::test]
async fn a_batch_tells_which_packages_did_not_ship() {
    let peer = market(Region::Malaysia).await;
    let orders = place(&peer, 3, 1, &json!({ "shipping_type": "SELLER" })).await;
    let mut all = Vec::new();
    for order in &orders {
        all.extend(packages(&peer, order).await);
    }
    let with = |id: &str, number: &str| json!({ "id": id, "self_shipment": own(J_AND_T, number) });
    let body = json!({ "packages": [
        with(&all[0], "JT00000001"),
        with(&all[1], "JT00000001"),
        with("1152000000000000000", "JT00000002"),
        { "id": all[2] },
        with(&all[2], "JT00000003"),
    ]});
    let answer = post(&peer, &format!("{PACKAGES}/ship"), &body).await;
    let errors: Vec<(i64, &str)> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["code"].as_i64().unwrap(), error["detail"]["package_id"].as_str().unwrap()))
        .collect();
    let expected =
        [(21_011_025, all[1].as_str()), (21_011_001, "1152000000000000000"), (21_011_022, all[2].as_str())];
    assert_eq!(errors, expected);
    assert_eq!(package(&peer, &all[2]).await["tracking_number"], "JT00000003");
    assert_eq!(detail(&peer, &orders[1]).await["status"], "AWAITING_SHIPMENT");
}

#[tokio::test]
async fn a_rebuilt_package_takes_four_seconds_to_settle() {
    let peer = market(Region::Mexico).await;
    let order = place(&peer, 1, 2, &json!({})).await.remove(0);
    let line = detail(&peer, &order).await["line_items"][0]["id"].clone();
    let cancel = json!({ "line_item_ids": [line] });
    peer.control(Method::POST, &format!("orders/{order}/cancel_lines"), cancel).await;
    let lines = detail(&peer, &order).await["line_items"].clone();
    let path = |line: &Value| format!("{PACKAGES}/{}/ship", line["package_id"].as_str().unwrap());
    assert_eq!(refused(&peer, &path(&lines[0]), &json!({})).await, 21_011_041, "the ghost");
    assert_eq!(refused(&peer, &path(&lines[1]), &json!({})).await, 21_011_027, "not yet");
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 4 })).await;
    post(&peer, &path(&lines[1]), &json!({})).await;
    assert_eq!(detail(&peer, &order).await["status"], "AWAITING_COLLECTION");
}

#[tokio::test]
async fn marking_as_shipped_works_in_its_regions_only() {
    for (region, carrier) in [(Region::UnitedStates, USPS), (Region::Germany, DHL)] {
        let peer = market(region).await;
        let order = place(&peer, 1, 2, &json!({ "shipping_type": "SELLER" })).await.remove(0);
        let path = format!("/fulfillment/202309/orders/{order}/packages");
        let line = detail(&peer, &order).await["line_items"][0]["id"].clone();
        let number = "00340434161094015902";
        let with = |number: &str| own(carrier, number);
        assert_eq!(refused(&peer, &path, &with("0034-0434")).await, 21_004_012);
        assert_eq!(refused(&peer, &path, &with("123")).await, 11_028_006);
        assert_eq!(refused(&peer, &path, &own("1", number)).await, 21_011_022);
        let mut body = with(number);
        body["order_line_item_ids"] = json!([line]);
        let marked = post(&peer, &path, &body).await;
        assert_eq!(marked["order_line_item_ids"], json!([line]));
        assert_eq!(detail(&peer, &order).await["status"], "PARTIALLY_SHIPPING");
        assert_eq!(refused(&peer, &path, &body).await, 21_011_006);
        let newer = json!({ "shipping_info_list": [with("00340434161094015903")] });
        post(&peer, &format!("/fulfillment/202610/orders/{order}/packages"), &newer).await;
        let shown = detail(&peer, &order).await;
        assert_eq!(
            (&shown["status"], shown["packages"].as_array().unwrap().len()),
            (&json!("AWAITING_COLLECTION"), 2)
        );
    }
    let peer = market(Region::Malaysia).await;
    let order = place(&peer, 1, 1, &json!({ "shipping_type": "SELLER" })).await.remove(0);
    let path = format!("/fulfillment/202309/orders/{order}/packages");
    assert_eq!(refused(&peer, &path, &own(J_AND_T, "JT12345678")).await, 21_008_106);
}

#[tokio::test]
async fn a_tracking_number_changes_once_and_in_time() {
    let peer = market(Region::UnitedStates).await;
    let orders = place(&peer, 2, 1, &json!({ "shipping_type": "SELLER" })).await;
    let mut updates = Vec::new();
    for (order, number) in orders.iter().zip(["94001118992231970001", "94001118992231970002"]) {
        let path = format!("/fulfillment/202309/orders/{order}/packages");
        let marked = post(&peer, &path, &own(USPS, number)).await;
        let id = marked["package_id"].as_str().unwrap();
        updates.push(format!("{PACKAGES}/{id}/shipping_info/update"));
    }
    assert_eq!(refused(&peer, &updates[0], &own(USPS, "94001118992231970002")).await, 21_011_025);
    post(&peer, &updates[0], &own(USPS, "94001118992231970003")).await;
    assert_eq!(detail(&peer, &orders[0]).await["tracking_number"], "94001118992231970003");
    assert_eq!(refused(&peer, &updates[0], &own(USPS, "94001118992231970004")).await, 21_011_051);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 72 * 3_600 + 1 })).await;
    assert_eq!(refused(&peer, &updates[1], &own(USPS, "94001118992231970005")).await, 21_011_050);
}

#[tokio::test]
async fn an_order_is_split_into_every_group() {
    let peer = market(Region::Malaysia).await;
    let order = place(&peer, 1, 3, &json!({})).await.remove(0);
    let old = packages(&peer, &order).await.remove(0);
    let lines = ids(&detail(&peer, &order).await["line_items"]);
    let query = "/fulfillment/202309/orders/split_attributes";
    let asked = checked_with(&peer, Method::GET, query, &[("order_ids", &order)], &Value::Null).await;
    assert_eq!(asked["split_attributes"][0]["can_split"], true);
    let group = |id: &str, lines: &[String]| json!({ "id": id, "order_line_item_ids": lines });
    let split = format!("/fulfillment/202309/orders/{order}/split");
    let short = json!({ "splittable_groups": [group("1", &lines[..1]), group("2", &lines[1..2])] });
    assert_eq!(refused(&peer, &split, &short).await, 21_011_005, "a line is left over");
    let whole = json!({ "splittable_groups": [group("1", &lines[..1]), group("2", &lines[1..])] });
    let parts = post(&peer, &split, &whole).await;
    let parts = ids(&parts["packages"]);
    assert_eq!(packages(&peer, &order).await, parts);
    assert_eq!(code(&peer, Method::GET, &format!("{PACKAGES}/{old}"), &Value::Null).await, 21_011_001);
    assert_eq!(package(&peer, &parts[1]).await["order_line_item_ids"], json!(lines[1..]));
    post(&peer, &format!("{PACKAGES}/{}/ship", parts[0]), &json!({})).await;
    assert_eq!(detail(&peer, &order).await["status"], "PARTIALLY_SHIPPING");
    assert_eq!(refused(&peer, &split, &whole).await, 21_011_035);
}

#[tokio::test]
async fn orders_of_one_buyer_travel_together_until_one_is_cancelled() {
    let peer = market(Region::Malaysia).await;
    let buyer = json!({ "buyer_user_id": "7136000000000000042" });
    let orders = place(&peer, 3, 1, &buyer).await;
    place(&peer, 1, 1, &json!({})).await;
    let search = "/fulfillment/202309/combinable_packages/search";
    let found = checked_with(&peer, Method::GET, search, &[("page_size", "50")], &Value::Null).await;
    assert_eq!(
        (&found["total_count"], &found["combinable_packages"][0]["order_ids"]),
        (&json!(1), &json!(orders))
    );
    let group = found["combinable_packages"][0]["id"].clone();
    let wish = json!({ "combinable_packages": [{ "id": group }, { "id": "1" }] });
    let combined = post(&peer, &format!("{PACKAGES}/combine"), &wish).await;
    assert_eq!(combined["errors"][0]["code"], 21_011_028);
    let id = ids(&combined["packages"]).remove(0);
    for order in &orders {
        let shown = detail(&peer, order).await;
        assert_eq!(
            (&shown["packages"][0]["id"], &shown["split_or_combine_tag"]),
            (&json!(id), &json!("COMBINED"))
        );
    }
    let apart = json!({ "order_ids": [orders[0]] });
    let apart = post(&peer, &format!("{PACKAGES}/{id}/uncombine"), &apart).await;
    assert_eq!(apart["packages"][0]["order_ids"], json!([orders[0]]));

    peer.control(Method::POST, &format!("orders/{}/cancel", orders[1]), json!({})).await;
    assert_eq!(detail(&peer, &orders[2]).await["status"], "AWAITING_SHIPMENT");
    post(&peer, &format!("{PACKAGES}/{id}/ship"), &json!({})).await;
    assert_eq!(detail(&peer, &orders[2]).await["status"], "AWAITING_COLLECTION");
    assert_eq!(detail(&peer, &orders[0]).await["status"], "AWAITING_SHIPMENT");
}

#[tokio::test]
async fn all_orders_in_a_package_follow_it() {
    let peer = market(Region::Malaysia).await;
    let orders = place(&peer, 2, 1, &json!({ "buyer_user_id": "7136000000000000042" })).await;
    let search = "/fulfillment/202309/combinable_packages/search";
    let found = checked_with(&peer, Method::GET, search, &[("page_size", "1")], &Value::Null).await;
    let wish = json!({ "combinable_packages": [{ "id": found["combinable_packages"][0]["id"] }] });
    let combined = post(&peer, &format!("{PACKAGES}/combine"), &wish).await;
    let id = ids(&combined["packages"]).remove(0);
    for (event, status) in
        [("ship", "AWAITING_COLLECTION"), ("collect", "IN_TRANSIT"), ("deliver", "DELIVERED")]
    {
        peer.control(Method::POST, &format!("packages/{id}/{event}"), json!({})).await;
        for order in &orders {
            assert_eq!(detail(&peer, order).await["status"], status);
        }
    }
}

#[tokio::test]
async fn a_label_makes_the_package_where_labels_do() {
    let peer = market(Region::UnitedStates).await;
    let order = place(&peer, 1, 2, &json!({})).await.remove(0);
    let lines = ids(&detail(&peer, &order).await["line_items"]);
    let weight = json!({ "value": "2.5", "unit": "POUND" });
    let query = format!("/fulfillment/202309/orders/{order}/shipping_services/query");
    let size = json!({ "length": "20", "width": "10", "height": "5", "unit": "INCH" });
    let services = post(&peer, &query, &json!({ "weight": weight, "dimension": size })).await;
    let service = services["shipping_services"][1].clone();
    let heavy = json!({ "weight": { "value": "200", "unit": "POUND" } });
    assert_eq!(refused(&peer, &query, &heavy).await, 21_011_037);
    let buy = json!({
        "order_id": order,
        "order_line_item_ids": [lines[0]],
        "shipping_service_id": service["id"],
        "weight": weight,
    });
    let bought = post(&peer, PACKAGES, &buy).await;
    assert_eq!(bought["shipping_service_info"]["price"], service["price"]);
    assert_eq!(detail(&peer, &order).await["status"], "PARTIALLY_SHIPPING");
    assert_eq!(refused(&peer, PACKAGES, &buy).await, 21_011_006);
    let rest = json!({ "ship_type": "1", "order_id": order });
    post(&peer, "/fulfillment/202512/packages", &rest).await;
    assert_eq!(detail(&peer, &order).await["status"], "AWAITING_COLLECTION");
    let peer = market(Region::Malaysia).await;
    let order = place(&peer, 1, 1, &json!({})).await.remove(0);
    assert_eq!(refused(&peer, PACKAGES, &json!({ "order_id": order })).await, 21_008_106);
}

#[tokio::test]
async fn a_fleet_reports_its_deliveries() {
    let peer = market(Region::Thailand).await;
    let orders = place(&peer, 2, 1, &json!({ "shipping_type": "SELLER" })).await;
    let mut all = Vec::new();
    for (order, number) in orders.iter().zip(["JT00000001", "JT00000002"]) {
        let id = packages(&peer, order).await.remove(0);
        let own = json!({ "self_shipment": own(J_AND_T, number) });
        post(&peer, &format!("{PACKAGES}/{id}/ship"), &own).await;
        all.push(id);
    }
    let reports = json!({ "packages": [
        { "id": all[0], "delivery_type": "DELIVERY_SUCCESS" },
        { "id": all[1], "delivery_type": "DELIVERY_FAILED", "fail_delivery_reason": "PACKAGE_LOST" },
        { "id": "1152000000000000000", "delivery_type": "DELIVERY_SUCCESS" },
    ]});
    let answer = post(&peer, &format!("{PACKAGES}/deliver"), &reports).await;
    assert_eq!(
        (&answer["errors"][0]["code"], answer["errors"].as_array().unwrap().len()),
        (&json!(21_011_028), 1)
    );
    assert_eq!(detail(&peer, &orders[0]).await["status"], "DELIVERED");
    assert_eq!(detail(&peer, &orders[1]).await["status"], "CANCELLED");
}

#[tokio::test]
async fn a_label_is_made_late_and_its_link_works_for_a_day() {
    let peer = market(Region::Mexico).await;
    let order = place(&peer, 1, 1, &json!({})).await.remove(0);
    let id = packages(&peer, &order).await.remove(0);
    let path = format!("{PACKAGES}/{id}/shipping_documents");
    let ask = |kind: &'static str, format: &'static str| {
        peer.request(Method::GET, &path).with(&[("document_type", kind), ("document_format", format)])
    };
    let label = ask("SHIPPING_LABEL", "");
    assert_eq!(peer.send(&label).await.json()["code"], 21_042_104);
    post(&peer, &format!("{PACKAGES}/{id}/ship"), &json!({})).await;
    assert_eq!(peer.send(&label).await.json()["code"], 11_034_037);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 2 })).await;
    let number = package(&peer, &id).await["tracking_number"].as_str().unwrap().to_owned();
    let mut urls = Vec::new();
    for (kind, format, magic) in [
        ("SHIPPING_LABEL", "PDF", &b"%PDF-1.4"[..]),
        ("SHIPPING_LABEL", "ZPL", b"^XA"),
        ("SHIPPING_LABEL_PICTURE", "", b"\x89PNG"),
    ] {
        let answer = peer.data(&ask(kind, format)).await;
        assert_eq!(answer["tracking_number"], number);
        let url = answer["doc_url"].as_str().unwrap().to_owned();
        let served = peer.http.get(&url).send().await.unwrap().bytes().await.unwrap();
        assert!(served.starts_with(magic), "{kind} {format}");
        urls.push(url);
    }
    let forged = urls[0].replace("-A6-", "-A5-");
    assert_eq!(peer.http.get(&forged).send().await.unwrap().status(), 403);
    peer.control(Method::POST, &format!("packages/{id}/collect"), json!({})).await;
    assert_eq!(peer.send(&label).await.json()["code"], 21_042_102);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 24 * 3_600 })).await;
    assert_eq!(peer.http.get(&urls[0]).send().await.unwrap().status(), 403);
}
