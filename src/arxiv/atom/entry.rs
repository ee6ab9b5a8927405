//! One entry, from its parts to a paper or an error.

use chrono::DateTime;

use super::{ErrorEntry, Feed, MAX_AUTHORS, Unreadable};
use crate::arxiv::classes::{self, Term};
use crate::arxiv::xml::squeeze;
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::{Author, Paper, Source};
use crate::model::tex;

/// A text that an entry, one of its authors or the feed itself has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
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

/// What an entry has said so far.
#[derive(Default)]
pub(super) struct Entry {
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
    /// The first fault, and where.
    spoilt: Option<String>,
}

impl Entry {
    /// Notes a fault; the first one counts.
    pub(super) fn spoil(&mut self, reason: String) {
        self.spoilt.get_or_insert(reason);
    }

    /// Takes a text of the entry.
    pub(super) fn set(&mut self, field: Field, text: &str) -> Result<(), String> {
        let slot = match field {
            Field::Id => &mut self.id,
            Field::Title => &mut self.title,
            Field::Summary => &mut self.summary,
            Field::Comment => &mut self.comment,
            Field::JournalRef => &mut self.journal_ref,
            Field::Doi => return push(&mut self.dois, squeeze(text), "DOIs"),
            Field::Updated => return once(&mut self.updated, moment(text.trim_ascii())),
            Field::Published => return once(&mut self.published, moment(text.trim_ascii())),
            Field::Name | Field::Affiliation => return self.set_of_author(field, squeeze(text)),
            Field::Total => return Ok(()),
        };
        once(slot, Some(squeeze(text)).filter(|text| !text.is_empty()))
    }

    /// Begins an author, whose name and affiliations follow.
    pub(super) fn begin_author(&mut self) -> Result<(), String> {
        push(&mut self.authors, Author::default(), "authors")
    }

    /// Ends an author; one without a name is none.
    pub(super) fn end_author(&mut self) {
        if self.authors.last().is_some_and(|author| author.name.is_empty()) {
            self.authors.pop();
        }
    }

    fn set_of_author(&mut self, field: Field, text: String) -> Result<(), String> {
        let text = if text.contains('\\') {
            tex::to_unicode(&text).into_owned()
        } else {
            text
        };
        match self.authors.last_mut() {
            Some(author) if field == Field::Name => author.name = text,
            Some(author) => push(&mut author.affiliations, text, "affiliations")?,
            None => {}
        }
        Ok(())
    }

    /// Takes the term of a `category`.
    pub(super) fn add_term(&mut self, term: String) -> Result<(), String> {
        push(&mut self.terms, term, "categories")
    }

    /// Takes the term of the `primary_category`.
    pub(super) fn set_primary(&mut self, term: String) {
        self.primary = Some(term);
    }

    /// Adds what the entry is to the feed. An error entry is told by `/api/errors` in its id, or by being titled
    /// `Error` without a paper's id: the complaint about `sortBy` points into the manual.
    pub(super) fn finish(self, feed: &mut Feed) {
        let id = self.id.as_deref().unwrap_or_default();
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
            Err(reason) => feed.unreadable.push(Unreadable { id, reason }),
        }
    }

    fn paper(self, id: ArxivId) -> Result<Paper, String> {
        if let Some(reason) = self.spoilt {
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

/// A date; in the form that all have, without trying others first. One that is none is not known.
fn moment(text: &str) -> Option<Stamp> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) => Stamp::second(time.to_utc()),
        Err(_) => Stamp::parse(text),
    }
}

/// Categories with the primary one first; classes of other bodies where they are clear.
fn classify(paper: &mut Paper, primary: Option<String>, terms: Vec<String>) {
    let mut categories = Vec::with_capacity(terms.len());
    categories.extend(primary.clone());
    paper.primary_category = primary;
    for term in terms {
        match classes::of(&term) {
            Term::Category if categories.len() < 64 && categories.contains(&term) => {}
            Term::Category => categories.push(term),
            Term::Msc if paper.msc_class.is_none() => paper.msc_class = Some(term),
            Term::Acm if paper.acm_class.is_none() => paper.acm_class = Some(term),
            Term::Msc | Term::Acm | Term::Unclear => {}
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
