//! A record on its way into the library, and which of two records of a paper is believed.

use chrono::NaiveDate;

use super::id::ArxivId;
use super::paper::Paper;

mod merge;

/// A paper's record as a source gave it.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// What it says. `source` and `retrieved` are set; `library` counts only where it comes from the user.
    pub paper: Paper,
    /// The day it describes by the source's own word: an OAI datestamp, Kaggle's `update_date`, the day on which
    /// arXiv itself answered; never the day of an import.
    pub as_of: Option<NaiveDate>,
    /// Whether the source gave it as the paper's newest version: then it answers for the bare identifier.
    pub current: bool,
}

impl Record {
    /// The identifier with the version this record describes, where that is known.
    #[must_use]
    pub fn versioned(&self) -> ArxivId {
        match self.paper.version {
            Some(version) => self.paper.id.with_version(version),
            None => self.paper.id,
        }
    }
}
