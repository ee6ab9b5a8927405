//! Search words: what the user wants to match, the same online and offline.
//!
//! Every word must match. An argument with spaces is a phrase; `OR`, `NOT`, `AND` and `ANDNOT` (upper case) join;
//! `title:`, `author:`, `abstract:`, `comment:`, `category:` (or arXiv's own `ti:`, `au:`, ...) say where to look;
//! parentheses group. `NOT` binds closest, then standing side by side, then `OR`. An argument that itself holds
//! double quotes, parentheses or operators between spaces is a little query of its own:
//! `title:"deep learning" AND author:hinton`.

mod grammar;
mod tokens;

use std::fmt;

/// What a search is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Query {
    /// A word, or a phrase of several in this order, in one field.
    Text {
        /// Where it is looked for.
        field: QueryField,
        /// One word, or several that follow each other.
        text: String,
    },
    /// Every part matches; at least two parts.
    All(Vec<Query>),
    /// At least one part matches; at least two parts.
    Any(Vec<Query>),
    /// The part does not match.
    Not(Box<Query>),
}

/// Where a word is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QueryField {
    /// Anywhere in the record.
    Anywhere,
    /// `title:`.
    Title,
    /// `author:`.
    Author,
    /// `abstract:`.
    Abstract,
    /// `comment:`.
    Comment,
    /// `category:`.
    Category,
}

/// The prefixes a user may write, ours first, then arXiv's own.
const PREFIXES: &[(&str, QueryField)] = &[
    ("title", QueryField::Title),
    ("author", QueryField::Author),
    ("abstract", QueryField::Abstract),
    ("comment", QueryField::Comment),
    ("category", QueryField::Category),
    ("all", QueryField::Anywhere),
    ("ti", QueryField::Title),
    ("au", QueryField::Author),
    ("abs", QueryField::Abstract),
    ("co", QueryField::Comment),
    ("cat", QueryField::Category),
];

impl QueryField {
    fn of_prefix(name: &str) -> Option<Self> {
        let known = PREFIXES.iter().find(|(prefix, _)| *prefix == name);
        known.map(|&(_, field)| field)
    }

    /// The prefix that names it, with its colon; empty for anywhere.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Anywhere => "",
            Self::Title => "title:",
            Self::Author => "author:",
            Self::Abstract => "abstract:",
            Self::Comment => "comment:",
            Self::Category => "category:",
        }
    }
}

/// Search words that cannot be understood.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{reason}")]
pub struct QueryError {
    /// All the words, as one line.
    pub text: String,
    /// Where in `text` it went wrong, in bytes.
    pub at: usize,
    /// What is wrong there.
    pub reason: String,
}

/// Reads search words: one query from all arguments; nothing where there are none.
pub fn parse(words: &[String]) -> Result<Option<Query>, QueryError> {
    let parsed = tokens::of(words).and_then(grammar::parse);
    parsed.map_err(|fault| QueryError {
        text: words.join(" "),
        at: fault.at,
        reason: fault.reason,
    })
}

/// What is wrong, and where in all the words joined by spaces.
#[derive(Debug)]
struct Fault {
    at: usize,
    reason: String,
}

impl Query {
    /// Parts side by side, without an `All` right inside an `All`; the part itself where it is one.
    fn all(parts: Vec<Self>) -> Option<Self> {
        Self::joined(parts, Self::All, |part| match part {
            Self::All(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// Alternatives, without an `Any` right inside an `Any`; the part itself where it is one.
    fn any(parts: Vec<Self>) -> Option<Self> {
        Self::joined(parts, Self::Any, |part| match part {
            Self::Any(inner) => Ok(inner),
            other => Err(other),
        })
    }

    fn joined(
        parts: Vec<Self>,
        join: fn(Vec<Self>) -> Self,
        open: fn(Self) -> Result<Vec<Self>, Self>,
    ) -> Option<Self> {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match open(part) {
                Ok(inner) => flat.extend(inner),
                Err(other) => flat.push(other),
            }
        }
        match flat.len() {
            0 | 1 => flat.pop(),
            _ => Some(join(flat)),
        }
    }

    /// The opposite; of an opposite the thing itself.
    fn not(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

/// As it may be typed again: `title:"deep learning" AND (author:hinton OR author:lecun) AND NOT category:cs.CV`.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { field, text } if needs_quotes(text) => {
                write!(f, "{}\"{text}\"", field.prefix())
            }
            Self::Text { field, text } => write!(f, "{}{text}", field.prefix()),
            Self::All(parts) => write_joined(f, parts, " AND "),
            Self::Any(parts) => write_joined(f, parts, " OR "),
            Self::Not(part) => {
                f.write_str("NOT ")?;
                write_part(f, part)
            }
        }
    }
}

fn write_joined(f: &mut fmt::Formatter<'_>, parts: &[Query], joint: &str) -> fmt::Result {
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            f.write_str(joint)?;
        }
        write_part(f, part)?;
    }
    Ok(())
}

fn write_part(f: &mut fmt::Formatter<'_>, part: &Query) -> fmt::Result {
    match part {
        Query::Text { .. } | Query::Not(_) => write!(f, "{part}"),
        Query::All(_) | Query::Any(_) => write!(f, "({part})"),
    }
}

/// Whether a text would be read otherwise if it stood bare.
fn needs_quotes(text: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "-.*'+/_#&@%=~^".contains(c);
    text.is_empty() || !text.chars().all(is_plain) || tokens::operator(text).is_some()
}
