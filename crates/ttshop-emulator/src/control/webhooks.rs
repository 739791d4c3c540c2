//! Notifications and calls, to look at.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use ttshop_catalogue::Owner;
use ttshop_types::Timestamp;

use crate::contract::event_data;
use crate::control::reply::{ok, shop_of};
use crate::control::{ControlError, ControlRequest, Reply};
use crate::platform::Platform;
use crate::webhook::{Chaos, Topic};
use crate::world::post::{Notification, Outcome};
use crate::world::{Holder, World};

/// Entries of a list when the caller does not say.
const LIMIT_DEFAULT: usize = 100;
/// Most entries of a list.
const LIMIT_MAX: usize = 10_000;

/// `GET webhook_chaos`
pub(super) fn get_chaos(platform: &Platform) -> Result<Reply, ControlError> {
    ok(&json!(platform.world().post.chaos))
}

/// `PUT webhook_chaos`; what is left out is off.
pub(super) fn put_chaos(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let chaos: Chaos = request.json()?;
    let percents = [chaos.lose_percent, chaos.duplicate_percent, chaos.reorder_percent, chaos.late_percent];
    if percents.iter().any(|percent| *percent > 100) {
        return Err(ControlError::Invalid("a percentage is at most 100".into()));
    }
    platform.world().post.chaos = chaos;
    ok(&json!(chaos))
}

/// `type` as a number, or as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum TypeText {
    Number(u16),
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Emission {
    #[serde(default)]
    r#type: Option<TypeText>,
    #[serde(default)]
    name: Option<String>,
    /// The first shop if missing.
    #[serde(default)]
    shop_id: Option<String>,
    /// For topics about creators; the first one if missing.
    #[serde(default)]
    creator_id: Option<String>,
    /// Fields of `data`; the others are drawn from the catalogue.
    #[serde(default)]
    data: Option<Map<String, Value>>,
}

/// `POST webhooks/emit`: announces a topic as if it had happened. The world does not change.
pub(super) fn emit(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let wanted: Emission = request.json()?;
    let text = match (&wanted.r#type, &wanted.name) {
        (Some(TypeText::Number(number)), None) => number.to_string(),
        (Some(TypeText::Text(text)), None) | (None, Some(text)) => text.clone(),
        _ => return Err(ControlError::Invalid("give one of `type` and `name`".into())),
    };
    let topic = Topic::find(&text).ok_or(ControlError::NotFound("topic: see catalogue/webhooks.json"))?;
    let kind = topic.kind().ok_or(ControlError::NotFound("topic"))?;
    let now = platform.now();
    let mut world = platform.world();
    let before = world.post.created();
    if kind.owner == Owner::Creator {
        let named = wanted.creator_id.as_ref().map(|id| id.parse().ok());
        let creator = named.unwrap_or_else(|| world.creators.keys().next().copied());
        let creator = creator.filter(|creator| world.creators.contains_key(creator));
        let creator = creator.ok_or(ControlError::NotFound("creator"))?;
        let data = event_data(&world, None, kind, wanted.data.as_ref(), now);
        let holder = Holder::Creator(creator);
        let apps: Vec<usize> =
            (0..world.apps.len()).filter(|app| world.grants.of_holder(*app, holder).is_some()).collect();
        for app in apps {
            world.tell_of_creator(app, topic, creator, &data, now);
        }
    } else {
        let shop = match &wanted.shop_id {
            Some(shop) => shop_of(shop, &world)?,
            None => world.shops.keys().next().copied().ok_or(ControlError::NotFound("shop"))?,
        };
        let data = event_data(&world, world.shops.get(&shop), kind, wanted.data.as_ref(), now);
        world.announce(topic, shop, &data, now);
    }
    let notifications = world.post.created() - before;
    drop(world);
    platform.baton.nudge();
    ok(&json!({ "type": kind.number, "name": kind.name, "notifications": notifications }))
}

/// `GET deliveries?limit=&shop_id=`
pub(super) fn get_deliveries(
    request: &ControlRequest<'_>,
    platform: &Platform,
) -> Result<Reply, ControlError> {
    let world = platform.world();
    let shop = request.param("shop_id").map(|shop| shop_of(&shop, &world)).transpose()?;
    let limit = request.limit(LIMIT_DEFAULT, LIMIT_MAX);
    let deliveries =
        world.post.newest().filter(|notification| shop.is_none_or(|shop| notification.shop == Some(shop)));
    let deliveries: Vec<Value> = deliveries.take(limit).map(|delivery| view(delivery, &world)).collect();
    ok(&json!({ "counts": world.post.counts(), "pending": world.post.pending(), "deliveries": deliveries }))
}

/// `GET journal?limit=&shop_id=&operation=&refused=`: newest first
pub(super) fn get_journal(request: &ControlRequest<'_>, platform: &Platform) -> Result<Reply, ControlError> {
    let world = platform.world();
    let shop = request.param("shop_id").map(|shop| shop_of(&shop, &world)).transpose()?;
    let shop = shop.map(|shop| shop.to_string());
    let operation = request.param("operation");
    let refused = request.param("refused").is_some_and(|refused| refused == "true");
    let wanted = world.journal.newest().filter(|call| {
        shop.as_ref().is_none_or(|shop| call.shop_id.as_ref() == Some(shop))
            && operation.as_deref().is_none_or(|operation| call.operation == Some(operation))
            && !(refused && call.code == Some(0))
    });
    let limit = request.limit(LIMIT_DEFAULT, LIMIT_MAX);
    let calls: Vec<_> = wanted.take(limit).collect();
    ok(&json!({ "total": world.journal.total(), "by_code": world.journal.by_code(), "calls": calls }))
}

fn view(notification: &Notification, world: &World) -> Value {
    let tries = notification.tries.iter().map(|attempt| {
        let (status, error) = match attempt.outcome {
            Outcome::Status(status) => (Some(status), None),
            Outcome::TimedOut => (None, Some("timed out")),
            Outcome::Unreachable => (None, Some("unreachable")),
        };
        json!({ "at_ms": attempt.at.as_millis(), "repeat": attempt.repeat, "status": status, "error": error })
    });
    let signer = world.apps.get(notification.app).map(|app| &app.credentials);
    json!({
        "notification_id": notification.number.to_string(),
        "type": notification.kind,
        "topic": ttshop_catalogue::webhook_by_number(notification.kind.into()).map(|topic| topic.name),
        "shop_id": notification.shop.map(|shop| shop.to_string()),
        "app_key": signer.map(|credentials| credentials.app_key.as_str()),
        "address": &*notification.address,
        "body": &*notification.body,
        "authorization": signer.map(|credentials| {
            credentials.webhook_signer.sign(notification.body.as_bytes()).as_str().to_owned()
        }),
        "created_ms": Timestamp::as_millis(notification.created),
        "fate": notification.fate,
        "lost": notification.lost,
        "duplicated": notification.duplicated,
        "delayed_ms": notification.delayed_ms,
        "tries": tries.collect::<Vec<_>>(),
    })
}
