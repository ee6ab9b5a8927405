//! Finds the references of a document: which papers it cites, where, and what it claims about each.

mod authors;
mod bibliography;
mod blocks;
mod citation;
mod context;
mod id_span;
mod inline;
mod prose;
mod prose_text;
pub mod records;
mod surroundings;
mod tex_items;
mod tex_title;
mod title_heuristics;
mod year;

pub use surroundings::{Surroundings, references_section, surroundings};

use std::ops::{ControlFlow, Range};

use super::find::{self, Rigour};
use crate::model::id::{ArxivId, Malformed};
use crate::model::tex;
use crate::model::text::fold_whitespace;

/// The format of a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentFormat {
    /// `.bib`.
    Bibtex,
    /// `.tex`, `.bbl`: `\bibitem` and running text.
    Tex,
    /// `.md`.
    Markdown,
    /// `.html`.
    Html,
    /// Anything else.
    Plain,
}

/// One reference.
#[derive(Clone, PartialEq, Debug)]
pub struct Reference {
    /// The arXiv identifier, or why it is malformed; `None` if the reference has none.
    pub id: Option<Result<ArxivId, Malformed>>,
    /// Byte range of the identifier, or of the whole reference if it has none.
    pub span: Range<usize>,
    /// Byte range of the identifier without its marker, which a correction replaces: `2406.14333v1` within `span`. Empty
    /// if there is none.
    pub number: Range<usize>,
    /// What the document says about the paper.
    pub claim: Claim,
}

/// What a document says about a paper that it cites.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Claim {
    /// The title, or the words in its place, without TeX and markup.
    pub title: Option<String>,
    /// The names of its authors as they are written, perhaps only some of them.
    pub authors: Vec<String>,
    /// The year.
    pub year: Option<i32>,
    /// Whether `title` is certainly a title or short name (a field, a part of a bibitem, the text of a link) and not
    /// merely words nearby.
    pub certain: bool,
    /// Whether the document itself says that `title` is one: a field, or the text of a link.
    pub is_labelled: bool,
    /// Whether `authors` is a whole list: a field that does not end in `others`.
    pub authors_complete: bool,
    /// Whether a journal, proceedings, a volume or pages are named, so that `year` is the year of print.
    pub printed: bool,
}

/// File name extensions of each format.
const ENDINGS: &[(&str, DocumentFormat)] = &[
    (".bib", DocumentFormat::Bibtex),
    (".tex", DocumentFormat::Tex),
    (".bbl", DocumentFormat::Tex),
    (".ltx", DocumentFormat::Tex),
    (".md", DocumentFormat::Markdown),
    (".markdown", DocumentFormat::Markdown),
    (".html", DocumentFormat::Html),
    (".htm", DocumentFormat::Html),
];

/// Bytes of a text that are examined for its format.
const MAX_SIGNS: usize = 1 << 20;

impl DocumentFormat {
    /// The format according to the name of the file, else according to its content.
    #[must_use]
    pub fn of(name: &str, text: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let by_name = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending));
        by_name.map_or_else(|| Self::of_content(text), |(_, kind)| *kind)
    }

    /// The format whose first sign comes first. Signs of several occur together: a README may contain BibTeX, and a
    /// bibliography headings.
    fn of_content(text: &str) -> Self {
        let text = citation::start(text, MAX_SIGNS);
        let lower = text.to_ascii_lowercase();
        if lower.trim_start().starts_with("<!doctype html") || lower.contains("<html") {
            return Self::Html;
        }
        let signs: [(Self, &[&str]); 2] = [
            (Self::Tex, &["\\documentclass", "\\bibitem", "\\begin{"]),
            (Self::Markdown, &["](http", "```"]),
        ];
        let first = |signs: &[&str]| signs.iter().filter_map(|sign| text.find(sign)).min();
        let mut found: Vec<(usize, Self)> = Vec::new();
        for (kind, signs) in signs {
            found.extend(first(signs).map(|at| (at, kind)));
        }
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            found.extend(Self::of_line(line.trim()).map(|kind| (at, kind)));
            at += line.len();
        }
        let earliest = found.into_iter().min_by_key(|(at, _)| *at).map(|(_, kind)| kind);
        let html = lower.contains("<a href").then_some(Self::Html);
        earliest.or(html).unwrap_or(Self::Plain)
    }

    fn of_line(line: &str) -> Option<Self> {
        let begins = |rest: &str| rest.find(['{', '(']);
        let entry = line
            .strip_prefix('@')
            .and_then(|rest| rest.split_at_checked(begins(rest)?));
        if entry.is_some_and(|(kind, _)| {
            !kind.trim().is_empty() && kind.trim().bytes().all(|byte| byte.is_ascii_alphabetic())
        }) {
            return Some(Self::Bibtex);
        }
        let text = line.trim_start_matches('#');
        let level = line.len() - text.len();
        ((1..=6).contains(&level) && text.starts_with(' ')).then_some(Self::Markdown)
    }
}

/// Returns the references of a document in order.
///
/// In BibTeX every entry is one; in TeX every item of a bibliography and every identifier in the text; elsewhere every
/// marked identifier and every entry of a bibliography.
#[must_use]
pub fn references(text: &str, kind: DocumentFormat) -> Vec<Reference> {
    let marks = marks(text);
    match kind {
        DocumentFormat::Bibtex => bibliography::references(text, 0, &marks),
        DocumentFormat::Tex => tex_items::references(text, &marks),
        DocumentFormat::Markdown | DocumentFormat::Html | DocumentFormat::Plain => {
            prose::references(text, kind, &marks)
        }
    }
}

/// An identifier in a document that has a marker.
struct MarkedId {
    id: Result<ArxivId, Malformed>,
    span: Range<usize>,
    number: Range<usize>,
}

impl MarkedId {
    fn with_claim(&self, claim: Claim) -> Reference {
        Reference {
            id: Some(self.id.clone()),
            span: self.span.clone(),
            number: self.number.clone(),
            claim,
        }
    }

    fn without_claim(&self) -> Reference {
        self.with_claim(Claim::default())
    }

    /// Whether two identifiers mean the same paper in any version.
    fn names_same(&self, other: &Self) -> bool {
        match (&self.id, &other.id) {
            (Ok(one), Ok(other)) => one.base() == other.base(),
            (one, other) => one == other,
        }
    }
}

/// Finds the identifiers that have a marker, in order.
fn marks(text: &str) -> Vec<MarkedId> {
    let mut marks = Vec::new();
    // Reading from memory cannot fail.
    let _ = find::scan(text.as_bytes(), Rigour::Strict, |found| {
        let start = usize::try_from(found.offset).unwrap_or(usize::MAX);
        let span = start..start.saturating_add(found.text.len());
        let number = id_span::of(text, &span, &found.id);
        let id = found.id;
        marks.push(MarkedId { id, span, number });
        ControlFlow::Continue(())
    });
    marks
}

/// Commands that bibliographies put around titles and names, and what replaces them.
const WRAPPERS: &[(&str, &str)] = &[
    ("\\penalty0", ""),
    ("\\enquote", ""),
    ("\\bibinfo", ""),
    ("\\natexlab", ""),
    ("\\bibfnamefont", ""),
    ("\\bibnamefont", ""),
    ("\\protect", ""),
    ("\\bibnamedelima", " "),
    ("\\bibnamedelimb", " "),
    ("\\bibnamedelimc", " "),
    ("\\bibnamedelimd", " "),
    ("\\bibnamedelimi", " "),
    ("\\bibinitperiod", "."),
    ("\\bibrangedash", "-"),
];

/// TeX as a person reads it, without the commands that bibliographies put around titles and names.
fn plain_tex(text: &str) -> String {
    let mut text = fold_whitespace(text);
    if text.contains('\\') {
        for (command, replacement) in WRAPPERS {
            text = text.replace(command, replacement);
        }
    }
    fold_whitespace(&tex::to_plain_text(&text))
}
