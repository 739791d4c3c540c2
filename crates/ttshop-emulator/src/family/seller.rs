//! The seller behind a token (PLATFORM.md 1.8).

use serde_json::json;
use ttshop_catalogue::Method;
use ttshop_types::Region;

use crate::family::{Handlers, data, nothing};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::{Seller, Shop, World};

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Get, "/seller/202309/shops", get_active_shops),
    (Method::Get, "/seller/202309/permissions", get_global_product_permission),
    (Method::Get, "/seller/202508/status", get_seller_status),
    (Method::Get, "/seller/202407/shop_creators", get_shop_creators),
    (Method::Get, "/seller/202601/shop_groups", get_shop_group_and_related_shops),
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

/// 2 is active and 3 deactivated (PLATFORM.md 8.6); the other steps of a seller's life are not emulated.
fn get_seller_status(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let word = |active: bool| if active { "2" } else { "3" };
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

/// Every shop has its own official account; it works as long as the shop does.
fn get_shop_creators(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = call.shop.and_then(|shop| world.shops.get(&shop)).ok_or_else(Refusal::pairing)?;
    let status = if shop.active { "ACTIVE" } else { "ABNORMAL" };
    Ok(data(&json!({ "shop_creators": [{ "binding_status": status, "type": "OFFICIAL" }] })))
}

/// A seller's shops in several markets: a US shop with a Mexican sister, or cross-border shops. No source says what a seller
/// without a group is told; here it is nothing.
fn get_shop_group_and_related_shops(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let in_market = |market: &Region| shops(call, world).any(|shop| shop.region == *market);
    let source = if in_market(&Region::UnitedStates) && in_market(&Region::Mexico) {
        "US_MX_ONBOARD"
    } else if shops(call, world).filter(|shop| shop.cross_border).count() > 1 {
        "GS_POP"
    } else {
        return Ok(nothing());
    };
    let listed: Vec<_> = shops(call, world)
        .map(|shop| {
            json!({
                "shop_id": shop.number.to_string(),
                "seller_id": shop.seller.to_string(),
                "shop_name": shop.name,
                "shop_region": shop.region,
            })
        })
        .collect();
    let name = seller(call, world).map(|seller| seller.name.as_str()).unwrap_or_default();
    let group = json!({ "source": source, "shop_group_name": name });
    Ok(data(&json!({ "shop_group_data": { "shop_group": group, "shops": listed } })))
}

fn seller<'w>(call: &Admitted<'_>, world: &'w World) -> Option<&'w Seller> {
    world.sellers.get(&world.grants.get(call.grant).holder.seller()?)
}

fn shops<'w>(call: &Admitted<'_>, world: &'w World) -> impl Iterator<Item = &'w Shop> {
    let numbers = seller(call, world).map(|seller| seller.shops.as_slice()).unwrap_or_default();
    numbers.iter().filter_map(|shop| world.shops.get(shop))
}
