//! Packages: found, arranged, labelled, tracked (PLATFORM.md 8.3).

mod detail;
mod refusal;
mod search;
mod tracking;
mod view;

use ttshop_catalogue::Method;

use crate::family::Handlers;
use crate::gateway::{Admitted, Refusal};
use crate::world::package::Package;
use crate::world::{PackageNo, Shop, World};

use detail::get_package_detail;
use search::search_package;

use tracking::get_order_tracking;

pub(super) use tracking::get_logistics_tracking;
pub(crate) use view::package_value;

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Get, "/fulfillment/202309/orders/{order_id}/tracking", get_order_tracking),
    (Method::Post, "/fulfillment/202309/packages/search", search_package),
    (Method::Get, "/fulfillment/202309/packages/{package_id}", get_package_detail),
];

/// The shop of a call that takes one.
pub(super) fn shop_of<'w>(call: &Admitted<'_>, world: &'w World) -> Result<&'w Shop, Refusal> {
    let shop = call.shop.ok_or_else(Refusal::cipher_missing)?;
    world.shops.get(&shop).ok_or_else(Refusal::pairing)
}

/// The package that the path names.
fn package_of<'w>(call: &Admitted<'_>, shop: &'w Shop) -> Result<&'w Package, Refusal> {
    find(shop, call.path_params.get("package_id").unwrap_or_default())
}

/// The shop's package with this id.
fn find<'w>(shop: &'w Shop, id: &str) -> Result<&'w Package, Refusal> {
    let number = id.parse::<PackageNo>().ok();
    number.and_then(|number| shop.packages.get(number)).ok_or_else(refusal::no_package)
}
