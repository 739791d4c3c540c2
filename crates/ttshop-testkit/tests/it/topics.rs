//! Every topic of the catalogue on its way from the emulator to the SDK's own type.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use ttshop::api::webhook::{Event, Notification};
use ttshop_catalogue::{Owner, WEBHOOKS};
use ttshop_testkit::{PlatformOptions, TestPlatform};

/// What a receiver was sent: the `Authorization` header and the body.
type Taken = Arc<Mutex<Vec<(Vec<u8>, Bytes)>>>;

async fn take(State(taken): State<Taken>, headers: HeaderMap, body: Bytes) {
    let authorization = headers["authorization"].as_bytes().to_vec();
    taken.lock().unwrap().push((authorization, body));
}

async fn receiver() -> (String, Taken, JoinSet<()>) {
    let taken = Taken::default();
    let router = Router::new().route("/hook", post(take)).with_state(Arc::clone(&taken));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let mut server = JoinSet::new();
    server.spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, taken, server)
}

#[tokio::test]
async fn every_topic_can_be_announced_and_is_read_into_its_own_type() {
    let platform = TestPlatform::start(PlatformOptions { is_virtual: true, ..PlatformOptions::default() })
        .await
        .unwrap();
    let (url, taken, _server) = receiver().await;
    platform.control.put("app", &json!({ "webhook_url": url })).await.unwrap();
    let verifier = platform.shop_client("US").unwrap().webhook_verifier();
    assert_eq!(WEBHOOKS.len(), 44);
    for topic in WEBHOOKS {
        let by_name = topic.number % 2 == 0;
        let wanted = if by_name { json!({ "name": topic.name }) } else { json!({ "type": topic.number }) };
        let emitted = platform.control.post("webhooks/emit", &wanted).await.unwrap();
        assert_eq!(emitted["notifications"], 1, "{}", topic.name);
        platform.emulator.settle().await;
        let (authorization, body) = taken.lock().unwrap().pop().unwrap_or_else(|| panic!("{}", topic.name));
        let text = String::from_utf8_lossy(&body);
        verifier.verify(Some(&authorization), &body).unwrap_or_else(|error| panic!("{error}: {text}"));
        let notification = Notification::parse(&body).unwrap();
        assert_eq!(notification.type_number(), Some(topic.number));
        assert_eq!(notification.notification_id.is_some(), topic.has_notification_id, "{text}");
        let owners = [
            (Owner::Shop, notification.shop_id.is_some()),
            (Owner::Seller, notification.seller_open_id.is_some()),
            (Owner::Creator, notification.creator_open_id.is_some()),
        ];
        for (owner, named) in owners {
            assert_eq!(named, owner == topic.owner, "{text}");
        }
        assert!(!matches!(notification.event(), Event::Unknown(_)), "{text}");
    }
}

#[tokio::test]
async fn changed_inventory_has_three_envelopes() {
    let platform = TestPlatform::start(PlatformOptions::default()).await.unwrap();
    let (url, taken, _server) = receiver().await;
    platform.control.put("app", &json!({ "webhook_url": url })).await.unwrap();
    for (form, seller, id) in [("by_shop", false, true), ("by_seller", true, true), ("bare", false, false)] {
        platform.control.put("switches", &json!({ "inventory_webhook": form })).await.unwrap();
        platform.control.post("webhooks/emit", &json!({ "type": 71 })).await.unwrap();
        platform.emulator.settle().await;
        let (_, body) = taken.lock().unwrap().pop().unwrap();
        let notification = Notification::parse(&body).unwrap();
        assert_eq!(notification.type_number(), Some(71), "{form}");
        assert_eq!(notification.seller_open_id.is_some(), seller, "{form}");
        assert_eq!(notification.notification_id.is_some(), id, "{form}");
        assert!(matches!(notification.event(), Event::InventoryChangedByShop(_)), "{form}");
    }
}
