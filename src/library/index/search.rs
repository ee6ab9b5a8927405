//! Runs a search and returns the matching papers in order.

use std::cmp::Reverse;
use std::panic::{self, AssertUnwindSafe};

use tantivy::collector::sort_key::SortByStaticFastValue;
use tantivy::collector::{Collector, Count, DocSetCollector, TopDocs};
use tantivy::query::{BooleanQuery, Query, TermQuery};
use tantivy::{DocAddress, ReloadPolicy, Searcher};

use super::build::OpenIndex;
use super::query::CompiledQuery;
use super::schema::Fields;
use super::title_sort::TitleCollector;
use crate::library::{Error, Library, Scope};
use crate::model::event::Event;
use crate::model::query as words;
use crate::model::selection::Selection;

/// Attempts to rebuild an index that fails.
const MAX_REBUILDS: usize = 3;

/// A search of the index.
#[derive(Clone, Copy)]
pub struct SearchRequest<'a> {
    pub scope: Scope,
    pub words: Option<&'a words::Query>,
    pub selection: &'a Selection,
    pub order: SearchOrder,
    /// Maximum number of papers.
    pub limit: Option<usize>,
}

/// Order of the result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SearchOrder {
    /// Best score first.
    Relevance,
    /// Submission of the first version, newest first or oldest first. Papers without a date come last.
    Published { oldest: bool },
    /// The same for the submission of this version.
    Updated { oldest: bool },
    /// By identifier, newest first or oldest first.
    Id { oldest: bool },
    /// By title: candidates for the first ones, for the caller to sort by the titles themselves.
    Title { reverse: bool },
    /// By key, if the caller sorts.
    Key,
}

/// Papers that match a search.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IndexMatches {
    /// Keys of the papers in order, limited as requested; all of them for [`SearchOrder::Key`].
    pub keys: Vec<i64>,
    /// Number of all matches.
    pub matched: u64,
    /// For each filter, its key and the number of papers that were left out because they lack it.
    pub undecided: Vec<(&'static str, u64)>,
    /// Changes of the database that the index lacks because another process is writing it.
    pub behind: u64,
}

impl Library {
    /// Searches the index. If it turns out to be damaged, rebuilds it and searches again.
    pub(in crate::library) fn search_index(
        &self,
        request: &SearchRequest,
        observe: &mut dyn FnMut(Event),
    ) -> Result<IndexMatches, Error> {
        let searched = self
            .up_to_date_index(observe)
            .and_then(|open| self.search_guarded(&open, request));
        let mut failure = match searched {
            Err(error) => self.curable(error)?,
            Ok(matches) => return Ok(matches),
        };
        for _ in 0..MAX_REBUILDS {
            let rebuilt = self
                .rebuild(observe)
                .and_then(|open| self.search_guarded(&open, request));
            failure = match rebuilt {
                Err(error) => self
                    .curable(error)
                    .map_err(|error| self.rebuild_error(&failure, &error))?,
                Ok(matches) => return Ok(matches),
            };
        }
        Err(self.index_error(&format_args!("{failure}; and it cannot be rebuilt")))
    }

    /// The reason of an error that a rebuild cures: damage of the index, and whatever follows if another process removes
    /// its folder. Other errors are returned.
    fn curable(&self, error: Error) -> Result<String, Error> {
        match error {
            Error::Index { reason, .. } => Ok(reason),
            Error::File { reason, .. } if !self.index_folder().exists() => Ok(reason),
            error => Err(error),
        }
    }

    /// Runs a search and converts a panic into an error: tantivy panics on some damaged files.
    fn search_guarded(&self, open: &OpenIndex, request: &SearchRequest) -> Result<IndexMatches, Error> {
        match panic::catch_unwind(AssertUnwindSafe(|| run_search(open, request))) {
            Ok(answer) => answer.map_err(|error| self.index_failure(&error)),
            Err(_) => Err(self.index_error(&"it is damaged")),
        }
    }
}

fn run_search(open: &OpenIndex, request: &SearchRequest) -> tantivy::Result<IndexMatches> {
    let reader = open
        .index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()?;
    let searcher = reader.searcher();
    let query = CompiledQuery::new(&open.fields, request.scope, request.words, request.selection);
    let matching = query.matching();
    let most = usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX).max(1);
    let limit = request.limit.map(|limit| limit.clamp(1, most));
    let (matched, docs): (usize, Vec<DocAddress>) = match request.order {
        SearchOrder::Relevance => {
            let by_score = |limit| TopDocs::with_limit(limit).order_by_score();
            let (matched, mut best) =
                count_and_collect(&searcher, &*matching, limit, by_score, can_skip(&*matching))?;
            best.sort_by(|(score, doc), (other, other_doc)| other.total_cmp(score).then(doc.cmp(other_doc)));
            (matched, best.into_iter().map(|(_, doc)| doc).collect())
        }
        SearchOrder::Published { oldest } => by_date(&searcher, &*matching, "published", oldest, limit)?,
        SearchOrder::Updated { oldest } => by_date(&searcher, &*matching, "updated", oldest, limit)?,
        SearchOrder::Id { oldest } => by_id(&searcher, &*matching, oldest, limit)?,
        SearchOrder::Title { reverse } => {
            let titles = TitleCollector {
                limit: limit.unwrap_or(most),
                reverse,
            };
            let (matched, keys) = searcher.search(&*matching, &titles)?;
            return Ok(IndexMatches {
                keys,
                matched: matched as u64,
                undecided: undecided(&searcher, &query, &open.fields)?,
                behind: open.behind,
            });
        }
        SearchOrder::Key => {
            let docs = searcher.search(&*matching, &DocSetCollector)?;
            (docs.len(), docs.into_iter().collect())
        }
    };
    let mut keys = keys(&searcher, docs)?;
    if request.order == SearchOrder::Key {
        keys.sort_unstable_by_key(|key| Reverse(*key));
    }
    Ok(IndexMatches {
        keys,
        matched: matched as u64,
        undecided: undecided(&searcher, &query, &open.fields)?,
        behind: open.behind,
    })
}

/// Counts the papers that filters could not decide on.
fn undecided(
    searcher: &Searcher,
    query: &CompiledQuery,
    fields: &Fields,
) -> tantivy::Result<Vec<(&'static str, u64)>> {
    let mut undecided = Vec::new();
    for (key, lacking) in query.undecided(fields) {
        let count = searcher.search(&*lacking, &Count)?;
        if count > 0 {
            undecided.push((key, count as u64));
        }
    }
    Ok(undecided)
}

fn by_id(
    searcher: &Searcher,
    matching: &dyn Query,
    oldest: bool,
    limit: Option<usize>,
) -> tantivy::Result<(usize, Vec<DocAddress>)> {
    let order = if oldest {
        tantivy::Order::Asc
    } else {
        tantivy::Order::Desc
    };
    let key = SortByStaticFastValue::<u64>::for_field("key");
    let by_key = |limit| TopDocs::with_limit(limit).order_by((key.clone(), order));
    let (matched, docs) = count_and_collect(searcher, matching, limit, by_key, false)?;
    Ok((matched, docs.into_iter().map(|(_, doc)| doc).collect()))
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
    let (matched, docs) = count_and_collect(searcher, matching, limit, by_date, false)?;
    Ok((matched, docs.into_iter().map(|(_, doc)| doc).collect()))
}

/// Whether tantivy can find the best documents without scoring every match, which it does for single terms only.
fn can_skip(matching: &dyn Query) -> bool {
    let is_word = |query: &dyn Query| query.is::<TermQuery>();
    match matching.downcast_ref::<BooleanQuery>() {
        Some(all) => all.clauses().iter().all(|(_, clause)| is_word(&**clause)),
        None => is_word(matching),
    }
}

/// Counts the matches and collects the first ones, in one pass unless collecting alone can skip documents.
fn count_and_collect<C: Collector>(
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

/// Keys of documents.
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
