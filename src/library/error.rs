//! Errors of the library.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Why the library cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite reports an error: the database is locked for too long, or cannot be read or written.
    #[error("{}: {reason}", file.display())]
    Database {
        /// Path of `library.db`.
        file: PathBuf,
        /// SQLite's message, or advice where there is some.
        reason: String,
    },
    /// The database file, or a value in it, is damaged.
    #[error("{}: {reason}", file.display())]
    Damaged {
        /// Path of `library.db`.
        file: PathBuf,
        /// What is damaged.
        reason: String,
    },
    /// There is no space left for the database or for the index. Nothing is damaged by that.
    #[error("{}: the disk is full", .0.display())]
    DiskFull(PathBuf),
    /// The process may not open more files (`ulimit -n`).
    #[error("{}: too many open files", .0.display())]
    TooManyOpenFiles(PathBuf),
    /// The file exists and is not a library.
    #[error("{} is not a library of arxcat", .0.display())]
    Foreign(PathBuf),
    /// The library was written by a newer version of the program.
    #[error("the library {} is of a newer arxcat (form {found}, this one knows {known})", file.display())]
    Newer {
        /// Path of `library.db`.
        file: PathBuf,
        /// Version of its schema.
        found: u32,
        /// Newest schema version that this program reads.
        known: u32,
    },
    /// A file or folder beside the database cannot be read or written.
    #[error("{}: {reason}", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// The message of the operating system.
        reason: String,
    },
    /// The index folder holds files of another program.
    #[error("{} is not arxcat's, and the search index goes there", .0.display())]
    ForeignIndex(PathBuf),
    /// The search index failed, although it was rebuilt.
    #[error("the search index {}: {reason}", folder.display())]
    Index {
        /// Path of the index folder.
        folder: PathBuf,
        /// The message of the index.
        reason: String,
    },
}

impl Error {
    /// An error of the file system at this path.
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull(path.to_owned()),
            _ if is_file_limit(error) => Self::TooManyOpenFiles(path.to_owned()),
            _ => Self::File {
                path: path.to_owned(),
                reason: without_errno(&error.to_string()),
            },
        }
    }
}

/// Whether an error says that the process, or the system, has too many open files: EMFILE (24) or ENFILE (23), which are
/// the same numbers on Linux, macOS and the BSDs, and for which the standard library has no kind.
fn is_file_limit(error: &io::Error) -> bool {
    cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24))
}

/// Whether this many more files could be opened, tried on the folder of `path`. SQLite and tantivy report a lack of file
/// descriptors in words only, or as a file that cannot be opened.
pub(super) fn has_file_descriptors(path: &Path, count: usize) -> bool {
    let Some(folder) = path.parent() else { return true };
    let opened: io::Result<Vec<File>> = (0..count).map(|_| File::open(folder)).collect();
    !opened.is_err_and(|error| is_file_limit(&error))
}

/// A message of the operating system without `(os error 28)`.
pub(super) fn without_errno(message: &str) -> String {
    match message.split_once(" (os error ") {
        Some((before, after)) => {
            let after = after.split_once(')').map_or("", |(_, after)| after);
            format!("{before}{after}")
        }
        None => message.to_owned(),
    }
}
