//! The folder of the index: what in it is tantivy's, who may write to it, and what its errors mean.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenReadError, OpenWriteError};

use crate::library::store::unnumbered;
use crate::library::{Error, Library};
use crate::model::event::Event;

/// How often somebody who waits for the index looks again.
const POLL: Duration = Duration::from_millis(100);

/// What tantivy always leaves in a folder: which of its files are its own.
const MANAGED: &str = ".managed.json";

/// What an index is made of, as the last commit left it.
const META: &str = "meta.json";

/// Whoever writes to the index holds this lock; the system frees it when the process ends.
pub struct Turn {
    _lock: File,
    /// Stands while the index is written to; one that is found means that a writer died.
    pub unfinished: PathBuf,
}

impl Library {
    /// The folder of the index.
    #[must_use]
    pub fn index_folder(&self) -> PathBuf {
        self.folder().join("index")
    }

    /// The file that stands while the index is written to.
    pub(super) fn unfinished(&self) -> PathBuf {
        self.folder().join("index.unfinished")
    }

    /// The lock, unless another process holds it.
    pub(super) fn turn(&self) -> Result<Option<Turn>, Error> {
        let path = self.folder().join("index.lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| self.refused(&error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Turn {
                _lock: lock,
                unfinished: self.unfinished(),
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(self.refused(&error)),
        }
    }

    pub(super) fn wait_for_turn(&self, observe: &mut dyn FnMut(Event)) -> Result<Turn, Error> {
        let mut told = false;
        loop {
            if let Some(turn) = self.turn()? {
                return Ok(turn);
            }
            if !std::mem::replace(&mut told, true) {
                observe(Event::Warning(
                    "another arxcat builds the search index; waiting for it".to_owned(),
                ));
            }
            std::thread::sleep(POLL);
        }
    }

    /// Whether the lock file, which every writer leaves behind, cannot be written to.
    pub(super) fn is_read_only(&self) -> bool {
        let opened = File::options().write(true).open(self.folder().join("index.lock"));
        opened.is_err_and(|error| error.kind() != ErrorKind::NotFound)
    }

    /// Makes room for a new index: takes away tantivy's files, and nothing that somebody else put there.
    pub(super) fn make_room(&self) -> Result<(), Error> {
        let folder = self.index_folder();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return fs::create_dir_all(&folder).map_err(|error| self.refused(&error));
            }
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                return Err(Error::ForeignIndex(folder));
            }
            Err(error) => return Err(self.refused(&error)),
        };
        let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
        let paths = paths.map_err(|error| self.refused(&error))?;
        let (own, others): (Vec<PathBuf>, Vec<PathBuf>) =
            paths.into_iter().partition(|path| is_tantivys(path));
        let managed = own.iter().any(|path| path.ends_with(MANAGED));
        // Others have a `meta.json` as well.
        let only_meta = own.iter().all(|path| path.ends_with(META)) && !own.is_empty();
        if !managed && (only_meta || !others.is_empty()) {
            return Err(Error::ForeignIndex(folder));
        }
        own.iter()
            .try_for_each(fs::remove_file)
            .map_err(|error| self.refused(&error))
    }

    /// What the index itself says. A system that refuses, as on a full disk, says nothing about the index.
    pub(super) fn broken(&self, error: &TantivyError) -> Error {
        match of_system(error) {
            Some(error) => self.refused(error),
            None => self.index_error(error),
        }
    }

    /// What the system says against writing to the index.
    pub(super) fn refused(&self, error: &io::Error) -> Error {
        Error::File {
            path: self.index_folder(),
            reason: match error.kind() {
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full".to_owned(),
                _ => unnumbered(&error.to_string()),
            },
        }
    }

    pub(super) fn index_error(&self, reason: &dyn std::fmt::Display) -> Error {
        Error::Index {
            folder: self.index_folder(),
            reason: unnumbered(&reason.to_string()),
        }
    }
}

/// Whether tantivy gives files such a name: those of a segment begin with 32 hexadecimal digits.
fn is_tantivys(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let of_segment = name.split_once('.').is_some_and(|(segment, _)| {
        segment.len() == 32 && segment.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    let known = [META, MANAGED, ".tantivy-writer.lock", ".tantivy-meta.lock"].contains(&&*name);
    path.is_file() && (of_segment || known || name.starts_with(".tmp"))
}

/// The system's own error in tantivy's, where it is about the disk and not about what is on it.
fn of_system(error: &TantivyError) -> Option<&io::Error> {
    let of_system = match error {
        TantivyError::IoError(error)
        | TantivyError::LockFailure(LockError::IoError(error), _)
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: error, .. })
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: error, .. }) => Some(&**error),
        _ => None,
    };
    of_system.filter(|error| {
        matches!(
            error.kind(),
            ErrorKind::StorageFull
                | ErrorKind::QuotaExceeded
                | ErrorKind::FileTooLarge
                | ErrorKind::ReadOnlyFilesystem
                | ErrorKind::PermissionDenied
                | ErrorKind::OutOfMemory
        )
    })
}

/// The bytes of a folder's files.
pub fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .map(|found| found.len())
        .sum()
}
