//! A parser for BibTeX that keeps the position of every value.
//!
//! It accepts any text and takes linear time. An entry that cannot be parsed is reported and does not affect the others.
//! TeX in values is left as it is.

mod syntax;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use self::syntax::{BibItem, RawEntry, RawField, SyntaxReader, ValuePart};
use crate::model::text::fold_whitespace;

/// An entry of a BibTeX file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BibEntry {
    /// Lower case: `article`, `misc`.
    pub kind: String,
    /// The citation key; empty if there is none.
    pub key: String,
    /// The fields in order: macros and concatenations are resolved, outer braces or quotes removed, white space folded.
    /// Fields inherited by `crossref` follow; their spans are in the other entry.
    pub fields: Vec<BibField>,
    /// Byte range of the entry.
    pub span: Range<usize>,
}

/// A field of an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BibField {
    /// Lower case: `title`.
    pub name: String,
    /// The value with its TeX.
    pub value: String,
    /// A macro in the value that is not defined. Its name is used as its value.
    pub undefined: Option<String>,
    /// Byte range of the value, delimiters included.
    pub span: Range<usize>,
}

/// An entry that cannot be parsed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnreadableEntry {
    /// Byte offset at which it begins.
    pub at: usize,
    /// Line at which it begins, counted from 1.
    pub line: usize,
    /// What is wrong, as a clause for a message.
    pub reason: String,
}

/// The content of a BibTeX file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bibliography {
    /// The entries that can be parsed, in order.
    pub entries: Vec<BibEntry>,
    /// The entries that cannot.
    pub broken: Vec<UnreadableEntry>,
}

/// Maximum depth of braces within braces. A deeper value could exhaust the stack of whatever parses it next.
const MAX_DEPTH: usize = 100;

/// Bytes that macros and `crossref` may add to a file, beyond its own size. Without a limit a few lines of nested macros
/// could fill the memory.
const MAX_GROWTH: usize = 1 << 20;

/// Macros that every style defines (`plain.bst`).
const MONTHS: &[(&str, &str)] = &[
    ("jan", "January"),
    ("feb", "February"),
    ("mar", "March"),
    ("apr", "April"),
    ("may", "May"),
    ("jun", "June"),
    ("jul", "July"),
    ("aug", "August"),
    ("sep", "September"),
    ("oct", "October"),
    ("nov", "November"),
    ("dec", "December"),
];

impl BibEntry {
    /// The value of a field by its name in lower case. Of several fields of one name the first counts, as in BibTeX.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.field(name).map(|field| field.value.as_str())
    }

    /// The first field of a name, which is given in lower case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&BibField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether the field is written in this entry and not inherited.
    #[must_use]
    pub fn owns(&self, field: &BibField) -> bool {
        self.span.start <= field.span.start && field.span.end <= self.span.end
    }
}

/// Parses BibTeX: `@string` macros, `#`, both kinds of delimiters, `crossref`.
#[must_use]
pub fn read(text: &str) -> Bibliography {
    let mut macros = Macros::with_budget(MAX_GROWTH + text.len());
    let mut entries = Vec::new();
    let mut faults: Vec<(usize, String)> = Vec::new();
    for item in SyntaxReader::over(text) {
        match item {
            Ok(BibItem::Entry(raw)) => match macros.entry(&raw) {
                Ok(entry) => entries.push(entry),
                Err(reason) => faults.push((raw.span.start, reason)),
            },
            Ok(BibItem::Macros(at, raws)) => {
                if let Err(reason) = raws.iter().try_for_each(|raw| macros.define(raw)) {
                    faults.push((at, reason));
                }
            }
            Err(fault) => faults.push((fault.at, fault.reason)),
        }
    }
    inherit(&mut entries, &mut macros.left, &mut faults);
    let broken = with_lines(text, faults);
    Bibliography { entries, broken }
}

/// The macros defined so far, and how many bytes they may still add.
struct Macros {
    values: HashMap<String, String>,
    left: usize,
}

impl Macros {
    fn with_budget(left: usize) -> Self {
        let months = MONTHS
            .iter()
            .map(|(short, long)| ((*short).to_owned(), (*long).to_owned()));
        let values = months.collect();
        Self { values, left }
    }

    fn define(&mut self, raw: &RawField) -> Result<(), String> {
        let value = self.value(raw)?;
        self.values.insert(raw.name.to_lowercase(), value);
        Ok(())
    }

    fn entry(&mut self, raw: &RawEntry) -> Result<BibEntry, String> {
        let mut fields = Vec::with_capacity(raw.fields.len());
        for field in &raw.fields {
            fields.push(BibField {
                name: field.name.to_lowercase(),
                value: fold_whitespace(&self.value(field)?),
                undefined: self.undefined(field),
                span: field.span.clone(),
            });
        }
        Ok(BibEntry {
            kind: raw.kind.to_lowercase(),
            key: raw.key.to_owned(),
            fields,
            span: raw.span.clone(),
        })
    }

    fn undefined(&self, raw: &RawField) -> Option<String> {
        raw.parts.iter().find_map(|part| match part {
            ValuePart::Word(word) if word.bytes().all(|byte| byte.is_ascii_digit()) => None,
            ValuePart::Word(word) if self.values.contains_key(&word.to_lowercase()) => None,
            ValuePart::Word(word) => Some((*word).to_owned()),
            ValuePart::Text(_) => None,
        })
    }

    /// The value of a field. An undefined macro yields its own name.
    fn value(&mut self, raw: &RawField) -> Result<String, String> {
        let mut value = String::new();
        for part in &raw.parts {
            match part {
                ValuePart::Text(text) if depth(text) > MAX_DEPTH => {
                    return Err(format!("braces are nested more than {MAX_DEPTH} deep"));
                }
                ValuePart::Text(text) => value.push_str(text),
                ValuePart::Word(word) => match self.values.get(&word.to_lowercase()) {
                    Some(meaning) => {
                        spend(&mut self.left, meaning.len())?;
                        value.push_str(meaning);
                    }
                    None => value.push_str(word),
                },
            }
        }
        Ok(value)
    }
}

fn spend(left: &mut usize, bytes: usize) -> Result<(), String> {
    let rest = left.checked_sub(bytes);
    *left = rest.ok_or("what it takes over makes the file too large")?;
    Ok(())
}

/// Depth of the braces of a value, its own delimiters included.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (1_usize, 1);
    for byte in text.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Adds to each entry the fields that it lacks and its `crossref` parent has. As in BibTeX, fields that the parent itself
/// inherits are not passed on.
fn inherit(entries: &mut [BibEntry], left: &mut usize, faults: &mut Vec<(usize, String)>) {
    let mut keys: HashMap<&str, usize> = HashMap::new();
    for (index, entry) in entries.iter().enumerate() {
        keys.entry(&entry.key).or_insert(index);
    }
    let mut heirs: Vec<(usize, Vec<BibField>)> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let parent = entry.get("crossref").and_then(|key| keys.get(key));
        let Some(parent) = parent
            .filter(|parent| **parent != index)
            .and_then(|at| entries.get(*at))
        else {
            continue;
        };
        let own: HashSet<&str> = entry.fields.iter().map(|field| field.name.as_str()).collect();
        let missing = parent
            .fields
            .iter()
            .filter(|field| !own.contains(field.name.as_str()));
        let missing = missing.filter(|field| field.name != "crossref");
        // A field takes more memory than its text.
        let weight = |field: &BibField| size_of::<BibField>() + field.name.len() + field.value.len();
        match spend(left, missing.clone().map(weight).sum()) {
            Ok(()) => heirs.push((index, missing.cloned().collect())),
            Err(reason) => {
                faults.push((entry.span.start, reason));
                // Once the limit is reached nothing more is inherited; otherwise every further entry would cost another
                // pass over its parent.
                break;
            }
        }
    }
    for (index, fields) in heirs {
        if let Some(entry) = entries.get_mut(index) {
            entry.fields.extend(fields);
        }
    }
}

/// Sorts the faults and adds their line numbers.
fn with_lines(text: &str, mut faults: Vec<(usize, String)>) -> Vec<UnreadableEntry> {
    faults.sort();
    let (mut line, mut counted) = (1, 0);
    let broken = faults.into_iter().map(|(at, reason)| {
        let between = text.as_bytes().get(counted..at).unwrap_or_default();
        line += between.split(|byte| *byte == b'\n').count() - 1;
        counted = at;
        UnreadableEntry { at, line, reason }
    });
    broken.collect()
}
