//! Tests of what only this store promises, after the suite that every store passes.

use tempfile::TempDir;

use crate::SqliteStore;

/// A store in a directory of its own.
fn open() -> (TempDir, SqliteStore) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    (directory, store)
}

hub_store::store_conformance!(crate::tests::open);
