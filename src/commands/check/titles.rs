//! References without an identifier, looked up by title.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::judge::Known;
use crate::arxiv::api::{self, SearchRequest, SortBy};
use crate::arxiv::syntax::{self, Filters};
use crate::error::Error;
use crate::lookup::{self, Arxiv};
use crate::model::paper::{Paper, Source};
use crate::model::query::{Query, QueryField};
use crate::model::record::Record;
use crate::model::text;
use crate::refs::compare::{self, Agreement, Names};
use crate::refs::document::Claim;

/// Results of one search that are looked at.
const LOOK_AT: u64 = 10;

/// A title of fewer words finds too much.
const FEWEST_WORDS: usize = 3;

/// What is known of claimed titles by now.
#[derive(Default)]
pub struct Titles {
    /// The paper of each title that was looked up, if there is one; by the title's words.
    looked_up: HashMap<Vec<String>, Option<Paper>>,
    /// How many searches were sent.
    pub searches: usize,
    /// All that came of them.
    pub came: Vec<Record>,
}

impl Titles {
    /// Asks arXiv for each of these titles once, until `most` searches were sent.
    pub async fn search<'a>(
        &mut self,
        arxiv: &Arxiv<'_>,
        claims: impl Iterator<Item = &'a Claim>,
        known: &Known<'_>,
        most: usize,
    ) -> Result<(), Error> {
        for claim in claims {
            let Some((words, expression)) = searchable(claim) else {
                continue;
            };
            if self.looked_up.contains_key(&words) || known.named(claim).is_some() {
                continue;
            }
            if self.searches >= most {
                break;
            }
            self.searches += 1;
            let papers = ask(arxiv, expression).await?;
            let record = |paper: &Paper| lookup::arrived(paper.clone(), Source::Api, arxiv.now, true);
            self.came.extend(papers.iter().map(record));
            let paper = meant(claim, papers);
            self.looked_up.insert(words, paper);
        }
        Ok(())
    }

    /// The paper of this title, if one was found.
    pub fn paper<'a>(&'a self, claim: &Claim, known: &'a Known<'_>) -> Option<&'a Paper> {
        let (words, _) = searchable(claim)?;
        let here = known.named(claim).filter(|paper| agrees(claim, paper));
        here.or_else(|| self.looked_up.get(&words)?.as_ref())
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

async fn ask(arxiv: &Arxiv<'_>, query: String) -> Result<Vec<Paper>, Error> {
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

/// The one paper that is surely called as claimed.
fn meant(claim: &Claim, mut papers: Vec<Paper>) -> Option<Paper> {
    let mut names = Names::default();
    papers.retain(|paper| agrees(claim, paper));
    for paper in &papers {
        names.add(paper);
    }
    let id = names.find(claim, false)?;
    papers.into_iter().find(|paper| paper.id == id)
}

/// Whether nothing that is claimed of authors and year contradicts the paper.
fn agrees(claim: &Claim, paper: &Paper) -> bool {
    matches!(compare::compare(claim, paper), Agreement::Same | Agreement::Loose)
}
