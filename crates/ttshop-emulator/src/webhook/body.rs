//! Bodies of notifications (PLATFORM.md 7.3, 7.4).

use serde::Serialize;
use serde_json::{Value, json};
use ttshop_types::Timestamp;

use crate::world::number::Digits;
use crate::world::order::{Order, OrderStatus};
use crate::world::{NotificationNo, ShopNo};

/// What a notification is about: one of the catalogue's topics.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Topic(u16);

impl Topic {
    pub(crate) const ORDER_STATUS_CHANGE: Self = Self(1);
    pub(crate) const RECIPIENT_ADDRESS_UPDATE: Self = Self(3);
    pub(crate) const PACKAGE_UPDATE: Self = Self(4);
    pub(crate) const PRODUCT_STATUS_CHANGE: Self = Self(5);
    pub(crate) const SELLER_DEAUTHORIZATION: Self = Self(6);
    pub(crate) const CANCELLATION_STATUS_CHANGE: Self = Self(11);
    pub(crate) const RETURN_STATUS_CHANGE: Self = Self(12);
    pub(crate) const NEW_CONVERSATION: Self = Self(13);
    pub(crate) const NEW_MESSAGE: Self = Self(14);
    pub(crate) const ACTIVITY_STATUS_CHANGE: Self = Self(39);
    pub(crate) const ACTIVITY_CHANGE: Self = Self(63);
    pub(crate) const AFTERSALES_REQUEST_STATUS_UPDATE: Self = Self(64);
    pub(crate) const RMA_STATUS_UPDATE: Self = Self(65);
    pub(crate) const REFUND_SUCCESS: Self = Self(67);
    pub(crate) const PRODUCT_INFORMATION_CHANGE: Self = Self(15);
    pub(crate) const PRODUCT_CREATION: Self = Self(16);
    pub(crate) const PRODUCT_CATEGORY_CHANGE: Self = Self(18);
    pub(crate) const INVENTORY_STATUS_CHANGE: Self = Self(27);
    pub(crate) const PRODUCT_AUDIT_STATUS_CHANGE: Self = Self(37);

    /// The envelope's `type`.
    pub(crate) fn number(self) -> u16 {
        self.0
    }

    /// The name in the Event API.
    pub(crate) fn event_type(self) -> &'static str {
        ttshop_catalogue::webhook_by_number(self.0.into()).map_or("", |topic| topic.name)
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    r#type: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    tts_notification_id: Option<Digits>,
    shop_id: Digits,
    timestamp: i64,
    data: &'a Value,
}

/// The exact bytes that are signed and sent.
pub(crate) fn body(kind: u16, number: NotificationNo, shop: ShopNo, now: Timestamp, data: &Value) -> String {
    // The platform's own sample of type 3 carries no notification id.
    let named = kind != Topic::RECIPIENT_ADDRESS_UPDATE.number();
    let envelope = Envelope {
        r#type: kind,
        tts_notification_id: named.then(|| number.into()),
        shop_id: shop.into(),
        timestamp: now.as_seconds(),
        data,
    };
    serde_json::to_string(&envelope).expect("an envelope of texts and numbers serialises")
}

/// `data` of type 1; none for a status that the webhook does not know.
pub(crate) fn order_status(order: &Order) -> Option<Value> {
    Some(json!({
        "order_id": order.number.to_string(),
        "order_status": order.status.webhook_word()?,
        "is_on_hold_order": order.status == OrderStatus::OnHold,
        "update_time": order.updated.as_seconds(),
    }))
}

/// `data` of type 3.
pub(crate) fn recipient_address(order: &Order) -> Value {
    json!({ "order_id": order.number.to_string(), "update_time": order.updated.as_seconds() })
}

/// `data` of type 6.
pub(crate) fn deauthorization() -> Value {
    json!({ "message": "The seller has withdrawn the authorization of this app." })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_have_the_catalogues_names() {
        assert_eq!(Topic::ORDER_STATUS_CHANGE.event_type(), "ORDER_STATUS_CHANGE");
        assert_eq!(Topic::RECIPIENT_ADDRESS_UPDATE.event_type(), "RECIPIENT_ADDRESS_UPDATE");
        assert_eq!(Topic::PACKAGE_UPDATE.event_type(), "PACKAGE_UPDATE");
        assert_eq!(Topic::CANCELLATION_STATUS_CHANGE.event_type(), "CANCELLATION_STATUS_CHANGE");
        assert_eq!(Topic::RETURN_STATUS_CHANGE.event_type(), "RETURN_STATUS_CHANGE");
        assert_eq!(Topic::RMA_STATUS_UPDATE.event_type(), "RMA_STATUS_UPDATE");
        assert_eq!(Topic::REFUND_SUCCESS.event_type(), "REFUND_SUCCESS");
        assert_eq!(Topic::SELLER_DEAUTHORIZATION.event_type(), "SELLER_DEAUTHORIZATION");
    }
}
