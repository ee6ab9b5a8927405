//! What the citation formats share: who is cited by which identifier, and keys that no two entries have.
//!
//! A paper is cited as what arXiv holds: the preprint, by its identifier, in the year of its first version. A journal
//! reference is one line of the authors' own words; it goes along as a note, since journal, volume and pages cannot
//! be told apart in it without guessing, and its year is another one.

use std::collections::HashSet;
use std::io::{self, BufReader, Read, Seek, Write};

use chrono::Datelike;
use serde_json::{Map, Value};
use tempfile::SpooledTempFile;

use super::citation_key::KeyTemplate;
use super::{Format, bibtex, csl, json, ris};
use crate::model::id::ArxivId;
use crate::model::name::{self, PersonName};
use crate::model::paper::Paper;
use crate::model::text::{fold_whitespace, sanitize};

/// How papers are cited.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CitationOptions {
    /// What keys are made of.
    pub key: KeyTemplate,
    /// Whether identifiers are given with their version: the one asked for, else the record's.
    pub versions: bool,
    /// Keys that are somebody's already, in whatever case.
    pub taken: HashSet<String>,
}

/// Bytes of entries that wait in memory; more of them wait in a nameless temporary file.
const IN_MEMORY: usize = 8 << 20;

/// Papers to be cited, kept until all are known: what one key is depends on the others.
#[derive(Debug)]
pub(super) struct CitationWriter {
    format: Format,
    citing: CitationOptions,
    seen: HashSet<ArxivId>,
    entries: Vec<PendingEntry>,
    /// What the entries say but for their keys, one after the other.
    bodies: SpooledTempFile,
}

#[derive(Debug)]
struct PendingEntry {
    id: ArxivId,
    /// What the template gives.
    key: Option<String>,
    /// Bytes of its body.
    length: u64,
}

impl CitationWriter {
    pub(super) fn new(format: Format, citing: CitationOptions) -> Self {
        Self {
            format,
            citing,
            seen: HashSet::new(),
            entries: Vec::new(),
            bodies: SpooledTempFile::new(IN_MEMORY),
        }
    }

    pub(super) fn cite(&mut self, citing: CitationOptions) {
        self.citing = citing;
    }

    /// Takes a paper; one that is there already is not listed twice.
    pub(super) fn push(&mut self, paper: &Paper) -> io::Result<()> {
        let id = cited_id(paper, self.citing.versions);
        if !self.seen.insert(id) {
            return Ok(());
        }
        let body = match self.format {
            Format::Biblatex => bibtex::biblatex(paper, id),
            Format::Ris => ris::record(paper, id),
            Format::Csl => serde_json::to_string(&csl::item(paper, id))?,
            _ => bibtex::bibtex(paper, id),
        };
        self.bodies.write_all(body.as_bytes())?;
        self.entries.push(PendingEntry {
            id,
            key: self.citing.key.fill(paper, id),
            length: body.len() as u64,
        });
        Ok(())
    }

    /// Writes all, in the order they came.
    pub(super) fn write(mut self, out: &mut impl Write) -> io::Result<()> {
        self.bodies.rewind()?;
        let mut bodies = BufReader::new(self.bodies);
        let keys = keys(&self.entries, self.citing.taken);
        let (before, between) = match self.format {
            Format::Biblatex => ("@online{", "\n"),
            Format::Ris => ("TY  - GEN\r\nID  - ", "\r\n"),
            _ => ("@misc{", "\n"),
        };
        let mut array = json::ArrayWriter::default();
        for (at, (entry, key)) in self.entries.iter().zip(keys).enumerate() {
            let mut body = bodies.by_ref().take(entry.length);
            if self.format == Format::Csl {
                let mut item: Map<String, Value> = serde_json::from_reader(&mut body)?;
                item.insert("id".to_owned(), key.into());
                array.push(&item, out)?;
                continue;
            }
            write!(out, "{}{before}{key}", if at == 0 { "" } else { between })?;
            io::copy(&mut body, out)?;
        }
        if self.format == Format::Csl {
            array.finish(out)?;
        }
        Ok(())
    }
}

/// A key for each entry, no two alike, none of the taken ones; BibTeX's keys are the same in any case.
///
/// Where two would be equal, or one is taken, the identifier's digits are appended; where that does not help, or the
/// template gave nothing, the key is the identifier's: `arxiv2501_12948`.
fn keys(entries: &[PendingEntry], taken: HashSet<String>) -> Vec<String> {
    let mut used: HashSet<String> = taken.into_iter().map(|key| key.to_ascii_lowercase()).collect();
    let mut once = HashSet::new();
    let lower = entries
        .iter()
        .filter_map(|entry| entry.key.as_deref())
        .map(str::to_ascii_lowercase);
    let mut ambiguous: HashSet<String> = lower.filter(|key| !once.insert(key.clone())).collect();
    ambiguous.extend(used.iter().cloned());
    let mut keys = Vec::with_capacity(entries.len());
    for PendingEntry { id, key, .. } in entries {
        let own = format!("arxiv{}", id_part(*id));
        let mut key = match key {
            Some(key) if ambiguous.contains(&key.to_ascii_lowercase()) => format!("{key}{}", digits(*id)),
            Some(key) => key.clone(),
            None => own.clone(),
        };
        if used.contains(&key.to_ascii_lowercase()) {
            key = own;
        }
        while !used.insert(key.to_ascii_lowercase()) {
            key.push('_');
        }
        keys.push(key);
    }
    keys
}

/// `2501.12948v2` → `250112948v2`, `hep-th/9901001` → `9901001`.
fn digits(id: ArxivId) -> String {
    let text = id.to_string();
    let number = text.rsplit('/').next().unwrap_or_default();
    number.replace('.', "")
}

/// The identifier within a key: `2501_12948`, `hep-th_9901001`.
pub(super) fn id_part(id: ArxivId) -> String {
    id.to_string().replace(['.', '/'], "_")
}

/// The identifier to cite a paper by.
fn cited_id(paper: &Paper, versions: bool) -> ArxivId {
    let version = paper.display_id().version().or(paper.version);
    match version.filter(|_| versions) {
        Some(version) => paper.id.with_version(version),
        None => paper.id.base(),
    }
}

/// The year of the first version.
pub(super) fn year(paper: &Paper) -> Option<i32> {
    paper.published.map(|at| at.day().year())
}

/// Somebody who is cited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum CitedAuthor {
    /// A person with a family name and a given one.
    Person(PersonName),
    /// A collective, or a name that is not taken apart.
    Whole(String),
}

/// The authors, in order. Collectives are kept whole, and so are names of one word, and those in Chinese, Japanese or
/// Korean characters, whose parts stand the other way round.
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

/// What people are not called. [`name::parse_name`] knows the collectives that name themselves so; here are those that
/// go on behind a comma, and companies.
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

/// The publisher's DOI, if it is one: `10.`, and nothing that could end a field or begin a comment in it.
pub(super) fn doi(paper: &Paper) -> Option<&str> {
    let doi = paper.doi.as_deref()?.trim();
    let plain = doi
        .chars()
        .all(|c| c.is_ascii_graphic() && !matches!(c, '{' | '}' | '\\' | '%'));
    (plain && doi.starts_with("10.") && doi.contains('/')).then_some(doi)
}

/// arXiv registers a DOI for every paper, never with a version.
pub(super) fn arxiv_doi(paper: &Paper) -> String {
    format!("10.48550/arXiv.{}", paper.id)
}
