//! Reading a notification as far as it must be read to know where its work goes.
//!
//! Nothing here may fail for good: what does not read becomes work of a lane of its own, with the bytes kept. Ids pass from
//! text to text and never through a floating-point number. The parser does not recurse into what it does not need, so depth
//! costs nothing.

use hub_core::{AppName, DedupeKey, Incoming, Lane, Origin, Resource};
use serde::Deserialize;
use serde_json::value::RawValue;
use ttshop_types::{AppKey, NotificationId, OrderId, ShopId, Timestamp};

/// The topic of what could not be read.
pub(crate) const UNREADABLE_TOPIC: &str = "unreadable";
/// The topic of a seller who takes a grant back.
pub(crate) const DEAUTHORIZATION_TOPIC: &str = "6";
/// Topics that say nothing but "read this order again".
const ORDER_TOPICS: [&str; 2] = ["1", "3"];
/// How long an id or a topic may be; longer ones are no platform's.
const WORD_BYTES_MAX: usize = 64;
/// How many orders one notification may name.
const ORDERS_NAMED_MAX: usize = 100;

/// Reads a verified notification.
pub(crate) fn read_incoming(app: &AppName, key: &AppKey, body: Vec<u8>, received_at: Timestamp) -> Incoming {
    let Some(envelope) = envelope(&body) else {
        let dedupe = DedupeKey::of_body(key, &body);
        let lane = Lane::of_notification(app, &hex::encode(dedupe.as_bytes()));
        let topic = UNREADABLE_TOPIC.to_owned();
        return Incoming {
            key: dedupe,
            origin: Origin::Webhook,
            app: app.clone(),
            shop_id: None,
            topic,
            lane,
            body,
            sent_at: None,
            received_at,
        };
    };
    let id = word(envelope.tts_notification_id).filter(|id| !id.is_empty()).map(NotificationId::from);
    let dedupe = id.map_or_else(|| DedupeKey::of_body(key, &body), |id| DedupeKey::of_notification(key, &id));
    let data =
        envelope.data.and_then(|data| serde_json::from_str::<Data<'_>>(data.get()).ok()).unwrap_or_default();
    let shop = [envelope.shop_id, data.tts_shop_id, data.shop_id]
        .into_iter()
        .find_map(|raw| word(raw).filter(|id| is_plain_id(id)));
    let shop_id = shop.map(ShopId::from);
    let topic = word(envelope.kind).filter(|topic| !topic.is_empty()).unwrap_or_else(|| "none".into());
    let order = word(data.order_id).filter(|id| is_plain_id(id));
    let lane = match (&shop_id, order) {
        (Some(shop), Some(order)) if ORDER_TOPICS.contains(&topic.as_str()) => {
            Lane::of_entity(shop, Resource::Order, &order)
        }
        _ => Lane::of_notification(app, &hex::encode(dedupe.as_bytes())),
    };
    let sent_at =
        word(envelope.timestamp).and_then(|seconds| seconds.parse().ok()).map(Timestamp::from_seconds);
    Incoming {
        key: dedupe,
        origin: Origin::Webhook,
        app: app.clone(),
        shop_id,
        topic,
        lane,
        body,
        sent_at,
        received_at,
    }
}

/// The orders that a notification about something else names: their details may have changed with it.
pub(crate) fn orders_named(body: &[u8]) -> Vec<OrderId> {
    let Some(envelope) = envelope(body) else { return Vec::new() };
    let data =
        envelope.data.and_then(|data| serde_json::from_str::<Data<'_>>(data.get()).ok()).unwrap_or_default();
    let packages = data
        .package_list
        .unwrap_or_default()
        .into_iter()
        .flat_map(|package| package.order_id_list.unwrap_or_default());
    let raw = data.order_id.into_iter().chain(data.order_ids.unwrap_or_default()).chain(packages);
    let mut orders: Vec<OrderId> = Vec::new();
    for id in raw.filter_map(|raw| word(Some(raw))).filter(|id| is_plain_id(id)).take(ORDERS_NAMED_MAX) {
        if !orders.iter().any(|known| known.as_str() == id) {
            orders.push(OrderId::from(id));
        }
    }
    orders
}

/// A topic as it may stand in an event's name: word characters only.
pub(crate) fn topic_word(topic: &str) -> String {
    let word = topic
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    word.take(WORD_BYTES_MAX).collect()
}

/// Whether an id can be part of a lane and a URL.
pub(crate) fn is_plain_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !id.is_empty() && id.len() <= WORD_BYTES_MAX && id.bytes().all(plain)
}

/// The envelope, if the body is a JSON object without a key twice.
fn envelope(body: &[u8]) -> Option<Envelope<'_>> {
    let text = std::str::from_utf8(body).ok()?;
    // The parser would take a list for an object's values in order.
    text.trim_start().starts_with('{').then(|| serde_json::from_str(text).ok()).flatten()
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<&'a RawValue>,
    #[serde(borrow, default)]
    tts_notification_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    shop_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
struct Data<'a> {
    #[serde(borrow, default)]
    order_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    order_ids: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    tts_shop_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    shop_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    package_list: Option<Vec<PackageData<'a>>>,
}

#[derive(Deserialize)]
struct PackageData<'a> {
    #[serde(borrow, default)]
    order_id_list: Option<Vec<&'a RawValue>>,
}

/// A text or a whole number as text, digit for digit; anything else is nothing.
fn word(raw: Option<&RawValue>) -> Option<String> {
    let raw = raw?.get();
    let word = match raw.as_bytes().first()? {
        b'"' => serde_json::from_str::<String>(raw).ok()?,
        b'-' | b'0'..=b'9' if raw.bytes().skip(1).all(|byte| byte.is_ascii_digit()) => raw.to_owned(),
        _ => return None,
    };
    (word.len() <= WORD_BYTES_MAX).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_644_412_900);

    fn read(body: &[u8]) -> Incoming {
        read_incoming(&AppName::new("main"), &AppKey::from("6testkey00"), body.to_vec(), NOW)
    }

    #[test]
    fn an_order_status_goes_to_its_order() {
        let incoming = read(br#"{"type":1,"tts_notification_id":"73","shop_id":"7494","timestamp":1644412885,"data":{"order_id":"5764","update_time":1644412885}}"#);
        assert_eq!(incoming.lane.entity(), Some((ShopId::from("7494"), Resource::Order, "5764")));
        assert_eq!(
            (incoming.topic.as_str(), incoming.sent_at),
            ("1", Some(Timestamp::from_seconds(1_644_412_885)))
        );
    }

    #[test]
    fn numbers_and_texts_are_the_same_ids() {
        let texts = read(br#"{"type":"1","tts_notification_id":"730","shop_id":"7494","data":{"order_id":"576486316948490001"}}"#);
        let numbers = read(
            br#"{"type":1,"tts_notification_id":730,"shop_id":7494,"data":{"order_id":576486316948490001}}"#,
        );
        assert_eq!((texts.key, texts.lane), (numbers.key, numbers.lane));
    }

    #[test]
    fn numbers_beyond_sixty_four_bits_keep_every_digit() {
        let incoming =
            read(br#"{"type":1,"shop_id":7494,"data":{"order_id":123456789012345678901234567890}}"#);
        assert_eq!(incoming.lane.entity().unwrap().2, "123456789012345678901234567890");
    }

    #[test]
    fn other_topics_get_a_lane_of_their_own() {
        for body in [
            br#"{"type":68,"seller_open_id":"x","data":{"sku_id":1729592969712207008}}"#.as_slice(),
            br#"{"type":"TBD","shop_id":"1","data":{}}"#,
            br#"{"type":5,"shop_id":"1","data":{"product_id":1}}"#,
            br#"{"type":1,"shop_id":"../1","data":{"order_id":"5"}}"#,
            br#"{"type":1,"shop_id":"1","data":{"order_id":"5/6"}}"#,
            br#"{"type":1.5,"shop_id":"1","data":{"order_id":"5"}}"#,
            br#"{"shop_id":"1"}"#,
            br#"{"type":1,"data":null}"#,
            b"{}",
        ] {
            let incoming = read(body);
            assert_eq!(incoming.lane.entity(), None, "{}", String::from_utf8_lossy(body));
            assert_ne!(incoming.topic, UNREADABLE_TOPIC, "{}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn the_shop_is_found_in_every_place() {
        let incoming = read(
            br#"{"type":35,"seller_open_id":"x","data":{"tts_shop_id":"7494","mirror_status":"MIRRORED"}}"#,
        );
        assert_eq!(incoming.shop_id, Some(ShopId::from("7494")));
    }

    #[test]
    fn what_does_not_read_is_kept() {
        let deep = format!("{{\"type\":1,\"data\":{}", "[".repeat(100_000));
        for body in
            [b"".as_slice(), b"not json", b"[1]", b"\xff\xfe{}", b"{\"type\":1,\"type\":2}", deep.as_bytes()]
        {
            let incoming = read(body);
            assert_eq!((incoming.topic.as_str(), incoming.body.as_slice()), (UNREADABLE_TOPIC, body));
        }
    }

    #[test]
    fn depth_and_lone_surrogates_are_no_danger() {
        let deep = format!(
            "{{\"type\":1,\"shop_id\":\"1\",\"data\":{{\"order_id\":\"5\",\"x\":{}{}}}}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert!(read(deep.as_bytes()).lane.entity().is_some());
        assert!(
            read(br#"{"type":1,"shop_id":"1","data":{"order_id":"5","note":"\ud800"}}"#)
                .lane
                .entity()
                .is_some()
        );
    }

    #[test]
    fn without_an_id_the_body_tells_copies_apart() {
        let one = read(br#"{"type":3,"shop_id":"1","data":{"order_id":"5"}}"#);
        assert_eq!(one.key, read(br#"{"type":3,"shop_id":"1","data":{"order_id":"5"}}"#).key);
        assert_ne!(one.key, read(br#"{"type":3,"shop_id":"1","data":{"order_id":"6"}}"#).key);
    }

    #[test]
    fn packages_and_cancellations_name_their_orders() {
        let packages = br#"{"type":4,"shop_id":"1","data":{"package_list":[{"package_id":"p","order_id_list":["5",6,"5"]}]}}"#;
        assert_eq!(orders_named(packages), [OrderId::from("5"), OrderId::from("6")]);
        assert_eq!(orders_named(br#"{"type":11,"data":{"order_id":"7"}}"#), [OrderId::from("7")]);
        assert!(orders_named(b"nonsense").is_empty());
    }

    #[test]
    fn a_topic_is_a_word() {
        assert_eq!(topic_word("TBD"), "tbd");
        assert_eq!(topic_word("a.b\nc"), "a_b_c");
    }
}
