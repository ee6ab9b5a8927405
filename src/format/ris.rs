//! RIS, for reference managers: each line has a two-letter tag, two spaces, a dash, a space and a value. Lines end in
//! CR LF, and a record ends with `ER  - `.
//!
//! A paper is a `GEN`, whether it was published or not, because the preprint is what is cited. Values are squeezed to one
//! line: a line break in a title could otherwise start a tag of its own.

use std::fmt::Write;
use std::io;

use super::citation::{CitationStyle, Framing};
use super::cited_author::{CitedAuthor, arxiv_doi, authors, doi, year};
use crate::model::id::ArxivId;
use crate::model::paper::Paper;
use crate::model::tex::to_plain_text;
use crate::model::text::{fold_whitespace, sanitize};

/// RIS.
pub(super) const STYLE: CitationStyle = CitationStyle {
    entry: record,
    framing: Framing::Text {
        before: "TY  - GEN\r\nID  - ",
        between: "\r\n",
    },
};

#[expect(clippy::unnecessary_wraps, reason = "the signature of a citation style")]
fn record(paper: &Paper, id: ArxivId, keywords: &[String]) -> io::Result<String> {
    let mut out = "\r\n".to_owned();
    add(&mut out, "TI", &to_plain_text(&paper.title));
    for author in authors(paper) {
        let name = match author {
            CitedAuthor::Whole(name) => name.replace(',', " "),
            CitedAuthor::Person(name) => {
                // A comma separates family name, given name and suffix, so no part may contain one.
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
    for category in paper.categories.iter().chain(keywords) {
        add(&mut out, "KW", category);
    }
    out.push_str("ER  - \r\n");
    Ok(out)
}

fn add(out: &mut String, tag: &str, value: &str) {
    let value = fold_whitespace(&sanitize(value));
    if !value.is_empty() {
        let _ = write!(out, "{tag}  - {value}\r\n");
    }
}
