//! The embedded store: SQLite, one writer with group commit.
//!
//! [`SqliteStore::open`] takes a directory for itself and starts its threads:
//!
//! - the **writer** (`writer`) owns the only connection that writes. Callers hand it commands through a bounded queue; it
//!   commits them in groups, one fsync a group, and answers afterwards;
//! - the **readers** (`reader`) answer from snapshots and cannot write;
//! - the **verbs** (`verbs`) are the trait's methods in SQL, each a function over a connection.
//!
//! Rejected: a pool of writing connections. They queue for one lock inside SQLite anyway, each with its own fsync, and a busy
//! one answers with an error instead of waiting its turn.

mod database;
mod error;
mod migrate;
mod reader;
mod row;
mod store;
mod verbs;
mod writer;

#[cfg(test)]
mod tests;

pub use error::OpenError;
pub use store::SqliteStore;
pub use writer::Stats;
