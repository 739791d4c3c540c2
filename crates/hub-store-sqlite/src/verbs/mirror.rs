//! What the platform told us.

use hub_core::mirror::{Decision, decide};
use hub_core::{MirrorRow, MirrorVersion, Resource};
use hub_store::{OrderPage, OrderPosition, OrderQuery, PAGE_MAX};
use rusqlite::{Connection, OptionalExtension as _, params};
use ttshop_types::ShopId;

use super::limit;
use crate::error::VerbError;
use crate::row::{MIRROR_COLUMNS, mirror_row, mirror_version};

const KNOWN: &str = "SELECT number, updated_at, content_hash, fetched_at FROM mirror
     WHERE shop_id = ?1 AND resource = ?2 AND id = ?3";

const KEEP_OLD: &str = "
    INSERT INTO mirror_history (mirror, platform_status, updated_at, fetched_at, content_hash, operation, request_id,
        unified, raw, replaced_at)
    SELECT number, platform_status, updated_at, fetched_at, content_hash, operation, request_id, unified, raw, ?2
    FROM mirror WHERE number = ?1";

const INSERT: &str = "
    INSERT INTO mirror (shop_id, resource, id, platform_status, created_at, updated_at, fetched_at, content_hash,
        operation, request_id, unified, raw)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

const REPLACE: &str = "
    UPDATE mirror SET platform_status = ?4, created_at = ?5, updated_at = ?6, fetched_at = ?7, content_hash = ?8,
        operation = ?9, request_id = ?10, unified = ?11, raw = ?12
    WHERE shop_id = ?1 AND resource = ?2 AND id = ?3";

/// Keeps the row where it is news.
pub(crate) fn learn(connection: &Connection, row: &MirrorRow) -> Result<(), VerbError> {
    let entity = (row.shop_id.as_str(), row.resource.as_str(), &row.id);
    let known: Option<(i64, MirrorVersion)> = connection
        .prepare_cached(KNOWN)?
        .query_row(entity, |known| Ok((known.get(0)?, mirror_version(known, 1)?)))
        .optional()?;
    match (decide(known.as_ref().map(|(_, version)| version), &row.version), known) {
        (Decision::Stale, _) => Ok(()),
        (Decision::Same, Some((_, known))) if row.version.fetched_at < known.fetched_at => Ok(()),
        (Decision::Update, Some((number, _))) => {
            let replaced_at = row.version.fetched_at.as_millis();
            connection.prepare_cached(KEEP_OLD)?.execute((number, replaced_at))?;
            write(connection, REPLACE, row)
        }
        (Decision::Same, Some(_)) => write(connection, REPLACE, row),
        (Decision::Create | Decision::Update | Decision::Same, _) => write(connection, INSERT, row),
    }
}

fn write(connection: &Connection, sql: &str, row: &MirrorRow) -> Result<(), VerbError> {
    connection.prepare_cached(sql)?.execute(params![
        row.shop_id.as_str(),
        row.resource.as_str(),
        row.id,
        row.platform_status,
        row.created_at.as_millis(),
        row.version.updated_at.as_millis(),
        row.version.fetched_at.as_millis(),
        row.version.content_hash,
        row.provenance.operation,
        row.provenance.request_id.as_str(),
        row.unified,
        row.raw,
    ])?;
    Ok(())
}

pub(crate) fn versions(
    connection: &Connection,
    shop_id: &ShopId,
    resource: Resource,
    ids: Vec<String>,
) -> Result<Vec<(String, MirrorVersion)>, VerbError> {
    let mut statement = connection.prepare_cached(KNOWN)?;
    let mut versions = Vec::with_capacity(ids.len());
    for id in ids {
        let entity = (shop_id.as_str(), resource.as_str(), &id);
        if let Some(version) = statement.query_row(entity, |row| mirror_version(row, 1)).optional()? {
            versions.push((id, version));
        }
    }
    Ok(versions)
}

pub(crate) fn row(
    connection: &Connection,
    shop_id: &ShopId,
    resource: Resource,
    id: &str,
) -> Result<Option<MirrorRow>, VerbError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {MIRROR_COLUMNS} FROM mirror WHERE shop_id = ?1 AND resource = ?2 AND id = ?3"
    ))?;
    let mut rows = statement.query((shop_id.as_str(), resource.as_str(), id))?;
    rows.next()?.map(mirror_row).transpose()
}

pub(crate) fn newest_first() -> String {
    format!(
        "SELECT {MIRROR_COLUMNS} FROM mirror
         WHERE resource = ?1
             AND (updated_at, shop_id, id) < (?2, ?3, ?4)
             AND (?5 IS NULL OR shop_id = ?5)
             AND (?6 IS NULL OR platform_status = ?6)
         ORDER BY updated_at DESC, shop_id DESC, id DESC LIMIT ?7"
    )
}

pub(crate) fn orders(connection: &Connection, query: &OrderQuery) -> Result<OrderPage, VerbError> {
    let after = query.after.as_deref().map_or(Ok(OrderPosition::start()), OrderPosition::from_cursor)?;
    let shown = query.limit.min(PAGE_MAX);
    let mut statement = connection.prepare_cached(&newest_first())?;
    let mut rows = statement.query(params![
        Resource::Order.as_str(),
        after.updated_at.as_millis(),
        after.shop_id,
        after.id,
        query.shop_id.as_ref().map(|shop_id| shop_id.as_str()),
        query.platform_status,
        // One more than is shown tells whether there is a next page.
        limit(shown + 1, PAGE_MAX + 1),
    ])?;
    let mut page = OrderPage::default();
    while let Some(row) = rows.next()? {
        if page.rows.len() == shown {
            page.next = page.rows.last().map(|last| OrderPosition::of(last).to_cursor());
            break;
        }
        page.rows.push(mirror_row(row)?);
    }
    Ok(page)
}
