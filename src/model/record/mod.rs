//! Records with the date and the currency that merging needs.

use chrono::NaiveDate;

use super::id::ArxivId;
use super::paper::Paper;

mod merge;

/// A paper's record as a source gave it.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// The content. `source` and `retrieved` are set; `library` counts only if it comes from the user.
    pub paper: Paper,
    /// The day that the record describes according to its source: an OAI datestamp, Kaggle's `update_date`, or the day on
    /// which arXiv itself answered. Never the day of an import, or an old dump would replace newer records.
    pub as_of: Option<NaiveDate>,
    /// Whether the source gave it as the newest version. Only then does it answer for the identifier without a version: a
    /// record that was requested as `IDv1` says nothing about later versions.
    pub current: bool,
}

impl Record {
    /// The identifier with the record's version, if that is known.
    #[must_use]
    pub fn versioned(&self) -> ArxivId {
        match self.paper.version {
            Some(version) => self.paper.id.with_version(version),
            None => self.paper.id,
        }
    }
}
