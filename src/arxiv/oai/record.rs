//! One record: collects its fields and turns them into an item of the list.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::dublin_core::DublinCore;
use super::metadata::{MetadataFormat, RecordField};
use super::values::{check_count, datestamp, identifier, publisher_dois, set_categories, version_date};
use super::{ListItem, MAX_AUTHORS, UnreadableRecord};
use crate::arxiv::xml::{excerpt, squeeze};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::name::{self, PersonName};
use crate::model::paper::{Author, Paper, Source, Version};
use crate::model::record::Record;

/// Replaces a byte that is not UTF-8. It is as long as that byte, so that offsets stay right, and is no character of XML.
pub(super) const NOT_UTF8: char = '\0';

/// The fields of a record that have been read so far.
#[derive(Default)]
pub(super) struct RecordBuilder {
    format: Option<MetadataFormat>,
    deleted: bool,
    /// The header's identifier.
    id: Option<ArxivId>,
    datestamp: Option<NaiveDate>,
    /// The header's sets, separated by spaces.
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
    /// The author being read.
    name: PersonName,
    author_list: Vec<Author>,
    versions: Vec<Version>,
    dublin_core: DublinCore,
    /// The first error, with its offset.
    error: Option<String>,
}

impl RecordBuilder {
    /// Records that the header marks the paper as deleted.
    pub(super) fn set_deleted(&mut self) {
        self.deleted = true;
    }

    /// Records an error, of which the first is kept.
    pub(super) fn set_error(&mut self, reason: String) {
        self.error.get_or_insert(reason);
    }

    /// Starts the metadata.
    pub(super) fn begin_metadata(&mut self, format: MetadataFormat) -> Result<(), String> {
        once(&mut self.format, Some(format))
    }

    /// Starts an author, whose names and affiliations follow.
    pub(super) fn begin_author(&mut self) -> Result<(), String> {
        self.name = PersonName::default();
        check_count(self.author_list.len(), "authors")
    }

    /// Ends an author; one without a name is dropped.
    pub(super) fn end_author(&mut self) {
        let author = Author::from(std::mem::take(&mut self.name));
        if !author.name.is_empty() && self.author_list.len() < MAX_AUTHORS {
            self.author_list.push(author);
        }
    }

    /// Starts a version, `v2`, whose date and source type follow.
    pub(super) fn begin_version(&mut self, number: &str) -> Result<(), String> {
        check_count(self.versions.len(), "versions")?;
        let digits = number.trim().trim_start_matches('v');
        let version = digits.parse().ok().filter(|&version| version > 0);
        self.versions.push(Version {
            version: version.ok_or_else(|| format!("`{}` is no version", excerpt(number)))?,
            date: None,
            withdrawn: Some(false),
        });
        Ok(())
    }

    /// Stores a text, without the control characters that XML forbids and arXiv lets through.
    pub(super) fn set(&mut self, field: RecordField, text: &str) -> Result<(), String> {
        if text.contains(NOT_UTF8) {
            return Err("it has a byte that is NUL or not UTF-8".to_owned());
        }
        let is_forbidden = |byte: u8| byte < b' ' && !is_space(byte);
        if text.bytes().fold(0, |found, b| found | u8::from(is_forbidden(b))) == 0 {
            return self.store(field, text);
        }
        if matches!(
            field,
            RecordField::Identifier | RecordField::Id | RecordField::Datestamp
        ) {
            return Err("it has a character that XML forbids".to_owned());
        }
        let cleaned: String = text
            .chars()
            .filter(|&c| c >= ' ' || matches!(c, '\t' | '\n' | '\r'))
            .collect();
        self.store(field, &cleaned)
    }

    fn store(&mut self, field: RecordField, text: &str) -> Result<(), String> {
        let text = text.trim_ascii();
        let slot = match field {
            RecordField::Identifier => return once(&mut self.id, Some(identifier(text)?)),
            RecordField::Id => return once(&mut self.own_id, Some(identifier(text)?)),
            RecordField::Datestamp => return once(&mut self.datestamp, datestamp(text)),
            RecordField::Set => {
                self.sets.push_str(text);
                self.sets.push(' ');
                return Ok(());
            }
            RecordField::Created => return once(&mut self.created, Stamp::parse(text)),
            RecordField::Updated => return once(&mut self.updated, Stamp::parse(text)),
            RecordField::Keyname
            | RecordField::Forenames
            | RecordField::Suffix
            | RecordField::Affiliation => {
                return self.set_of_author(field, text);
            }
            RecordField::VersionDate | RecordField::SourceType => {
                return self.set_of_version(field, text);
            }
            RecordField::DublinCreator
            | RecordField::DublinSubject
            | RecordField::DublinDescription
            | RecordField::DublinDate
            | RecordField::DublinIdentifier => return self.dublin_core.set(field, squeeze(text)),
            RecordField::Title => &mut self.title,
            RecordField::Authors => &mut self.authors,
            RecordField::Abstract => &mut self.abstract_,
            RecordField::Categories => &mut self.categories,
            RecordField::Comments => &mut self.comments,
            RecordField::JournalRef => &mut self.journal_ref,
            RecordField::Doi => &mut self.doi,
            RecordField::ReportNo => &mut self.report_no,
            RecordField::MscClass => &mut self.msc_class,
            RecordField::AcmClass => &mut self.acm_class,
            RecordField::License => &mut self.license,
            RecordField::Submitter => &mut self.submitter,
        };
        once(slot, Some(squeeze(text)).filter(|text| !text.is_empty()))
    }

    fn set_of_author(&mut self, field: RecordField, text: &str) -> Result<(), String> {
        match field {
            RecordField::Keyname => text.clone_into(&mut self.name.family),
            RecordField::Forenames => text.clone_into(&mut self.name.given),
            RecordField::Suffix => text.clone_into(&mut self.name.suffix),
            _ => {
                check_count(self.name.affiliations.len(), "affiliations")?;
                self.name.affiliations.push(text.to_owned());
            }
        }
        Ok(())
    }

    fn set_of_version(&mut self, field: RecordField, text: &str) -> Result<(), String> {
        let Some(version) = self.versions.last_mut() else {
            return Ok(());
        };
        if field == RecordField::VersionDate {
            let date =
                version_date(text).ok_or_else(|| format!("`{}` is no date of a version", excerpt(text)))?;
            version.date = Some(date);
        } else {
            // arXiv's flag for a version whose source is to be ignored, which is a withdrawal notice.
            version.withdrawn = Some(text.contains('I'));
        }
        Ok(())
    }

    /// Returns the item that the response lists. `responded` is the time of the response.
    pub(super) fn finish(mut self, responded: Option<DateTime<Utc>>) -> ListItem {
        let id = self.id.or(self.own_id).or_else(|| self.dublin_core.id());
        let datestamp = self.datestamp;
        let item = match self.error.take() {
            Some(reason) => Err(reason),
            None => self.item(responded),
        };
        item.unwrap_or_else(|reason| {
            ListItem::Unreadable(UnreadableRecord {
                id,
                datestamp,
                reason,
            })
        })
    }

    fn item(self, responded: Option<DateTime<Utc>>) -> Result<ListItem, String> {
        let own_id = self.own_id.or_else(|| self.dublin_core.id());
        let id = self.id.or(own_id).ok_or("it has no arXiv identifier")?;
        if own_id.is_some_and(|own| own != id) {
            return Err("its header is another paper's".to_owned());
        }
        let Some(format) = self.format.filter(|_| !self.deleted) else {
            let datestamp = self.datestamp.ok_or("its header has no datestamp")?;
            return Ok(if self.deleted {
                ListItem::Deleted(id, datestamp)
            } else {
                ListItem::Header(id, datestamp)
            });
        };
        let as_of = self.datestamp;
        Ok(ListItem::Record(Box::new(Record {
            paper: self.paper(id, format, responded)?,
            as_of,
            current: true,
        })))
    }

    fn paper(
        mut self,
        id: ArxivId,
        format: MetadataFormat,
        responded: Option<DateTime<Utc>>,
    ) -> Result<Paper, String> {
        let title = self.title.take().ok_or("it has no title")?;
        let mut paper = Paper::new(id, title);
        paper.source = Source::Oai;
        paper.retrieved = responded.map(Stamp::Second);
        if format == MetadataFormat::DublinCore {
            self.dublin_core.fill(&mut paper, &self.sets);
            return Ok(paper);
        }
        paper.authors = self.author_list;
        if let Some(authors) = &self.authors {
            let names = name::parse_authors(authors);
            check_count(names.len().saturating_sub(1), "authors")?;
            paper.authors.extend(names.into_iter().map(Author::from));
        }
        if let Some(categories) = &self.categories {
            set_categories(&mut paper, categories.split(' '));
        }
        set_history(&mut paper, self.versions);
        if format == MetadataFormat::Arxiv {
            set_dates(&mut paper, self.created, self.updated, responded);
        }
        // arXiv repeats the MSC class as the ACM class, except in the prefix arXivOld.
        paper.acm_class = self
            .acm_class
            .filter(|class| format == MetadataFormat::Old || Some(class) != self.msc_class.as_ref());
        paper.abstract_ = self.abstract_;
        paper.comment = self.comments;
        paper.journal_ref = self.journal_ref;
        paper.report_no = self.report_no;
        paper.msc_class = self.msc_class;
        paper.license = self.license;
        paper.submitter = self.submitter;
        paper.set_dois(self.doi.as_deref().map(publisher_dois).unwrap_or_default());
        Ok(paper)
    }
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

/// Sets the dates of the prefix arXiv. Until 2025 `created` was the first version's date and `updated` the newest's; since
/// then `created` is the newest version's, and `updated` the day the record was changed.
fn set_dates(
    paper: &mut Paper,
    created: Option<Stamp>,
    updated: Option<Stamp>,
    responded: Option<DateTime<Utc>>,
) {
    match (updated, responded) {
        (None, _) => (paper.published, paper.updated) = (created, created),
        (Some(_), Some(time)) if time.year() < 2025 => {
            (paper.published, paper.updated) = (created, updated);
        }
        (Some(_), Some(_)) => paper.updated = created,
        // Without the time of the response, either may apply.
        (Some(_), None) => {}
    }
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
