//! Records on their way from the reader of a file to the library.

use std::path::PathBuf;

use crate::model::id::ArxivId;
use crate::model::record::Record;

/// A batch of records, with the ones that were left out.
#[derive(Default)]
pub struct Batch {
    /// Records to import.
    pub records: Vec<Record>,
    /// Records that cannot be read.
    pub bad: Vec<OmittedRecord>,
    /// Entries that are not papers on arXiv.
    pub skipped: Vec<OmittedRecord>,
    /// Files that a bibliography names for its papers.
    pub files: Vec<(ArxivId, PathBuf)>,
    /// Size in bytes.
    pub bytes: usize,
}

/// A record that was left out, and why.
pub struct OmittedRecord {
    /// Line or identifier: `12`, `12: doe2021`, `2501.00001`.
    pub place: String,
    /// The reason as a clause.
    pub reason: String,
}
