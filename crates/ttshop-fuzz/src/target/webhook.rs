//! Notifications: a signature of ours is accepted, no other is, and any body can be opened or refused.

use std::sync::LazyLock;

use serde_json::json;
use ttshop_api::webhook::{Notification, NotificationError};
use ttshop_catalogue::WEBHOOKS;
use ttshop_sign::{MatchedSecret, WebhookSigner, WebhookVerifier};
use ttshop_types::{AppKey, SecretText};

use super::{Shape, Target, magnitude};
use crate::schema_value::full;

pub(super) const TARGET: Target = Target { name: "webhook", run, seeds };

/// What is asked of a body's data, as the hub does.
const FIELDS: [&str; 4] = ["order_id", "order_status", "update_time", "product_id"];

static SIGNERS: LazyLock<(WebhookSigner, WebhookVerifier)> = LazyLock::new(|| {
    let (app_key, secret) = (AppKey::from("6fuzzkey00"), SecretText::from("the secret of today".to_owned()));
    let earlier = SecretText::from("the secret of yesterday".to_owned());
    let verifier = WebhookVerifier::new(app_key.clone(), &secret).or_previous(&earlier);
    (WebhookSigner::new(&app_key, &secret), verifier)
});

/// The first line is taken as a header that somebody made up, all bytes are the body.
fn run(input: &[u8]) -> Shape {
    let (signer, verifier) = &*SIGNERS;
    let sign = signer.sign(input);
    assert_eq!(verifier.verify(Some(sign.as_bytes()), input), Ok(MatchedSecret::Current));
    let header = input.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let made_up = verifier.verify(Some(header), input);
    assert!(made_up.is_err() || header == sign.as_bytes(), "a signature out of nothing");
    Shape::of((made_up.is_err_and(|error| error == ttshop_sign::WebhookSignatureError::Wrong), open(input)))
}

fn open(body: &[u8]) -> Shape {
    match Notification::parse(body) {
        Ok(notification) => {
            let texts = FIELDS.map(|name| notification.data_text(name).map(|text| magnitude(text.len())));
            let owners = [&notification.seller_open_id, &notification.creator_open_id].map(Option::is_some);
            let known = notification.webhook_type().map(|topic| topic.number);
            let rest = (notification.shop_id.is_some(), notification.timestamp.is_some(), owners);
            Shape::of((known, texts, rest, notification.data.map(|data| magnitude(data.get().len()))))
        }
        Err(NotificationError::NotJson(error)) => Shape::of(("not json", magnitude(error.column()))),
        Err(error) => Shape::of(error.to_string()),
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let bodies = WEBHOOKS.iter().map(|topic| {
        let data = full(topic.data);
        json!({
            "type": topic.number,
            "tts_notification_id": "7327112393057371910",
            "shop_id": "7494049642642441621",
            "timestamp": 1_790_000_000,
            "data": data,
        })
    });
    bodies.map(|body| body.to_string().into_bytes()).collect()
}
