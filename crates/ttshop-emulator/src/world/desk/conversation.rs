//! Conversations, messages and sessions.

use serde::{Deserialize, Serialize};
use ttshop_types::Timestamp;

use crate::dice::scatter;
use crate::world::{BuyerNo, ConversationNo, MessageNo, SessionNo};

/// Everything that one buyer and the shop wrote to each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Conversation {
    pub(crate) number: ConversationNo,
    pub(crate) buyer: BuyerNo,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    /// The platform lets the shop write.
    pub(crate) can_send: bool,
    /// Messages of the buyer that nobody has read.
    pub(crate) unread: u32,
    /// Oldest first.
    pub(crate) messages: Vec<Message>,
    /// Oldest first; only the last can be open.
    pub(crate) sessions: Vec<Session>,
}

/// One message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) number: MessageNo,
    /// TEXT, IMAGE, ORDER_CARD and so on.
    pub(crate) kind: String,
    /// JSON, as the platform sends it.
    pub(crate) content: String,
    #[serde(with = "crate::instant")]
    pub(crate) created: Timestamp,
    pub(crate) sender: Sender,
    /// Grows within a conversation.
    pub(crate) index: u64,
}

/// Who wrote a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Sender {
    Buyer,
    CustomerService,
    Robot,
    System,
}

/// One matter that a buyer came with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) number: SessionNo,
    #[serde(with = "crate::instant")]
    pub(crate) begin: Timestamp,
    #[serde(with = "crate::instant::option")]
    pub(crate) end: Option<Timestamp>,
    /// When an agent first answered.
    #[serde(with = "crate::instant::option")]
    pub(crate) first_response: Option<Timestamp>,
    /// One to five, from the buyer.
    pub(crate) score: Option<u8>,
}

impl Conversation {
    pub(crate) fn new(number: ConversationNo, buyer: BuyerNo, now: Timestamp) -> Self {
        Self {
            number,
            buyer,
            created: now,
            can_send: true,
            unread: 0,
            messages: Vec::new(),
            sessions: Vec::new(),
        }
    }

    /// When something last happened in it.
    pub(crate) fn touched(&self) -> Timestamp {
        self.messages.last().map_or(self.created, |message| message.created)
    }

    /// The session that is not over.
    pub(crate) fn open_session(&self) -> Option<&Session> {
        self.sessions.last().filter(|session| session.end.is_none())
    }

    /// The place of a message of this instant among all of the conversation.
    pub(super) fn next_index(&self, now: Timestamp) -> u64 {
        let by_clock = u64::try_from(now.as_millis()).unwrap_or(0).saturating_mul(1_000);
        self.messages.last().map_or(by_clock, |last| by_clock.max(last.index + 1))
    }

    /// What the buyer is called.
    pub(crate) fn nickname(&self) -> String {
        format!("user{:07}", scatter(self.buyer.0) % 10_000_000)
    }
}

impl Session {
    /// Seconds until an agent answered.
    pub(crate) fn response_seconds(&self) -> Option<u64> {
        self.first_response.map(|first| first.since(self.begin).as_secs())
    }
}
