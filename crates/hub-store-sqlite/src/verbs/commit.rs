//! The consequences of some work, in one commit.

use hub_core::Changes;
use rusqlite::Connection;

use super::{jobs, mirror, outbox, sweeps};
use crate::error::VerbError;

/// Commits all of them; the fences come first, so that a worker that lost its job does nothing in vain.
pub(crate) fn commit(connection: &Connection, changes: &Changes) -> Result<(), VerbError> {
    jobs::end(connection, &changes.jobs)?;
    for row in &changes.mirror {
        mirror::learn(connection, row)?;
    }
    for event in &changes.events {
        outbox::publish(connection, event)?;
    }
    for cursor in &changes.cursors {
        sweeps::move_cursor(connection, cursor)?;
    }
    for report in &changes.reports {
        sweeps::append_report(connection, report)?;
    }
    Ok(())
}
