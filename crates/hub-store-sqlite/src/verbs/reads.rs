//! Figures over everything.

use hub_store::Backlog;
use rusqlite::Connection;
use ttshop_types::Timestamp;

use crate::error::VerbError;
use crate::row::{count, time_if_any};

/// One statement, so one snapshot. What grows for ever is not counted here: it has its number or its tally.
pub(crate) fn backlog(connection: &Connection, now: Timestamp) -> Result<Backlog, VerbError> {
    let mut statement = connection.prepare_cached(
        "SELECT
             (SELECT coalesce(max(number), 0) FROM inbox),
             (SELECT count(*) FROM job WHERE due_at IS NOT NULL),
             (SELECT count(*) FROM job WHERE due_at IS NULL),
             (SELECT count(*) FROM delivery),
             (SELECT count(*) FROM dead_letter),
             (SELECT value FROM tally WHERE name = 'mirrored'),
             (SELECT min(since) FROM job WHERE due_at IS NOT NULL)",
    )?;
    let backlog = statement.query_row((), |row| {
        let oldest = time_if_any(row, 6)?;
        Ok(Backlog {
            accepted: count(row, 0)?,
            jobs: count(row, 1)?,
            parked: count(row, 2)?,
            deliveries: count(row, 3)?,
            dead: count(row, 4)?,
            mirrored: count(row, 5)?,
            oldest_ms: oldest
                .map_or(0, |oldest| u64::try_from(now.since(oldest).as_millis()).unwrap_or(u64::MAX)),
        })
    })?;
    Ok(backlog)
}

pub(crate) fn next_due(connection: &Connection) -> Result<Option<Timestamp>, VerbError> {
    let mut statement = connection.prepare_cached(
        "SELECT min(due_at) FROM (
             SELECT min(due_at) AS due_at FROM job WHERE due_at IS NOT NULL
             UNION ALL
             SELECT min(due_at) FROM delivery WHERE due_at IS NOT NULL
         )",
    )?;
    Ok(statement.query_row((), |row| time_if_any(row, 0))?)
}
