//! Lists and searches of the library and the mirror, compared with a linear scan of all records.

mod commands;
mod properties;
mod search_index;

use arxcat::library::{Library, ListCursor, ListRequest, Scope, UpsertOptions};
use arxcat::model::date::Stamp;
use arxcat::model::id::ArxivId;
use arxcat::model::paper::{Author, Paper, Source};
use arxcat::model::query::{self, Query};
use arxcat::model::record::Record;
use arxcat::model::selection::Selection;
use tempfile::TempDir;

/// A library in a folder of its own.
pub struct Shelf {
    pub folder: TempDir,
    pub library: Library,
}

impl Shelf {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::open(folder.path()).unwrap();
        Self { folder, library }
    }

    pub fn put(&mut self, papers: &[Paper]) {
        let records: Vec<Record> = papers.iter().cloned().map(record).collect();
        self.library.upsert(&records, UpsertOptions::default()).unwrap();
    }

    /// The identifiers of what is found, in order.
    pub fn found(&self, scope: Scope, words: &[&str], selection: &Selection) -> Vec<String> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let query = query::parse(&words).unwrap();
        identifiers(&self.library, scope, query.as_ref(), selection)
    }
}

pub fn identifiers(
    library: &Library,
    scope: Scope,
    words: Option<&Query>,
    selection: &Selection,
) -> Vec<String> {
    let wanted = ListRequest {
        scope,
        words,
        selection,
        annotate: &|_| {},
    };
    let mut listing = library.list(wanted, &mut |_| {}).unwrap();
    all(&mut listing)
        .iter()
        .map(|paper| paper.id.to_string())
        .collect()
}

pub fn all(listing: &mut ListCursor) -> Vec<Paper> {
    std::iter::from_fn(|| listing.next_page().unwrap())
        .flatten()
        .collect()
}

pub fn id(text: &str) -> ArxivId {
    ArxivId::parse(text).unwrap()
}

/// A whole record of an invented paper.
pub fn paper(number: &str, title: &str, abstract_: &str) -> Paper {
    let mut paper = Paper::new(id(number), title);
    paper.version = Some(1);
    paper.abstract_ = Some(abstract_.to_owned());
    paper.authors = vec![Author {
        name: "Ada Example".to_owned(),
        affiliations: Vec::new(),
    }];
    paper.primary_category = Some("cs.CL".to_owned());
    paper.categories = vec!["cs.CL".to_owned(), "cs.AI".to_owned()];
    paper.published = Stamp::parse("2025-01-22T15:19:35Z");
    paper.updated = paper.published;
    paper.source = Source::Api;
    paper.retrieved = Stamp::parse("2026-10-15T12:00:00Z");
    paper
}

pub fn record(paper: Paper) -> Record {
    Record {
        as_of: paper.retrieved.map(Stamp::day),
        current: true,
        paper,
    }
}
