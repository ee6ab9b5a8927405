//! The ledger: a JSON Lines file with the outcome of each identifier of a batch.

use serde::Serialize;

use super::id::ArxivId;
use super::paper::Source;

/// One line of the ledger (schema `ledger`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LedgerEntry {
    /// The argument or line of input, trimmed.
    pub input: String,
    /// The canonical identifier, with its version if one was given; `None` if the input is malformed.
    pub id: Option<ArxivId>,
    /// The kind of outcome.
    pub status: Status,
    /// Where this run found the record; `None` if no record was used.
    pub source: Option<RecordOrigin>,
    /// The path, the change or the reason; `None` if the status says everything.
    pub message: Option<String>,
}

/// Where a run found a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordOrigin {
    /// The library or mirror on this machine.
    Library,
    /// A catalog.
    Catalog,
    /// arXiv's query API.
    Api,
    /// arXiv's OAI-PMH.
    Oai,
    /// arXiv's RSS.
    Rss,
    /// A file that the user named.
    File,
}

impl From<Source> for RecordOrigin {
    fn from(source: Source) -> Self {
        match source {
            Source::Catalog => Self::Catalog,
            Source::Api => Self::Api,
            Source::Oai => Self::Oai,
            Source::Rss => Self::Rss,
            Source::File => Self::File,
        }
    }
}

/// The kind of outcome of one identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The record or the file is in the output, or the command did its work.
    Found,
    /// Nothing had to be done.
    Skipped,
    /// The authors withdrew the paper, and so it has no file.
    Withdrawn,
    /// arXiv deleted the paper.
    Deleted,
    /// arXiv has no such paper.
    NotFound,
    /// The input is not an identifier.
    Malformed,
    /// arXiv does not give out the file.
    Refused,
    /// arXiv did not answer, or its answer cannot be read.
    Unavailable,
    /// A file or the library on this machine failed.
    Failed,
    /// The run was interrupted before this identifier.
    Interrupted,
}
