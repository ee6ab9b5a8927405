//! Papers whose titles may be a claimed one: candidates for a comparison, not an answer.
//!
//! A citation's title is often slightly wrong, so a lookup by its exact words would miss the paper that is meant. The
//! rarest words of a title are enough to find it among millions, and their posting lists are short.

use std::collections::HashSet;
use std::panic::{self, AssertUnwindSafe};

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{ReloadPolicy, Searcher, Term};

use super::search::keys;
use crate::library::{Error, Library};
use crate::model::event::Event;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;
use crate::model::text;
use crate::model::text::stemmer::stem;

/// Candidates returned for a title.
const MAX_CANDIDATES: usize = 8;

/// Words of a title that are searched for: more do not tell titles further apart.
const MAX_TERMS: usize = 8;

/// Postings that a search may read beyond its two rarest words. Longer lists cost milliseconds and tell little.
const MAX_POSTINGS: u64 = 20_000;

/// The titles of all records on this machine, open for lookups.
pub struct TitleSearch<'a> {
    library: &'a Library,
    searcher: Searcher,
    field: Field,
}

impl Library {
    /// Opens the titles of all records for lookups. Brings the index up to date first, which `observe` follows.
    pub fn titles(&self, observe: &mut dyn FnMut(Event)) -> Result<TitleSearch<'_>, Error> {
        let ready = self.up_to_date_index(observe)?;
        let reader = ready
            .index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error| self.index_failure(&error))?;
        Ok(TitleSearch {
            library: self,
            searcher: tantivy::IndexReader::searcher(&reader),
            field: ready.fields.title,
        })
    }
}

impl TitleSearch<'_> {
    /// Number of records whose titles are searched.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Whether there are no records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the papers whose titles share the rarest words of this one, the likeliest first; at most eight.
    pub fn candidates(&self, title: &str) -> Result<Vec<Paper>, Error> {
        // A damaged index can panic.
        let found = panic::catch_unwind(AssertUnwindSafe(|| self.keys(title)))
            .map_err(|_| self.library.index_error(&"it is damaged"))?
            .map_err(|error| self.library.index_failure(&error))?;
        let mut papers = Vec::with_capacity(found.len());
        for id in found.into_iter().filter_map(ArxivId::unpacked) {
            papers.extend(self.library.get(id)?.map(|stored| stored.paper));
        }
        Ok(papers)
    }

    fn keys(&self, title: &str) -> tantivy::Result<Vec<i64>> {
        let terms = self.rarest_terms(title)?;
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let clauses = terms.into_iter().map(|term| {
            let query: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            query
        });
        let query = BooleanQuery::union(clauses.collect());
        let best = self
            .searcher
            .search(&query, &TopDocs::with_limit(MAX_CANDIDATES).order_by_score())?;
        keys(&self.searcher, best.into_iter().map(|(_, doc)| doc))
    }

    /// The title's words that the index has, the rarest first, as far as their posting lists are worth reading.
    fn rarest_terms(&self, title: &str) -> tantivy::Result<Vec<Term>> {
        let folded = text::fold(title);
        let words: HashSet<String> = text::word_tokens(&folded).map(|(word, _)| stem(word)).collect();
        let mut terms = Vec::new();
        for word in words {
            let term = Term::from_field_text(self.field, &word);
            let frequency = self.searcher.doc_freq(&term)?;
            if frequency > 0 {
                terms.push((frequency, term));
            }
        }
        terms.sort();
        let mut postings = 0;
        let worth_reading =
            terms
                .into_iter()
                .take(MAX_TERMS)
                .enumerate()
                .take_while(|(at, (frequency, _))| {
                    postings += frequency;
                    *at < 2 || postings <= MAX_POSTINGS
                });
        Ok(worth_reading.map(|(_, (_, term))| term).collect())
    }
}
