//! Finds papers that may be missing in a catalog.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use serde_json::json;

use super::compare::whole;
use super::day;
use crate::arxiv::api::{self, SearchRequest, SortBy};
use crate::arxiv::syntax::{self, Filters};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::lookup::Arxiv;
use crate::model::finding::{Finding, Verdict};
use crate::model::paper::Paper;
use crate::model::query::{Query, QueryField};
use crate::model::text;

/// The newest candidates that are examined: as many as one request returns.
const MAX_CANDIDATES: u64 = 200;

/// A name or a word is characteristic of a catalog if at least this many of its papers have it.
const MIN_PAPERS: usize = 3;

/// The result of a search for missing papers.
pub struct Found {
    /// The candidates, those with most of the catalog's authors first.
    pub findings: Vec<Finding>,
    /// The number of papers that were examined.
    pub looked_at: usize,
}

/// Searches for papers that match the query and are not in the catalog. Also returns how many match in all.
pub async fn discover(arxiv: &Arxiv<'_>, catalog: &Catalog, query: &Query) -> Result<(Found, u64), Error> {
    let expression =
        syntax::render(Some(query), &Filters::default()).map_err(|error| Error::usage(error.to_string()))?;
    let search = SearchRequest {
        query: expression,
        sort: SortBy::Submitted,
        ascending: false,
        want: Some(MAX_CANDIDATES),
    };
    let mut papers: Vec<Paper> = Vec::new();
    let mut all = 0;
    let page = |came: Vec<Paper>, total: u64| {
        papers.extend(came);
        all = total;
        ControlFlow::Continue(())
    };
    api::search(arxiv.client, arxiv.api_url.as_str(), &search, arxiv.now, page).await?;
    Ok((candidates(catalog, &papers), all))
}

/// The query: the catalog's collective authors, and the first words of its short names.
pub fn query(catalog: &Catalog) -> Result<Query, Error> {
    let text = |field: QueryField, text: String| Query::Text { field, text };
    let mut parts: Vec<Query> = collectives(catalog)
        .into_iter()
        .map(|name| text(QueryField::Author, name))
        .collect();
    parts.extend(
        title_words(catalog)
            .into_iter()
            .map(|word| text(QueryField::Title, word)),
    );
    match parts.len() {
        0 => Err(Error::usage(format!(
            "catalog {} has no collective author and no recurring title word to search for",
            catalog.name
        ))),
        1 => Ok(parts.remove(0)),
        _ => Ok(Query::Any(parts)),
    }
}

/// Recurring authors of one word: `DeepSeek-AI` is no person's name.
fn collectives(catalog: &Catalog) -> Vec<String> {
    let names = catalog
        .papers
        .iter()
        .flat_map(|paper| paper.authors.iter().map(|author| author.name.clone()));
    recurring(names.filter(|name| !name.contains(' ')))
}

/// Recurring first words of short names: `DeepSeek`, `Janus`.
fn title_words(catalog: &Catalog) -> Vec<String> {
    let firsts = catalog.papers.iter().filter_map(|paper| {
        let word = paper
            .short_name()?
            .split(|c: char| !c.is_alphabetic())
            .next()?
            .to_owned();
        (word.chars().count() > 2).then_some(word)
    });
    recurring(firsts)
}

fn recurring(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    let mut recurring: Vec<String> = counts
        .into_iter()
        .filter(|(_, count)| *count >= MIN_PAPERS)
        .map(|(word, _)| word)
        .collect();
    recurring.sort();
    recurring
}

fn candidates(catalog: &Catalog, papers: &[Paper]) -> Found {
    let known: HashSet<String> = catalog
        .papers
        .iter()
        .flat_map(|paper| &paper.authors)
        .map(|author| text::fold(&author.name))
        .collect();
    let mut ranked: Vec<(usize, Finding)> = Vec::new();
    for paper in papers.iter().filter(|paper| catalog.get(paper.id).is_none()) {
        let shared = paper
            .authors
            .iter()
            .filter(|author| known.contains(&text::fold(&author.name)))
            .count();
        let date = paper.published.map(day).unwrap_or_default();
        let message = format!(
            "{date} {}: {shared} of {} authors are in the catalog",
            paper.title,
            paper.authors.len()
        );
        let recorded =
            json!({ "title": paper.title, "published": paper.published, "shared_authors": shared });
        ranked.push((
            shared,
            Finding {
                recorded,
                ..whole(paper, Verdict::Discovered, message)
            },
        ));
    }
    ranked.sort_by_key(|(shared, _)| std::cmp::Reverse(*shared));
    Found {
        findings: ranked.into_iter().map(|(_, finding)| finding).collect(),
        looked_at: papers.len(),
    }
}
