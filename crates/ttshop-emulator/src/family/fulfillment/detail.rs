//! `GET /fulfillment/202309/packages/{package_id}`

use serde_json::{Map, Value, json};

use crate::family::data;
use crate::family::fulfillment::view::{line_ids_in, lines_in, orders_in, tracking_number};
use crate::family::fulfillment::{package_of, shop_of};
use crate::family::order::shown_recipient;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::carrier::{option_of, provider_by_id};
use crate::world::order::ShippingType;
use crate::world::package::{Handover, Package, PackageStatus, Shipment, TrackStep};
use crate::world::{Shop, World};

pub(super) fn get_package_detail(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let package = package_of(call, shop)?;
    let mut detail = json!({
        "package_id": package.number.to_string(),
        "package_status": status_word(package, world.switches.package_detail_status_with_space),
        "package_sub_status": sub_status(package),
        "split_and_combine_tag": package.tag.as_str(),
        "has_multi_skus": has_several_skus(shop, package),
        "orders": orders_in(shop, package),
        "order_line_item_ids": line_ids_in(shop, package),
        "tracking_number": tracking_number(package),
        "create_time": package.created.as_seconds(),
        "update_time": package.updated.as_seconds(),
    });
    describe_first_order(&mut detail, shop, package);
    if let Some(shipment) = &package.shipment {
        describe_shipment(&mut detail, shipment);
    }
    Ok(data(&detail))
}

/// What the orders of a package have in common: buyer, address, delivery option.
fn describe_first_order(detail: &mut Value, shop: &Shop, package: &Package) {
    let Some(order) = package.orders.first().and_then(|order| shop.book.get(*order)) else { return };
    let noted = order.buyer_message.as_deref().is_some_and(|message| !message.is_empty());
    detail["note_tag"] = if noted { "BUYER_NOTED" } else { "BUYER_UNNOTED" }.into();
    detail["shipping_type"] = order.shipping_type.as_str().into();
    detail["warehouse_id"] = order.warehouse.to_string().into();
    let option = option_of(order.shipping_type == ShippingType::Seller);
    detail["delivery_option_id"] = option.id.to_string().into();
    detail["delivery_option_name"] = option.name.into();
    if let Some(recipient) = shown_recipient(shop, order) {
        detail["recipient_address"] = address_of(&serde_json::to_value(recipient).unwrap_or_default());
    }
}

fn describe_shipment(detail: &mut Value, shipment: &Shipment) {
    let provider = provider_by_id(shipment.provider);
    detail["shipping_provider_id"] = provider.id.to_string().into();
    detail["shipping_provider_name"] = provider.name.into();
    if let Some(handover) = shipment.handover {
        detail["handover_method"] = Handover::as_str(handover).into();
    }
    if let Some((start, end)) = shipment.pickup_slot {
        detail["pickup_slot"] = json!({ "start_time": start, "end_time": end });
    }
    if let Some(loss) = shipment.loss {
        detail["ship_exception_reason"] = loss.as_str().into();
    }
    let measures = shipment.measures.as_ref();
    if let Some((value, unit)) = measures.and_then(|measures| measures.weight.as_ref()) {
        detail["weight"] = json!({ "value": value, "unit": unit });
    }
    if let Some([length, width, height, unit]) = measures.and_then(|measures| measures.dimension.as_ref()) {
        detail["dimension"] = json!({ "length": length, "width": width, "height": height, "unit": unit });
    }
}

/// The fields of an address that a package shows.
fn address_of(recipient: &Value) -> Value {
    let shown = [
        "full_address",
        "phone_number",
        "name",
        "postal_code",
        "address_detail",
        "region_code",
        "address_line1",
        "address_line2",
        "address_line3",
        "address_line4",
    ];
    let fields = shown.iter().filter_map(|name| Some(((*name).to_owned(), recipient.get(*name)?.clone())));
    Value::Object(fields.collect::<Map<String, Value>>())
}

/// The detail's own documentation spells `TO FULFILL` with a space.
fn status_word(package: &Package, with_space: bool) -> &'static str {
    match package.status {
        PackageStatus::ToFulfill if with_space => "TO FULFILL",
        status => status.as_str(),
    }
}

fn sub_status(package: &Package) -> &'static str {
    let last = package.shipment.as_ref().and_then(|shipment| shipment.tracks.last()).map(|track| track.step);
    match (package.status, last) {
        (PackageStatus::ToFulfill, _) => "CREATED",
        (PackageStatus::Processing, _) => "RTS",
        (PackageStatus::Fulfilling, Some(TrackStep::DeliveryFailed)) => "ISSUE",
        (PackageStatus::Fulfilling, _) => "TTS",
        (PackageStatus::Completed, _) => "DELIVERED",
        (PackageStatus::Cancelled, Some(TrackStep::Lost)) => "SHIP_EXCEPTION",
        (PackageStatus::Cancelled, _) => "CANCELLED",
    }
}

fn has_several_skus(shop: &Shop, package: &Package) -> bool {
    let mut skus = lines_in(shop, package).map(|line| (line.product, line.sku));
    let first = skus.next();
    skus.any(|sku| Some(sku) != first)
}
