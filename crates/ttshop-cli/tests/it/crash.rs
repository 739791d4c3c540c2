//! kill -9 of the hub at random points: nothing acknowledged is lost, nothing is applied twice, the mirror equals the truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use hub_store::Store as _;
use hub_store_sqlite::SqliteStore;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_emulator::{Emulator, RunningEmulator, Switches, WorldSpec};
use ttshop_testkit::{Control, VerifyingSink, connect_seller};

use crate::program::binary;

const SEED: u64 = 20_261_123;
const KILLS: usize = 50;
/// How long a hub lives at most before it is killed: from before its first commit to well into its work.
const LIFE_MAX_MS: u64 = 160;
/// How long the last hub has to catch up.
const CONVERGE_MAX: Duration = Duration::from_secs(60);
const SINK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

struct Scene {
    dir: tempfile::TempDir,
    emulator: RunningEmulator,
    control: Control,
    sink: VerifyingSink,
    client: reqwest::Client,
    hub_url: String,
    clock: SystemClock,
    rng: ChaCha8Rng,
}

impl Scene {
    async fn set() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let switches = Switches { quota_per_second: 100_000, ..Switches::default() };
        let world = WorldSpec::two_shops().unconnected();
        let emulator = Emulator::builder().seed(SEED).world(world).switches(switches).start().await.unwrap();
        let control = Control::at(&emulator.connection().control_url).unwrap();
        let sink = VerifyingSink::open(SINK_SECRET.into()).await.unwrap();
        // Webhooks keep their address over restarts, so the hub needs one port for all its lives.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let scene = Self {
            hub_url: format!("http://127.0.0.1:{port}"),
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            clock: SystemClock::new(),
            rng: ChaCha8Rng::seed_from_u64(SEED),
            dir,
            emulator,
            control,
            sink,
        };
        scene.write_config(port);
        scene
    }

    fn write_config(&self, port: u16) {
        let connection = self.emulator.connection();
        let secret = |name: &str, text: &str| {
            std::fs::write(self.dir.path().join(name), text).unwrap();
            self.dir.path().join(name).display().to_string()
        };
        let (app_secret, sink_secret) =
            (secret("app.secret", &connection.app_secret), secret("sink.secret", SINK_SECRET));
        let config = format!(
            "[server]\nlisten = \"127.0.0.1:{port}\"\n[storage]\ndata_dir = \"{}\"\n[sweep]\nevery_seconds = 1\n\
             [[apps]]\nname = \"main\"\nkey = \"{}\"\nservice_id = \"{}\"\nsecret = {{ file = \"{app_secret}\" }}\n\
             api_url = \"{api}\"\nauth_url = \"{api}\"\nconsent_url = \"{api}\"\n\
             [[sinks]]\nname = \"erp\"\nurl = \"{}\"\nsecret = {{ file = \"{sink_secret}\" }}\nallow_private = true\n",
            self.data_dir().display(),
            connection.app_key,
            connection.service_id,
            self.sink.url(),
            api = connection.api_url,
        );
        std::fs::write(self.config_file(), config).unwrap();
    }

    fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn config_file(&self) -> PathBuf {
        self.dir.path().join("hub.toml")
    }

    /// A new life of the hub.
    fn spawn_hub(&self) -> Child {
        let mut command = Command::new(binary());
        command
            .env_clear()
            .env("TTSHOP_LOG", "error")
            .args(["hub", "--json", "--config"])
            .arg(self.config_file());
        command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap()
    }

    /// A hub that answers.
    async fn ready_hub(&self) -> Child {
        let mut hub = self.spawn_hub();
        let mut lines = BufReader::new(hub.stdout.take().unwrap()).lines();
        let ready = lines.next_line().await.unwrap().expect("the hub says that it is ready");
        assert!(ready.contains("connect_url"), "{ready}");
        hub
    }

    async fn connect(&self) {
        let redirect = format!("{}/callback/main", self.hub_url);
        self.control.put("app", &json!({"redirect_url": redirect})).await.unwrap();
        let state = self.control.get("state").await.unwrap();
        for seller in state["sellers"].as_array().unwrap() {
            let seller_id = seller["seller_id"].as_str().unwrap();
            connect_seller(&self.control, &self.hub_url, "main", seller_id).await.unwrap();
        }
    }

    fn shops(&self) -> Vec<String> {
        self.emulator.connection().shops.into_iter().map(|shop| shop.shop_id).collect()
    }

    /// Something happens on the platform: a few orders are placed, a few others move on.
    async fn stir(&mut self, orders: &mut Vec<String>) {
        for shop in self.shops() {
            let count = self.rng.random_range(1..4);
            orders.extend(self.control.place(&shop, count, "UNPAID").await.unwrap());
        }
        for _ in 0..3 {
            let order = &orders[self.rng.random_range(0..orders.len())];
            let act = ["pay", "release", "cancel", "ship"][self.rng.random_range(0..4)];
            // Most states forbid most acts; then nothing happens, and that is fine too.
            drop(self.control.act(order, act).await);
        }
    }

    async fn mirror(&self, shop_id: &str) -> anyhow::Result<BTreeMap<String, String>> {
        let api_key = std::fs::read_to_string(self.data_dir().join("api.key"))?;
        let mut mirror = BTreeMap::new();
        let mut cursor = String::new();
        loop {
            let url = format!("{}/v1/orders?shop_id={shop_id}&limit=200{cursor}", self.hub_url);
            let page = self.client.get(url).bearer_auth(api_key.trim()).send().await?.bytes().await?;
            let page: Value = serde_json::from_slice(&page)?;
            for order in page["orders"].as_array().into_iter().flatten() {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                mirror.insert(text(&order["id"]), text(&order["status"]["platform_status"]));
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(mirror),
            }
        }
    }

    async fn backlog(&self) -> anyhow::Result<u64> {
        let ready = self.client.get(format!("{}/readyz", self.hub_url)).send().await?.bytes().await?;
        let backlog = &serde_json::from_slice::<Value>(&ready)?["backlog"];
        Ok(["jobs", "parked", "deliveries", "dead"].iter().filter_map(|key| backlog[key].as_u64()).sum())
    }

    /// Waits until mirror and truth agree and nothing waits.
    async fn converge(&self) {
        let deadline = self.clock.monotonic() + CONVERGE_MAX;
        loop {
            let mut differing = Vec::new();
            for shop in self.shops() {
                let truth = self.control.truth(&shop).await.unwrap();
                let mirror = self.mirror(&shop).await.unwrap();
                differing.extend(
                    truth.iter().filter(|(id, state)| mirror.get(*id) != Some(&state.0)).map(
                        |(id, state)| format!("{id} is {state:?}, the mirror says {:?}", mirror.get(id)),
                    ),
                );
                differing.extend(mirror.keys().filter(|id| !truth.contains_key(*id)).cloned());
            }
            let backlog = self.backlog().await.unwrap();
            if differing.is_empty() && backlog == 0 {
                return;
            }
            assert!(self.clock.monotonic() < deadline, "seed {SEED}: {backlog} wait, {differing:?} differ");
            self.clock.sleep(Duration::from_millis(50)).await;
        }
    }

    /// Notifications that the hub acknowledged.
    async fn acknowledged(&self) -> BTreeSet<String> {
        let deliveries = self.control.get("deliveries?limit=10000").await.unwrap();
        let taken = |delivery: &&Value| {
            delivery["tries"].as_array().unwrap().iter().any(|attempt| attempt["status"] == 200)
        };
        let deliveries = deliveries["deliveries"].as_array().unwrap().iter().filter(taken);
        deliveries.map(|delivery| delivery["notification_id"].as_str().unwrap().to_owned()).collect()
    }
}

/// Notifications that the store holds; the hub must not run meanwhile.
async fn stored(store_dir: &Path) -> BTreeSet<String> {
    let store = SqliteStore::open(store_dir).unwrap();
    let mut stored = BTreeSet::new();
    for number in 1.. {
        let Some(row) = store.inbox_row(number).await.unwrap() else { break };
        let body: Value = serde_json::from_slice(&row.body).unwrap_or_default();
        stored.extend(body["tts_notification_id"].as_str().map(str::to_owned));
    }
    stored
}

#[tokio::test]
async fn fifty_kills_lose_nothing_and_apply_nothing_twice() {
    println!("seed {SEED}");
    let mut scene = Scene::set().await;
    let mut hub = scene.ready_hub().await;
    scene.connect().await;
    let mut orders = Vec::new();
    for _ in 0..KILLS {
        scene.stir(&mut orders).await;
        let life = scene.rng.random_range(0..LIFE_MAX_MS);
        scene.clock.sleep(Duration::from_millis(life)).await;
        hub.kill().await.unwrap();
        hub = if scene.rng.random_ratio(1, 4) { scene.spawn_hub() } else { scene.ready_hub().await };
    }
    hub.kill().await.unwrap();
    hub = scene.ready_hub().await;
    scene.converge().await;
    hub.kill().await.unwrap();

    let (acknowledged, stored) = (scene.acknowledged().await, stored(&scene.data_dir().join("store")).await);
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let events = scene.sink.events();
    let by_id: BTreeMap<_, _> = events.iter().map(|event| (event.id.clone(), &event.body)).collect();
    let mut created: BTreeMap<&str, u32> = BTreeMap::new();
    for body in by_id.values().filter(|body| body["type"] == "order.created") {
        *created.entry(body["data"]["id"].as_str().unwrap()).or_default() += 1;
    }
    let twice: Vec<_> = created.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "created twice: {twice:?}");
    assert!(orders.iter().all(|order| created.contains_key(order.as_str())), "an order was never told");
    println!(
        "seed {SEED}: {KILLS} kills, {} orders, {} notifications acknowledged, {} events told, {} of them again",
        orders.len(),
        acknowledged.len(),
        by_id.len(),
        events.len() - by_id.len()
    );
    assert!(acknowledged.len() > KILLS, "hardly anything was acknowledged: the test proves nothing");
}
