//! The folder of the index: the write lock, the files that belong to tantivy, and errors of the file system.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenReadError, OpenWriteError};

use crate::library::error::without_errno;
use crate::library::{Error, Library};
use crate::model::event::Event;

/// Interval between attempts to take the write lock.
const POLL: Duration = Duration::from_millis(100);

/// File by which tantivy tracks the files that it owns in a folder.
const MANAGED: &str = ".managed.json";

/// File in which tantivy lists the segments of the last commit.
const META: &str = "meta.json";

/// The lock that a process holds while it writes the index. The system releases it when the process ends.
pub struct WriteLock {
    _lock: File,
    /// Marker file that exists while the index is written. Its presence at the start means that a writer died.
    pub dirty_marker: PathBuf,
}

impl Library {
    /// Folder of the search index.
    #[must_use]
    pub fn index_folder(&self) -> PathBuf {
        self.folder().join("index")
    }

    /// Path of the marker file that exists while the index is written.
    pub(super) fn dirty_marker(&self) -> PathBuf {
        self.folder().join("index.unfinished")
    }

    /// Takes the write lock. Returns `None` if another process holds it.
    pub(super) fn try_write_lock(&self) -> Result<Option<WriteLock>, Error> {
        let path = self.folder().join("index.lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| self.io_failure(&error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(WriteLock {
                _lock: lock,
                dirty_marker: self.dirty_marker(),
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(self.io_failure(&error)),
        }
    }

    pub(super) fn wait_for_write_lock(&self, observe: &mut dyn FnMut(Event)) -> Result<WriteLock, Error> {
        let mut warned = false;
        loop {
            if let Some(lock) = self.try_write_lock()? {
                return Ok(lock);
            }
            if !std::mem::replace(&mut warned, true) {
                observe(Event::Warning(
                    "another arxcat builds the search index; waiting for it".to_owned(),
                ));
            }
            std::thread::sleep(POLL);
        }
    }

    /// Whether the index is on a medium or in a folder that this user cannot write: the lock file, which every writer
    /// leaves behind, cannot be opened for writing.
    pub(super) fn is_read_only(&self) -> bool {
        let opened = File::options().write(true).open(self.folder().join("index.lock"));
        opened.is_err_and(|error| error.kind() != ErrorKind::NotFound)
    }

    /// Empties the folder for a new index. Deletes only tantivy's files and fails if the folder belongs to another
    /// program.
    pub(super) fn clear_index_folder(&self) -> Result<(), Error> {
        let folder = self.index_folder();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return fs::create_dir_all(&folder).map_err(|error| self.io_failure(&error));
            }
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                return Err(Error::ForeignIndex(folder));
            }
            Err(error) => return Err(self.io_failure(&error)),
        };
        let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
        let paths = paths.map_err(|error| self.io_failure(&error))?;
        let (own, others): (Vec<PathBuf>, Vec<PathBuf>) =
            paths.into_iter().partition(|path| is_tantivy_file(path));
        let managed = own.iter().any(|path| path.ends_with(MANAGED));
        // A `meta.json` alone proves nothing: other programs write files of that name.
        let only_meta = own.iter().all(|path| path.ends_with(META)) && !own.is_empty();
        if !managed && (only_meta || !others.is_empty()) {
            return Err(Error::ForeignIndex(folder));
        }
        own.iter()
            .try_for_each(fs::remove_file)
            .map_err(|error| self.io_failure(&error))
    }

    /// Converts an error of tantivy. An error of the file system, such as a full disk, does not mean that the index is
    /// damaged.
    pub(super) fn index_failure(&self, error: &TantivyError) -> Error {
        match disk_error(error) {
            Some(error) => self.io_failure(error),
            None => self.index_error(error),
        }
    }

    /// Converts an error of the file system while the index is written.
    pub(super) fn io_failure(&self, error: &io::Error) -> Error {
        Error::io(&self.index_folder(), error)
    }

    pub(super) fn index_error(&self, reason: &dyn std::fmt::Display) -> Error {
        Error::Index {
            folder: self.index_folder(),
            reason: without_errno(&reason.to_string()),
        }
    }
}

/// Whether tantivy uses such a name: the files of a segment start with its 32 hexadecimal digits.
fn is_tantivy_file(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let of_segment = name.split_once('.').is_some_and(|(segment, _)| {
        segment.len() == 32 && segment.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    let known = [META, MANAGED, ".tantivy-writer.lock", ".tantivy-meta.lock"].contains(&&*name);
    path.is_file() && (of_segment || known || name.starts_with(".tmp"))
}

/// The error of the file system inside an error of tantivy, if it concerns the medium and not the content of the index.
fn disk_error(error: &TantivyError) -> Option<&io::Error> {
    let disk_error = match error {
        TantivyError::IoError(error)
        | TantivyError::LockFailure(LockError::IoError(error), _)
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error: error, .. })
        | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: error, .. }) => Some(&**error),
        _ => None,
    };
    disk_error.filter(|error| {
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

/// Total size of the files in a folder, in bytes.
pub fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    entries
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .map(|found| found.len())
        .sum()
}
