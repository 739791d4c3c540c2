//! Claiming jobs and ending them.

use hub_core::job::ATTEMPTS_MAX;
use hub_core::{ClaimedJob, Fence, JobEnd, Lane};
use hub_store::{CLAIM_MAX, JobClaim, PAGE_MAX, ParkedJob, StoreError};
use rusqlite::{Connection, OptionalExtension as _, params};
use ttshop_types::Timestamp;

use super::{limit, next_fence};
use crate::error::VerbError;
use crate::row::{claimed_job, parked_job, time_if_any};

pub(crate) const DUE: &str = "
    SELECT lane, app, topic, wanted, attempts, since FROM job
    WHERE due_at <= ?1 ORDER BY due_at, lane LIMIT ?2";

pub(crate) fn claim(connection: &Connection, claim: JobClaim) -> Result<Vec<ClaimedJob>, VerbError> {
    let mut due = connection.prepare_cached(DUE)?;
    let rows = due.query_map((claim.now.as_millis(), limit(claim.limit, CLAIM_MAX)), |row| {
        claimed_job(row, Fence(0))
    })?;
    let mut jobs = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    if jobs.is_empty() {
        return Ok(jobs);
    }
    let fence = next_fence(connection)?;
    let ends_at = (claim.now + claim.lease).as_millis();
    let mut hold = connection
        .prepare_cached("UPDATE job SET due_at = ?2, fence = ?3, newer_since = NULL WHERE lane = ?1")?;
    for job in &mut jobs {
        hold.execute(params![job.lane.as_str(), ends_at, fence])?;
        job.fence = Fence(fence);
    }
    Ok(jobs)
}

/// Gives back what a dead process held, each as one failed try: work that kills its process ends up parked, so that it
/// cannot do so for ever.
pub(crate) fn release_dead(connection: &Connection) -> rusqlite::Result<usize> {
    let released = connection.execute(
        "UPDATE job SET attempts = attempts + 1, due_at = since, fence = NULL, newer_since = NULL
         WHERE fence IS NOT NULL AND attempts + 1 < ?1",
        [ATTEMPTS_MAX],
    )?;
    let parked = connection.execute(
        "UPDATE job SET attempts = attempts + 1, due_at = NULL, fence = NULL, newer_since = NULL,
             parked_because = 'the hub died with this work in hand, too many times in a row'
         WHERE fence IS NOT NULL",
        (),
    )?;
    Ok(released + parked)
}

/// Ends claimed jobs. A lane that is named twice has lost its fence by the second time.
pub(crate) fn end(connection: &Connection, ends: &[JobEnd]) -> Result<(), VerbError> {
    for end in ends {
        let job = end.job();
        let newer_since = held(connection, job)?;
        match (end, newer_since) {
            (JobEnd::Done { .. }, None) => delete(connection, job)?,
            (JobEnd::Done { .. }, Some(newer_since)) => go_on(connection, job, newer_since)?,
            (JobEnd::Failed { failure, ready_at, .. }, newer_since) => match ready_at.or(newer_since) {
                Some(ready_at) => wait(connection, job, ready_at)?,
                None => park(connection, job, failure.clone().into_reason())?,
            },
        }
    }
    Ok(())
}

/// Proves the claim; tells since when hints wait that it does not cover.
fn held(connection: &Connection, job: &ClaimedJob) -> Result<Option<Timestamp>, VerbError> {
    let mut statement =
        connection.prepare_cached("SELECT newer_since FROM job WHERE lane = ?1 AND fence = ?2")?;
    let held =
        statement.query_row(params![job.lane.as_str(), job.fence.0], |row| time_if_any(row, 0)).optional()?;
    held.ok_or_else(|| StoreError::FenceLost { lane: job.lane.to_string() }.into())
}

fn delete(connection: &Connection, job: &ClaimedJob) -> Result<(), VerbError> {
    connection.prepare_cached("DELETE FROM job WHERE lane = ?1")?.execute([job.lane.as_str()])?;
    Ok(())
}

fn go_on(connection: &Connection, job: &ClaimedJob, newer_since: Timestamp) -> Result<(), VerbError> {
    let mut statement = connection.prepare_cached(
        "UPDATE job SET done = max(done, ?2), attempts = 0, since = ?3, due_at = ?3, fence = NULL, newer_since = NULL
         WHERE lane = ?1",
    )?;
    statement.execute(params![job.lane.as_str(), job.wanted, newer_since.as_millis()])?;
    Ok(())
}

fn wait(connection: &Connection, job: &ClaimedJob, ready_at: Timestamp) -> Result<(), VerbError> {
    let mut statement = connection.prepare_cached(
        "UPDATE job SET attempts = attempts + 1, due_at = ?2, fence = NULL, newer_since = NULL WHERE lane = ?1",
    )?;
    statement.execute(params![job.lane.as_str(), ready_at.as_millis()])?;
    Ok(())
}

fn park(connection: &Connection, job: &ClaimedJob, reason: String) -> Result<(), VerbError> {
    let mut statement = connection.prepare_cached(
        "UPDATE job SET attempts = attempts + 1, due_at = NULL, fence = NULL, newer_since = NULL, parked_because = ?2
         WHERE lane = ?1",
    )?;
    statement.execute(params![job.lane.as_str(), reason])?;
    Ok(())
}

pub(crate) fn parked(connection: &Connection, at_most: usize) -> Result<Vec<ParkedJob>, VerbError> {
    let mut statement = connection.prepare_cached(
        "SELECT lane, parked_because, attempts FROM job WHERE due_at IS NULL ORDER BY since, lane LIMIT ?1",
    )?;
    let rows = statement.query_map([limit(at_most, PAGE_MAX)], parked_job)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn unpark(connection: &Connection, lane: &Lane, now: Timestamp) -> Result<bool, VerbError> {
    let mut statement = connection.prepare_cached(
        "UPDATE job SET attempts = 0, due_at = ?2, parked_because = NULL WHERE lane = ?1 AND due_at IS NULL",
    )?;
    Ok(statement.execute(params![lane.as_str(), now.as_millis()])? == 1)
}
