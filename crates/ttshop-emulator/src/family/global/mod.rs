//! Global products: made, edited, counted, published.

mod publish;
mod read;
mod wanted;
mod write;

use std::collections::BTreeMap;

use serde_json::Value;
use ttshop_catalogue::Method;

use crate::family::Handlers;
use crate::family::library::seller_of;
use crate::gateway::{Admitted, Refusal};
use crate::world::global::GlobalProduct;
use crate::world::{ProductNo, SellerNo, World};

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Post, "/product/202309/global_products", write::create_global_product),
    (Method::Delete, "/product/202309/global_products", write::delete_global_products),
    (Method::Post, "/product/202309/global_products/search", read::search_global_products),
    (Method::Post, "/product/202312/global_products/search", read::search_global_products),
    (Method::Get, "/product/202309/global_products/{global_product_id}", read::get_global_product),
    (Method::Put, "/product/202309/global_products/{global_product_id}", write::edit_global_product),
    (
        Method::Put,
        "/product/202509/global_products/{global_product_id}/partial_edit",
        write::partial_edit_global_product,
    ),
    (
        Method::Post,
        "/product/202309/global_products/{global_product_id}/inventory/update",
        write::update_global_inventory,
    ),
    (
        Method::Post,
        "/product/202309/global_products/{global_product_id}/publish",
        publish::publish_global_product,
    ),
    (Method::Post, "/product/202404/global_products/listing_check", write::check_global_product_listing),
];

/// Codes of PLATFORM.md 4.6.
mod code {
    pub(super) const PRICE_INVALID: i64 = 12_052_073;
    pub(super) const CURRENCY: i64 = 12_052_084;
    pub(super) const STATUS: i64 = 12_019_113;
    pub(super) const PERMISSION: i64 = 12_019_114;
    pub(super) const SALES_ATTRIBUTES: i64 = 12_019_117;
    pub(super) const MISSING: i64 = 12_019_150;
    pub(super) const NOT_FOUND: i64 = 12_052_260;
    pub(super) const QUANTITY: i64 = 12_052_055;
    pub(super) const SKU_UNKNOWN: i64 = 12_052_556;
    pub(super) const SKUS_EMPTY: i64 = 12_052_902;
    pub(super) const SKU_LONG: i64 = 12_052_054;
    pub(super) const WAREHOUSES_DIFFER: i64 = 12_052_143;
    pub(super) const WAREHOUSE_SET: i64 = 12_052_533;
    pub(super) const SKU_ATTRIBUTES: i64 = 12_052_550;
}

/// The seller of the call, if it has a shop that sells across borders.
fn cross_border_seller(call: &Admitted<'_>, world: &mut World) -> Result<SellerNo, Refusal> {
    let seller = seller_of(call, world)?.number;
    if world.shops.values().any(|shop| shop.seller == seller && shop.cross_border) {
        return Ok(seller);
    }
    Err(Refusal::business(code::PERMISSION, "Only cross-border sellers manage global products."))
}

fn products(world: &mut World, seller: SellerNo) -> Result<&mut BTreeMap<ProductNo, GlobalProduct>, Refusal> {
    let seller = world.sellers.get_mut(&seller).ok_or_else(Refusal::user_type)?;
    Ok(&mut seller.library.global_products)
}

/// The product in the path, unless it was deleted.
fn named<'w>(call: &Admitted<'_>, world: &'w mut World) -> Result<&'w mut GlobalProduct, Refusal> {
    let seller = cross_border_seller(call, world)?;
    let id = call.path_params.get("global_product_id").unwrap_or_default();
    let found = id.parse().ok().and_then(|number| products(world, seller).ok()?.get_mut(&number));
    let found = found
        .ok_or_else(|| Refusal::business(code::NOT_FOUND, format!("There is no global product {id}.")))?;
    if found.deleted {
        return Err(Refusal::business(code::STATUS, format!("The global product {id} was deleted.")));
    }
    Ok(found)
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
