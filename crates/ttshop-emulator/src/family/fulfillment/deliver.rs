//! `POST /fulfillment/202309/packages/deliver`: sellers with a fleet of their own report the delivery.

use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::family::data;
use crate::family::fulfillment::body::{list, text_of};
use crate::family::fulfillment::refusal::{self, entry};
use crate::family::fulfillment::{find, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::carrier::PLATFORM;
use crate::world::package::{Loss, PackageAct, PackageStatus, TrackStep, seller_reports_delivery};
use crate::world::{PackageNo, ShopNo, World};

const NOT_POSSIBLE: i64 = 21_001_011;

pub(super) fn update_package_delivery_status(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    if !seller_reports_delivery(&shop.region) {
        return Err(not_possible("sellers of this region report no delivery"));
    }
    let shop = shop.number;
    let mut errors: Vec<Value> = Vec::new();
    for report in list(&call.body, "packages") {
        let id = text_of(report, "id");
        if let Err(refusal) = deliver(world, shop, report, call.now) {
            errors.push(entry(&refusal, id));
        }
    }
    Ok(data(&json!({ "errors": errors })))
}

fn deliver(world: &mut World, shop: ShopNo, report: &Value, now: Timestamp) -> Result<(), Refusal> {
    let found = world.shops.get(&shop).ok_or_else(Refusal::pairing)?;
    let package = find(found, text_of(report, "id"))
        .map_err(|_| Refusal::business(21_011_028, "The package does not belong to this shop."))?;
    let (number, status) = (package.number, package.status);
    let own = package.shipment.as_ref().is_some_and(|shipment| shipment.provider != PLATFORM.id);
    if !own {
        return Err(not_possible("the package is not under way with the seller"));
    }
    let kind = text_of(report, "delivery_type");
    if kind == "UPDATE_POD" {
        let proven = status == PackageStatus::Completed && !text_of(report, "file_url").is_empty();
        return if proven {
            Ok(())
        } else {
            Err(not_possible("only a delivered package has a proof, and a file"))
        };
    }
    let act = match (kind, text_of(report, "fail_delivery_reason")) {
        ("DELIVERY_SUCCESS", _) => PackageAct::Deliver,
        ("DELIVERY_FAILED", "PACKAGE_LOST") => PackageAct::Lose(Loss::PackageLost),
        ("DELIVERY_FAILED", "PACKAGE_DAMAGE") => PackageAct::Lose(Loss::PackageDamagaed),
        ("DELIVERY_FAILED", reason) if !reason.is_empty() => PackageAct::Report(TrackStep::DeliveryFailed),
        _ => return Err(refusal::parameter()),
    };
    // Nobody scans what the seller brings itself.
    if status == PackageStatus::Processing {
        happen(world, shop, number, &PackageAct::Collect, now)?;
    }
    happen(world, shop, number, &act, now)
}

fn happen(
    world: &mut World,
    shop: ShopNo,
    package: PackageNo,
    act: &PackageAct,
    now: Timestamp,
) -> Result<(), Refusal> {
    let happened = world.act_on_package(shop, package, act, now);
    happened.map_err(|error| not_possible(&error.to_string()))
}

fn not_possible(why: &str) -> Refusal {
    Refusal::business(NOT_POSSIBLE, format!("The delivery cannot be reported: {why}."))
}
