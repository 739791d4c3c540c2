//! The envelope of a webhook delivery. It is read leniently: what cannot be understood must still be kept.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use ttshop_catalogue::{WebhookType, webhook_by_number};
use ttshop_types::{NotificationId, OpenId, ShopId, Timestamp};

use crate::envelope::{scalar, text};
use crate::rt::Scalar;

#[cfg(feature = "webhooks")]
pub use crate::generated::events::*;

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
        let Some(type_text) = wire.kind.and_then(text) else {
            return Self::bare(bytes, &wire).ok_or(NotificationError::NoType);
        };
        Ok(Self {
            type_text,
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

    /// A change of inventory without an envelope, as one page of the documentation prints it.
    fn bare(bytes: &'bytes [u8], wire: &Wire<'bytes>) -> Option<Self> {
        wire.event_id
            .filter(|_| wire.quantity_snapshot_after_change.is_some() || wire.change_detail.is_some())?;
        Some(Self {
            type_text: INVENTORY_CHANGED.to_string(),
            notification_id: None,
            shop_id: wire.shop_id.and_then(text).map(ShopId::from),
            seller_open_id: wire.seller_open_id.and_then(text).map(OpenId::from),
            creator_open_id: None,
            timestamp: None,
            data: serde_json::from_slice(bytes).ok(),
        })
    }

    /// The topic's number, also where the platform prints its name or announced it under another number.
    pub fn type_number(&self) -> Option<i64> {
        let printed = self.type_text.trim();
        match printed.parse() {
            Ok(INVENTORY_CHANGED_ANNOUNCED) => Some(INVENTORY_CHANGED),
            Ok(number) => Some(number),
            // The page about SKUs was published before its topic had a number.
            Err(_) if printed == "TBD" => {
                Some(SKU_STATUS_CHANGE).filter(|_| self.data_field("skus").is_some())
            }
            Err(_) => {
                let named = |topic: &&WebhookType| topic.name.eq_ignore_ascii_case(printed);
                ttshop_catalogue::WEBHOOKS.iter().find(named).map(|topic| topic.number)
            }
        }
    }

    /// The shop it is about: the envelope's, or where that names a seller, the one that `data` names.
    pub fn shop(&self) -> Option<ShopId> {
        let in_data = || self.data_text("tts_shop_id").or_else(|| self.data_text("shop_id"));
        self.shop_id.clone().or_else(|| in_data().filter(|id| !id.is_empty()).map(ShopId::from))
    }

    /// What happened. A topic this version does not know, and data that is no object, are [`Event::Unknown`].
    #[cfg(feature = "webhooks")]
    pub fn event(&self) -> Event {
        let data = self.data.map_or("", RawValue::get);
        let read = self.type_number().filter(|_| data.trim_start().starts_with('{'));
        let read = read.and_then(|number| Event::read(number, data.as_bytes()));
        read.unwrap_or_else(|| {
            Event::Unknown(UnknownEvent { type_text: self.type_text.clone(), data: data.to_owned() })
        })
    }

    /// The topic, if the catalogue knows it.
    pub fn webhook_type(&self) -> Option<&'static WebhookType> {
        webhook_by_number(self.type_number()?)
    }

    /// The text of one field of `data`, number or text: ids come as either.
    pub fn data_text(&self, name: &str) -> Option<String> {
        self.data_field(name).and_then(text)
    }

    fn data_field(&self, name: &str) -> Option<&'bytes RawValue> {
        let mut fields: BTreeMap<String, &RawValue> = serde_json::from_str(self.data?.get()).ok()?;
        fields.remove(name)
    }
}

/// An event that could not be read; nothing of it is lost.
#[cfg(feature = "webhooks")]
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// `type` as printed.
    pub type_text: String,
    /// `data` as it came; empty when there was none.
    pub data: String,
}

/// Nobody knows what an unknown event holds, so only its size is shown.
#[cfg(feature = "webhooks")]
impl std::fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UnknownEvent({}, {} bytes)", self.type_text, self.data.len())
    }
}

/// The topic of SKUs that come, go and rest.
const SKU_STATUS_CHANGE: i64 = 50;
/// The topic of changed inventory.
const INVENTORY_CHANGED: i64 = 71;
/// The number under which it was announced and is delivered at times.
const INVENTORY_CHANGED_ANNOUNCED: i64 = 68;

/// Why bytes are no delivery.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
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
    #[serde(borrow)]
    event_id: Option<&'a RawValue>,
    #[serde(borrow)]
    quantity_snapshot_after_change: Option<&'a RawValue>,
    #[serde(borrow)]
    change_detail: Option<&'a RawValue>,
}
