//! Shops that a token may act for, and the end of that (PLATFORM.md 1.8).

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
