//! The parts of a paper that citations, citation keys and file names share: authors, year, DOI, identifier.

use chrono::Datelike;

use crate::model::id::ArxivId;
use crate::model::name::{self, PersonName};
use crate::model::paper::Paper;
use crate::model::text::{fold_whitespace, sanitize};

/// An author as citations need it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum CitedAuthor {
    /// A person with a family name and a given name.
    Person(PersonName),
    /// A collective, or a name that is not split.
    Whole(String),
}

/// The authors in order. Collectives are not split, nor are names of one word, nor names in Chinese, Japanese or
/// Korean characters, in which the family name comes first.
pub(super) fn authors(paper: &Paper) -> impl Iterator<Item = CitedAuthor> {
    paper.authors.iter().filter_map(|author| {
        let name = fold_whitespace(&sanitize(&author.name));
        if name.is_empty() {
            return None;
        }
        if is_collective(&name) || name.chars().any(is_ideograph) {
            return Some(CitedAuthor::Whole(name));
        }
        let split = name::parse_name(&name);
        Some(if split.given.is_empty() || split.family.is_empty() {
            CitedAuthor::Whole(name)
        } else {
            CitedAuthor::Person(split)
        })
    })
}

/// Whether a name contains a word that no person is called by. [`name::parse_name`] recognises collectives by their
/// usual forms; this list adds those that continue after a comma, and companies.
fn is_collective(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "collaboration",
        "consortium",
        "group",
        "team",
        "inc",
        "ltd",
        "llc",
        "gmbh",
        "corp",
        "labs",
        "lab",
    ];
    name.split(|c: char| !c.is_alphanumeric())
        .any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The year of the first version.
pub(super) fn year(paper: &Paper) -> Option<i32> {
    paper.published.map(|at| at.day().year())
}

/// The publisher's DOI. Returns `None` unless it begins with `10.` and contains nothing that could end a field or
/// begin a comment.
pub(super) fn doi(paper: &Paper) -> Option<&str> {
    let doi = paper.doi.as_deref()?.trim();
    let plain = doi
        .chars()
        .all(|c| c.is_ascii_graphic() && !matches!(c, '{' | '}' | '\\' | '%'));
    (plain && doi.starts_with("10.") && doi.contains('/')).then_some(doi)
}

/// The DOI that arXiv registers for every paper, without a version.
pub(super) fn arxiv_doi(paper: &Paper) -> String {
    format!("10.48550/arXiv.{}", paper.id)
}

/// The identifier as part of a citation key: `2501_12948`, `hep-th_9901001`.
pub(super) fn key_part(id: ArxivId) -> String {
    id.to_string().replace(['.', '/'], "_")
}
