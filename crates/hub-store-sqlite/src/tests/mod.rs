//! Tests of what only this store promises, after the suite that every store passes.

mod crash;
mod grouping;
mod model;
mod opening;
mod schema;

use tempfile::TempDir;

use crate::SqliteStore;

/// A store in a directory of its own.
fn open() -> (TempDir, SqliteStore) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path()).unwrap();
    (directory, store)
}

/// The database as anybody with a SQLite client sees it.
fn database(directory: &TempDir) -> rusqlite::Connection {
    rusqlite::Connection::open(directory.path().join("hub.sqlite3")).unwrap()
}

hub_store::store_conformance!(crate::tests::open);
