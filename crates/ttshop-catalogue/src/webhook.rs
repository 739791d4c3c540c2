//! Topics that the platform announces by webhook.

use crate::generated::WEBHOOKS;
use crate::schema::Schema;

/// One topic.
#[derive(Debug)]
pub struct WebhookType {
    /// `type` in the envelope.
    pub number: i64,
    /// Its name: `ORDER_STATUS_CHANGE`.
    pub name: &'static str,
    /// The Event API takes this name; other topics are set in Partner Center only.
    pub named_in_event_api: bool,
    /// Whose event it is.
    pub owner: Owner,
    /// The envelope carries `tts_notification_id`.
    pub has_notification_id: bool,
    /// The shape of `data`.
    pub data: &'static Schema,
}

/// Whose event a webhook is, and by which envelope key it says so.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Owner {
    /// `shop_id`.
    Shop,
    /// `seller_open_id`.
    Seller,
    /// `creator_open_id`.
    Creator,
}

impl Owner {
    /// The envelope key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Shop => "shop_id",
            Self::Seller => "seller_open_id",
            Self::Creator => "creator_open_id",
        }
    }
}

/// The topic of this `type`; numbers are sparse and new ones appear.
pub fn webhook_by_number(number: i64) -> Option<&'static WebhookType> {
    let place = WEBHOOKS.binary_search_by_key(&number, |webhook| webhook.number).ok()?;
    WEBHOOKS.get(place)
}

/// The topic of this name.
pub fn webhook_by_name(name: &str) -> Option<&'static WebhookType> {
    WEBHOOKS.iter().find(|webhook| webhook.name == name)
}
