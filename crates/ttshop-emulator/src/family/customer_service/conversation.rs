//! Conversations.

use serde_json::{Value, json};

use crate::family::customer_service::view::{self, Wanted};
use crate::family::customer_service::{code, conversation_of, counted, not_found};
use crate::family::fit::fitted;
use crate::family::listing::page;
use crate::family::shop_of;
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::book::{OrderFilter, SortField};
use crate::world::desk::Conversation;
use crate::world::{BuyerNo, World};

/// Those with the latest message first.
pub(super) fn get_conversations(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    counted(call, world)?;
    let shop = shop_of(call, world)?;
    let mut found: Vec<&Conversation> = shop.desk.conversations.values().collect();
    found.sort_by_key(|talk| std::cmp::Reverse((talk.touched(), talk.number)));
    let page = page(call, world, found)?;
    let wanted = wanted(call);
    let shown = page
        .rows
        .iter()
        .map(|talk| view::with_session(view::conversation(shop, talk), &shop.desk, talk, wanted));
    let shown: Vec<Value> = shown.collect();
    Ok(fitted(call, json!({ "next_page_token": page.next, "conversations": shown })))
}

/// A seller may write first to somebody who ordered.
pub(super) fn create_conversation(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let shop = counted(call, world)?;
    let buyer = call.body.get("buyer_user_id").and_then(Value::as_str).unwrap_or_default();
    let buyer: BuyerNo =
        buyer.parse().map_err(|_| Refusal::parameter("Invalid parameter 'buyer_user_id'."))?;
    let filter = OrderFilter { buyer: Some(buyer), ..OrderFilter::default() };
    let ordered = shop.book.count(&filter, SortField::Created) > 0;
    if !ordered && shop.desk.with_buyer(buyer).is_none() {
        let message = "The conversation cannot be initiated. The user has no order in the shop.";
        return Err(Refusal::business(code::MAY_NOT_OPEN, message));
    }
    let place = shop.number;
    let number = world.open_conversation(place, buyer, call.now).ok_or_else(not_found)?;
    Ok(fitted(call, json!({ "conversation_id": number.to_string() })))
}

pub(super) fn get_conversation(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = conversation_of(call, world)?;
    let shop = shop_of(call, world)?;
    let talk = shop.desk.conversations.get(&number).ok_or_else(not_found)?;
    let shown = view::with_session(view::conversation(shop, talk), &shop.desk, talk, wanted(call));
    Ok(fitted(call, json!({ "conversation": shown })))
}

fn wanted(call: &Admitted<'_>) -> Wanted {
    let asked = |name: &str| call.call.param(name) == Some("true");
    Wanted { id: asked("need_session_id"), info: asked("need_session_info") }
}
