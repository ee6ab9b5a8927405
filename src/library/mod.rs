//! What this machine holds: every record it ever got, and what the user made of it.
//!
//! SQLite (`library.db`) is the truth; the search index (`index/`) is derived from it and can be lost without loss.
//! Several processes may read and write at once. Nothing here asks the network, and reading creates nothing.

mod error;
mod files;
mod harvest;
mod health;
mod index;
mod json;
mod list_sql;
mod listing;
mod negative_cache;
mod records;
mod searches;
mod store;
mod undo;
mod upsert;
mod user_data;

pub use error::Error;
pub use files::DownloadedFile;
pub use harvest::HarvestCheckpoint;
pub use health::{InvalidRow, OrphanCounts};
pub use index::{IndexHealth, snippet};
pub use listing::{ListCursor, ListRequest};
pub use negative_cache::NegativeEntry;
pub use records::StoredRecord;
pub use searches::CachedSearch;
pub use store::Library;
pub use undo::RemovedPaper;
pub use upsert::{UpsertOptions, UpsertReport};

/// Which part of what is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// What the user kept.
    Library,
    /// Every record.
    Mirror,
}
