//! Starting and stopping.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use ttshop_types::Timestamp;

use crate::clock::{EmulatorClock, PlatformTime};
use crate::connection::Connection;
use crate::control;
use crate::keeper;
use crate::platform::{Origin, Settings, WorldName};
use crate::server::serve;
use crate::snapshot::SnapshotError;
use crate::spec::WorldSpec;
use crate::switches::Switches;
use crate::world::scenario::Scenario;
use crate::worlds::{Opening, Worlds};

/// The emulated platform; start with [`Emulator::builder`].
#[derive(Clone, Copy, Debug)]
pub struct Emulator;

impl Emulator {
    /// An emulator of the default world on a free port of this machine, in real time.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder {
            seed: 1,
            clock: EmulatorClock::Real,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            world: WorldSpec::default(),
            switches: Switches::default(),
            data_dir: None,
            explain: false,
            control_hosts: Vec::new(),
        }
    }
}

/// How an emulator is to be.
#[derive(Clone, Debug)]
pub struct EmulatorBuilder {
    seed: u64,
    clock: EmulatorClock,
    listen: SocketAddr,
    world: WorldSpec,
    switches: Switches,
    data_dir: Option<PathBuf>,
    explain: bool,
    control_hosts: Vec<String>,
}

impl EmulatorBuilder {
    /// The seed: the same seed and the same requests give the same answers. Default 1.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Which time it lives in. Default the machine's.
    #[must_use]
    pub fn clock(mut self, clock: EmulatorClock) -> Self {
        self.clock = clock;
        self
    }

    /// Where it listens. Default a free port of `127.0.0.1`.
    #[must_use]
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Who lives in it. Default [`WorldSpec::two_shops`]. A saved world in the data directory takes precedence.
    #[must_use]
    pub fn world(mut self, world: WorldSpec) -> Self {
        self.world = world;
        self
    }

    /// How it behaves where the documentation is silent. A saved world brings its own.
    #[must_use]
    pub fn switches(mut self, switches: Switches) -> Self {
        self.switches = switches;
        self
    }

    /// Where the world is saved and restored from. Default nowhere.
    #[must_use]
    pub fn data_dir(mut self, directory: Option<PathBuf>) -> Self {
        self.data_dir = directory;
        self
    }

    /// Explains wrong calls in the header `x-emulator-explain`. Default off.
    #[must_use]
    pub fn explain(mut self, explain: bool) -> Self {
        self.explain = explain;
        self
    }

    /// Host names under which the control API may be reached, beside this machine's own: inside a container network, say.
    #[must_use]
    pub fn control_hosts(mut self, hosts: Vec<String>) -> Self {
        self.control_hosts = hosts;
        self
    }

    /// Starts it; it answers once this returns.
    ///
    /// # Errors
    /// The address is taken, or the saved world is damaged.
    pub async fn start(self) -> Result<RunningEmulator, StartError> {
        let time = PlatformTime::new(self.clock);
        let saved = self.data_dir.as_deref().map(keeper::load_default).transpose()?.flatten();
        let mut origin = Origin { seed: self.seed, spec: self.world, switches: self.switches };
        let name = WorldName::default_world();
        let world = match saved {
            Some(saved) => {
                // A virtual clock that starts anew goes on where the world was left.
                time.resume_at(saved.taken_at);
                origin = saved.origin.unwrap_or(origin);
                saved.world
            }
            None => origin.world(&name, time.now()),
        };
        let listening = |error| StartError::Listen(self.listen, error);
        let listener = TcpListener::bind(self.listen).await.map_err(listening)?;
        let base_url = format!("http://{}", listener.local_addr().map_err(listening)?);
        let (close, closing) = watch::channel(false);
        let settings = Settings { explain: self.explain, base_url, control_hosts: self.control_hosts };
        let worlds = Arc::new(Worlds::new(Opening { name, origin, world, time }, settings, closing));
        let mut tasks = JoinSet::new();
        if let Some(directory) = &self.data_dir {
            for opening in keeper::load_named(directory)? {
                worlds.open(opening).map_err(|error| StartError::World(error.to_string()))?;
            }
            keeper::save_all(&worlds, directory).await?;
            tasks.spawn(keeper::keep_saving(Arc::clone(&worlds), directory.clone()));
        }
        tasks.spawn(serve(listener, Arc::clone(&worlds)));
        Ok(RunningEmulator { worlds, close, tasks, data_dir: self.data_dir })
    }
}

/// An emulator that answers. Dropping it stops it at once; [`RunningEmulator::shutdown`] stops it in order.
#[derive(Debug)]
pub struct RunningEmulator {
    worlds: Arc<Worlds>,
    close: watch::Sender<bool>,
    tasks: JoinSet<()>,
    data_dir: Option<PathBuf>,
}

impl RunningEmulator {
    /// Where it is and how to connect: what `ttshop emulate --json` prints. It holds secrets.
    pub fn connection(&self) -> Connection {
        Connection::to(self.worlds.default_world())
    }

    /// The platform's time.
    pub fn now(&self) -> Timestamp {
        self.worlds.default_world().now()
    }

    /// Moves time forward; everything that falls due on the way has happened, webhooks included, when this returns.
    pub async fn advance(&self, duration: Duration) {
        self.worlds.default_world().baton.advance(duration).await;
    }

    /// Waits until no webhook is due or under way.
    pub async fn settle(&self) {
        self.worlds.default_world().baton.settle().await;
    }

    /// Begins a scenario of the default world: what it declares falls due from now on. Its title.
    ///
    /// # Errors
    /// The file is no scenario; the text says why.
    pub fn play(&self, toml: &str) -> Result<String, ScenarioError> {
        control::play(toml, self.worlds.default_world()).map_err(|error| ScenarioError(error.to_string()))
    }

    /// The file of a scenario that comes with the emulator.
    pub fn shipped_scenario(name: &str) -> Option<&'static str> {
        Scenario::shipped(name)
    }

    /// The names of the scenarios that come with the emulator.
    pub fn shipped_scenarios() -> impl Iterator<Item = &'static str> {
        Scenario::names()
    }

    /// Ends open requests, stops, and saves the world if it has a data directory.
    ///
    /// # Errors
    /// The world cannot be saved.
    pub async fn shutdown(mut self) -> Result<(), SnapshotError> {
        self.close.send_replace(true);
        self.worlds.close_all().await;
        while self.tasks.join_next().await.is_some() {}
        match self.data_dir.take() {
            Some(directory) => keeper::save_all(&self.worlds, &directory).await,
            None => Ok(()),
        }
    }
}

/// A file is no scenario.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the scenario cannot be played: {0}")]
pub struct ScenarioError(String);

/// Why an emulator does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is taken or not ours.
    #[error("failed to listen on `{0}`")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The saved world cannot be used.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// Two saved worlds do not go together.
    #[error("failed to open a saved world: {0}")]
    World(String),
}
