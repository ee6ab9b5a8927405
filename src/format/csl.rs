//! CSL-JSON: the items that pandoc, Zotero and CSL processors read (schema `csl-data` of
//! citation-style-language/schema), in which a preprint is an `article`.

use std::io;

use chrono::Datelike;
use serde_json::{Map, Value, json};

use super::citation::{CitationStyle, Framing};
use super::cited_author::{CitedAuthor, arxiv_doi, authors, doi};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;
use crate::model::tex::to_plain_text;
use crate::model::text::{fold_whitespace, sanitize};

/// CSL-JSON.
pub(super) const STYLE: CitationStyle = CitationStyle {
    entry: |paper, id, keywords| serde_json::to_string(&item(paper, id, keywords)).map_err(io::Error::from),
    framing: Framing::JsonArray,
};

/// An item. Its `id` is null until the key is known.
fn item(paper: &Paper, id: ArxivId, keywords: &[String]) -> Map<String, Value> {
    let mut item = Map::new();
    let mut add = |key: &str, value: Value| {
        if value != "" {
            item.insert(key.to_owned(), value);
        }
    };
    add("id", Value::Null);
    add("type", "article".into());
    add("title", text(&paper.title));
    let authors: Vec<Value> = authors(paper).map(name).collect();
    if !authors.is_empty() {
        add("author", authors.into());
    }
    if let Some(day) = paper.published.map(Stamp::day) {
        add(
            "issued",
            json!({"date-parts": [[day.year(), day.month(), day.day()]]}),
        );
    }
    add("publisher", "arXiv".into());
    add("number", format!("arXiv:{id}").into());
    add(
        "DOI",
        doi(paper).map_or_else(|| arxiv_doi(paper), str::to_owned).into(),
    );
    add("URL", id.abs_url().into());
    add("abstract", text(paper.abstract_.as_deref().unwrap_or_default()));
    add("note", text(paper.journal_ref.as_deref().unwrap_or_default()));
    add("keyword", text(&keywords.join(", ")));
    item
}

/// A name. Particles stay with the family name, as in arXiv's lists.
fn name(author: CitedAuthor) -> Value {
    match author {
        CitedAuthor::Whole(name) => json!({"literal": text(&name)}),
        CitedAuthor::Person(name) if name.suffix.is_empty() => {
            json!({"family": text(&name.family), "given": text(&name.given)})
        }
        CitedAuthor::Person(name) => {
            json!({"family": text(&name.family), "given": text(&name.given), "suffix": text(&name.suffix)})
        }
    }
}

fn text(text: &str) -> Value {
    fold_whitespace(&sanitize(&to_plain_text(text))).into()
}
