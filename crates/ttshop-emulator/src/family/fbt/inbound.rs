//! Inbound orders.

use serde_json::{Value, json};

use crate::family::fbt::inbound_view::view;
use crate::family::fit::fitted;
use crate::family::{nothing, shop_mut, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::fbt::{Inbound, InboundStatus, Parcel, Step};
use crate::world::{InboundNo, Shop, World};

const NO_ORDER: i64 = 39_015_010;
const REASON: i64 = 39_015_013;
const NOT_CANCELLABLE: i64 = 39_015_014;
const NO_PARCELS: i64 = 39_015_015;
const PROVIDER: i64 = 39_015_016;
const CARTON: i64 = 39_015_017;
const NOT_SHIPPED: i64 = 39_015_018;
const TRACKING_NUMBER: i64 = 39_015_019;
const TOO_MANY: i64 = 39_015_020;
/// Orders of one request; the number is ours.
const ORDERS_MAX: usize = 50;

/// Ids that are no order of this shop are missing from the answer.
pub(super) fn get_inbound_order(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = shop_of(call, world)?;
    let asked = call.call.param("ids").or_else(|| call.call.param("order_ids")).unwrap_or_default();
    let ids: Vec<InboundNo> =
        asked.split(',').filter_map(|id| id.trim_matches(['[', ']', '"', ' ']).parse().ok()).collect();
    if ids.len() > ORDERS_MAX {
        return Err(Refusal::business(TOO_MANY, "The request names too many orders."));
    }
    let found: Vec<Value> =
        ids.iter().filter_map(|id| shop.fbt.inbound.get(id)).map(|order| view(shop, order)).collect();
    if found.is_empty() && call.operation.error_codes.contains(&NO_ORDER) {
        return Err(no_order());
    }
    Ok(fitted(call, json!({ "inbound_orders": found })))
}

pub(super) fn ship_inbound_order(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let now = call.now;
    let order = order_mut(call, world, "inbound_order_id")?;
    if !order.take(Step::Ship, now) {
        return Err(Refusal::parameter(
            "Invalid parameter 'inbound_order_id'. The order was shipped already.",
        ));
    }
    if let Some(cartons) = call.body.get("cartons").filter(|cartons| cartons.is_array()) {
        order.cartons = cartons.clone();
    }
    Ok(fitted(call, json!({ "inbound_order_id": order.number.to_string() })))
}

pub(super) fn cancel_inbound_order(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let now = call.now;
    let order = order_mut(call, world, "order_id")?;
    if text(&call.body, "cancel_reason").trim().is_empty() {
        return Err(Refusal::business(REASON, "The reason of the cancellation is missing."));
    }
    if !order.take(Step::Cancel, now) {
        return Err(Refusal::business(NOT_CANCELLABLE, "The inbound order cannot be cancelled any more."));
    }
    Ok(nothing())
}

pub(super) fn update_inbound_order_tracking(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let order = order_mut(call, world, "order_id")?;
    if order.status != InboundStatus::ToBeReceived {
        return Err(Refusal::business(NOT_SHIPPED, "The inbound order is not on its way."));
    }
    let parcels =
        call.body.get("parcel_tracking_info").and_then(Value::as_array).cloned().unwrap_or_default();
    if parcels.is_empty() {
        return Err(Refusal::business(NO_PARCELS, "The list of parcels is empty."));
    }
    let read: Result<Vec<Parcel>, Refusal> = parcels.iter().map(parcel).collect();
    order.parcels = read?;
    Ok(nothing())
}

fn parcel(entry: &Value) -> Result<Parcel, Refusal> {
    let provider = text(entry, "provider_name");
    if !matches!(provider, "FEDEX" | "UPS" | "DHL" | "USPS" | "OTHER") {
        return Err(Refusal::business(PROVIDER, "The provider is not supported."));
    }
    let filled = |name: &str, code| {
        let text = text(entry, name);
        if text.is_empty() { Err(Refusal::business(code, format!("'{name}' is missing."))) } else { Ok(text) }
    };
    Ok(Parcel {
        provider: provider.into(),
        tracking_number: filled("tracking_number", TRACKING_NUMBER)?.into(),
        carton: filled("carton_number", CARTON)?.into(),
    })
}

fn order_mut<'w>(call: &Admitted<'_>, world: &'w mut World, field: &str) -> Result<&'w mut Inbound, Refusal> {
    let shop: &mut Shop = shop_mut(call, world)?;
    let number = text(&call.body, field).parse::<InboundNo>().ok();
    number.and_then(|number| shop.fbt.inbound.get_mut(&number)).ok_or_else(no_order)
}

fn no_order() -> Refusal {
    Refusal::business(NO_ORDER, "The merchant has no such inbound order.")
}

fn text<'a>(entry: &'a Value, name: &str) -> &'a str {
    entry.get(name).and_then(Value::as_str).unwrap_or_default()
}
