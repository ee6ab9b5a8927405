//! What this machine holds: every record it ever got, and what the user made of it.
//!
//! SQLite (`library.db`) is the truth; the search index (`index/`) is derived from it and can be lost without loss.
//! Several processes may read and write at once. Nothing here asks the network, and reading creates nothing.

mod absent;
mod chosen;
mod error;
mod files;
mod harvest;
mod health;
mod index;
mod kept;
mod listing;
mod records;
mod removed;
mod searches;
mod store;
mod stored;
mod writing;

pub use absent::Absence;
pub use error::Error;
pub use files::File;
pub use harvest::Mark;
pub use health::{Strays, Unsound};
pub use index::{IndexHealth, snippet};
pub use listing::{Listing, Wanted};
pub use records::Held;
pub use removed::Removed;
pub use searches::KnownSearch;
pub use store::Library;
pub use writing::{Put, Tally};

/// Which part of what is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// What the user kept.
    Library,
    /// Every record.
    Mirror,
}
