//! The papers that match, in order.

use std::cmp::Reverse;
use std::panic::{self, AssertUnwindSafe};

use tantivy::collector::sort_key::SortByStaticFastValue;
use tantivy::collector::{Collector, Count, DocSetCollector, TopDocs};
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::{DocAddress, ReloadPolicy, Searcher};

use super::build::Ready;
use super::query::Question;
use crate::library::{Error, Library, Scope};
use crate::model::event::Event;
use crate::model::query;
use crate::model::selection::Selection;

/// What is asked.
#[derive(Clone, Copy)]
pub struct SearchRequest<'a> {
    pub scope: Scope,
    pub words: Option<&'a query::Query>,
    pub selection: &'a Selection,
    pub order: SearchOrder,
    /// So many at most.
    pub limit: Option<usize>,
}

/// The order of the answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SearchOrder {
    /// Best match first.
    Relevance,
    /// A date, newest first, or oldest first; papers without it last.
    Published { oldest: bool },
    /// As before, of the version.
    Updated { oldest: bool },
    /// Not asked for: by key.
    Any,
}

/// What matches.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SearchResult {
    /// The papers' numbers, in order; at most as many as were wanted, but all of them in [`SearchOrder::Any`].
    pub keys: Vec<i64>,
    /// How many match.
    pub matched: u64,
    /// Papers left out because a fact is missing that a filter needs: its key, and how many.
    pub undecided: Vec<(&'static str, u64)>,
    /// So many changes are not in the index yet: another process is at it.
    pub behind: u64,
}

impl Library {
    /// Asks the index. One that breaks down is built anew and asked again.
    pub(in crate::library) fn ask(
        &self,
        wanted: &SearchRequest,
        observe: &mut dyn FnMut(Event),
    ) -> Result<SearchResult, Error> {
        let ready = self.index(observe)?;
        let reason = match self.sheltered(&ready, wanted) {
            Err(Error::Index { reason, .. }) => reason,
            answer => return answer,
        };
        drop(ready);
        self.rebuild(observe)
            .and_then(|ready| self.sheltered(&ready, wanted))
            .map_err(|then| self.given_up(&reason, &then))
    }

    /// A damaged index can panic.
    fn sheltered(&self, ready: &Ready, wanted: &SearchRequest) -> Result<SearchResult, Error> {
        match panic::catch_unwind(AssertUnwindSafe(|| answer(ready, wanted))) {
            Ok(answer) => answer.map_err(|error| self.broken(&error)),
            Err(_) => Err(self.index_error(&"it is damaged")),
        }
    }
}

fn answer(ready: &Ready, wanted: &SearchRequest) -> tantivy::Result<SearchResult> {
    let reader = ready
        .index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()?;
    let searcher = reader.searcher();
    let question = Question::new(&ready.fields, wanted.scope, wanted.words, wanted.selection);
    let matching = question.matching();
    let most = usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX).max(1);
    let limit = wanted.limit.map(|limit| limit.clamp(1, most));
    let (matched, docs): (usize, Vec<DocAddress>) = match wanted.order {
        SearchOrder::Relevance => {
            let by_score = |limit| TopDocs::with_limit(limit).order_by_score();
            let (matched, mut best) = counted(&searcher, &*matching, limit, by_score, can_skip(&*matching))?;
            best.sort_by(|(score, doc), (other, other_doc)| other.total_cmp(score).then(doc.cmp(other_doc)));
            (matched, best.into_iter().map(|(_, doc)| doc).collect())
        }
        SearchOrder::Published { oldest } => by_date(&searcher, &*matching, "published", oldest, limit)?,
        SearchOrder::Updated { oldest } => by_date(&searcher, &*matching, "updated", oldest, limit)?,
        SearchOrder::Any => {
            let docs = searcher.search(&*matching, &DocSetCollector)?;
            (docs.len(), docs.into_iter().collect())
        }
    };
    let mut keys = keys(&searcher, docs)?;
    if wanted.order == SearchOrder::Any {
        keys.sort_unstable_by_key(|key| Reverse(*key));
    }
    let mut undecided = Vec::new();
    for (key, lacking) in question.undecided(&ready.fields) {
        let count = searcher.search(&*lacking, &Count)?;
        if count > 0 {
            undecided.push((key, count as u64));
        }
    }
    Ok(SearchResult {
        keys,
        matched: matched as u64,
        undecided,
        behind: ready.behind,
    })
}

fn by_date(
    searcher: &Searcher,
    matching: &dyn Query,
    field: &str,
    oldest: bool,
    limit: Option<usize>,
) -> tantivy::Result<(usize, Vec<DocAddress>)> {
    let order = if oldest {
        tantivy::Order::Asc
    } else {
        tantivy::Order::Desc
    };
    let date = SortByStaticFastValue::<i64>::for_field(field);
    let key = SortByStaticFastValue::<u64>::for_field("key");
    let by_date = |limit| TopDocs::with_limit(limit).order_by(((date.clone(), order), (key.clone(), order)));
    let (matched, docs) = counted(searcher, matching, limit, by_date, false)?;
    Ok((matched, docs.into_iter().map(|(_, doc)| doc).collect()))
}

/// Whether the best can be found without a look at every match: where nothing but words is asked for.
fn can_skip(matching: &dyn Query) -> bool {
    let is_word = |query: &dyn Query| query.is::<TermQuery>();
    match matching.downcast_ref::<BooleanQuery>() {
        Some(all) => all.clauses().iter().all(|(_, clause)| is_word(&**clause)),
        None => is_word(matching),
    }
}

/// How many match, and the first of them: found while all are counted, unless that would take a look at more.
fn counted<C: Collector>(
    searcher: &Searcher,
    matching: &dyn Query,
    limit: Option<usize>,
    first: impl Fn(usize) -> C,
    can_skip: bool,
) -> tantivy::Result<(usize, C::Fruit)> {
    match limit {
        Some(limit) if !can_skip => searcher.search(matching, &(Count, first(limit))),
        limit => {
            let matched = searcher.search(matching, &Count)?;
            let limit = limit.unwrap_or(matched).min(matched).max(1);
            Ok((matched, searcher.search(matching, &first(limit))?))
        }
    }
}

/// The papers' numbers.
pub fn keys(searcher: &Searcher, docs: impl IntoIterator<Item = DocAddress>) -> tantivy::Result<Vec<i64>> {
    let columns = searcher
        .segment_readers()
        .iter()
        .map(|segment| segment.fast_fields().u64("key"))
        .collect::<tantivy::Result<Vec<_>>>()?;
    let key = |doc: DocAddress| {
        let column = columns.get(usize::try_from(doc.segment_ord).ok()?)?;
        i64::try_from(column.first(doc.doc_id)?).ok()
    };
    Ok(docs.into_iter().filter_map(key).collect())
}
