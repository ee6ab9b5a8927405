//! One item of a feed, turned into an announcement or an error; and the channel around it.

use chrono::{DateTime, FixedOffset, NaiveDate, Weekday};

use super::{AnnouncementFeed, MAX_AUTHORS, MAX_VALUES, UnreadableEntry};
use crate::arxiv::xml::squeeze;
use crate::model::announcement::{AnnounceType, Announcement};
use crate::model::id::ArxivId;
use crate::model::name;
use crate::model::paper::{Author, Paper, Source};

/// A text of the channel or of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ItemField {
    Title,
    Description,
    /// The day of the announcement, as midnight in arXiv's time zone.
    Date,
    /// When the channel was built.
    Built,
    SkipDay,
    Guid,
    Category,
    AnnounceType,
    Rights,
    Doi,
    JournalReference,
    Creator,
}

/// The fields of the channel that have been read so far.
#[derive(Default)]
pub(super) struct Channel {
    title: String,
    description: String,
    date: Option<NaiveDate>,
    built: Option<NaiveDate>,
    skip_days: Vec<Weekday>,
}

impl Channel {
    pub(super) fn set(&mut self, field: ItemField, text: &str) {
        match field {
            ItemField::Title => self.title = squeeze(text),
            ItemField::Description => self.description = squeeze(text),
            ItemField::Date => self.date = parse_date(text).map(|at| at.date_naive()),
            // The feed is built at midnight US Eastern time, which is the same day in UTC.
            ItemField::Built => self.built = parse_date(text).map(|at| at.to_utc().date_naive()),
            ItemField::SkipDay => {
                if let Ok(day) = text.trim().parse::<Weekday>()
                    && !self.skip_days.contains(&day)
                {
                    self.skip_days.push(day);
                }
            }
            _ => {}
        }
    }

    /// Sets the fields of the feed that come from the channel.
    pub(super) fn finish(self, feed: &mut AnnouncementFeed) {
        let of_items = feed.day;
        feed.day = self.date.or(of_items).or(self.built);
        feed.skip_days = self.skip_days;
        feed.skip_days.sort_by_key(Weekday::num_days_from_monday);
        if self.title.starts_with("Feed error for query") {
            feed.error = Some(self.description);
        }
    }
}

/// The fields of an item that have been read so far.
#[derive(Default)]
pub(super) struct FeedItem {
    guid: Option<String>,
    title: Option<String>,
    description: Option<String>,
    announce_type: Option<String>,
    date: Option<String>,
    rights: Option<String>,
    journal_reference: Option<String>,
    creator: Option<String>,
    dois: Vec<String>,
    categories: Vec<String>,
    /// The first error.
    error: Option<String>,
}

impl FeedItem {
    /// Stores a text of the item.
    pub(super) fn set(&mut self, field: ItemField, text: &str) {
        let slot = match field {
            ItemField::Title => &mut self.title,
            ItemField::Description => &mut self.description,
            ItemField::Guid => &mut self.guid,
            ItemField::Date => &mut self.date,
            ItemField::AnnounceType => &mut self.announce_type,
            ItemField::Rights => &mut self.rights,
            ItemField::JournalReference => &mut self.journal_reference,
            ItemField::Creator => &mut self.creator,
            ItemField::Category => return self.add_category(&squeeze(text)),
            ItemField::Doi => {
                let room = MAX_VALUES.saturating_sub(self.dois.len());
                self.dois
                    .extend(text.split_whitespace().take(room).map(str::to_owned));
                return;
            }
            ItemField::Built | ItemField::SkipDay => return,
        };
        if slot.is_some() {
            let twice = || "its item has the same element twice".to_owned();
            self.error.get_or_insert_with(twice);
        }
        *slot = Some(squeeze(text)).filter(|text| !text.is_empty());
    }

    /// Records an error, of which the first is kept.
    pub(super) fn set_error(&mut self, reason: String) {
        self.error.get_or_insert(reason);
    }

    pub(super) fn add_category(&mut self, code: &str) {
        let known = self.categories.iter().take(64).any(|known| known == code);
        if !code.is_empty() && !known && self.categories.len() < MAX_VALUES {
            self.categories.push(code.to_owned());
        }
    }

    /// Adds the item to the feed.
    pub(super) fn finish(self, feed: &mut AnnouncementFeed) {
        let (header, text) = split_description(self.description.as_deref().unwrap_or(""));
        let id = identifier(self.guid.as_deref(), header);
        if feed.day.is_none() {
            feed.day = self
                .date
                .as_deref()
                .and_then(parse_date)
                .map(|at| at.date_naive());
        }
        let announcement = id.clone().and_then(|id| self.announcement(id, header, text));
        match announcement {
            Ok(announcement) => feed.announcements.push(announcement),
            Err(reason) => feed.unreadable.push(UnreadableEntry { id: id.ok(), reason }),
        }
    }

    fn announcement(&self, id: ArxivId, header: &str, text: &str) -> Result<Announcement, String> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let announce_type = self
            .announce_type
            .as_deref()
            .or_else(|| word_after(header, "Announce Type:"))
            .ok_or("its item does not say what it is announced as")?;
        let announce_type = AnnounceType::parse(announce_type)
            .ok_or_else(|| format!("it is announced as `{announce_type}`, which is unknown"))?;
        let title = self.title.clone().ok_or("its item has no title")?;
        let mut paper = Paper::new(id, title);
        paper.authors = authors(self.creator.as_deref().unwrap_or(""))?;
        paper.abstract_ = Some(text.to_owned()).filter(|text| !text.is_empty());
        // No element says which category is the primary one; arXiv writes it first.
        paper.primary_category = self.categories.first().cloned();
        paper.categories.clone_from(&self.categories);
        paper.journal_ref.clone_from(&self.journal_reference);
        paper.license.clone_from(&self.rights);
        paper.set_dois(self.dois.clone());
        // `pubDate` is the day of the announcement, not that of any submission.
        paper.source = Source::Rss;
        Ok(Announcement { paper, announce_type })
    }
}

/// Splits `arXiv:2501.00001v2 Announce Type: new Abstract: We invent.` into the part before the abstract, and the
/// abstract.
fn split_description(description: &str) -> (&str, &str) {
    if !description.starts_with("arXiv:") {
        return ("", description);
    }
    match description.split_once("Abstract:") {
        Some((header, text)) => (header.trim(), text.trim()),
        None => (description, ""),
    }
}

/// Returns the word after a label.
fn word_after<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    text.split_once(label)?.1.split_whitespace().next()
}

/// Returns the paper's identifier with its version. Both places that have it must name the same paper.
fn identifier(guid: Option<&str>, header: &str) -> Result<ArxivId, String> {
    let read = |text: &str| ArxivId::parse(text).ok();
    let guid = guid.and_then(|guid| read(guid.strip_prefix("oai:arXiv.org:").unwrap_or(guid)));
    let in_header = word_after(header, "arXiv:").and_then(read);
    match (guid, in_header) {
        (Some(id), Some(other)) if id.base() != other.base() => {
            Err(format!("its item also names {}", other.base()))
        }
        (Some(id), Some(other)) if id.version().is_none() => Ok(other),
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => Err("an item has no arXiv identifier".to_owned()),
    }
}

/// Splits the authors, which are one string that may contain TeX and affiliations.
fn authors(creator: &str) -> Result<Vec<Author>, String> {
    let names = name::parse_authors(creator);
    if names.len() > MAX_AUTHORS {
        return Err(format!("its item has more than {MAX_AUTHORS} authors"));
    }
    let authors = names.into_iter().map(Author::from);
    Ok(authors.filter(|author| !author.name.is_empty()).collect())
}

/// Parses a date in the form of RSS or of Atom, in its own time zone.
fn parse_date(text: &str) -> Option<DateTime<FixedOffset>> {
    let text = text.trim();
    DateTime::parse_from_rfc2822(text)
        .or_else(|_| DateTime::parse_from_rfc3339(text))
        .ok()
}
