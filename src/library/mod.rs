//! The library on this machine: every record that was ever received, and the user's data about papers.
//!
//! SQLite (`library.db`) is the truth; the search index (`index/`) is derived from it and can be deleted without loss.
//! Several processes may read and write at once. This layer never opens the network, and reading creates no files.

mod counts;
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
mod sql_functions;
mod store;
mod undo;
mod upsert;
mod user_data;

pub use counts::{CountKey, PaperCounts};
pub use error::Error;
pub use files::DownloadedFile;
pub use harvest::HarvestCheckpoint;
pub use health::{InvalidRow, OrphanCounts};
pub use index::{IndexHealth, TitleSearch, snippet};
pub use listing::{ListCursor, ListRequest};
pub use negative_cache::NegativeEntry;
pub use records::StoredRecord;
pub use searches::CachedSearch;
pub use store::Library;
pub use undo::RemovedPaper;
pub use upsert::{UpsertOptions, UpsertReport, trusted};

/// Which part of the stored records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Papers that the user kept.
    Library,
    /// All records.
    Mirror,
}
