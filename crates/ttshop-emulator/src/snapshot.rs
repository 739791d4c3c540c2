//! The world in a file: versioned JSON.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use ttshop_types::Timestamp;

use crate::world::World;

/// The version that is written; a change of shape gets a new one.
const VERSION: u32 = 3;
/// The file's name in the data directory.
const FILE_NAME: &str = "emulator.json";

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
    world: &'a World,
}

#[derive(Deserialize)]
struct Read<'a> {
    version: u32,
    taken_at_ms: i64,
    #[serde(borrow)]
    world: &'a RawValue,
}

/// The world as JSON.
pub(crate) fn write(world: &World, now: Timestamp) -> Vec<u8> {
    let snapshot = Written { version: VERSION, taken_at_ms: now.as_millis(), world };
    serde_json::to_vec(&snapshot).expect("a world of texts and numbers serialises")
}

/// The world of a snapshot, and when it was taken. The version is looked at first.
pub(crate) fn read(bytes: &[u8]) -> Result<(World, Timestamp), SnapshotError> {
    let read: Read<'_> = serde_json::from_slice(bytes).map_err(SnapshotError::Damaged)?;
    if read.version != VERSION {
        return Err(SnapshotError::Version(read.version));
    }
    let world: World = serde_json::from_str(read.world.get()).map_err(SnapshotError::Damaged)?;
    let world = world.revive().map_err(SnapshotError::Contradiction)?;
    Ok((world, Timestamp::from_millis(read.taken_at_ms)))
}

/// Writes the world into `directory`: first beside the old file, then in its place, so that no crash leaves half a world.
pub(crate) fn save(bytes: &[u8], directory: &Path) -> Result<(), SnapshotError> {
    let (target, beside) = (directory.join(FILE_NAME), directory.join(format!("{FILE_NAME}.new")));
    let write = || {
        std::fs::create_dir_all(directory)?;
        std::fs::write(&beside, bytes)?;
        std::fs::File::open(&beside)?.sync_all()?;
        std::fs::rename(&beside, &target)
    };
    write().map_err(|error| SnapshotError::Write(target.clone(), error))
}

/// The world that was saved in `directory`, if one was.
pub(crate) fn load(directory: &Path) -> Result<Option<(World, Timestamp)>, SnapshotError> {
    let path = directory.join(FILE_NAME);
    match std::fs::read(&path) {
        Ok(bytes) => read(&bytes).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SnapshotError::Read(path, error)),
    }
}
