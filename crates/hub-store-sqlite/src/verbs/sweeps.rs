//! Where sweeps stand and what they found.

use hub_core::{Cursor, Resource, SweepReport};
use hub_store::{PAGE_MAX, SWEEP_REPORTS_KEPT};
use rusqlite::{Connection, OptionalExtension as _, params};
use ttshop_types::ShopId;

use super::limit;
use crate::error::VerbError;
use crate::row::{sweep_report, time, to_column};

pub(crate) fn move_cursor(connection: &Connection, cursor: &Cursor) -> Result<(), VerbError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO sweep_cursor (shop_id, resource, until) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET until = excluded.until WHERE excluded.until > until",
    )?;
    statement.execute(params![
        cursor.shop_id.as_str(),
        cursor.resource.as_str(),
        cursor.until.as_millis()
    ])?;
    Ok(())
}

pub(crate) fn append_report(connection: &Connection, report: &SweepReport) -> Result<(), VerbError> {
    let mut append = connection.prepare_cached(
        "INSERT INTO sweep_report (shop_id, resource, from_ms, until_ms, seen, missing, outdated, finished_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    append.execute(params![
        report.shop_id.as_str(),
        report.resource.as_str(),
        report.from_ms,
        report.until_ms,
        to_column(report.seen),
        to_column(report.missing),
        to_column(report.outdated),
        report.finished_at_ms,
    ])?;
    let oldest_kept = connection.last_insert_rowid() - limit(SWEEP_REPORTS_KEPT, SWEEP_REPORTS_KEPT);
    connection.prepare_cached("DELETE FROM sweep_report WHERE number <= ?1")?.execute([oldest_kept])?;
    Ok(())
}

pub(crate) fn cursor(
    connection: &Connection,
    shop_id: ShopId,
    resource: Resource,
) -> Result<Option<Cursor>, VerbError> {
    let mut statement =
        connection.prepare_cached("SELECT until FROM sweep_cursor WHERE shop_id = ?1 AND resource = ?2")?;
    let until = statement.query_row((shop_id.as_str(), resource.as_str()), |row| time(row, 0)).optional()?;
    Ok(until.map(|until| Cursor { shop_id, resource, until }))
}

pub(crate) fn reports(connection: &Connection, at_most: usize) -> Result<Vec<SweepReport>, VerbError> {
    let mut statement = connection.prepare_cached(
        "SELECT shop_id, resource, from_ms, until_ms, seen, missing, outdated, finished_at
         FROM sweep_report ORDER BY number DESC LIMIT ?1",
    )?;
    let mut rows = statement.query([limit(at_most, PAGE_MAX)])?;
    let mut reports = Vec::new();
    while let Some(row) = rows.next()? {
        reports.push(sweep_report(row)?);
    }
    Ok(reports)
}
