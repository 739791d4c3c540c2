use std::sync::Arc;

use hub_core::AppName;
use hub_store::MemoryStore;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use ttshop_clock::SystemClock;

use super::*;
use crate::fixture::{ChannelSink, SHOP, app, config, notification, parts, signature};
use crate::platform::script::ScriptedPlatform;
use crate::{Callback, DoorAnswer, Knock};

struct Whole {
    engine: Engine,
    platform: Arc<ScriptedPlatform>,
    events: mpsc::Receiver<Value>,
}

impl Whole {
    async fn start(store: Arc<dyn Store>) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let platform = Arc::new(ScriptedPlatform::new(Arc::clone(&clock)));
        platform.state.lock().unwrap().shops = vec![SHOP.into()];
        let (sink, events) = ChannelSink::new();
        let parts = parts(store, clock, vec![sink]);
        let engine = Engine::start_with(config(app()), parts, Arc::clone(&platform) as _).await.unwrap();
        Self { engine, platform, events }
    }

    async fn connect(&self) {
        let begun = self.engine.onboarding().begin("main", None).await.unwrap();
        let state = begun.consent_url.rsplit_once("state=").unwrap().1;
        let query = format!("code=TTP_x&state={state}");
        let callback = Callback { app: "main", query: &query, browser: Some(begun.browser.expose()) };
        self.engine.onboarding().finish(callback).await.unwrap();
    }

    fn put(&self, id: &str, status: &str, age: i64) {
        self.platform.put_order(SHOP, id, status, self.engine.clock().now().as_seconds() - age);
    }

    async fn knock(&self, body: &[u8]) -> DoorAnswer {
        self.engine.door().knock(Knock { app: "main", signature: Some(&signature(body)), body }).await
    }
}

#[tokio::test]
async fn from_the_door_to_the_sink() {
    let mut whole = Whole::start(Arc::new(MemoryStore::default())).await;
    whole.connect().await;
    whole.put("5764", "AWAITING_SHIPMENT", 1);
    assert_eq!(whole.knock(&notification("n1", "5764")).await, DoorAnswer::Accepted);
    let event = whole.events.recv().await.unwrap();
    assert_eq!((&event["type"], &event["data"]["id"]), (&json!("order.created"), &json!("5764")));
    whole.put("5764", "AWAITING_COLLECTION", 0);
    assert_eq!(whole.knock(&notification("n2", "5764")).await, DoorAnswer::Accepted);
    let event = whole.events.recv().await.unwrap();
    assert_eq!(
        (&event["type"], &event["data"]["status"]["fulfillment"]),
        (&json!("order.updated"), &json!("ready_for_pickup"))
    );
    whole.engine.shutdown().await;
}

#[tokio::test]
async fn the_past_of_a_new_shop_arrives_by_itself() {
    let mut whole = Whole::start(Arc::new(MemoryStore::default())).await;
    for order in 0..7 {
        whole.put(&format!("{order}"), "DELIVERED", 86_400 * order);
    }
    whole.connect().await;
    let mut ids = Vec::new();
    while ids.len() < 7 {
        ids.push(whole.events.recv().await.unwrap()["data"]["id"].as_str().unwrap().to_owned());
    }
    ids.sort();
    assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6"]);
    whole.engine.shutdown().await;
}

#[tokio::test]
async fn a_lost_notification_is_repaired_by_the_next_sweep() {
    let mut whole = Whole::start(Arc::new(MemoryStore::default())).await;
    whole.connect().await;
    whole.put("5764", "UNPAID", 1);
    whole.engine.sweep_now();
    assert_eq!(whole.events.recv().await.unwrap()["data"]["id"], "5764");
    whole.engine.shutdown().await;
}

#[tokio::test]
async fn what_was_accepted_before_a_stop_is_done_after_it() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let whole = Whole::start(Arc::clone(&store)).await;
    whole.connect().await;
    whole.engine.shutdown().await;
    assert_eq!(whole.knock(&notification("n1", "5764")).await, DoorAnswer::Accepted);
    let mut again = Whole::start(store).await;
    again.put("5764", "UNPAID", 1);
    assert_eq!(again.events.recv().await.unwrap()["data"]["id"], "5764");
    again.engine.shutdown().await;
}

#[tokio::test]
async fn two_hubs_over_one_store_tell_each_change_once() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let mut one = Whole::start(Arc::clone(&store)).await;
    one.connect().await;
    let mut other = Whole::start(store).await;
    for order in 0..200 {
        for whole in [&one, &other] {
            whole.put(&format!("{order}"), "UNPAID", 1);
        }
        let body = notification(&format!("n{order}"), &format!("{order}"));
        let (first, second) = tokio::join!(one.knock(&body), other.knock(&body));
        assert_eq!((first, second), (DoorAnswer::Accepted, DoorAnswer::Accepted));
    }
    let mut told = std::collections::HashMap::<String, u32>::new();
    while told.len() < 200 {
        let event = tokio::select! {
            event = one.events.recv() => event.unwrap(),
            event = other.events.recv() => event.unwrap(),
        };
        *told.entry(event["id"].as_str().unwrap().into()).or_default() += 1;
    }
    one.engine.shutdown().await;
    other.engine.shutdown().await;
    let rest = std::iter::from_fn(|| one.events.try_recv().ok())
        .chain(std::iter::from_fn(|| other.events.try_recv().ok()));
    assert_eq!(rest.count(), 0);
    assert!(told.values().all(|count| *count == 1));
}

#[tokio::test]
async fn a_job_that_makes_a_worker_panic_stops_nothing_else() {
    let mut whole = Whole::start(Arc::new(MemoryStore::default())).await;
    whole.connect().await;
    whole.platform.state.lock().unwrap().panics_at = Some("13".into());
    whole.put("13", "UNPAID", 1);
    whole.put("14", "UNPAID", 1);
    assert_eq!(whole.knock(&notification("n13", "13")).await, DoorAnswer::Accepted);
    whole.put("15", "UNPAID", 1);
    let mut told = std::collections::BTreeSet::new();
    for order in ["14", "15"] {
        assert_eq!(whole.knock(&notification(&format!("n{order}"), order)).await, DoorAnswer::Accepted);
    }
    while told.len() < 2 {
        told.insert(whole.events.recv().await.unwrap()["data"]["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(told.into_iter().collect::<Vec<_>>(), ["14", "15"]);
    whole.engine.shutdown().await;
}

#[tokio::test]
async fn names_that_cannot_stand_in_urls_are_refused() {
    for name in ["", "a/b", "a b", "ä"] {
        let mut app = app();
        app.name = AppName::new(name);
        let parts = parts(Arc::new(MemoryStore::default()), Arc::new(SystemClock::new()), Vec::new());
        assert!(matches!(Engine::start(config(app), parts).await, Err(StartError::Name(_))), "{name}");
    }
}
