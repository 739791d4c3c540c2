//! Inputs on disk.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The kept inputs of one target, in the order of their names; none if the directory is missing.
///
/// # Errors
/// A file cannot be read.
pub fn read_corpus(directory: &Path) -> Result<Vec<Vec<u8>>> {
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let listing = || format!("failed to list `{}`", directory.display());
    let entries = fs::read_dir(directory).with_context(listing)?.collect::<Result<Vec<_>, _>>();
    let mut paths: Vec<PathBuf> = entries.with_context(listing)?.iter().map(fs::DirEntry::path).collect();
    paths.sort();
    let read =
        |path: &PathBuf| fs::read(path).with_context(|| format!("failed to read `{}`", path.display()));
    paths.iter().map(read).collect()
}

/// Saves an input that failed; the same input gets the same name.
///
/// # Errors
/// The file cannot be written.
pub fn save_finding(directory: &Path, target: &str, input: &[u8]) -> Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let path = directory.join(format!("{target}-{:016x}", hasher.finish()));
    fs::create_dir_all(directory).with_context(|| format!("failed to create `{}`", directory.display()))?;
    fs::write(&path, input).with_context(|| format!("failed to write `{}`", path.display()))?;
    Ok(path)
}
