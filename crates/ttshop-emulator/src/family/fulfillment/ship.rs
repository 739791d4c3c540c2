//! `POST /fulfillment/202309/packages/{package_id}/ship` and its batch.

use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::family::fulfillment::refusal::{self, entry};
use crate::family::fulfillment::rules::{carrier_fits, may_arrange, own_carrier};
use crate::family::fulfillment::slots::pickup_slots;
use crate::family::fulfillment::{find, shop_of};
use crate::family::{data, nothing};
use crate::gateway::{Admitted, Refusal, Success};
use crate::switches::Switches;
use crate::world::package::{Arrangement, Handover, PackageAct};
use crate::world::{PackageNo, Shop, ShopNo, World};

/// The carrier's slot is missing, or not one of those it offers.
const SLOT_WRONG: i64 = 21_011_053;
const SLOT_MISSING: i64 = 21_011_054;

pub(super) fn ship_package(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?.number;
    let id = call.path_params.get("package_id").unwrap_or_default();
    ship(world, shop, id, &call.body, call.now)?;
    Ok(nothing())
}

/// Packages that cannot be shipped do not keep the others back.
pub(super) fn batch_ship_packages(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?.number;
    let mut errors: Vec<Value> = Vec::new();
    for wish in call.body.get("packages").and_then(Value::as_array).into_iter().flatten() {
        let id = wish.get("id").and_then(Value::as_str).unwrap_or_default();
        if let Err(refusal) = ship(world, shop, id, wish, call.now) {
            errors.push(entry(&refusal, id));
        }
    }
    Ok(data(&json!({ "errors": errors })))
}

fn ship(world: &mut World, shop: ShopNo, id: &str, wish: &Value, now: Timestamp) -> Result<(), Refusal> {
    let found = world.shops.get(&shop).ok_or_else(Refusal::pairing)?;
    let package = find(found, id)?;
    may_arrange(found, package, now)?;
    let (number, order) = (package.number, package.orders.first().and_then(|order| found.book.get(*order)));
    let arrangement = arrangement(found, wish, now, &world.switches)?;
    carrier_fits(order.ok_or_else(refusal::no_package)?, arrangement.own.is_some())?;
    arrange(world, shop, number, arrangement, now)
}

/// Arranges shipment of a package that may be; the buyer's requests to cancel end with it.
pub(super) fn arrange(
    world: &mut World,
    shop: ShopNo,
    package: PackageNo,
    arrangement: Arrangement,
    now: Timestamp,
) -> Result<(), Refusal> {
    let act = PackageAct::Arrange(arrangement);
    world.act_on_package(shop, package, &act, now).map_err(|_| refusal::status())
}

fn arrangement(
    shop: &Shop,
    wish: &Value,
    now: Timestamp,
    switches: &Switches,
) -> Result<Arrangement, Refusal> {
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let own = match wish.get("self_shipment").filter(|own| !own.is_null()) {
        Some(own) => {
            let (provider, number) = (text(own, "shipping_provider_id"), text(own, "tracking_number"));
            Some(own_carrier(shop, &provider, &number, None, switches)?)
        }
        None => None,
    };
    Ok(Arrangement { own, ..handover(wish, now)? })
}

/// A pickup needs one of the carrier's slots.
fn handover(wish: &Value, now: Timestamp) -> Result<Arrangement, Refusal> {
    let by = |handover, pickup_slot| Arrangement { handover, pickup_slot, ..Arrangement::default() };
    let handover = match wish.get("handover_method").and_then(Value::as_str).filter(|word| !word.is_empty()) {
        Some(word) => Some(Handover::parse(word).ok_or_else(refusal::parameter)?),
        None => None,
    };
    let slot = wish.get("pickup_slot").filter(|slot| !slot.is_null()).map(|slot| {
        let bound = |name: &str| slot.get(name).and_then(Value::as_i64).unwrap_or_default();
        (bound("start_time"), bound("end_time"))
    });
    match (handover, slot) {
        (Some(Handover::Pickup), None) => {
            Err(Refusal::business(SLOT_MISSING, "A pickup needs a slot of the carrier."))
        }
        (Some(Handover::Pickup), Some(slot)) if !pickup_slots(now).iter().any(|open| open.is(slot)) => {
            Err(Refusal::business(SLOT_WRONG, "The slot is none that the carrier offers, fetch them again."))
        }
        (Some(Handover::Pickup), slot) => Ok(by(handover, slot)),
        (Some(Handover::DropOff) | None, _) => Ok(by(handover, None)),
    }
}
