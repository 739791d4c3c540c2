//! A shop of one market, for what differs from market to market.

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::{SellerSpec, ShopSpec, Switches, WorldSpec};
use ttshop_types::Region;

use crate::checked::checked_with;
use crate::client::{Peer, frozen};

/// One connected shop in `region`, nothing ordered yet, no remorse window.
pub(crate) async fn market(region: Region) -> Peer {
    market_with(region, Switches { on_hold_seconds: 0, ..Switches::default() }).await
}

pub(crate) async fn market_with(region: Region, switches: Switches) -> Peer {
    let shop = ShopSpec {
        name: "Shop".into(),
        region: region.clone(),
        products: 8,
        orders: 0,
        cross_border: false,
        warehouses: 2,
    };
    let seller = SellerSpec { name: "Seller".into(), region, shops: vec![shop], connected: true };
    let world = WorldSpec { sellers: vec![seller], ..WorldSpec::two_shops() };
    Peer::start(frozen().world(world).switches(switches)).await
}

/// A variant of some product of the shop.
pub(crate) async fn any_sku(peer: &Peer) -> String {
    let id = peer.place(1, "UNPAID").await.remove(0);
    let order = detail(peer, &id).await;
    peer.control(Method::POST, &format!("orders/{id}/cancel"), json!({})).await;
    order["line_items"][0]["sku_id"].as_str().unwrap().to_owned()
}

/// Places orders of `units` units each that await shipment; `more` goes into the request.
pub(crate) async fn place(peer: &Peer, count: u32, units: u32, more: &Value) -> Vec<String> {
    let sku = any_sku(peer).await;
    let mut body = json!({
        "shop_id": peer.connection.shops[0].shop_id,
        "count": count,
        "status": "AWAITING_SHIPMENT",
        "lines": [{ "sku_id": sku, "quantity": units }],
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    let placed = peer.control(Method::POST, "orders", body).await;
    serde_json::from_value(placed["order_ids"].clone()).unwrap()
}

pub(crate) async fn detail(peer: &Peer, order: &str) -> Value {
    let found =
        checked_with(peer, Method::GET, "/order/202507/orders", &[("ids", order)], &Value::Null).await;
    found["orders"][0].clone()
}

/// The ids in a list of objects.
pub(crate) fn ids(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// The ids of the packages of an order.
pub(crate) async fn packages(peer: &Peer, order: &str) -> Vec<String> {
    ids(&detail(peer, order).await["packages"])
}
