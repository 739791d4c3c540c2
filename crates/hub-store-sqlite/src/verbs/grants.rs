//! Grants, shops, connections under way, leases.

use std::time::Duration;

use hub_core::{Authorization, AuthorizationId, ConnectIntent, Shop};
use hub_store::{CONNECT_INTENTS_MAX, StoreError};
use rusqlite::{Connection, OptionalExtension as _, params};
use ttshop_types::Timestamp;

use super::{limit, next_fence};
use crate::error::{Outage, VerbError};
use crate::row::{self, AUTHORIZATION_COLUMNS, SHOP_COLUMNS};

const SAVE_AUTHORIZATION: &str = "
    INSERT INTO authorization (id, app, open_id, seller_name, seller_base_region, state, tokens, access_expires_at,
        refresh_expires_at, granted_scopes, revision, refresh_started_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    ON CONFLICT (id) DO UPDATE SET
        app = excluded.app, open_id = excluded.open_id, seller_name = excluded.seller_name,
        seller_base_region = excluded.seller_base_region, state = excluded.state, tokens = excluded.tokens,
        access_expires_at = excluded.access_expires_at, refresh_expires_at = excluded.refresh_expires_at,
        granted_scopes = excluded.granted_scopes, revision = excluded.revision,
        refresh_started_at = excluded.refresh_started_at";

const SAVE_SHOP: &str = "
    INSERT INTO shop (id, authorization, app, name, region, seller_type, cipher, state, connected_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (id) DO UPDATE SET
        authorization = excluded.authorization, app = excluded.app, name = excluded.name, region = excluded.region,
        seller_type = excluded.seller_type, cipher = excluded.cipher, state = excluded.state";

pub(crate) fn save_authorization(
    connection: &Connection,
    authorization: &Authorization,
    shops: &[Shop],
) -> Result<(), VerbError> {
    let stored: Option<i64> = connection
        .prepare_cached("SELECT revision FROM authorization WHERE id = ?1")?
        .query_row([authorization.id.as_str()], |row| row.get(0))
        .optional()?;
    if stored.unwrap_or(0) != authorization.revision {
        return Err(StoreError::RevisionLost { id: authorization.id.as_str().into() }.into());
    }
    let scopes = serde_json::to_string(&authorization.granted_scopes)
        .map_err(|_| VerbError::damaged("scopes that are no text"))?;
    connection.prepare_cached(SAVE_AUTHORIZATION)?.execute(params![
        authorization.id.as_str(),
        authorization.app.as_str(),
        authorization.open_id.as_str(),
        authorization.seller_name,
        authorization.seller_base_region.code(),
        authorization.state.as_str(),
        authorization.tokens.0,
        authorization.access_expires_at.as_millis(),
        authorization.refresh_expires_at.as_millis(),
        scopes,
        authorization.revision + 1,
        authorization.refresh_started_at.map(|started_at| started_at.as_millis()),
    ])?;
    shops.iter().try_for_each(|shop| save_shop(connection, shop))
}

fn save_shop(connection: &Connection, shop: &Shop) -> Result<(), VerbError> {
    connection.prepare_cached(SAVE_SHOP)?.execute(params![
        shop.id.as_str(),
        shop.authorization.as_str(),
        shop.app.as_str(),
        shop.name,
        shop.region.code(),
        shop.seller_type,
        shop.cipher.0,
        shop.state.as_str(),
        shop.connected_at.as_millis(),
    ])?;
    Ok(())
}

pub(crate) fn authorization(
    connection: &Connection,
    id: &AuthorizationId,
) -> Result<Option<Authorization>, VerbError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {AUTHORIZATION_COLUMNS} FROM authorization WHERE id = ?1"))?;
    let mut rows = statement.query([id.as_str()])?;
    rows.next()?.map(row::authorization).transpose()
}

pub(crate) fn authorizations(connection: &Connection) -> Result<Vec<Authorization>, VerbError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {AUTHORIZATION_COLUMNS} FROM authorization ORDER BY id"))?;
    let mut rows = statement.query(())?;
    let mut authorizations = Vec::new();
    while let Some(row) = rows.next()? {
        authorizations.push(row::authorization(row)?);
    }
    Ok(authorizations)
}

pub(crate) fn shops(connection: &Connection) -> Result<Vec<Shop>, VerbError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {SHOP_COLUMNS} FROM shop ORDER BY id"))?;
    let mut rows = statement.query(())?;
    let mut shops = Vec::new();
    while let Some(row) = rows.next()? {
        shops.push(row::shop(row)?);
    }
    Ok(shops)
}

pub(crate) fn begin_connect(
    connection: &Connection,
    intent: &ConnectIntent,
    now: Timestamp,
) -> Result<(), VerbError> {
    connection
        .prepare_cached("DELETE FROM connect_intent WHERE expires_at <= ?1")?
        .execute([now.as_millis()])?;
    let waiting: i64 =
        connection.prepare_cached("SELECT count(*) FROM connect_intent")?.query_row((), |row| row.get(0))?;
    if waiting >= limit(CONNECT_INTENTS_MAX, CONNECT_INTENTS_MAX) {
        return Err(Outage::TooManyIntents.into());
    }
    let mut begin = connection.prepare_cached(
        "INSERT INTO connect_intent (state_hash, browser_hash, app, expires_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
    )?;
    begin.execute(params![
        intent.state_hash,
        intent.browser_hash,
        intent.app.as_str(),
        intent.expires_at.as_millis()
    ])?;
    Ok(())
}

pub(crate) fn take_connect(
    connection: &Connection,
    state_hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<ConnectIntent>, VerbError> {
    let mut take = connection.prepare_cached(
        "DELETE FROM connect_intent WHERE state_hash = ?1 RETURNING browser_hash, app, expires_at",
    )?;
    let taken = take.query_row([state_hash], |row| row::connect_intent(row, state_hash)).optional()?;
    Ok(taken.filter(|intent| intent.expires_at > now))
}

pub(crate) fn lease(
    connection: &Connection,
    name: &str,
    holder: &str,
    now: Timestamp,
    lasts: Duration,
) -> Result<Option<i64>, VerbError> {
    let ends_at = (now + lasts).as_millis();
    let running: Option<(String, i64)> = connection
        .prepare_cached("SELECT holder, fence FROM lease WHERE name = ?1 AND ends_at > ?2")?
        .query_row(params![name, now.as_millis()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let fence = match running {
        Some((other, _)) if other != holder => return Ok(None),
        Some((_, fence)) => fence,
        None => next_fence(connection)?,
    };
    let mut take = connection.prepare_cached(
        "INSERT INTO lease (name, holder, fence, ends_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, fence = excluded.fence, ends_at = excluded.ends_at",
    )?;
    take.execute(params![name, holder, fence, ends_at])?;
    Ok(Some(fence))
}

/// Ends the leases of a dead process.
pub(crate) fn release_dead(connection: &Connection) -> rusqlite::Result<usize> {
    connection.execute("DELETE FROM lease", ())
}

pub(crate) fn release(connection: &Connection, name: &str, holder: &str) -> Result<(), VerbError> {
    connection
        .prepare_cached("DELETE FROM lease WHERE name = ?1 AND holder = ?2")?
        .execute((name, holder))?;
    Ok(())
}
