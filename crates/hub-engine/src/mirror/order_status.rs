//! Three axes of an order's status, beside the platform's own word.

use serde::Serialize;
use serde_json::Value;

use super::read::{flag, text, time};

/// Where an order stands.
#[derive(Clone, PartialEq, Eq, Serialize, Debug)]
pub(super) struct OrderStatus {
    lifecycle: &'static str,
    payment: &'static str,
    fulfillment: &'static str,
    /// The platform's own word.
    pub(super) platform_status: String,
    on_hold: bool,
    buyer_requests_cancel: bool,
}

impl OrderStatus {
    pub(super) fn of(order: &Value) -> Self {
        let word = text(order, "status").unwrap_or_else(|| "UNKNOWN".into());
        let on_hold = flag(order, "is_on_hold_order");
        Self {
            lifecycle: lifecycle(&word, on_hold),
            payment: payment(&word, order),
            fulfillment: fulfillment(&word, order),
            on_hold,
            buyer_requests_cancel: flag(order, "is_buyer_request_cancel"),
            platform_status: word,
        }
    }
}

fn lifecycle(word: &str, on_hold: bool) -> &'static str {
    match word {
        "UNPAID" => "pending",
        "ON_HOLD" => "held",
        "AWAITING_SHIPMENT" if on_hold => "held",
        "AWAITING_SHIPMENT" | "PARTIALLY_SHIPPING" | "AWAITING_COLLECTION" | "IN_TRANSIT" | "DELIVERED" => {
            "open"
        }
        "COMPLETED" => "completed",
        "CANCELLED" | "CANCEL" => "cancelled",
        _ => "unknown",
    }
}

/// Derived, never guessed: whether a cancelled order was refunded is not in the order.
fn payment(word: &str, order: &Value) -> &'static str {
    let paid = time(order, "paid_time").is_some();
    match word {
        "UNPAID" => "unpaid",
        "CANCELLED" | "CANCEL" if paid => "unknown",
        "CANCELLED" | "CANCEL" => "unpaid",
        _ if paid => "paid",
        "COMPLETED" => "unknown",
        _ if flag(order, "is_cod") => "unpaid",
        _ => "unknown",
    }
}

fn fulfillment(word: &str, order: &Value) -> &'static str {
    match word {
        "UNPAID" | "ON_HOLD" | "AWAITING_SHIPMENT" => "unfulfilled",
        "PARTIALLY_SHIPPING" => "partially_fulfilled",
        "AWAITING_COLLECTION" => "ready_for_pickup",
        "IN_TRANSIT" => "in_transit",
        "DELIVERED" => "delivered",
        // A full refund completes orders that never arrived.
        "COMPLETED" if time(order, "delivery_time").is_some() => "delivered",
        "CANCELLED" | "CANCEL" if time(order, "rts_time").is_none() => "unfulfilled",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_status_has_its_place_on_each_axis() {
        let paid = json!({"paid_time": 5});
        let table = [
            ("UNPAID", json!({}), "pending", "unpaid", "unfulfilled"),
            ("ON_HOLD", paid.clone(), "held", "paid", "unfulfilled"),
            ("ON_HOLD", json!({}), "held", "unknown", "unfulfilled"),
            ("AWAITING_SHIPMENT", paid.clone(), "open", "paid", "unfulfilled"),
            ("AWAITING_SHIPMENT", json!({"is_cod": true}), "open", "unpaid", "unfulfilled"),
            (
                "AWAITING_SHIPMENT",
                json!({"paid_time": 5, "is_on_hold_order": true}),
                "held",
                "paid",
                "unfulfilled",
            ),
            ("PARTIALLY_SHIPPING", paid.clone(), "open", "paid", "partially_fulfilled"),
            ("AWAITING_COLLECTION", paid.clone(), "open", "paid", "ready_for_pickup"),
            ("IN_TRANSIT", paid.clone(), "open", "paid", "in_transit"),
            ("DELIVERED", paid.clone(), "open", "paid", "delivered"),
            ("COMPLETED", json!({"paid_time": 5, "delivery_time": 9}), "completed", "paid", "delivered"),
            ("COMPLETED", paid.clone(), "completed", "paid", "unknown"),
            ("COMPLETED", json!({"is_cod": true}), "completed", "unknown", "unknown"),
            ("CANCELLED", json!({}), "cancelled", "unpaid", "unfulfilled"),
            ("CANCELLED", json!({"paid_time": 5, "rts_time": 7}), "cancelled", "unknown", "unknown"),
            ("TELEPORTED", paid, "unknown", "paid", "unknown"),
        ];
        for (word, mut order, lifecycle, payment, fulfillment) in table {
            order["status"] = json!(word);
            let status = OrderStatus::of(&order);
            assert_eq!(
                (status.lifecycle, status.payment, status.fulfillment),
                (lifecycle, payment, fulfillment),
                "{order}"
            );
            assert_eq!(status.platform_status, word);
        }
    }
}
