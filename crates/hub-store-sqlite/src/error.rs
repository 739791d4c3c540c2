//! What goes wrong when a database is opened, and while it serves.

use std::path::PathBuf;

use hub_store::StoreError;

/// Why a store did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory cannot be made or used.
    #[error("failed to prepare the data directory `{}`", directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process works with this directory.
    #[error("the data directory `{}` is in use by another process", directory.display())]
    InUse {
        /// The directory.
        directory: PathBuf,
    },
    /// The linked SQLite can corrupt a database that is used as we use it.
    #[error("SQLite {found} is too old: 3.51.3 or later is needed")]
    OldSqlite {
        /// The linked version.
        found: &'static str,
    },
    /// The file is a database of something else.
    #[error("`{}` is not a hub's database", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file system cannot hold a write-ahead log, as some network shares cannot.
    #[error("the file system of `{}` does not support write-ahead logging (journal mode stays `{mode}`)", path.display())]
    NoWal {
        /// The database.
        path: PathBuf,
        /// What SQLite offered instead.
        mode: String,
    },
    /// A newer hub wrote this database.
    #[error(
        "the database has schema version {found}, and this hub knows versions up to {known}: use the newer hub again"
    )]
    Newer {
        /// The version in the database.
        found: i64,
        /// The newest one known.
        known: i64,
    },
    /// A migration was applied with other contents than this hub has.
    #[error("migration {version} was applied with other contents than this hub knows")]
    Changed {
        /// Which.
        version: i64,
    },
    /// SQLite refused.
    #[error("failed to {step}")]
    Sqlite {
        /// What was being done.
        step: &'static str,
        /// Why not.
        #[source]
        source: rusqlite::Error,
    },
    /// No thread could be started.
    #[error("failed to start a store thread")]
    Thread(#[source] std::io::Error),
}

impl OpenError {
    pub(crate) fn at(step: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Sqlite { step, source }
    }
}

/// Why a running store does not serve.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Outage {
    #[error("the queue of the writer is full")]
    Busy,
    #[error("the store stopped: {0}")]
    Poisoned(String),
    #[error("the store is closed")]
    Closed,
    #[error("the commit was undone: {0}")]
    Undone(String),
    #[error("{} connections are under way already", hub_store::CONNECT_INTENTS_MAX)]
    TooManyIntents,
}

impl From<Outage> for StoreError {
    fn from(outage: Outage) -> Self {
        Self::Unavailable(Box::new(outage))
    }
}

/// Why one verb did not work out.
#[derive(Debug)]
pub(crate) enum VerbError {
    /// The verb's own answer.
    Store(StoreError),
    /// SQLite's.
    Sql(rusqlite::Error),
}

impl VerbError {
    /// A column holds what no hub writes.
    pub(crate) fn damaged(what: &str) -> Self {
        Self::Store(StoreError::Damaged { what: what.into() })
    }

    /// Whether the disk failed, so that nobody can tell any more what is on it.
    pub(crate) fn is_disk_failure(&self) -> bool {
        matches!(self, Self::Sql(error) if is_disk_failure(error))
    }
}

pub(crate) fn is_disk_failure(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::SystemIoFailure)
}

impl From<StoreError> for VerbError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Outage> for VerbError {
    fn from(outage: Outage) -> Self {
        Self::Store(outage.into())
    }
}

impl From<rusqlite::Error> for VerbError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<VerbError> for StoreError {
    fn from(error: VerbError) -> Self {
        use rusqlite::Error::{
            FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error,
        };
        match error {
            VerbError::Store(error) => error,
            VerbError::Sql(error) => match error {
                FromSqlConversionFailure(..)
                | IntegralValueOutOfRange(..)
                | InvalidColumnType(..)
                | Utf8Error(..) => Self::Damaged { what: error.to_string() },
                error if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt) => {
                    Self::Damaged { what: error.to_string() }
                }
                error => Self::Unavailable(Box::new(error)),
            },
        }
    }
}
