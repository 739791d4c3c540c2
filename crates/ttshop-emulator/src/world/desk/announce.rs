//! Messages come in and go out, and are told.

use serde_json::json;
use ttshop_types::Timestamp;

use crate::webhook::Topic;
use crate::world::desk::{Conversation, Message, Sender, Session};
use crate::world::{BuyerNo, ConversationNo, MessageNo, SessionNo, ShopNo, World, im_user_id};

/// A message that somebody writes.
#[derive(Clone, Debug)]
pub(crate) struct NewMessage {
    pub(crate) kind: String,
    pub(crate) content: String,
    pub(crate) sender: Sender,
}

impl World {
    /// The conversation with a buyer, begun if there is none (type 13).
    pub(crate) fn open_conversation(
        &mut self,
        shop: ShopNo,
        buyer: BuyerNo,
        now: Timestamp,
    ) -> Option<ConversationNo> {
        let found = self.shops.get_mut(&shop)?;
        if let Some(known) = found.desk.with_buyer(buyer) {
            return Some(known);
        }
        let number = ConversationNo(found.chance.mint.thing(&mut found.chance.dice));
        found.desk.conversations.insert(number, Conversation::new(number, buyer, now));
        let data = json!({ "conversation_id": number.to_string(), "create_time": now.as_seconds() });
        self.announce(Topic::NEW_CONVERSATION, shop, &data, now);
        Some(number)
    }

    /// Adds a message and tells of it (type 14). A buyer's opens a session if none is open; an agent's answers it.
    pub(crate) fn write_message(
        &mut self,
        shop: ShopNo,
        conversation: ConversationNo,
        new: NewMessage,
        now: Timestamp,
    ) -> Option<MessageNo> {
        let found = self.shops.get_mut(&shop)?;
        let (mint, dice) = (&mut found.chance.mint, &mut found.chance.dice);
        let talk = found.desk.conversations.get_mut(&conversation)?;
        let number = MessageNo(mint.thing(dice));
        if new.sender == Sender::Buyer {
            talk.unread += 1;
            if talk.open_session().is_none() {
                let number = SessionNo(mint.thing(dice));
                talk.sessions.push(Session {
                    number,
                    begin: now,
                    end: None,
                    first_response: None,
                    score: None,
                });
            }
        } else if let Some(session) = talk.sessions.last_mut().filter(|session| session.end.is_none()) {
            session.first_response.get_or_insert(now);
        }
        let index = talk.next_index(now);
        let data = json!({
            "message_id": number.to_string(),
            "index": index.to_string(),
            "conversation_id": conversation.to_string(),
            "type": new.kind,
            "content": new.content,
            "create_time": now.as_seconds(),
            "is_visible": true,
            "sender": { "im_user_id": im_user_of(new.sender, talk.buyer, shop), "role": new.sender },
        });
        let NewMessage { kind, content, sender } = new;
        talk.messages.push(Message { number, kind, content, created: now, sender, index });
        self.announce(Topic::NEW_MESSAGE, shop, &data, now);
        Some(number)
    }
}

/// The chat account behind a role: the buyer's, or else the shop's.
pub(crate) fn im_user_of(sender: Sender, buyer: BuyerNo, shop: ShopNo) -> String {
    match sender {
        Sender::Buyer => im_user_id(buyer.0),
        Sender::CustomerService | Sender::Robot | Sender::System => im_user_id(shop.0),
    }
}
