//! One order as a mirror row.

use hub_core::{MirrorRow, MirrorVersion, Provenance, Resource};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ttshop_types::ShopId;

use super::address::{Buyer, ShippingAddress, is_hiding};
use super::order_lines::{OrderLine, order_lines};
use super::order_status::OrderStatus;
use super::order_totals::OrderTotals;
use super::read::{flag, list, text, time, time_text};
use crate::platform::RawOrder;

/// An order without the two things that every order has.
#[derive(Debug, thiserror::Error)]
#[error("the order has no `{missing}`")]
pub(crate) struct OrderUnreadable {
    missing: &'static str,
}

/// Translates an order; `known` is the row that it replaces.
pub(crate) fn order_row(
    shop_id: &ShopId,
    order: &RawOrder,
    provenance: &Provenance,
    known: Option<&MirrorRow>,
) -> Result<MirrorRow, OrderUnreadable> {
    let read: Value =
        serde_json::from_slice(&order.raw).map_err(|_| OrderUnreadable { missing: "JSON object" })?;
    let updated_at = time(&read, "update_time").ok_or(OrderUnreadable { missing: "update_time" })?;
    let unified =
        UnifiedOrder::of(shop_id, &read, known.and_then(|row| serde_json::from_str(&row.unified).ok()));
    Ok(MirrorRow {
        shop_id: shop_id.clone(),
        resource: Resource::Order,
        id: order.id.as_str().into(),
        platform_status: unified.status.platform_status.clone(),
        created_at: time(&read, "create_time").unwrap_or(updated_at),
        version: MirrorVersion::of(&order.raw, updated_at, provenance.fetched_at),
        unified: serde_json::to_string(&unified).expect("texts, numbers and lists always serialise"),
        raw: order.raw.clone(),
        provenance: provenance.clone(),
    })
}

/// Whether the row before may know something in the clear that this order hides or leaves out.
pub(crate) fn hides_something(order: &RawOrder) -> bool {
    let read: Value = serde_json::from_slice(&order.raw).unwrap_or_default();
    is_hiding(&Buyer::of(&read), ShippingAddress::of(&read).as_ref())
}

/// What later rows need of an earlier one.
#[derive(Deserialize)]
struct KnownOrder {
    #[serde(default)]
    buyer: Buyer,
    #[serde(default)]
    shipping_address: Option<ShippingAddress>,
}

#[derive(Serialize)]
struct UnifiedOrder {
    id: String,
    number: String,
    shop_id: ShopId,
    kind: OrderKind,
    channel: Option<String>,
    status: OrderStatus,
    created_at: Option<String>,
    updated_at: Option<String>,
    paid_at: Option<String>,
    shipped_at: Option<String>,
    collected_at: Option<String>,
    delivered_at: Option<String>,
    cancelled_at: Option<String>,
    next_deadline: Option<NextDeadline>,
    deadlines: Deadlines,
    fulfillment: Fulfillment,
    cancellation: Cancellation,
    payment_method: Option<String>,
    totals: OrderTotals,
    buyer: Buyer,
    shipping_address: Option<ShippingAddress>,
    lines: Vec<OrderLine>,
    package_ids: Vec<String>,
    buyer_message: Option<String>,
    seller_note: Option<String>,
}

impl UnifiedOrder {
    fn of(shop_id: &ShopId, order: &Value, known: Option<KnownOrder>) -> Self {
        let id = text(order, "id").unwrap_or_default();
        let status = OrderStatus::of(order);
        let deadlines = Deadlines::of(order);
        let (buyer, shipping_address) = people(order, known);
        Self {
            number: id.clone(),
            id,
            shop_id: shop_id.clone(),
            kind: OrderKind::of(order),
            channel: text(order, "commerce_platform"),
            created_at: time_text(order, "create_time"),
            updated_at: time_text(order, "update_time"),
            paid_at: time_text(order, "paid_time"),
            shipped_at: time_text(order, "rts_time"),
            collected_at: time_text(order, "collection_time"),
            delivered_at: time_text(order, "delivery_time"),
            cancelled_at: time_text(order, "cancel_time"),
            next_deadline: deadlines.next(&status.platform_status),
            deadlines,
            fulfillment: Fulfillment::of(order),
            cancellation: Cancellation::of(order),
            payment_method: text(order, "payment_method_name"),
            totals: OrderTotals::of(order),
            buyer,
            shipping_address,
            lines: order_lines(order),
            package_ids: list(order, "packages").iter().filter_map(|package| text(package, "id")).collect(),
            buyer_message: text(order, "buyer_message"),
            seller_note: text(order, "seller_note"),
            status,
        }
    }
}

/// Buyer and address, with what an earlier row knew in the clear.
fn people(order: &Value, known: Option<KnownOrder>) -> (Buyer, Option<ShippingAddress>) {
    let (buyer, address) = (Buyer::of(order), ShippingAddress::of(order));
    let Some(known) = known else { return (buyer, address) };
    let address = match (address, known.shipping_address) {
        (Some(address), Some(known)) => Some(address.keeping(known)),
        (address, known) => address.or(known),
    };
    (buyer.keeping(known.buyer), address)
}

/// What sort of order it is.
#[derive(Serialize)]
struct OrderKind {
    platform_type: Option<String>,
    cash_on_delivery: bool,
    sample: bool,
    refundable_sample: bool,
    exchange: bool,
    replacement: bool,
    subscription: bool,
    split_or_combined: Option<String>,
    exchanged_order_id: Option<String>,
    replaced_order_id: Option<String>,
}

impl OrderKind {
    fn of(order: &Value) -> Self {
        Self {
            platform_type: text(order, "order_type"),
            cash_on_delivery: flag(order, "is_cod"),
            sample: flag(order, "is_sample_order"),
            refundable_sample: flag(order, "is_refundable_sample"),
            exchange: flag(order, "is_exchange_order"),
            replacement: flag(order, "is_replacement_order"),
            subscription: flag(order, "is_subscription_order"),
            split_or_combined: text(order, "split_or_combine_tag"),
            exchanged_order_id: text(order, "exchange_source_order_id"),
            replaced_order_id: text(order, "replaced_order_id"),
        }
    }
}

/// Every deadline that the platform names.
#[derive(Serialize)]
struct Deadlines {
    ship_by: Option<String>,
    hand_over_by: Option<String>,
    deliver_by: Option<String>,
    auto_cancel_at: Option<String>,
    auto_cancel_ship_at: Option<String>,
    auto_cancel_collect_at: Option<String>,
    auto_cancel_deliver_at: Option<String>,
    fast_ship_by: Option<String>,
    fast_dispatch_by: Option<String>,
    pick_up_cut_off_at: Option<String>,
    recommended_ship_at: Option<String>,
}

/// The deadline that counts in the present status.
#[derive(Serialize)]
struct NextDeadline {
    kind: &'static str,
    at: String,
}

impl Deadlines {
    fn of(order: &Value) -> Self {
        Self {
            ship_by: time_text(order, "rts_sla_time"),
            hand_over_by: time_text(order, "tts_sla_time"),
            deliver_by: time_text(order, "delivery_sla_time"),
            auto_cancel_at: time_text(order, "cancel_order_sla_time"),
            auto_cancel_ship_at: time_text(order, "shipping_due_time"),
            auto_cancel_collect_at: time_text(order, "collection_due_time"),
            auto_cancel_deliver_at: time_text(order, "delivery_due_time"),
            fast_ship_by: time_text(order, "fast_rts_sla_time"),
            fast_dispatch_by: time_text(order, "fast_dispatch_sla_time"),
            pick_up_cut_off_at: time_text(order, "pick_up_cut_off_time"),
            recommended_ship_at: time_text(order, "recommended_shipping_time"),
        }
    }

    /// RFC 3339 in one form and one zone: the text that sorts first is the earlier instant.
    fn next(&self, platform_status: &str) -> Option<NextDeadline> {
        let named = |kind, at: &Option<String>| at.clone().map(|at| NextDeadline { kind, at });
        let candidates = match platform_status {
            "AWAITING_SHIPMENT" | "PARTIALLY_SHIPPING" => vec![
                named("ship_by", &self.ship_by),
                named("auto_cancel_ship_at", &self.auto_cancel_ship_at),
                named("auto_cancel_at", &self.auto_cancel_at),
            ],
            "AWAITING_COLLECTION" => vec![
                named("hand_over_by", &self.hand_over_by),
                named("auto_cancel_collect_at", &self.auto_cancel_collect_at),
            ],
            "IN_TRANSIT" => vec![
                named("deliver_by", &self.deliver_by),
                named("auto_cancel_deliver_at", &self.auto_cancel_deliver_at),
            ],
            _ => Vec::new(),
        };
        candidates.into_iter().flatten().min_by(|one, other| one.at.cmp(&other.at))
    }
}

/// Who ships, from where, with whom.
#[derive(Serialize)]
struct Fulfillment {
    by: Option<String>,
    shipping_type: Option<String>,
    delivery_type: Option<String>,
    delivery_option: Option<String>,
    warehouse_id: Option<String>,
    carrier: Option<String>,
    carrier_id: Option<String>,
    tracking_number: Option<String>,
}

impl Fulfillment {
    fn of(order: &Value) -> Self {
        Self {
            by: text(order, "fulfillment_type"),
            shipping_type: text(order, "shipping_type"),
            delivery_type: text(order, "delivery_type"),
            delivery_option: text(order, "delivery_option_name"),
            warehouse_id: text(order, "warehouse_id"),
            carrier: text(order, "shipping_provider"),
            carrier_id: text(order, "shipping_provider_id"),
            tracking_number: text(order, "tracking_number"),
        }
    }
}

/// Why and by whom it was or may be cancelled.
#[derive(Serialize)]
struct Cancellation {
    reason: Option<String>,
    initiator: Option<String>,
    requested_at: Option<String>,
}

impl Cancellation {
    fn of(order: &Value) -> Self {
        Self {
            reason: text(order, "cancel_reason"),
            initiator: text(order, "cancellation_initiator"),
            requested_at: time_text(order, "request_cancel_time"),
        }
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
