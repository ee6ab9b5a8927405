//! Searches of arXiv for the titles of references without an identifier.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::known::KnownPapers;
use crate::arxiv::api::{self, SearchRequest, SortBy};
use crate::arxiv::syntax::{self, Filters};
use crate::error::Error;
use crate::lookup::{self, Arxiv};
use crate::model::paper::{Paper, Source};
use crate::model::query::{Query, QueryField};
use crate::model::record::Record;
use crate::model::text;
use crate::refs::compare::TitleMatch;
use crate::refs::document::Claim;

/// Results of one search that are looked at.
const LOOK_AT: u64 = 10;

/// A title of fewer words finds too much.
const FEWEST_WORDS: usize = 3;

/// Searches of arXiv for claimed titles.
#[derive(Default)]
pub struct OnlineSearches {
    /// Titles that were searched for, each by its words.
    done: HashSet<Vec<String>>,
    /// Records that arXiv returned, for the mirror.
    pub records: Vec<Record>,
}

impl OnlineSearches {
    /// Number of searches that were sent.
    pub fn count(&self) -> usize {
        self.done.len()
    }

    /// Whether arXiv was asked for this title.
    pub fn has(&self, claim: &Claim) -> bool {
        searchable(claim).is_some_and(|(words, _)| self.done.contains(&words))
    }

    /// Asks arXiv once for each of these titles that nothing on this machine has, until `max` searches were sent.
    pub async fn run<'a>(
        &mut self,
        arxiv: &Arxiv<'_>,
        claims: impl Iterator<Item = &'a Claim>,
        known: &mut KnownPapers<'_>,
        max: usize,
    ) -> Result<(), Error> {
        for claim in claims {
            let Some((words, expression)) = searchable(claim) else {
                continue;
            };
            if self.done.contains(&words) || known.match_title(claim) != TitleMatch::NotFound {
                continue;
            }
            if self.done.len() >= max {
                break;
            }
            let papers = search(arxiv, expression).await?;
            self.done.insert(words);
            let record = |paper: &Paper| lookup::arrived(paper.clone(), Source::Api, arxiv.now, true);
            self.records.extend(papers.iter().map(record));
            if let Some(title) = &claim.title {
                known.learn_title(title, papers);
            }
        }
        Ok(())
    }
}

/// A claimed title's words and the search for them: as a phrase, quoted.
fn searchable(claim: &Claim) -> Option<(Vec<String>, String)> {
    let title = claim.title.as_deref().filter(|_| claim.certain)?;
    let words = text::words(title);
    if words.len() < FEWEST_WORDS {
        return None;
    }
    let phrase = Query::Text {
        field: QueryField::Title,
        text: words.join(" "),
    };
    Some((words, syntax::render(Some(&phrase), &Filters::default()).ok()?))
}

async fn search(arxiv: &Arxiv<'_>, query: String) -> Result<Vec<Paper>, Error> {
    let search = SearchRequest {
        query,
        sort: SortBy::Relevance,
        ascending: false,
        want: Some(LOOK_AT),
    };
    let mut papers: Vec<Paper> = Vec::new();
    let page = |came: Vec<Paper>, _| {
        papers.extend(came);
        ControlFlow::Continue(())
    };
    api::search(arxiv.client, arxiv.api_url.as_str(), &search, arxiv.now, page).await?;
    Ok(papers)
}
