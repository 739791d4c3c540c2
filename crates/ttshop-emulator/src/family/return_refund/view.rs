//! Cases as the API prints them.

use serde_json::{Map, Value, json};
use ttshop_types::Timestamp;

use crate::money::Minor;
use crate::switches::Switches;
use crate::world::Shop;
use crate::world::aftersale::{
    Arbitration, CancelStatus, Cancellation, CaseLine, Refund, ReturnCase, ReturnKind, ShipmentType, reasons,
};
use crate::world::order::{Line, Order};

/// The carrier of every return.
const PROVIDER: &str = "Emulated Express";
const IMAGE_SIDE: u32 = 800;

/// What versions of search answer beside the common fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Edition {
    /// 202309.
    First,
    /// 202602.
    Second,
    /// Inside of an after-sales request or an authorization.
    Nested,
}

pub(crate) fn cancellation_view(
    shop: &Shop,
    cancellation: &Cancellation,
    switches: &Switches,
    edition: Edition,
) -> Value {
    let order = shop.book.get(cancellation.order);
    let refunds: Vec<Refund> = cancellation.lines.iter().map(|line| line.refund).collect();
    let deadline = cancellation.clock(switches).filter(|_| cancellation.status == CancelStatus::Pending);
    let mut view = json!({
        "cancel_id": cancellation.number.to_string(),
        "order_id": cancellation.order.to_string(),
        "cancel_type": cancellation.kind.as_str(),
        "cancel_status": cancellation.status.as_str(),
        "role": cancellation.role.as_str(),
        "cancel_reason": cancellation.reason,
        "cancel_reason_text": reasons::text(&cancellation.reason),
        "create_time": cancellation.created.as_seconds(),
        "update_time": cancellation.updated.as_seconds(),
        "seller_next_action_response": next_action(deadline.map(|(_, at)| ("SELLER_RESPOND_CANCEL", at))),
        "refund_amount": amounts(shop, cancellation.refund()),
        "cancel_line_items": line_items(shop, order, &cancellation.lines, &refunds, "cancel_line_item_id"),
    });
    if edition == Edition::Second {
        let in_stock = cancellation.reason.contains("out_of_stock");
        view["should_replenish_stock"] = (!in_stock).into();
    }
    view
}

pub(crate) fn return_view(shop: &Shop, case: &ReturnCase, switches: &Switches, edition: Edition) -> Value {
    let order = shop.book.get(case.order);
    let mut view = json!({
        "return_id": case.number.to_string(),
        "order_id": case.order.to_string(),
        "return_type": case.kind.as_str(),
        "return_status": case.status.as_str(),
        "role": case.role.as_str(),
        "return_reason": case.reason,
        "return_reason_text": reasons::text(&case.reason),
        "create_time": case.created.as_seconds(),
        "update_time": case.updated.as_seconds(),
        "seller_next_action_response": next_action(case.next_action(switches)),
        "refund_amount": amounts(shop, case.refund()),
        "return_line_items":
            line_items(shop, order, &case.lines, &case.refunds(), "return_line_item_id"),
        "is_combined_return": is_combined(shop, case),
    });
    let fields = view.as_object_mut().expect("it was just made as an object");
    optional(shop, case, fields);
    edition_fields(shop, case, order, edition, fields);
    fields.retain(|_, value| !value.is_null());
    view
}

fn optional(shop: &Shop, case: &ReturnCase, fields: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| fields.insert(name.into(), value);
    put("arbitration_status", case.arbitration.map(Arbitration::as_str).into());
    put("pre_return_id", case.previous.map(|number| number.to_string()).into());
    put("next_return_id", case.next.map(|number| number.to_string()).into());
    if let Some(rma) = case.rma.filter(|_| is_combined(shop, case)) {
        put("combined_return_id", rma.to_string().into());
    }
    if case.offer.is_some() || case.rejected_offer {
        put("seller_proposed_return_type", "PARTIAL_REFUND".into());
        put("buyer_rejected_partial_refund", case.rejected_offer.into());
    }
    if case.kind == ReturnKind::ReturnAndRefund {
        put("shipment_type", case.way.shipment.as_str().into());
        put("handover_method", case.way.handover.as_str().into());
        put("return_method", return_method(case).into());
        let warehouse = shop.warehouses.iter().find(|warehouse| !warehouse.sells());
        put("return_warehouse_address", warehouse.map(|_| json!({ "full_address": RETURN_ADDRESS })).into());
    }
    if let Some(parcel) = &case.parcel {
        put("return_tracking_number", parcel.tracking_number.to_string().into());
        put("return_provider_id", parcel.provider_id.to_string().into());
        put("return_provider_name", PROVIDER.into());
        put("return_shipping_document_type", "SHIPPING_LABEL".into());
    }
}

/// Where returned goods go.
const RETURN_ADDRESS: &str = "Emulated returns centre, Dock 1";

fn edition_fields(
    shop: &Shop,
    case: &ReturnCase,
    order: Option<&Order>,
    edition: Edition,
    fields: &mut Map<String, Value>,
) {
    let mut put = |name: &str, value: Value| fields.insert(name.into(), value);
    let text = |amount: Minor| amount.text(shop.decimals());
    let offer = case.offer.map(|offer| offer.total);
    let zero = text(Minor(0));
    let lines = || case.lines.iter().filter_map(|line| find(order, line));
    let sum = |part: fn(&Line) -> Minor| text(lines().map(part).sum());
    let (platform, seller) = (sum(|line| line.platform_discount), sum(|line| line.seller_discount));
    if edition == Edition::Nested {
        put("buyer_keep_item", case.keeps_item.into());
        let partial =
            offer.map(|total| json!({ "partial_refund_total": text(total), "currency": shop.currency() }));
        put("partial_refund_amount", partial.into());
        put(
            "discount",
            json!({
                "product_platform_discount": platform, "product_seller_discount": seller,
                "shipping_fee_platform_discount": zero, "shipping_fee_seller_discount": zero,
            }),
        );
        put(
            "shipping_fee",
            json!({
                "seller_paid_return_shipping_fee_amount": zero, "buyer_paid_return_shipping_fee_amount": zero,
                "platform_paid_return_shipping_fee_amount": zero,
            }),
        );
        put("reshipment_order_id", case.replacement.map(|order| order.to_string()).into());
    } else {
        put("can_buyer_keep_item", case.keeps_item.into());
        let partial = offer.map(|total| json!({ "amount": text(total), "currency": shop.currency() }));
        put("partial_refund", partial.into());
        put(
            "discount_amount",
            json!([{
                "currency": shop.currency(),
                "product_platform_discount": platform, "product_seller_discount": seller,
                "shipping_fee_platform_discount": zero, "shipping_fee_seller_discount": zero,
            }]),
        );
        put(
            "shipping_fee_amount",
            json!([{
                "currency": shop.currency(),
                "seller_paid_return_shipping_fee": zero, "buyer_paid_return_shipping_fee": zero,
                "platform_paid_return_shipping_fee": zero,
            }]),
        );
    }
    if edition != Edition::First {
        put("is_quick_refund", case.quick.into());
    }
}

/// Amounts as every case shows them; they add up to `refund_total`.
pub(super) fn amounts(shop: &Shop, refund: Refund) -> Value {
    let text = |amount: Minor| amount.text(shop.decimals());
    json!({
        "currency": shop.currency(),
        "refund_total": text(refund.total()),
        "refund_subtotal": text(refund.subtotal),
        "refund_shipping_fee": text(refund.shipping),
        "refund_tax": text(refund.tax),
        "retail_delivery_fee": text(Minor(0)),
        "buyer_service_fee": text(Minor(0)),
    })
}

fn line_items(
    shop: &Shop,
    order: Option<&Order>,
    lines: &[CaseLine],
    refunds: &[Refund],
    id: &str,
) -> Vec<Value> {
    let item = |(line, refund): (&CaseLine, &Refund)| {
        let sold = find(order, line)?;
        let (product, sku) = (shop.product(sold.product), shop.sku(sold.product, sold.sku));
        let mut item = json!({
            "order_line_item_id": line.line.to_string(),
            "sku_id": sku.number.to_string(),
            "sku_name": sku.name,
            "seller_sku": sku.seller_sku,
            "product_name": product.name,
            "product_image": { "url": sku.image, "width": IMAGE_SIDE, "height": IMAGE_SIDE },
            "refund_amount": amounts(shop, *refund),
        });
        item[id] = line.number.to_string().into();
        Some(item)
    };
    lines.iter().zip(refunds).filter_map(item).collect()
}

/// The unit that was sold.
pub(super) fn find<'a>(order: Option<&'a Order>, line: &CaseLine) -> Option<&'a Line> {
    order?.lines.iter().find(|sold| sold.number == line.line)
}

fn next_action(action: Option<(&str, Timestamp)>) -> Value {
    let entries = action.map(|(action, at)| json!({ "action": action, "deadline": at.as_seconds() }));
    entries.into_iter().collect::<Vec<_>>().into()
}

fn return_method(case: &ReturnCase) -> &'static str {
    let by_seller = case.parcel.as_ref().is_some_and(|parcel| parcel.by_seller);
    match (by_seller, case.way.shipment) {
        (true, _) => "SELLER_SHIPPED",
        (false, ShipmentType::Platform) => "PLATFORM_SHIPPED",
        (false, ShipmentType::BuyerArrange) => "BUYER_SHIPPED",
    }
}

fn is_combined(shop: &Shop, case: &ReturnCase) -> bool {
    let rma = case.rma.and_then(|rma| shop.aftersales.rmas.get(&rma));
    rma.is_some_and(|rma| rma.returns.len() > 1)
}
