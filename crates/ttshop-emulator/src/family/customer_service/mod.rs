//! Conversations between the shop and its buyers.

mod content;
mod conversation;
mod message;
mod session;
mod view;

use ttshop_catalogue::Method;

use crate::family::{Handlers, shop_mut};
use crate::gateway::{Admitted, Refusal};
use crate::world::desk::{Conversation, Desk};
use crate::world::{ConversationNo, Shop, World};

/// What is emulated here.
pub(super) const HANDLERS: Handlers = &[
    (Method::Get, "/customer_service/202309/agents/settings", session::get_agent_settings),
    (Method::Put, "/customer_service/202309/agents/settings", session::update_agent_settings),
    (Method::Get, "/customer_service/202309/conversations", conversation::get_conversations),
    (Method::Post, "/customer_service/202309/conversations", conversation::create_conversation),
    (Method::Get, "/customer_service/202601/conversations/{conversation_id}", conversation::get_conversation),
    (
        Method::Get,
        "/customer_service/202309/conversations/{conversation_id}/messages",
        message::get_conversation_messages,
    ),
    (
        Method::Post,
        "/customer_service/202309/conversations/{conversation_id}/messages",
        message::send_message,
    ),
    (
        Method::Post,
        "/customer_service/202606/conversations/{conversation_id}/messages",
        message::send_message,
    ),
    (
        Method::Post,
        "/customer_service/202309/conversations/{conversation_id}/messages/read",
        message::mark_buyer_messages_as_read,
    ),
    (
        Method::Post,
        "/customer_service/202605/conversations/{conversation_id}/sessions/{session_id}/end",
        session::end_session,
    ),
    (Method::Post, "/customer_service/202309/images/upload", message::upload_image_for_buyer_messages),
    (Method::Get, "/customer_service/202407/performance", session::get_customer_service_performance),
    (Method::Post, "/customer_service/202602/sessions/search", session::search_sessions),
];

/// Codes of PLATFORM.md 4.7.
mod code {
    pub(super) const CARD: i64 = 45_101_002;
    pub(super) const NOT_FOUND: i64 = 45_101_003;
    pub(super) const DAILY_QUOTA: i64 = 45_101_004;
    pub(super) const NO_ACCESS: i64 = 45_102_007;
    pub(super) const SENDING_BLOCKED: i64 = 45_109_001;
    pub(super) const MAY_NOT_OPEN: i64 = 45_109_003;
    pub(super) const UNSUPPORTED: i64 = 45_111_001;
    pub(super) const COUPON_RATE: i64 = 45_111_012;
    pub(super) const COUPON: i64 = 45_111_017;
}

/// The shop, its request counted.
fn counted<'w>(call: &Admitted<'_>, world: &'w mut World) -> Result<&'w mut Shop, Refusal> {
    let shop = shop_mut(call, world)?;
    if shop.desk.admits(call.now) {
        Ok(shop)
    } else {
        Err(Refusal::business(code::DAILY_QUOTA, "The daily quota of 10000 requests is used up."))
    }
}

/// The conversation of the path: one of this shop.
fn conversation_of(call: &Admitted<'_>, world: &mut World) -> Result<ConversationNo, Refusal> {
    let id = call.path_params.get("conversation_id").and_then(|id| id.parse().ok());
    let number: ConversationNo = id.ok_or_else(not_found)?;
    let has = |desk: &Desk| desk.conversations.contains_key(&number);
    if has(&counted(call, world)?.desk) {
        return Ok(number);
    }
    if world.shops.values().any(|shop| has(&shop.desk)) {
        return Err(Refusal::business(code::NO_ACCESS, "The shop is not part of the conversation."));
    }
    Err(not_found())
}

fn conversation_mut<'w>(
    call: &Admitted<'_>,
    world: &'w mut World,
    number: ConversationNo,
) -> Result<&'w mut Conversation, Refusal> {
    shop_mut(call, world)?.desk.conversations.get_mut(&number).ok_or_else(not_found)
}

fn not_found() -> Refusal {
    Refusal::business(code::NOT_FOUND, "The record does not exist.")
}
