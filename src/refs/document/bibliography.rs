//! References in BibTeX: one for each entry.

use std::ops::Range;

use super::{Claim, MarkedId, Reference, authors, id_span, plain_tex, title_heuristics, year};
use crate::model::id::{ArxivId, Malformed};
use crate::refs::bibtex::{self, BibEntry, BibField};

/// Fields that may contain the identifier of the paper itself, the most reliable first.
const CARRIERS: &[&str] = &[
    "url",
    "doi",
    "arxiv",
    "arxivid",
    "journal",
    "journaltitle",
    "volume",
    "number",
    "note",
    "howpublished",
    "pages",
    "ee",
    "link",
    "pdf",
    "bdsk-url-1",
];

/// Returns the references of BibTeX that begins at `offset` of a document. `marks` are the identifiers of the document.
pub(super) fn references(text: &str, offset: usize, marks: &[MarkedId]) -> Vec<Reference> {
    let read = bibtex::read(text);
    read.entries
        .iter()
        .flat_map(|entry| of_entry(text, offset, entry, marks))
        .collect()
}

/// Returns the reference of an entry, and one for each other paper that its fields name. All have the claim of the entry.
fn of_entry(text: &str, offset: usize, entry: &BibEntry, marks: &[MarkedId]) -> Vec<Reference> {
    let own = reference(text, offset, entry, marks);
    let base = |reference: &Reference| Some(reference.id.clone()?.ok()?.base());
    let mut all = vec![own];
    for mark in CARRIERS.iter().filter_map(|name| {
        // A note often mentions another paper.
        let field = entry.field(name).filter(|_| *name != "note")?;
        marked(offset, entry, field, marks)
    }) {
        let other = |reference: &Reference| mark.with_claim(reference.claim.clone());
        let Some(other) = all.first().map(other).filter(|other| base(other).is_some()) else {
            continue;
        };
        if all.iter().all(|one| base(one) != base(&other)) {
            all.push(other);
        }
    }
    all.sort_by_key(|reference| reference.span.start);
    all
}

/// Whether a field only mentions a paper, as a note may: `Comment on arXiv:2401.06066`. A note with nothing but an
/// identifier gives that of the entry.
fn mentions_another(field: &BibField) -> bool {
    if !matches!(field.name.as_str(), "note" | "howpublished") {
        return false;
    }
    let text = plain_tex(&field.value);
    let mut words = text.split_whitespace().filter(|word| !word.starts_with('['));
    !words.all(title_heuristics::is_generic)
}

/// The first marked identifier in a field of the entry itself.
fn marked<'a>(
    offset: usize,
    entry: &BibEntry,
    field: &BibField,
    marks: &'a [MarkedId],
) -> Option<&'a MarkedId> {
    if !entry.owns(field) || mentions_another(field) {
        return None;
    }
    let (start, end) = (field.span.start + offset, field.span.end + offset);
    let first = marks.partition_point(|mark| mark.span.start < start);
    marks.get(first).filter(|mark| mark.span.start < end)
}

/// Returns the identifier of the paper that an entry describes.
pub(super) fn identifier(
    text: &str,
    entry: &BibEntry,
    marks: &[MarkedId],
) -> Option<Result<ArxivId, Malformed>> {
    reference(text, 0, entry, marks).id
}

fn reference(text: &str, offset: usize, entry: &BibEntry, marks: &[MarkedId]) -> Reference {
    let moved = |range: Range<usize>| range.start + offset..range.end + offset;
    let claim = claim(entry);
    if let Some((id, span, number)) = eprint(text, entry).or_else(|| arxiv_field(text, entry)) {
        return Reference {
            id: Some(id),
            span: moved(span),
            number: moved(number),
            claim,
        };
    }
    let marked = CARRIERS
        .iter()
        .filter_map(|name| entry.field(name))
        .find_map(|field| marked(offset, entry, field, marks));
    if let Some(mark) = marked {
        return Reference {
            id: Some(mark.id.clone()),
            span: mark.span.clone(),
            number: mark.number.clone(),
            claim,
        };
    }
    let (id, span, number) = match corr(text, entry) {
        Some((id, span, number)) => (Some(id), span, number),
        None => (None, entry.span.clone(), entry.span.start..entry.span.start),
    };
    Reference {
        id,
        span: moved(span),
        number: moved(number),
        claim,
    }
}

type Identifier = (Result<ArxivId, Malformed>, Range<usize>, Range<usize>);

/// The identifier in the `eprint` field, unless the entry names another archive, or names none and the value does not
/// look like arXiv's.
fn eprint(text: &str, entry: &BibEntry) -> Option<Identifier> {
    let field = entry.field("eprint").filter(|field| entry.owns(field))?;
    let archive = entry.get("archiveprefix").or_else(|| entry.get("eprinttype"));
    let names_arxiv = match archive.map(str::trim) {
        Some(archive) if is_arxiv(archive) => true,
        Some("") | None => false,
        Some(_) => return None,
    };
    let id = ArxivId::parse(&field.value);
    let looks_like_arxiv =
        id.is_ok() || field.value.to_ascii_lowercase().starts_with("arxiv:") || has_shape(&field.value);
    if field.value.is_empty() || !(names_arxiv || looks_like_arxiv) {
        return None;
    }
    Some(of_field(text, field, id))
}

/// The identifier in a field that is named after arXiv and has no marker: `arxivid = {1706.03762}`.
fn arxiv_field(text: &str, entry: &BibEntry) -> Option<Identifier> {
    let mut fields = ["arxivid", "arxiv", "arxiv_id"]
        .iter()
        .filter_map(|name| entry.field(name).filter(|field| entry.owns(field)));
    fields.find_map(|field| {
        let id = ArxivId::parse(&field.value).ok()?;
        Some(of_field(text, field, Ok(id)))
    })
}

/// Whether the name of an archive means arXiv: `arXiv`, or `arXiv.org` as some write it.
pub(super) fn is_arxiv(archive: &str) -> bool {
    matches!(
        archive.trim().to_ascii_lowercase().as_str(),
        "arxiv" | "arxiv.org"
    )
}

/// Whether a value has four digits, a point, and four or five digits. Such a value can only be meant as an identifier of
/// arXiv, even if it is malformed.
fn has_shape(eprint: &str) -> bool {
    let number = eprint.split(['v', 'V']).next().unwrap_or_default();
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    number.split_once('.').is_some_and(|(date, number)| {
        date.len() == 4 && matches!(number.len(), 4 | 5) && are_digits(date) && are_digits(number)
    })
}

/// The identifier in the style of DBLP: `journal = {CoRR}, volume = {abs/1706.03762}`.
fn corr(text: &str, entry: &BibEntry) -> Option<Identifier> {
    let journal = entry.get("journal").or_else(|| entry.get("journaltitle"))?;
    let is_corr = ["corr", "arxiv"]
        .iter()
        .any(|name| journal.to_ascii_lowercase().starts_with(name));
    let field = entry
        .field("volume")
        .filter(|field| is_corr && entry.owns(field))?;
    let volume = field.value.strip_prefix("abs/");
    let id = ArxivId::parse(volume.unwrap_or(&field.value));
    (volume.is_some() || id.is_ok()).then(|| of_field(text, field, id))
}

fn of_field(text: &str, field: &BibField, id: Result<ArxivId, Malformed>) -> Identifier {
    let number = id_span::of(text, &field.span, &id);
    (id, field.span.clone(), number)
}

/// What an entry claims. A title inherited by `crossref` is that of the volume and does not count; the year does.
fn claim(entry: &BibEntry) -> Claim {
    let own = |name: &str| entry.field(name).filter(|field| entry.owns(field));
    let title = own("title")
        .map(|field| plain_tex(&field.value))
        .filter(|title| !title.is_empty());
    let people = own("author").or_else(|| own("editor"));
    let authors = people
        .map(|field| authors::of_field(&field.value))
        .unwrap_or_default();
    let year = entry.get("year").and_then(year::first);
    Claim {
        certain: title.is_some(),
        is_labelled: title.is_some(),
        title,
        authors_complete: people.is_some_and(|field| !authors::is_open(&field.value)),
        printed: is_printed(entry),
        authors: authors.iter().map(|name| plain_tex(name)).collect(),
        year: year.or_else(|| entry.get("date").and_then(year::first)),
    }
}

/// Whether the entry says where the paper was printed. arXiv itself is often written as the journal.
fn is_printed(entry: &BibEntry) -> bool {
    let is_arxiv = |value: &str| {
        let value = plain_tex(value).to_ascii_lowercase();
        value.contains("arxiv") || value.starts_with("corr") || value.contains("preprint")
    };
    let venue = ["journal", "journaltitle", "booktitle"];
    let named = venue
        .iter()
        .filter_map(|name| entry.get(name))
        .any(|value| !is_arxiv(value));
    let published = entry.get("publisher").is_some_and(|value| !is_arxiv(value));
    named
        || published
        || (entry.get("pages").is_some() && entry.get("volume").is_some_and(|v| !v.starts_with("abs/")))
}
