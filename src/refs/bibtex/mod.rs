//! BibTeX read with positions: what its entries say, and where.
//!
//! Total and linear, whatever the file: what cannot be read is told, and costs its entry alone. TeX is left as it is.

mod syntax;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use self::syntax::{BibItem, RawEntry, RawField, SyntaxReader, ValuePart};
use crate::model::text::fold_whitespace;

/// An entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BibEntry {
    /// Lower case: `article`, `misc`.
    pub kind: String,
    /// Its citation key; empty where it has none.
    pub key: String,
    /// Its fields in order, names in lower case, macros and concatenations resolved, outer braces or quotes gone,
    /// white space folded. Then those it inherits by `crossref`, whose spans lie in the other entry.
    pub fields: Vec<BibField>,
    /// Where it stands, in bytes.
    pub span: Range<usize>,
}

/// A field of an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BibField {
    /// Lower case: `title`.
    pub name: String,
    /// With its TeX.
    pub value: String,
    /// A macro in it that is not known, and stands for its name.
    pub undefined: Option<String>,
    /// Where the value stands, delimiters included, in bytes.
    pub span: Range<usize>,
}

/// An entry that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnreadableEntry {
    /// Where it begins, in bytes.
    pub at: usize,
    /// Counted from 1.
    pub line: usize,
    /// What is wrong, as a clause.
    pub reason: String,
}

/// What a BibTeX file holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bibliography {
    /// The entries that can be read, in order.
    pub entries: Vec<BibEntry>,
    /// Those that cannot.
    pub broken: Vec<UnreadableEntry>,
}

/// Braces within braces; more is an attack on whatever reads the value next.
const MAX_DEPTH: usize = 100;

/// What macros and `crossref` may add to a file, in bytes, beyond its own size again.
const MAX_GROWTH: usize = 1 << 20;

/// What every style knows (`plain.bst`).
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
    /// The value of a field, by its name in lower case; of several the first, as BibTeX has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.field(name).map(|field| field.value.as_str())
    }

    /// A field, by its name in lower case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&BibField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether the field stands in this entry, and is not inherited.
    #[must_use]
    pub fn owns(&self, field: &BibField) -> bool {
        self.span.start <= field.span.start && field.span.end <= self.span.end
    }
}

/// Reads BibTeX: `@string` macros, `#`, both kinds of delimiters, `crossref`; what is broken costs its entry alone.
#[must_use]
pub fn read(text: &str) -> Bibliography {
    let mut macros = Macros::within(MAX_GROWTH + text.len());
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
    let broken = lined(text, faults);
    Bibliography { entries, broken }
}

/// The macros so far, and how much they may still add.
struct Macros {
    values: HashMap<String, String>,
    left: usize,
}

impl Macros {
    fn within(left: usize) -> Self {
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

    /// A value; a macro that is not known stands for its name.
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

/// How deep the braces of a value go, its own among them.
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

/// Gives each entry the fields it lacks of the entry it refers to; as in BibTeX, not what that one inherits in turn.
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
        let lacked = parent
            .fields
            .iter()
            .filter(|field| !own.contains(field.name.as_str()));
        let lacked = lacked.filter(|field| field.name != "crossref");
        // A field weighs more than its text.
        let weight = |field: &BibField| size_of::<BibField>() + field.name.len() + field.value.len();
        match spend(left, lacked.clone().map(weight).sum()) {
            Ok(()) => heirs.push((index, lacked.cloned().collect())),
            Err(reason) => {
                faults.push((entry.span.start, reason));
                // Whoever wants more than there is gets nothing more, or each would cost a walk over its parent.
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

/// Faults in order, with their lines.
fn lined(text: &str, mut faults: Vec<(usize, String)>) -> Vec<UnreadableEntry> {
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
