//! Packages: found, arranged, labelled, tracked (PLATFORM.md 8.3).

mod body;
mod combine;
mod deliver;
mod detail;
mod document;
mod label;
mod mark;
mod measures;
mod refusal;
mod rules;
mod search;
mod ship;
mod shipping_info;
mod slots;
mod split;
mod tracking;
mod view;

use ttshop_catalogue::Method;

use crate::family::Handlers;
use crate::gateway::{Admitted, Refusal};
use crate::world::package::Package;
use crate::world::{PackageNo, Shop, World};

use combine::{combine_package, search_combinable_packages, uncombine_packages};
use deliver::update_package_delivery_status;
use detail::get_package_detail;
use document::get_package_shipping_document;
use label::{create_packages, create_packages_by_type, get_eligible_shipping_services};
use mark::{mark_package_as_shipped, mark_package_as_shipped_by_list};
use search::search_package;
use ship::{batch_ship_packages, ship_package};
use shipping_info::{
    update_order_shipping_info, update_package_shipping_info, update_package_shipping_info_by_list,
};
use slots::{get_handover_timeslots, get_package_handover_time_slots};
use split::{confirm_order_split, get_order_split_attributes};

use tracking::get_order_tracking;

pub(crate) use document::{DOCUMENTS, serve_document};
pub(super) use tracking::get_logistics_tracking;
pub(crate) use view::package_value;

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Get, "/fulfillment/202309/combinable_packages/search", search_combinable_packages),
    (Method::Get, "/fulfillment/202309/orders/split_attributes", get_order_split_attributes),
    (Method::Get, "/fulfillment/202309/orders/{order_id}/handover_time_slots", get_handover_timeslots),
    (Method::Post, "/fulfillment/202309/orders/{order_id}/packages", mark_package_as_shipped),
    (Method::Post, "/fulfillment/202610/orders/{order_id}/packages", mark_package_as_shipped_by_list),
    (Method::Post, "/fulfillment/202309/orders/{order_id}/shipping_info/update", update_order_shipping_info),
    (
        Method::Post,
        "/fulfillment/202309/orders/{order_id}/shipping_services/query",
        get_eligible_shipping_services,
    ),
    (Method::Post, "/fulfillment/202309/orders/{order_id}/split", confirm_order_split),
    (Method::Post, "/fulfillment/202309/packages", create_packages),
    (Method::Post, "/fulfillment/202512/packages", create_packages_by_type),
    (Method::Post, "/fulfillment/202309/packages/combine", combine_package),
    (Method::Post, "/fulfillment/202309/packages/deliver", update_package_delivery_status),
    (Method::Post, "/fulfillment/202309/packages/ship", batch_ship_packages),
    (
        Method::Get,
        "/fulfillment/202309/packages/{package_id}/handover_time_slots",
        get_package_handover_time_slots,
    ),
    (Method::Post, "/fulfillment/202309/packages/{package_id}/ship", ship_package),
    (
        Method::Get,
        "/fulfillment/202309/packages/{package_id}/shipping_documents",
        get_package_shipping_document,
    ),
    (
        Method::Post,
        "/fulfillment/202309/packages/{package_id}/shipping_info/update",
        update_package_shipping_info,
    ),
    (
        Method::Post,
        "/fulfillment/202610/packages/{package_id}/shipping_info/update",
        update_package_shipping_info_by_list,
    ),
    (Method::Post, "/fulfillment/202309/packages/{package_id}/uncombine", uncombine_packages),
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
