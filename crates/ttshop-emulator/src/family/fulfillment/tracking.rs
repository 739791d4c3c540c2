//! Where parcels are: `GET /fulfillment/202309/orders/{order_id}/tracking` and its successor in the logistics family.

use serde_json::{Value, json};

use crate::family::data;
use crate::family::fulfillment::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::carrier::provider_by_id;
use crate::world::order::Order;
use crate::world::package::{Shipment, Track};
use crate::world::{OrderNo, Shop, World};

/// No such order in this shop.
const NO_ORDER: i64 = 21_008_111;
/// Nothing is under way.
const NOT_IN_SCENE: i64 = 11_007_009;

/// The newest report comes first; all parcels of the order in one list.
pub(super) fn get_order_tracking(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let order = order_of(call, shop)?;
    let mut tracks: Vec<Track> =
        shipments(shop, order).flat_map(|shipment| shipment.tracks.iter().copied()).collect();
    tracks.sort_by_key(|track| std::cmp::Reverse(track.at));
    let tracking: Vec<Value> = tracks.into_iter().map(track_value).collect();
    Ok(data(&json!({ "tracking": tracking })))
}

/// A parcel each.
pub(crate) fn get_logistics_tracking(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let order = order_of(call, shop)?;
    let details: Vec<Value> = shipments(shop, order).map(parcel).collect();
    if details.is_empty() {
        return Err(Refusal::business(NOT_IN_SCENE, "Shipment of the order is not arranged yet."));
    }
    Ok(data(&json!({ "order_id": order.number.to_string(), "logistics_details": details })))
}

fn parcel(shipment: &Shipment) -> Value {
    let number = &*shipment.tracking_number;
    let tracks = shipment.tracks.iter().rev().map(|track| {
        let mut value = track_value(*track);
        value["tracking_no"] = number.into();
        value["action_code_name"] = track.step.word().into();
        value
    });
    json!({
        "newest_tracking_no": number,
        "carrier_name": provider_by_id(shipment.provider).name,
        "track_list": tracks.collect::<Vec<Value>>(),
    })
}

fn track_value(track: Track) -> Value {
    json!({
        "description": track.step.description(),
        "update_time_millis": track.at.as_millis(),
        "action_code": track.step.action_code(),
    })
}

fn shipments<'w>(shop: &'w Shop, order: &'w Order) -> impl Iterator<Item = &'w Shipment> {
    let packages = order.packages.iter().filter_map(|package| shop.packages.get(*package));
    packages.filter_map(|package| package.shipment.as_deref())
}

fn order_of<'w>(call: &Admitted<'_>, shop: &'w Shop) -> Result<&'w Order, Refusal> {
    let number = call.path_params.get("order_id").and_then(|id| id.parse::<OrderNo>().ok());
    let order = number.and_then(|number| shop.book.get(number));
    order.ok_or_else(|| Refusal::business(NO_ORDER, "The order does not belong to this shop."))
}
