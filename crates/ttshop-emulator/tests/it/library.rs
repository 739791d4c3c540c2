//! What belongs to a seller: uploads, compliance records, size charts; and what a shop needs before it lists.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_catalogue::{Operation, by_key};
use ttshop_emulator::{SampleFile, sample_request};

use crate::catalogue::call;
use crate::checked::{checked, checked_with};
use crate::client::{Peer, frozen, quiet};

const MANUFACTURERS: &str = "/product/202409/compliance/manufacturers";
const PERSONS: &str = "/product/202409/compliance/responsible_persons";
const NO_SHOP: (&str, &str) = ("shop_cipher", "");
const PAGE: [(&str, &str); 2] = [NO_SHOP, ("page_size", "10")];

async fn peer() -> Peer {
    Peer::start(frozen().world(quiet())).await
}

async fn code(peer: &Peer, path: &str, body: &Value) -> i64 {
    let request = peer.request(Method::POST, path).with(&PAGE).body(body);
    let request = if path.ends_with("search") { request } else { request.with(&[("page_size", "")]) };
    peer.send(&request).await.json()["code"].as_i64().unwrap()
}

/// A PNG's header.
fn png(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &size, b"\x08\x02\0\0\0"].concat()
}

async fn upload(peer: &Peer, operation: &Operation, bytes: Vec<u8>, texts: &[(&'static str, &str)]) -> Value {
    let mut sample = sample_request(operation);
    sample.files = vec![SampleFile { part: "data", file_name: "sample.bin", bytes }];
    sample.texts = texts.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let reply = peer.send(&call(peer, operation, &sample)).await;
    assert_eq!(reply.header("x-emulator-tier"), Some("stateful"));
    reply.json()
}

#[tokio::test]
async fn an_uploaded_image_has_a_name_of_its_own() {
    let peer = peer().await;
    let operation = by_key("product.upload_product_image").unwrap();
    let send = async |width, height, use_case: &str| {
        upload(&peer, operation, png(width, height), &[("use_case", use_case)]).await
    };
    let first = send(800, 900, "MAIN_IMAGE").await;
    assert_eq!((&first["data"]["width"], &first["data"]["height"]), (&json!(800), &json!(900)));
    assert_eq!(first["data"]["use_case"], "MAIN_IMAGE");
    assert_ne!(first["data"]["uri"], send(800, 900, "MAIN_IMAGE").await["data"]["uri"]);
    let squared = send(800, 1_200, "ATTRIBUTE_IMAGE").await;
    assert_eq!((&squared["data"]["width"], &squared["data"]["height"]), (&json!(1_200), &json!(1_200)));
    assert_eq!(send(800, 900, "ANY_IMAGE").await["code"], 11_050_001);
    assert_eq!(upload(&peer, operation, png(400, 400), &[]).await["data"]["use_case"], "MAIN_IMAGE");
    let chart = send(1_100, 1_100, "SIZE_CHART_IMAGE").await["data"]["url"].clone();
    let body = json!({ "images": [{ "url": chart }, { "url": first["data"]["url"] }] });
    let path = "/product/202309/images/size_charts/identify";
    let answer = checked_with(&peer, Method::POST, path, &[NO_SHOP], &body).await;
    assert_eq!(answer["images"][0]["is_size_chart"], true);
    assert_eq!(answer["images"][1]["is_size_chart"], false);
}

#[tokio::test]
async fn an_uploaded_file_has_a_name_and_a_format() {
    let peer = peer().await;
    let operation = by_key("product.upload_product_file").unwrap();
    let answer = upload(&peer, operation, b"%PDF-1.7\n".to_vec(), &[("name", "report.pdf")]).await;
    assert_eq!((&answer["data"]["name"], &answer["data"]["format"]), (&json!("report.pdf"), &json!("PDF")));
    let again = upload(&peer, operation, b"%PDF-1.7\n".to_vec(), &[("name", "report.pdf")]).await;
    assert_ne!(answer["data"]["id"], again["data"]["id"]);
}

fn manufacturer() -> Value {
    json!({
        "name": "Ash Works",
        "email": "office@ash.example",
        "phone_number": { "country_code": "+49", "local_number": "3012345678" },
        "address": "Lindenallee 1, 10115 Berlin",
        "locale": "de-DE",
    })
}

#[tokio::test]
async fn manufacturers_are_kept_by_language() {
    let peer = peer().await;
    let made = checked_with(&peer, Method::POST, MANUFACTURERS, &[NO_SHOP], &manufacturer()).await;
    let id = made["manufacturer_id"].as_str().unwrap();
    let edit = format!("{MANUFACTURERS}/{id}/partial_edit");
    let french = json!({ "name": "Ateliers Ash", "locale": "fr-FR" });
    checked_with(&peer, Method::POST, &edit, &[NO_SHOP], &french).await;
    let newer = "/product/202501/compliance/manufacturers/search";
    let found = checked_with(&peer, Method::POST, newer, &PAGE, &json!({ "keyword": "ateliers" })).await;
    let profiles = &found["manufacturers"][0]["regional_profiles"];
    assert_eq!((&profiles[0]["locale"], &profiles[0]["name"]), (&json!("de-DE"), &json!("Ash Works")));
    assert_eq!((&profiles[1]["locale"], &profiles[1]["name"]), (&json!("fr-FR"), &json!("Ateliers Ash")));
    assert_eq!(profiles[1]["email"], "office@ash.example");
    let one = json!({ "manufacturer_ids": [id], "locales": ["fr-FR"] });
    let found = checked_with(&peer, Method::POST, newer, &PAGE, &one).await;
    assert_eq!(found["manufacturers"][0]["regional_profiles"].as_array().unwrap().len(), 1);
    let older = format!("{MANUFACTURERS}/search");
    let found = checked_with(&peer, Method::POST, &older, &PAGE, &json!({})).await;
    assert_eq!((&found["manufacturers"][0]["name"], &found["total_count"]), (&json!("Ash Works"), &json!(1)));
    let foreign = peer.request(Method::POST, &edit).with(&[NO_SHOP]).body(&json!({ "name": "Mine" }));
    let foreign = peer.send(&foreign.token(peer.connection.shops[1].access_token.clone())).await;
    assert_eq!(foreign.json()["code"], 38_023_052);
}

#[tokio::test]
async fn manufacturers_are_checked() {
    let peer = peer().await;
    for (field, value, expected) in [
        ("name", json!(" "), 38_023_033),
        ("address", json!(""), 38_023_034),
        ("registered_trade_name", json!(" "), 38_023_037),
        ("email", json!("office"), 38_023_042),
        ("phone_number", json!({ "country_code": "49", "local_number": "3012345678" }), 38_023_046),
        ("phone_number", json!({ "country_code": "+49", "local_number": "30" }), 38_023_041),
        ("phone_number", json!({ "availability": "PERHAPS" }), 38_023_060),
        ("phone_number", json!({ "availability": "UNAVAILABLE" }), 0),
        ("locale", json!("xx-XX"), 38_023_057),
    ] {
        let mut body = manufacturer();
        body[field] = value;
        assert_eq!(code(&peer, MANUFACTURERS, &body).await, expected, "{body}");
    }
    let unknown = format!("{MANUFACTURERS}/17/partial_edit");
    assert_eq!(code(&peer, &unknown, &json!({ "name": "Ash" })).await, 38_023_051);
    let many: Vec<String> = (0..11).map(|id| id.to_string()).collect();
    let search = format!("{MANUFACTURERS}/search");
    assert_eq!(code(&peer, &search, &json!({ "manufacturer_ids": many })).await, 38_023_049);
    let token = peer.request(Method::POST, &search).with(&PAGE).with(&[("page_token", "x")]).body(&json!({}));
    assert_eq!(peer.send(&token).await.json()["code"], 38_023_048);
}

fn person() -> Value {
    json!({
        "name": "Ada Rossi",
        "email": "ada@rossi.example",
        "phone_number": { "country_code": "+39", "local_number": "0612345678" },
        "address": { "street_address_line1": "Via Roma 1", "postal_code": "00100", "country": "Italy" },
    })
}

#[tokio::test]
async fn responsible_persons_live_in_the_european_union() {
    let peer = peer().await;
    let made = checked_with(&peer, Method::POST, PERSONS, &[NO_SHOP], &person()).await;
    let id = made["responsible_person_id"].as_str().unwrap();
    let edit = format!("{PERSONS}/{id}/partial_edit");
    checked_with(&peer, Method::POST, &edit, &[NO_SHOP], &json!({ "name": "Ada Bianchi" })).await;
    for path in ["202409", "202501"] {
        let path = format!("/product/{path}/compliance/responsible_persons/search");
        let found = checked_with(&peer, Method::POST, &path, &PAGE, &json!({ "keyword": "BIANCHI" })).await;
        assert_eq!(found["responsible_persons"][0]["id"], id);
        assert!(found.to_string().contains("Via Roma 1"));
    }
    let address =
        |country: &str| json!({ "street_address_line1": "1", "postal_code": "2", "country": country });
    let number = |dial: &str| json!({ "country_code": dial, "local_number": "612345678" });
    for (field, value, expected) in [
        ("name", json!(""), 38_023_022),
        ("email", json!("ada@rossi"), 38_023_042),
        ("phone_number", number("+1"), 38_023_028),
        ("address", address("United States"), 38_023_026),
        ("address", json!({ "street_address_line1": " ", "postal_code": "2", "country": "IT" }), 38_023_024),
        ("address", address("IT"), 0),
    ] {
        let mut body = person();
        body[field] = value;
        assert_eq!(code(&peer, PERSONS, &body).await, expected, "{body}");
    }
    assert_eq!(code(&peer, &format!("{PERSONS}/17/partial_edit"), &json!({})).await, 38_023_051);
}

#[tokio::test]
async fn a_size_chart_has_a_cell_for_every_header() {
    let peer = peer().await;
    let chart = |cells: &[&str]| {
        let cells: Vec<_> = cells.iter().map(|value| json!({ "value": value })).collect();
        json!({
            "category_id": "800411",
            "size_chart_mode": "REUSABLE_TEMPLATE",
            "template_name": "Shirts",
            "size_chart_data": {
                "measurement_type": "BODY_MEASUREMENTS",
                "unit_system": "METRIC",
                "table": { "headers": [{ "name": "Size" }, { "name": "Chest" }], "rows": [{ "cells": cells }] },
            },
        })
    };
    let path = "/product/202610/size_charts";
    let made = checked(&peer, Method::POST, path, &chart(&["M", "100"])).await;
    let id = made["size_chart_id"].as_str().unwrap();
    let refused = async |body: &Value| {
        peer.send(&peer.request(Method::POST, path).body(body)).await.json()["code"].as_i64().unwrap()
    };
    assert_eq!(refused(&chart(&["M"])).await, 36_009_004);
    let mut mug = chart(&["M", "100"]);
    mug["category_id"] = "800212".into();
    assert_eq!(refused(&mug).await, 36_009_004);
    mug["category_id"] = "17".into();
    assert_eq!(refused(&mug).await, 12_052_023);
    let mut changed = chart(&["L", "108"]);
    changed["size_chart_id"] = id.into();
    checked(&peer, Method::POST, "/product/202610/size_charts/edit", &changed).await;
    changed["size_chart_id"] = "17".into();
    let edit = peer.request(Method::POST, "/product/202610/size_charts/edit").body(&changed);
    assert_eq!(peer.send(&edit).await.json()["code"], 12_052_128);
    let search = "/product/202407/sizecharts/search";
    let found = checked_with(&peer, Method::POST, search, &PAGE, &json!({ "ids": [id] })).await;
    let data = &found["size_chart"][0]["size_chart_datas"][0]["size_chart_data"];
    assert_eq!(data["table"]["rows"][0]["cells"][1]["value"], "108");
    let other = json!({ "size_chart_mode": "PRODUCT_SCOPED" });
    assert_eq!(checked_with(&peer, Method::POST, search, &PAGE, &other).await["total_count"], 0);
}

#[tokio::test]
async fn both_versions_tell_what_keeps_a_shop_from_listing() {
    let peer = peer().await;
    let newer = checked(&peer, Method::GET, "/product/202312/prerequisites", &Value::Null).await;
    let checks = newer["check_results"].as_array().unwrap();
    assert!(checks.len() == 9 && checks.iter().all(|check| check["is_failed"] == false), "{newer}");
    let older = checked(&peer, Method::GET, "/product/202309/prerequisites", &Value::Null).await;
    assert_eq!(older["shop"]["logistics"]["pickup_warehouse"], "");
}

#[tokio::test]
async fn a_seller_keeps_its_library_over_a_restart() {
    let peer = peer().await;
    let made = checked_with(&peer, Method::POST, MANUFACTURERS, &[NO_SHOP], &manufacturer()).await;
    let snapshot = peer.control(Method::POST, "snapshot", Value::Null).await;
    checked_with(&peer, Method::POST, MANUFACTURERS, &[NO_SHOP], &manufacturer()).await;
    peer.control(Method::POST, "restore", snapshot).await;
    let found =
        checked_with(&peer, Method::POST, &format!("{MANUFACTURERS}/search"), &PAGE, &json!({})).await;
    assert_eq!(found["total_count"], 1);
    assert_eq!(found["manufacturers"][0]["id"], made["manufacturer_id"]);
}
