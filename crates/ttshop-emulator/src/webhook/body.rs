//! Bodies of notifications (PLATFORM.md 7.3, 7.4).

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use ttshop_catalogue::{Owner, WebhookType};
use ttshop_types::Timestamp;

use crate::world::NotificationNo;
use crate::world::number::Digits;
use crate::world::order::{Order, OrderStatus};

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
    pub(crate) const UPCOMING_AUTHORIZATION_EXPIRATION: Self = Self(7);
    pub(crate) const CREATOR_DEAUTHORIZATION: Self = Self(20);
    pub(crate) const INVENTORY_CHANGED_BY_SHOP: Self = Self(71);

    /// The envelope's `type`.
    pub(crate) fn number(self) -> u16 {
        self.0
    }

    /// The topic of a number or a name.
    pub(crate) fn find(text: &str) -> Option<Self> {
        let kind = match text.parse() {
            Ok(number) => ttshop_catalogue::webhook_by_number(number),
            Err(_) => ttshop_catalogue::webhook_by_name(text),
        };
        kind.and_then(|kind| u16::try_from(kind.number).ok()).map(Self)
    }

    /// What the catalogue says about it.
    pub(crate) fn kind(self) -> Option<&'static WebhookType> {
        ttshop_catalogue::webhook_by_number(self.0.into())
    }

    /// Whose event it is.
    pub(crate) fn owner(self) -> Owner {
        self.kind().map_or(Owner::Shop, |kind| kind.owner)
    }

    /// The name in the Event API.
    pub(crate) fn event_type(self) -> &'static str {
        self.kind().map_or("", |kind| kind.name)
    }
}

/// What stands around `data`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Letterhead {
    pub(crate) topic: Topic,
    /// `type` as it is printed.
    pub(crate) printed_type: u16,
    /// `shop_id`, `seller_open_id` or `creator_open_id`.
    pub(crate) owner_key: &'static str,
    pub(crate) owner: String,
    /// No envelope at all: `data` is the body.
    pub(crate) is_bare: bool,
}

impl Letterhead {
    pub(crate) fn of(topic: Topic, owner_key: Owner, owner: String) -> Self {
        let (printed_type, owner_key) = (topic.number(), owner_key.key());
        Self { topic, printed_type, owner_key, owner, is_bare: false }
    }

    /// The exact bytes that are signed and sent.
    pub(crate) fn write(&self, number: NotificationNo, now: Timestamp, data: &Value) -> String {
        let written = if self.is_bare {
            serde_json::to_string(data)
        } else {
            serde_json::to_string(&Envelope { letterhead: self, number, now, data })
        };
        written.expect("an envelope of texts and numbers serialises")
    }
}

struct Envelope<'a> {
    letterhead: &'a Letterhead,
    number: NotificationNo,
    now: Timestamp,
    data: &'a Value,
}

impl Serialize for Envelope<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", &self.letterhead.printed_type)?;
        // The platform's own sample of type 3 carries no notification id.
        if self.letterhead.topic.kind().is_none_or(|kind| kind.has_notification_id) {
            map.serialize_entry("tts_notification_id", &Digits::from(self.number))?;
        }
        map.serialize_entry(self.letterhead.owner_key, &self.letterhead.owner)?;
        map.serialize_entry("timestamp", &self.now.as_seconds())?;
        map.serialize_entry("data", self.data)?;
        map.end()
    }
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
        assert_eq!(Topic::CREATOR_DEAUTHORIZATION.event_type(), "CREATOR_DEAUTHORIZATION");
        assert_eq!(Topic::INVENTORY_CHANGED_BY_SHOP.event_type(), "INVENTORY_CHANGED_BY_SHOP");
        assert_eq!(
            Topic::UPCOMING_AUTHORIZATION_EXPIRATION.event_type(),
            "UPCOMING_AUTHORIZATION_EXPIRATION"
        );
    }
}
