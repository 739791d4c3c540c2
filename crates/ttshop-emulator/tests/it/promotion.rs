//! Promotion activities and coupons.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::Switches;

use crate::checked::{checked, code};
use crate::client::{Peer, START, frozen, quiet};
use crate::webhooks::Receiver;

const ACTIVITIES: &str = "/promotion/202309/activities";

async fn peer() -> Peer {
    let switches = Switches { access_token_seconds: 90 * 86_400, ..Switches::default() };
    Peer::start(frozen().world(quiet()).switches(switches)).await
}

fn times(begin: i64, end: i64) -> Value {
    json!({ "begin_time": START.as_seconds() + begin, "end_time": START.as_seconds() + end })
}

fn activity(title: &str, kind: &str, level: &str, begin: i64, end: i64) -> Value {
    let mut body = times(begin, end);
    for (name, value) in [("title", title), ("activity_type", kind), ("product_level", level)] {
        body[name] = value.into();
    }
    body
}

async fn create(peer: &Peer, body: &Value) -> String {
    let data = checked(peer, Method::POST, ACTIVITIES, body).await;
    data["activity_id"].as_str().unwrap().to_owned()
}

async fn get(peer: &Peer, id: &str) -> Value {
    checked(peer, Method::GET, &format!("{ACTIVITIES}/{id}"), &Value::Null).await
}

/// Product and SKU ids of the first shop, with list prices.
async fn goods(peer: &Peer) -> Vec<(String, String, String)> {
    peer.place(12, "UNPAID").await;
    let found = peer.search(&[("page_size", "50")], json!({})).await;
    let mut goods = Vec::new();
    for line in
        found["orders"].as_array().unwrap().iter().flat_map(|order| order["line_items"].as_array().unwrap())
    {
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        let good = (text("product_id"), text("sku_id"), text("original_price"));
        if goods.iter().all(|(product, _, _)| *product != good.0) {
            goods.push(good);
        }
    }
    assert!(goods.len() > 2);
    goods
}

fn variation(product: &str, sku: &str, price: &str, limit: i64) -> Value {
    json!([{ "id": product, "quantity_limit": -1, "quantity_per_user": -1, "skus": [
        { "id": sku, "quantity_limit": limit, "quantity_per_user": -1, "activity_price_amount": price },
    ]}])
}

async fn put_products(peer: &Peer, id: &str, products: &Value) -> Value {
    let body = json!({ "activity_id": id, "products": products });
    checked(peer, Method::PUT, &format!("{ACTIVITIES}/{id}/products"), &body).await
}

async fn advance(peer: &Peer, seconds: i64) {
    peer.control(Method::POST, "clock/advance", json!({ "seconds": seconds })).await;
}

#[tokio::test]
async fn an_activity_goes_from_draft_to_expired_by_the_clock() {
    let peer = peer().await;
    let goods = goods(&peer).await;
    let id = create(&peer, &activity("Spring", "FIXED_PRICE", "VARIATION", 3_600, 7_200)).await;
    assert_eq!(get(&peer, &id).await["status"], "DRAFT");
    let put = put_products(&peer, &id, &variation(&goods[0].0, &goods[0].1, "1.00", -1)).await;
    assert_eq!((&put["status"], &put["total_count"]), (&json!("NOT_START"), &json!(1)));
    advance(&peer, 3_600).await;
    let ongoing = get(&peer, &id).await;
    assert_eq!(ongoing["status"], "ONGOING");
    assert_eq!(ongoing["products"][0]["skus"][0]["activity_price"]["amount"], "1.00");
    advance(&peer, 3_600).await;
    assert_eq!(get(&peer, &id).await["status"], "EXPIRED");
    let path = format!("{ACTIVITIES}/{id}/deactivate");
    assert_eq!(code(&peer, Method::POST, &path, &json!({})).await, 17_029_012);

    let republish = format!("/promotion/202607/activities/{id}/republish");
    let again = checked(&peer, Method::POST, &republish, &times(8_000, 12_000)).await;
    assert_eq!(again["activity_id"], id.as_str());
    assert_eq!(get(&peer, &id).await["status"], "NOT_START");
    assert_eq!(code(&peer, Method::POST, &republish, &json!({})).await, 17_003_243);
    let off = checked(&peer, Method::POST, &path, &json!({})).await;
    assert_eq!(off["status"], "DEACTIVATED");
    assert_eq!(code(&peer, Method::POST, &path, &json!({})).await, 17_029_010);
}

#[tokio::test]
async fn orders_pay_the_activity_price_while_it_lasts() {
    let peer = peer().await;
    let goods = goods(&peer).await;
    let (product, sku, list) = &goods[0];
    let id = create(&peer, &activity("Deal", "FIXED_PRICE", "VARIATION", 600, 7_200)).await;
    put_products(&peer, &id, &variation(product, sku, "1.00", 3)).await;
    let order = async |quantity: u32| {
        let body = json!({
            "shop_id": peer.connection.shops[0].shop_id,
            "lines": [{ "sku_id": sku, "quantity": quantity }],
        });
        let placed = peer.control(Method::POST, "orders", body).await;
        let ids = placed["order_ids"][0].as_str().unwrap().to_owned();
        let detail = peer.request(Method::GET, "/order/202507/orders").with(&[("ids", &ids)]);
        peer.data(&detail).await["orders"][0]["line_items"].as_array().unwrap().clone()
    };
    let cents = |amount: &Value| amount.as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    assert_ne!(cents(&order(1).await[0]["sale_price"]), 100, "before the activity begins");
    advance(&peer, 600).await;
    let price = json!({ "skus": [{ "id": sku, "price": { "currency": "USD", "amount": "5.00" } }] });
    let prices = format!("/product/202309/products/{product}/prices/update");
    assert_eq!(
        code(&peer, Method::POST, &prices, &price).await,
        12_052_038,
        "a running promotion holds the price"
    );
    for line in order(2).await {
        assert_eq!(cents(&line["seller_discount"]), list.replace('.', "").parse::<i64>().unwrap() - 100);
        assert_eq!(cents(&line["sale_price"]) + cents(&line["platform_discount"]), 100);
    }
    // One more of the three that are offered, then the list price again.
    let lines = order(2).await;
    let paid: Vec<i64> =
        lines.iter().map(|line| cents(&line["sale_price"]) + cents(&line["platform_discount"])).collect();
    assert!(paid[0] == 100 && paid[1] != 100, "{paid:?}");
    assert_eq!(get(&peer, &id).await["products"][0]["skus"][0]["used_quantity"], 3);
}

#[tokio::test]
async fn mistakes_have_their_codes() {
    let peer = peer().await;
    let goods = goods(&peer).await;
    let post = async |body: Value| code(&peer, Method::POST, ACTIVITIES, &body).await;
    let day = 86_400;
    assert_eq!(post(activity("A", "FIXED_PRICE", "PRODUCT", -10, day)).await, 17_029_005);
    assert_eq!(post(activity("A", "FIXED_PRICE", "PRODUCT", day, day + 60)).await, 17_029_006);
    assert_eq!(post(activity("A", "FIXED_PRICE", "PRODUCT", 0, 400 * day)).await, 17_029_007);
    assert_eq!(post(activity("A", "FLASHSALE", "PRODUCT", 0, 4 * day)).await, 17_029_008);
    assert_eq!(post(activity("A", "LOTTERY", "PRODUCT", 0, day)).await, 17_029_036);
    assert_eq!(post(activity("A", "SHIPPING_DISCOUNT", "SHOP", 0, day)).await, 17_029_001);
    let id = create(&peer, &activity("A", "FIXED_PRICE", "PRODUCT", 60, day)).await;
    assert_eq!(post(activity("A", "FIXED_PRICE", "PRODUCT", 60, day)).await, 17_029_004);
    let put = async |id: &str, products: Value| {
        let body = json!({ "activity_id": id, "products": products });
        code(&peer, Method::PUT, &format!("{ACTIVITIES}/{id}/products"), &body).await
    };
    let entry = |extra: Value| {
        let mut entry = json!({ "id": goods[0].0, "quantity_limit": -1, "quantity_per_user": -1 });
        entry.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        entry
    };
    let priced = |price: &str| entry(json!({ "activity_price_amount": price }));
    for (products, expected) in [
        (json!([]), 17_029_033),
        (json!([entry(json!({}))]), 17_029_042),
        (json!([entry(json!({ "discount": "20" }))]), 17_029_030),
        (json!([priced("1000000")]), 17_029_034),
        (json!([priced("1.00"), priced("1.00")]), 17_029_039),
        (json!([entry(json!({ "activity_price_amount": "1.00", "quantity_limit": 100 }))]), 17_029_050),
        (json!([entry(json!({ "activity_price_amount": "1.00", "quantity_per_user": 0 }))]), 17_029_014),
        (json!([entry(json!({ "id": "17", "activity_price_amount": "1.00" }))]), 17_029_051),
        (json!([priced("1.00")]), 0),
    ] {
        assert_eq!(put(&id, products.clone()).await, expected, "{products}");
    }
    let rival = create(&peer, &activity("B", "DIRECT_DISCOUNT", "PRODUCT", 120, 2 * day)).await;
    assert_eq!(put(&rival, json!([entry(json!({ "discount": "10" }))])).await, 17_029_022);
    let later = create(&peer, &activity("C", "DIRECT_DISCOUNT", "PRODUCT", day, 2 * day)).await;
    assert_eq!(put(&later, json!([entry(json!({ "discount": "10" }))])).await, 0);
    assert_eq!(put("7601000000000000000", json!([])).await, 17_029_009);

    let window = json!({ "page_size": 100, "page_token": "9900" });
    assert_eq!(code(&peer, Method::POST, "/promotion/202309/activities/search", &window).await, 17_029_059);
}

#[tokio::test]
async fn a_list_shows_what_was_created() {
    let peer = peer().await;
    let mut ids = Vec::new();
    for number in 0..5 {
        let body = activity(&format!("Sale {number}"), "DIRECT_DISCOUNT", "PRODUCT", 60, 86_400);
        ids.insert(0, create(&peer, &body).await);
    }
    let path = "/promotion/202309/activities/search";
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let body = json!({ "page_size": 2, "page_token": token, "activity_title": "Sale" });
        let page = checked(&peer, Method::POST, path, &body).await;
        assert_eq!(page["total_count"], 5);
        let rows = page["activities"].as_array().unwrap();
        seen.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        token = page["next_page_token"].as_str().unwrap().to_owned();
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, ids);
    let drafts = json!({ "status": "ONGOING" });
    assert_eq!(checked(&peer, Method::POST, path, &drafts).await["total_count"], 0);
    peer.control(Method::POST, &format!("promotions/activities/{}/stop", ids[0]), Value::Null).await;
    assert_eq!(get(&peer, &ids[0]).await["status"], "NOT_EFFECTIVE");
}

#[tokio::test]
async fn removed_products_are_gone() {
    let peer = peer().await;
    let goods = goods(&peer).await;
    let id = create(&peer, &activity("Flash", "FLASHSALE", "PRODUCT", 600, 7_200)).await;
    let entry = |id: &str| json!({ "id": id, "quantity_limit": -1, "quantity_per_user": -1, "activity_price_amount": "1.00" });
    let put = put_products(&peer, &id, &json!([entry(&goods[0].0), entry(&goods[1].0)])).await;
    assert_eq!(put["total_count"], 2);
    let path = format!("{ACTIVITIES}/{id}/products");
    let body = json!({ "product_ids": [goods[1].0] });
    checked(&peer, Method::DELETE, &path, &body).await;
    assert_eq!(get(&peer, &id).await["products"].as_array().unwrap().len(), 1);
    assert_eq!(code(&peer, Method::DELETE, &path, &body).await, 17_029_023);
    advance(&peer, 600).await;
    let body = json!({ "product_ids": [goods[0].0] });
    assert_eq!(code(&peer, Method::DELETE, &path, &body).await, 17_029_047);
}

#[tokio::test]
async fn coupons_are_made_in_seller_center_and_read_by_the_api() {
    let peer = peer().await;
    let shop_id = peer.connection.shops[0].shop_id.clone();
    let coupon = json!({ "shop_id": shop_id, "title": "Ten off", "percent_off": 10, "min_spend": "30.00" });
    let made = peer.control(Method::POST, "promotions/coupons", coupon).await;
    let id = made["coupon_id"].as_str().unwrap();
    let path = "/promotion/202406/coupons/search";
    let list = checked(&peer, Method::POST, path, &json!({ "status": ["ONGOING"] })).await;
    assert_eq!((&list["total_count"], &list["coupons"][0]["id"]), (&json!(1), &json!(id)));
    let one = format!("/promotion/202406/coupons/{id}");
    let read = checked(&peer, Method::GET, &one, &Value::Null).await;
    assert_eq!(read["coupon"]["threshold"]["min_spend"]["amount"], "30.00");
    peer.control(Method::POST, &format!("promotions/coupons/{id}/deactivate"), Value::Null).await;
    let read = checked(&peer, Method::GET, &one, &Value::Null).await;
    assert_eq!(read["coupon"]["status"], "DEACTIVATED");
}

#[tokio::test]
async fn activities_are_told() {
    let peer = peer().await;
    let goods = goods(&peer).await;
    let receiver = Receiver::start().await;
    peer.control(Method::PUT, "app", json!({ "webhook_url": receiver.url })).await;
    let id = create(&peer, &activity("Told", "FIXED_PRICE", "PRODUCT", 600, 7_200)).await;
    let entry = json!({
        "id": goods[0].0, "quantity_limit": -1, "quantity_per_user": -1, "activity_price_amount": "1.00",
    });
    put_products(&peer, &id, &json!([entry])).await;
    peer.control(Method::POST, "settle", Value::Null).await;
    let mut changes: Vec<Value> = receiver.bodies().iter().map(|body| body["data"].clone()).collect();
    changes.sort_by_key(|data| data["change_type"].as_str().map(str::to_owned));
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(changes[0]["change_type"], "CREATE");
    assert_eq!(changes[1]["product_update_list"]["product_ids"], json!([goods[0].0]));
    for (seconds, status) in [(600, "ONGOING"), (6_600, "EXPIRED")] {
        advance(&peer, seconds).await;
        peer.control(Method::POST, "settle", Value::Null).await;
        let told = receiver.bodies();
        let told = told.iter().find(|body| body["type"] == 39).unwrap();
        assert_eq!((&told["data"]["status"], &told["data"]["activity_id"]), (&json!(status), &json!(id)));
    }
}
