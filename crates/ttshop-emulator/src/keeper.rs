//! Keeps worlds in a directory: the default one in `emulator.json`, the others in `world-<name>.json`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ttshop_types::Timestamp;

use crate::clock::{EmulatorClock, PlatformTime};
use crate::platform::{Platform, WorldName};
use crate::snapshot::{self, Snapshot, SnapshotError};
use crate::webhook::closed;
use crate::worlds::{Opening, Worlds};

/// A world with more orders is saved at the end only: writing it down would hold everybody up.
const SAVED_ORDERS_MAX: usize = 20_000;
/// How often worlds are saved while they run.
const SAVE_EVERY: Duration = Duration::from_secs(10);
/// The default world's file.
const DEFAULT_FILE: &str = "emulator.json";

/// Saves every world, and forgets those that are gone.
pub(crate) async fn save_all(worlds: &Worlds, directory: &Path) -> Result<(), SnapshotError> {
    let running = worlds.list();
    for platform in &running {
        save(platform, directory).await?;
    }
    let keep: Vec<_> = running.iter().map(|it| it.name.clone()).collect();
    let directory = directory.to_owned();
    in_background(directory.clone(), move || forget_others(&directory, &keep)).await
}

async fn save(platform: &Arc<Platform>, directory: &Path) -> Result<(), SnapshotError> {
    let bytes = snapshot::write(platform);
    let (directory, file) = (directory.to_owned(), file_name(&platform.name));
    in_background(directory.join(&file), move || snapshot::save(&bytes, &directory, &file)).await
}

async fn in_background(
    target: PathBuf,
    work: impl FnOnce() -> Result<(), SnapshotError> + Send + 'static,
) -> Result<(), SnapshotError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|panic| Err(SnapshotError::Write(target, std::io::Error::other(panic))))
}

/// Saves every few seconds of the machine's time, so that a crash loses little.
pub(crate) async fn keep_saving(worlds: Arc<Worlds>, directory: PathBuf) {
    let mut closing = worlds.closing.clone();
    loop {
        tokio::select! {
            () = closed(&mut closing) => return,
            () = worlds.default_world().time.sleep_really(SAVE_EVERY) => {}
        }
        for platform in worlds.list() {
            let orders: usize = platform.world().shops.values().map(|shop| shop.book.len()).sum();
            if orders > SAVED_ORDERS_MAX {
                continue;
            }
            if let Err(error) = save(&platform, &directory).await {
                tracing::warn!(%error, "cannot save a world");
            }
        }
    }
}

/// The default world, if it was saved.
pub(crate) fn load_default(directory: &Path) -> Result<Option<Snapshot>, SnapshotError> {
    snapshot::load(&directory.join(DEFAULT_FILE))
}

/// All other worlds that were saved; time that stood still goes on where it was left.
pub(crate) fn load_named(directory: &Path) -> Result<Vec<Opening>, SnapshotError> {
    let mut openings = Vec::new();
    for name in saved_names(directory)? {
        let Some(saved) = snapshot::load(&directory.join(file_name(&name)))? else { continue };
        let Some(origin) = saved.origin else { continue };
        let time = clock_of(saved.is_virtual, saved.taken_at);
        openings.push(Opening { name, origin, world: saved.world, time });
    }
    Ok(openings)
}

fn clock_of(is_virtual: bool, taken_at: Timestamp) -> PlatformTime {
    PlatformTime::new(if is_virtual { EmulatorClock::FrozenAt(taken_at) } else { EmulatorClock::Real })
}

fn forget_others(directory: &Path, keep: &[WorldName]) -> Result<(), SnapshotError> {
    for name in saved_names(directory)? {
        if !keep.contains(&name) {
            let path = directory.join(file_name(&name));
            std::fs::remove_file(&path).map_err(|error| SnapshotError::Write(path, error))?;
        }
    }
    Ok(())
}

fn saved_names(directory: &Path) -> Result<Vec<WorldName>, SnapshotError> {
    let failed = |error| SnapshotError::Read(directory.to_owned(), error);
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let file = entry.map_err(failed)?.file_name();
        let name = file.to_str().and_then(|file| file.strip_prefix("world-")?.strip_suffix(".json"));
        names.extend(name.and_then(WorldName::parse));
    }
    names.sort();
    Ok(names)
}

fn file_name(name: &WorldName) -> String {
    if name.is_default() { DEFAULT_FILE.into() } else { format!("world-{}.json", name.as_str()) }
}
