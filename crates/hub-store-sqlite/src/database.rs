//! The files: the directory that one process owns, and the connections to the database in it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::OpenError;
use crate::migrate::{MIGRATIONS, migrate};
use crate::verbs::release_dead;

/// The oldest SQLite without the bug that can corrupt a write-ahead log when two connections write and checkpoint at once.
const SQLITE_VERSION_MIN: i32 = 3_051_003;

/// Marks a file as a hub's database: "TTSH" in ASCII.
const APPLICATION_ID: i32 = 0x5454_5348;

/// How long a connection waits for another one: a checkpoint for the readers of old pages, mostly.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// Prepared statements that each connection keeps; above the number of statements in this crate.
const STATEMENTS_MAX: usize = 96;

/// What the log file shrinks to when it starts over.
const WAL_BYTES_KEPT: i64 = 16 * 1024 * 1024;

const WRITER_CACHE_KIB: i64 = 16 * 1024;
const READER_CACHE_KIB: i64 = 4 * 1024;

/// A data directory that this process owns until it is dropped.
#[derive(Debug)]
pub(crate) struct DataDirectory {
    database: PathBuf,
    /// The operating system holds the lock for as long as this file is open, and not a moment longer, however we end.
    _lock: File,
}

impl DataDirectory {
    /// Makes the directory where it is missing, and takes it for this process.
    pub(crate) fn own(directory: &Path) -> Result<Self, OpenError> {
        let failed = |source| OpenError::Directory { directory: directory.into(), source };
        create_private(directory).map_err(failed)?;
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        let lock = options.open(directory.join("hub.lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { database: directory.join("hub.sqlite3"), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse { directory: directory.into() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Opens the connection that writes, and brings the schema up to date.
    pub(crate) fn open_writer(&self) -> Result<Connection, OpenError> {
        if rusqlite::version_number() < SQLITE_VERSION_MIN {
            return Err(OpenError::OldSqlite { found: rusqlite::version() });
        }
        let mut connection = self.connect(WRITER_CACHE_KIB)?;
        self.identify(&connection)?;
        let mode: String = connection
            .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))
            .map_err(OpenError::at("switch to write-ahead logging"))?;
        if mode != "wal" {
            return Err(OpenError::NoWal { path: self.database.clone(), mode });
        }
        let set = |name, value| {
            connection.pragma_update(None, name, value).map_err(OpenError::at("configure the database"))
        };
        // FULL: an acknowledged commit must survive a power cut, so each group is synced.
        set("synchronous", "FULL")?;
        // The writer decides when to checkpoint.
        set("wal_autocheckpoint", "0")?;
        set("journal_size_limit", &WAL_BYTES_KEPT.to_string())?;
        migrate(&mut connection, MIGRATIONS)?;
        release_dead(&mut connection).map_err(OpenError::at("take over what the last process held"))?;
        Ok(connection)
    }

    /// Opens a connection that cannot write.
    pub(crate) fn open_reader(&self) -> Result<Connection, OpenError> {
        let connection = self.connect(READER_CACHE_KIB)?;
        connection.pragma_update(None, "query_only", "ON").map_err(OpenError::at("configure a reader"))?;
        Ok(connection)
    }

    fn connect(&self, cache_kib: i64) -> Result<Connection, OpenError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let connection =
            Connection::open_with_flags(&self.database, flags).map_err(OpenError::at("open the database"))?;
        let configured = connection
            .busy_timeout(BUSY_TIMEOUT)
            .and_then(|()| connection.pragma_update(None, "cache_size", -cache_kib))
            .and_then(|()| connection.pragma_update(None, "temp_store", "MEMORY"))
            .and_then(|()| connection.pragma_update(None, "trusted_schema", "OFF"))
            .and_then(|()| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true))
            // The writer moves the log's pages at a clean end. After a broken one nobody may.
            .and_then(|_| connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true));
        configured.map(drop).map_err(OpenError::at("configure the database"))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        Ok(connection)
    }

    fn identify(&self, connection: &Connection) -> Result<(), OpenError> {
        let failed = OpenError::at("read the database's header");
        let header = connection
            .pragma_query_value(None, "application_id", |row| row.get::<_, i32>(0))
            .and_then(|id| {
                let tables: i64 =
                    connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
                Ok((id, tables))
            })
            .map_err(failed)?;
        match header {
            (APPLICATION_ID, _) => Ok(()),
            (0, 0) => connection
                .pragma_update(None, "application_id", APPLICATION_ID)
                .map_err(OpenError::at("mark the database as the hub's")),
            _ => Err(OpenError::Foreign { path: self.database.clone() }),
        }
    }
}

/// Makes the directory for our eyes only: it holds buyers' addresses and sealed tokens.
fn create_private(directory: &Path) -> std::io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)?;
    // The directory's own entry must survive a power cut, or the database in it does not.
    #[cfg(unix)]
    if let Some(parent) = directory.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}
