//! Why the library could not be used.

use std::path::PathBuf;

/// Why the library could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database says no: it is damaged, full, locked for too long, or cannot be read or written.
    #[error("{}: {reason}", file.display())]
    Database {
        /// `library.db`.
        file: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// The file is somebody else's.
    #[error("{} is not a library of arxcat", .0.display())]
    Foreign(PathBuf),
    /// A newer arxcat made it.
    #[error("the library {} is of a newer arxcat (form {found}, this one knows {known})", file.display())]
    Newer {
        /// `library.db`.
        file: PathBuf,
        /// The form it has.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// A file or folder beside the database cannot be read or written.
    #[error("{}: {reason}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// What lies where the search index goes is somebody else's.
    #[error("{} is not arxcat's, and the search index goes there", .0.display())]
    ForeignIndex(PathBuf),
    /// The search index says no, although it was built anew.
    #[error("the search index {}: {reason}", folder.display())]
    Index {
        /// `index`.
        folder: PathBuf,
        /// What it says.
        reason: String,
    },
}
