//! OAI-PMH: parses responses in all four of arXiv's metadata prefixes, fetches single records, and harvests.
//!
//! Parsing is pure: no network, no clock. Every response is hostile until parsed: sizes, depth and counts are limited, a
//! DOCTYPE is refused, and a response is complete only with its closing tag. An error within one record affects that
//! record alone. Elements are identified by their local names and places, because older responses lack namespaces.

mod dublin_core;
mod harvest;
mod metadata;
mod reader;
mod record;
mod request;
mod values;

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

pub use self::harvest::{HarvestError, HarvestRequest, HarvestStep, HarvestSummary, harvest};
pub use self::request::record;
pub use super::xml::Error;
use super::xml::walk;
use crate::model::id::ArxivId;
use crate::model::record::Record;

/// A response.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct OaiResponse {
    /// When arXiv responded.
    pub response_date: Option<DateTime<Utc>>,
    /// The listed items, in order.
    pub items: Vec<ListItem>,
    /// The resumption token of the next page, opaque; `None` on the last page.
    pub token: Option<String>,
    /// The protocol error, if it is one. Those come with HTTP status 200.
    pub error: Option<ProtocolError>,
    /// The earliest datestamp, in the response to `Identify`.
    pub earliest: Option<NaiveDate>,
}

/// An item that a response lists.
#[derive(Clone, PartialEq, Debug)]
pub enum ListItem {
    /// A paper's record.
    Record(Box<Record>),
    /// A header without its record, of `ListIdentifiers`: the paper and its datestamp.
    Header(ArxivId, NaiveDate),
    /// A deleted paper and its datestamp.
    Deleted(ArxivId, NaiveDate),
    /// A record that cannot be read.
    Unreadable(UnreadableRecord),
}

/// A record that cannot be read. It is displayed as a sentence without a full stop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnreadableRecord {
    /// The paper, if at least that can be read.
    pub id: Option<ArxivId>,
    /// The day of its last change, if that can be read.
    pub datestamp: Option<NaiveDate>,
    /// What is wrong and where, as a clause.
    pub reason: String,
}

impl fmt::Display for UnreadableRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            Some(id) => write!(f, "the record of {id} cannot be read: {}", self.reason),
            None => write!(f, "a record cannot be read: {}", self.reason),
        }
    }
}

/// An error of the protocol.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProtocolError {
    /// Its code.
    pub code: ErrorCode,
    /// arXiv's message.
    pub message: String,
}

/// The error codes of OAI-PMH 2.0, section 3.6.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorCode {
    /// An argument is missing, repeated or invalid: a date too early or too late, an unknown set.
    BadArgument,
    /// The token is invalid or has expired.
    BadResumptionToken,
    /// There is no such verb.
    BadVerb,
    /// There is no such metadata prefix.
    CannotDisseminateFormat,
    /// There is no such paper.
    IdDoesNotExist,
    /// No record was changed in this time.
    NoRecordsMatch,
    /// A code that the protocol does not define.
    Other,
}

impl ErrorCode {
    fn parse(text: &str) -> Self {
        match text {
            "badArgument" => Self::BadArgument,
            "badResumptionToken" => Self::BadResumptionToken,
            "badVerb" => Self::BadVerb,
            "cannotDisseminateFormat" => Self::CannotDisseminateFormat,
            "idDoesNotExist" => Self::IdDoesNotExist,
            "noRecordsMatch" => Self::NoRecordsMatch,
            _ => Self::Other,
        }
    }
}

/// arXiv's earliest datestamp, unless `Identify` says another.
pub const EARLIEST: NaiveDate = match NaiveDate::from_ymd_opt(2005, 9, 16) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Authors of one paper, of which the longest lists on arXiv have some 5,000. Also the limit of an author's affiliations,
/// a paper's versions, and each repeated element of Dublin Core.
const MAX_AUTHORS: usize = 20_000;
/// Items of one response. arXiv lists at most 20,000.
const MAX_ITEMS: usize = 100_000;
/// Bytes of a resumption token.
const MAX_TOKEN: usize = 4_096;

/// Parses a response; also a bare `<record>`, and the bare metadata of one. A response that breaks off is an error.
pub fn parse(body: &[u8]) -> Result<OaiResponse, Error> {
    let mut items = Vec::new();
    let response = parse_each(body, |item| {
        if items.len() == MAX_ITEMS {
            return Err(format!("the answer lists more than {MAX_ITEMS} records"));
        }
        items.push(item);
        Ok(())
    })?;
    Ok(OaiResponse { items, ..response })
}

/// Parses a response of any length, and passes each item to `sink` as soon as it is read; the returned response has no
/// items.
///
/// An error of `sink`, a clause, ends the parsing. Of a response that breaks off, the items before the break are passed
/// on.
pub fn parse_each(
    body: &[u8],
    sink: impl FnMut(ListItem) -> Result<(), String>,
) -> Result<OaiResponse, Error> {
    let text = reader::decode(body);
    walk::read(&text, reader::OaiReader::new(sink))
}
