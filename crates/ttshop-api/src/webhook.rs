//! The envelope of a webhook delivery. It is read leniently: what cannot be understood must still be kept.

use serde::Deserialize;
use serde_json::value::RawValue;
use ttshop_catalogue::{WebhookType, webhook_by_number};
use ttshop_types::{NotificationId, OpenId, ShopId, Timestamp};

use crate::envelope::{scalar, text};
use crate::rt::Scalar;

/// One delivery, opened but with `data` unread.
#[derive(Clone, Debug)]
pub struct Notification<'bytes> {
    /// `type` as printed: `1`, or a word where a new topic has no number yet.
    pub type_text: String,
    /// `tts_notification_id`, the same in every retry; some topics lack it.
    pub notification_id: Option<NotificationId>,
    /// Whose event it is, when a shop's.
    pub shop_id: Option<ShopId>,
    /// Whose event it is, when a seller's.
    pub seller_open_id: Option<OpenId>,
    /// Whose event it is, when a creator's.
    pub creator_open_id: Option<OpenId>,
    /// When the platform announced it.
    pub timestamp: Option<Timestamp>,
    /// The bytes of `data`; none when it is missing.
    pub data: Option<&'bytes RawValue>,
}

impl<'bytes> Notification<'bytes> {
    /// Opens a delivery.
    ///
    /// # Errors
    /// The bytes are no JSON object, or it has no `type`.
    pub fn parse(bytes: &'bytes [u8]) -> Result<Self, NotificationError> {
        let wire: Wire<'bytes> = serde_json::from_slice(bytes).map_err(NotificationError::NotJson)?;
        let id = |raw: Option<&RawValue>| raw.and_then(text).filter(|id| !id.is_empty());
        Ok(Self {
            type_text: wire.kind.and_then(text).ok_or(NotificationError::NoType)?,
            notification_id: id(wire.tts_notification_id).map(NotificationId::from),
            shop_id: id(wire.shop_id).map(ShopId::from),
            seller_open_id: id(wire.seller_open_id).map(OpenId::from),
            creator_open_id: id(wire.creator_open_id).map(OpenId::from),
            timestamp: wire
                .timestamp
                .and_then(scalar)
                .and_then(Scalar::into_integer)
                .map(Timestamp::from_seconds),
            data: wire.data.filter(|data| data.get() != "null"),
        })
    }

    /// `type` as a number.
    pub fn type_number(&self) -> Option<i64> {
        self.type_text.trim().parse().ok()
    }

    /// The topic, if the catalogue knows it.
    pub fn webhook_type(&self) -> Option<&'static WebhookType> {
        webhook_by_number(self.type_number()?)
    }

    /// The text of one field of `data`, number or text: ids come as either.
    pub fn data_text(&self, name: &str) -> Option<String> {
        let fields: std::collections::BTreeMap<String, &RawValue> =
            serde_json::from_str(self.data?.get()).ok()?;
        fields.get(name).copied().and_then(text)
    }
}

/// Why bytes are no delivery.
#[derive(Debug, thiserror::Error)]
pub enum NotificationError {
    /// Not a JSON object.
    #[error("the notification is no JSON object")]
    NotJson(#[source] serde_json::Error),
    /// JSON, but without a type.
    #[error("the notification has no `type`")]
    NoType,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    tts_notification_id: Option<&'a RawValue>,
    #[serde(borrow)]
    shop_id: Option<&'a RawValue>,
    #[serde(borrow)]
    seller_open_id: Option<&'a RawValue>,
    #[serde(borrow)]
    creator_open_id: Option<&'a RawValue>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}
