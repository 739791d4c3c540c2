//! One hub, put together: store, engine, server.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hub_core::{AppName, SinkName};
use hub_engine::{
    AddressPolicy, AppHosts, Engine, EngineConfig, EngineParts, HttpSink, HttpSinkConfig, HubApp, KeyId,
    MasterKey, MasterKeys, Sink, SinkSecret, StatelessCallbacks, SystemEntropy,
};
use hub_http::{HubServer, HubServerConfig, Metrics};
use hub_store_sqlite::SqliteStore;
use tokio::net::TcpListener;
use ttshop_clock::Clock;
use ttshop_types::SecretText;

use crate::config::{AppSection, HubConfig, HubSecrets, SinkSection};
use crate::failure::Failure;
use crate::transport::transport;

/// The name of a master key that came from one file; a rotation will name its keys.
const KEY_ID: &str = "file";

/// What a hub starts from.
#[derive(Debug)]
pub(crate) struct Plan {
    /// What the operator chose.
    pub(crate) config: HubConfig,
    /// The hub's own keys.
    pub(crate) secrets: HubSecrets,
    /// The apps with their secrets.
    pub(crate) apps: Vec<HubApp>,
    /// The time.
    pub(crate) clock: Arc<dyn Clock>,
}

/// A running hub.
#[derive(Debug)]
pub(crate) struct HubNode {
    engine: Arc<Engine>,
    server: HubServer,
    address: SocketAddr,
    url: String,
    api_key: SecretText,
}

impl HubNode {
    /// Starts a hub; it answers once this returns.
    pub(crate) async fn start(plan: Plan) -> Result<Self, Failure> {
        let listen = plan.config.server.listen;
        let listening = |error: std::io::Error| {
            Failure::of(format!("failed to listen on `{listen}`"), &error)
                .remedy("choose another port with `--listen`")
        };
        // The port has to be known before the engine starts: the platform is told where to send its notifications.
        let listener = TcpListener::bind(listen).await.map_err(listening)?;
        let address = listener.local_addr().map_err(listening)?;
        let url = plan.config.server.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let url = url.trim_end_matches('/').to_owned();
        let engine = Arc::new(engine(&plan, &url).await?);
        let metrics = Metrics::install().map_err(|error| Failure::of("failed to set up metrics", &error))?;
        let server = HubServerConfig { api_key: plan.secrets.api_key.clone(), metrics: Some(metrics) };
        let server = HubServer::start(server, Arc::clone(&engine), listener).map_err(listening)?;
        Ok(Self { engine, server, address, url, api_key: plan.secrets.api_key })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How browsers and the platform reach it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Opens its REST API.
    pub(crate) fn api_key(&self) -> SecretText {
        self.api_key.clone()
    }

    /// Lets open requests and work under way end, then stops.
    pub(crate) async fn shutdown(self) {
        self.server.shutdown().await;
        self.engine.shutdown().await;
    }
}

/// An app with its secret read.
pub(crate) fn app(section: &AppSection) -> Result<HubApp, Failure> {
    let secret = section.secret.read().map_err(|failure| {
        failure.remedy(format!(
            "the app `{}` needs its secret; `ttshop hub config` says how to name it",
            section.name
        ))
    })?;
    let platform = AppHosts::rest_of_world();
    let host = |url: &Option<String>, default: String| {
        // The consent page's own address does as well as its host.
        let url = url.as_deref().unwrap_or(&default).trim_end_matches('/');
        url.strip_suffix("/open/authorize").unwrap_or(url).to_owned()
    };
    Ok(HubApp {
        name: AppName::new(&section.name),
        key: section.key.as_str().into(),
        secret: Some(secret),
        previous_secrets: section
            .previous_secrets
            .iter()
            .map(|pointer| pointer.read())
            .collect::<Result<_, _>>()?,
        service_id: section.service_id.as_str().into(),
        hosts: AppHosts {
            api: host(&section.api_url, platform.api),
            auth: host(&section.auth_url, platform.auth),
            consent: host(&section.consent_url, platform.consent),
        },
        stateless_callbacks: if section.accept_stateless_callbacks {
            StatelessCallbacks::Accept
        } else {
            StatelessCallbacks::Refuse
        },
    })
}

async fn engine(plan: &Plan, public_url: &str) -> Result<Engine, Failure> {
    let sinks = plan.config.sinks.iter().zip(&plan.secrets.sinks);
    let parts = EngineParts {
        store: Arc::new(open_store(&plan.secrets.store)?),
        clock: Arc::clone(&plan.clock),
        entropy: Arc::new(SystemEntropy),
        transport: Arc::new(transport(plan.config.calls.ca_file.as_deref())?),
        sinks: sinks.map(|(section, secret)| sink(section, secret)).collect::<Result<_, _>>()?,
    };
    let key_id = KeyId::parse(KEY_ID).expect("the name is a short word");
    let current = MasterKey::from_hex(key_id, &plan.secrets.master_key).ok_or_else(|| {
        Failure::new("the master key is not 64 hexadecimal digits").remedy("restore the file from your copy")
    })?;
    let keys = MasterKeys { current, previous: Vec::new() };
    let mut config = EngineConfig::new(public_url, plan.apps.clone(), keys);
    config.sweep_every = Duration::from_secs(plan.config.sweep.every_seconds);
    config.call_rate = plan.config.calls.rate();
    config.backfill = Duration::from_secs(u64::from(plan.config.sweep.backfill_days) * 24 * 60 * 60);
    Engine::start(config, parts).await.map_err(|error| Failure::of("failed to start the hub", &error))
}

fn open_store(directory: &Path) -> Result<SqliteStore, Failure> {
    SqliteStore::open(directory).map_err(|error| {
        Failure::of(format!("failed to open the store `{}`", directory.display()), &error)
            .remedy("look whether another hub uses the same data folder, and whether the disk is full")
    })
}

fn sink(section: &SinkSection, secret: &SecretText) -> Result<Arc<dyn Sink>, Failure> {
    let named = |error: &dyn std::error::Error| {
        Failure::of(format!("the sink `{}` cannot be used", section.name), error)
    };
    let policy = if section.allow_private { AddressPolicy::AllowPrivate } else { AddressPolicy::PublicOnly };
    let config = HttpSinkConfig {
        name: SinkName(section.name.clone()),
        url: section.url.clone(),
        secret: SinkSecret::parse(secret).map_err(|error| named(&error))?,
        policy,
    };
    let sink = HttpSink::new(config).map_err(|error| {
        named(&error)
            .remedy("use https and a public address, or set `allow_private` for a receiver beside the hub")
    })?;
    Ok(Arc::new(sink))
}
