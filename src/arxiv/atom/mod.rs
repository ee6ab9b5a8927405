//! Parses the query API's Atom feeds, of all three generations, into papers.
//!
//! Pure: no network, no clock. Every feed is hostile until parsed: sizes, depth and counts are limited, a DOCTYPE or an
//! entity of its own is an error, and a feed is complete only with its closing tag. Namespaces are resolved by URI,
//! since until November 2025 arXiv declared them on each element, and a prefix is free.

mod entry;
mod reader;

pub use super::xml::Error;
use super::xml::{feed_text, walk};
use crate::model::id::ArxivId;
use crate::model::paper::Paper;

/// A feed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Feed {
    /// `opensearch:totalResults`. Nothing is allocated by it, since it is only a claim.
    pub total: Option<u64>,
    /// The entries that are papers, in order, each with its version.
    pub papers: Vec<Paper>,
    /// The entries that are neither a paper nor an error. One damaged record must not cost the others.
    pub unreadable: Vec<UnreadableEntry>,
    /// The error, if this is an error feed, recognized by `/api/errors` in an entry's id.
    pub error: Option<ErrorEntry>,
}

/// An entry of a feed that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnreadableEntry {
    /// The paper's identifier with its version, if at least that can be read.
    pub id: Option<ArxivId>,
    /// What is wrong, as a clause.
    pub reason: String,
}

/// The entry of an error feed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ErrorEntry {
    /// The fragment of its id: `incorrect_id_format_for_abc`.
    pub code: Option<String>,
    /// Its summary, a sentence for people.
    pub message: String,
}

/// Authors of one paper, of which the longest lists on arXiv have some 5,000. Also the limit of an author's affiliations
/// and of a paper's categories and DOIs.
const MAX_AUTHORS: usize = 20_000;
/// Papers of one feed: the API manual's limit over all pages of a search.
const MAX_ENTRIES: usize = 30_000;

/// Parses a feed. A feed that breaks off is an error, as is any other document.
pub fn parse(xml: &[u8]) -> Result<Feed, Error> {
    walk::read(feed_text(xml)?, reader::AtomReader::default())
}
