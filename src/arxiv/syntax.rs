//! arXiv's query syntax: a query that means on the server what the user typed.
//!
//! What the server does (arXiv's `arxiv-search`, the API since November 2025) and what follows for us:
//!
//! - `AND`, `OR` and `ANDNOT` have no precedence and group to the right: every operation stands in parentheses.
//! - Words without an operator between them are joined by `OR`, and a field covers only the next word: each word has
//!   its own field and its own operator.
//! - `_` is rewritten, at times with another word's text: it is never sent.
//! - Quotes, parentheses, brackets, colons and backslashes cannot be escaped: they become spaces in a phrase.
//! - `*` ends a word's prefix, but not inside a phrase; `?` stands for a letter, and is never sent.
//! - A word of four digits outside quotes also finds what was announced in that year: it is sent as a phrase.
//! - There is no `NOT` of its own for more than a word, only `ANDNOT` between two.
//! - Date ranges need both ends.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::category;
use crate::model::query::{self, Query, QueryField};
use crate::model::tex;

/// What the flags of a search add to its words. All of it must match.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filters {
    /// First submitted on this day or later, UTC.
    pub since: Option<NaiveDate>,
    /// First submitted on this day or earlier, UTC.
    pub until: Option<NaiveDate>,
    /// Filed under at least one code of each set.
    pub categories: Vec<Vec<&'static str>>,
    /// Each of these in some author's name.
    pub authors: Vec<String>,
    /// All words of each of these in the title.
    pub titles: Vec<String>,
}

/// Why a query cannot be sent to arXiv.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing to search for.
    #[error("there is nothing to search for")]
    Nothing,
    /// Only what must not match is given.
    #[error("arXiv's search needs at least one word that must match")]
    OnlyNegative,
    /// No letter and no digit is left of a word.
    #[error("arXiv cannot search for `{0}`: it has no letter and no digit")]
    Unsearchable(String),
    /// `*` anywhere but at the end of a single word.
    #[error("arXiv cannot search for `{0}`: `*` stands only at the end of a single word")]
    Wildcard(String),
    /// A field that only the library has.
    #[error("`{0}` is a field of the library; arXiv does not know it")]
    OfflineField(&'static str),
    /// No such category.
    #[error(transparent)]
    Category(#[from] category::UnknownCategory),
}

/// Before arXiv's first paper.
const BEGINNING: &str = "199107010000";
/// After every paper: an end that is always the same, so that equal searches are equal URLs.
const END: &str = "209912312359";

/// arXiv's `search_query` for these words and filters.
///
/// `until` ends with 23:59, as arXiv itself reads the end of a day.
pub fn render(query: Option<&Query>, filters: &Filters) -> Result<String, Error> {
    let mut parts = Vec::new();
    if let Some(query) = query {
        parts.push(signed(query)?);
    }
    for text in &filters.authors {
        parts.push(Signed::Must(term(QueryField::Author, text)?));
    }
    for text in &filters.titles {
        // All of its words, in any order: as in a list. A phrase is what `title:` is for.
        for word in text
            .split_whitespace()
            .filter(|word| word.contains(char::is_alphanumeric))
        {
            parts.push(Signed::Must(term(QueryField::Title, word)?));
        }
    }
    for codes in &filters.categories {
        parts.push(Signed::Must(categories(codes)?));
    }
    if filters.since.is_some() || filters.until.is_some() {
        parts.push(Signed::Must(days(filters.since, filters.until)));
    }
    match all(parts) {
        None => Err(Error::Nothing),
        Some(Signed::Must(expression)) => Ok(without_parentheses(expression)),
        Some(Signed::MustNot(_)) => Err(Error::OnlyNegative),
    }
}

/// The expression, and first submitted from `from` to `to`, both to the minute and inclusive.
#[must_use]
pub fn with_dates(expression: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let range = range(
        &from.format("%Y%m%d%H%M").to_string(),
        &to.format("%Y%m%d%H%M").to_string(),
    );
    // In parentheses, arXiv's repair of `au:del_maestro` would no longer see it.
    if expression.contains(char::is_whitespace) {
        format!("({expression}) AND {range}")
    } else {
        format!("{expression} AND {range}")
    }
}

/// An expression, and whether it must match or must not.
enum Signed {
    Must(String),
    MustNot(String),
}

fn signed(query: &Query) -> Result<Signed, Error> {
    match query {
        Query::Text {
            field: QueryField::Category,
            text,
        } => {
            let filter = category::CategoryFilter::parse(text)?;
            categories(filter.codes()).map(Signed::Must)
        }
        Query::Text {
            field: QueryField::Year,
            text,
        } => {
            let years = query::years(text).ok_or_else(|| Error::Unsearchable(text.clone()))?;
            let (from, to) = (
                format!("{}01010000", years.start()),
                format!("{}12312359", years.end()),
            );
            Ok(Signed::Must(range(&from, &to)))
        }
        Query::Text {
            field: field @ (QueryField::Tag | QueryField::Note),
            ..
        } => Err(Error::OfflineField(field.prefix())),
        Query::Text { field, text } => term(*field, text).map(Signed::Must),
        Query::Not(part) => Ok(match signed(part)? {
            Signed::Must(expression) => Signed::MustNot(expression),
            Signed::MustNot(expression) => Signed::Must(expression),
        }),
        Query::All(parts) => {
            let parts = parts.iter().map(signed).collect::<Result<_, _>>()?;
            all(parts).ok_or(Error::Nothing)
        }
        Query::Any(parts) => {
            let parts = parts.iter().map(signed).collect::<Result<_, _>>()?;
            any(parts).ok_or(Error::Nothing)
        }
    }
}

/// `a AND b AND NOT c AND NOT d` is `a AND b` without `c OR d`.
fn all(parts: Vec<Signed>) -> Option<Signed> {
    let (must, must_not) = apart(parts);
    match (join(&must, "AND"), join(&must_not, "OR")) {
        (Some(must), Some(must_not)) => Some(Signed::Must(format!("({must} ANDNOT {must_not})"))),
        (Some(must), None) => Some(Signed::Must(must)),
        (None, must_not) => must_not.map(Signed::MustNot),
    }
}

/// `a OR b OR NOT c OR NOT d` is everything but `c AND d` without `a OR b`.
fn any(parts: Vec<Signed>) -> Option<Signed> {
    let (must, must_not) = apart(parts);
    match (join(&must, "OR"), join(&must_not, "AND")) {
        (Some(must), Some(must_not)) => Some(Signed::MustNot(format!("({must_not} ANDNOT {must})"))),
        (Some(must), None) => Some(Signed::Must(must)),
        (None, must_not) => must_not.map(Signed::MustNot),
    }
}

fn apart(parts: Vec<Signed>) -> (Vec<String>, Vec<String>) {
    let (mut must, mut must_not) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Signed::Must(expression) => must.push(expression),
            Signed::MustNot(expression) => must_not.push(expression),
        }
    }
    (must, must_not)
}

/// One operator only, so that grouping to the right changes nothing.
fn join(parts: &[String], operator: &str) -> Option<String> {
    match parts {
        [] => None,
        [only] => Some(only.clone()),
        _ => Some(format!("({})", parts.join(&format!(" {operator} ")))),
    }
}

fn without_parentheses(expression: String) -> String {
    let inner = expression
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    inner.map(str::to_owned).unwrap_or(expression)
}

fn prefix(field: QueryField) -> &'static str {
    match field {
        QueryField::Anywhere => "all:",
        QueryField::Title => "ti:",
        QueryField::Author => "au:",
        QueryField::Abstract => "abs:",
        QueryField::Comment => "co:",
        QueryField::Category => "cat:",
        QueryField::Id => "id:",
        QueryField::Doi => "doi:",
        QueryField::Tag | QueryField::Note | QueryField::Year => "",
    }
}

/// A word or a phrase in a field.
fn term(field: QueryField, text: &str) -> Result<String, Error> {
    let text = if text.contains('\\') {
        tex::to_unicode(text)
    } else {
        Cow::Borrowed(text)
    };
    let words: Vec<String> = text.split(|c| !is_sendable(c)).filter_map(cleaned).collect();
    let phrase = words.join(" ");
    if words.is_empty() {
        return Err(Error::Unsearchable(text.into_owned()));
    }
    let is_bare = phrase.chars().all(|c| c.is_alphanumeric() || c == '.')
        && !(phrase.len() == 4 && phrase.bytes().all(|b| b.is_ascii_digit()))
        && !matches!(phrase.as_str(), "AND" | "OR" | "NOT" | "ANDNOT");
    let prefix = prefix(field);
    match phrase.strip_suffix('*') {
        Some(stem) if stem.chars().all(char::is_alphanumeric) => Ok(format!("{prefix}{phrase}")),
        // An author's name in quotes is still read word by word, and only there `*` works in quotes.
        _ if phrase.contains('*') && !(field == QueryField::Author && has_prefixes_only(&words)) => {
            Err(Error::Wildcard(text.into_owned()))
        }
        _ if is_bare => Ok(format!("{prefix}{phrase}")),
        _ => Ok(format!("{prefix}\"{phrase}\"")),
    }
}

/// What means something to the server in a word becomes a space; so does what it would not look at anyway.
fn is_sendable(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || ".-'+*".contains(c)
    } else {
        !c.is_whitespace() && !c.is_control()
    }
}

/// A word with something to look for, without the signs in front of it.
fn cleaned(word: &str) -> Option<String> {
    let word = word.trim_start_matches(['.', '-', '\'', '+']);
    word.contains(char::is_alphanumeric).then(|| word.to_owned())
}

fn has_prefixes_only(words: &[String]) -> bool {
    words
        .iter()
        .all(|word| !word.strip_suffix('*').unwrap_or(word).contains('*'))
}

/// At least one of these codes; an archive whose every class is meant is one `cs.*`.
fn categories(codes: &[&'static str]) -> Result<String, Error> {
    let mut terms: Vec<String> = Vec::new();
    for code in codes {
        let archive = code.split_once('.').map(|(archive, _)| archive);
        let term = match archive {
            Some(archive) if is_whole(archive, codes) => format!("cat:{archive}.*"),
            _ => format!("cat:{code}"),
        };
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    join(&terms, "OR").ok_or(Error::Nothing)
}

/// Whether all classes of an archive are among the codes, and they are more than one.
fn is_whole(archive: &str, codes: &[&'static str]) -> bool {
    let is_class = |code: &str| {
        code.strip_prefix(archive)
            .is_some_and(|rest| rest.starts_with('.'))
    };
    let mut classes = category::all().iter().filter(|known| is_class(known.code));
    codes.iter().filter(|code| is_class(code)).nth(1).is_some()
        && classes.all(|known| codes.contains(&known.code))
}

fn days(since: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    let from = since.map(|day| day.format("%Y%m%d0000").to_string());
    let to = until.map(|day| day.format("%Y%m%d2359").to_string());
    range(from.as_deref().unwrap_or(BEGINNING), to.as_deref().unwrap_or(END))
}

fn range(from: &str, to: &str) -> String {
    format!("submittedDate:[{from} TO {to}]")
}
