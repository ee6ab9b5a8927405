//! BibTeX and biblatex.
//!
//! BibTeX entries have arXiv's own form: `@misc` with `eprint`, `archivePrefix`, `primaryClass` and `url`, which every
//! style can typeset. A published paper keeps this form and its `eprint`; the DOI is in `doi` and the journal reference
//! in `note`, which every style prints. biblatex entries are `@online` with `eprinttype`, from which biblatex makes the
//! link, so they have no `url`.
//!
//! A value is one line between braces. [`to_latex`] escapes or balances every brace in it: an unbalanced one would
//! swallow all entries that follow.

use std::fmt::Write;
use std::io;

use super::citation::{CitationStyle, Framing};
use super::cited_author::{CitedAuthor, authors, doi, year};
use crate::model::id::ArxivId;
use crate::model::name::PersonName;
use crate::model::paper::Paper;
use crate::model::tex::{title_to_latex, to_latex};

/// BibTeX in arXiv's own form.
pub(super) const BIBTEX: CitationStyle = CitationStyle {
    entry: bibtex,
    framing: Framing::Text {
        before: "@misc{",
        between: "\n",
    },
};

/// BibTeX for biblatex.
pub(super) const BIBLATEX: CitationStyle = CitationStyle {
    entry: biblatex,
    framing: Framing::Text {
        before: "@online{",
        between: "\n",
    },
};

#[expect(clippy::unnecessary_wraps, reason = "the signature of a citation style")]
fn bibtex(paper: &Paper, id: ArxivId, keywords: &[String]) -> io::Result<String> {
    let mut entry = EntryFields::of(paper);
    entry.add("year", year(paper).map(|year| year.to_string()));
    entry.add("eprint", Some(id.to_string()));
    entry.add("archivePrefix", Some("arXiv".to_owned()));
    entry.add("primaryClass", category(paper));
    entry.add("doi", doi(paper).map(str::to_owned));
    entry.add("url", Some(id.abs_url()));
    entry.add("note", note(paper));
    entry.add("keywords", Some(to_latex(&keywords.join(", "))));
    Ok(entry.end())
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a citation style")]
fn biblatex(paper: &Paper, id: ArxivId, keywords: &[String]) -> io::Result<String> {
    let mut entry = EntryFields::of(paper);
    entry.add("date", paper.published.map(|at| at.day().to_string()));
    entry.add("eprint", Some(id.to_string()));
    entry.add("eprinttype", Some("arxiv".to_owned()));
    entry.add("eprintclass", category(paper));
    entry.add("doi", doi(paper).map(str::to_owned));
    entry.add("note", note(paper));
    entry.add("keywords", Some(to_latex(&keywords.join(", "))));
    Ok(entry.end())
}

/// An entry after its key, one field a line.
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

/// The primary category. Returns `None` if it has a character that no arXiv category has and that could end the field.
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
            let given = braced(to_latex(given));
            if suffix.is_empty() {
                format!("{family}, {given}")
            } else {
                format!("{family}, {}, {given}", braced(to_latex(suffix)))
            }
        }
    }
}

/// A family name. BibTeX reads everything up to the last lower-case word as a particle, so a name with a lower-case word
/// after its first capitalised one is put in braces.
fn family_name(family: &str) -> String {
    let small = |word: &str| word.starts_with(char::is_lowercase);
    if family.split(' ').skip_while(|word| small(word)).any(small) {
        return format!("{{{}}}", to_latex(family));
    }
    braced(to_latex(family))
}

/// A part of a name, in braces if BibTeX would split it at a comma or at `and`.
fn braced(part: String) -> String {
    let divides = part.contains(',') || part.split(' ').any(|word| word.eq_ignore_ascii_case("and"));
    if divides { format!("{{{part}}}") } else { part }
}
