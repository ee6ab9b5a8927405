//! Which of two records of a paper is believed, key by key.
//!
//! A newer version replaces, an older one never does, but where arXiv itself says that a version somebody wrote into a
//! file is none; within a version the record of the later day is believed, then the better source. Null never replaces a
//! value, but where the user asked for the authority's word (`refresh`).

use std::cmp::Ordering;

use super::Record;
use crate::model::date::Stamp;
use crate::model::paper::{Author, Paper, Source, Version};

impl Record {
    /// What is to be held of a paper when this record arrives beside one that is held.
    ///
    /// With `refresh` a key that the arriving source is the authority for may become empty.
    #[must_use]
    pub fn merge(held: Self, arriving: Self, refresh: bool) -> Self {
        let versions = held.paper.version.cmp(&arriving.paper.version);
        match versions {
            // What says no version describes no other one than is held.
            Ordering::Greater if arriving.paper.version.is_none() => completed(held, arriving.paper, false),
            Ordering::Less if held.paper.version.is_none() => completed(arriving, held.paper, false),
            Ordering::Greater if held.is_disproved_by(&arriving) => succeeded(held, arriving),
            // Of an older version's record only what is true of every version counts.
            Ordering::Greater => {
                let mut held = held;
                fill(&mut held.paper.published, arriving.paper.published);
                held
            }
            Ordering::Less => succeeded(held, arriving),
            Ordering::Equal => {
                let current = held.current || arriving.current;
                let merged = if held.rank() > arriving.rank() {
                    completed(held, arriving.paper, false)
                } else {
                    let again = held.rank() == arriving.rank();
                    let mut older = held.paper;
                    if refresh {
                        forget(&mut older, arriving.paper.source);
                    }
                    completed(arriving, older, again)
                };
                Self { current, ..merged }
            }
        }
    }

    /// Whether this version stands in somebody's file alone, and arXiv answers that an older one is the newest.
    #[must_use]
    pub fn is_disproved_by(&self, arriving: &Self) -> bool {
        let is_live = matches!(arriving.paper.source, Source::Api | Source::Oai);
        let is_written = matches!(self.paper.source, Source::File | Source::Catalog);
        is_written
            && !self.current
            && is_live
            && arriving.current
            && arriving.paper.version.is_some()
            && arriving.paper.version < self.paper.version
    }

    /// Which of two records of one version is believed: the later day's, then the better source's. An announcement fills
    /// only gaps, however new it is.
    fn rank(&self) -> (bool, Option<chrono::NaiveDate>, u8) {
        let source = match self.paper.source {
            Source::Rss => 0,
            Source::Catalog => 1,
            Source::File => 2,
            Source::Oai => 3,
            Source::Api => 4,
        };
        (self.paper.source != Source::Rss, self.as_of, source)
    }
}

/// A record with the gaps filled from another of the same version (or of none).
///
/// With `again` both are the same source's of the same day: what it is no authority for may have come to the other one
/// from the authority, and stays.
fn completed(mut record: Record, other: Paper, again: bool) -> Record {
    let paper = &mut record.paper;
    let (own, others) = (paper.source, other.source);
    // Licence, submitter and history are OAI-PMH's to tell, affiliations the API's, whichever record is newer.
    let oai = (others == Source::Oai || again) && own != Source::Oai;
    let api = (others == Source::Api || again) && own != Source::Api;
    authority(&mut paper.license, other.license, oai);
    authority(&mut paper.submitter, other.submitter, oai);
    authority(&mut paper.versions, other.versions, oai);
    authority(&mut paper.withdrawn, other.withdrawn, oai && own != Source::Api);
    if same_names(&paper.authors, &other.authors) {
        if !has_affiliations(&paper.authors) || api && has_affiliations(&other.authors) {
            paper.authors = other.authors;
        }
    } else if paper.authors.is_empty() {
        paper.authors = other.authors;
    }
    sharpen(&mut paper.published, other.published);
    sharpen(&mut paper.updated, other.updated);
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

/// The record of another version that takes a held one's place, with what its source cannot know carried over.
fn succeeded(held: Record, mut newer: Record) -> Record {
    let older = held.paper;
    let paper = &mut newer.paper;
    let complete = matches!(paper.source, Source::Api | Source::Oai);
    fill(&mut paper.license, older.license);
    fill(&mut paper.submitter, older.submitter);
    fill(&mut paper.catalog, older.catalog);
    if paper.versions.is_none() {
        paper.versions = continued(older.versions, paper);
    }
    sharpen(&mut paper.published, older.published);
    if paper.source != Source::Oai {
        fill(&mut paper.report_no, older.report_no);
    }
    if !complete {
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
    newer
}

/// A history with the next version at its end; none where versions between are not known.
fn continued(history: Option<Vec<Version>>, paper: &Paper) -> Option<Vec<Version>> {
    let mut history = history?;
    let next = history.last()?.version + 1;
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

/// Empties what this source is the authority for, so that its silence counts.
fn forget(paper: &mut Paper, source: Source) {
    let (api, oai) = (source == Source::Api, source == Source::Oai);
    if api || oai {
        paper.comment = None;
        paper.journal_ref = None;
        paper.msc_class = None;
        paper.acm_class = None;
        paper.set_dois(Vec::new());
    }
    if oai {
        paper.report_no = None;
        paper.license = None;
        paper.submitter = None;
    }
    if api {
        for author in &mut paper.authors {
            author.affiliations.clear();
        }
    }
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

fn authority<T>(key: &mut Option<T>, other: Option<T>, decides: bool) {
    if key.is_none() || decides && other.is_some() {
        *key = other;
    }
}

/// A second is better than the day it is in.
fn sharpen(key: &mut Option<Stamp>, other: Option<Stamp>) {
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
