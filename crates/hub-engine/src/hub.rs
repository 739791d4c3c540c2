//! What every part of the engine shares.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use hub_core::AppName;
use hub_store::Store;
use tokio::sync::{Notify, watch};
use ttshop_clock::Clock;

use crate::grant::Grants;
use crate::shop_book::ShopBook;
use crate::{Entropy, HubApp, Platform, Vault};

/// The parts of one running hub.
#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) platform: Arc<dyn Platform>,
    pub(crate) vault: Vault,
    pub(crate) apps: Vec<Arc<HubApp>>,
    pub(crate) grants: Grants,
    pub(crate) shops: ShopBook,
    pub(crate) nudges: Nudges,
    pub(crate) settings: Settings,
    /// Set when the hub stops: long work ends at its next step.
    pub(crate) is_stopping: AtomicBool,
}

impl Hub {
    /// The app of this name, if it is configured.
    pub(crate) fn app(&self, name: &AppName) -> Option<&Arc<HubApp>> {
        self.apps.iter().find(|app| app.name == *name)
    }
}

/// What an operator may choose.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) public_url: String,
    pub(crate) process_id: String,
    pub(crate) sweep_every: Duration,
    pub(crate) backfill: Duration,
}

/// Wakes workers in this process; a lost nudge costs latency, because each worker also looks by itself.
#[derive(Debug, Default)]
pub(crate) struct Nudges {
    /// There may be jobs.
    pub(crate) process: Notify,
    /// There may be deliveries.
    pub(crate) deliver: Notify,
    /// Someone wants a sweep now.
    pub(crate) sweep: Notify,
}

/// Tells a worker when to stop claiming.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// The pair of the one who stops and those who listen.
    pub(crate) fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Whether it is time.
    pub(crate) fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when it is time, or when whoever could say so is gone.
    pub(crate) async fn wait(&mut self) {
        drop(self.0.wait_for(|stop| *stop).await);
    }
}

/// The shortest wait of a worker that found nothing although something was due: another process has it.
const WAIT_MIN: Duration = Duration::from_millis(50);
/// The longest wait: how late a hint of another process may be noticed.
const WAIT_MAX: Duration = Duration::from_secs(1);

/// How long a worker without work waits unless it is nudged.
pub(crate) async fn idle_wait(hub: &Hub) -> Duration {
    let due = hub.store.next_due().await.ok().flatten();
    due.map_or(WAIT_MAX, |due| due.since(hub.clock.now()).clamp(WAIT_MIN, WAIT_MAX))
}
