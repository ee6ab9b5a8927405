//! Citation keys from templates. A key is ASCII, and a paper gets the same key every time.

use std::fmt::Write;
use std::str::FromStr;

use super::cited_author::{CitedAuthor, authors, key_part, year};
use super::template_error::TemplateError;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;
use crate::model::text::{fold, nearest, words};

/// A template of citation keys: `{author}{year}{word}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyTemplate(Vec<KeyPart>);

#[derive(Clone, PartialEq, Eq, Debug)]
enum KeyPart {
    Literal(String),
    Author,
    Year,
    Title,
    Word,
    Id,
    ShortName,
}

/// The parts that a template may contain.
const PARTS: &[(&str, KeyPart)] = &[
    ("author", KeyPart::Author),
    ("year", KeyPart::Year),
    ("title", KeyPart::Title),
    ("word", KeyPart::Word),
    ("id", KeyPart::Id),
    ("shortname", KeyPart::ShortName),
];

/// Longest title in a key, in bytes: a longer key is not readable.
const LONGEST_TITLE: usize = 60;

/// Words that do not tell papers apart, so `{word}` skips them.
const INSIGNIFICANT: &[&str] = &[
    "a", "an", "the", "on", "of", "in", "for", "to", "and", "or", "with", "without", "from", "by", "at",
    "as", "is", "are", "be", "do", "does", "can", "how", "what", "why", "when", "where", "which", "who",
    "towards", "toward", "via", "into", "over", "under", "its", "it", "this", "that", "some", "not", "no",
];

impl Default for KeyTemplate {
    /// First author's surname, year, first significant word of the title: `guo2025deepseek`.
    fn default() -> Self {
        Self(vec![KeyPart::Author, KeyPart::Year, KeyPart::Word])
    }
}

impl FromStr for KeyTemplate {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let bad = |reason: String, nearest| Err(TemplateError { reason, nearest });
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first == '{' {
                let Some((name, after)) = rest.get(1..).and_then(|rest| rest.split_once('}')) else {
                    return bad("a `{` is not closed".to_owned(), Vec::new());
                };
                let Some((_, part)) = PARTS.iter().find(|(known, _)| *known == name) else {
                    return bad(
                        format!("a key has no part `{{{name}}}`"),
                        nearest(name, PARTS.iter().map(|part| part.0)),
                    );
                };
                parts.push(part.clone());
                rest = after;
                continue;
            }
            let (literal, after) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '+' | '/');
            if let Some(c) = literal.chars().find(|c| !fits(*c)) {
                return bad(format!("a key cannot hold {c:?}"), Vec::new());
            }
            parts.push(KeyPart::Literal(literal.to_owned()));
            rest = after;
        }
        if parts.iter().all(|part| matches!(part, KeyPart::Literal(_))) {
            return bad("every paper would have the same key".to_owned(), Vec::new());
        }
        Ok(Self(parts))
    }
}

impl KeyTemplate {
    /// The names of the parts that a template may contain.
    pub fn parts() -> impl Iterator<Item = &'static str> {
        PARTS.iter().map(|part| part.0)
    }

    /// The key of a paper. Returns `None` if a part of the template is unknown or has no ASCII letters or digits.
    pub(super) fn fill(&self, paper: &Paper, id: ArxivId) -> Option<String> {
        let mut key = String::new();
        for part in &self.0 {
            let start = key.len();
            match part {
                KeyPart::Literal(text) => key.push_str(text),
                KeyPart::Author => key.push_str(&surname(paper)),
                KeyPart::Year => {
                    let _ = write!(key, "{}", year(paper)?);
                }
                KeyPart::Title => {
                    key.extend(words(&paper.title).iter().map(|word| ascii(word)));
                    key.truncate(start + LONGEST_TITLE);
                }
                KeyPart::Word => key.push_str(&word(&paper.title)),
                KeyPart::Id => key.push_str(&key_part(id)),
                KeyPart::ShortName => key.push_str(&ascii(&fold(paper.short_name()?))),
            }
            if key.len() == start {
                return None;
            }
        }
        Some(key)
    }
}

/// The first author's family name, else the given name if the family name has no ASCII letters.
fn surname(paper: &Paper) -> String {
    match authors(paper).next() {
        Some(CitedAuthor::Person(name)) => Some(ascii(&fold(&name.family)))
            .filter(|family| !family.is_empty())
            .unwrap_or_else(|| ascii(&fold(&name.given))),
        Some(CitedAuthor::Whole(name)) => ascii(&fold(&name)),
        None => String::new(),
    }
}

/// The first significant word of a title, else its first word.
fn word(title: &str) -> String {
    let words: Vec<String> = words(title)
        .iter()
        .map(|word| ascii(word))
        .filter(|word| !word.is_empty())
        .collect();
    let significant = words
        .iter()
        .find(|word| word.len() > 1 && !INSIGNIFICANT.contains(&word.as_str()));
    significant.or(words.first()).cloned().unwrap_or_default()
}

fn ascii(folded: &str) -> String {
    folded.chars().filter(char::is_ascii_alphanumeric).collect()
}
