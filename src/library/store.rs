//! The database: opened, checked, brought up to date, written to in short transactions.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior, params};

use super::Error;

/// `arxc`: what `PRAGMA application_id` says of a library.
const APPLICATION: i32 = 0x6172_7863;

/// The numbered migrations; their count is the newest form this program knows.
const MIGRATIONS: &[&str] = &[include_str!("schema/001.sql"), include_str!("schema/002.sql")];

/// How long another process's write is waited for.
const BUSY: Duration = Duration::from_secs(30);

/// Pages of the write-ahead log before they go into the database: pages that many writes touch go in once.
const CHECKPOINT: u32 = 8_000;

/// What a writer keeps of the database in memory, in KiB as SQLite takes it: a harvest comes in no order of identifiers,
/// and needs pages from everywhere in the indexes.
const CACHE: i32 = -65_536;

/// The user's library, and the mirror around it.
#[derive(Debug)]
pub struct Library {
    pub(super) db: Connection,
    folder: PathBuf,
}

/// How sure a write must be before it returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sync {
    /// On the disk: what the user typed and cannot be had again.
    Full,
    /// Safe from a crash of the program, and never half: what can be fetched again.
    Normal,
}

/// What SQLite answers.
pub(super) type Answer<T> = rusqlite::Result<T>;

impl Library {
    /// The library in this folder, to read from; none where there is none. Creates nothing.
    pub fn existing(folder: &Path) -> Result<Option<Self>, Error> {
        let file = database(folder);
        match std::fs::metadata(&file) {
            Ok(found) if found.len() > 0 => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(&file, &error)),
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Self::connect(folder, &file, flags).and_then(Self::ready);
        match opened {
            // A folder that cannot be written to has no room for the files of a write-ahead log.
            Err(Error::Database { .. }) if !writable(folder) => Self::read_only(folder).map(Some),
            other => other.map(Some),
        }
    }

    /// The library in this folder, to write to, made where there is none.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::connect(folder, &database(folder), flags)?.ready()
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The bytes of everything in its folder that is the library's.
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
        let db = Connection::open_with_flags(file, flags).map_err(|error| said(file, &error))?;
        let library = Self {
            db,
            folder: folder.to_owned(),
        };
        library.read(|db| {
            db.busy_timeout(BUSY)?;
            db.set_prepared_statement_cache_capacity(64);
            db.pragma_update(None, "trusted_schema", false)?;
            db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
            super::list_sql::add_functions(db)
        })?;
        Ok(library)
    }

    /// A library on a medium that nobody writes to.
    fn read_only(folder: &Path) -> Result<Self, Error> {
        let file = database(folder);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let library = Self::connect(folder, &file, flags)?;
        if library.form().is_ok() {
            return library.recognised();
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
        Self::connect(folder, Path::new(&address), flags)?.recognised()
    }

    /// Checks whose database this is and of which form, and brings it up to this program's.
    fn ready(mut self) -> Result<Self, Error> {
        let known = form_number(MIGRATIONS.len());
        if self.form()? < known || self.application()? == 0 {
            self.migrate()?;
        }
        self.recognised()
    }

    fn recognised(self) -> Result<Self, Error> {
        let known = form_number(MIGRATIONS.len());
        let form = self.form()?;
        if self.application()? != APPLICATION {
            return Err(Error::Foreign(self.file()));
        }
        if form > known {
            return Err(Error::Newer {
                file: self.file(),
                found: form,
                known,
            });
        }
        Ok(self)
    }

    fn migrate(&mut self) -> Result<(), Error> {
        let tables: u32 =
            self.read(|db| db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)))?;
        match self.application()? {
            APPLICATION => {}
            0 if tables == 0 => {}
            _ => return Err(Error::Foreign(self.file())),
        }
        self.read(|db| {
            // Both only take hold of a database without tables.
            db.pragma_update(None, "page_size", 8192)?;
            db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
        })?;
        self.write(Sync::Full, |db| {
            // Another process may have done it meanwhile.
            let done: usize = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            for sql in MIGRATIONS.iter().skip(done) {
                db.execute_batch(sql)?;
            }
            db.execute(
                "INSERT INTO library SELECT ?1, 0 WHERE NOT EXISTS (SELECT * FROM library)",
                params![uuid()],
            )?;
            db.pragma_update(None, "application_id", APPLICATION)?;
            db.pragma_update(
                None,
                "user_version",
                form_number(MIGRATIONS.len()).max(form_number(done)),
            )
        })
    }

    fn form(&self) -> Result<u32, Error> {
        self.read(|db| db.query_row("PRAGMA user_version", [], |row| row.get(0)))
    }

    fn application(&self) -> Result<i32, Error> {
        self.read(|db| db.query_row("PRAGMA application_id", [], |row| row.get(0)))
    }

    pub(super) fn file(&self) -> PathBuf {
        database(&self.folder)
    }

    /// What SQLite says against it.
    pub(super) fn said(&self, error: &rusqlite::Error) -> Error {
        said(&self.file(), error)
    }

    /// Reads.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Answer<T>) -> Result<T, Error> {
        work(&self.db).map_err(|error| self.said(&error))
    }

    /// Writes all of it or nothing. The lock is taken at once: a transaction that only later wants to write fails,
    /// whatever the time-out.
    pub(super) fn write<T>(
        &mut self,
        sync: Sync,
        work: impl FnOnce(&Transaction) -> Answer<T>,
    ) -> Result<T, Error> {
        let file = self.file();
        let write = || {
            let level = match sync {
                Sync::Full => "FULL",
                Sync::Normal => "NORMAL",
            };
            self.db.pragma_update(None, "synchronous", level)?;
            self.db.pragma_update(None, "cache_size", CACHE)?;
            let transaction = self
                .db
                .transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        write().map_err(|error| said(&file, &error))
    }
}

/// The revision of one write: the next one, taken with the first change. A write that changes nothing takes none, so
/// that the index need not be brought up to it.
pub(super) struct Revision<'a> {
    db: &'a Connection,
    taken: Option<i64>,
}

impl<'a> Revision<'a> {
    pub fn new(db: &'a Connection) -> Self {
        Self { db, taken: None }
    }

    pub fn take(&mut self) -> Answer<i64> {
        if let Some(revision) = self.taken {
            return Ok(revision);
        }
        let revision = self
            .db
            .prepare_cached("UPDATE library SET revision = revision + 1 RETURNING revision")?
            .query_row([], |row| row.get(0))?;
        self.taken = Some(revision);
        Ok(revision)
    }
}

/// The revision of the last write.
pub(super) fn revision(db: &Connection) -> Answer<i64> {
    db.query_row("SELECT revision FROM library", [], |row| row.get(0))
}

/// A value that the database holds and that cannot be what this program wrote.
pub(super) fn damaged(what: impl std::fmt::Display) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(format!("a record is damaged: {what}").into())
}

/// Whether an error is of one row, which this program did not write like that, and not of the database.
pub(super) fn is_of_a_row(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_none()
}

fn database(folder: &Path) -> PathBuf {
    folder.join("library.db")
}

fn form_number(migrations: usize) -> u32 {
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

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        reason: match error.kind() {
            // `library.db` cannot be within a file either.
            std::io::ErrorKind::AlreadyExists | std::io::ErrorKind::NotADirectory => {
                "the library's place is a file, not a folder".to_owned()
            }
            _ => unnumbered(&error.to_string()),
        },
    }
}

/// The system's words, without the number of the error in them.
pub(super) fn unnumbered(words: &str) -> String {
    match words.split_once(" (os error ") {
        Some((before, after)) => {
            let after = after.split_once(')').map_or("", |(_, after)| after);
            format!("{before}{after}")
        }
        None => words.to_owned(),
    }
}

/// SQLite's error, in words that say what to do where they can.
fn said(file: &Path, error: &rusqlite::Error) -> Error {
    let reason = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => return Error::Foreign(file.to_owned()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another process has been writing to it for half a minute".to_owned()
        }
        Some(ErrorCode::DiskFull) => "the disk is full".to_owned(),
        Some(ErrorCode::ReadOnly) => "it cannot be written to".to_owned(),
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "it cannot be opened; may this user read and write it?".to_owned()
        }
        _ => error.to_string(),
    };
    Error::Database {
        file: file.to_owned(),
        reason,
    }
}
