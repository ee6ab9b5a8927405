//! Lists of what is held, in order, page by page.

use std::collections::BTreeMap;

use super::index::{self, SearchOrder};
use super::list_sql::{self, Filter};
use super::{Error, Library, Scope};
use crate::model::event::Event;
use crate::model::paper::Paper;
use crate::model::query::{Query, QueryField};
use crate::model::selection::{Decision, Selection, Sort};
use crate::model::text;

/// Which papers of what is held.
#[derive(Clone, Copy)]
pub struct ListRequest<'a> {
    /// Of what.
    pub scope: Scope,
    /// With these words.
    pub words: Option<&'a Query>,
    /// Filters, order and limit. [`Sort::Relevance`] counts only with words.
    pub selection: &'a Selection,
    /// Puts on a record what is known of its paper elsewhere (the catalogs), for filters and for the output.
    pub annotate: &'a dyn Fn(&mut Paper),
}

/// Papers on their way out.
pub struct ListCursor<'a> {
    library: &'a Library,
    wanted: ListRequest<'a>,
    /// Whether each record must be looked at, since a filter asks for what neither index nor columns know.
    verified: bool,
    source: Source,
    given: usize,
    /// How many match; none where that is known only at the end.
    pub matched: Option<u64>,
    /// No more than so many match, where the search index says so.
    pub at_most: Option<u64>,
    /// Changes of the database that the search index does not have yet: another process is at it.
    pub behind: u64,
    /// Records that were left out so far because they cannot be read.
    pub unreadable: u64,
    undecided: BTreeMap<&'static str, u64>,
}

enum Source {
    /// The table `chosen`, from this place on.
    Table(i64),
    Keys(std::vec::IntoIter<i64>),
}

impl Library {
    /// The papers that are wanted. Search words, and filters by category, author and title, are asked of the search
    /// index, which is brought up first and tells of it.
    pub fn list<'a>(
        &'a self,
        wanted: ListRequest<'a>,
        observe: &mut dyn FnMut(Event),
    ) -> Result<ListCursor<'a>, Error> {
        let selection = wanted.selection;
        let several_words = |name: &String| text::words(name).len() > 1;
        let verified = selection.area.is_some()
            || !selection.texts.is_empty()
            || selection.authors.iter().any(several_words)
            || wanted.words.is_some_and(index::must_be_read);
        let mut listing = ListCursor {
            library: self,
            wanted,
            verified,
            source: Source::Table(0),
            given: 0,
            matched: None,
            at_most: None,
            behind: 0,
            unreadable: 0,
            undecided: BTreeMap::new(),
        };
        let by_index = wanted.words.is_some()
            || !(selection.categories.is_empty()
                && selection.authors.is_empty()
                && selection.titles.is_empty());
        if by_index {
            listing.ask(observe)?;
        } else {
            listing.choose()?;
        }
        Ok(listing)
    }
}

impl ListCursor<'_> {
    /// Filters that could not be decided for want of a fact: its key, and how many papers were left out for it so far.
    pub fn undecided(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.undecided.iter().map(|(key, count)| (*key, *count))
    }

    /// The next papers: those wanted among a page of records, which may be none; `None` at the end.
    pub fn next_page(&mut self) -> Result<Option<Vec<Paper>>, Error> {
        let limit = self.wanted.selection.limit.unwrap_or(usize::MAX);
        if self.given >= limit {
            return Ok(None);
        }
        let Some(papers) = self.turn_page()? else {
            self.matched = self.matched.or(Some(self.given as u64));
            return Ok(None);
        };
        let mut page = Vec::with_capacity(papers.len());
        for mut paper in papers {
            if self.given >= limit {
                break;
            }
            (self.wanted.annotate)(&mut paper);
            if !self.verified || self.is_wanted(&paper) {
                self.given += 1;
                page.push(paper);
            }
        }
        Ok(Some(page))
    }

    fn is_wanted(&mut self, paper: &Paper) -> bool {
        if self.wanted.words.is_some_and(|words| !index::has(paper, words)) {
            return false;
        }
        match self.wanted.selection.matches(paper) {
            Decision::Yes => true,
            Decision::No => false,
            Decision::Unknown(key) => {
                *self.undecided.entry(key).or_default() += 1;
                false
            }
        }
    }

    /// So many at most need be chosen: a filter that looks at each record may throw some out.
    fn limit(&self) -> Option<usize> {
        self.wanted.selection.limit.filter(|_| !self.verified)
    }

    fn ask(&mut self, observe: &mut dyn FnMut(Event)) -> Result<(), Error> {
        let selection = self.wanted.selection;
        let oldest = selection.reverse;
        let order = match selection.sort {
            Sort::Relevance if self.wanted.words.is_some_and(ranks) => SearchOrder::Relevance,
            Sort::Date | Sort::Relevance => SearchOrder::Published { oldest },
            Sort::Updated => SearchOrder::Updated { oldest },
            Sort::Id | Sort::Title => SearchOrder::Any,
        };
        let answer = self.library.ask(
            &index::SearchRequest {
                scope: self.wanted.scope,
                words: self.wanted.words,
                selection,
                order,
                limit: self.limit(),
            },
            observe,
        )?;
        self.matched = Some(answer.matched).filter(|_| !self.verified);
        self.at_most = Some(answer.matched);
        self.behind = answer.behind;
        self.undecided.extend(answer.undecided);
        let mut keys = answer.keys;
        match selection.sort {
            Sort::Title => self
                .library
                .read(|db| list_sql::order_by_title(db, &keys, oldest))?,
            Sort::Id | Sort::Relevance
                if oldest && matches!(order, SearchOrder::Any | SearchOrder::Relevance) =>
            {
                keys.reverse();
                self.source = Source::Keys(keys.into_iter());
            }
            _ => self.source = Source::Keys(keys.into_iter()),
        }
        Ok(())
    }

    fn choose(&mut self) -> Result<(), Error> {
        let limit = self.limit();
        let (selection, scope) = (self.wanted.selection, self.wanted.scope);
        let (verified, library) = (self.verified, self.library);
        let (matched, lacking) = library.read(|db| {
            let filter = Filter::new(db, selection, verified, scope)?;
            let inserted = filter.fill(db, list_sql::order(selection), limit)?;
            let matched = if limit.is_some() {
                filter.count(db)?
            } else {
                inserted
            };
            Ok((matched, filter.lacking(db, selection)?))
        })?;
        self.matched = Some(matched).filter(|_| !verified);
        if lacking > 0 && !verified {
            self.undecided.insert("published", lacking);
        }
        Ok(())
    }

    /// The papers of the next page of records, if there is another.
    fn turn_page(&mut self) -> Result<Option<Vec<Paper>>, Error> {
        let library = self.library;
        let keys = match &mut self.source {
            Source::Table(place) => {
                let (keys, last) = library.read(|db| list_sql::page(db, *place))?;
                *place = last.unwrap_or(*place);
                keys
            }
            Source::Keys(keys) => keys.take(list_sql::PAGE).collect(),
        };
        let (papers, unreadable) = library.read(|db| list_sql::by_key(db, &keys))?;
        self.unreadable += unreadable;
        Ok((!keys.is_empty()).then_some(papers))
    }
}

/// Whether words say how well a paper matches, and not only whether.
fn ranks(words: &Query) -> bool {
    match words {
        Query::Text { field, .. } => *field != QueryField::Category,
        Query::All(parts) | Query::Any(parts) => parts.iter().any(ranks),
        Query::Not(_) => false,
    }
}
