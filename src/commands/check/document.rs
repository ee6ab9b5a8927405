//! A document that is checked: its bytes, its text, its references and their positions.

use std::ops::Range;
use std::path::Path;

use super::ignore_comments::IgnoreComments;

use crate::app::input;
use crate::error::{Error, Exit};
use crate::model::finding::{Location, Verdict};
use crate::refs::bibtex::{self, BibEntry};
use crate::refs::document::{
    Claim, DocumentFormat, Reference, Surroundings, references, references_section, surroundings,
};

/// Bytes of a line that are shown before and after an identifier.
const AROUND: usize = 400;

/// Bytes around a reference that count as its entry. Entries of bibliographies are hardly longer.
const ENTRY: usize = 4_000;

/// Fields of a BibTeX entry that identify the paper.
const CARRIERS: [&str; 8] = [
    "eprint",
    "arxivid",
    "url",
    "doi",
    "journal",
    "journaltitle",
    "volume",
    "howpublished",
];

/// A document that was read from a file or stdin.
pub struct SourceDocument {
    /// Name as it was given; `-` for stdin.
    pub name: String,
    /// The references in order.
    pub references: Vec<Reference>,
    /// Entries that cannot be parsed, each as a reference that claims nothing, with the reason.
    pub unreadable: Vec<(Reference, String)>,
    kind: DocumentFormat,
    /// Where its list of references begins.
    references_section: Option<usize>,
    /// Comments that silence findings.
    ignores: IgnoreComments,
    /// The entries, if it is BibTeX.
    entries: Vec<BibEntry>,
    text: String,
    /// The bytes of the file, if they are not UTF-8.
    original: Option<Vec<u8>>,
    /// Offsets in `text` at which a byte of Latin-1 became two.
    widened: Vec<usize>,
    /// Offsets of the lines in the file.
    lines: Vec<usize>,
}

impl SourceDocument {
    /// Reads a file, or stdin for `-`. Gzip is decompressed.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let is_stdin = path == Path::new("-");
        let bytes = if is_stdin {
            input::read_stdin()?
        } else {
            input::read_file(path)?
        };
        let bytes = input::unpack(bytes).map_err(|error| Error::file("read", path, &error))?;
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            let why = format!("cannot check {}: it is UTF-16", path.display());
            return Err(
                Error::new(Exit::Local, why).hint("turn it into UTF-8 first: iconv -f UTF-16 -t UTF-8")
            );
        }
        let name = path.to_string_lossy().into_owned();
        let file_name = if is_stdin {
            ""
        } else {
            name.trim_end_matches(".gz")
        };
        Ok(Self::new(name.clone(), file_name, bytes))
    }

    fn new(name: String, file_name: &str, bytes: Vec<u8>) -> Self {
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let lines = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        let (text, original, widened) = match String::from_utf8(bytes) {
            Ok(text) => (text, None, Vec::new()),
            Err(error) => {
                let bytes = error.into_bytes();
                let (text, widened) = decode(&bytes);
                (text, Some(bytes), widened)
            }
        };
        let kind = DocumentFormat::of(file_name, &text);
        let references = references(&text, kind);
        let bibliography = if kind == DocumentFormat::Bibtex {
            bibtex::read(&text)
        } else {
            bibtex::Bibliography::default()
        };
        let unreadable = bibliography.broken.into_iter().map(|fault| {
            let reference = Reference {
                id: None,
                span: fault.at..fault.at,
                number: fault.at..fault.at,
                claim: Claim::default(),
            };
            (reference, fault.reason)
        });
        Self {
            name,
            references,
            unreadable: unreadable.collect(),
            kind,
            references_section: references_section(&text),
            ignores: IgnoreComments::of(&text),
            entries: bibliography.entries,
            text,
            original,
            widened,
            lines,
        }
    }

    /// The text around a reference: its entry in BibTeX, else [`ENTRY`] bytes on both sides.
    pub fn around(&self, reference: &Reference) -> &str {
        if let Some(entry) = self.entry(reference.span.start) {
            return self.text.get(entry.span.clone()).unwrap_or_default();
        }
        let from = self.boundary(reference.span.start.saturating_sub(ENTRY));
        let to = self.boundary(reference.span.end.saturating_add(ENTRY));
        self.text.get(from..to).unwrap_or_default()
    }

    /// Byte ranges of the file in which a correction replaces the identifier of a reference. In BibTeX these include other
    /// fields of the entry, since many have it in `eprint`, `url` and `journal`. Citation keys and identifiers that a
    /// field only mentions stay.
    pub fn numbers(&self, reference: &Reference) -> Vec<Range<usize>> {
        let own = reference.number.clone();
        let number = self.text.get(own.clone()).unwrap_or_default();
        if number.is_empty() || number.contains(['\n', '\r']) {
            return Vec::new();
        }
        let paper = without_version(number);
        let mut all = vec![own.clone()];
        for carrier in self.carriers(own.start) {
            let value = self.text.get(carrier.clone()).unwrap_or_default();
            let others = value.match_indices(paper).map(|(at, _)| {
                let begin = carrier.start + at;
                let end = begin + paper.len();
                begin..end + version_length(self.text.get(end..).unwrap_or_default())
            });
            all.extend(others.filter(|other| *other != own && self.stands_alone(other)));
        }
        all.iter().map(|range| self.in_file(range)).collect()
    }

    /// Ranges of the text of the fields that identify the paper of the entry at an offset.
    fn carriers(&self, at: usize) -> impl Iterator<Item = Range<usize>> {
        let fields = self.entry(at).into_iter().flat_map(|entry| {
            entry
                .fields
                .iter()
                .filter(|field| entry.owns(field) && CARRIERS.contains(&field.name.as_str()))
        });
        fields.map(|field| field.span.clone())
    }

    /// The block around a reference; `None` in BibTeX, whose fields say what is meant.
    pub fn surroundings(&self, reference: &Reference) -> Option<Surroundings> {
        (self.kind != DocumentFormat::Bibtex)
            .then(|| surroundings(&self.text, self.kind, self.references_section, &reference.span))
    }

    /// The BibTeX entry at an offset.
    fn entry(&self, at: usize) -> Option<&BibEntry> {
        let next = self.entries.partition_point(|entry| entry.span.start <= at);
        self.entries
            .get(next.checked_sub(1)?)
            .filter(|entry| entry.span.contains(&at))
    }

    /// Whether these digits are not part of a longer number. The only point allowed before them is that of
    /// `10.48550/arXiv.`.
    fn stands_alone(&self, range: &Range<usize>) -> bool {
        let before = self.text.get(..range.start).unwrap_or_default();
        let after = self.text.get(range.end..).and_then(|text| text.chars().next());
        let doi = before.len().checked_sub(6).and_then(|from| before.get(from..));
        let behind = match before.chars().next_back() {
            Some('.') => doi.is_some_and(|text| text.eq_ignore_ascii_case("arxiv.")),
            Some(c) => !c.is_ascii_digit(),
            None => true,
        };
        behind && !after.is_some_and(char::is_alphanumeric)
    }

    /// Offset of the BibTeX entry of a reference; `None` in other formats.
    pub fn entry_start(&self, reference: &Reference) -> Option<usize> {
        self.entry(reference.span.start).map(|entry| entry.span.start)
    }

    /// The reason that a comment gives for not reporting this verdict on a reference, if there is such a comment at the
    /// reference or at the beginning of its BibTeX entry.
    pub fn ignore_reason(&self, reference: &Reference, verdict: Verdict) -> Option<&str> {
        let line = self.line(reference);
        let entry = self.entry_start(reference).map_or(line, |start| {
            let start = self.in_file(&(start..start)).start;
            self.lines.partition_point(|begin| *begin <= start) as u64
        });
        self.ignores.reason(verdict, [line, entry])
    }

    /// The lines of comments that would silence a finding, but give no reason.
    pub fn ignores_without_reason(&self) -> impl Iterator<Item = u64> {
        IgnoreComments::without_reason(&self.text)
    }

    /// The line of a reference, counted from 1.
    pub fn line(&self, reference: &Reference) -> u64 {
        self.place(reference).line
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        self.original.as_deref().unwrap_or(self.text.as_bytes())
    }

    /// Converts a range of the text to a range of the bytes of the file.
    pub fn in_file(&self, range: &Range<usize>) -> Range<usize> {
        let at = |offset: usize| offset - self.widened.partition_point(|wide| *wide < offset);
        at(range.start)..at(range.end)
    }

    /// The location of the identifier of a reference, else of the reference.
    pub fn place(&self, reference: &Reference) -> Location {
        let offset = self.in_file(shown(reference)).start;
        let line = self.lines.partition_point(|begin| *begin <= offset);
        let begin = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied();
        Location {
            file: self.name.clone(),
            line: line as u64,
            column: (offset - begin.unwrap_or_default()) as u64 + 1,
            offset: offset as u64,
            text: self
                .text
                .get(shown(reference).clone())
                .unwrap_or_default()
                .to_owned(),
        }
    }

    /// The line of a reference in three parts: before it, the reference itself, and behind it.
    pub fn excerpt(&self, reference: &Reference) -> [String; 3] {
        let Range { start, end } = shown(reference).clone();
        let part = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default();
        let before = part(self.boundary(start.saturating_sub(AROUND)), start);
        let marked = part(start, end);
        let after = part(end, self.boundary(end.saturating_add(AROUND)));
        let first_line = |text: &str| text.split(['\n', '\r']).next().unwrap_or_default().to_owned();
        let last_line = before.rsplit(['\n', '\r']).next().unwrap_or_default().to_owned();
        let is_one_line = !marked.contains(['\n', '\r']);
        let after = if is_one_line {
            first_line(after)
        } else {
            String::new()
        };
        [last_line, first_line(marked), after]
    }

    fn boundary(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        (0..=at)
            .rev()
            .find(|at| self.text.is_char_boundary(*at))
            .unwrap_or(0)
    }
}

/// The range of the identifier without its marker, else of the whole reference.
fn shown(reference: &Reference) -> &Range<usize> {
    if reference.number.is_empty() {
        &reference.span
    } else {
        &reference.number
    }
}

/// `2406.14333` of `2406.14333v2`.
fn without_version(number: &str) -> &str {
    let paper = number.trim_end_matches(|c: char| c.is_ascii_digit());
    paper
        .strip_suffix(['v', 'V'])
        .filter(|paper| !paper.is_empty() && paper.len() + 1 < number.len())
        .unwrap_or(number)
}

/// Length of the version at the start of a text: 2 for `v2}`.
fn version_length(text: &str) -> usize {
    let digits = text.strip_prefix(['v', 'V']).unwrap_or_default();
    match digits.bytes().take_while(u8::is_ascii_digit).count() {
        0 => 0,
        count => count + 1,
    }
}

/// Decodes bytes that are not UTF-8 as Latin-1, and returns the offsets at which such a byte became two.
fn decode(bytes: &[u8]) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(bytes.len());
    let mut widened = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            widened.push(text.len());
            text.push(char::from(*byte));
        }
    }
    (text, widened)
}
