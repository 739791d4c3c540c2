//! Everything the demo needs, started and connected.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hub_core::AppName;
use hub_engine::{AppHosts, HubApp, SinkSecret, StatelessCallbacks};
use serde_json::json;
use tempfile::TempDir;
use ttshop_clock::Clock;
use ttshop_emulator::{Connection, Emulator, RunningEmulator, WorldSpec};
use url::Url;

use super::Arguments;
use super::browser::Browser;
use super::control::Control;
use super::mirror::Mirror;
use super::sink::DemoSink;
use crate::config::{self, HubConfig, HubSecrets, SinkSection};
use crate::failure::Failure;
use crate::node::{HubNode, Plan};
use crate::output::Progress;

/// The hub's name for the emulated app.
const APP_NAME: &str = "demo";
/// The hub's name for the demo's sink.
const SINK_NAME: &str = "demo";
/// How long one HTTP request of the demo may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// How often the hub looks for what webhooks missed: often, so that nobody waits long for a webhook that was lost on purpose.
const SWEEP_SECONDS: u64 = 3;

/// The running parts.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) emulator_url: String,
    pub(super) hub_url: String,
    pub(super) data_dir: PathBuf,
    pub(super) shops: Vec<DemoShop>,
    pub(super) control: Control,
    pub(super) mirror: Mirror,
    pub(super) sink: DemoSink,
    emulator: RunningEmulator,
    hub: HubNode,
    /// Removed with the demo, unless a folder was given.
    _temporary: Option<TempDir>,
}

/// A shop that was connected.
#[derive(Clone, Debug)]
pub(super) struct DemoShop {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) region: String,
}

impl Stage {
    /// Starts the parts and connects two sellers.
    pub(super) async fn build(
        arguments: &Arguments,
        clock: Arc<dyn Clock>,
        progress: &Progress,
    ) -> Result<Self, Failure> {
        let (data_dir, temporary) = data_dir(arguments.data_dir.as_deref())?;
        let world = WorldSpec::two_shops().unconnected();
        let emulator = Emulator::builder()
            .listen(arguments.emulator_listen)
            .seed(arguments.seed)
            .world(world.clone())
            .data_dir(temporary.is_none().then(|| data_dir.join("emulator")));
        let emulator =
            emulator.start().await.map_err(|error| Failure::of("failed to start the emulator", &error))?;
        let connection = emulator.connection();

        let config = hub_config(arguments, &data_dir);
        let mut secrets = config::open_or_create(&config_with_sink(config.clone(), String::new()))?;
        let sink_secret = secrets.sinks.first().cloned().unwrap_or_default();
        let sink_secret = SinkSecret::parse(&sink_secret)
            .map_err(|error| Failure::of("failed to read the sink's secret", &error))?;
        let sink = DemoSink::open(sink_secret, Arc::clone(&clock)).await;
        let sink = sink.map_err(|error| Failure::of("failed to open the sink", &error))?;
        secrets.generated.clear();
        let hub = start_hub(config_with_sink(config, sink.url()), secrets, &connection, clock).await?;

        let client = client()?;
        let control = Control::new(client.clone(), &connection.control_url);
        control.set_redirect(&format!("{}/callback/{APP_NAME}", hub.url())).await?;
        for seller in &world.sellers {
            progress.say(format!("{} gives consent", seller.name));
            connect(hub.url(), &seller.name).await?;
        }
        if arguments.chaos {
            control.set_chaos(&chaos()).await?;
        }
        let names = world.sellers.iter().flat_map(|seller| &seller.shops).map(|shop| shop.name.clone());
        let shops = connection.shops.iter().zip(names);
        Ok(Self {
            emulator_url: connection.api_url.clone(),
            hub_url: hub.url().to_owned(),
            data_dir,
            shops: shops
                .map(|(shop, name)| DemoShop { id: shop.shop_id.clone(), name, region: shop.region.clone() })
                .collect(),
            control,
            mirror: Mirror::new(client, hub.url(), hub.api_key()),
            sink,
            emulator,
            hub,
            _temporary: temporary,
        })
    }

    /// Stops the parts in order: first whoever announces, then whoever listens.
    pub(super) async fn close(self) -> Result<(), Failure> {
        self.hub.shutdown().await;
        self.emulator
            .shutdown()
            .await
            .map_err(|error| Failure::of("failed to save the emulated world", &error))
    }
}

fn data_dir(given: Option<&Path>) -> Result<(PathBuf, Option<TempDir>), Failure> {
    if let Some(dir) = given {
        return Ok((dir.to_owned(), None));
    }
    let dir = tempfile::Builder::new().prefix("ttshop-demo-").tempdir();
    let dir = dir.map_err(|error| Failure::of("failed to create a temporary folder", &error))?;
    Ok((dir.path().to_owned(), Some(dir)))
}

fn hub_config(arguments: &Arguments, data_dir: &Path) -> HubConfig {
    let mut config = HubConfig::default();
    config.server.listen = arguments.listen;
    config.storage.data_dir = data_dir.join("hub");
    config.sweep.every_seconds = SWEEP_SECONDS;
    config
}

fn config_with_sink(mut config: HubConfig, url: String) -> HubConfig {
    config.sinks = vec![SinkSection { name: SINK_NAME.into(), url, secret: None, allow_private: true }];
    config
}

async fn start_hub(
    config: HubConfig,
    secrets: HubSecrets,
    connection: &Connection,
    clock: Arc<dyn Clock>,
) -> Result<HubNode, Failure> {
    let app = HubApp {
        name: AppName::new(APP_NAME),
        key: connection.app_key.as_str().into(),
        secret: Some(connection.app_secret.as_str().into()),
        previous_secrets: Vec::new(),
        service_id: connection.service_id.as_str().into(),
        hosts: AppHosts {
            api: connection.api_url.clone(),
            auth: connection.auth_url.clone(),
            consent: connection.api_url.clone(),
        },
        stateless_callbacks: StatelessCallbacks::Refuse,
    };
    HubNode::start(Plan { config, secrets, apps: vec![app], clock }).await
}

fn client() -> Result<reqwest::Client, Failure> {
    let client = reqwest::Client::builder().timeout(REQUEST_TIMEOUT).no_proxy().build();
    client.map_err(|error| Failure::of("failed to set up the demo's HTTP client", &error))
}

/// One seller connects their shop: opens the hub's link, chooses themselves on the consent page, and agrees.
async fn connect(hub_url: &str, seller: &str) -> Result<(), Failure> {
    let failed = |error: &dyn std::error::Error| Failure::of(format!("`{seller}` could not connect"), error);
    let link = Url::parse(&format!("{hub_url}/connect/{APP_NAME}")).map_err(|error| failed(&error))?;
    let mut browser = Browser::new().map_err(|error| failed(&error))?;
    let consent = browser.open(link).await.map_err(|error| failed(&error))?;
    let mut forms = consent.forms();
    let offered = forms.iter_mut().find_map(|form| {
        let agreed = form.choose(seller) && form.press("Authorize");
        agreed.then_some(form)
    });
    let form = offered.ok_or_else(|| Failure::new(format!("the consent page does not offer `{seller}`")))?;
    browser.submit(&consent, form).await.map_err(|error| failed(&error))?;
    Ok(())
}

/// Of a hundred webhooks, twenty are lost, twenty sent twice, and the others held back for up to two seconds.
fn chaos() -> serde_json::Value {
    json!({"lose_percent": 20, "duplicate_percent": 20, "reorder_percent": 100, "reorder_window_ms": 2_000})
}
