//! OAI-PMH: answers in all four of arXiv's metadata prefixes, from bytes to records; single records, and the harvest.
//!
//! Reading is pure: no network, no clock. Every answer is hostile until read: sizes, depth and numbers are capped, a
//! DOCTYPE is refused, and an answer is whole only with its closing tag. What is wrong within one record costs that
//! record alone. Elements are told by their local names and their places: older answers leave namespaces out.

mod dublin;
mod fields;
mod form;
mod harvest;
mod reader;
mod request;
mod tries;
mod window;

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

pub use self::harvest::{EARLIEST, Error as HarvestError, Harvest, Step, Summary, harvest};
pub use self::request::record;
pub use super::xml::Error;
use super::xml::walk;
use crate::model::id::ArxivId;
use crate::model::record::Record;

/// An answer.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Page {
    /// When arXiv answered.
    pub response_date: Option<DateTime<Utc>>,
    /// What it lists, in order.
    pub items: Vec<Item>,
    /// Gets the next page; none on the last. Opaque.
    pub token: Option<String>,
    /// arXiv's words, if this is a protocol error. Those come with HTTP status 200.
    pub refusal: Option<Refusal>,
    /// The first day of all datestamps, in the answer to `Identify`.
    pub earliest: Option<NaiveDate>,
}

/// One thing an answer lists.
#[derive(Clone, PartialEq, Debug)]
pub enum Item {
    /// A paper's record.
    Record(Box<Record>),
    /// A header without its record, of `ListIdentifiers`: the paper, and the day its record was changed last.
    Listed(ArxivId, NaiveDate),
    /// A paper that was deleted, and when.
    Deleted(ArxivId, NaiveDate),
    /// A record that cannot be read.
    Broken(Broken),
}

/// A record that cannot be read. Written as a sentence without its full stop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The paper it is about, where that can be read.
    pub id: Option<ArxivId>,
    /// The day it was changed last, where that can be read.
    pub datestamp: Option<NaiveDate>,
    /// What is wrong and where, as a clause.
    pub reason: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.id {
            Some(id) => write!(f, "the record of {id} cannot be read: {}", self.reason),
            None => write!(f, "a record cannot be read: {}", self.reason),
        }
    }
}

/// A protocol error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Which.
    pub code: Code,
    /// arXiv's words.
    pub message: String,
}

/// The errors of OAI-PMH 2.0, section 3.6.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// An argument is missing, repeated or wrong: a date too early or too late, an unknown set.
    BadArgument,
    /// The token is none, or has expired.
    BadResumptionToken,
    /// There is no such verb.
    BadVerb,
    /// There is no such metadata prefix.
    CannotDisseminateFormat,
    /// There is no such paper.
    IdDoesNotExist,
    /// Nothing was changed in this time.
    NoRecordsMatch,
    /// Another one.
    Other,
}

impl Code {
    fn of(text: &str) -> Self {
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

/// Authors of one paper; the longest lists on arXiv have some 5,000. Also of an author's affiliations, a paper's
/// versions, and all that Dublin Core repeats.
const MAX_AUTHORS: usize = 20_000;
/// Items of one answer; arXiv lists at most 20,000.
const MAX_ITEMS: usize = 100_000;
/// Bytes of a resumption token.
const MAX_TOKEN: usize = 4_096;

/// Reads an answer; also one `<record>`, and the metadata of one, without the envelope. One that breaks off is an
/// error.
pub fn parse(body: &[u8]) -> Result<Page, Error> {
    let mut items = Vec::new();
    let page = each(body, |item| {
        if items.len() == MAX_ITEMS {
            return Err(format!("the answer lists more than {MAX_ITEMS} records"));
        }
        items.push(item);
        Ok(())
    })?;
    Ok(Page { items, ..page })
}

/// Reads an answer of any length and hands each item to `sink` as soon as it is read; the page comes without them.
///
/// What `sink` finds wrong, a clause, ends the reading with an error. In an answer that breaks off, the items before
/// the break have been handed out.
pub fn each(body: &[u8], sink: impl FnMut(Item) -> Result<(), String>) -> Result<Page, Error> {
    let text = reader::decoded(body);
    walk::read(&text, reader::AnswerReader::new(sink))
}
