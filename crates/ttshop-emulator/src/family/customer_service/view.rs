//! Conversations as the API shows them.

use serde_json::{Value, json};

use crate::world::desk::{Conversation, Desk, Message, Sender, im_user_of};
use crate::world::{Shop, im_user_id};

/// Everything that any operation shows of a conversation.
pub(super) fn conversation(shop: &Shop, talk: &Conversation) -> Value {
    let mut shown = json!({
        "id": talk.number.to_string(),
        "participant_count": 2,
        "can_send_message": talk.can_send,
        "unread_count": talk.unread,
        "create_time": talk.created.as_seconds(),
        "participants": [
            {
                "im_user_id": im_user_id(talk.buyer.0),
                "avatar": avatar(talk.buyer.0),
                "user_id": talk.buyer.to_string(),
                "role": "BUYER",
                "nickname": talk.nickname(),
                "buyer_platform": "TIKTOK_SHOP",
                "platform": "TIKTOK_SHOP",
            },
            {
                "im_user_id": im_user_id(shop.number.0),
                "avatar": avatar(shop.number.0),
                "role": "SHOP",
                "nickname": shop.name,
            },
        ],
    });
    if let Some(latest) = talk.messages.last() {
        shown["latest_message"] = message(shop, talk, latest);
    }
    shown
}

/// The same with its open session, as far as the caller wants it.
pub(super) fn with_session(mut shown: Value, desk: &Desk, talk: &Conversation, wanted: Wanted) -> Value {
    if let Some(session) = talk.open_session() {
        if wanted.id {
            shown["cur_session_id"] = session.number.to_string().into();
        }
        if wanted.info {
            let phase = if desk.can_accept_chat { "ASSIGNED" } else { "QUEUED" };
            shown["cur_session"] = json!({ "id": session.number.to_string(), "phase": phase });
        }
    }
    shown
}

/// What of the session is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) id: bool,
    pub(super) info: bool,
}

pub(super) fn message(shop: &Shop, talk: &Conversation, message: &Message) -> Value {
    let (owner, nickname) = match message.sender {
        Sender::Buyer => (talk.buyer.0, talk.nickname()),
        Sender::CustomerService | Sender::Robot | Sender::System => (shop.number.0, shop.name.clone()),
    };
    json!({
        "id": message.number.to_string(),
        "type": message.kind,
        "content": message.content,
        "create_time": message.created.as_seconds(),
        "is_visible": true,
        "index": message.index.to_string(),
        "sender": {
            "im_user_id": im_user_of(message.sender, talk.buyer, shop.number),
            "avatar": avatar(owner),
            "role": message.sender,
            "nickname": nickname,
        },
    })
}

fn avatar(owner: u64) -> String {
    format!("https://p16-oec-va.ibyteimg.com/emulated/avatar-{owner}.jpeg")
}
