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

use rusqlite::{Connection, TransactionBehavior};

use crate::error::VerbError;

/// Takes everything out of the hands of the process that held the directory before; it is dead, or we would not hold the
/// directory now. Without this its work would wait until its leases end.
pub(crate) fn release_dead(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let jobs = jobs::release_dead(&transaction)?;
    let deliveries = outbox::release_dead(&transaction)?;
    let leases = grants::release_dead(&transaction)?;
    transaction.commit()?;
    if jobs + deliveries + leases > 0 {
        tracing::info!(jobs, deliveries, leases, "took over what the last process left in hand");
    }
    Ok(())
}

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
