//! The announcements' feeds (<https://info.arxiv.org/help/rss.html>): RSS 2.0 and its Atom twin, bytes to papers.
//!
//! As pure and as wary as [`atom`](super::atom). An item that arXiv has spoilt costs itself alone.

mod item;
mod reader;
mod request;

use chrono::{NaiveDate, Weekday};

pub use super::atom::Unreadable;
pub use super::xml::Error;
use super::xml::{feed_text, walk};
use crate::model::announcement::Announcement;

pub use request::{Reply, ask, url};

/// The announcements of a day.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Feed {
    /// The day, in arXiv's own calendar (US Eastern time).
    pub day: Option<NaiveDate>,
    /// The days of the week on which nothing is announced.
    pub skip_days: Vec<Weekday>,
    /// What is announced, in arXiv's order: new, cross, replace, replace-cross. None on weekends and holidays.
    pub announcements: Vec<Announcement>,
    /// The items that cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// arXiv's words, if this is an error feed: told by the channel's title.
    pub error: Option<String>,
}

/// Items of one feed at most; where one has so many, arXiv may have left some out.
pub const MOST_ITEMS: usize = 2_000;

/// Items read of one feed: what has more is not arXiv's.
const MAX_ITEMS: usize = 10 * MOST_ITEMS;
/// Categories of one paper, and DOIs.
const MAX_VALUES: usize = 1_000;
/// Authors of one paper; the longest lists on arXiv have some 5,000.
const MAX_AUTHORS: usize = 20_000;

/// Reads a feed. One that breaks off or is no feed of announcements is an error.
pub fn parse(xml: &[u8]) -> Result<Feed, Error> {
    walk::read(feed_text(xml)?, reader::FeedReader::default())
}
