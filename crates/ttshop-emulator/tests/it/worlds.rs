//! Several worlds in one process, and the same bytes from the same seed.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use ttshop_emulator::{Connection, SellerSpec, ShopSpec, WorldSpec};
use ttshop_types::Region;

use crate::client::{Peer, START, frozen, quiet};

/// Opens a world like the default one and connects to it.
async fn open(peer: &Peer, name: &str, seed: u64) -> Connection {
    let opened = peer.control(Method::POST, "worlds", json!({ "name": name, "seed": seed })).await;
    serde_json::from_value(opened).unwrap()
}

/// The same peer, seen from another world.
fn seen_from(peer: &Arc<Peer>, connection: Connection) -> View {
    View { peer: Arc::clone(peer), connection }
}

/// One world of a peer.
struct View {
    peer: Arc<Peer>,
    connection: Connection,
}

impl View {
    async fn control(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/{path}", self.connection.control_url);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let response = self.peer.http.request(method, url).body(body).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        serde_json::from_str(&response.text().await.unwrap()).unwrap()
    }

    /// A signed call of one shop.
    async fn call(
        &self,
        shop: usize,
        method: Method,
        path: &str,
        params: &[(&str, &str)],
        body: Value,
    ) -> Value {
        let connected = &self.connection.shops[shop];
        let now = self.control(Method::GET, "clock", Value::Null).await["now"].as_i64().unwrap();
        let mut request = self.peer.request(method, path).with(&[
            ("app_key", &self.connection.app_key),
            ("shop_cipher", &connected.cipher),
            ("timestamp", &now.to_string()),
        ]);
        request = request.with(params).token(connected.access_token.clone());
        if !body.is_null() {
            request = request.body(&body);
        }
        self.peer.send_signed(&request, &self.connection.app_secret).await.json()
    }

    /// A morning in one shop: orders come, are searched, read, moved on; one call is refused.
    async fn morning(&self, shop: usize) {
        let id = self.connection.shops[shop].shop_id.clone();
        for round in 0..3 {
            let wanted = json!({ "shop_id": id, "count": 4, "status": "AWAITING_SHIPMENT" });
            let placed = self.control(Method::POST, "orders", wanted).await;
            let first = placed["order_ids"][0].as_str().unwrap().to_owned();
            let path = "/order/202309/orders/search";
            let found = self.call(shop, Method::POST, path, &[("page_size", "10")], json!({})).await;
            assert_eq!(found["code"], 0, "{found}");
            let ids = [("ids", first.as_str())];
            let detail = self.call(shop, Method::GET, "/order/202507/orders", &ids, Value::Null).await;
            assert_eq!(detail["data"]["orders"][0]["id"], first.as_str());
            self.control(Method::POST, &format!("orders/{first}/ship"), json!({ "shop_id": id })).await;
            let refused = self.call(shop, Method::POST, path, &[("page_size", "999")], json!({})).await;
            assert_eq!(refused["code"], 36_009_004, "round {round}: {refused}");
        }
    }

    /// The journal of a shop, byte for byte.
    async fn journal(&self, shop: usize) -> String {
        let id = &self.connection.shops[shop].shop_id;
        let journal =
            self.control(Method::GET, &format!("journal?limit=10000&shop_id={id}"), Value::Null).await;
        let calls = journal["calls"].as_array().unwrap();
        assert!(calls.len() >= 9, "{} calls", calls.len());
        assert!(calls.iter().all(|call| call["response_sha256"].as_str().unwrap().len() == 64));
        journal["calls"].to_string()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn worlds_with_one_seed_answer_the_same_and_know_nothing_of_each_other() {
    let peer = Arc::new(Peer::start(frozen().world(quiet())).await);
    let mut worlds = vec![seen_from(&peer, peer.connection.clone())];
    for name in ["blue", "green"] {
        worlds.push(seen_from(&peer, open(&peer, name, 7).await));
    }
    // All shops of all worlds at once.
    let mornings = worlds.iter().flat_map(|world| [world.morning(0), world.morning(1)]);
    futures_util::future::join_all(mornings).await;
    for shop in [0, 1] {
        let expected = worlds[0].journal(shop).await;
        for world in &worlds[1..] {
            assert_eq!(world.journal(shop).await, expected, "{}", world.connection.control_url);
        }
    }
    let (blue, green) = (&worlds[1].connection, &worlds[2].connection);
    assert_eq!(blue.shops[0].shop_id, green.shops[0].shop_id, "the same seed");
    assert_ne!(blue.app_key, green.app_key);

    let search = "/order/202309/orders/search";
    let mixed = |change: &dyn Fn(&mut Connection)| {
        let mut connection = blue.clone();
        change(&mut connection);
        seen_from(&peer, connection)
    };
    let token = mixed(&|mixed| mixed.shops[0].access_token = green.shops[0].access_token.clone());
    let answer = token.call(0, Method::POST, search, &[("page_size", "10")], json!({})).await;
    assert_eq!(answer["code"], 105_001, "{answer}");
    let cipher = mixed(&|mixed| mixed.shops[0].cipher = green.shops[0].cipher.clone());
    let answer = cipher.call(0, Method::POST, search, &[("page_size", "10")], json!({})).await;
    assert_eq!(answer["code"], 101_000, "{answer}");
    let secret = mixed(&|mixed| mixed.app_secret = green.app_secret.clone());
    let answer = secret.call(0, Method::POST, search, &[("page_size", "10")], json!({})).await;
    assert_eq!(answer["code"], 106_001, "{answer}");
}

#[tokio::test]
async fn each_world_has_its_own_time_faults_and_end() {
    let peer = Peer::start(frozen()).await;
    open(&peer, "blue", 9).await;
    peer.control(Method::POST, "worlds/blue/clock/advance", json!({ "seconds": 3_600 })).await;
    let rules = json!({ "rules": [{ "kind": "overload" }] });
    peer.control(Method::PUT, "worlds/blue/faults", rules).await;
    let now = |clock: Value| clock["now"].as_i64().unwrap();
    assert_eq!(now(peer.control(Method::GET, "clock", Value::Null).await), START.as_seconds());
    assert_eq!(
        now(peer.control(Method::GET, "worlds/blue/clock", Value::Null).await),
        START.as_seconds() + 3_600
    );
    assert_eq!(peer.control(Method::GET, "faults", Value::Null).await["rules"], json!([]));
    let list = peer.control(Method::GET, "worlds", Value::Null).await;
    let names: Vec<&str> =
        list["worlds"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["blue", "default"]);

    let reply = peer.try_control(Method::POST, "worlds", json!({ "name": "blue" })).await;
    assert_eq!(reply.status, 409, "{}", reply.text);
    for bad in [json!({ "name": "Ä" }), json!({ "name": "x", "now": 5, "clock": "real" }), json!({})] {
        assert_eq!(peer.try_control(Method::POST, "worlds", bad).await.status, 400);
    }
    let snapshot = peer.control(Method::POST, "worlds/blue/snapshot", Value::Null).await;
    let reply = peer.try_control(Method::POST, "restore", snapshot).await;
    assert_eq!(reply.status, 409, "an app lives in one world: {}", reply.text);

    assert_eq!(peer.try_control(Method::DELETE, "worlds/default", Value::Null).await.status, 409);
    peer.control(Method::DELETE, "worlds/blue", Value::Null).await;
    assert_eq!(peer.try_control(Method::GET, "worlds/blue/clock", Value::Null).await.status, 404);
    assert_eq!(peer.try_control(Method::DELETE, "worlds/blue", Value::Null).await.status, 404);
}

#[tokio::test]
async fn a_reset_world_begins_anew() {
    let peer = Peer::start(frozen()).await;
    let before = peer.control(Method::GET, "state", Value::Null).await;
    let first = peer.place(3, "UNPAID").await;
    peer.control(Method::POST, "reset", Value::Null).await;
    assert_eq!(peer.control(Method::GET, "state", Value::Null).await, before);
    assert_eq!(peer.place(3, "UNPAID").await, first, "the same script gives the same ids");
    assert_eq!(peer.emulator.connection().shops, peer.connection.shops);
}

#[tokio::test]
async fn named_worlds_outlive_the_process() {
    let directory = tempfile::tempdir().unwrap();
    let builder = || frozen().data_dir(Some(directory.path().into()));
    let peer = Peer::start(builder()).await;
    let (blue, _gone) = (open(&peer, "blue", 9).await, open(&peer, "gone", 10).await);
    peer.control(Method::POST, "worlds/blue/clock/advance", json!({ "seconds": 3_600 })).await;
    peer.control(Method::DELETE, "worlds/gone", Value::Null).await;
    peer.emulator.shutdown().await.unwrap();

    let peer = Peer::start(builder()).await;
    let again = peer.control(Method::GET, "worlds/blue/connection", Value::Null).await;
    assert_eq!(again["app_key"], blue.app_key.as_str());
    assert_eq!(again["shops"][0]["access_token"], json!(blue.shops[0].access_token));
    let clock = peer.control(Method::GET, "worlds/blue/clock", Value::Null).await;
    assert_eq!(clock["now"], START.as_seconds() + 3_600);
    assert_eq!(peer.try_control(Method::GET, "worlds/gone/clock", Value::Null).await.status, 404);
}

fn sixteen_shops() -> WorldSpec {
    let mut world = WorldSpec::two_shops();
    let shop = |place: usize, region: Region| ShopSpec {
        name: format!("Shop {place}"),
        region,
        cross_border: false,
        products: 3,
        orders: 8,
        warehouses: 1,
    };
    let regions = [Region::UnitedStates, Region::UnitedKingdom, Region::Germany, Region::Indonesia];
    world.sellers = (0..16)
        .map(|place: usize| {
            let region = regions[place % 4].clone();
            let shops = vec![shop(place, region.clone())];
            SellerSpec { name: format!("Seller {place}"), region, shops, connected: true }
        })
        .collect();
    world
}

/// The journals of sixteen shops after a morning with sixteen clients at once.
async fn busy_morning(seed: u64) -> BTreeMap<usize, String> {
    let peer = Arc::new(Peer::start(frozen().seed(seed).world(sixteen_shops())).await);
    let view = seen_from(&peer, peer.connection.clone());
    futures_util::future::join_all((0..16).map(|shop| view.morning(shop))).await;
    let mut journals = BTreeMap::new();
    for shop in 0..16 {
        journals.insert(shop, view.journal(shop).await);
    }
    journals
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_and_script_give_the_same_bytes_however_clients_interleave() {
    for seed in [7, 4_242] {
        let (one, two) = (busy_morning(seed).await, busy_morning(seed).await);
        assert_eq!(one, two, "seed {seed}");
    }
    assert_ne!(busy_morning(1).await, busy_morning(2).await, "the hashes tell worlds apart");
}
