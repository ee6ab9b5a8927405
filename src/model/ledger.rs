//! The ledger: what became of each identifier of a batch.

use serde::Serialize;

use super::id::ArxivId;
use super::paper::Source;

/// One line of the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Line {
    /// The argument or line as given, trimmed.
    pub input: String,
    /// Canonical, with its version if one was asked for; none if malformed.
    pub id: Option<ArxivId>,
    /// What became of it.
    pub status: Status,
    /// Where this run found it.
    pub source: Option<Origin>,
    /// Why, where there is something to say.
    pub message: Option<String>,
}

/// Where a run found a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// What this machine holds.
    Library,
    /// A catalog.
    Catalog,
    /// arXiv's query API.
    Api,
    /// arXiv's OAI-PMH.
    Oai,
    /// arXiv's RSS.
    Rss,
    /// A file of the user's.
    File,
}

impl From<Source> for Origin {
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

/// What became of an identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Its record is in the output.
    Found,
    /// Already there; nothing was done.
    Skipped,
    /// The authors withdrew it, and so it has no file.
    Withdrawn,
    /// arXiv deleted it.
    Deleted,
    /// arXiv knows no such paper.
    NotFound,
    /// Not an identifier.
    Malformed,
    /// arXiv will not give the file.
    Refused,
    /// arXiv could not be asked.
    Unavailable,
    /// A local error.
    Failed,
    /// The user interrupted before it was its turn.
    Interrupted,
}
