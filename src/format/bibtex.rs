//! BibTeX and biblatex.
//!
//! BibTeX is arXiv's own form: `@misc` with `eprint`, `archivePrefix`, `primaryClass` and `url`, which every style can
//! set and those that know arXiv set well. A published paper keeps it, and so its `eprint`; the DOI goes into `doi`,
//! the journal reference into `note`, which every style prints. biblatex has `@online` with `eprinttype`, which makes
//! the link itself, so that no `url` repeats it.
//!
//! A field's value is one line between braces, and braces in it are balanced.

use std::fmt::Write;

use super::citation::{CitedAuthor, authors, doi, year};
use crate::model::id::ArxivId;
use crate::model::name::PersonName;
use crate::model::paper::Paper;
use crate::model::tex::{title_to_latex, to_latex};

/// What follows the key of a BibTeX entry.
pub(super) fn bibtex(paper: &Paper, id: ArxivId) -> String {
    let mut entry = EntryFields::of(paper);
    entry.add("year", year(paper).map(|year| year.to_string()));
    entry.add("eprint", Some(id.to_string()));
    entry.add("archivePrefix", Some("arXiv".to_owned()));
    entry.add("primaryClass", category(paper));
    entry.add("doi", doi(paper).map(str::to_owned));
    entry.add("url", Some(id.abs_url()));
    entry.add("note", note(paper));
    entry.end()
}

/// What follows the key of a biblatex entry.
pub(super) fn biblatex(paper: &Paper, id: ArxivId) -> String {
    let mut entry = EntryFields::of(paper);
    entry.add("date", paper.published.map(|at| at.day().to_string()));
    entry.add("eprint", Some(id.to_string()));
    entry.add("eprinttype", Some("arxiv".to_owned()));
    entry.add("eprintclass", category(paper));
    entry.add("doi", doi(paper).map(str::to_owned));
    entry.add("note", note(paper));
    entry.end()
}

/// The fields of an entry on their way, each on a line.
struct EntryFields(String);

impl EntryFields {
    fn of(paper: &Paper) -> Self {
        let mut fields = Self(",\n".to_owned());
        fields.add("title", Some(title_to_latex(&paper.title)));
        let names: Vec<String> = authors(paper).map(|author| author_name(&author)).collect();
        fields.add("author", Some(names.join(" and ")));
        fields
    }

    fn add(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(self.0, "  {name} = {{{value}}},");
        }
    }

    fn end(mut self) -> String {
        self.0.push_str("}\n");
        self.0
    }
}

/// Categories come from outside, and no real one holds anything else.
fn category(paper: &Paper) -> Option<String> {
    let code = paper.primary_category.as_deref()?;
    let plain = code
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    plain.then(|| code.to_owned())
}

fn note(paper: &Paper) -> Option<String> {
    paper.journal_ref.as_deref().map(to_latex)
}

fn author_name(author: &CitedAuthor) -> String {
    match author {
        CitedAuthor::Whole(name) => format!("{{{}}}", to_latex(name)),
        CitedAuthor::Person(PersonName {
            family,
            given,
            suffix,
            ..
        }) => {
            let family = family_name(family);
            let given = guarded(to_latex(given));
            if suffix.is_empty() {
                format!("{family}, {given}")
            } else {
                format!("{family}, {}, {given}", guarded(to_latex(suffix)))
            }
        }
    }
}

/// A family name; BibTeX takes all up to its last small word for particles, which holds for those at its beginning.
fn family_name(family: &str) -> String {
    let small = |word: &str| word.starts_with(char::is_lowercase);
    if family.split(' ').skip_while(|word| small(word)).any(small) {
        return format!("{{{}}}", to_latex(family));
    }
    guarded(to_latex(family))
}

/// A part of a name, in braces where BibTeX would see several names or parts in it.
fn guarded(part: String) -> String {
    let divides = part.contains(',') || part.split(' ').any(|word| word.eq_ignore_ascii_case("and"));
    if divides { format!("{{{part}}}") } else { part }
}
