//! The engine: its parts, their start and their end.

use std::collections::HashSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hub_core::{Lane, SinkName};
use hub_store::{Backlog, Store, StoreError};
use tokio::sync::watch;
use tokio::task::JoinSet;
use ttshop::{Budget, BuildError, Scheduler, Transport};
use ttshop_clock::Clock;

use crate::grant::{Grants, SealedTokens};
use crate::hub::{Hub, Nudges, Settings, Stop};
use crate::ingest::is_plain_id;
use crate::platform::SdkPlatform;
use crate::shop_book::ShopBook;
use crate::task_set::{TaskSet, report};
use crate::{
    CallRate, Door, Entropy, EntropyError, GrantError, HubApp, MasterKeys, Onboarding, Platform, Sink, Vault,
    deliver, process, sweep,
};

/// How long a stopping engine waits for its work. What is cut off is begun again from the store.
const DRAIN_MAX: Duration = Duration::from_secs(20);
/// How often gauges are set.
const GAUGES_EVERY: Duration = Duration::from_secs(5);

/// What an operator chooses.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// The hub's address as the platform and browsers see it, without a slash at the end.
    pub public_url: String,
    /// The apps.
    pub apps: Vec<HubApp>,
    /// The keys of the vault.
    pub master_keys: MasterKeys,
    /// How often each shop is swept.
    pub sweep_every: Duration,
    /// How much of a shop's past is read when it is connected.
    pub backfill: Duration,
    /// How fast the platform is called.
    pub call_rate: CallRate,
}

impl EngineConfig {
    /// The choices that have a good default: sweeps every five minutes, thirty days of past.
    pub fn new(public_url: impl Into<String>, apps: Vec<HubApp>, master_keys: MasterKeys) -> Self {
        let public_url = public_url.into().trim_end_matches('/').to_owned();
        let (sweep_every, backfill) = (Duration::from_secs(5 * 60), Duration::from_secs(30 * 24 * 60 * 60));
        Self { public_url, apps, master_keys, sweep_every, backfill, call_rate: CallRate::default() }
    }
}

/// What the engine works with.
#[derive(Debug)]
pub struct EngineParts {
    /// Where the truth is kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The way to the platform.
    pub transport: Arc<dyn Transport>,
    /// Where events go.
    pub sinks: Vec<Arc<dyn Sink>>,
}

/// Why the engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A name is empty, too long, used twice, or not made of letters, digits, `-` and `_`.
    #[error("the name `{0}` is used twice or is not made of letters, digits, `-` and `_`")]
    Name(String),
    /// A host of an app is no URL.
    #[error("failed to set up the platform client")]
    Client(#[from] BuildError),
    /// Not one sealed secret opens: the master key is another one.
    #[error("no sealed secret in the store opens with the loaded master keys")]
    Vault(#[source] GrantError),
    /// The store did not answer.
    #[error("failed to read the store")]
    Store(#[from] StoreError),
    /// The machine gave no randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
}

/// A running hub without its HTTP side.
pub struct Engine {
    hub: Arc<Hub>,
    door: Door,
    onboarding: Onboarding,
    accepts: Arc<TaskSet>,
    stop: watch::Sender<bool>,
    workers: Mutex<JoinSet<()>>,
}

impl Engine {
    /// Starts every worker.
    ///
    /// # Errors
    /// The configuration does not hold together, or the store's secrets do not open with these keys.
    pub async fn start(config: EngineConfig, parts: EngineParts) -> Result<Self, StartError> {
        let apps: Vec<Arc<HubApp>> = config.apps.iter().cloned().map(Arc::new).collect();
        let scheduler = Scheduler::new(config.call_rate.into(), Arc::clone(&parts.clock));
        let budget: Arc<dyn Budget> = Arc::new(scheduler);
        let platform = SdkPlatform::new(&apps, &parts.transport, &parts.clock, &budget)?;
        Self::start_with(config, parts, Arc::new(platform)).await
    }

    /// Starts with another way to the platform than the SDK.
    pub(crate) async fn start_with(
        config: EngineConfig,
        parts: EngineParts,
        platform: Arc<dyn Platform>,
    ) -> Result<Self, StartError> {
        let (hub, sinks) = assemble(config, parts, platform)?;
        check_vault(&hub).await?;
        declare_sinks(&hub, &sinks).await?;
        Ok(Self::run(hub, sinks))
    }

    fn run(hub: Arc<Hub>, sinks: Vec<Arc<dyn Sink>>) -> Self {
        let (stop, listener) = Stop::new();
        let mut workers = JoinSet::new();
        workers.spawn(process::run(Arc::clone(&hub), listener.clone()));
        workers.spawn(deliver::run(Arc::clone(&hub), sinks, listener.clone()));
        workers.spawn(sweep::run(Arc::clone(&hub), listener.clone()));
        workers.spawn(set_gauges(Arc::clone(&hub), listener));
        let accepts = Arc::new(TaskSet::default());
        Self {
            door: Door::new(Arc::clone(&hub), Arc::clone(&accepts)),
            onboarding: Onboarding::new(Arc::clone(&hub)),
            hub,
            accepts,
            stop,
            workers: Mutex::new(workers),
        }
    }

    /// Where notifications arrive.
    pub fn door(&self) -> &Door {
        &self.door
    }

    /// Where shops are connected.
    pub fn onboarding(&self) -> &Onboarding {
        &self.onboarding
    }

    /// The hub's address as the platform and browsers see it.
    pub fn public_url(&self) -> &str {
        &self.hub.settings.public_url
    }

    /// Where the truth is kept, for reading.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.hub.store
    }

    /// The time.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.hub.clock
    }

    /// Sweeps every connected shop soon.
    pub fn sweep_now(&self) {
        self.hub.nudges.sweep.notify_one();
    }

    /// Puts a parked job back to work; false where there is none.
    ///
    /// # Errors
    /// The store did not do it.
    pub async fn unpark(&self, lane: Lane) -> Result<bool, StoreError> {
        let woken = self.hub.store.unpark(lane, self.hub.clock.now()).await?;
        self.hub.nudges.process.notify_one();
        Ok(woken)
    }

    /// What waits.
    ///
    /// # Errors
    /// The store did not answer: the hub is not ready.
    pub async fn backlog(&self) -> Result<Backlog, StoreError> {
        self.hub.store.backlog(self.hub.clock.now()).await
    }

    /// The apps whose secret is not loaded; their notifications get 503.
    pub fn apps_without_secret(&self) -> Vec<&str> {
        self.hub.apps.iter().filter(|app| app.secret.is_none()).map(|app| app.name.as_str()).collect()
    }

    /// Stops claiming, lets what is under way end, and returns. What could not end in time is begun again at the next start.
    pub async fn shutdown(&self) {
        self.hub.is_stopping.store(true, Ordering::Relaxed);
        self.stop.send_replace(true);
        let mut workers = std::mem::take(&mut *self.workers.lock().unwrap_or_else(PoisonError::into_inner));
        let drained = async {
            self.accepts.drain().await;
            while let Some(ended) = workers.join_next().await {
                report(ended);
            }
        };
        if tokio::time::timeout(DRAIN_MAX, drained).await.is_err() {
            tracing::warn!("some work did not end in time; it is begun again at the next start");
            workers.shutdown().await;
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("public_url", &self.hub.settings.public_url).finish_non_exhaustive()
    }
}

/// A hub at rest, and its sinks.
pub(crate) type Assembled = (Arc<Hub>, Vec<Arc<dyn Sink>>);

/// Puts the parts together, at rest.
pub(crate) fn assemble(
    config: EngineConfig,
    parts: EngineParts,
    platform: Arc<dyn Platform>,
) -> Result<Assembled, StartError> {
    check_names(config.apps.iter().map(|app| app.name.as_str()))?;
    check_names(parts.sinks.iter().map(|sink| sink.name().0.as_str()))?;
    let mut process_id = [0; 8];
    parts.entropy.fill(&mut process_id)?;
    let hub = Hub {
        vault: Vault::new(config.master_keys, Arc::clone(&parts.entropy)),
        store: parts.store,
        clock: parts.clock,
        entropy: parts.entropy,
        platform,
        apps: config.apps.into_iter().map(Arc::new).collect(),
        grants: Grants::default(),
        shops: ShopBook::default(),
        nudges: Nudges::default(),
        settings: Settings {
            public_url: config.public_url,
            process_id: hex::encode(process_id),
            sweep_every: config.sweep_every,
            backfill: config.backfill,
        },
        is_stopping: AtomicBool::new(false),
    };
    Ok((Arc::new(hub), parts.sinks))
}

fn check_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), StartError> {
    let mut seen = HashSet::new();
    for name in names {
        if !is_plain_id(name) || !seen.insert(name) {
            return Err(StartError::Name(name.into()));
        }
    }
    Ok(())
}

/// A wrong master key must not be found out one job at a time. One damaged row must not keep all others from working.
async fn check_vault(hub: &Hub) -> Result<(), StartError> {
    let mut first_error = None;
    for authorization in hub.store.authorizations().await? {
        match SealedTokens::open(&hub.vault, &authorization.id, &authorization.tokens) {
            Ok(_) => {
                if let Some(error) = first_error {
                    tracing::error!(error = %error, "some sealed tokens do not open; their shops have to be connected again");
                }
                return Ok(());
            }
            Err(error) => first_error = Some(first_error.unwrap_or(error)),
        }
    }
    first_error.map_or(Ok(()), |error| Err(StartError::Vault(error)))
}

async fn declare_sinks(hub: &Hub, sinks: &[Arc<dyn Sink>]) -> Result<(), StoreError> {
    let names: Vec<SinkName> = sinks.iter().map(|sink| sink.name().clone()).collect();
    let dropped = hub.store.declare_sinks(names).await?;
    if dropped > 0 {
        tracing::warn!(deliveries = dropped, "a sink is no longer configured; what waited for it is dropped");
    }
    Ok(())
}

async fn set_gauges(hub: Arc<Hub>, mut stop: Stop) {
    while !stop.is_set() {
        match hub.store.backlog(hub.clock.now()).await {
            Ok(backlog) => show(&backlog),
            Err(error) => tracing::warn!(error = %error, "the backlog could not be read"),
        }
        tokio::select! {
            () = hub.clock.sleep(GAUGES_EVERY) => {}
            () = stop.wait() => {}
        }
    }
}

fn show(backlog: &Backlog) {
    let set = |name: &'static str, count: u64| {
        // Beyond 2^32 a gauge says "too many" just as well.
        metrics::gauge!(name).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    };
    set("hub_jobs_waiting", backlog.jobs);
    set("hub_jobs_parked", backlog.parked);
    set("hub_deliveries_waiting", backlog.deliveries);
    set("hub_deliveries_dead", backlog.dead);
    set("hub_mirrored", backlog.mirrored);
    set("hub_oldest_hint_ms", backlog.oldest_ms);
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
