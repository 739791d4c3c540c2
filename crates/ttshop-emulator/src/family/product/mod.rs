//! Products: what is listed, at what price, how many there are (PLATFORM.md 8.6, 12 #22 to #32).

mod advice;
mod each;
mod prices;
mod read;
mod search;
mod states;
mod stock;
mod view;
mod wanted;
mod write;

use serde_json::Value;
use ttshop_catalogue::Method;

use crate::family::Handlers;
use crate::gateway::{Admitted, Refusal};
use crate::world::product::Product;
use crate::world::{ProductNo, Shop, ShopNo, World};

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Post, "/product/202309/products", write::create_product),
    (Method::Delete, "/product/202309/products", states::delete_products),
    (Method::Get, "/product/202405/products/diagnoses", advice::get_product_diagnoses),
    (Method::Post, "/product/202309/products/listing_check", advice::check_product_listing),
    (Method::Post, "/product/202309/products/activate", states::activate_products),
    (Method::Post, "/product/202309/products/deactivate", states::deactivate_products),
    (Method::Post, "/product/202309/products/recover", states::recover_products),
    (Method::Post, "/product/202309/products/search", search::search_products),
    (Method::Post, "/product/202312/products/search", search::search_products),
    (Method::Post, "/product/202502/products/search", search::search_products),
    (Method::Get, "/product/202309/products/{product_id}", read::get_product),
    (Method::Put, "/product/202309/products/{product_id}", write::edit_product),
    (Method::Put, "/product/202509/products/{product_id}", write::edit_product),
    (Method::Post, "/product/202309/products/{product_id}/partial_edit", write::partial_edit_product),
    (Method::Post, "/product/202509/products/{product_id}/partial_edit", write::partial_edit_product),
    (Method::Post, "/product/202309/products/{product_id}/inventory/update", stock::update_inventory),
    (Method::Post, "/product/202309/inventory/search", stock::search_inventory),
    (Method::Post, "/product/202309/products/{product_id}/prices/update", prices::update_price),
];

/// The product as it stands, in the words of the API.
pub(crate) fn full_product(shop: &Shop, product: &Product) -> Value {
    view::detail(shop, product)
}

/// Codes that several operations share (PLATFORM.md 4.6).
mod code {
    pub(super) const NOT_FOUND: i64 = 12_052_032;
    pub(super) const NOT_OF_THIS_SHOP: i64 = 12_052_048;
    pub(super) const STATUS_FORBIDS: i64 = 12_052_901;
    pub(super) const WAREHOUSE_UNKNOWN: i64 = 12_052_097;
    pub(super) const WAREHOUSES_MISSING: i64 = 12_052_533;
    pub(super) const QUANTITY: i64 = 12_052_055;
    pub(super) const SKU_UNKNOWN: i64 = 12_052_036;
    pub(super) const PRICE_LOCKED: i64 = 12_052_038;
    pub(super) const SKU_TWICE: i64 = 12_052_553;
}

/// The shop of the call.
fn shop<'w>(call: &Admitted<'_>, world: &'w World) -> Result<&'w Shop, Refusal> {
    world.shops.get(&shop_no(call)?).ok_or_else(Refusal::pairing)
}

fn shop_no(call: &Admitted<'_>) -> Result<ShopNo, Refusal> {
    call.shop.ok_or_else(Refusal::cipher_missing)
}

/// The product that the path names.
fn named<'w>(call: &Admitted<'_>, world: &'w World) -> Result<&'w Product, Refusal> {
    let number = number(call.path_params.get("product_id").unwrap_or_default())?;
    find(shop(call, world)?, number).ok_or_else(|| foreign(world, number))
}

fn find(shop: &Shop, number: ProductNo) -> Option<&Product> {
    shop.products.iter().find(|product| product.number == number)
}

/// What an id that the shop does not have is: another shop's, or nobody's.
fn foreign(world: &World, number: ProductNo) -> Refusal {
    if world.shops.values().any(|shop| find(shop, number).is_some()) {
        Refusal::business(code::NOT_OF_THIS_SHOP, format!("The product {number} is not listed by this shop."))
    } else {
        Refusal::business(code::NOT_FOUND, format!("There is no product {number}."))
    }
}

fn number(text: &str) -> Result<ProductNo, Refusal> {
    text.parse().map_err(|_| Refusal::business(code::NOT_FOUND, format!("`{text}` is no product id.")))
}
