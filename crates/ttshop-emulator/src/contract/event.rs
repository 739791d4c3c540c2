//! `data` of a webhook that nothing in the world caused: drawn from the catalogue's schema.

use serde_json::{Map, Value};
use ttshop_catalogue::{PathParams, WebhookType};
use ttshop_types::Timestamp;

use crate::contract::asked::Asked;
use crate::contract::context::Context;
use crate::contract::moment::day_of;
use crate::contract::shape::Root;
use crate::dice::{hash, hash_more, scatter};
use crate::money::decimals_of;
use crate::world::{Shop, World};

/// Plausible data of a topic; ids that the shop has are its own. What `given` says under the same name is taken over.
pub(crate) fn event_data(
    world: &World,
    shop: Option<&Shop>,
    topic: &'static WebhookType,
    given: Option<&Map<String, Value>>,
    now: Timestamp,
) -> Value {
    let region = shop.map_or("US", |shop| shop.region.code());
    let currency = shop.map_or("USD", Shop::currency);
    let number = shop.map_or(0, |shop| shop.number.0);
    let key = hash_more(hash(topic.name.as_bytes()), &number.to_le_bytes());
    let context = Context {
        seed: world.seed,
        key: scatter(world.seed ^ key ^ now.as_seconds().cast_unsigned()),
        day: day_of(now),
        shop,
        region,
        currency,
        decimals: decimals_of(currency),
        asked: Asked { path: PathParams::default(), params: &[], body: &Value::Null },
        window: None,
        partial: None,
    };
    let mut data = serde_json::to_value(Root::of_event(&context, topic.data))
        .expect("an event of texts and numbers serialises");
    let newest = shop.and_then(|shop| shop.book.newest_order());
    for (name, value) in data.as_object_mut().into_iter().flatten() {
        match (name.as_str(), &*value) {
            ("update_time" | "create_time", Value::Number(_)) => *value = now.as_seconds().into(),
            ("order_id", Value::String(_)) => {
                *value = newest.map_or_else(|| value.clone(), |order| order.number.to_string().into());
            }
            _ => {}
        }
    }
    for (name, value) in given.into_iter().flatten() {
        data[name] = value.clone();
    }
    data
}
