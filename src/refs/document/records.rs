//! Converts BibTeX entries of arXiv papers to records. What an entry lacks stays unknown.
//!
//! The year and date of an entry are those of a publication, so the date of submission stays unknown too.

use std::path::PathBuf;

use memchr::memchr_iter;

use super::{authors, bibliography, marks, plain_tex};
use crate::model::category;
use crate::model::id::{ArxivId, Malformed};
use crate::model::name::{PersonName, parse_name};
use crate::model::paper::{Author, Paper, Source, UserData};
use crate::model::record::Record;
use crate::model::text::{fold_whitespace, truncate};
use crate::refs::bibtex::{self, BibEntry, UnreadableEntry};

/// The records of a bibliography.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct BibRecords {
    /// The entries that are arXiv papers, in order.
    pub records: Vec<EntryRecord>,
    /// The others.
    pub skipped: Vec<Skipped>,
    /// Entries that cannot be parsed or whose identifier is malformed, in order.
    pub broken: Vec<UnreadableEntry>,
}

/// An entry that is a paper on arXiv.
#[derive(Clone, PartialEq, Debug)]
pub struct EntryRecord {
    /// Line at which it starts, counted from 1.
    pub line: usize,
    /// Its citation key.
    pub key: String,
    /// The record. `library` has the keywords as tags and the note, if there are any.
    pub record: Record,
    /// Paths in the field `file`, as they are written.
    pub files: Vec<PathBuf>,
}

/// An entry that is not a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Skipped {
    /// Line at which it begins, counted from 1.
    pub line: usize,
    /// Its citation key.
    pub key: String,
    /// What it lacks, as a clause for a message.
    pub reason: String,
}

/// Columns of a DOI or macro that a message shows; longer ones are cut.
const SHOWN: usize = 60;

/// Reads the records of a bibliography.
#[must_use]
pub fn records(text: &str) -> BibRecords {
    let bibtex::Bibliography { entries, broken } = bibtex::read(text);
    let marks = marks(text);
    let mut read = BibRecords {
        broken,
        ..BibRecords::default()
    };
    let (mut line, mut counted) = (1, 0);
    for entry in &entries {
        let between = text.as_bytes().get(counted..entry.span.start).unwrap_or_default();
        line += memchr_iter(b'\n', between).count();
        counted = entry.span.start.max(counted);
        match record(entry, bibliography::identifier(text, entry, &marks)) {
            Ok(record) => read.records.push(EntryRecord {
                line,
                key: entry.key.clone(),
                record,
                files: files(entry),
            }),
            Err(Obstacle::Invalid(malformed)) => read.broken.push(UnreadableEntry {
                at: entry.span.start,
                line,
                reason: malformed,
            }),
            Err(Obstacle::Incomplete(reason)) => read.skipped.push(Skipped {
                line,
                key: entry.key.clone(),
                reason,
            }),
        }
    }
    read.broken.sort_by_key(|broken| broken.at);
    read
}

/// Why an entry is not a record.
enum Obstacle {
    /// Its identifier or title is invalid.
    Invalid(String),
    /// It has no identifier or no title.
    Incomplete(String),
}

fn record(entry: &BibEntry, id: Option<Result<ArxivId, Malformed>>) -> Result<Record, Obstacle> {
    let id = match id {
        Some(Ok(id)) => id,
        Some(Err(malformed)) => {
            let hint = malformed.hint.as_ref();
            let hint = hint
                .map(|hint| format!("; did you mean `{hint}`?"))
                .unwrap_or_default();
            let key = &entry.key;
            return Err(Obstacle::Invalid(format!(
                "{key}: the identifier is wrong: {malformed}{hint}"
            )));
        }
        None => return Err(Obstacle::Incomplete(without_identifier(entry))),
    };
    if let Some(name) = entry.field("title").and_then(|field| field.undefined.as_ref()) {
        let key = &entry.key;
        return Err(Obstacle::Invalid(format!(
            "{key}: its title is the macro `{}`, which is not defined",
            truncate(name, SHOWN)
        )));
    }
    let title = own(entry, "title")
        .map(unprotected)
        .filter(|title| !title.is_empty());
    let title =
        title.ok_or_else(|| Obstacle::Incomplete(format!("it has no title; `arxcat fetch {id}` gets it")))?;
    let mut paper = Paper::new(id, title);
    let names = own(entry, "author").map(authors::of_field).unwrap_or_default();
    paper.authors = names.iter().map(|name| author(name)).collect();
    paper.abstract_ = own(entry, "abstract")
        .map(str::to_owned)
        .filter(|text| !text.is_empty());
    let class = own(entry, "primaryclass").or_else(|| own(entry, "eprintclass"));
    paper.primary_category = class.and_then(category::find).map(|known| known.code.to_owned());
    paper.categories.extend(paper.primary_category.clone());
    paper.set_dois(doi(entry).map(str::to_owned).into_iter().collect());
    paper.journal_ref = journal_ref(entry);
    paper.library = user_data(entry);
    paper.source = Source::File;
    Ok(Record {
        paper,
        as_of: None,
        current: false,
    })
}

/// The keywords as tags, and `note`, `annote` and `annotation` as one note. A note that is only the identifier says
/// nothing of the user's.
fn user_data(entry: &BibEntry) -> Option<UserData> {
    let keywords = own(entry, "keywords").or_else(|| own(entry, "keyword"));
    let tags: Vec<String> = keywords
        .unwrap_or_default()
        .split([',', ';'])
        .map(|keyword| fold_whitespace(&plain_tex(keyword)))
        .filter(|tag| !tag.is_empty())
        .collect();
    let notes: Vec<String> = ["note", "annote", "annotation"]
        .into_iter()
        .filter_map(|name| own(entry, name))
        .map(|note| fold_whitespace(&plain_tex(note)))
        .filter(|note| !note.is_empty() && ArxivId::parse(note).is_err())
        .collect();
    if tags.is_empty() && notes.is_empty() {
        return None;
    }
    Some(UserData {
        tags,
        note: (!notes.is_empty()).then(|| notes.join("\n")),
        ..UserData::default()
    })
}

/// The paths of the field `file`. Zotero and `JabRef` write `description:path:type`, with `\:` for a colon in a part and
/// `;` between files; a path alone is common as well.
fn files(entry: &BibEntry) -> Vec<PathBuf> {
    let Some(value) = own(entry, "file") else {
        return Vec::new();
    };
    split_escaped(value, ';')
        .iter()
        .filter_map(|file| {
            let parts = split_escaped(file, ':');
            let path = match parts.as_slice() {
                [path] => path,
                [_, path, _] => path,
                _ => return None,
            };
            let path = path.replace("\\:", ":").replace("\\;", ";").replace("\\_", "_");
            (!path.trim().is_empty()).then(|| PathBuf::from(path.trim()))
        })
        .collect()
}

/// Splits at a separator unless a backslash precedes it.
fn split_escaped(text: &str, separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in text.chars() {
        match parts.last_mut() {
            Some(part) if c != separator || escaped => part.push(c),
            _ => parts.push(String::new()),
        }
        escaped = c == '\\' && !escaped;
    }
    parts
}

fn without_identifier(entry: &BibEntry) -> String {
    match doi(entry) {
        Some(doi) => format!(
            "it has no arXiv identifier, only the DOI {}",
            truncate(doi, SHOWN)
        ),
        None => "it has no arXiv identifier".to_owned(),
    }
}

/// A field of the entry itself. Fields inherited by `crossref` are those of the volume.
fn own<'a>(entry: &'a BibEntry, name: &str) -> Option<&'a str> {
    let field = entry.field(name).filter(|field| entry.owns(field))?;
    Some(field.value.as_str())
}

/// The DOI of the publisher.
fn doi(entry: &BibEntry) -> Option<&str> {
    let value = own(entry, "doi")?.trim();
    let doi = value.get(value.find("10.")?..)?;
    (!doi.contains(char::is_whitespace) && ArxivId::parse(doi).is_err()).then_some(doi)
}

/// The journal reference from the fields that are present: `Phys. Rev. D 76(1), 013009 (2007)`. `None` if the journal is
/// arXiv itself.
fn journal_ref(entry: &BibEntry) -> Option<String> {
    let journal = own(entry, "journal").or_else(|| own(entry, "journaltitle"))?;
    let mut out = unprotected(journal);
    let lower = out.to_ascii_lowercase();
    if out.is_empty() || lower.starts_with("arxiv") || lower.starts_with("corr") {
        return None;
    }
    let part = |name| {
        own(entry, name)
            .map(fold_whitespace)
            .filter(|part| !part.is_empty())
    };
    let parts = [
        part("volume").map(|volume| format!(" {volume}")),
        part("number").map(|number| format!("({number})")),
        part("pages").map(|pages| format!(", {pages}")),
        part("year").map(|year| format!(" ({year})")),
    ];
    parts.into_iter().flatten().for_each(|part| out.push_str(&part));
    Some(out)
}

/// A name in the form of a record: given name first, in Unicode. A name that is entirely in braces is not split.
fn author(name: &str) -> Author {
    let whole = name.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let whole = whole.filter(|inside| !inside.contains(['{', '}']));
    match whole {
        Some(whole) => Author {
            name: plain_tex(whole),
            affiliations: Vec::new(),
        },
        None => Author::from(without_braces(parse_name(&plain_tex(name)))),
    }
}

/// Removes braces that are left around a part of a name: `Kelp, {Jr.}`.
fn without_braces(mut name: PersonName) -> PersonName {
    for part in [&mut name.family, &mut name.given, &mut name.suffix] {
        part.retain(|c| !matches!(c, '{' | '}'));
    }
    name
}

/// Removes the braces of a title that only protect capitals. Those of commands, of scripts and within math stay.
fn unprotected(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut kept: Vec<bool> = Vec::new();
    let (mut in_math, mut takes_group) = (false, false);
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' => {
                let keep = in_math || takes_group || chars.peek() == Some(&'\\');
                kept.push(keep);
                if keep {
                    out.push(c);
                }
                takes_group = false;
            }
            '}' => {
                takes_group = kept.pop().unwrap_or(true);
                if takes_group {
                    out.push(c);
                }
            }
            '\\' => {
                out.push(c);
                let is_word = chars.peek().is_some_and(char::is_ascii_alphabetic);
                if !is_word {
                    out.extend(chars.next());
                }
                while let Some(letter) = chars.next_if(|c| is_word && c.is_ascii_alphabetic()) {
                    out.push(letter);
                }
                takes_group = true;
            }
            _ => {
                in_math ^= c == '$';
                takes_group = matches!(c, '^' | '_');
                out.push(c);
            }
        }
    }
    fold_whitespace(&out)
}
