//! Tracking numbers corrected: `shipping_info/update` of a package (two versions) and of an order.

use std::time::Duration;

use serde_json::Value;
use ttshop_types::Timestamp;

use crate::family::fulfillment::body::{list, text_of};
use crate::family::fulfillment::rules::{self, own_carrier};
use crate::family::fulfillment::{package_of, refusal, shop_of};
use crate::family::nothing;
use crate::gateway::{Admitted, Refusal, Success};
use crate::switches::Switches;
use crate::world::carrier::PLATFORM;
use crate::world::package::{Package, PackageStatus};
use crate::world::{PackageNo, Shop, World};

const NOT_BY_SELLER: i64 = 21_011_004;
const DELIVERED: i64 = 21_011_030;
const CANCELLED: i64 = 21_011_042;
const BARRED: i64 = 21_011_049;
const TOO_LATE: i64 = 21_011_050;
const CHANGED_ONCE: i64 = 21_011_051;
const CHANGED_OFTEN: i64 = 21_011_052;

pub(super) fn update_package_shipping_info(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let package = package_of(call, shop_of(call, world)?)?.number;
    update(call, world, package, &call.body)
}

/// The first entry is the one that is tracked.
pub(super) fn update_package_shipping_info_by_list(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let package = package_of(call, shop_of(call, world)?)?.number;
    let info = list(&call.body, "shipping_info_list").next().ok_or_else(refusal::parameter)?;
    update(call, world, package, info)
}

/// Only for an order in one package.
pub(super) fn update_order_shipping_info(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let order = rules::order(shop, call.path_params.get("order_id").unwrap_or_default())?;
    let package = match order.packages.as_slice() {
        [] => return Err(refusal::not_shipped()),
        [package] => *package,
        _ => return Err(Refusal::business(BARRED, "The order lies in several packages, update each.")),
    };
    update(call, world, package, &call.body)
}

fn update(
    call: &Admitted<'_>,
    world: &mut World,
    package: PackageNo,
    info: &Value,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let found = shop.packages.get(package).ok_or_else(refusal::no_package)?;
    may_change(shop, found, call.now, &world.switches)?;
    let before = found.shipment.as_ref().map(|shipment| &*shipment.tracking_number);
    let (id, number) = (text_of(info, "shipping_provider_id"), text_of(info, "tracking_number"));
    let (provider, tracking_number) = own_carrier(shop, id, number, before, &world.switches)?;
    let (shop, orders) = (shop.number, found.orders.clone());
    let shop = world.shops.get_mut(&shop).ok_or_else(Refusal::pairing)?;
    shop.packages.change(package, |package| {
        package.updated = call.now;
        if let Some(shipment) = &mut package.shipment {
            shipment.tracking_changes = shipment.tracking_changes.saturating_add(1);
            (shipment.provider, shipment.tracking_number) = (provider, tracking_number);
        }
    });
    for order in orders {
        shop.book.change(order, |order| order.updated = call.now);
    }
    Ok(nothing())
}

/// In a window after shipping, and only so often (PLATFORM.md 12 #17).
fn may_change(shop: &Shop, package: &Package, now: Timestamp, switches: &Switches) -> Result<(), Refusal> {
    match package.status {
        PackageStatus::ToFulfill => return Err(refusal::not_shipped()),
        PackageStatus::Completed => return Err(Refusal::business(DELIVERED, "The package is delivered.")),
        PackageStatus::Cancelled => return Err(Refusal::business(CANCELLED, "The order is cancelled.")),
        PackageStatus::Processing | PackageStatus::Fulfilling => {}
    }
    let shipment = package.shipment.as_ref().ok_or_else(refusal::not_shipped)?;
    if shipment.provider == PLATFORM.id {
        return Err(Refusal::business(NOT_BY_SELLER, "The package is not shipped by the seller."));
    }
    let requested = |order| shop.book.get(order).is_some_and(|order| order.times.cancel_requested.is_some());
    if package.orders.iter().any(|order| requested(*order)) {
        return Err(refusal::request_pending());
    }
    if now > shipment.arranged + Duration::from_secs(switches.tracking_change_seconds) {
        return Err(Refusal::business(TOO_LATE, "The time for changing the tracking number is over."));
    }
    if shipment.tracking_changes >= switches.tracking_changes_max {
        return Err(if switches.tracking_changes_max == 1 {
            Refusal::business(CHANGED_ONCE, "The tracking number was changed once already.")
        } else {
            Refusal::business(CHANGED_OFTEN, "The tracking number was changed too often.")
        });
    }
    Ok(())
}
