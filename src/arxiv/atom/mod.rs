//! The query API's Atom feeds, of all three generations: bytes to papers.
//!
//! Pure: no network, no clock. Every feed is hostile until read: sizes, depth and numbers are capped, a DOCTYPE or an
//! entity of its own is refused, and a feed is whole only with its closing tag. Namespaces are resolved by URI: until
//! November 2025 arXiv declared them on each element, and a prefix may be any.

mod entry;
mod reader;

pub use super::xml::Error;
use super::xml::{feed_text, walk};
use crate::model::id::ArxivId;
use crate::model::paper::Paper;

/// A feed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Feed {
    /// `opensearch:totalResults`; sizes nothing.
    pub total: Option<u64>,
    /// The entries that are papers, in order, each with its version.
    pub papers: Vec<Paper>,
    /// The entries that are neither a paper nor an error: one record that arXiv has spoilt must not cost the others.
    pub unreadable: Vec<Unreadable>,
    /// arXiv's words, if this is an error feed: told by `/api/errors` in an entry's id.
    pub error: Option<ErrorEntry>,
}

/// An entry that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable {
    /// The paper it is about, with its version, where that can be read.
    pub id: Option<ArxivId>,
    /// What is wrong, as a clause.
    pub reason: String,
}

/// The entry of an error feed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ErrorEntry {
    /// What follows `#` in its id: `incorrect_id_format_for_abc`.
    pub code: Option<String>,
    /// Its summary, for a person.
    pub message: String,
}

/// Authors of one paper; the longest lists on arXiv have some 5,000. Also of an author's affiliations and of the
/// categories and DOIs of a paper.
const MAX_AUTHORS: usize = 20_000;
/// Papers of one feed; the manual's own ceiling over all pages of a search.
const MAX_ENTRIES: usize = 30_000;

/// Reads a feed. One that breaks off or is no Atom feed is an error.
pub fn parse(xml: &[u8]) -> Result<Feed, Error> {
    walk::read(feed_text(xml)?, reader::FeedReader::default())
}
