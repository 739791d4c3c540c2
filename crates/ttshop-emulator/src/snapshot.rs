//! The world in a file: versioned JSON.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use ttshop_types::Timestamp;

use crate::platform::{Origin, Platform};
use crate::world::World;

/// The version that is written; a change of shape gets a new one.
const VERSION: u32 = 3;

/// Why a world cannot be saved or restored.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The file cannot be read.
    #[error("failed to read the snapshot `{0}`")]
    Read(PathBuf, #[source] std::io::Error),
    /// The file cannot be written.
    #[error("failed to write the snapshot `{0}`")]
    Write(PathBuf, #[source] std::io::Error),
    /// It is no JSON of the expected shape.
    #[error("the snapshot is damaged")]
    Damaged(#[source] serde_json::Error),
    /// It was written by another version.
    #[error("the snapshot has version {0}, this emulator reads version {VERSION}")]
    Version(u32),
    /// It contradicts itself.
    #[error("the snapshot contradicts itself: {0}")]
    Contradiction(&'static str),
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    taken_at_ms: i64,
    is_virtual: bool,
    origin: &'a Origin,
    world: &'a World,
}

#[derive(Deserialize)]
struct Read<'a> {
    version: u32,
    taken_at_ms: i64,
    #[serde(default)]
    is_virtual: bool,
    #[serde(default)]
    origin: Option<Origin>,
    #[serde(borrow)]
    world: &'a RawValue,
}

/// A world that was written down.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) world: World,
    pub(crate) taken_at: Timestamp,
    /// Time stood still.
    pub(crate) is_virtual: bool,
    /// What a reset goes back to.
    pub(crate) origin: Option<Origin>,
}

/// The world as JSON.
pub(crate) fn write(platform: &Platform) -> Vec<u8> {
    let world = &*platform.world();
    let snapshot = Written {
        version: VERSION,
        taken_at_ms: platform.now().as_millis(),
        is_virtual: platform.time.is_virtual(),
        origin: &platform.origin,
        world,
    };
    serde_json::to_vec(&snapshot).expect("a world of texts and numbers serialises")
}

/// The world of a snapshot. The version is looked at first.
pub(crate) fn read(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
    let read: Read<'_> = serde_json::from_slice(bytes).map_err(SnapshotError::Damaged)?;
    if read.version != VERSION {
        return Err(SnapshotError::Version(read.version));
    }
    let world: World = serde_json::from_str(read.world.get()).map_err(SnapshotError::Damaged)?;
    let world = world.revive().map_err(SnapshotError::Contradiction)?;
    let taken_at = Timestamp::from_millis(read.taken_at_ms);
    Ok(Snapshot { world, taken_at, is_virtual: read.is_virtual, origin: read.origin })
}

/// Writes a world into a file of `directory`: first beside the old file, then in its place, so that no crash leaves half a world.
pub(crate) fn save(bytes: &[u8], directory: &Path, file: &str) -> Result<(), SnapshotError> {
    let (target, beside) = (directory.join(file), directory.join(format!("{file}.new")));
    let write = || {
        std::fs::create_dir_all(directory)?;
        std::fs::write(&beside, bytes)?;
        std::fs::File::open(&beside)?.sync_all()?;
        std::fs::rename(&beside, &target)
    };
    write().map_err(|error| SnapshotError::Write(target.clone(), error))
}

/// The world of a file, if it exists.
pub(crate) fn load(path: &Path) -> Result<Option<Snapshot>, SnapshotError> {
    match std::fs::read(path) {
        Ok(bytes) => read(&bytes).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SnapshotError::Read(path.to_owned(), error)),
    }
}
