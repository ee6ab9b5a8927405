//! Lists of stored papers in order, read page by page.

use std::collections::BTreeMap;

use super::index::{self, SearchOrder};
use super::list_sql::{self, SqlFilter};
use super::{Error, Library, Scope};
use crate::model::event::Event;
use crate::model::paper::Paper;
use crate::model::query::{Matcher, Query, QueryField};
use crate::model::selection::{Decision, Selection, Sort};
use crate::model::text;

/// A list of stored papers.
#[derive(Clone, Copy)]
pub struct ListRequest<'a> {
    /// The library or the whole mirror.
    pub scope: Scope,
    /// Only papers that match this query.
    pub words: Option<&'a Query>,
    /// Filters, order and limit. [`Sort::Relevance`] applies only with a query.
    pub selection: &'a Selection,
    /// Adds to a record what the catalogs know of its paper, before filters see it.
    pub annotate: &'a dyn Fn(&mut Paper),
}

/// A list that is being read.
pub struct ListCursor<'a> {
    library: &'a Library,
    request: ListRequest<'a>,
    /// Whether each record must be checked, because a filter uses a fact that neither the index nor a column holds.
    verify: bool,
    /// The query, prepared to verify records with.
    matcher: Option<Matcher>,
    source: KeySource,
    returned: usize,
    /// Number of matches. `None` if it is known only at the end.
    pub matched: Option<u64>,
    /// Upper bound of the number of matches, if the search index gives one.
    pub at_most: Option<u64>,
    /// Changes of the database that the search index lacks because another process is writing it.
    pub behind: u64,
    /// Records that were left out so far because they cannot be read.
    pub unreadable: u64,
    undecided: BTreeMap<&'static str, u64>,
}

enum KeySource {
    /// The table `temp.chosen`, from this position on.
    Table(i64),
    List(std::vec::IntoIter<i64>),
}

impl Library {
    /// Starts a list. A query and the filters by category, author and title use the search index, which is brought up
    /// to date first; `observe` receives its progress.
    pub fn list<'a>(
        &'a self,
        request: ListRequest<'a>,
        observe: &mut dyn FnMut(Event),
    ) -> Result<ListCursor<'a>, Error> {
        let selection = request.selection;
        let several_words = |name: &String| text::words(name).len() > 1;
        let verify = selection.area.is_some()
            || selection.authors.iter().any(several_words)
            || request.words.is_some_and(index::needs_verification);
        let mut cursor = ListCursor {
            library: self,
            request,
            verify,
            matcher: request.words.map(|words| Matcher::new(words, &[])),
            source: KeySource::Table(0),
            returned: 0,
            matched: None,
            at_most: None,
            behind: 0,
            unreadable: 0,
            undecided: BTreeMap::new(),
        };
        let by_index = request.words.is_some()
            || !(selection.categories.is_empty()
                && selection.authors.is_empty()
                && selection.titles.is_empty());
        // The database has no index on titles and dates of versions, since writing it would slow a harvest down.
        let sorts_by_index = matches!(selection.sort, Sort::Title | Sort::Updated)
            && cursor.limit().is_some()
            && self.is_index_near()?;
        if by_index || sorts_by_index {
            cursor.search(observe)?;
        } else {
            cursor.select()?;
        }
        Ok(cursor)
    }
}

impl ListCursor<'_> {
    /// Filters that could not be decided because papers lack a fact: its key, and the number of papers left out so far.
    pub fn undecided(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.undecided.iter().map(|(key, count)| (*key, *count))
    }

    /// The next papers, possibly none of a page; `None` at the end.
    pub fn next_page(&mut self) -> Result<Option<Vec<Paper>>, Error> {
        let limit = self.request.selection.limit.unwrap_or(usize::MAX);
        if self.returned >= limit {
            return Ok(None);
        }
        let Some(papers) = self.read_page()? else {
            self.matched = self.matched.or(Some(self.returned as u64));
            return Ok(None);
        };
        let mut page = Vec::with_capacity(papers.len());
        for mut paper in papers {
            if self.returned >= limit {
                break;
            }
            (self.request.annotate)(&mut paper);
            if !self.verify || self.is_match(&paper) {
                self.returned += 1;
                page.push(paper);
            }
        }
        Ok(Some(page))
    }

    fn is_match(&mut self, paper: &Paper) -> bool {
        if self
            .matcher
            .as_ref()
            .is_some_and(|matcher| !matcher.matches(paper))
        {
            return false;
        }
        match self.request.selection.matches(paper) {
            Decision::Yes => true,
            Decision::No => false,
            Decision::Unknown(key) => {
                *self.undecided.entry(key).or_default() += 1;
                false
            }
        }
    }

    /// Limit that the index or SQL may apply. `None` if records are verify afterwards, which may reject some.
    fn limit(&self) -> Option<usize> {
        self.request.selection.limit.filter(|_| !self.verify)
    }

    fn search(&mut self, observe: &mut dyn FnMut(Event)) -> Result<(), Error> {
        let selection = self.request.selection;
        let oldest = selection.reverse;
        let order = match selection.sort {
            Sort::Relevance if self.request.words.is_some_and(is_scored) => SearchOrder::Relevance,
            Sort::Date | Sort::Relevance => SearchOrder::Published { oldest },
            Sort::Updated => SearchOrder::Updated { oldest },
            Sort::Id if self.limit().is_some() => SearchOrder::Id { oldest },
            Sort::Title if self.limit().is_some() => SearchOrder::Title { reverse: oldest },
            Sort::Id | Sort::Title => SearchOrder::Key,
        };
        let answer = self.library.search_index(
            &index::SearchRequest {
                scope: self.request.scope,
                words: self.request.words,
                selection,
                order,
                limit: self.limit(),
            },
            observe,
        )?;
        self.matched = Some(answer.matched).filter(|_| !self.verify);
        self.at_most = Some(answer.matched);
        self.behind = answer.behind;
        self.undecided.extend(answer.undecided);
        let mut keys = answer.keys;
        match selection.sort {
            Sort::Title => self
                .library
                .read(|db| list_sql::order_by_title(db, &keys, oldest))?,
            Sort::Id | Sort::Relevance
                if oldest && matches!(order, SearchOrder::Key | SearchOrder::Relevance) =>
            {
                keys.reverse();
                self.source = KeySource::List(keys.into_iter());
            }
            _ => self.source = KeySource::List(keys.into_iter()),
        }
        Ok(())
    }

    fn select(&mut self) -> Result<(), Error> {
        let limit = self.limit();
        let (selection, scope) = (self.request.selection, self.request.scope);
        let (verify, library) = (self.verify, self.library);
        let (matched, lacking) = library.read(|db| {
            let filter = SqlFilter::new(db, selection, verify, scope)?;
            let inserted = filter.fill(db, list_sql::order(selection), limit)?;
            let matched = if limit.is_some() {
                filter.count(db)?
            } else {
                inserted
            };
            Ok((matched, filter.without_date(db, selection)?))
        })?;
        self.matched = Some(matched).filter(|_| !verify);
        if lacking > 0 && !verify {
            self.undecided.insert("published", lacking);
        }
        Ok(())
    }

    /// Reads the papers of the next page. Returns `None` after the last one.
    fn read_page(&mut self) -> Result<Option<Vec<Paper>>, Error> {
        let library = self.library;
        let keys = match &mut self.source {
            KeySource::Table(place) => {
                let (keys, last) = library.read(|db| list_sql::page(db, *place))?;
                *place = last.unwrap_or(*place);
                keys
            }
            KeySource::List(keys) => keys.take(list_sql::PAGE).collect(),
        };
        let (papers, unreadable) = library.read(|db| list_sql::by_key(db, &keys))?;
        self.unreadable += unreadable;
        Ok((!keys.is_empty()).then_some(papers))
    }
}

/// Whether a query yields scores.
fn is_scored(words: &Query) -> bool {
    match words {
        Query::Text { field, .. } => *field != QueryField::Category,
        Query::All(parts) | Query::Any(parts) => parts.iter().any(is_scored),
        Query::Not(_) => false,
    }
}
