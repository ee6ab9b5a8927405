//! One entry of a feed: collects its fields and turns them into a paper or an error.

use chrono::DateTime;

use super::{ErrorEntry, Feed, MAX_AUTHORS, UnreadableEntry};
use crate::arxiv::category_term::{self, CategoryTerm};
use crate::arxiv::xml::squeeze;
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::{Author, Paper, Source};
use crate::model::tex;

/// A text of an entry, of one of its authors or of the feed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EntryField {
    Total,
    Id,
    Title,
    Updated,
    Published,
    Summary,
    Comment,
    JournalRef,
    Doi,
    Name,
    Affiliation,
}

/// The fields of an entry that have been read so far.
#[derive(Default)]
pub(super) struct AtomEntry {
    id: Option<String>,
    title: Option<String>,
    updated: Option<Stamp>,
    published: Option<Stamp>,
    summary: Option<String>,
    comment: Option<String>,
    journal_ref: Option<String>,
    dois: Vec<String>,
    primary: Option<String>,
    terms: Vec<String>,
    authors: Vec<Author>,
    /// The first error, with its offset.
    error: Option<String>,
}

impl AtomEntry {
    /// Records an error, of which the first is kept.
    pub(super) fn set_error(&mut self, reason: String) {
        self.error.get_or_insert(reason);
    }

    /// Stores a text of the entry.
    pub(super) fn set(&mut self, field: EntryField, text: &str) -> Result<(), String> {
        let slot = match field {
            EntryField::Id => &mut self.id,
            EntryField::Title => &mut self.title,
            EntryField::Summary => &mut self.summary,
            EntryField::Comment => &mut self.comment,
            EntryField::JournalRef => &mut self.journal_ref,
            EntryField::Doi => return push(&mut self.dois, squeeze(text), "DOIs"),
            EntryField::Updated => return once(&mut self.updated, parse_date(text.trim_ascii())),
            EntryField::Published => return once(&mut self.published, parse_date(text.trim_ascii())),
            EntryField::Name | EntryField::Affiliation => return self.set_of_author(field, squeeze(text)),
            EntryField::Total => return Ok(()),
        };
        once(slot, Some(squeeze(text)).filter(|text| !text.is_empty()))
    }

    /// Adds an author, whose name and affiliations follow.
    pub(super) fn begin_author(&mut self) -> Result<(), String> {
        push(&mut self.authors, Author::default(), "authors")
    }

    /// Ends an author; one without a name is dropped.
    pub(super) fn end_author(&mut self) {
        if self.authors.last().is_some_and(|author| author.name.is_empty()) {
            self.authors.pop();
        }
    }

    fn set_of_author(&mut self, field: EntryField, text: String) -> Result<(), String> {
        let text = if text.contains('\\') {
            tex::to_unicode(&text).into_owned()
        } else {
            text
        };
        match self.authors.last_mut() {
            Some(author) if field == EntryField::Name => author.name = text,
            Some(author) => push(&mut author.affiliations, text, "affiliations")?,
            None => {}
        }
        Ok(())
    }

    /// Stores the term of a `category`.
    pub(super) fn add_term(&mut self, term: String) -> Result<(), String> {
        push(&mut self.terms, term, "categories")
    }

    /// Stores the term of the `primary_category`.
    pub(super) fn set_primary(&mut self, term: String) {
        self.primary = Some(term);
    }

    /// Adds the entry to the feed. An error entry has `/api/errors` in its id, or is titled `Error` and has no paper's
    /// id: that about `sortBy` has a link to the manual as its id.
    pub(super) fn finish(self, feed: &mut Feed) {
        let id = self.id.as_deref().unwrap_or("");
        let of_paper = id.split_once("/abs/").map(|(_, rest)| rest);
        let is_error =
            id.contains("/api/errors") || (of_paper.is_none() && self.title.as_deref() == Some("Error"));
        if is_error {
            feed.error = Some(ErrorEntry {
                code: id.split_once('#').map(|(_, code)| code.to_owned()),
                message: self.summary.unwrap_or_default(),
            });
            return;
        }
        let id = of_paper.and_then(|text| ArxivId::parse(text).ok());
        let paper = id
            .ok_or_else(|| "an entry has no arXiv identifier".to_owned())
            .and_then(|id| self.paper(id));
        match paper {
            Ok(paper) => feed.papers.push(paper),
            Err(reason) => feed.unreadable.push(UnreadableEntry { id, reason }),
        }
    }

    fn paper(self, id: ArxivId) -> Result<Paper, String> {
        if let Some(reason) = self.error {
            return Err(reason);
        }
        let title = self.title.ok_or("its entry has no title")?;
        let mut paper = Paper::new(id, title);
        paper.authors = self.authors;
        paper.abstract_ = self.summary;
        paper.published = self.published;
        paper.updated = self.updated;
        paper.comment = self.comment;
        paper.journal_ref = self.journal_ref;
        paper.set_dois(self.dois);
        paper.source = Source::Api;
        classify(&mut paper, self.primary, self.terms);
        Ok(paper)
    }
}

/// Parses a date; `None` if it is invalid. RFC 3339 is tried first, as the form of practically all entries.
fn parse_date(text: &str) -> Option<Stamp> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) => Stamp::second(time.to_utc()),
        Err(_) => Stamp::parse(text),
    }
}

/// Sets the categories, the primary one first, and the MSC and ACM classes that are recognized.
fn classify(paper: &mut Paper, primary: Option<String>, terms: Vec<String>) {
    let mut categories = Vec::with_capacity(terms.len());
    categories.extend(primary.clone());
    paper.primary_category = primary;
    for term in terms {
        match category_term::classify(&term) {
            CategoryTerm::Category if categories.len() < 64 && categories.contains(&term) => {}
            CategoryTerm::Category => categories.push(term),
            CategoryTerm::Msc if paper.msc_class.is_none() => paper.msc_class = Some(term),
            CategoryTerm::Acm if paper.acm_class.is_none() => paper.acm_class = Some(term),
            CategoryTerm::Msc | CategoryTerm::Acm | CategoryTerm::Unknown => {}
        }
    }
    paper.categories = categories;
}

fn once<T>(slot: &mut Option<T>, value: Option<T>) -> Result<(), String> {
    if slot.is_some() {
        return Err("an entry has the same element twice".to_owned());
    }
    *slot = value;
    Ok(())
}

fn push<T>(list: &mut Vec<T>, item: T, what: &str) -> Result<(), String> {
    if list.len() == MAX_AUTHORS {
        return Err(format!("an entry has more than {MAX_AUTHORS} {what}"));
    }
    list.push(item);
    Ok(())
}
