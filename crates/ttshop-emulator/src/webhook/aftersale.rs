//! `data` of notifications about cases (PLATFORM.md 7.4).

use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::world::Shop;
use crate::world::aftersale::{
    AftersaleRequest, CancelStatus, Cancellation, RequestStatus, ReturnCase, Rma, RmaStatus,
};
use crate::world::order::Actor;

/// `data` of type 11.
pub(crate) fn cancellation_status(cancellation: &Cancellation, status: CancelStatus) -> Value {
    json!({
        "order_id": cancellation.order.to_string(),
        "cancellations_role": cancellation.role.as_str(),
        "cancel_status": status.as_str(),
        "cancel_id": cancellation.number.to_string(),
        "create_time": cancellation.created.as_seconds(),
    })
}

/// `data` of type 12.
pub(crate) fn return_status(case: &ReturnCase) -> Value {
    json!({
        "order_id": case.order.to_string(),
        "return_role": case.role.as_str(),
        "return_type": case.kind.as_str(),
        "return_status": case.status.as_str(),
        "return_id": case.number.to_string(),
        "create_time": case.created.as_seconds(),
        "update_time": case.updated.as_seconds(),
    })
}

/// `data` of type 64. Table and sample disagree on the names of the times.
pub(crate) fn request_status(request: &AftersaleRequest, status: RequestStatus, prefixed: bool) -> Value {
    let mut data = json!({
        "aftersales_request_id": request.number.to_string(),
        "return_role": request.role.as_str(),
        "aftersales_request_status": status.as_str(),
    });
    let prefix = if prefixed { "aftersales_request_" } else { "" };
    add_times(&mut data, prefix, request.created, request.updated);
    data
}

/// `data` of type 65. Table and sample disagree on the names of the times.
pub(crate) fn rma_status(rma: &Rma, role: Actor, status: RmaStatus, prefixed: bool) -> Value {
    let mut data = json!({
        "rma_id": rma.number.to_string(),
        "aftersales_request_id": rma.request.to_string(),
        "return_role": role.as_str(),
        "rma_status": status.webhook_word(),
    });
    add_times(&mut data, if prefixed { "rma_request_" } else { "" }, rma.created, rma.updated);
    data
}

/// `data` of type 67.
pub(crate) fn refund_success(shop: &Shop, case: &ReturnCase, now: Timestamp) -> Value {
    let order = shop.book.get(case.order);
    let sku = |line| {
        let line = order?.lines.iter().find(|known| known.number == line)?;
        Some(shop.sku(line.product, line.sku).number.to_string())
    };
    let line_items: Vec<Value> = case
        .lines
        .iter()
        .map(|line| {
            json!({
                "main_order_id": case.order.to_string(),
                "return_line_item_id": line.number.to_string(),
                "sku_id": sku(line.line),
                "sku_return_request_id": case.number.to_string(),
            })
        })
        .collect();
    let mut data = json!({
        "aftersales_request_id": case.request.to_string(),
        "line_items": line_items,
        "refund_currency": shop.currency(),
        "refund_status": "REFUND_SUCCESS",
        "refund_timestamp": now.as_seconds(),
        "refund_total": case.refund().total().text(shop.decimals()),
    });
    if let Some(rma) = case.rma {
        data["rma_id"] = rma.to_string().into();
    }
    data
}

fn add_times(data: &mut Value, prefix: &str, created: Timestamp, updated: Timestamp) {
    data[format!("{prefix}create_time")] = created.as_seconds().into();
    data[format!("{prefix}update_time")] = updated.as_seconds().into();
}
