//! Which of two records of a paper is believed, key by key.
//!
//! The order of two records is: version, then [`Record::as_of`] (the source's own date, never the time of an import),
//! then the rank of the [`Source`]. A newer version replaces an older one. Within a version null never replaces a value,
//! unless the user asked for a refresh from the source that is the authority for the key.

use std::cmp::Ordering;

use super::Record;
use crate::model::date::Stamp;
use crate::model::paper::{Author, Paper, Version};
use crate::model::source::{Facts, Source};

impl Record {
    /// Returns the record to store when `arriving` comes in for a paper of which `stored` is in the library.
    ///
    /// With `refresh` a key for which the arriving source is the authority may become null.
    #[must_use]
    pub fn merge(stored: Self, arriving: Self, refresh: bool) -> Self {
        let versions = stored.paper.version.cmp(&arriving.paper.version);
        match versions {
            // A record without a version describes the version of the other one.
            Ordering::Greater if arriving.paper.version.is_none() => fill_gaps(stored, arriving.paper, false),
            Ordering::Less if stored.paper.version.is_none() => {
                let older = refreshed(stored.paper, arriving.paper.source, refresh);
                fill_gaps(arriving, older, false)
            }
            Ordering::Greater if stored.is_disproved_by(&arriving) => replace_version(stored, arriving),
            Ordering::Greater => {
                // The date of the first version is the same in the record of every version; all else may differ.
                let mut stored = stored;
                fill(&mut stored.paper.published, arriving.paper.published);
                stored
            }
            Ordering::Less => replace_version(stored, arriving),
            Ordering::Equal => {
                let current = stored.current || arriving.current;
                let merged = if stored.rank() > arriving.rank() {
                    fill_gaps(stored, arriving.paper, false)
                } else {
                    let same_rank = stored.rank() == arriving.rank();
                    let older = refreshed(stored.paper, arriving.paper.source, refresh);
                    fill_gaps(arriving, older, same_rank)
                };
                Self { current, ..merged }
            }
        }
    }

    /// Whether only a user's file or a catalog claims this version while arXiv answers that an older one is the newest.
    #[must_use]
    pub fn is_disproved_by(&self, arriving: &Self) -> bool {
        let is_claim = matches!(self.paper.source, Source::File | Source::Catalog);
        is_claim
            && !self.current
            && arriving.paper.source.is_arxiv()
            && arriving.current
            && arriving.paper.version.is_some()
            && arriving.paper.version < self.paper.version
    }

    /// The order of two records of one version, the believed one last.
    fn rank(&self) -> (bool, Option<chrono::NaiveDate>, u8) {
        let source = self.paper.source;
        (!source.fills_gaps_only(), self.as_of, source.rank())
    }
}

/// Fills the gaps of a record from another record of the same version (or of no version).
///
/// With `same_rank` both are from one source and of one day: what that source is no authority for may have come to the
/// other record from the authority, and is taken over.
fn fill_gaps(mut record: Record, other: Paper, same_rank: bool) -> Record {
    let paper = &mut record.paper;
    let (own, others) = (paper.source, other.source);
    let decides = |facts| (others.is_authority_for(facts) || same_rank) && !own.is_authority_for(facts);
    let submission = decides(Facts::Submission);
    take_from_authority(&mut paper.license, other.license, submission);
    take_from_authority(&mut paper.submitter, other.submitter, submission);
    take_from_authority(&mut paper.versions, other.versions, submission);
    let withdrawal = submission && !own.is_authority_for(Facts::Withdrawal);
    take_from_authority(&mut paper.withdrawn, other.withdrawn, withdrawal);
    if same_names(&paper.authors, &other.authors) {
        let is_better = decides(Facts::Affiliations) && has_affiliations(&other.authors);
        if !has_affiliations(&paper.authors) || is_better {
            paper.authors = other.authors;
        }
    } else if paper.authors.is_empty() {
        paper.authors = other.authors;
    }
    fill_date(&mut paper.published, other.published);
    fill_date(&mut paper.updated, other.updated);
    fill(&mut paper.version, other.version);
    fill(&mut paper.abstract_, other.abstract_);
    fill(&mut paper.primary_category, other.primary_category);
    fill(&mut paper.comment, other.comment);
    fill(&mut paper.journal_ref, other.journal_ref);
    fill(&mut paper.report_no, other.report_no);
    fill(&mut paper.msc_class, other.msc_class);
    fill(&mut paper.acm_class, other.acm_class);
    fill(&mut paper.catalog, other.catalog);
    fill_list(&mut paper.categories, other.categories);
    if paper.dois.is_empty() {
        paper.set_dois(other.dois);
    }
    record
}

/// Replaces a record by that of another version, and carries over the keys that its source cannot know.
fn replace_version(stored: Record, mut arriving: Record) -> Record {
    let older = stored.paper;
    let paper = &mut arriving.paper;
    let source = paper.source;
    fill(&mut paper.license, older.license);
    fill(&mut paper.submitter, older.submitter);
    fill(&mut paper.catalog, older.catalog);
    if paper.versions.is_none() {
        paper.versions = extend_history(older.versions, paper);
    }
    fill_date(&mut paper.published, older.published);
    if !source.is_authority_for(Facts::ReportNumber) {
        fill(&mut paper.report_no, older.report_no);
    }
    if !source.is_authority_for(Facts::Metadata) {
        fill(&mut paper.primary_category, older.primary_category);
        fill(&mut paper.abstract_, older.abstract_);
        fill(&mut paper.comment, older.comment);
        fill(&mut paper.journal_ref, older.journal_ref);
        fill(&mut paper.msc_class, older.msc_class);
        fill(&mut paper.acm_class, older.acm_class);
        fill_list(&mut paper.categories, older.categories);
        fill_list(&mut paper.authors, older.authors);
        if paper.dois.is_empty() {
            paper.set_dois(older.dois);
        }
    }
    arriving
}

/// Appends the paper's version to a history, or returns `None` if versions between them are unknown.
fn extend_history(history: Option<Vec<Version>>, paper: &Paper) -> Option<Vec<Version>> {
    let mut history = history?;
    let next = history.last()?.version.checked_add(1)?;
    if paper.version != Some(next) {
        return None;
    }
    history.push(Version {
        version: next,
        date: paper.updated,
        withdrawn: paper.withdrawn,
    });
    Some(history)
}

/// Clears the keys that this source is the authority for in a refresh, so that its nulls count.
fn refreshed(mut paper: Paper, source: Source, refresh: bool) -> Paper {
    if !refresh {
        return paper;
    }
    if source.is_authority_for(Facts::Metadata) {
        paper.comment = None;
        paper.journal_ref = None;
        paper.msc_class = None;
        paper.acm_class = None;
        paper.set_dois(Vec::new());
    }
    if source.is_authority_for(Facts::ReportNumber) {
        paper.report_no = None;
    }
    if source.is_authority_for(Facts::Submission) {
        paper.license = None;
        paper.submitter = None;
    }
    if source.is_authority_for(Facts::Affiliations) {
        for author in &mut paper.authors {
            author.affiliations.clear();
        }
    }
    paper
}

fn fill<T>(key: &mut Option<T>, other: Option<T>) {
    if key.is_none() {
        *key = other;
    }
}

fn fill_list<T>(key: &mut Vec<T>, other: Vec<T>) {
    if key.is_empty() {
        *key = other;
    }
}

fn take_from_authority<T>(key: &mut Option<T>, other: Option<T>, decides: bool) {
    if key.is_none() || decides && other.is_some() {
        *key = other;
    }
}

/// Fills a date, or replaces a day by a second of that day, which says more.
fn fill_date(key: &mut Option<Stamp>, other: Option<Stamp>) {
    match (*key, other) {
        (None, _) => *key = other,
        (Some(Stamp::Day(day)), Some(second @ Stamp::Second(_))) if second.day() == day => {
            *key = Some(second);
        }
        _ => {}
    }
}

fn same_names(authors: &[Author], others: &[Author]) -> bool {
    authors.len() == others.len()
        && authors
            .iter()
            .zip(others)
            .all(|(author, other)| author.name == other.name)
}

fn has_affiliations(authors: &[Author]) -> bool {
    authors.iter().any(|author| !author.affiliations.is_empty())
}
