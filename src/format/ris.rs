//! RIS, as reference managers read it: a two-letter tag, two spaces, a dash, a space and a value on each line; lines
//! end with CR LF, and a record with `ER  - `.
//!
//! A preprint is `GEN`, published or not: what is cited is what arXiv holds. No value can begin a line.

use std::fmt::Write;

use super::citation::{CitedAuthor, arxiv_doi, authors, doi, year};
use crate::model::id::ArxivId;
use crate::model::paper::Paper;
use crate::model::tex::to_plain_text;
use crate::model::text::{fold_whitespace, sanitize};

/// What follows the key of a record.
pub(super) fn record(paper: &Paper, id: ArxivId) -> String {
    let mut out = "\r\n".to_owned();
    add(&mut out, "TI", &to_plain_text(&paper.title));
    for author in authors(paper) {
        let name = match author {
            CitedAuthor::Whole(name) => name.replace(',', " "),
            CitedAuthor::Person(name) => {
                // Commas divide the parts.
                let parts = [&name.family, &name.given, &name.suffix].map(|part| part.replace(',', " "));
                let parts: Vec<&str> = parts
                    .iter()
                    .map(String::as_str)
                    .filter(|part| !part.is_empty())
                    .collect();
                parts.join(", ")
            }
        };
        add(&mut out, "AU", &to_plain_text(&name));
    }
    if let Some(year) = year(paper) {
        add(&mut out, "PY", &year.to_string());
    }
    if let Some(at) = paper.published {
        add(&mut out, "DA", &at.day().format("%Y/%m/%d").to_string());
    }
    add(&mut out, "PB", "arXiv");
    add(&mut out, "AN", &format!("arXiv:{id}"));
    add(
        &mut out,
        "DO",
        &doi(paper).map_or_else(|| arxiv_doi(paper), str::to_owned),
    );
    add(&mut out, "UR", &id.abs_url());
    add(
        &mut out,
        "N1",
        &to_plain_text(paper.journal_ref.as_deref().unwrap_or_default()),
    );
    add(
        &mut out,
        "AB",
        &to_plain_text(paper.abstract_.as_deref().unwrap_or_default()),
    );
    for category in &paper.categories {
        add(&mut out, "KW", category);
    }
    out.push_str("ER  - \r\n");
    out
}

fn add(out: &mut String, tag: &str, value: &str) {
    let value = fold_whitespace(&sanitize(value));
    if !value.is_empty() {
        let _ = write!(out, "{tag}  - {value}\r\n");
    }
}
