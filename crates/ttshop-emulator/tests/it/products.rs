//! Products through signed calls: made, edited, examined, priced, counted.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_catalogue::by_key;
use ttshop_emulator::{SampleFile, Switches, sample_request};

use crate::catalogue::call;
use crate::checked::{checked_with, code};
use crate::client::{Peer, frozen, quiet};

const PRODUCTS: &str = "/product/202309/products";
const SEARCH: &str = "/product/202502/products/search";

async fn peer() -> Peer {
    Peer::start(frozen().world(quiet())).await
}

async fn data(peer: &Peer, method: Method, path: &str, body: &Value) -> Value {
    let params: &[(&str, &str)] = if path == SEARCH { &[("page_size", "50")] } else { &[] };
    checked_with(peer, method, path, params, body).await
}

async fn get(peer: &Peer, id: &str) -> Value {
    data(peer, Method::GET, &format!("{PRODUCTS}/{id}"), &Value::Null).await
}

async fn audit_passes(peer: &Peer) {
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 60 })).await;
}

async fn warehouse(peer: &Peer) -> Value {
    let found = data(peer, Method::POST, SEARCH, &json!({})).await;
    found["products"][0]["skus"][0]["inventory"][0]["warehouse_id"].clone()
}

/// The `uri` of an uploaded picture.
async fn picture(peer: &Peer) -> Value {
    let operation = by_key("product.upload_product_image").unwrap();
    let mut sample = sample_request(operation);
    let size = [800u32.to_be_bytes(), 800u32.to_be_bytes()].concat();
    let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &size, b"\x08\x02\0\0\0"].concat();
    sample.files = vec![SampleFile { part: "data", file_name: "sample.png", bytes: png }];
    sample.texts = vec![("use_case", "MAIN_IMAGE".to_owned())];
    peer.send(&call(peer, operation, &sample)).await.json()["data"]["uri"].clone()
}

fn mug(warehouse: &Value, picture: &Value) -> Value {
    let sku = |colour: &str, amount: &str| {
        json!({
            "seller_sku": format!("MUG-{colour}"),
            "price": { "currency": "USD", "amount": amount },
            "inventory": [{ "warehouse_id": warehouse, "quantity": 40 }],
            "sales_attributes": [{ "name": "Color", "value_name": colour }],
        })
    };
    json!({
        "title": "Enamel travel mug",
        "description": "<p>Keeps tea warm.</p>",
        "category_id": "800212",
        "category_version": "v2",
        "main_images": [{ "uri": picture }],
        "package_weight": { "value": "0.4", "unit": "KILOGRAM" },
        "skus": [sku("Moss", "12.50"), sku("Ink", "13.00")],
    })
}

#[tokio::test]
async fn a_product_is_made_examined_and_found() {
    let peer = peer().await;
    let body = mug(&warehouse(&peer).await, &picture(&peer).await);
    let made = data(&peer, Method::POST, PRODUCTS, &body).await;
    let id = made["product_id"].as_str().unwrap();
    assert_eq!(made["skus"].as_array().unwrap().len(), 2);
    let pending = get(&peer, id).await;
    assert_eq!((&pending["status"], &pending["audit"]["status"]), (&json!("PENDING"), &json!("AUDITING")));
    audit_passes(&peer).await;
    let live = get(&peer, id).await;
    assert_eq!((&live["status"], &live["audit"]["status"]), (&json!("ACTIVATE"), &json!("APPROVED")));
    assert_eq!(live["title"], "Enamel travel mug");
    assert_eq!(live["category_chains"].as_array().unwrap().len(), 3);
    assert_eq!(live["skus"][0]["price"]["sale_price"], "12.50");
    assert_eq!(live["main_images"][0]["uri"], body["main_images"][0]["uri"]);
    assert_eq!(live["main_images"][0]["width"], 800);
    for filter in [
        json!({ "seller_skus": ["MUG-Ink"] }),
        json!({ "sku_ids": [made["skus"][0]["id"]] }),
        json!({ "create_time_ge": live["create_time"], "status": "ACTIVATE", "seller_skus": ["MUG-Moss"] }),
    ] {
        let found = data(&peer, Method::POST, SEARCH, &filter).await;
        assert_eq!((&found["total_count"], &found["products"][0]["id"]), (&json!(1), &json!(id)), "{filter}");
    }
}

#[tokio::test]
async fn the_old_version_sells_until_the_new_one_passes() {
    let peer = peer().await;
    let made =
        data(&peer, Method::POST, PRODUCTS, &mug(&warehouse(&peer).await, &picture(&peer).await)).await;
    let id = made["product_id"].as_str().unwrap();
    audit_passes(&peer).await;
    let edit = format!("/product/202509/products/{id}/partial_edit");
    let sku = made["skus"][1]["id"].clone();
    let part = json!({ "title": "Enamel mug, replica", "skus": [{ "id": sku }] });
    data(&peer, Method::POST, &edit, &part).await;
    assert_eq!(get(&peer, id).await["title"], "Enamel travel mug");
    let path = format!("{PRODUCTS}/{id}");
    let request = peer.request(Method::GET, &path).with(&[("return_under_review_version", "true")]);
    assert_eq!(peer.data(&request).await["title"], "Enamel mug, replica");
    audit_passes(&peer).await;
    let failed = get(&peer, id).await;
    assert_eq!((&failed["status"], &failed["audit"]["status"]), (&json!("ACTIVATE"), &json!("FAILED")));
    assert!(failed["audit_failed_reasons"][0]["reasons"][0].as_str().unwrap().contains("replica"));
    assert_eq!(failed["skus"].as_array().unwrap().len(), 2, "a failed edit changes nothing");
    assert_eq!(peer.send(&request).await.json()["code"], 12_052_547);

    data(&peer, Method::POST, &edit, &json!({ "title": "Enamel mug", "skus": [{ "id": sku }] })).await;
    audit_passes(&peer).await;
    let passed = get(&peer, id).await;
    assert_eq!(passed["title"], "Enamel mug");
    assert_eq!(passed["skus"].as_array().unwrap().len(), 1, "a partial edit drops the SKUs it leaves out");
    assert_eq!(passed["skus"][0]["price"]["sale_price"], "13.00", "and keeps price and stock");
    assert_eq!(passed["description"], "<p>Keeps tea warm.</p>");
}

#[tokio::test]
async fn a_drawn_product_is_edited_in_part_like_any_other() {
    let peer = peer().await;
    let found = data(&peer, Method::POST, SEARCH, &json!({})).await;
    for product in found["products"].as_array().unwrap() {
        let path = format!("/product/202509/products/{}/partial_edit", product["id"].as_str().unwrap());
        data(&peer, Method::POST, &path, &json!({ "title": "Something new" })).await;
    }
    audit_passes(&peer).await;
    let edited = data(&peer, Method::POST, SEARCH, &json!({})).await;
    for (old, new) in found["products"].as_array().unwrap().iter().zip(edited["products"].as_array().unwrap())
    {
        assert_eq!((&new["title"], &new["skus"]), (&json!("Something new"), &old["skus"]));
    }
}

#[tokio::test]
async fn each_product_of_a_list_fails_by_itself() {
    let peer = peer().await;
    let found = data(&peer, Method::POST, SEARCH, &json!({})).await;
    let id = |place: usize| found["products"][place]["id"].clone();
    let act = async |verb: &str, ids: Value| {
        let (method, path) = match verb {
            "delete" => (Method::DELETE, PRODUCTS.to_owned()),
            verb => (Method::POST, format!("{PRODUCTS}/{verb}")),
        };
        data(&peer, method, &path, &json!({ "product_ids": ids })).await["errors"].clone()
    };
    let errors = act("deactivate", json!([id(0), "1729999999999999999", id(1)])).await;
    assert_eq!(errors.as_array().unwrap().len(), 1, "{errors}");
    assert_eq!(
        (&errors[0]["code"], &errors[0]["detail"]["product_id"]),
        (&json!(12_052_032), &json!("1729999999999999999"))
    );
    assert_eq!(get(&peer, id(0).as_str().unwrap()).await["status"], "SELLER_DEACTIVATED");
    let again = act("deactivate", json!([id(0)])).await;
    assert_eq!(again[0]["code"], 12_052_901);
    assert_eq!(act("activate", json!([id(0)])).await, json!([]));
    assert_eq!(get(&peer, id(0).as_str().unwrap()).await["status"], "PENDING");
    audit_passes(&peer).await;
    assert_eq!(act("delete", json!([id(0)])).await, json!([]));
    assert_eq!(act("recover", json!([id(0)])).await, json!([]));
    assert_eq!(get(&peer, id(0).as_str().unwrap()).await["status"], "SELLER_DEACTIVATED");
    peer.control(Method::POST, &format!("products/{}/freeze", id(2).as_str().unwrap()), json!({})).await;
    let frozen = act("delete", json!([id(2)])).await;
    assert_eq!(frozen[0]["code"], 12_052_901, "a frozen product cannot be deleted");
}

#[tokio::test]
async fn stock_is_absolute_held_by_orders_and_never_below_nothing() {
    let peer = peer().await;
    let product = data(&peer, Method::POST, SEARCH, &json!({})).await["products"][0].clone();
    let (id, sku) = (product["id"].as_str().unwrap(), &product["skus"][0]);
    let update = format!("{PRODUCTS}/{id}/inventory/update");
    let entry = |quantity: u32| json!([{ "warehouse_id": sku["inventory"][0]["warehouse_id"], "quantity": quantity }]);
    let set = async |quantity| {
        let body = json!({ "skus": [{ "id": sku["id"], "inventory": entry(quantity) }] });
        data(&peer, Method::POST, &update, &body).await["errors"].clone()
    };
    assert_eq!(set(3).await, json!([]));
    let stock = async || {
        let body = json!({ "sku_ids": [sku["id"]] });
        let found = data(&peer, Method::POST, "/product/202309/inventory/search", &body).await;
        let sku = found["inventory"][0]["skus"][0].clone();
        (sku["total_available_quantity"].as_u64().unwrap(), sku["total_committed_quantity"].as_u64().unwrap())
    };
    assert_eq!(stock().await, (3, 0));
    let shop = &peer.connection.shops[0].shop_id;
    let order = |quantity: u32| json!({ "shop_id": shop, "lines": [{ "sku_id": sku["id"], "quantity": quantity }], "status": "UNPAID" });
    let placed = peer.control(Method::POST, "orders", order(2)).await;
    assert_eq!(stock().await, (1, 2), "held from placement on");
    let refused = peer.try_control(Method::POST, "orders", order(2)).await;
    assert!(refused.status == 409 && refused.text.contains("stock"), "{}", refused.text);
    assert_eq!(stock().await, (1, 2), "all units of an order or none");
    let cancel = format!("orders/{}/cancel", placed["order_ids"][0].as_str().unwrap());
    peer.control(Method::POST, &cancel, json!({})).await;
    assert_eq!(stock().await, (3, 0), "back for sale");
    let placed = peer.control(Method::POST, "orders", order(1)).await;
    for act in ["pay", "release", "ship", "collect"] {
        let path = format!("orders/{}/{act}", placed["order_ids"][0].as_str().unwrap());
        peer.control(Method::POST, &path, json!({})).await;
    }
    assert_eq!(stock().await, (2, 0), "gone with the carrier");
    assert_eq!(set(0).await[0]["code"], 12_052_055);
    let beyond = json!({ "skus": [{ "id": sku["id"], "inventory": entry(100_000) }] });
    assert_eq!(code(&peer, Method::POST, &update, &beyond).await, 36_009_004);
    let nowhere =
        json!({ "skus": [{ "id": sku["id"], "inventory": [{ "warehouse_id": "1", "quantity": 1 }] }] });
    assert_eq!(data(&peer, Method::POST, &update, &nowhere).await["errors"][0]["code"], 12_052_097);
}

#[tokio::test]
async fn every_warehouse_of_a_sku_has_to_be_named() {
    let mut world = quiet();
    world.sellers[0].shops[0].warehouses = 3;
    let peer = Peer::start(frozen().world(world)).await;
    let product = data(&peer, Method::POST, SEARCH, &json!({})).await["products"][0].clone();
    let sku = &product["skus"][0];
    assert_eq!(sku["inventory"].as_array().unwrap().len(), 3);
    let update = format!("{PRODUCTS}/{}/inventory/update", product["id"].as_str().unwrap());
    let one = json!({ "skus": [{ "id": sku["id"], "inventory": [sku["inventory"][0]] }] });
    assert_eq!(data(&peer, Method::POST, &update, &one).await["errors"][0]["code"], 12_052_533);
    let all = json!({ "skus": [{ "id": sku["id"], "inventory": sku["inventory"] }] });
    assert_eq!(data(&peer, Method::POST, &update, &all).await["errors"], json!([]));
}

#[tokio::test]
async fn prices_change_on_sale_only_and_in_the_shops_currency() {
    let peer = peer().await;
    let product = data(&peer, Method::POST, SEARCH, &json!({})).await["products"][0].clone();
    let id = product["id"].as_str().unwrap();
    let path = format!("{PRODUCTS}/{id}/prices/update");
    let price = |currency: &str, amount: &str| {
        let price = json!({ "currency": currency, "amount": amount });
        json!({ "skus": [{ "id": product["skus"][0]["id"], "price": price }] })
    };
    data(&peer, Method::POST, &path, &price("USD", "19.99")).await;
    assert_eq!(get(&peer, id).await["skus"][0]["price"]["sale_price"], "19.99");
    assert_eq!(code(&peer, Method::POST, &path, &price("EUR", "19.99")).await, 12_052_084);
    for bad in ["0", "-1", "1.234", "a"] {
        assert_eq!(code(&peer, Method::POST, &path, &price("USD", bad)).await, 12_052_073, "{bad}");
    }
    data(&peer, Method::POST, &format!("{PRODUCTS}/deactivate"), &json!({ "product_ids": [id] })).await;
    assert_eq!(code(&peer, Method::POST, &path, &price("USD", "19.99")).await, 12_052_901);
}

#[tokio::test]
async fn what_cannot_be_listed_is_refused_with_its_code() {
    let peer = peer().await;
    let good = mug(&warehouse(&peer).await, &picture(&peer).await);
    let with = |pointer: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let mut priceless = good.clone();
    priceless["skus"][0]["price"] = json!({ "currency": "USD" });
    for (body, expected) in [
        (with("/title", json!("")), 12_052_261),
        (with("/title", json!("x".repeat(256))), 12_052_051),
        (with("/main_images", json!([])), 12_052_028),
        (with("/main_images/0/uri", json!("tos-emulated/abc")), 12_052_300),
        (with("/description", json!("<img src=\"https://elsewhere.example/a.png\">")), 12_052_340),
        (with("/description", json!("<script>x</script>")), 12_052_345),
        (with("/title", json!("杯子")), 12_052_262),
        (with("/package_weight/value", json!("0")), 12_019_011),
        (with("/category_version", json!("v1")), 12_052_217),
        (with("/category_id", json!("600212")), 12_052_230),
        (with("/category_id", json!("800721")), 12_052_220),
        (with("/category_id", json!("800411")), 12_052_104),
        (with("/category_id", json!("1")), 12_052_023),
        (with("/category_id", json!("800210")), 12_052_024),
        (with("/category_id", json!("800521")), 12_052_221),
        (with("/skus/0/sales_attributes/0/value_name", json!("Ink")), 12_052_560),
        (with("/skus/0/inventory/0/warehouse_id", json!("5")), 12_052_097),
        (with("/skus/0/seller_sku", json!("s".repeat(51))), 12_052_054),
        (priceless, 12_052_571),
    ] {
        assert_eq!(code(&peer, Method::POST, PRODUCTS, &body).await, expected, "{body}");
    }
    let mut draft = with("/title", json!(""));
    draft["save_mode"] = json!("AS_DRAFT");
    let made = data(&peer, Method::POST, PRODUCTS, &draft).await;
    assert_eq!(get(&peer, made["product_id"].as_str().unwrap()).await["status"], "DRAFT");
    draft["save_mode"] = json!("DRAFT");
    assert_eq!(code(&peer, Method::POST, PRODUCTS, &draft).await, 36_009_004);
}

#[tokio::test]
async fn a_key_makes_one_product_and_the_day_has_its_quota() {
    let switches = Switches { daily_listing_quota: 2, ..Switches::default() };
    let peer = Peer::start(frozen().world(quiet()).switches(switches)).await;
    let mut body = mug(&warehouse(&peer).await, &picture(&peer).await);
    body["idempotency_key"] = json!("once");
    let first = data(&peer, Method::POST, PRODUCTS, &body).await;
    assert_eq!(data(&peer, Method::POST, PRODUCTS, &body).await["product_id"], first["product_id"]);
    body["idempotency_key"] = json!("twice");
    assert_ne!(data(&peer, Method::POST, PRODUCTS, &body).await["product_id"], first["product_id"]);
    body["idempotency_key"] = json!("thrice");
    assert_eq!(code(&peer, Method::POST, PRODUCTS, &body).await, 12_052_093);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 24 * 3_600 })).await;
    data(&peer, Method::POST, PRODUCTS, &body).await;
}

#[tokio::test]
async fn another_shops_product_is_not_this_shops() {
    let peer = peer().await;
    let truth = peer.control(Method::GET, "truth/products", Value::Null).await;
    let foreign = &peer.connection.shops[1].shop_id;
    let theirs =
        truth["products"].as_array().unwrap().iter().find(|product| product["shop_id"] == json!(foreign));
    let path = format!("{PRODUCTS}/{}", theirs.unwrap()["id"].as_str().unwrap());
    assert_eq!(code(&peer, Method::GET, &path, &Value::Null).await, 12_052_048);
    assert_eq!(code(&peer, Method::GET, &format!("{PRODUCTS}/17"), &Value::Null).await, 12_052_032);
}

#[tokio::test]
async fn a_listing_is_checked_before_it_is_made() {
    let peer = peer().await;
    let check = format!("{PRODUCTS}/listing_check");
    let good = mug(&warehouse(&peer).await, &picture(&peer).await);
    let passed = data(&peer, Method::POST, &check, &good).await;
    assert_eq!((&passed["check_result"], &passed["fail_reasons"]), (&json!("PASS"), &json!([])));
    assert_eq!(passed["listing_quality"]["current_tier"], "POOR");
    let mut bad = good.clone();
    bad["main_images"][0]["uri"] = json!("tos-emulated/abc");
    bad["brand_id"] = json!("7082427311584347003");
    bad["category_id"] = json!("800411");
    let failed = data(&peer, Method::POST, &check, &bad).await;
    let codes = failed["fail_reasons"].as_array().unwrap().iter().map(|it| it["code"].as_i64().unwrap());
    assert_eq!(codes.collect::<Vec<_>>(), [12_052_300, 12_052_208, 12_052_104, 12_052_673]);
    let found = data(&peer, Method::POST, SEARCH, &json!({})).await;
    assert!(
        found["products"].as_array().unwrap().iter().all(|row| row["title"] != good["title"]),
        "a check makes nothing"
    );
}

#[tokio::test]
async fn products_are_told_what_could_be_better() {
    let peer = peer().await;
    let found = data(&peer, Method::POST, SEARCH, &json!({})).await;
    let id = found["products"][0]["id"].as_str().unwrap();
    let path = "/product/202405/products/diagnoses";
    let told = checked_with(&peer, Method::GET, path, &[("product_ids", id)], &Value::Null).await;
    assert_eq!(told["products"][0]["id"], id);
    let advice = told["products"][0]["diagnoses"].as_array().unwrap();
    assert_eq!(told["products"][0]["listing_quality"]["remaining_recommendations"], advice.len());
    assert!(advice.iter().any(|entry| entry["field"] == "TITLE"));
    let unknown = peer.request(Method::GET, path).with(&[("product_ids", "17")]);
    assert_eq!(peer.send(&unknown).await.json()["code"], 12_052_260);
}

#[tokio::test]
async fn a_drawn_product_can_be_read_and_sent_back() {
    let peer = peer().await;
    let found = data(&peer, Method::POST, SEARCH, &json!({})).await;
    let id = found["products"][0]["id"].as_str().unwrap();
    let shown = get(&peer, id).await;
    let edit = format!("{PRODUCTS}/{id}/partial_edit");
    let part = json!({ "main_images": [{ "uri": shown["main_images"][0]["uri"] }] });
    data(&peer, Method::POST, &edit, &part).await;
    data(&peer, Method::POST, &edit, &json!({ "title": "Another name" })).await;
}
