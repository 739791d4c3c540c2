//! Notifications as a receiver sees them.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_sign::{MatchedSecret, WebhookVerifier};
use ttshop_types::AppKey;

use crate::client::{Peer, START, frozen, quiet};

/// A receiver that writes down what it gets and answers as told.
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
    status: Arc<Mutex<u16>>,
    _server: JoinSet<()>,
}

#[derive(Clone)]
struct Received {
    authorization: Option<String>,
    body: Vec<u8>,
}

impl Received {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (received, status) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(200)));
        let mut server = JoinSet::new();
        let (list, answer) = (Arc::clone(&received), Arc::clone(&status));
        server.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (list, answer) = (Arc::clone(&list), Arc::clone(&answer));
                let service =
                    service_fn(move |request| receive(request, Arc::clone(&list), Arc::clone(&answer)));
                let connection = hyper::server::conn::http1::Builder::new();
                connections.spawn(async move {
                    drop(connection.serve_connection(TokioIo::new(stream), service).await);
                });
            }
        });
        Self { url, received, status, _server: server }
    }

    /// The bodies that came so far, in order of arrival.
    pub(crate) fn bodies(&self) -> Vec<Value> {
        self.take().iter().map(Received::json).collect()
    }

    fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }

    fn answer(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }
}

async fn receive(
    request: hyper::Request<Incoming>,
    list: Arc<Mutex<Vec<Received>>>,
    status: Arc<Mutex<u16>>,
) -> Result<hyper::Response<Empty<Bytes>>, Infallible> {
    let authorization =
        request.headers().get("authorization").map(|value| value.to_str().unwrap().to_owned());
    let body = request.into_body().collect().await.unwrap().to_bytes().to_vec();
    list.lock().unwrap().push(Received { authorization, body });
    let mut response = hyper::Response::new(Empty::new());
    *response.status_mut() = hyper::StatusCode::from_u16(*status.lock().unwrap()).unwrap();
    Ok(response)
}

/// An emulator whose app sends everything to a receiver.
async fn connected() -> (Peer, Receiver) {
    let (peer, receiver) = (Peer::start(frozen().world(quiet())).await, Receiver::start().await);
    peer.control(Method::PUT, "app", json!({ "webhook_url": receiver.url })).await;
    (peer, receiver)
}

fn statuses(received: &[Received]) -> Vec<String> {
    received.iter().map(|one| one.json()["data"]["order_status"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_status_is_announced_signed_and_in_the_webhooks_words() {
    let (peer, receiver) = connected().await;
    let id = peer.place(1, "UNPAID").await.remove(0);
    for act in ["pay", "release", "ship", "collect", "cancel"] {
        let body = if act == "cancel" { json!({ "actor": "SYSTEM" }) } else { json!({}) };
        peer.control(Method::POST, &format!("orders/{id}/{act}"), body).await;
        peer.emulator.settle().await;
    }
    let mut received = receiver.take();
    received.retain(|one| one.json()["type"] == 1);
    let expected = ["UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "CANCEL"];
    assert_eq!(statuses(&received), expected);
    let secret = peer.connection.app_secret.as_str().into();
    let verifier = WebhookVerifier::new(AppKey::from(peer.connection.app_key.as_str()), &secret);
    for one in &received {
        let header = one.authorization.as_deref().map(str::as_bytes);
        assert_eq!(verifier.verify(header, &one.body), Ok(MatchedSecret::Current));
    }
    let first = received[0].json();
    assert_eq!((&first["type"], &first["timestamp"]), (&json!(1), &json!(START.as_seconds())));
    assert_eq!(first["shop_id"], json!(peer.connection.shops[0].shop_id));
    assert_eq!(first["data"]["order_id"], json!(id));
    assert_eq!(first["tts_notification_id"].as_str().unwrap().len(), 19);
    assert_eq!(received[1].json()["data"]["is_on_hold_order"], true);
}

#[tokio::test]
async fn the_ladder_has_four_steps_and_then_ends() {
    let (peer, receiver) = connected().await;
    receiver.answer(503);
    peer.place(1, "UNPAID").await;
    // The order's own clock would announce its cancellation a day later; the ladder ends before.
    peer.emulator.advance(Duration::from_secs(16 * 3_600)).await;
    let received = receiver.take();
    assert_eq!(received.len(), 5);
    assert!(received.iter().all(|one| one.body == received[0].body), "a retry is the same notification");
    let deliveries = peer.control(Method::GET, "deliveries", Value::Null).await;
    let delivery = &deliveries["deliveries"][0];
    assert_eq!(delivery["fate"], "dropped");
    let tries: Vec<i64> =
        delivery["tries"].as_array().unwrap().iter().map(|t| t["at_ms"].as_i64().unwrap()).collect();
    let gaps: Vec<i64> = tries.windows(2).map(|pair| (pair[1] - pair[0]) / 1_000).collect();
    assert_eq!(gaps, [120, 1_800, 10_800, 43_200]);
    assert_eq!(deliveries["counts"]["dropped"], 1);
}

#[tokio::test]
async fn a_late_yes_ends_the_ladder_and_401_is_final() {
    let (peer, receiver) = connected().await;
    receiver.answer(500);
    peer.place(1, "UNPAID").await;
    peer.emulator.settle().await;
    receiver.answer(200);
    peer.emulator.advance(Duration::from_secs(7_200)).await;
    assert_eq!(receiver.take().len(), 2);
    receiver.answer(401);
    peer.place(1, "UNPAID").await;
    peer.emulator.advance(Duration::from_secs(7_200)).await;
    assert_eq!(receiver.take().len(), 1);
    let counts = peer.control(Method::GET, "deliveries", Value::Null).await["counts"].clone();
    assert_eq!((&counts["accepted"], &counts["refused"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn an_address_that_nobody_listens_to_is_tried_again() {
    let peer = Peer::start(frozen().world(quiet())).await;
    let unused = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    peer.control(Method::PUT, "app", json!({ "webhook_url": format!("http://{unused}/") })).await;
    peer.place(1, "UNPAID").await;
    peer.emulator.settle().await;
    let deliveries = peer.control(Method::GET, "deliveries", Value::Null).await;
    let delivery = &deliveries["deliveries"][0];
    assert_eq!(
        (&delivery["fate"], &delivery["tries"][0]["error"]),
        (&json!("pending"), &json!("unreachable"))
    );
}

#[tokio::test]
async fn a_shops_own_address_wins_for_its_topic() {
    let (peer, app_level) = connected().await;
    let shop_level = Receiver::start().await;
    let hooks = |method| peer.request(method, "/event/202309/webhooks");
    let set = json!({ "address": shop_level.url, "event_type": "ORDER_STATUS_CHANGE" });
    peer.data(&hooks(Method::PUT).body(&set)).await;
    let listed = peer.data(&hooks(Method::GET)).await;
    assert_eq!((&listed["total_count"], &listed["webhooks"][0]["address"]), (&json!(1), &set["address"]));
    peer.place(1, "UNPAID").await;
    peer.emulator.settle().await;
    assert_eq!((app_level.take().len(), shop_level.take().len()), (0, 1));
    peer.data(&hooks(Method::DELETE).body(&json!({ "event_type": "ORDER_STATUS_CHANGE" }))).await;
    peer.data(&hooks(Method::DELETE).body(&json!({ "event_type": "ORDER_STATUS_CHANGE" }))).await;
    peer.place(1, "UNPAID").await;
    peer.emulator.settle().await;
    assert_eq!((app_level.take().len(), shop_level.take().len()), (1, 0));
}

#[tokio::test]
async fn the_event_api_knows_seventeen_topics_and_the_platforms_address_rule() {
    let peer = Peer::start(frozen().world(quiet())).await;
    let put = |event_type: &str, address: &str| {
        let body = json!({ "address": address, "event_type": event_type });
        peer.request(Method::PUT, "/event/202309/webhooks").body(&body)
    };
    assert_eq!(peer.send(&put("INVENTORY_UPDATE", "https://example.com/")).await.json()["code"], 36_009_004);
    peer.data(&put("REVERSE_STATUS_UPDATE", "https://example.com/")).await;
    peer.control(Method::PUT, "switches", json!({ "webhook_loopback_http": false })).await;
    assert_eq!(peer.send(&put("NEW_MESSAGE", "http://127.0.0.1:9/")).await.json()["code"], 36_009_004);
}

#[tokio::test]
async fn the_end_of_an_authorization_is_announced() {
    let (peer, receiver) = connected().await;
    let shop_id = &peer.connection.shops[0].shop_id;
    peer.control(Method::POST, "deauthorize", json!({ "shop_id": shop_id })).await;
    peer.place(1, "UNPAID").await;
    peer.emulator.settle().await;
    let received = receiver.take();
    assert_eq!(received.len(), 1, "a shop that is not connected is silent");
    assert_eq!((&received[0].json()["type"], &received[0].json()["shop_id"]), (&json!(6), &json!(shop_id)));
}

#[tokio::test]
async fn a_changed_address_is_announced_without_an_id() {
    let (peer, receiver) = connected().await;
    let id = peer.place(1, "AWAITING_SHIPMENT").await.remove(0);
    peer.emulator.settle().await;
    receiver.take();
    peer.control(Method::POST, &format!("orders/{id}/change_address"), json!({})).await;
    peer.emulator.settle().await;
    let received = receiver.take();
    let body = received[0].json();
    assert_eq!((&body["type"], &body["data"]["order_id"]), (&json!(3), &json!(id)));
    assert!(body.get("tts_notification_id").is_none());
}

#[tokio::test]
async fn chaos_is_counted_and_repeats_from_the_seed() {
    let run = async || {
        let (peer, receiver) = connected().await;
        let chaos = json!({ "lose_percent": 20, "duplicate_percent": 20, "reorder_percent": 100 });
        peer.control(Method::PUT, "webhook_chaos", chaos).await;
        peer.place(200, "UNPAID").await;
        peer.emulator.advance(Duration::from_secs(10)).await;
        let received = receiver.take().len();
        (received, peer.control(Method::GET, "deliveries", Value::Null).await["counts"].clone())
    };
    let (received, counts) = run().await;
    let count = |name: &str| usize::try_from(counts[name].as_u64().unwrap()).unwrap();
    assert_eq!(received, 200 - count("lost") + count("duplicated"));
    assert!((20..60).contains(&count("lost")), "{counts}");
    assert_eq!(count("reordered"), 200 - count("lost"));
    assert_eq!(run().await, (received, counts));
}

#[tokio::test]
async fn reordered_notifications_overtake_each_other() {
    let (peer, receiver) = connected().await;
    peer.control(Method::PUT, "webhook_chaos", json!({ "reorder_percent": 100 })).await;
    let placed = peer.place(50, "UNPAID").await;
    peer.emulator.advance(Duration::from_secs(10)).await;
    let arrived: Vec<String> = receiver
        .take()
        .iter()
        .map(|one| one.json()["data"]["order_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(arrived.len(), placed.len());
    assert_ne!(arrived, placed);
}

#[tokio::test]
async fn sellers_are_warned_daily_before_a_grant_ends() {
    let peer = Peer::start(frozen()).await;
    let receiver = "http://127.0.0.1:9/hook";
    peer.control(Method::PUT, "app", json!({ "webhook_url": receiver })).await;
    let warnings = async |days: u64| {
        peer.control(Method::POST, "clock/advance", json!({ "seconds": days * 86_400 })).await;
        let shop = &peer.connection.shops[0].shop_id;
        let path = format!("deliveries?limit=10000&shop_id={shop}");
        let deliveries = peer.control(Method::GET, &path, Value::Null).await;
        deliveries["deliveries"].as_array().unwrap().iter().filter(|it| it["type"] == 7).count()
    };
    assert_eq!(warnings(334).await, 0);
    assert_eq!(warnings(3).await, 2, "from thirty days before the end");
    assert_eq!(warnings(60).await, 30, "until it has ended");
}

#[tokio::test]
async fn a_creator_withdraws_and_the_app_is_told() {
    let peer = Peer::start(frozen()).await;
    peer.control(Method::PUT, "app", json!({ "webhook_url": "http://127.0.0.1:9/hook" })).await;
    let creator = peer.connection.creators[0].creator_id.clone();
    peer.control(Method::POST, "deauthorize", json!({ "creator_id": creator })).await;
    let again = peer.try_control(Method::POST, "deauthorize", json!({ "creator_id": creator })).await;
    assert_eq!(again.status, 409, "{}", again.text);
    let deliveries = peer.control(Method::GET, "deliveries", Value::Null).await;
    let told = &deliveries["deliveries"][0];
    assert_eq!((&told["type"], &told["shop_id"]), (&json!(20), &Value::Null));
    assert!(told["body"].as_str().unwrap().contains("\"creator_open_id\":\""));
    let partner = peer.connection.partners[0].partner_id.clone();
    peer.control(Method::POST, "deauthorize", json!({ "partner_id": partner })).await;
    let both = json!({ "partner_id": partner, "creator_id": creator });
    assert_eq!(peer.try_control(Method::POST, "deauthorize", both).await.status, 400);
}

#[tokio::test]
async fn a_slow_answer_arrives_whole() {
    let peer = Peer::start(frozen()).await;
    let rules = json!({ "rules": [{ "kind": "slow_body", "pause_ms": 5, "times": 1 }] });
    peer.control(Method::PUT, "faults", rules).await;
    let request = peer.request(Method::GET, "/order/202507/orders").with(&[("ids", "1")]);
    let clock = SystemClock::new();
    let begun = clock.monotonic();
    let slow = peer.send(&request).await;
    assert!(clock.monotonic() - begun >= Duration::from_millis(50), "ten pauses of 5 ms");
    assert_eq!(slow.header("x-emulator-fault"), Some("slow_body"));
    assert!(slow.json()["request_id"].is_string());
}
