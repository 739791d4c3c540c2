//! What all requests share: the world, the time, and how the parts tell each other.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use ttshop_types::Timestamp;

use crate::clock::PlatformTime;
use crate::webhook::Baton;
use crate::world::World;

/// One running platform.
#[derive(Debug)]
pub(crate) struct Platform {
    world: Mutex<World>,
    pub(crate) time: PlatformTime,
    pub(crate) baton: Baton,
    pub(crate) settings: Settings,
    /// True once the platform is shutting down.
    pub(crate) closing: watch::Receiver<bool>,
}

/// What is fixed for as long as it runs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) explain: bool,
    /// `http://127.0.0.1:4000`, without a trailing slash.
    pub(crate) base_url: String,
    /// Host names that the control API answers to, beside loopback ones.
    pub(crate) control_hosts: Vec<String>,
}

impl Platform {
    pub(crate) fn new(
        world: World,
        time: PlatformTime,
        baton: Baton,
        settings: Settings,
        closing: watch::Receiver<bool>,
    ) -> Self {
        Self { world: Mutex::new(world), time, baton, settings, closing }
    }

    /// Locks the world for a short section. A panic elsewhere leaves it as it was; every change is made in one step.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// Whether wrong calls are explained in a header.
    pub(crate) fn explains(&self) -> bool {
        self.settings.explain
    }
}
