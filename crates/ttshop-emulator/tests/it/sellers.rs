//! Who the seller is, which shops belong together, and tokens for widgets.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_catalogue::OPERATIONS;
use ttshop_emulator::{SellerSpec, ShopSpec, WorldSpec};
use ttshop_types::Region;

use crate::client::{Peer, START, frozen};
use crate::validator::{Rigour, findings};

async fn read(peer: &Peer, path: &str, params: &[(&str, &str)]) -> Value {
    let request = peer.request(Method::GET, path).with(params);
    let data = peer.data(&request).await;
    let operation = OPERATIONS.iter().find(|operation| operation.path == path).unwrap();
    let found = findings(operation.response, &data, Rigour::Types);
    assert!(found.is_empty(), "{path}: {found:?}");
    data
}

#[tokio::test]
async fn widget_tokens_live_five_minutes_and_differ() {
    let peer = Peer::start(frozen()).await;
    let shop = peer.connection.shops[0].shop_id.clone();
    for path in ["/authorization/202312/widget_token", "/authorization/202401/widget_token"] {
        let one = read(&peer, path, &[("shop_cipher", ""), ("shop_id", &shop)]).await;
        let two = read(&peer, path, &[("shop_cipher", "")]).await;
        assert_ne!(one["widget_token"]["token"], two["widget_token"]["token"]);
        assert_eq!(one["widget_token"]["expire_at"], START.as_seconds() + 300);
    }
    let foreign = peer.connection.shops[1].shop_id.clone();
    let request = peer.request(Method::GET, "/authorization/202401/widget_token");
    let reply = peer.send(&request.with(&[("shop_cipher", ""), ("shop_id", &foreign)])).await;
    assert_eq!(reply.json()["code"], 36_009_004, "{}", reply.text);
}

#[tokio::test]
async fn a_deactivated_shop_has_status_3() {
    let peer = Peer::start(frozen()).await;
    let status = async || read(&peer, "/seller/202508/status", &[("shop_cipher", "")]).await;
    let before = status().await;
    assert_eq!(before["seller_status_data"]["shop_statuses"][0]["shop_status"], "2");
    let shop = format!("shops/{}", peer.connection.shops[0].shop_id);
    peer.control(Method::PUT, &shop, json!({ "active": false })).await;
    let after = status().await;
    assert_eq!(after["seller_status_data"]["shop_statuses"][0]["shop_status"], "3");
    assert_eq!(after["seller_status_data"]["seller_status"], "2");
}

#[tokio::test]
async fn every_shop_has_its_official_account() {
    let peer = Peer::start(frozen()).await;
    let creators = read(&peer, "/seller/202407/shop_creators", &[]).await;
    assert_eq!(creators["shop_creators"], json!([{ "binding_status": "ACTIVE", "type": "OFFICIAL" }]));
}

#[tokio::test]
async fn a_us_shop_and_its_mexican_sister_are_a_group() {
    let path = "/seller/202601/shop_groups";
    let alone = Peer::start(frozen()).await;
    assert_eq!(read(&alone, path, &[("shop_cipher", "")]).await, json!({}));
    let shop = |region| ShopSpec {
        name: "Agave".into(),
        region,
        cross_border: false,
        products: 1,
        orders: 0,
        warehouses: 1,
    };
    let shops = vec![shop(Region::UnitedStates), shop(Region::Mexico)];
    let seller = SellerSpec { name: "Agave".into(), region: Region::UnitedStates, shops, connected: true };
    let world = WorldSpec { sellers: vec![seller], ..WorldSpec::empty() };
    let peer = Peer::start(frozen().world(world)).await;
    let group = read(&peer, path, &[("shop_cipher", "")]).await;
    assert_eq!(group["shop_group_data"]["shop_group"]["source"], "US_MX_ONBOARD");
    assert_eq!(group["shop_group_data"]["shops"].as_array().unwrap().len(), 2);
}
