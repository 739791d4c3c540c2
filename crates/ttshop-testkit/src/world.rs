//! Emulator, hub and sink, connected.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use hub_core::{AppName, SinkName, SweepReport};
use hub_engine::{
    AddressPolicy, AppHosts, CallRate, Engine, EngineConfig, EngineParts, HttpSink, HttpSinkConfig, HubApp,
    KeyId, MasterKey, MasterKeys, SeededEntropy, SinkSecret, StatelessCallbacks,
};
use hub_http::{HubServer, HubServerConfig, Metrics};
use hub_store::OrderQuery;
use hub_store_sqlite::SqliteStore;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use ttshop::{HttpOptions, HttpTransport};
use ttshop_clock::{Clock as _, SystemClock};
use ttshop_emulator::WorldSpec;
use ttshop_types::SecretText;

use crate::connect::connect_seller;
use crate::{Control, PlatformOptions, TestPlatform, VerifyingSink, WireTap};

/// The hub's name for the emulated app.
const APP_NAME: &str = "test";
/// Orders a page when the mirror is read.
const PAGE_SIZE: usize = 100;
/// How far virtual time moves between two looks at a world that converges.
const STEP: Duration = Duration::from_millis(250);
/// How much real time passes between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// How much real time a world has to converge.
const CONVERGE_MAX: Duration = Duration::from_secs(50);

/// How a world is to be.
#[derive(Debug)]
pub struct WorldBuilder {
    platform: PlatformOptions,
    sweep_every: Duration,
    call_rate: CallRate,
    is_tapped: bool,
}

/// A running world.
#[derive(Debug)]
pub struct World {
    /// The emulated platform.
    pub platform: TestPlatform,
    /// The hub's engine.
    pub engine: Arc<Engine>,
    /// Where the hub's events go.
    pub sink: VerifyingSink,
    /// Wraps the hub's secrets.
    pub master_key: SecretText,
    /// Opens the hub's REST API.
    pub api_key: SecretText,
    /// What travelled between hub and platform, where the world was built with taps.
    pub taps: Vec<WireTap>,
    hub_url: String,
    server: HubServer,
    store_dir: TempDir,
}

impl World {
    /// A world with two shops, one in the United States and one in the United Kingdom, both connected, in real time.
    pub fn builder() -> WorldBuilder {
        let platform = PlatformOptions::default();
        let world = platform.world.clone().unconnected();
        WorldBuilder {
            platform: PlatformOptions { world, ..platform },
            sweep_every: Duration::from_secs(300),
            call_rate: CallRate::default(),
            is_tapped: false,
        }
    }

    /// The emulator's control API.
    pub fn control(&self) -> &Control {
        &self.platform.control
    }

    /// Where the hub listens.
    pub fn hub_url(&self) -> &str {
        &self.hub_url
    }

    /// The folder of the hub's store.
    pub fn store_dir(&self) -> &std::path::Path {
        self.store_dir.path()
    }

    /// Ids of all shops.
    pub fn shop_ids(&self) -> Vec<String> {
        self.platform.connection().shops.into_iter().map(|shop| shop.shop_id).collect()
    }

    /// Status and `update_time` of every mirrored order of a shop.
    ///
    /// # Errors
    /// The store does not answer, or holds what does not read.
    pub async fn mirror(&self, shop_id: &str) -> anyhow::Result<BTreeMap<String, (String, i64)>> {
        let mut mirror = BTreeMap::new();
        let mut after = None;
        loop {
            let query =
                OrderQuery { shop_id: Some(shop_id.into()), platform_status: None, after, limit: PAGE_SIZE };
            let page = self.engine.store().orders(query).await?;
            for row in page.rows {
                mirror.insert(row.id, (row.platform_status, row.version.updated_at.as_seconds()));
            }
            after = page.next;
            if after.is_none() {
                return Ok(mirror);
            }
        }
    }

    /// What sweeps found and repaired so far, newest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sweep_reports(&self) -> anyhow::Result<Vec<SweepReport>> {
        Ok(self.engine.store().sweep_reports(PAGE_SIZE).await?)
    }

    /// Ends once the mirror equals the platform's truth, nothing waits in the hub, and the sink knows the newest state of
    /// every order. Virtual time moves meanwhile.
    ///
    /// # Errors
    /// They do not agree in time; the text says where they differ.
    pub async fn converge(&self) -> anyhow::Result<()> {
        let real = SystemClock::new();
        loop {
            let difference = self.difference().await?;
            if difference.is_none() {
                return Ok(());
            }
            ensure!(
                real.monotonic() < CONVERGE_MAX,
                "the world did not converge: {}",
                difference.unwrap_or_default()
            );
            self.let_time_pass(&real).await;
        }
    }

    /// Ends with `work`; virtual time moves meanwhile, because the hub paces its calls.
    async fn while_time_passes<T>(&self, work: impl Future<Output = T>) -> T {
        let real = SystemClock::new();
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = self.let_time_pass(&real) => {}
            }
        }
    }

    async fn let_time_pass(&self, real: &SystemClock) {
        real.sleep(LOOK_EVERY).await;
        if self.platform.is_virtual() {
            self.platform.emulator.advance(STEP).await;
        }
    }

    /// Where mirror, truth and sink differ, or what still waits.
    async fn difference(&self) -> anyhow::Result<Option<String>> {
        let told = self.told();
        for shop_id in self.shop_ids() {
            let (truth, mirror) = (self.control().truth(&shop_id).await?, self.mirror(&shop_id).await?);
            for (id, state) in &truth {
                if mirror.get(id) != Some(state) {
                    return Ok(Some(format!(
                        "order {id} is {state:?}, the mirror says {:?}",
                        mirror.get(id)
                    )));
                }
                if told.get(id) != Some(&state.0) {
                    return Ok(Some(format!(
                        "order {id} is {state:?}, the sink was told {:?}",
                        told.get(id)
                    )));
                }
            }
            if mirror.len() != truth.len() {
                return Ok(Some(format!(
                    "shop {shop_id} has {} orders, its mirror {}",
                    truth.len(),
                    mirror.len()
                )));
            }
        }
        let backlog = self.engine.backlog().await?;
        let waits = backlog.jobs + backlog.deliveries;
        Ok((waits > 0).then(|| format!("{waits} jobs and deliveries wait")))
    }

    /// The newest status of each order as the sink was told.
    fn told(&self) -> BTreeMap<String, String> {
        let events = self.sink.events();
        let order = |event: &Value| {
            let (id, status) = (&event["data"]["id"], &event["data"]["status"]["platform_status"]);
            Some((id.as_str()?.to_owned(), status.as_str()?.to_owned()))
        };
        events.iter().filter_map(|event| order(&event.body)).collect()
    }

    /// Stops everything in order.
    ///
    /// # Errors
    /// The emulated world cannot be saved.
    pub async fn shutdown(self) -> anyhow::Result<()> {
        self.server.shutdown().await;
        self.engine.shutdown().await;
        Ok(self.platform.emulator.shutdown().await?)
    }
}

impl WorldBuilder {
    /// Same seed, same world and same misfortunes.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.platform.seed = seed;
        self
    }

    /// Lives in another world; its sellers consent when it starts.
    #[must_use]
    pub fn world(mut self, world: WorldSpec) -> Self {
        self.platform.world = world.unconnected();
        self
    }

    /// How many calls the platform permits each second, for each shop and operation. Without it, it permits all.
    #[must_use]
    pub fn quota(mut self, per_second: u32) -> Self {
        self.platform.switches.quota_per_second = per_second;
        self
    }

    /// How fast the hub calls.
    #[must_use]
    pub fn call_rate(mut self, rate: CallRate) -> Self {
        self.call_rate = rate;
        self
    }

    /// Time stands still until the test moves it.
    #[must_use]
    pub fn in_virtual_time(mut self) -> Self {
        self.platform.is_virtual = true;
        self
    }

    /// How often the hub looks for what webhooks missed.
    #[must_use]
    pub fn sweep_every(mut self, interval: Duration) -> Self {
        self.sweep_every = interval;
        self
    }

    /// Keeps everything that travels between hub and platform.
    #[must_use]
    pub fn tapped(mut self) -> Self {
        self.is_tapped = true;
        self
    }

    /// Starts the world and connects its shops.
    ///
    /// # Errors
    /// Something does not start; the text says what.
    pub async fn start(self) -> anyhow::Result<World> {
        let seed = self.platform.seed;
        let platform = TestPlatform::start(self.platform).await?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (mut hub_address, mut api_url) = (listener.local_addr()?, platform.connection().api_url);
        let mut taps = Vec::new();
        if self.is_tapped {
            let to_platform = WireTap::before(api_url.trim_start_matches("http://").parse()?).await?;
            let to_hub = WireTap::before(hub_address).await?;
            api_url = format!("http://{}", to_platform.address());
            hub_address = to_hub.address();
            taps.extend([to_platform, to_hub]);
        }
        let hub_url = format!("http://{hub_address}");
        let entropy = Arc::new(SeededEntropy::new(seed));
        let sink_secret = SinkSecret::generate(&*entropy)?;
        let sink = VerifyingSink::open(sink_secret.to_text()).await?;
        let key_id = KeyId::parse("test").context("a key id")?;
        let master_key = MasterKey::generate(key_id, &*entropy)?;
        let store_dir = tempfile::tempdir()?;
        let http_sink = HttpSink::new(HttpSinkConfig {
            name: SinkName("test".into()),
            url: sink.url(),
            secret: sink_secret,
            policy: AddressPolicy::AllowPrivate,
        })?;
        let parts = EngineParts {
            store: Arc::new(SqliteStore::open(store_dir.path())?),
            clock: Arc::clone(&platform.clock),
            entropy,
            transport: Arc::new(HttpTransport::new(&HttpOptions::default())?),
            sinks: vec![Arc::new(http_sink)],
        };
        let keys = MasterKeys { current: master_key.clone(), previous: Vec::new() };
        let mut config = EngineConfig::new(&hub_url, vec![app(&platform, &api_url)], keys);
        config.sweep_every = self.sweep_every;
        config.call_rate = self.call_rate;
        let engine = Arc::new(Engine::start(config, parts).await?);
        let api_key = SecretText::from(format!("test-api-key-{seed:016x}"));
        // Whoever installs the counters first in this process shows them; the other worlds have none.
        let metrics = Metrics::install().ok();
        let server = HubServerConfig { api_key: api_key.clone(), metrics };
        let server = HubServer::start(server, Arc::clone(&engine), listener)?;
        let master_key = master_key.to_hex();
        let world = World { platform, engine, sink, master_key, api_key, taps, hub_url, server, store_dir };
        world.connect_all().await?;
        Ok(world)
    }
}

impl World {
    async fn connect_all(&self) -> anyhow::Result<()> {
        let redirect = format!("{}/callback/{APP_NAME}", self.hub_url);
        self.control().put("app", &json!({"redirect_url": redirect})).await?;
        let state = self.control().get("state").await?;
        for seller in state["sellers"].as_array().context("sellers")? {
            let seller_id = seller["seller_id"].as_str().context("a seller id")?;
            self.while_time_passes(connect_seller(self.control(), &self.hub_url, APP_NAME, seller_id))
                .await?;
        }
        Ok(())
    }
}

fn app(platform: &TestPlatform, api_url: &str) -> HubApp {
    let app = platform.app();
    HubApp {
        name: AppName::new(APP_NAME),
        key: app.key,
        secret: Some(app.secret),
        previous_secrets: Vec::new(),
        service_id: app.service_id,
        hosts: AppHosts { api: api_url.into(), auth: api_url.into(), consent: api_url.into() },
        stateless_callbacks: StatelessCallbacks::Refuse,
    }
}
