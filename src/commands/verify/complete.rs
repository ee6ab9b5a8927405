//! A catalog completed with arXiv's facts.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::catalog::Catalog;
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::{Paper, Source};

/// Replaces the catalog's facts by arXiv's. Facts that arXiv does not have stay.
pub fn complete(catalog: &mut Catalog, records: &HashMap<ArxivId, Paper>, today: NaiveDate) {
    let mut all = true;
    for paper in &mut catalog.papers {
        match records.get(&paper.id) {
            Some(record) => copy_facts(paper, record),
            None => all = false,
        }
    }
    if all {
        catalog.as_of = Some(Stamp::Day(today));
    }
}

/// Copies every key that arXiv has, and removes it from the unsure ones.
fn copy_facts(paper: &mut Paper, record: &Paper) {
    let mut sure = vec!["title"];
    paper.title.clone_from(&record.title);
    let mut knows = |key, known: bool| {
        sure.extend(known.then_some(key));
        known
    };
    if knows("version", record.version.is_some()) {
        paper.version = record.version;
    }
    if knows("published", record.published.is_some()) {
        paper.published = record.published;
    }
    if knows("updated", record.updated.is_some()) {
        paper.updated = record.updated;
    }
    if knows("authors", !record.authors.is_empty()) {
        paper.authors.clone_from(&record.authors);
    }
    if knows("abstract", record.abstract_.is_some()) {
        paper.abstract_.clone_from(&record.abstract_);
    }
    if knows("primary_category", record.primary_category.is_some()) {
        paper.primary_category.clone_from(&record.primary_category);
    }
    if knows("categories", !record.categories.is_empty()) {
        paper.categories.clone_from(&record.categories);
    }
    if knows("comment", record.comment.is_some()) {
        paper.comment.clone_from(&record.comment);
    }
    if knows("doi", record.doi.is_some()) {
        paper.set_dois(record.dois.clone());
    }
    if knows("journal_ref", record.journal_ref.is_some()) {
        paper.journal_ref.clone_from(&record.journal_ref);
    }
    paper.source = Source::Catalog;
    paper.retrieved = record.retrieved;
    if let Some(entry) = &mut paper.catalog {
        entry.unsure.retain(|key| !sure.contains(&key.as_str()));
    }
}
