//! The seller behind a token (PLATFORM.md 1.8).

use serde_json::json;
use ttshop_catalogue::Method;

use crate::family::{Handlers, data};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::{Seller, Shop, World};

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Get, "/seller/202309/shops", get_active_shops),
    (Method::Get, "/seller/202309/permissions", get_global_product_permission),
    (Method::Get, "/seller/202508/status", get_seller_status),
];

fn get_active_shops(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shops: Vec<_> = shops(call, world)
        .filter(|shop| shop.active)
        .map(|shop| json!({ "id": shop.number.to_string(), "region": shop.region }))
        .collect();
    Ok(data(&json!({ "shops": shops })))
}

/// Only cross-border sellers manage global products here.
fn get_global_product_permission(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let global = shops(call, world).any(|shop| shop.cross_border);
    let permissions: &[&str] = if global { &["MANAGE_GLOBAL_PRODUCT"] } else { &[] };
    Ok(data(&json!({ "permissions": permissions })))
}

/// No source says what the status numbers mean: here 1 is active and 2 is not.
fn get_seller_status(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let word = |active: bool| if active { "1" } else { "2" };
    let seller = seller(call, world);
    let shop_statuses: Vec<_> = shops(call, world)
        .map(|shop| json!({ "shop_id": shop.number.to_string(), "shop_status": word(shop.active) }))
        .collect();
    let status = json!({
        "seller_status": word(seller.is_some_and(|seller| seller.active)),
        "shop_statuses": shop_statuses,
        "tax_form_status": "0",
        "partner_channel": "0",
    });
    Ok(data(&json!({ "seller_status_data": status })))
}

fn seller<'w>(call: &Admitted<'_>, world: &'w World) -> Option<&'w Seller> {
    world.sellers.get(&world.grants.get(call.grant).holder.seller()?)
}

fn shops<'w>(call: &Admitted<'_>, world: &'w World) -> impl Iterator<Item = &'w Shop> {
    let numbers = seller(call, world).map(|seller| seller.shops.as_slice()).unwrap_or_default();
    numbers.iter().filter_map(|shop| world.shops.get(shop))
}
