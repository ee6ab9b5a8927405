//! One record, from its parts to what the answer lists.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::dublin::Dublin;
use super::form::{Field, Form};
use super::{Broken, Item, MAX_AUTHORS};
use crate::arxiv::xml::{excerpt, squeeze};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::name::{self, PersonName};
use crate::model::paper::{Author, Paper, Source, Version};
use crate::model::record::Record;

/// Stands for a byte that is not UTF-8: as long as that byte, and no character of XML.
pub(super) const NOT_UTF8: char = '\0';

/// What a record has said so far.
#[derive(Default)]
pub(super) struct Fields {
    form: Option<Form>,
    deleted: bool,
    /// The header's identifier.
    id: Option<ArxivId>,
    datestamp: Option<NaiveDate>,
    /// The header's sets, with spaces between.
    sets: String,
    /// The metadata's identifier.
    own_id: Option<ArxivId>,
    title: Option<String>,
    authors: Option<String>,
    abstract_: Option<String>,
    categories: Option<String>,
    comments: Option<String>,
    journal_ref: Option<String>,
    doi: Option<String>,
    report_no: Option<String>,
    msc_class: Option<String>,
    acm_class: Option<String>,
    license: Option<String>,
    submitter: Option<String>,
    created: Option<Stamp>,
    updated: Option<Stamp>,
    name: PersonName,
    people: Vec<Author>,
    versions: Vec<Version>,
    dublin: Dublin,
    /// The first fault, and where.
    spoilt: Option<String>,
}

impl Fields {
    /// Makes it a header that says the paper was deleted.
    pub(super) fn set_deleted(&mut self) {
        self.deleted = true;
    }

    /// Notes a fault; the first one counts.
    pub(super) fn spoil(&mut self, reason: String) {
        self.spoilt.get_or_insert(reason);
    }

    /// Begins the metadata.
    pub(super) fn begin_body(&mut self, form: Form) -> Result<(), String> {
        once(&mut self.form, Some(form))
    }

    /// Begins an author, whose names and affiliations follow.
    pub(super) fn begin_author(&mut self) -> Result<(), String> {
        self.name = PersonName::default();
        room_for(self.people.len(), "authors")
    }

    /// Ends an author; one without a name is none.
    pub(super) fn end_author(&mut self) {
        let author = Author::from(std::mem::take(&mut self.name));
        if !author.name.is_empty() && self.people.len() < MAX_AUTHORS {
            self.people.push(author);
        }
    }

    /// Begins a version, `v2`; its date and source follow.
    pub(super) fn begin_version(&mut self, number: &str) -> Result<(), String> {
        room_for(self.versions.len(), "versions")?;
        let digits = number.trim().trim_start_matches('v');
        let version = digits.parse().ok().filter(|&version| version > 0);
        self.versions.push(Version {
            version: version.ok_or_else(|| format!("`{}` is no version", excerpt(number)))?,
            date: None,
            withdrawn: Some(false),
        });
        Ok(())
    }

    /// Takes a text, without the control characters that XML forbids and arXiv lets through.
    pub(super) fn set(&mut self, field: Field, text: &str) -> Result<(), String> {
        if text.contains(NOT_UTF8) {
            return Err("it has a byte that is NUL or not UTF-8".to_owned());
        }
        let is_spoilt = |byte: u8| byte < b' ' && !is_space(byte);
        if text.bytes().fold(0, |found, b| found | u8::from(is_spoilt(b))) == 0 {
            return self.put(field, text);
        }
        if matches!(field, Field::Identifier | Field::Id | Field::Datestamp) {
            return Err("it has a character that XML forbids".to_owned());
        }
        let kept: String = text
            .chars()
            .filter(|&c| c >= ' ' || matches!(c, '\t' | '\n' | '\r'))
            .collect();
        self.put(field, &kept)
    }

    fn put(&mut self, field: Field, text: &str) -> Result<(), String> {
        let text = text.trim_ascii();
        let slot = match field {
            Field::Identifier => return once(&mut self.id, Some(identifier(text)?)),
            Field::Id => return once(&mut self.own_id, Some(identifier(text)?)),
            Field::Datestamp => return once(&mut self.datestamp, day(text)),
            Field::Set => {
                self.sets.push_str(text);
                self.sets.push(' ');
                return Ok(());
            }
            Field::Created => return once(&mut self.created, Stamp::parse(text)),
            Field::Updated => return once(&mut self.updated, Stamp::parse(text)),
            Field::Keyname | Field::Forenames | Field::Suffix | Field::Affiliation => {
                return self.set_of_author(field, text);
            }
            Field::VersionDate | Field::SourceType => {
                return self.set_of_version(field, text);
            }
            Field::DublinCreator
            | Field::DublinSubject
            | Field::DublinDescription
            | Field::DublinDate
            | Field::DublinIdentifier => return self.dublin.set(field, squeeze(text)),
            Field::Title => &mut self.title,
            Field::Authors => &mut self.authors,
            Field::Abstract => &mut self.abstract_,
            Field::Categories => &mut self.categories,
            Field::Comments => &mut self.comments,
            Field::JournalRef => &mut self.journal_ref,
            Field::Doi => &mut self.doi,
            Field::ReportNo => &mut self.report_no,
            Field::MscClass => &mut self.msc_class,
            Field::AcmClass => &mut self.acm_class,
            Field::License => &mut self.license,
            Field::Submitter => &mut self.submitter,
        };
        once(slot, Some(squeeze(text)).filter(|text| !text.is_empty()))
    }

    fn set_of_author(&mut self, field: Field, text: &str) -> Result<(), String> {
        match field {
            Field::Keyname => text.clone_into(&mut self.name.family),
            Field::Forenames => text.clone_into(&mut self.name.given),
            Field::Suffix => text.clone_into(&mut self.name.suffix),
            _ => {
                room_for(self.name.affiliations.len(), "affiliations")?;
                self.name.affiliations.push(text.to_owned());
            }
        }
        Ok(())
    }

    fn set_of_version(&mut self, field: Field, text: &str) -> Result<(), String> {
        let Some(version) = self.versions.last_mut() else {
            return Ok(());
        };
        if field == Field::VersionDate {
            let date = moment(text).ok_or_else(|| format!("`{}` is no date of a version", excerpt(text)))?;
            version.date = Some(date);
        } else {
            // arXiv's flag for a version whose source is to be ignored: the withdrawal notice.
            version.withdrawn = Some(text.contains('I'));
        }
        Ok(())
    }

    /// What the answer lists here.
    pub(super) fn finish(mut self, answered: Option<DateTime<Utc>>) -> Item {
        let id = self.id.or(self.own_id).or_else(|| self.dublin.id());
        let datestamp = self.datestamp;
        let made = match self.spoilt.take() {
            Some(reason) => Err(reason),
            None => self.item(answered),
        };
        made.unwrap_or_else(|reason| {
            Item::Broken(Broken {
                id,
                datestamp,
                reason,
            })
        })
    }

    fn item(self, answered: Option<DateTime<Utc>>) -> Result<Item, String> {
        let own_id = self.own_id.or_else(|| self.dublin.id());
        let id = self.id.or(own_id).ok_or("it has no arXiv identifier")?;
        if own_id.is_some_and(|own| own != id) {
            return Err("its header is another paper's".to_owned());
        }
        let Some(form) = self.form.filter(|_| !self.deleted) else {
            let datestamp = self.datestamp.ok_or("its header has no datestamp")?;
            return Ok(if self.deleted {
                Item::Deleted(id, datestamp)
            } else {
                Item::Listed(id, datestamp)
            });
        };
        let as_of = self.datestamp;
        Ok(Item::Record(Box::new(Record {
            paper: self.paper(id, form, answered)?,
            as_of,
            current: true,
        })))
    }

    fn paper(mut self, id: ArxivId, form: Form, answered: Option<DateTime<Utc>>) -> Result<Paper, String> {
        let title = self.title.take().ok_or("it has no title")?;
        let mut paper = Paper::new(id, title);
        paper.source = Source::Oai;
        paper.retrieved = answered.map(Stamp::Second);
        if form == Form::Dublin {
            self.dublin.fill(&mut paper, &self.sets);
            return Ok(paper);
        }
        paper.authors = self.people;
        if let Some(authors) = &self.authors {
            let names = name::parse_authors(authors);
            room_for(names.len().saturating_sub(1), "authors")?;
            paper.authors.extend(names.into_iter().map(Author::from));
        }
        if let Some(categories) = &self.categories {
            set_categories(&mut paper, categories.split(' '));
        }
        set_history(&mut paper, self.versions);
        if form == Form::Arxiv {
            set_dates(&mut paper, self.created, self.updated, answered);
        }
        // The service repeats the one as the other; in the prefix arXivOld they are right.
        paper.acm_class = self
            .acm_class
            .filter(|class| form == Form::Old || Some(class) != self.msc_class.as_ref());
        paper.abstract_ = self.abstract_;
        paper.comment = self.comments;
        paper.journal_ref = self.journal_ref;
        paper.report_no = self.report_no;
        paper.msc_class = self.msc_class;
        paper.license = self.license;
        paper.submitter = self.submitter;
        paper.set_dois(self.doi.as_deref().map(dois).unwrap_or_default());
        Ok(paper)
    }
}

/// Takes these as the paper's categories, the primary one first.
pub(super) fn set_categories<'a>(paper: &mut Paper, codes: impl Iterator<Item = &'a str>) {
    for code in codes {
        // Records have a handful; a hostile one must not cost quadratic time.
        let is_known = paper.categories.len() < 64 && paper.categories.iter().any(|known| known == code);
        if !is_known && !code.is_empty() {
            paper.categories.push(code.to_owned());
        }
    }
    paper.primary_category = paper.categories.first().cloned();
}

fn set_history(paper: &mut Paper, mut versions: Vec<Version>) {
    versions.sort_by_key(|version| version.version);
    versions.dedup_by_key(|version| version.version);
    let Some(last) = versions.last() else { return };
    paper.version = Some(last.version);
    paper.updated = last.date;
    paper.withdrawn = last.withdrawn;
    paper.published = versions
        .first()
        .filter(|first| first.version == 1)
        .and_then(|first| first.date);
    paper.versions = Some(versions);
}

/// The dates of the prefix arXiv. Until 2025 `created` was the first version's and `updated` the newest's; since then
/// `created` is the newest version's, and `updated` the day the record was changed.
fn set_dates(
    paper: &mut Paper,
    created: Option<Stamp>,
    updated: Option<Stamp>,
    answered: Option<DateTime<Utc>>,
) {
    match (updated, answered) {
        (None, _) => (paper.published, paper.updated) = (created, created),
        (Some(_), Some(time)) if time.year() < 2025 => {
            (paper.published, paper.updated) = (created, updated);
        }
        (Some(_), Some(_)) => paper.updated = created,
        // Which of the two it is, cannot be told.
        (Some(_), None) => {}
    }
}

/// The publisher's DOIs: arXiv lists several with spaces, commas or semicolons between.
pub(super) fn dois(text: &str) -> Vec<String> {
    let pieces = text.split(' ').map(|piece| piece.trim_end_matches([',', ';']));
    let is_publishers = |doi: &&str| {
        let own = doi.get(..9).is_some_and(|prefix| prefix == "10.48550/");
        !doi.is_empty() && !own
    };
    pieces.filter(is_publishers).map(str::to_owned).collect()
}

/// `Wed, 26 Aug 2009 08:27:29 GMT`. The name of the day is not looked at: it adds nothing, and may be wrong.
fn moment(text: &str) -> Option<Stamp> {
    let date = text.split_once(", ").map_or(text, |(_, date)| date);
    match DateTime::parse_from_rfc2822(date) {
        Ok(time) => Stamp::second(time.to_utc()),
        Err(_) => Stamp::parse(text),
    }
}

/// A datestamp: a day, or from other services a second.
fn day(text: &str) -> Option<NaiveDate> {
    text.get(..10).and_then(Stamp::parse).map(Stamp::day)
}

fn identifier(text: &str) -> Result<ArxivId, String> {
    ArxivId::parse(text)
        .map(ArxivId::base)
        .map_err(|fault| format!("`{}` is no arXiv identifier: {fault}", excerpt(text)))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r')
}

fn once<T>(slot: &mut Option<T>, value: Option<T>) -> Result<(), String> {
    if slot.is_some() {
        return Err("it has the same element twice".to_owned());
    }
    *slot = value;
    Ok(())
}

/// Whether a list of so many may have one more.
pub(super) fn room_for(length: usize, what: &str) -> Result<(), String> {
    if length >= MAX_AUTHORS {
        return Err(format!("it has more than {MAX_AUTHORS} {what}"));
    }
    Ok(())
}
