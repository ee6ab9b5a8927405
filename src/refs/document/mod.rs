//! A document's references: what it cites, where, and what it claims of each.

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

/// The form of a document.
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
    /// The arXiv identifier, what is wrong with it, or none where the reference carries none.
    pub id: Option<Result<ArxivId, Malformed>>,
    /// Where the identifier stands (else the reference), in bytes.
    pub span: Range<usize>,
    /// The identifier alone as it is written, for a correction: `2406.14333v1` within `span`; empty where there is none.
    pub number: Range<usize>,
    /// What the document says of it.
    pub claim: Claim,
}

/// What a document says of a paper it cites.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Claim {
    /// Its title, or the words that stand in its place, TeX and markup gone.
    pub title: Option<String>,
    /// Its authors' names as written; may be only some.
    pub authors: Vec<String>,
    /// Its year.
    pub year: Option<i32>,
    /// Whether `title` is surely meant as a title or short name (a field, a bibitem's part, a link's text), and not
    /// merely the words nearby.
    pub certain: bool,
    /// Whether the document itself says that `title` is one: a field, or the text of a link.
    pub is_labelled: bool,
    /// Whether `authors` is a whole list: a field that does not end in `others`.
    pub authors_complete: bool,
    /// Whether a journal, proceedings, a volume or pages are named, so that `year` is the year of print.
    pub printed: bool,
}

/// The endings of each form's files.
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

/// How much of a text tells its form, in bytes.
const MAX_SIGNS: usize = 1 << 20;

impl DocumentFormat {
    /// By the file's name, else by its content.
    #[must_use]
    pub fn of(name: &str, text: &str) -> Self {
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        let by_name = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending));
        by_name.map_or_else(|| Self::of_content(text), |(_, kind)| *kind)
    }

    /// The form whose first sign comes first: a README has BibTeX in it, and a bibliography headings.
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

/// The references of a document, in order.
///
/// In BibTeX one for each entry; in TeX one for each item of a bibliography and each identifier in the text; elsewhere
/// one for each marked identifier and each entry of a numbered bibliography.
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

/// A marked identifier of a document.
struct MarkedId {
    id: Result<ArxivId, Malformed>,
    span: Range<usize>,
    number: Range<usize>,
}

impl MarkedId {
    fn claimed(&self, claim: Claim) -> Reference {
        Reference {
            id: Some(self.id.clone()),
            span: self.span.clone(),
            number: self.number.clone(),
            claim,
        }
    }

    fn unclaimed(&self) -> Reference {
        self.claimed(Claim::default())
    }

    /// Whether two name the same paper, whatever the version.
    fn names_same(&self, other: &Self) -> bool {
        match (&self.id, &other.id) {
            (Ok(one), Ok(other)) => one.base() == other.base(),
            (one, other) => one == other,
        }
    }
}

/// The marked identifiers, in order.
fn marks(text: &str) -> Vec<MarkedId> {
    let mut marks = Vec::new();
    // A text in memory is read without fail.
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

/// What bibliographies wrap titles and names in; goes, and leaves a space where one was meant.
const WRAPPINGS: &[(&str, &str)] = &[
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

/// TeX as a person reads it, without what bibliographies wrap titles and names in.
fn plain_tex(text: &str) -> String {
    let mut text = fold_whitespace(text);
    if text.contains('\\') {
        for (wrapping, meant) in WRAPPINGS {
            text = text.replace(wrapping, meant);
        }
    }
    fold_whitespace(&tex::to_plain_text(&text))
}
