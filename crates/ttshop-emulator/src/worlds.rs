//! All worlds of one process.
//!
//! A world shares nothing with another but the port: it has its own lock, clock, faults, journal and conductor. An API call
//! finds its world by `app_key`, a consent page by `service_id`, the control API by the name in the path. So an app belongs
//! to one world only, and its tokens and ciphers mean nothing in the others.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::clock::PlatformTime;
use crate::platform::{Origin, Platform, Settings, WorldName};
use crate::webhook::{Baton, conduct};
use crate::world::World;

/// How many worlds one process holds.
pub(crate) const WORLDS_MAX: usize = 256;

/// The worlds and how they are found.
#[derive(Debug)]
pub(crate) struct Worlds {
    directory: RwLock<Directory>,
    default: Arc<Platform>,
    pub(crate) settings: Settings,
    /// True once the process stops serving.
    pub(crate) closing: watch::Receiver<bool>,
}

#[derive(Debug, Default)]
struct Directory {
    by_name: BTreeMap<WorldName, Running>,
    /// By app key, and by service id.
    by_app: HashMap<String, Arc<Platform>>,
}

/// A world whose conductor runs.
#[derive(Debug)]
struct Running {
    platform: Arc<Platform>,
    close: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// A world that is about to run.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) name: WorldName,
    pub(crate) origin: Origin,
    pub(crate) world: World,
    pub(crate) time: PlatformTime,
}

/// Why a world cannot be opened, closed or replaced.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum WorldsError {
    #[error("a world is called `{0}` already")]
    NameTaken(String),
    #[error("the world `{world}` has the app `{identity}` already: an app lives in one world")]
    AppTaken { identity: String, world: String },
    #[error("there are at most {WORLDS_MAX} worlds: delete one first")]
    TooMany,
    #[error("the default world cannot be deleted: reset it")]
    Default,
    #[error("there is no such world")]
    Unknown,
}

impl Worlds {
    /// The default world alone.
    pub(crate) fn new(default: Opening, settings: Settings, closing: watch::Receiver<bool>) -> Self {
        let running = run(default, &settings);
        let default = Arc::clone(&running.platform);
        let mut directory = Directory::default();
        directory.enter(&default, &default.world());
        directory.by_name.insert(default.name.clone(), running);
        Self { directory: RwLock::new(directory), default, settings, closing }
    }

    /// The world of an app, by its key or service id; the default one if nobody knows it, which then says so.
    pub(crate) fn of_app(&self, identity: Option<&str>) -> Arc<Platform> {
        let directory = self.read();
        let known = identity.and_then(|identity| directory.by_app.get(identity));
        Arc::clone(known.unwrap_or(&self.default))
    }

    pub(crate) fn default_world(&self) -> &Arc<Platform> {
        &self.default
    }

    pub(crate) fn named(&self, name: &str) -> Option<Arc<Platform>> {
        let name = WorldName::parse(name)?;
        self.read().by_name.get(&name).map(|running| Arc::clone(&running.platform))
    }

    /// All worlds, by name.
    pub(crate) fn list(&self) -> Vec<Arc<Platform>> {
        self.read().by_name.values().map(|running| Arc::clone(&running.platform)).collect()
    }

    /// Lets a world run.
    pub(crate) fn open(&self, opening: Opening) -> Result<Arc<Platform>, WorldsError> {
        let mut directory = self.write();
        if directory.by_name.contains_key(&opening.name) {
            return Err(WorldsError::NameTaken(opening.name.as_str().into()));
        }
        if directory.by_name.len() >= WORLDS_MAX {
            return Err(WorldsError::TooMany);
        }
        directory.has_room(&opening.name, &opening.world)?;
        let running = run(opening, &self.settings);
        let platform = Arc::clone(&running.platform);
        directory.enter(&platform, &platform.world());
        directory.by_name.insert(platform.name.clone(), running);
        Ok(platform)
    }

    /// Puts another world in the place of the one that runs; its time goes on.
    pub(crate) fn replace(&self, platform: &Arc<Platform>, world: World) -> Result<(), WorldsError> {
        let mut directory = self.write();
        directory.has_room(&platform.name, &world)?;
        directory.leave(&platform.name);
        directory.enter(platform, &world);
        *platform.world() = world;
        drop(directory);
        platform.baton.nudge();
        Ok(())
    }

    /// Ends a world: its calls break off, and what was due never happens.
    pub(crate) async fn close(&self, name: &str) -> Result<(), WorldsError> {
        let name = WorldName::parse(name).ok_or(WorldsError::Unknown)?;
        if name.is_default() {
            return Err(WorldsError::Default);
        }
        let running = {
            let mut directory = self.write();
            directory.leave(&name);
            directory.by_name.remove(&name).ok_or(WorldsError::Unknown)?
        };
        running.end().await;
        Ok(())
    }

    /// Ends all conductors; the worlds stay, to be saved.
    pub(crate) async fn close_all(&self) {
        let mut tasks = Vec::new();
        for running in self.write().by_name.values_mut() {
            running.close.send_replace(true);
            tasks.push(std::mem::take(&mut running.tasks));
        }
        for mut tasks in tasks {
            while tasks.join_next().await.is_some() {}
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Directory> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Directory> {
        self.directory.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Directory {
    /// Whether no other world has one of the apps.
    fn has_room(&self, name: &WorldName, world: &World) -> Result<(), WorldsError> {
        for identity in identities(world) {
            if let Some(other) = self.by_app.get(identity).filter(|other| other.name != *name) {
                let (identity, world) = (identity.into(), other.name.as_str().into());
                return Err(WorldsError::AppTaken { identity, world });
            }
        }
        Ok(())
    }

    fn enter(&mut self, platform: &Arc<Platform>, world: &World) {
        self.by_app.extend(identities(world).map(|identity| (identity.to_owned(), Arc::clone(platform))));
    }

    fn leave(&mut self, name: &WorldName) {
        self.by_app.retain(|_, platform| platform.name != *name);
    }
}

impl Running {
    async fn end(mut self) {
        self.close.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

fn identities(world: &World) -> impl Iterator<Item = &str> {
    world.apps.iter().flat_map(|app| [app.credentials.app_key.as_str(), app.service_id.as_str()])
}

fn run(opening: Opening, settings: &Settings) -> Running {
    let Opening { name, origin, world, time } = opening;
    let (close, closing) = watch::channel(false);
    let (baton, wishes) = Baton::new();
    let platform = Arc::new(Platform::new((name, origin), world, time, baton, settings.clone(), closing));
    let mut tasks = JoinSet::new();
    tasks.spawn(conduct(Arc::clone(&platform), wishes));
    Running { platform, close, tasks }
}
