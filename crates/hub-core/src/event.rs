//! Events: what the hub tells your systems.

use std::fmt;

use serde::{Deserialize, Serialize};
use ttshop_types::{ShopId, Timestamp};

use crate::Lane;

/// The event's name for ever: the same in every attempt, replay and store.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub String);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EventKind {
    /// The mirror met an order for the first time.
    OrderCreated,
    /// The mirror learnt something new about an order.
    OrderUpdated,
    /// A notification of a type the hub does not mirror, passed on as it came; the number or word is its type.
    Notification(String),
}

impl EventKind {
    /// The word in payloads and filters.
    pub fn word(&self) -> String {
        match self {
            Self::OrderCreated => "order.created".into(),
            Self::OrderUpdated => "order.updated".into(),
            Self::Notification(topic) => format!("notification.{topic}"),
        }
    }
}

/// The hub's own name for a place that events go to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SinkName(pub String);

impl fmt::Display for SinkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An event on its way into the outbox.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Its name for ever.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// Whose it is, if it is a shop's.
    pub shop_id: Option<ShopId>,
    /// Events of one lane reach one sink in order.
    pub lane: Lane,
    /// When the hub learnt of it.
    pub occurred_at: Timestamp,
    /// The JSON body that a sink receives, byte for byte.
    pub payload: Vec<u8>,
}
