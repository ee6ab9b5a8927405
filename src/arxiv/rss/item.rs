//! One item, from its parts to an announcement or to why it is none; and the channel around it.

use chrono::{DateTime, FixedOffset, NaiveDate, Weekday};

use super::{Feed, MAX_AUTHORS, MAX_VALUES, Unreadable};
use crate::arxiv::xml::squeeze;
use crate::model::announcement::{AnnounceType, Announcement};
use crate::model::id::ArxivId;
use crate::model::name;
use crate::model::paper::{Author, Paper, Source};

/// A text that the channel or an item has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Title,
    Description,
    /// The day, at midnight where arXiv is.
    Date,
    /// When the channel was made.
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

/// What the channel has said so far.
#[derive(Default)]
pub(super) struct Channel {
    title: String,
    description: String,
    date: Option<NaiveDate>,
    built: Option<NaiveDate>,
    skip_days: Vec<Weekday>,
}

impl Channel {
    pub(super) fn set(&mut self, field: Field, text: &str) {
        match field {
            Field::Title => self.title = squeeze(text),
            Field::Description => self.description = squeeze(text),
            Field::Date => self.date = moment(text).map(|at| at.date_naive()),
            // Made at midnight where arXiv is, which is hours into the same day here.
            Field::Built => self.built = moment(text).map(|at| at.to_utc().date_naive()),
            Field::SkipDay => {
                if let Ok(day) = text.trim().parse::<Weekday>()
                    && !self.skip_days.contains(&day)
                {
                    self.skip_days.push(day);
                }
            }
            _ => {}
        }
    }

    /// Puts on the feed what the channel says of it.
    pub(super) fn finish(self, feed: &mut Feed) {
        let of_items = feed.day;
        feed.day = self.date.or(of_items).or(self.built);
        feed.skip_days = self.skip_days;
        feed.skip_days.sort_by_key(Weekday::num_days_from_monday);
        if self.title.starts_with("Feed error for query") {
            feed.error = Some(self.description);
        }
    }
}

/// What an item has said so far.
#[derive(Default)]
pub(super) struct Item {
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
    fault: Option<String>,
}

impl Item {
    /// Takes a text of the item.
    pub(super) fn set(&mut self, field: Field, text: &str) {
        let slot = match field {
            Field::Title => &mut self.title,
            Field::Description => &mut self.description,
            Field::Guid => &mut self.guid,
            Field::Date => &mut self.date,
            Field::AnnounceType => &mut self.announce_type,
            Field::Rights => &mut self.rights,
            Field::JournalReference => &mut self.journal_reference,
            Field::Creator => &mut self.creator,
            Field::Category => return self.add_category(&squeeze(text)),
            Field::Doi => {
                let room = MAX_VALUES.saturating_sub(self.dois.len());
                self.dois
                    .extend(text.split_whitespace().take(room).map(str::to_owned));
                return;
            }
            Field::Built | Field::SkipDay => return,
        };
        if slot.is_some() {
            let twice = || "its item has the same element twice".to_owned();
            self.fault.get_or_insert_with(twice);
        }
        *slot = Some(squeeze(text)).filter(|text| !text.is_empty());
    }

    /// The item cannot be read, for this reason.
    pub(super) fn spoil(&mut self, reason: String) {
        self.fault.get_or_insert(reason);
    }

    pub(super) fn add_category(&mut self, code: &str) {
        let known = self.categories.iter().take(64).any(|known| known == code);
        if !code.is_empty() && !known && self.categories.len() < MAX_VALUES {
            self.categories.push(code.to_owned());
        }
    }

    /// Adds what the item is to the feed.
    pub(super) fn finish(self, feed: &mut Feed) {
        let (header, text) = apart(self.description.as_deref().unwrap_or_default());
        let id = identifier(self.guid.as_deref(), header);
        if feed.day.is_none() {
            feed.day = self.date.as_deref().and_then(moment).map(|at| at.date_naive());
        }
        let announcement = id.clone().and_then(|id| self.announcement(id, header, text));
        match announcement {
            Ok(announcement) => feed.announcements.push(announcement),
            Err(reason) => feed.unreadable.push(Unreadable { id: id.ok(), reason }),
        }
    }

    fn announcement(&self, id: ArxivId, header: &str, text: &str) -> Result<Announcement, String> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let announce_type = self
            .announce_type
            .as_deref()
            .or_else(|| after(header, "Announce Type:"))
            .ok_or("its item does not say what it is announced as")?;
        let announce_type = AnnounceType::parse(announce_type)
            .ok_or_else(|| format!("it is announced as `{announce_type}`, which is unknown"))?;
        let title = self.title.clone().ok_or("its item has no title")?;
        let mut paper = Paper::new(id, title);
        paper.authors = authors(self.creator.as_deref().unwrap_or_default())?;
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

/// `arXiv:2501.00001v2 Announce Type: new Abstract: We invent.` as what stands before the abstract, and the abstract.
fn apart(description: &str) -> (&str, &str) {
    if !description.starts_with("arXiv:") {
        return ("", description);
    }
    match description.split_once("Abstract:") {
        Some((header, text)) => (header.trim(), text.trim()),
        None => (description, ""),
    }
}

/// The word after a label.
fn after<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    text.split_once(label)?.1.split_whitespace().next()
}

/// The paper's identifier with its version. Both places that have it must name the same paper.
fn identifier(guid: Option<&str>, header: &str) -> Result<ArxivId, String> {
    let read = |text: &str| ArxivId::parse(text).ok();
    let guid = guid.and_then(|guid| read(guid.strip_prefix("oai:arXiv.org:").unwrap_or(guid)));
    let named = after(header, "arXiv:").and_then(read);
    match (guid, named) {
        (Some(id), Some(other)) if id.base() != other.base() => {
            Err(format!("its item also names {}", other.base()))
        }
        (Some(id), Some(other)) if id.version().is_none() => Ok(other),
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => Err("an item has no arXiv identifier".to_owned()),
    }
}

/// All authors are one string, with TeX and affiliations in it.
fn authors(creator: &str) -> Result<Vec<Author>, String> {
    let names = name::parse_authors(creator);
    if names.len() > MAX_AUTHORS {
        return Err(format!("its item has more than {MAX_AUTHORS} authors"));
    }
    let authors = names.into_iter().map(Author::from);
    Ok(authors.filter(|author| !author.name.is_empty()).collect())
}

/// A date in RSS's form or in Atom's, in its own time zone.
fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    let text = text.trim();
    DateTime::parse_from_rfc2822(text)
        .or_else(|_| DateTime::parse_from_rfc3339(text))
        .ok()
}
