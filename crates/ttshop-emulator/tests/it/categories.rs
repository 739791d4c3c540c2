//! Categories, their rules, and brands.

use reqwest::Method;
use serde_json::{Value, json};

use crate::checked::{checked, checked_with, code};
use crate::client::{Peer, Request, frozen, quiet};

const CATEGORIES: &str = "/product/202309/categories";
const GLOBAL: &str = "/product/202309/global_categories";
const BRANDS: &str = "/product/202309/brands";
const V2: (&str, &str) = ("category_version", "v2");
/// Calls that name no shop.
const NO_SHOP: (&str, &str) = ("shop_cipher", "");

async fn peer() -> Peer {
    Peer::start(frozen().world(quiet())).await
}

async fn code_with(peer: &Peer, request: Request, params: &[(&str, &str)]) -> i64 {
    peer.send(&request.with(params)).await.json()["code"].as_i64().unwrap()
}

fn find<'v>(rows: &'v Value, field: &str, value: &str) -> &'v Value {
    rows.as_array().unwrap().iter().find(|row| row[field] == value).unwrap()
}

#[tokio::test]
async fn the_tree_leads_from_roots_to_leaves() {
    let peer = peer().await;
    let tree = checked_with(&peer, Method::GET, CATEGORIES, &[V2], &Value::Null).await;
    let rows = tree["categories"].as_array().unwrap();
    for row in rows {
        let parent = row["parent_id"].as_str().unwrap();
        assert!(parent == "0" || rows.iter().any(|other| other["id"] == parent), "{row}");
    }
    assert!(rows.iter().all(|row| row["permission_statuses"] != json!(["PROHIBITED"])));
    let all = [V2, ("include_prohibited_categories", "true")];
    let all = checked_with(&peer, Method::GET, CATEGORIES, &all, &Value::Null).await;
    assert_eq!(all["categories"].as_array().unwrap().len(), rows.len() + 1);
    let found = checked_with(&peer, Method::GET, CATEGORIES, &[V2, ("keyword", "apron")], &Value::Null).await;
    assert_eq!(found["categories"][0]["id"], "800221");
    let global = checked_with(&peer, Method::GET, GLOBAL, &[V2, NO_SHOP], &Value::Null).await;
    assert_eq!(global["categories"].as_array().unwrap().len(), rows.len());
}

#[tokio::test]
async fn a_market_knows_one_version_or_both() {
    let peer = peer().await;
    let get = || peer.request(Method::GET, CATEGORIES);
    assert_eq!(code_with(&peer, get(), &[]).await, 12_052_217, "the United States know v2 only");
    assert_eq!(code_with(&peer, get(), &[("category_version", "v3")]).await, 36_009_004);
    let (british, token) = (&peer.connection.shops[1].cipher, &peer.connection.shops[1].access_token);
    let old = peer.data(&get().with(&[("shop_cipher", british)]).token(token.clone())).await;
    assert!(old["categories"].as_array().unwrap().iter().any(|row| row["id"] == "600221"));
}

#[tokio::test]
async fn a_category_tells_what_it_demands() {
    let peer = peer().await;
    let of = async |id: &str, what: &str| {
        checked_with(&peer, Method::GET, &format!("{CATEGORIES}/{id}/{what}"), &[V2], &Value::Null).await
    };
    let of_all = async |id: &str, what: &str| {
        let params = [V2, NO_SHOP];
        checked_with(&peer, Method::GET, &format!("{CATEGORIES}/{id}/{what}"), &params, &Value::Null).await
    };
    let lamps = of("800131", "attributes").await;
    let battery = find(&lamps["attributes"], "id", "101400");
    assert_eq!((&battery["is_requried"], &battery["type"]), (&json!(true), &json!("PRODUCT_PROPERTY")));
    let kind = find(&lamps["attributes"], "name", "Battery Type");
    assert_eq!(kind["requirement_conditions"][0]["attribute_value_id"], "1000058");
    let global = of_all("800131", "global_attributes").await;
    assert!(find(&global["attributes"], "id", "101400")["required_regions"].to_string().contains("US"));
    let shirts = of("800411", "rules").await;
    assert_eq!(shirts["size_chart"]["is_required"], true);
    assert_eq!(of("800221", "rules").await["size_chart"]["is_supported"], false);
    assert_eq!(shirts["manufacturer"]["is_required"], false);
    let everywhere = of_all("800411", "global_rules").await;
    assert!(everywhere["manufacturer"]["required_regions"].to_string().contains("DE"));
}

#[tokio::test]
async fn what_is_no_leaf_is_refused() {
    let peer = peer().await;
    for (id, version, expected) in [
        ("800200", "v2", 12_052_024),
        ("600221", "v2", 12_052_230),
        ("17", "v2", 12_052_023),
        ("800721", "v2", 12_052_220),
        ("800221", "v1", 12_052_217),
    ] {
        for what in ["attributes", "rules"] {
            let request = peer.request(Method::GET, &format!("{CATEGORIES}/{id}/{what}"));
            let params = [("category_version", version)];
            assert_eq!(code_with(&peer, request, &params).await, expected, "{id} {what}");
        }
    }
}

#[tokio::test]
async fn a_title_is_given_its_category() {
    let peer = peer().await;
    let recommend = format!("{CATEGORIES}/recommend");
    let body = json!({ "product_title": "Linen Apron, two pockets", "category_version": "v2" });
    let found = checked(&peer, Method::POST, &recommend, &body).await;
    assert_eq!(found["leaf_category_id"], "800221");
    let levels = found["categories"].as_array().unwrap();
    assert_eq!(levels.iter().map(|row| row["level"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(levels[2]["is_leaf"], true);
    let nothing = json!({ "product_title": "Zzz", "category_version": "v2" });
    assert_eq!(code(&peer, Method::POST, &recommend, &nothing).await, 12_019_064);
    let empty = json!({ "product_title": " ", "category_version": "v2" });
    assert_eq!(code(&peer, Method::POST, &recommend, &empty).await, 12_052_261);
    let old = json!({ "product_title": "Yoga mat" });
    let global = checked_with(&peer, Method::POST, &format!("{GLOBAL}/recommend"), &[NO_SHOP], &old).await;
    assert_eq!(global["leaf_category_id"], "600711");
}

#[tokio::test]
async fn sellers_make_brands_of_their_own() {
    let peer = peer().await;
    let all = checked_with(&peer, Method::GET, BRANDS, &[("page_size", "100")], &Value::Null).await;
    let create = async |name: &str| {
        let request = peer.request(Method::POST, BRANDS).with(&[NO_SHOP]).body(&json!({ "name": name }));
        peer.send(&request).await.json()
    };
    let made = create("Maple Street").await;
    let id = made["data"]["id"].as_str().unwrap();
    for (name, expected) in [
        ("M", 12_052_189),
        ("A name that is much longer than thirty", 12_052_190),
        ("Maple*Street", 12_052_191),
        ("Maple 123456789", 12_052_192),
        ("maple street", 12_052_205),
        ("Birchwood", 12_052_205),
    ] {
        assert_eq!(create(name).await["code"], expected, "{name}");
    }
    let params = [("page_size", "1"), ("brand_name", "maple")];
    let found = checked_with(&peer, Method::GET, BRANDS, &params, &Value::Null).await;
    assert_eq!((&found["brands"][0]["id"], &found["total_count"]), (&json!(id), &json!(1)));
    let more = checked_with(&peer, Method::GET, BRANDS, &[("page_size", "1")], &Value::Null).await;
    assert_eq!(more["total_count"].as_i64(), all["total_count"].as_i64().map(|count| count + 1));
    assert!(!more["next_page_token"].as_str().unwrap().is_empty());
    let free = [("page_size", "100"), ("is_authorized", "false")];
    let protected = checked_with(&peer, Method::GET, BRANDS, &free, &Value::Null).await;
    assert!(
        protected["brands"].as_array().unwrap().iter().all(|row| row["authorized_status"] == "UNAUTHORIEZD")
    );
    let title = json!({ "product_title": "Maple Street mug" });
    let best = checked_with(&peer, Method::POST, &format!("{BRANDS}/recommend"), &[NO_SHOP], &title).await;
    assert_eq!(best["brand"]["id"], id);
    let suggested = checked(&peer, Method::POST, "/product/202609/brands/suggest", &title).await;
    assert_eq!(suggested["brands"], json!([{ "id": id, "name": "Maple Street", "is_authorized": true }]));
}

#[tokio::test]
async fn brands_have_a_daily_limit() {
    let peer = peer().await;
    let create = async |name: String| {
        let request = peer.request(Method::POST, BRANDS).with(&[NO_SHOP]).body(&json!({ "name": name }));
        peer.send(&request).await.json()["code"].as_i64().unwrap()
    };
    for place in 0..50 {
        assert_eq!(create(format!("Brand {place}")).await, 0);
    }
    assert_eq!(create("One more".into()).await, 36_009_002, "first the quota of the second");
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 1 })).await;
    assert_eq!(create("One more".into()).await, 12_052_202);
    peer.control(Method::POST, "clock/advance", json!({ "seconds": 86_400 })).await;
    assert_eq!(create("One more".into()).await, 0);
}
