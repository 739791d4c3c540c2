//! Global products through signed calls.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_catalogue::by_key;
use ttshop_emulator::{SampleFile, SellerSpec, ShopSpec, WorldSpec, sample_request};
use ttshop_types::Region;

use crate::catalogue::call;
use crate::checked::checked_with;
use crate::client::{Peer, frozen, quiet};

const GLOBAL: &str = "/product/202309/global_products";
const NO_SHOP: (&str, &str) = ("shop_cipher", "");
const PAGE: [(&str, &str); 2] = [NO_SHOP, ("page_size", "10")];

/// One seller with shops in Britain and in Japan.
async fn peer() -> Peer {
    let shop = |name: &str, region| ShopSpec {
        name: name.into(),
        region,
        cross_border: true,
        products: 1,
        orders: 0,
        warehouses: 1,
    };
    let shops = vec![shop("London", Region::UnitedKingdom), shop("Tokyo", Region::Japan)];
    let seller = SellerSpec { name: "Far".into(), region: Region::Singapore, shops, connected: true };
    Peer::start(frozen().world(WorldSpec { sellers: vec![seller], ..WorldSpec::empty() })).await
}

async fn picture(peer: &Peer) -> Value {
    let operation = by_key("product.upload_product_image").unwrap();
    let mut sample = sample_request(operation);
    let size = [800u32.to_be_bytes(), 800u32.to_be_bytes()].concat();
    let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &size, b"\x08\x02\0\0\0"].concat();
    sample.files = vec![SampleFile { part: "data", file_name: "sample.png", bytes: png }];
    sample.texts = vec![("use_case", "MAIN_IMAGE".to_owned())];
    peer.send(&call(peer, operation, &sample)).await.json()["data"]["uri"].clone()
}

async fn mug(peer: &Peer) -> Value {
    let sku = |colour: &str, amount: &str| {
        json!({
            "seller_sku": format!("MUG-{colour}"),
            "price": { "currency": "USD", "amount": amount },
            "global_quantity": 40,
            "inventory": [{ "global_warehouse_id": "7000714532876273420", "quantity": 40 }],
            "sales_attributes": [{ "name": "Color", "value_name": colour }],
        })
    };
    json!({
        "title": "Enamel travel mug",
        "description": "<p>Keeps tea warm.</p>",
        "category_id": "800212",
        "category_version": "v2",
        "main_images": [{ "uri": picture(peer).await }],
        "package_weight": { "value": "0.4", "unit": "KILOGRAM" },
        "skus": [sku("Moss", "12.30"), sku("Ink", "13.00")],
    })
}

async fn send(peer: &Peer, method: Method, path: &str, body: &Value) -> Value {
    checked_with(peer, method, path, &[NO_SHOP], body).await
}

async fn code(peer: &Peer, method: Method, path: &str, body: &Value) -> i64 {
    let request = peer.request(method, path).with(&[NO_SHOP]).body(body);
    peer.send(&request).await.json()["code"].as_i64().unwrap()
}

async fn create(peer: &Peer) -> (String, Value) {
    let made = send(peer, Method::POST, GLOBAL, &mug(peer).await).await;
    (made["global_product_id"].as_str().unwrap().to_owned(), made["global_skus"].clone())
}

#[tokio::test]
async fn a_global_product_is_made_edited_found_and_deleted() {
    let peer = peer().await;
    let (id, skus) = create(&peer).await;
    let path = format!("{GLOBAL}/{id}");
    let shown = send(&peer, Method::GET, &path, &Value::Null).await;
    assert_eq!(
        (&shown["title"], &shown["skus"][1]["seller_sku"]),
        (&json!("Enamel travel mug"), &json!("MUG-Ink"))
    );
    let partial = format!("/product/202509/global_products/{id}/partial_edit");
    send(&peer, Method::PUT, &partial, &json!({ "title": "Enamel mug" })).await;
    let mut whole = mug(&peer).await;
    whole["skus"] = json!([{ "id": skus[0]["id"], "price": { "currency": "USD", "amount": "9.99" } }]);
    let shown = send(&peer, Method::GET, &path, &Value::Null).await;
    assert_eq!(
        (&shown["title"], &shown["description"]),
        (&json!("Enamel mug"), &json!("<p>Keeps tea warm.</p>"))
    );
    send(&peer, Method::PUT, &path, &whole).await;
    let shown = send(&peer, Method::GET, &path, &Value::Null).await;
    assert_eq!(shown["skus"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&shown["title"], &shown["skus"][0]["price"]["amount"]),
        (&json!("Enamel travel mug"), &json!("9.99"))
    );
    for version in ["202309", "202312"] {
        let search = format!("/product/{version}/global_products/search");
        for (filter, count) in [
            (json!({ "status": "UNPUBLISHED", "seller_skus": ["MUG-Moss"] }), 1),
            (json!({ "seller_skus": ["MUG-Ink"] }), 0),
            (json!({ "status": "PUBLISHED" }), 0),
            (json!({ "create_time_ge": shown["create_time"], "create_time_le": shown["create_time"] }), 1),
        ] {
            let found = checked_with(&peer, Method::POST, &search, &PAGE, &filter).await;
            assert_eq!(found["total_count"], count, "{filter}");
        }
    }
    let gone = json!({ "global_product_ids": [id, "17"] });
    let errors = send(&peer, Method::DELETE, GLOBAL, &gone).await["errors"].clone();
    assert_eq!((&errors[0]["code"], errors.as_array().unwrap().len()), (&json!(12_019_150), 1));
    assert_eq!(code(&peer, Method::PUT, &path, &whole).await, 12_019_113);
    assert_eq!(code(&peer, Method::GET, &format!("{GLOBAL}/17"), &json!({})).await, 12_052_260);
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_and_checked_before() {
    let peer = peer().await;
    let good = mug(&peer).await;
    let with = |pointer: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let check = "/product/202404/global_products/listing_check";
    assert_eq!(send(&peer, Method::POST, check, &good).await["check_result"], "PASS");
    for (body, expected) in [
        (with("/title", json!("")), 12_052_261),
        (with("/main_images/0/uri", json!("elsewhere")), 12_052_300),
        (with("/category_id", json!("600212")), 12_052_230),
        (with("/skus", json!([])), 12_052_902),
        (with("/skus/0/price/currency", json!("JPY")), 12_052_084),
        (with("/skus/0/price/amount", json!("0")), 12_052_073),
        (with("/skus/0/sales_attributes", json!([])), 12_019_117),
        (with("/skus/0/sales_attributes/0/name", json!("Size")), 12_052_550),
        (with("/skus/0/inventory/0/global_warehouse_id", json!("5")), 12_052_143),
    ] {
        assert_eq!(code(&peer, Method::POST, GLOBAL, &body).await, expected, "{body}");
        assert_eq!(send(&peer, Method::POST, check, &body).await["check_result"], "FAILED");
    }
    let local = Peer::start(frozen().world(quiet())).await;
    assert_eq!(code(&local, Method::POST, GLOBAL, &good).await, 12_019_114, "a local seller has none");
}

#[tokio::test]
async fn global_stock_is_absolute_and_names_all_warehouses() {
    let peer = peer().await;
    let (id, skus) = create(&peer).await;
    let path = format!("{GLOBAL}/{id}/inventory/update");
    let entry = |warehouse: &str, quantity: i64| {
        let inventory = json!([{ "global_warehouse_id": warehouse, "quantity": quantity }]);
        json!({ "global_skus": [{ "id": skus[0]["id"], "inventory": inventory }] })
    };
    send(&peer, Method::POST, &path, &entry("7000714532876273420", 7)).await;
    let shown = send(&peer, Method::GET, &format!("{GLOBAL}/{id}"), &Value::Null).await;
    assert_eq!(shown["skus"][0]["inventory"][0]["quantity"], 7);
    assert_eq!(code(&peer, Method::POST, &path, &entry("7000714532876273420", 0)).await, 12_052_055);
    assert_eq!(code(&peer, Method::POST, &path, &entry("5", 7)).await, 12_052_533);
    let mut unknown = entry("7000714532876273420", 7);
    unknown["global_skus"][0]["id"] = json!("17");
    assert_eq!(code(&peer, Method::POST, &path, &unknown).await, 12_052_556);
    assert_eq!(code(&peer, Method::POST, &path, &json!({ "global_skus": [] })).await, 12_052_902);
}

#[tokio::test]
async fn each_market_is_published_by_itself() {
    let peer = peer().await;
    let (id, skus) = create(&peer).await;
    let publish = format!("{GLOBAL}/{id}/publish");
    let target =
        |region: &str| json!({ "region": region, "skus": [{ "related_global_sku_id": skus[0]["id"] }] });
    let body = json!({ "publish_target": [target("JP"), target("US")] });
    let done = send(&peer, Method::POST, &publish, &body).await;
    let statuses = [&done["publish_result"][0]["status"], &done["publish_result"][1]["status"]];
    assert_eq!(statuses, [&json!("SUCCESS"), &json!("FAILED")], "{done}");
    assert_eq!(done["products"][0]["shop_id"], peer.connection.shops[1].shop_id.as_str());
    let again = send(&peer, Method::POST, &publish, &json!({ "publish_target": [target("JP")] })).await;
    assert_eq!(again["publish_result"][0]["status"], "FAILED", "published before");
    let shown = send(&peer, Method::GET, &format!("{GLOBAL}/{id}"), &Value::Null).await;
    assert_eq!(
        (&shown["products"][0]["region"], &shown["products"][0]["id"]),
        (&json!("JP"), &done["products"][0]["id"])
    );
    assert_eq!(shown["products"][0]["sku_mappings"][0]["global_sku_id"], skus[0]["id"]);
    let path = format!("/product/202309/products/{}", done["products"][0]["id"].as_str().unwrap());
    let cipher = peer.connection.shops[1].cipher.as_str();
    let local = checked_with(&peer, Method::GET, &path, &[("shop_cipher", cipher)], &Value::Null).await;
    assert_eq!(
        (&local["status"], &local["skus"][0]["price"]["currency"]),
        (&json!("PENDING"), &json!("JPY"))
    );
    assert_eq!(local["skus"][0]["price"]["sale_price"], "1845");
    assert_eq!(local["skus"][0]["inventory"][0]["quantity"], 40);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 60 })).await;
    let local = checked_with(&peer, Method::GET, &path, &[("shop_cipher", cipher)], &Value::Null).await;
    assert_eq!(local["status"], "ACTIVATE");
}
