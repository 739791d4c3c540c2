//! The customer service desk of a shop: conversations with buyers, and the sessions that agents work through.
//!
//! A [`Conversation`] lasts as long as the shop and holds every message. A [`Session`] is one matter within it: it begins with
//! the buyer's first message while none is open, and ends when an agent ends it.

mod announce;
mod conversation;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::world::{BuyerNo, ConversationNo};

pub(crate) use announce::{NewMessage, im_user_of};
pub(crate) use conversation::{Conversation, Message, Sender, Session};

/// Requests of one day (PLATFORM.md 4.7).
const DAILY_REQUESTS_MAX: u32 = 10_000;
const DAY_SECONDS: i64 = 86_400;
/// Coupon cards come at most every two seconds (PLATFORM.md 4.7).
const COUPON_CARD_GAP_MS: i64 = 2_000;

/// Everything at the desk.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Desk {
    pub(crate) can_accept_chat: bool,
    pub(crate) conversations: BTreeMap<ConversationNo, Conversation>,
    /// The day of the last request, and how many it had.
    requests: (i64, u32),
    #[serde(with = "crate::instant::option")]
    last_coupon_card: Option<Timestamp>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            can_accept_chat: true,
            conversations: BTreeMap::new(),
            requests: (0, 0),
            last_coupon_card: None,
        }
    }
}

impl Desk {
    /// Counts a request; false if the day has had enough.
    pub(crate) fn admits(&mut self, now: Timestamp) -> bool {
        let today = now.as_seconds().div_euclid(DAY_SECONDS);
        let (day, count) = self.requests;
        let count = if day == today { count } else { 0 };
        self.requests = (today, count.saturating_add(1));
        count < DAILY_REQUESTS_MAX
    }

    /// Counts a coupon card; false if it comes too soon after the last.
    pub(crate) fn admits_coupon_card(&mut self, now: Timestamp) -> bool {
        let early = |last: Timestamp| now.as_millis() - last.as_millis() < COUPON_CARD_GAP_MS;
        if self.last_coupon_card.is_some_and(early) {
            return false;
        }
        self.last_coupon_card = Some(now);
        true
    }

    /// The conversation with a buyer.
    pub(crate) fn with_buyer(&self, buyer: BuyerNo) -> Option<ConversationNo> {
        let mut conversations = self.conversations.values();
        conversations.find(|conversation| conversation.buyer == buyer).map(|conversation| conversation.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_ten_thousand_requests() {
        let mut desk = Desk::default();
        let noon = Timestamp::from_seconds(DAY_SECONDS * 20_000 + DAY_SECONDS / 2);
        assert!((0..DAILY_REQUESTS_MAX).all(|_| desk.admits(noon)));
        assert!(!desk.admits(noon));
        assert!(desk.admits(Timestamp::from_seconds(DAY_SECONDS * 20_001)));
    }
}
