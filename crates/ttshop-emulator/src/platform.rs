//! What all requests to one world share: the world, its time, and how the parts tell each other.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use ttshop_types::Timestamp;

use crate::clock::PlatformTime;
use crate::spec::WorldSpec;
use crate::switches::Switches;
use crate::webhook::Baton;
use crate::world::World;

/// One running world.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) name: WorldName,
    /// What a reset goes back to.
    pub(crate) origin: Origin,
    world: Mutex<World>,
    pub(crate) time: PlatformTime,
    pub(crate) baton: Baton,
    pub(crate) settings: Settings,
    /// True once the world is shutting down.
    pub(crate) closing: watch::Receiver<bool>,
}

/// How a world began.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Origin {
    pub(crate) seed: u64,
    pub(crate) spec: WorldSpec,
    pub(crate) switches: Switches,
}

/// What is fixed for as long as the process runs, and the same for all worlds.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) explain: bool,
    /// `http://127.0.0.1:4000`, without a trailing slash.
    pub(crate) base_url: String,
    /// Host names that the control API answers to, beside loopback ones.
    pub(crate) control_hosts: Vec<String>,
}

/// What a world is called: up to 40 of `a`–`z`, `0`–`9`, `-` and `_`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct WorldName(String);

/// How long a name may be.
const NAME_LENGTH_MAX: usize = 40;
/// The world that answers where none is named.
const DEFAULT_NAME: &str = "default";

impl WorldName {
    pub(crate) fn default_world() -> Self {
        Self(DEFAULT_NAME.into())
    }

    /// The name, if it is one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
        let valid = !text.is_empty() && text.len() <= NAME_LENGTH_MAX && text.bytes().all(plain);
        valid.then(|| Self(text.into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_default(&self) -> bool {
        self.0 == DEFAULT_NAME
    }

    /// What keeps the secrets of this world apart from those of others with the same seed.
    pub(crate) fn realm(&self) -> u64 {
        if self.is_default() { 0 } else { crate::dice::hash(self.0.as_bytes()) }
    }
}

impl Origin {
    /// The world as it began.
    pub(crate) fn world(&self, name: &WorldName, now: Timestamp) -> World {
        World::from_spec(&self.spec, self.seed, name.realm(), self.switches.clone(), now)
    }
}

impl Platform {
    pub(crate) fn new(
        (name, origin): (WorldName, Origin),
        world: World,
        time: PlatformTime,
        baton: Baton,
        settings: Settings,
        closing: watch::Receiver<bool>,
    ) -> Self {
        Self { name, origin, world: Mutex::new(world), time, baton, settings, closing }
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

    /// The control API of this world, without a trailing slash.
    pub(crate) fn control_url(&self) -> String {
        format!("{}{}", self.settings.base_url, self.control_path())
    }

    /// The same without the host.
    pub(crate) fn control_path(&self) -> String {
        if self.name.is_default() {
            "/_emulator".into()
        } else {
            format!("/_emulator/worlds/{}", self.name.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for good in ["a", "default", "eu-west_2", &"x".repeat(40)] {
            assert!(WorldName::parse(good).is_some(), "{good}");
        }
        for bad in ["", "A", "a/b", "ä", "..", "a b", &"x".repeat(41)] {
            assert!(WorldName::parse(bad).is_none(), "{bad}");
        }
    }
}
