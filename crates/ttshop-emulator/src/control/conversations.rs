//! What buyers write to a shop.

use serde::Deserialize;
use serde_json::json;

use crate::control::reply::{ok, shop_of};
use crate::control::{ControlError, ControlRequest, Reply};
use crate::platform::Platform;
use crate::world::desk::{Conversation, NewMessage, Sender};
use crate::world::{BuyerNo, ConversationNo, OrderNo, ShopNo, World};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    shop_id: String,
    /// The buyer of this order writes.
    order_id: Option<String>,
    /// Anybody; a new buyer if neither is given.
    buyer_user_id: Option<String>,
    text: String,
}

/// `POST conversations`
pub(super) fn open(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: Opening = request.json()?;
    let now = platform.now();
    let mut world = platform.world();
    let shop = shop_of(&wanted.shop_id, &world)?;
    let (buyer, order) = buyer(&wanted, shop, &mut world)?;
    let number = world.open_conversation(shop, buyer, now).ok_or(ControlError::NotFound("shop"))?;
    if let Some(order) = order {
        let content = json!({ "order_id": order.to_string() }).to_string();
        let entered = NewMessage { kind: "BUYER_ENTER_FROM_ORDER".into(), content, sender: Sender::System };
        world.write_message(shop, number, entered, now);
    }
    let message = world.write_message(shop, number, text(&wanted.text), now);
    drop(world);
    platform.baton.nudge();
    ok(&json!({
        "conversation_id": number.to_string(),
        "buyer_user_id": buyer.to_string(),
        "message_id": message.map(|message| message.to_string()),
    }))
}

fn buyer(
    wanted: &Opening,
    shop: ShopNo,
    world: &mut World,
) -> Result<(BuyerNo, Option<OrderNo>), ControlError> {
    let shop = world.shops.get_mut(&shop).ok_or(ControlError::NotFound("shop"))?;
    if let Some(id) = &wanted.order_id {
        let number = id.parse::<OrderNo>().ok();
        let order = number.and_then(|number| shop.book.get(number)).ok_or(ControlError::NotFound("order"))?;
        return Ok((order.buyer, Some(order.number)));
    }
    match &wanted.buyer_user_id {
        Some(id) => Ok((id.parse().map_err(|_| ControlError::NotFound("buyer"))?, None)),
        None => Ok((shop.chance.mint.buyer(&mut shop.chance.dice), None)),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    text: Option<String>,
    /// With `content`: a message of another type.
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default)]
    content: Option<serde_json::Value>,
}

/// `POST conversations/{id}/messages`: the buyer writes again.
pub(super) fn write(
    request: &ControlRequest<'_>,
    conversation: &str,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let wanted: Written = request.json()?;
    let new = match (wanted.text, wanted.r#type, wanted.content) {
        (Some(written), None, None) => text(&written),
        (None, Some(kind), Some(content)) => {
            NewMessage { kind, content: content.to_string(), sender: Sender::Buyer }
        }
        _ => return Err(ControlError::Invalid("give either `text` or both `type` and `content`".into())),
    };
    let now = platform.now();
    let mut world = platform.world();
    let (shop, number) = find(conversation, &world)?;
    let message = world.write_message(shop, number, new, now).map(|message| message.to_string());
    drop(world);
    platform.baton.nudge();
    ok(&json!({ "message_id": message }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rating {
    score: u8,
}

/// `POST conversations/{id}/rate`: the buyer rates the last session.
pub(super) fn rate(
    request: &ControlRequest<'_>,
    conversation: &str,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let Rating { score } = request.json()?;
    if !(1..=5).contains(&score) {
        return Err(ControlError::Invalid("`score` must be between 1 and 5".into()));
    }
    change(conversation, platform, |talk| {
        let session = talk.sessions.last_mut().ok_or(ControlError::NotFound("session"))?;
        session.score = Some(score);
        Ok(())
    })
}

/// `POST conversations/{id}/block`: the shop may write no more.
pub(super) fn block(conversation: &str, platform: &Platform) -> Result<Reply, ControlError> {
    change(conversation, platform, |talk| {
        talk.can_send = false;
        Ok(())
    })
}

fn change(
    conversation: &str,
    platform: &Platform,
    change: impl FnOnce(&mut Conversation) -> Result<(), ControlError>,
) -> Result<Reply, ControlError> {
    let mut world = platform.world();
    let (shop, number) = find(conversation, &world)?;
    let shop = world.shops.get_mut(&shop).ok_or(ControlError::NotFound("shop"))?;
    let talk = shop.desk.conversations.get_mut(&number).ok_or(ControlError::NotFound("conversation"))?;
    change(talk)?;
    ok(&json!({ "conversation_id": number.to_string() }))
}

fn find(conversation: &str, world: &World) -> Result<(ShopNo, ConversationNo), ControlError> {
    let number: ConversationNo = conversation.parse().map_err(|_| ControlError::NotFound("conversation"))?;
    let mut shops = world.shops.values();
    let shop = shops.find(|shop| shop.desk.conversations.contains_key(&number));
    Ok((shop.ok_or(ControlError::NotFound("conversation"))?.number, number))
}

fn text(text: &str) -> NewMessage {
    let content = json!({ "content": text }).to_string();
    NewMessage { kind: "TEXT".into(), content, sender: Sender::Buyer }
}
