//! The query language of `list`, `timeline`, `stats`, `export` and `search`, the same online and offline.
//!
//! Every word must match. An argument with spaces is a phrase; `OR`, `NOT`, `AND` and `ANDNOT` (upper case) are
//! operators; `title:`, `author:`, `year:` and the other prefixes in `PREFIXES` name a field; parentheses group. `NOT`
//! binds before `AND`, which is implied between words, and `AND` before `OR`. An argument that contains double quotes,
//! parentheses, operators between spaces or `-word` is parsed as a query of its own:
//! `title:"deep learning" AND author:hinton`.

mod grammar;
mod matcher;
mod notes;
mod tokens;

use std::fmt;
use std::ops::RangeInclusive;

pub use matcher::Matcher;
pub use notes::notes;

/// A parsed query.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Query {
    /// A word, or a phrase of several words in this order, in one field.
    Text {
        /// The field that must contain it.
        field: QueryField,
        /// One word, or several that follow each other, as typed.
        text: String,
    },
    /// Every part matches; at least two parts.
    All(Vec<Query>),
    /// At least one part matches; at least two parts.
    Any(Vec<Query>),
    /// The part does not match.
    Not(Box<Query>),
}

/// The field of a record that a word must be in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum QueryField {
    /// Any text of the record.
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
    /// `id:`, an identifier, or the beginning of one with `*`.
    Id,
    /// `doi:`, the publisher's or arXiv's own.
    Doi,
    /// `tag:`, a tag in the library.
    Tag,
    /// `note:`, the user's notes in the library.
    Note,
    /// `year:`, the year of the first submission, or a range (`2020-2024`).
    Year,
}

/// The prefixes of fields, in any case: our own first, then those of arXiv's API.
const PREFIXES: &[(&str, QueryField)] = &[
    ("title", QueryField::Title),
    ("author", QueryField::Author),
    ("abstract", QueryField::Abstract),
    ("comment", QueryField::Comment),
    ("category", QueryField::Category),
    ("id", QueryField::Id),
    ("doi", QueryField::Doi),
    ("tag", QueryField::Tag),
    ("note", QueryField::Note),
    ("year", QueryField::Year),
    ("all", QueryField::Anywhere),
    ("ti", QueryField::Title),
    ("au", QueryField::Author),
    ("abs", QueryField::Abstract),
    ("co", QueryField::Comment),
    ("cat", QueryField::Category),
];

impl QueryField {
    fn of_prefix(name: &str) -> Option<Self> {
        let known = PREFIXES
            .iter()
            .find(|(prefix, _)| prefix.eq_ignore_ascii_case(name));
        known.map(|&(_, field)| field)
    }

    /// Returns its prefix with the colon; empty for [`QueryField::Anywhere`].
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Anywhere => "",
            Self::Title => "title:",
            Self::Author => "author:",
            Self::Abstract => "abstract:",
            Self::Comment => "comment:",
            Self::Category => "category:",
            Self::Id => "id:",
            Self::Doi => "doi:",
            Self::Tag => "tag:",
            Self::Note => "note:",
            Self::Year => "year:",
        }
    }
}

/// Why search words are no query.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{reason}")]
pub struct QueryError {
    /// All words, joined by spaces.
    pub text: String,
    /// Byte offset in `text` of what is wrong.
    pub at: usize,
    /// What is wrong there.
    pub reason: String,
    /// The prefix that was probably meant, with its colon.
    pub suggestion: Option<String>,
}

/// Parses search words: one query from all arguments, or `None` if there are none.
///
/// What [`notes`] says of the words is not an error.
pub fn parse(words: &[String]) -> Result<Option<Query>, QueryError> {
    let parsed = tokens::tokenize(words).and_then(grammar::parse);
    parsed.map_err(|error| QueryError {
        text: words.join(" "),
        at: error.at,
        reason: error.reason,
        suggestion: error.suggestion,
    })
}

/// Reads the years of `year:`: `2024` or `2020-2024`. Returns `None` for anything else.
#[must_use]
pub fn years(text: &str) -> Option<RangeInclusive<i32>> {
    let year = |text: &str| {
        let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_year)
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Some(year(first)?..=year(last)?)
}

/// What is wrong with the words, and at which byte of all words joined by spaces.
#[derive(Debug)]
struct SyntaxError {
    at: usize,
    reason: String,
    suggestion: Option<String>,
}

impl SyntaxError {
    fn new(at: usize, reason: impl Into<String>) -> Self {
        Self {
            at,
            reason: reason.into(),
            suggestion: None,
        }
    }
}

impl Query {
    /// A conjunction, without an `All` directly inside an `All`; a single part stays what it is.
    fn all(parts: Vec<Self>) -> Option<Self> {
        Self::joined(parts, Self::All, |part| match part {
            Self::All(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// A disjunction, without an `Any` directly inside an `Any`; a single part stays what it is.
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

    /// The negation; a double negation is undone.
    fn not(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

/// Writes the query so that it can be typed again: `title:"deep learning" AND (author:hinton OR author:lecun) AND NOT category:cs.CV`.
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

/// Whether a text would be parsed as something else without quotation marks.
fn needs_quotes(text: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "-.*'+/_#&@%=~^".contains(c);
    text.starts_with('-')
        || !text.contains(char::is_alphanumeric)
        || !text.chars().all(is_plain)
        || tokens::operator(text).is_some()
}
