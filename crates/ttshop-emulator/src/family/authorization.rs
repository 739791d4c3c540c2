//! Shops that a token may act for, and the end of that (PLATFORM.md 1.8).

use std::time::Duration;

use serde_json::json;
use ttshop_catalogue::Method;

use crate::family::{Handlers, data, nothing};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Get, "/authorization/202309/shops", get_authorized_shops),
    (Method::Delete, "/authorization/202403/shops", deauthorize_shop),
    (Method::Get, "/authorization/202405/category_assets", get_authorized_category_assets),
    (Method::Get, "/authorization/202312/widget_token", get_widget_token),
    (Method::Get, "/authorization/202401/widget_token", get_widget_token),
];

fn get_authorized_shops(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shops = world.grants.get(call.grant).shops.iter().filter_map(|shop| world.shops.get(shop));
    let shops: Vec<_> = shops
        .map(|shop| {
            json!({
                "id": shop.number.to_string(),
                "name": shop.name,
                "region": shop.region,
                "seller_type": shop.seller_type(),
                "cipher": shop.cipher,
                "code": shop.code,
            })
        })
        .collect();
    Ok(data(&json!({ "shops": shops })))
}

fn get_authorized_category_assets(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let assets = world.category_assets(call.grant).iter();
    let assets: Vec<_> = assets
        .map(|asset| {
            json!({
                "cipher": asset.cipher,
                "target_market": asset.market,
                "category": { "id": asset.category_id, "name": asset.category },
            })
        })
        .collect();
    Ok(data(&json!({ "category_assets": assets })))
}

fn deauthorize_shop(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = call.shop.ok_or_else(Refusal::cipher_missing)?;
    world.deauthorize(call.app, shop, call.now);
    Ok(nothing())
}

/// For five minutes; each call gets another one.
fn get_widget_token(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let granted = &world.grants.get(call.grant).shops;
    let shop = match call.call.param("shop_id") {
        None => None,
        Some(id) => {
            let named = id.parse().ok().filter(|shop| granted.contains(shop));
            Some(named.ok_or_else(|| {
                Refusal::parameter("Invalid parameter 'shop_id'. The token has no such shop.")
            })?)
        }
    };
    let token = format!("EMU_{}", world.chance_of(shop).dice.text(WIDGET_TOKEN_LENGTH));
    let expires = (call.now + WIDGET_TOKEN_LIFE).as_seconds();
    Ok(data(&json!({ "widget_token": { "token": token, "expire_at": expires } })))
}

const WIDGET_TOKEN_LENGTH: usize = 60;
const WIDGET_TOKEN_LIFE: Duration = Duration::from_secs(5 * 60);
