//! The database file: opening, checks, migrations and transactions.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior, params};

use super::error::has_file_descriptors;
use super::{Error, sql_functions};

/// `PRAGMA application_id` of a library: `arxc` in ASCII.
const APPLICATION_ID: i32 = 0x6172_7863;

/// Numbered migrations, applied in order and never edited. Their count is the current schema version.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/001.sql"),
    include_str!("schema/002.sql"),
    include_str!("schema/003.sql"),
    include_str!("schema/004.sql"),
    include_str!("schema/005.sql"),
];

/// How long a transaction waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// Pages in the write-ahead log that trigger a checkpoint. Larger than SQLite's default of 1,000 so that pages that
/// many transactions change are written to the database once.
const CHECKPOINT_PAGES: u32 = 8_000;

/// Page cache of a writing connection in KiB (negative by SQLite's convention). A harvest arrives in no order of
/// identifiers and touches pages all over the indexes.
const CACHE_KIB: i32 = -65_536;

/// An open library.
#[derive(Debug)]
pub struct Library {
    pub(super) db: Connection,
    folder: PathBuf,
}

/// Durability of a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Durability {
    /// Survives a power failure: for what the user typed and nobody else has.
    Full,
    /// Survives a crash of the program, and is never half done: for what can be fetched again.
    Normal,
}

/// Error of a database operation.
#[derive(Debug, thiserror::Error)]
pub(super) enum DbError {
    /// SQLite refuses the operation.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    /// The database holds a value that this program cannot have written. Other rows may be intact.
    #[error("a record is damaged: {0}")]
    Damaged(String),
}

impl From<rusqlite::Error> for DbError {
    /// A value of the wrong type is damage like a value that cannot be parsed.
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::Utf8Error(..) => Self::Damaged(error.to_string()),
            error => Self::Sqlite(error),
        }
    }
}

/// Result of a database operation.
pub(super) type DbResult<T> = Result<T, DbError>;

impl Library {
    /// Opens an existing library. Returns `None` if there is none; creates nothing.
    pub fn existing(folder: &Path) -> Result<Option<Self>, Error> {
        let file = database(folder);
        match std::fs::metadata(&file) {
            Ok(found) if found.len() > 0 => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(file_error(&file, &error)),
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Self::connect(folder, &file, flags).and_then(Self::migrated);
        match opened {
            // SQLite cannot create the files of a write-ahead log in a folder that is not writable.
            Err(Error::Database { .. } | Error::Damaged { .. }) if !writable(folder) => {
                Self::read_only(folder).map(Some)
            }
            other => other.map(Some),
        }
    }

    /// Opens the library for writing and creates it if necessary.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|error| file_error(folder, &error))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        make_private(&database(folder))?;
        Self::connect(folder, &database(folder), flags)?.migrated()
    }

    /// Folder of the library.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Size of database and index in bytes.
    #[must_use]
    pub fn size(&self) -> u64 {
        ["library.db", "library.db-wal"]
            .iter()
            .filter_map(|name| std::fs::metadata(self.folder.join(name)).ok())
            .map(|found| found.len())
            .sum::<u64>()
            + self.index_size()
    }

    fn connect(folder: &Path, file: &Path, flags: OpenFlags) -> Result<Self, Error> {
        let db =
            Connection::open_with_flags(file, flags).map_err(|error| convert_error(file, &error.into()))?;
        let library = Self {
            db,
            folder: folder.to_owned(),
        };
        library.read(|db| {
            db.busy_timeout(BUSY_TIMEOUT)?;
            db.set_prepared_statement_cache_capacity(64);
            db.pragma_update(None, "trusted_schema", false)?;
            db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
            Ok(sql_functions::define(db)?)
        })?;
        Ok(library)
    }

    /// Opens a library on a read-only medium. If SQLite cannot open it so, it is opened as immutable, which ignores a
    /// write-ahead log and is therefore refused if there is one.
    fn read_only(folder: &Path) -> Result<Self, Error> {
        let file = database(folder);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let library = Self::connect(folder, &file, flags)?;
        if library.schema_version().is_ok() {
            return library.validated();
        }
        let waiting = std::fs::metadata(file.with_extension("db-wal")).is_ok_and(|wal| wal.len() > 0);
        if waiting {
            return Err(Error::Database {
                file,
                reason: "its last changes wait in library.db-wal, and the folder cannot be written to"
                    .to_owned(),
            });
        }
        let address = format!("file:{}?immutable=1", percent_encoded(&file));
        let flags = flags | OpenFlags::SQLITE_OPEN_URI;
        Self::connect(folder, Path::new(&address), flags)?.validated()
    }

    /// Checks the application id and the schema version, and applies missing migrations.
    fn migrated(mut self) -> Result<Self, Error> {
        let known = schema_version_number(MIGRATIONS.len());
        if self.schema_version()? < known || self.application_id()? == 0 {
            self.migrate()?;
        }
        self.validated()
    }

    fn validated(self) -> Result<Self, Error> {
        let known = schema_version_number(MIGRATIONS.len());
        let version = self.schema_version()?;
        if self.application_id()? != APPLICATION_ID {
            return Err(Error::Foreign(self.file()));
        }
        if version > known {
            return Err(Error::Newer {
                file: self.file(),
                found: version,
                known,
            });
        }
        Ok(self)
    }

    fn migrate(&mut self) -> Result<(), Error> {
        let tables: u32 = self.read(|db| single_value(db, "SELECT count(*) FROM sqlite_schema", []))?;
        match self.application_id()? {
            APPLICATION_ID => {}
            0 if tables == 0 => {}
            _ => return Err(Error::Foreign(self.file())),
        }
        self.read(|db| {
            // SQLite applies both settings only to a database without tables.
            db.pragma_update(None, "page_size", 8192)?;
            Ok(db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?)
        })?;
        self.write(Durability::Full, |db| {
            // Another process may have migrated the database while this one waited for the lock.
            let done: usize = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            for sql in MIGRATIONS.iter().skip(done) {
                db.execute_batch(sql)?;
            }
            db.execute(
                "INSERT INTO library SELECT ?1, 0 WHERE NOT EXISTS (SELECT * FROM library)",
                params![uuid()],
            )?;
            db.execute_batch("INSERT OR IGNORE INTO stamps SELECT revision, random() FROM library")?;
            db.pragma_update(None, "application_id", APPLICATION_ID)?;
            db.pragma_update(
                None,
                "user_version",
                schema_version_number(MIGRATIONS.len()).max(schema_version_number(done)),
            )?;
            Ok(())
        })
    }

    fn schema_version(&self) -> Result<u32, Error> {
        self.read(|db| single_value(db, "PRAGMA user_version", []))
    }

    fn application_id(&self) -> Result<i32, Error> {
        self.read(|db| single_value(db, "PRAGMA application_id", []))
    }

    pub(super) fn file(&self) -> PathBuf {
        database(&self.folder)
    }

    /// Converts an error of SQLite.
    pub(super) fn database_error(&self, error: &DbError) -> Error {
        convert_error(&self.file(), error)
    }

    /// Runs a read.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> DbResult<T>) -> Result<T, Error> {
        work(&self.db).map_err(|error| self.database_error(&error))
    }

    /// Runs a transaction. It is immediate because a deferred transaction that upgrades to a write fails at once,
    /// whatever the busy time-out.
    pub(super) fn write<T>(
        &mut self,
        durability: Durability,
        work: impl FnOnce(&Transaction) -> DbResult<T>,
    ) -> Result<T, Error> {
        let file = self.file();
        let write = || {
            let level = match durability {
                Durability::Full => "FULL",
                Durability::Normal => "NORMAL",
            };
            self.db.pragma_update(None, "synchronous", level)?;
            self.db.pragma_update(None, "cache_size", CACHE_KIB)?;
            let transaction = self
                .db
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        write().map_err(|error: DbError| convert_error(&file, &error))
    }
}

/// The revision of a transaction, incremented at its first change. A transaction that changes nothing leaves it alone,
/// so that the search index stays up to date.
pub(super) struct Revision<'a> {
    db: &'a Connection,
    taken: Option<i64>,
}

impl<'a> Revision<'a> {
    pub fn new(db: &'a Connection) -> Self {
        Self { db, taken: None }
    }

    pub fn take(&mut self) -> DbResult<i64> {
        if let Some(revision) = self.taken {
            return Ok(revision);
        }
        let revision = self
            .db
            .prepare_cached("UPDATE library SET revision = revision + 1 RETURNING revision")?
            .query_row([], |row| row.get(0))?;
        self.db
            .prepare_cached("INSERT OR REPLACE INTO stamps VALUES (?1, random())")?
            .execute(params![revision])?;
        self.db
            .prepare_cached("DELETE FROM stamps WHERE revision <= ?1")?
            .execute(params![revision - MAX_STAMPS])?;
        self.taken = Some(revision);
        Ok(revision)
    }
}

/// Number of revisions whose stamps are stored. An index that is further behind than this is rebuilt.
const MAX_STAMPS: i64 = 10_000;

/// The random number that was drawn with a revision. Returns `None` if this database never had the revision, or had it
/// too long ago.
pub(super) fn stamp(db: &Connection, revision: i64) -> DbResult<Option<i64>> {
    let sql = "SELECT stamp FROM stamps WHERE revision = ?1";
    find_row(db, sql, params![revision], |row| Ok(row.get(0)?))
}

/// Revision of the last change.
pub(super) fn revision(db: &Connection) -> DbResult<i64> {
    single_value(db, "SELECT revision FROM library", [])
}

/// Reads the first row of a query. Returns `None` if there is none.
pub(super) fn find_row<T>(
    db: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    read: impl FnOnce(&rusqlite::Row) -> DbResult<T>,
) -> DbResult<Option<T>> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// Reads the single value of a query that always has one row, such as a count.
pub(super) fn single_value<T: rusqlite::types::FromSql>(
    db: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> DbResult<T> {
    Ok(db.query_row(sql, params, |row| row.get(0))?)
}

/// An error for stored data that this program cannot have written.
pub(super) fn damaged(reason: impl std::fmt::Display) -> DbError {
    DbError::Damaged(reason.to_string())
}

fn database(folder: &Path) -> PathBuf {
    folder.join("library.db")
}

fn schema_version_number(migrations: usize) -> u32 {
    u32::try_from(migrations).unwrap_or(u32::MAX)
}

pub(super) fn writable(folder: &Path) -> bool {
    tempfile::Builder::new()
        .prefix(".arxcat-")
        .tempfile_in(folder)
        .is_ok()
}

fn uuid() -> String {
    format!("{:032x}", fastrand::u128(..))
}

fn percent_encoded(path: &Path) -> String {
    path.to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23")
}

fn file_error(path: &Path, error: &std::io::Error) -> Error {
    match error.kind() {
        // The folder of `library.db` is a file, or a parent of it is.
        std::io::ErrorKind::AlreadyExists | std::io::ErrorKind::NotADirectory => Error::File {
            path: path.to_owned(),
            reason: "the library's place is a file, not a folder".to_owned(),
        },
        _ => Error::io(path, error),
    }
}

/// Makes a file readable by its owner only, creating it if necessary: tags and notes are private. SQLite gives the files
/// of the write-ahead log the same permissions.
#[cfg(unix)]
fn make_private(file: &Path) -> Result<(), Error> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let Ok(found) = std::fs::metadata(file) else {
        let created = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(file);
        return created.map(drop).map_err(|error| file_error(file, &error));
    };
    let mode = found.permissions().mode();
    if found.is_file() && mode & 0o077 != 0 {
        // A file of another owner stays as it is; whether it can be used is SQLite's to say.
        let _ = std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode & !0o077));
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> Result<(), Error> {
    Ok(())
}

/// Converts an error of a database operation, with advice if there is some.
fn convert_error(file: &Path, error: &DbError) -> Error {
    let file = file.to_owned();
    let code = match error {
        DbError::Damaged(_) => None,
        DbError::Sqlite(error) => error.sqlite_error_code(),
    };
    let reason = match (code, error) {
        (Some(ErrorCode::NotADatabase), _) => return Error::Foreign(file),
        (Some(ErrorCode::DiskFull), _) => return Error::DiskFull(file),
        (Some(ErrorCode::DatabaseCorrupt), _) | (_, DbError::Damaged(_)) => {
            return Error::Damaged {
                file,
                reason: error.to_string(),
            };
        }
        (Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked), _) => {
            "another process has been writing to it for half a minute".to_owned()
        }
        (Some(ErrorCode::ReadOnly), _) => "it cannot be written to".to_owned(),
        (Some(ErrorCode::CannotOpen), _) if !has_file_descriptors(&file, 4) => {
            return Error::TooManyOpenFiles(file);
        }
        (Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied), _) => {
            "it cannot be opened; may this user read and write it?".to_owned()
        }
        _ => error.to_string(),
    };
    Error::Database { file, reason }
}
