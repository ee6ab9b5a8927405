//! Renders queries in arXiv's syntax, so that they mean on the server what the user typed.
//!
//! What the server does (arXiv's `arxiv-search`, the API since November 2025) and what follows from it:
//!
//! - `AND`, `OR` and `ANDNOT` have no precedence and group to the right: every operation is sent in parentheses.
//! - Words without an operator between them are joined by `OR`, and a field covers only the next word: each word has
//!   its own field and its own operator.
//! - `_` is rewritten, at times with another word's text: it is never sent.
//! - Quotes, parentheses, brackets, colons and backslashes cannot be escaped: they become spaces in a phrase. A slash is
//!   safe in quotes, where the server escapes it, and keeps a DOI, an old identifier or a report number one token.
//! - The index lacks 33 common words (see `STOP_WORDS`), except in the fields of authors. A clause of one such word
//!   matches nothing, and with it everything that must match too: it is left out, and so is a phrase of nothing else.
//!   In other phrases both sides skip them.
//! - A name of an author is matched word by word, and `Y` does not match `Yann`: one letter is sent as the beginning
//!   of a word.
//! - `*` ends a prefix of a word, but not inside a phrase; `?` matches any letter, and is never sent.
//! - A word of four digits outside quotes also finds what was announced in that year: it is sent as a phrase.
//! - A group cannot be negated on its own; there is only `ANDNOT` between two operands.
//! - Date ranges need both ends.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::category;
use crate::model::query::{self, Query, QueryField};
use crate::model::tex;

/// Filters that are added to the words of a search. All of them must match.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filters {
    /// First submitted on this day or later, UTC.
    pub since: Option<NaiveDate>,
    /// First submitted on this day or earlier, UTC.
    pub until: Option<NaiveDate>,
    /// Filed under at least one code of each set.
    pub categories: Vec<Vec<&'static str>>,
    /// Each of these is in some author's name.
    pub authors: Vec<String>,
    /// All words of each of these are in the title.
    pub titles: Vec<String>,
}

/// Why a query cannot be sent to arXiv.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing to search for.
    #[error("there is nothing to search for")]
    Nothing,
    /// Only words were given that arXiv's index lacks.
    #[error("arXiv's search ignores common words, and there are no others here: {0}")]
    OnlyStopWords(String),
    /// Only words that must not match were given.
    #[error("arXiv's search needs at least one word that must match")]
    OnlyNegative,
    /// A word has no letter and no digit.
    #[error("arXiv cannot search for `{0}`: it has no letter and no digit")]
    Unsearchable(String),
    /// `*` is not at the end of a single word.
    #[error("arXiv cannot search for `{0}`: `*` stands only at the end of a single word")]
    Wildcard(String),
    /// A field that only the library has.
    #[error("`{0}` is a field of the library; arXiv does not know it")]
    OfflineField(&'static str),
    /// There is no such category.
    #[error(transparent)]
    Category(#[from] category::UnknownCategory),
}

/// The words that arXiv's index lacks: those of Lucene's English analyzer.
const STOP_WORDS: [&str; 33] = [
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no",
    "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to",
    "was", "will", "with",
];

/// Before arXiv's first paper.
const BEGINNING: &str = "199107010000";
/// After every paper, and constant, so that equal searches have equal URLs.
const END: &str = "209912312359";

/// Returns arXiv's `search_query` for these words and filters. [`ignored_words`] says what it leaves out.
///
/// `until` ends with 23:59, as arXiv itself reads the end of a day.
pub fn render(query: Option<&Query>, filters: &Filters) -> Result<String, Error> {
    let mut parts = Vec::new();
    if let Some(query) = query {
        parts.extend(signed(query)?);
    }
    for text in &filters.authors {
        parts.push(Signed::Must(term(QueryField::Author, text)?));
    }
    for text in &filters.titles {
        // All of its words in any order, as in a list; `title:` is for phrases.
        for word in title_words(text).filter(|word| !has_only_stop_words(word)) {
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
        None => Err(match ignored_words(query, filters) {
            ignored if ignored.is_empty() => Error::Nothing,
            ignored => Error::OnlyStopWords(ignored.join(" ")),
        }),
        Some(Signed::Must(expression)) => Ok(without_parentheses(expression)),
        Some(Signed::MustNot(_)) => Err(Error::OnlyNegative),
    }
}

/// Returns the words of a query and its filters that are not sent, because arXiv's index lacks them.
#[must_use]
pub fn ignored_words(query: Option<&Query>, filters: &Filters) -> Vec<String> {
    let mut ignored = Vec::new();
    if let Some(query) = query {
        collect_ignored(query, &mut ignored);
    }
    for text in &filters.titles {
        ignored.extend(
            title_words(text)
                .filter(|word| has_only_stop_words(word))
                .map(str::to_owned),
        );
    }
    ignored
}

fn collect_ignored(query: &Query, ignored: &mut Vec<String>) {
    match query {
        Query::Text { field, text } if is_ignored(*field, text) => ignored.push(text.clone()),
        Query::Text { .. } => {}
        Query::Not(part) => collect_ignored(part, ignored),
        Query::All(parts) | Query::Any(parts) => {
            for part in parts {
                collect_ignored(part, ignored);
            }
        }
    }
}

/// Whether a word or phrase would match nothing, because the index of its field lacks all of its words.
fn is_ignored(field: QueryField, text: &str) -> bool {
    match field {
        QueryField::Anywhere | QueryField::Title | QueryField::Abstract | QueryField::Comment => {
            has_only_stop_words(text)
        }
        _ => false,
    }
}

/// A word with `*` is not analyzed, and so is no stop word.
fn has_only_stop_words(text: &str) -> bool {
    let mut words = text
        .split(|c: char| !c.is_alphanumeric() && c != '*')
        .filter(|word| !word.is_empty())
        .peekable();
    words.peek().is_some()
        && words.all(|word| {
            STOP_WORDS
                .iter()
                .any(|stop_word| word.eq_ignore_ascii_case(stop_word))
        })
}

/// The words of a `--title` filter.
fn title_words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
}

/// Restricts an expression to papers first submitted from `from` to `to`, both to the minute and inclusive.
#[must_use]
pub fn with_dates(expression: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> String {
    let range = range(
        &from.format("%Y%m%d%H%M").to_string(),
        &to.format("%Y%m%d%H%M").to_string(),
    );
    // arXiv's repair of `au:del_maestro` works only outside parentheses.
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

/// Renders a query; `None` if all of it is ignored.
fn signed(query: &Query) -> Result<Option<Signed>, Error> {
    Ok(match query {
        Query::Text { field, text } if is_ignored(*field, text) => None,
        Query::Text {
            field: QueryField::Category,
            text,
        } => {
            let filter = category::CategoryFilter::parse(text)?;
            Some(Signed::Must(categories(filter.codes())?))
        }
        Query::Text {
            field: QueryField::Year,
            text,
        } => {
            let years = query::years(text).ok_or_else(|| Error::Unsearchable(text.clone()))?;
            let from = format!("{}01010000", years.start());
            let to = format!("{}12312359", years.end());
            Some(Signed::Must(range(&from, &to)))
        }
        Query::Text {
            field: field @ (QueryField::Tag | QueryField::Note),
            ..
        } => return Err(Error::OfflineField(field.prefix())),
        Query::Text { field, text } => Some(Signed::Must(term(*field, text)?)),
        Query::Not(part) => signed(part)?.map(|part| match part {
            Signed::Must(expression) => Signed::MustNot(expression),
            Signed::MustNot(expression) => Signed::Must(expression),
        }),
        Query::All(parts) => all(signed_parts(parts)?),
        Query::Any(parts) => any(signed_parts(parts)?),
    })
}

fn signed_parts(parts: &[Query]) -> Result<Vec<Signed>, Error> {
    parts.iter().filter_map(|part| signed(part).transpose()).collect()
}

/// Joins `a AND b AND NOT c AND NOT d` as `(a AND b) ANDNOT (c OR d)`.
fn all(parts: Vec<Signed>) -> Option<Signed> {
    let (must, must_not) = partition(parts);
    match (join(&must, "AND"), join(&must_not, "OR")) {
        (Some(must), Some(must_not)) => Some(Signed::Must(format!("({must} ANDNOT {must_not})"))),
        (Some(must), None) => Some(Signed::Must(must)),
        (None, must_not) => must_not.map(Signed::MustNot),
    }
}

/// Joins `a OR b OR NOT c OR NOT d` as `NOT ((c AND d) ANDNOT (a OR b))`.
fn any(parts: Vec<Signed>) -> Option<Signed> {
    let (must, must_not) = partition(parts);
    match (join(&must, "OR"), join(&must_not, "AND")) {
        (Some(must), Some(must_not)) => Some(Signed::MustNot(format!("({must_not} ANDNOT {must})"))),
        (Some(must), None) => Some(Signed::Must(must)),
        (None, must_not) => must_not.map(Signed::MustNot),
    }
}

fn partition(parts: Vec<Signed>) -> (Vec<String>, Vec<String>) {
    let (mut must, mut must_not) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Signed::Must(expression) => must.push(expression),
            Signed::MustNot(expression) => must_not.push(expression),
        }
    }
    (must, must_not)
}

/// Joins with one operator, so that grouping to the right changes nothing.
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

/// Renders a word or a phrase in a field.
fn term(field: QueryField, text: &str) -> Result<String, Error> {
    let text = if text.contains('\\') {
        tex::to_unicode(text)
    } else {
        Cow::Borrowed(text)
    };
    let words = text.split(|c| !is_sendable(c)).filter_map(cleaned);
    let words: Vec<String> = match field {
        QueryField::Author => words.flat_map(|word| with_initials(&word)).collect(),
        _ => words.collect(),
    };
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

/// Whether a character is sent. Others become a space, because they have a meaning to the server or are ignored by it.
fn is_sendable(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || ".-'+*/".contains(c)
    } else {
        !c.is_whitespace() && !c.is_control()
    }
}

/// Returns a word without the signs at its start; `None` if nothing else is in it.
fn cleaned(word: &str) -> Option<String> {
    let word = word.trim_start_matches(['.', '-', '\'', '+', '/']);
    word.contains(char::is_alphanumeric).then(|| word.to_owned())
}

/// Turns the initials in a word of a name into prefixes: `Y` and `Y.` into `Y*`, `I.J.` into `I*` and `J*`.
fn with_initials(word: &str) -> Vec<String> {
    let is_letter = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
    };
    let parts: Vec<&str> = word.split('.').filter(|part| !part.is_empty()).collect();
    if !parts.is_empty() && parts.iter().all(|part| is_letter(part)) {
        return parts.iter().map(|part| format!("{part}*")).collect();
    }
    vec![word.to_owned()]
}

fn has_prefixes_only(words: &[String]) -> bool {
    words
        .iter()
        .all(|word| !word.strip_suffix('*').unwrap_or(word).contains('*'))
}

/// Renders at least one of these codes; all classes of an archive become `cs.*`.
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
