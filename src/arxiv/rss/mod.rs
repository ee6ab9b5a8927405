//! Parses the feeds of announcements (<https://info.arxiv.org/help/rss.html>), RSS 2.0 and its Atom twin.
//!
//! Pure and strict like [`atom`](super::atom). A damaged item affects that item alone.

mod item;
mod reader;
mod request;

use chrono::{NaiveDate, Weekday};

pub use super::atom::UnreadableEntry;
pub use super::xml::Error;
use super::xml::{feed_text, walk};
use crate::model::announcement::Announcement;

pub use request::{FeedResponse, fetch, url};

/// The announcements of a day.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AnnouncementFeed {
    /// The day, in arXiv's own calendar (US Eastern time).
    pub day: Option<NaiveDate>,
    /// The days of the week on which nothing is announced.
    pub skip_days: Vec<Weekday>,
    /// The announcements in arXiv's order: new, cross, replace, replace-cross. Empty on weekends and holidays.
    pub announcements: Vec<Announcement>,
    /// The items that cannot be read.
    pub unreadable: Vec<UnreadableEntry>,
    /// arXiv's message, if this is an error feed, which has a title of its own.
    pub error: Option<String>,
}

/// The most items that arXiv puts into a feed. One with as many may lack some.
pub const MAX_FEED_ITEMS: usize = 2_000;

/// Items accepted of one feed, far more than arXiv sends.
const MAX_ITEMS: usize = 10 * MAX_FEED_ITEMS;
/// Categories of one paper, and DOIs of one.
const MAX_VALUES: usize = 1_000;
/// Authors of one paper, of which the longest lists on arXiv have some 5,000.
const MAX_AUTHORS: usize = 20_000;

/// Parses a feed. A feed that breaks off is an error, as is any other document.
pub fn parse(xml: &[u8]) -> Result<AnnouncementFeed, Error> {
    walk::read(feed_text(xml)?, reader::RssReader::default())
}
