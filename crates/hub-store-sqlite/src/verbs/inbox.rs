//! Hints, and the work they ask for.

use hub_core::{Accepted, Incoming, Origin};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::error::VerbError;

const APPEND: &str = "
    INSERT INTO inbox (key, body_hash, origin, app, topic, shop_id, lane, received_at, sent_at, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    ON CONFLICT (key) DO NOTHING";

const ASK: &str = "
    INSERT INTO job (lane, app, topic, wanted, done, attempts, since, due_at)
    VALUES (?1, ?2, ?3, ?4, ?4 - 1, 0, ?5, ?5)
    ON CONFLICT (lane) DO UPDATE SET
        app = excluded.app,
        topic = excluded.topic,
        wanted = excluded.wanted,
        newer_since = CASE WHEN fence IS NOT NULL THEN coalesce(newer_since, excluded.since) END,
        due_at = CASE WHEN fence IS NOT NULL THEN due_at ELSE min(coalesce(due_at, excluded.due_at), excluded.due_at) END,
        parked_because = NULL";

/// The row of the finding stays handled: `done` is as high as any number given so far.
const ASK_AGAIN: &str = "
    INSERT INTO job (lane, app, topic, wanted, done, attempts, since, due_at)
    VALUES (?1, ?2, ?3, ?4, (SELECT max(number) FROM inbox), 0, ?5, ?5)
    ON CONFLICT (lane) DO UPDATE SET
        app = excluded.app, topic = excluded.topic, due_at = excluded.due_at, parked_because = NULL
    WHERE due_at IS NULL";

/// A hint with what the caller's thread could work out, so that the writer need not.
pub(crate) struct Hint {
    incoming: Incoming,
    body_hash: [u8; 16],
}

impl Hint {
    pub(crate) fn of(incoming: Incoming) -> Self {
        let body_hash = incoming.body_hash();
        Self { incoming, body_hash }
    }
}

pub(crate) fn accept(connection: &Connection, hint: &Hint) -> Result<Accepted, VerbError> {
    let incoming = &hint.incoming;
    if let Some(number) = append(connection, hint, incoming.key.as_bytes())? {
        return Ok(Accepted::New(number));
    }
    let mut known = connection.prepare_cached("SELECT number, body_hash FROM inbox WHERE key = ?1")?;
    let (number, body_hash): (i64, [u8; 16]) =
        known.query_row([incoming.key.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if incoming.origin == Origin::Sweep {
        ask(connection, ASK_AGAIN, incoming, number)?;
        return Ok(Accepted::Duplicate);
    }
    if body_hash == hint.body_hash {
        return Ok(Accepted::Duplicate);
    }
    let conflict_key = incoming.key.of_conflict(&hint.body_hash);
    Ok(append(connection, hint, conflict_key.as_bytes())?.map_or(Accepted::Duplicate, Accepted::Conflict))
}

/// Keeps the hint and asks for its work, unless its key is known.
fn append(connection: &Connection, hint: &Hint, key: &[u8; 16]) -> Result<Option<i64>, VerbError> {
    let incoming = &hint.incoming;
    let appended = connection.prepare_cached(APPEND)?.execute(params![
        key,
        hint.body_hash,
        incoming.origin.as_str(),
        incoming.app.as_str(),
        incoming.topic,
        incoming.shop_id.as_ref().map(|shop_id| shop_id.as_str()),
        incoming.lane.as_str(),
        incoming.received_at.as_millis(),
        incoming.sent_at.map(|sent_at| sent_at.as_millis()),
        incoming.body,
    ])?;
    if appended == 0 {
        return Ok(None);
    }
    let number = connection.last_insert_rowid();
    ask(connection, ASK, incoming, number)?;
    Ok(Some(number))
}

fn ask(connection: &Connection, sql: &str, incoming: &Incoming, number: i64) -> Result<(), VerbError> {
    connection.prepare_cached(sql)?.execute(params![
        incoming.lane.as_str(),
        incoming.app.as_str(),
        incoming.topic,
        number,
        incoming.received_at.as_millis(),
    ])?;
    Ok(())
}

pub(crate) fn row(connection: &Connection, number: i64) -> Result<Option<hub_store::InboxRow>, VerbError> {
    let mut statement = connection.prepare_cached(
        "SELECT number, topic, shop_id, body, received_at,
                NOT EXISTS (SELECT 1 FROM job WHERE job.lane = inbox.lane AND job.done < inbox.number)
         FROM inbox WHERE number = ?1",
    )?;
    Ok(statement.query_row([number], crate::row::inbox_row).optional()?)
}
