//! Events, their deliveries, and the sinks they go to.

use hub_core::{AttemptOutcome, ClaimedDelivery, Event, EventId, Fence, Lane, SinkName};
use hub_store::{CLAIM_MAX, JobClaim};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{limit, next_fence};
use crate::error::VerbError;

const PUBLISH: &str = "
    INSERT INTO outbox (id, kind, shop_id, lane, occurred_at, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (id) DO NOTHING";

/// Due at once where nothing of its lane is before it.
const FAN_OUT: &str = "
    INSERT INTO delivery (sink, lane, event_seq, due_at, attempts)
    SELECT sink.number, ?1, ?2,
        CASE WHEN EXISTS (SELECT 1 FROM delivery AS older WHERE older.sink = sink.number AND older.lane = ?1)
             THEN NULL ELSE ?3 END,
        0
    FROM sink WHERE sink.declared = 1";

pub(crate) const DUE: &str = "
    SELECT delivery.sink, sink.name, delivery.event_seq, outbox.id, outbox.kind, delivery.lane, outbox.payload,
        delivery.attempts
    FROM delivery
    CROSS JOIN sink ON sink.number = delivery.sink
    CROSS JOIN outbox ON outbox.seq = delivery.event_seq
    WHERE delivery.due_at <= ?1
    ORDER BY delivery.due_at, delivery.event_seq, sink.name LIMIT ?2";

const PROMOTE: &str = "
    UPDATE delivery SET due_at = (SELECT occurred_at FROM outbox WHERE seq = delivery.event_seq)
    WHERE sink = ?1 AND lane = ?2
        AND event_seq = (SELECT min(event_seq) FROM delivery WHERE sink = ?1 AND lane = ?2)";

const ATTEMPT: &str = "
    INSERT INTO delivery_attempt (event_seq, sink, attempt, outcome, at, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT DO UPDATE SET outcome = excluded.outcome, at = excluded.at, reason = excluded.reason";

pub(crate) fn publish(connection: &Connection, event: &Event) -> Result<(), VerbError> {
    let published = connection.prepare_cached(PUBLISH)?.execute(params![
        event.id.0,
        event.kind.word(),
        event.shop_id.as_ref().map(|shop_id| shop_id.as_str()),
        event.lane.as_str(),
        event.occurred_at.as_millis(),
        event.payload,
    ])?;
    if published == 1 {
        let seq = connection.last_insert_rowid();
        connection.prepare_cached(FAN_OUT)?.execute(params![
            event.lane.as_str(),
            seq,
            event.occurred_at.as_millis()
        ])?;
    }
    Ok(())
}

pub(crate) fn claim(connection: &Connection, claim: JobClaim) -> Result<Vec<ClaimedDelivery>, VerbError> {
    let mut due = connection.prepare_cached(DUE)?;
    let rows = due.query_map((claim.now.as_millis(), limit(claim.limit, CLAIM_MAX)), |row| {
        let delivery = ClaimedDelivery {
            sink: SinkName(row.get(1)?),
            event_seq: row.get(2)?,
            event_id: EventId(row.get(3)?),
            kind: row.get(4)?,
            lane: Lane::from_stored(row.get(5)?),
            payload: row.get(6)?,
            fence: Fence(0),
            attempts: row.get(7)?,
        };
        Ok((row.get::<_, i64>(0)?, delivery))
    })?;
    let due = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let fence = next_fence(connection)?;
    let ends_at = (claim.now + claim.lease).as_millis();
    let mut hold = connection.prepare_cached(
        "UPDATE delivery SET due_at = ?4, fence = ?5 WHERE sink = ?1 AND lane = ?2 AND event_seq = ?3",
    )?;
    let mut claimed = Vec::with_capacity(due.len());
    for (sink, mut delivery) in due {
        hold.execute(params![sink, delivery.lane.as_str(), delivery.event_seq, ends_at, fence])?;
        delivery.fence = Fence(fence);
        claimed.push(delivery);
    }
    Ok(claimed)
}

/// Makes due what a dead process held. Whether its try reached the sink nobody knows, so it counts, and the next one
/// carries the same id.
pub(crate) fn release_dead(connection: &Connection) -> rusqlite::Result<usize> {
    connection.execute(
        "UPDATE delivery SET attempts = attempts + 1, fence = NULL,
             due_at = (SELECT occurred_at FROM outbox WHERE seq = delivery.event_seq)
         WHERE fence IS NOT NULL",
        (),
    )
}

pub(crate) fn record(
    connection: &Connection,
    attempts: Vec<(ClaimedDelivery, AttemptOutcome)>,
) -> Result<Vec<String>, VerbError> {
    let mut stale = Vec::new();
    for (claim, outcome) in attempts {
        match held(connection, &claim)? {
            Some((sink, attempts)) => end(connection, &claim, &outcome, sink, attempts)?,
            None => stale.push(claim.event_id.0),
        }
    }
    Ok(stale)
}

/// Proves the claim; tells the sink's number and the tries before this one.
fn held(connection: &Connection, claim: &ClaimedDelivery) -> Result<Option<(i64, i64)>, VerbError> {
    let mut statement = connection.prepare_cached(
        "SELECT sink, attempts FROM delivery
         WHERE sink = (SELECT number FROM sink WHERE name = ?1) AND lane = ?2 AND event_seq = ?3 AND fence = ?4",
    )?;
    let key = params![claim.sink.0, claim.lane.as_str(), claim.event_seq, claim.fence.0];
    Ok(statement.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

fn end(
    connection: &Connection,
    claim: &ClaimedDelivery,
    outcome: &AttemptOutcome,
    sink: i64,
    attempts: i64,
) -> Result<(), VerbError> {
    let seq = claim.event_seq;
    let (word, at, reason) = match outcome {
        AttemptOutcome::Delivered { at } => ("delivered", Some(at.as_millis()), None),
        AttemptOutcome::Again { ready_at, reason } => ("again", Some(ready_at.as_millis()), Some(reason)),
        AttemptOutcome::Dead { reason } => ("dead", None, Some(reason)),
    };
    connection.prepare_cached(ATTEMPT)?.execute(params![seq, sink, attempts + 1, word, at, reason])?;
    match outcome {
        AttemptOutcome::Again { ready_at, .. } => {
            let mut again = connection.prepare_cached(
                "UPDATE delivery SET due_at = ?4, fence = NULL, attempts = attempts + 1
                 WHERE sink = ?1 AND lane = ?2 AND event_seq = ?3",
            )?;
            again.execute(params![sink, claim.lane.as_str(), seq, ready_at.as_millis()])?;
        }
        AttemptOutcome::Delivered { .. } => leave(connection, claim, sink)?,
        AttemptOutcome::Dead { reason } => {
            leave(connection, claim, sink)?;
            let mut bury = connection.prepare_cached(
                "INSERT INTO dead_letter (event_seq, sink, lane, attempts, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            bury.execute(params![seq, sink, claim.lane.as_str(), attempts + 1, reason])?;
        }
    }
    Ok(())
}

/// Takes the delivery out of its lane; the next one is due.
fn leave(connection: &Connection, claim: &ClaimedDelivery, sink: i64) -> Result<(), VerbError> {
    connection
        .prepare_cached("DELETE FROM delivery WHERE sink = ?1 AND lane = ?2 AND event_seq = ?3")?
        .execute(params![sink, claim.lane.as_str(), claim.event_seq])?;
    connection.prepare_cached(PROMOTE)?.execute(params![sink, claim.lane.as_str()])?;
    Ok(())
}

pub(crate) fn declare_sinks(connection: &Connection, sinks: &[SinkName]) -> Result<u64, VerbError> {
    connection.prepare_cached("UPDATE sink SET declared = 0")?.execute(())?;
    let mut declare = connection.prepare_cached(
        "INSERT INTO sink (name, declared) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET declared = 1",
    )?;
    for sink in sinks {
        declare.execute([&sink.0])?;
    }
    let mut note = connection.prepare_cached(
        "INSERT INTO delivery_attempt (event_seq, sink, attempt, outcome, reason)
         SELECT event_seq, sink, attempts + 1, 'dropped', 'the sink is gone' FROM delivery
         WHERE sink IN (SELECT number FROM sink WHERE declared = 0)
         ON CONFLICT DO NOTHING",
    )?;
    note.execute(())?;
    let mut dropped = 0;
    for sql in [
        "DELETE FROM delivery WHERE sink IN (SELECT number FROM sink WHERE declared = 0)",
        "DELETE FROM dead_letter WHERE sink IN (SELECT number FROM sink WHERE declared = 0)",
    ] {
        dropped += connection.prepare_cached(sql)?.execute(())?;
    }
    Ok(u64::try_from(dropped).unwrap_or(u64::MAX))
}
