//! The query API's Atom feeds, of all three generations: bytes to papers.

use crate::model::paper::Paper;

/// A feed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Feed {
    /// `opensearch:totalResults`; sizes nothing.
    pub total: Option<u64>,
    /// The entries that are papers, in order, each with its version.
    pub papers: Vec<Paper>,
    /// arXiv's words, if this is an error feed: told by `/api/errors` in an entry's id.
    pub error: Option<ErrorEntry>,
}

/// The entry of an error feed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ErrorEntry {
    /// What follows `#` in its id: `incorrect_id_format_for_abc`.
    pub code: Option<String>,
    /// Its summary, for a person.
    pub message: String,
}

/// Why bytes are not a feed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{reason}, at byte {at}")]
pub struct Error {
    /// What is wrong, as a clause.
    pub reason: String,
    /// Where, in bytes.
    pub at: u64,
}

/// Reads a feed.
pub fn parse(_xml: &[u8]) -> Result<Feed, Error> {
    todo!()
}
