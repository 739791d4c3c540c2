//! The trait's methods in SQL: functions over a connection that somebody else opened, began and will commit.
//!
//! Values travel as parameters only. Statements are constants, prepared once a connection.

pub(crate) mod commit;
pub(crate) mod grants;
pub(crate) mod inbox;
pub(crate) mod jobs;
pub(crate) mod mirror;
pub(crate) mod outbox;
pub(crate) mod reads;
pub(crate) mod sweeps;

use rusqlite::Connection;

use crate::error::VerbError;

/// A number higher than every fence before it.
fn next_fence(connection: &Connection) -> Result<i64, VerbError> {
    let mut statement = connection
        .prepare_cached("UPDATE tally SET value = value + 1 WHERE name = 'fence' RETURNING value")?;
    Ok(statement.query_row((), |row| row.get(0))?)
}

/// A number of rows as SQLite takes it.
fn limit(asked: usize, at_most: usize) -> i64 {
    i64::try_from(asked.min(at_most)).unwrap_or(i64::MAX)
}
