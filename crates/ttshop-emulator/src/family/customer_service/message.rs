//! Messages.

use serde_json::{Value, json};
use ttshop_catalogue::{FileFormat, ImageSize};

use crate::family::customer_service::{
    code, content, conversation_mut, conversation_of, counted, not_found, view,
};
use crate::family::fit::fitted;
use crate::family::listing::{Growth, page_growing};
use crate::family::{nothing, shop_mut, shop_of};
use crate::gateway::{Admitted, Refusal, Success};
use crate::world::World;
use crate::world::desk::{Message, NewMessage, Sender};

/// Newest first unless something else is asked for.
pub(super) fn get_conversation_messages(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = conversation_of(call, world)?;
    let shop = shop_of(call, world)?;
    let talk = shop.desk.conversations.get(&number).ok_or_else(not_found)?;
    let mut found: Vec<&Message> = talk.messages.iter().collect();
    let growth = if call.call.param("sort_order") == Some("ASC") {
        Growth::AtTheEnd
    } else {
        found.reverse();
        Growth::InFront
    };
    let page = page_growing(call, world, found, growth)?;
    let (needs_data, needs_plain) = (asked(call, "need_data"), asked(call, "need_plaintext"));
    let shown = page.rows.iter().map(|message| {
        let mut shown = view::message(shop, talk, message);
        if needs_data {
            shown["data"] = message.content.clone().into();
        }
        if needs_plain {
            shown["plaintext"] = plain(message).into();
        }
        shown
    });
    let shown: Vec<Value> = shown.collect();
    Ok(fitted(call, json!({ "next_page_token": page.next, "messages": shown })))
}

pub(super) fn send_message(call: &Admitted<'_>, world: &mut World) -> Result<Success, Refusal> {
    let number = conversation_of(call, world)?;
    let text = |name: &str| call.body.get(name).and_then(Value::as_str).unwrap_or_default();
    let (kind, content) = (text("type"), text("content"));
    let sender = match text("sender_role") {
        "" | "CUSTOMER_SERVICE" => Sender::CustomerService,
        "ROBOT" => Sender::Robot,
        "SYSTEM" => Sender::System,
        _ => return Err(Refusal::parameter("Invalid parameter 'sender_role'.")),
    };
    let shop = shop_mut(call, world)?;
    let talk = shop.desk.conversations.get(&number).ok_or_else(not_found)?;
    content::check(call, shop, talk, kind, content)?;
    if !talk.can_send {
        let message = "Sending is not allowed by the rules of the conversation.";
        return Err(Refusal::business(code::SENDING_BLOCKED, message));
    }
    if kind == "COUPON_CARD" && !shop.desk.admits_coupon_card(call.now) {
        return Err(Refusal::business(code::COUPON_RATE, "Coupon cards are limited to 0.5 per second."));
    }
    let place = shop.number;
    let new = NewMessage { kind: kind.to_owned(), content: content.to_owned(), sender };
    let message = world.write_message(place, number, new, call.now).ok_or_else(not_found)?;
    Ok(fitted(call, json!({ "message_id": message.to_string() })))
}

pub(super) fn mark_buyer_messages_as_read(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let number = conversation_of(call, world)?;
    conversation_mut(call, world, number)?.unread = 0;
    Ok(nothing())
}

/// The gateway has looked at the file already.
pub(super) fn upload_image_for_buyer_messages(
    call: &Admitted<'_>,
    world: &mut World,
) -> Result<Success, Refusal> {
    let shop = counted(call, world)?;
    let number = shop.chance.mint.thing(&mut shop.chance.dice);
    let head = call.call.parts().iter().find(|part| part.name == "data").map(|part| part.text.as_slice());
    let size = head.and_then(|head| ImageSize::read(FileFormat::detect(head)?, head));
    let (width, height) = size.map_or((0, 0), |size| (size.width, size.height));
    let url = format!("https://p16-oec-va.ibyteimg.com/emulated/{number}.jpeg");
    Ok(fitted(call, json!({ "url": url, "width": width, "height": height })))
}

fn plain(message: &Message) -> String {
    let fields: Value = serde_json::from_str(&message.content).unwrap_or_default();
    fields.get("content").and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn asked(call: &Admitted<'_>, name: &str) -> bool {
    call.call.param(name) == Some("true")
}
