//! Bringing a database to this hub's schema.
//!
//! Migrations are numbered files that are never edited after a release. A ledger in the database says which were applied
//! and with which contents, so that neither an edited file nor an older hub meets a schema it does not know.

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use sha2::{Digest as _, Sha256};

use crate::OpenError;

/// One step of the schema.
pub(crate) struct Migration {
    pub(crate) version: i64,
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

/// Every step, in order.
pub(crate) const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "init", sql: include_str!("../migrations/V1__init.sql") }];

/// Applies what is missing, in one transaction.
pub(crate) fn migrate(connection: &mut Connection, migrations: &[Migration]) -> Result<(), OpenError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(OpenError::at("begin the migration"))?;
    transaction
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS migration (
                 version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL
             ) STRICT",
        )
        .map_err(OpenError::at("read the migration ledger"))?;
    refuse_newer(&transaction, migrations)?;
    for migration in migrations {
        apply(&transaction, migration)?;
    }
    transaction.commit().map_err(OpenError::at("commit the migration"))
}

fn refuse_newer(connection: &Connection, migrations: &[Migration]) -> Result<(), OpenError> {
    let known = migrations.last().map_or(0, |migration| migration.version);
    let found: i64 = connection
        .query_row("SELECT coalesce(max(version), 0) FROM migration", (), |row| row.get(0))
        .map_err(OpenError::at("read the migration ledger"))?;
    if found > known { Err(OpenError::Newer { found, known }) } else { Ok(()) }
}

fn apply(connection: &Connection, migration: &Migration) -> Result<(), OpenError> {
    let sha256 = hex::encode(Sha256::digest(migration.sql));
    let applied: Option<String> = connection
        .query_row("SELECT sha256 FROM migration WHERE version = ?1", [migration.version], |row| row.get(0))
        .optional()
        .map_err(OpenError::at("read the migration ledger"))?;
    match applied {
        Some(applied) if applied == sha256 => Ok(()),
        Some(_) => Err(OpenError::Changed { version: migration.version }),
        None => {
            connection.execute_batch(migration.sql).map_err(OpenError::at("apply a migration"))?;
            // The time is for people only, so SQLite's own will do.
            connection
                .execute(
                    "INSERT INTO migration (version, name, sha256, applied_at)
                     VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
                    (migration.version, migration.name, sha256),
                )
                .map(drop)
                .map_err(OpenError::at("write the migration ledger"))
        }
    }
}
