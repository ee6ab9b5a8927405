//! The writer of all citation formats. It stores the entries until the end, because a key depends on all other keys.
//!
//! A paper is cited as what arXiv has: the preprint, by its identifier, in the year of its first version. The journal
//! reference is one line in the authors' own words, from which journal, volume and pages cannot be told without
//! guessing, so it is added as a note.

use std::collections::HashSet;
use std::io::{self, BufReader, Read, Seek, Write};

use serde_json::{Map, Value};
use tempfile::SpooledTempFile;

use super::citation_options::CitationOptions;
use super::cited_author::key_part;
use super::json;
use super::paper_writer::{PaperWriter, WriterSettings};
use super::render_options::RenderOptions;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;

/// A citation format.
#[derive(Debug)]
pub(super) struct CitationStyle {
    /// The entry of a paper under this identifier, with these keywords and without its key.
    pub entry: fn(&Paper, ArxivId, &[String]) -> io::Result<String>,
    /// How entries are joined and get their keys.
    pub framing: Framing,
}

/// How entries become a file.
#[derive(Debug)]
pub(super) enum Framing {
    /// Text: `before`, the key, the entry; `between` two entries.
    Text {
        before: &'static str,
        between: &'static str,
    },
    /// A JSON array of objects, each with the key under `id`.
    JsonArray,
}

/// Entries larger than this in total wait in an unnamed temporary file, smaller ones in memory: 8 MiB.
const IN_MEMORY: usize = 8 << 20;

#[derive(Debug)]
struct CitationWriter {
    style: &'static CitationStyle,
    options: CitationOptions,
    seen: HashSet<ArxivId>,
    entries: Vec<PendingEntry>,
    /// The entries without their keys, one after the other.
    bodies: SpooledTempFile,
}

/// An entry that waits for its key.
#[derive(Debug)]
struct PendingEntry {
    id: ArxivId,
    /// The key by the template, or `None` if the paper lacks what the template needs.
    key: Option<String>,
    /// Length of its body, in bytes.
    length: u64,
}

/// Makes a writer of this style.
pub(super) fn open(style: &'static CitationStyle, settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(CitationWriter {
        style,
        options: settings.citations,
        seen: HashSet::new(),
        entries: Vec::new(),
        bodies: SpooledTempFile::new(IN_MEMORY),
    })
}

impl PaperWriter for CitationWriter {
    /// Stores a paper's entry; a paper that was stored before is skipped.
    fn paper(&mut self, paper: &Paper, _options: &RenderOptions, _out: &mut dyn Write) -> io::Result<()> {
        let id = cited_id(paper, self.options.versions);
        if !self.seen.insert(id) {
            return Ok(());
        }
        let tags = match &paper.library {
            Some(own) if self.options.with_tags => own.tags.as_slice(),
            _ => &[],
        };
        let body = (self.style.entry)(paper, id, tags)?;
        self.bodies.write_all(body.as_bytes())?;
        self.entries.push(PendingEntry {
            id,
            key: self.options.key.fill(paper, id),
            length: body.len() as u64,
        });
        Ok(())
    }

    fn finish(mut self: Box<Self>, _options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
        self.bodies.rewind()?;
        let keys = keys(&self.entries, &self.options.taken);
        let mut bodies = BufReader::new(self.bodies);
        let mut array = json::ArrayWriter::default();
        for (at, (entry, key)) in self.entries.iter().zip(keys).enumerate() {
            let mut body = bodies.by_ref().take(entry.length);
            match self.style.framing {
                Framing::JsonArray => {
                    let mut item: Map<String, Value> = serde_json::from_reader(&mut body)?;
                    item.insert("id".to_owned(), key.into());
                    array.push(&item, out)?;
                }
                Framing::Text { before, between } => {
                    write!(out, "{}{before}{key}", if at == 0 { "" } else { between })?;
                    io::copy(&mut body, out)?;
                }
            }
        }
        match self.style.framing {
            Framing::JsonArray => array.finish(out),
            Framing::Text { .. } => Ok(()),
        }
    }
}

/// A key for each entry: no two are equal and none is taken. Case is ignored, as BibTeX ignores it.
///
/// If two keys would be equal, or one is taken, the identifier's digits are appended. If that does not help, or the
/// template gives no key, the key is made of the identifier: `arxiv2501_12948`.
fn keys(entries: &[PendingEntry], taken: &HashSet<String>) -> Vec<String> {
    let mut used: HashSet<String> = taken.iter().map(|key| key.to_ascii_lowercase()).collect();
    let mut once = HashSet::new();
    let lower = entries
        .iter()
        .filter_map(|entry| entry.key.as_deref())
        .map(str::to_ascii_lowercase);
    let mut ambiguous: HashSet<String> = lower.filter(|key| !once.insert(key.clone())).collect();
    ambiguous.extend(used.iter().cloned());
    let mut keys = Vec::with_capacity(entries.len());
    for PendingEntry { id, key, .. } in entries {
        let fallback = format!("arxiv{}", key_part(*id));
        let mut key = match key {
            Some(key) if ambiguous.contains(&key.to_ascii_lowercase()) => format!("{key}{}", digits(*id)),
            Some(key) => key.clone(),
            None => fallback.clone(),
        };
        if used.contains(&key.to_ascii_lowercase()) {
            key = fallback;
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
    let number = text.rsplit_once('/').map_or(text.as_str(), |(_, number)| number);
    number.replace('.', "")
}

/// The identifier under which a paper is cited.
fn cited_id(paper: &Paper, versions: bool) -> ArxivId {
    let version = paper.display_id().version().or(paper.version);
    match version.filter(|_| versions) {
        Some(version) => paper.id.with_version(version),
        None => paper.id.base(),
    }
}
