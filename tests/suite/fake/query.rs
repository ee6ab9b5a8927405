//! arXiv's query syntax, as its server understands it: enough to answer what a careful client sends, and to answer a
//! careless one as wrongly as arXiv does (no precedence, binary operations group to the right).

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use super::papers::Invented;

/// A query that was understood.
#[derive(Debug)]
pub enum Query {
    Term(Field, String),
    Submitted(DateTime<Utc>, DateTime<Utc>),
    And(Box<Query>, Box<Query>),
    Or(Box<Query>, Box<Query>),
    AndNot(Box<Query>, Box<Query>),
}

/// Where a term is looked for.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Field {
    All,
    Title,
    Author,
    Abstract,
    Category,
    Comment,
    Journal,
    Id,
    Doi,
}

/// Why a query was not understood.
#[derive(Debug)]
pub enum Fault {
    /// Answered with 400.
    Syntax,
    /// Answered with 500.
    Date,
}

impl Query {
    /// Reads a `search_query`, decoded.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let tokens = tokens(text);
        let mut at = 0;
        let query = operation(&tokens, &mut at, Field::All)?;
        if at == tokens.len() {
            Ok(query)
        } else {
            Err(Fault::Syntax)
        }
    }

    /// Whether a paper is found by it.
    pub fn matches(&self, paper: &Invented) -> bool {
        match self {
            Self::And(a, b) => a.matches(paper) && b.matches(paper),
            Self::Or(a, b) => a.matches(paper) || b.matches(paper),
            Self::AndNot(a, b) => a.matches(paper) && !b.matches(paper),
            Self::Submitted(from, to) => (*from..=*to).contains(&paper.published()),
            Self::Term(field, value) => found(*field, value, paper),
        }
    }
}

/// The query with every grouping shown, as arXiv writes it, but without quotes.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = |query: &Self| match query {
            Self::Term(..) | Self::Submitted(..) => query.to_string(),
            _ => format!("({query})"),
        };
        match self {
            Self::And(a, b) => write!(f, "{} AND {}", inner(a), inner(b)),
            Self::Or(a, b) => write!(f, "{} OR {}", inner(a), inner(b)),
            Self::AndNot(a, b) => write!(f, "{} ANDNOT {}", inner(a), inner(b)),
            Self::Submitted(from, to) => {
                let form = "%Y%m%d%H%M";
                write!(f, "submittedDate:{} TO {}", from.format(form), to.format(form))
            }
            Self::Term(field, value) => {
                let (name, _) = FIELDS
                    .iter()
                    .find(|(_, known)| known == field)
                    .ok_or(fmt::Error)?;
                write!(f, "{name}:{value}")
            }
        }
    }
}

fn found(field: Field, value: &str, paper: &Invented) -> bool {
    let holds = |text: &str| holds_words(text, value);
    let optional = |text: &Option<String>| text.as_deref().is_some_and(holds);
    let authors = || paper.authors.iter().any(|(name, _)| holds(name));
    let category = |value: &str| {
        paper.categories.iter().any(|code| match value.strip_suffix('*') {
            Some(prefix) => code.to_lowercase().starts_with(&prefix.to_lowercase()),
            None => code.eq_ignore_ascii_case(value),
        })
    };
    match field {
        Field::All => {
            value == "*"
                || holds(&paper.title)
                || authors()
                || holds(&paper.abstract_text)
                || optional(&paper.comment)
                || optional(&paper.journal_ref)
                || category(value)
                || paper.id == value
        }
        Field::Title => holds(&paper.title),
        Field::Author => authors(),
        Field::Abstract => holds(&paper.abstract_text),
        Field::Comment => optional(&paper.comment),
        Field::Journal => optional(&paper.journal_ref),
        Field::Category => category(value),
        Field::Id => paper.id == value,
        Field::Doi => paper.dois.iter().any(|doi| doi.eq_ignore_ascii_case(value)),
    }
}

/// Whether `text` contains the words of `value` in a row; a `*` after a word makes it a prefix.
fn holds_words(text: &str, value: &str) -> bool {
    let (text, value) = (words(text), words(value));
    !value.is_empty()
        && text.windows(value.len()).any(|window| {
            window
                .iter()
                .zip(&value)
                .all(|(word, wanted)| match wanted.strip_suffix('*') {
                    Some(prefix) => word.starts_with(prefix),
                    None => word == wanted,
                })
        })
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '*')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[derive(PartialEq, Debug)]
enum Token {
    Open,
    Close,
    /// `AND`, `OR`, `ANDNOT`.
    Operator(&'static str),
    /// `ti:`, before whatever follows.
    Prefix(String),
    /// A word, or the words of a phrase.
    Word(String),
    /// The text between brackets.
    Range(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '"' => quoted(rest, '"', Token::Word),
            '[' => quoted(rest, ']', Token::Range),
            _ => word(rest),
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    // `x NOT y` and `x AND NOT y` are `x ANDNOT y`.
    let mut joined: Vec<Token> = Vec::new();
    for token in tokens {
        if token == Token::Word("NOT".to_owned()) {
            joined.pop_if(|last| *last == Token::Operator("AND"));
            joined.push(Token::Operator("ANDNOT"));
        } else {
            joined.push(token);
        }
    }
    joined
}

/// The text before the closing quote; an opening quote without one is dropped.
fn quoted(text: &str, mark: char, token: fn(String) -> Token) -> (Token, usize) {
    match text[1..].find(mark) {
        Some(end) => (token(text[1..=end].to_owned()), end + 2),
        None => (token(text[1..].to_owned()), text.len()),
    }
}

fn word(text: &str) -> (Token, usize) {
    let end = text
        .find(|c: char| c.is_whitespace() || "()\"[".contains(c))
        .unwrap_or(text.len());
    let text = &text[..end];
    for operator in ["AND", "OR", "ANDNOT"] {
        if text == operator {
            return (Token::Operator(operator), end);
        }
    }
    match text.find(':') {
        Some(colon) if known(&text[..colon]).is_some() || text[..colon].ends_with("Date") => {
            (Token::Prefix(text[..colon].to_owned()), colon + 1)
        }
        _ => (Token::Word(text.to_owned()), end),
    }
}

/// The prefixes; `title` is the only long one arXiv takes.
const FIELDS: &[(&str, Field)] = &[
    ("all", Field::All),
    ("ti", Field::Title),
    ("title", Field::Title),
    ("au", Field::Author),
    ("abs", Field::Abstract),
    ("cat", Field::Category),
    ("co", Field::Comment),
    ("jr", Field::Journal),
    ("id", Field::Id),
    ("doi", Field::Doi),
];

fn known(prefix: &str) -> Option<Field> {
    let (_, field) = FIELDS.iter().find(|(name, _)| *name == prefix)?;
    Some(*field)
}

/// A term, and what the operator behind it joins it with: all the rest, since operations group to the right. Two terms
/// side by side are joined by OR.
fn operation(tokens: &[Token], at: &mut usize, field: Field) -> Result<Query, Fault> {
    let left = Box::new(term(tokens, at, field)?);
    let join = match tokens.get(*at) {
        None | Some(Token::Close) => return Ok(*left),
        Some(Token::Operator("AND")) => Query::And,
        Some(Token::Operator("ANDNOT")) => Query::AndNot,
        Some(Token::Operator(_)) => Query::Or,
        Some(_) => {
            let right = Box::new(operation(tokens, at, field)?);
            return Ok(Query::Or(left, right));
        }
    };
    *at += 1;
    let right = Box::new(operation(tokens, at, field)?);
    Ok(join(left, right))
}

fn term(tokens: &[Token], at: &mut usize, field: Field) -> Result<Query, Fault> {
    let token = tokens.get(*at).ok_or(Fault::Syntax)?;
    *at += 1;
    match token {
        Token::Word(text) => Ok(Query::Term(field, text.clone())),
        Token::Open => {
            let inner = operation(tokens, at, field)?;
            if tokens.get(*at) != Some(&Token::Close) {
                return Err(Fault::Syntax);
            }
            *at += 1;
            Ok(inner)
        }
        Token::Prefix(name) => match tokens.get(*at) {
            // `lastUpdatedDate` is silently the same.
            Some(Token::Range(range)) => {
                *at += 1;
                submitted(range)
            }
            Some(Token::Word(_) | Token::Open) => term(tokens, at, known(name).unwrap_or(Field::All)),
            _ => Err(Fault::Syntax),
        },
        Token::Close | Token::Operator(_) | Token::Range(_) => Err(Fault::Syntax),
    }
}

fn submitted(range: &str) -> Result<Query, Fault> {
    let (from, to) = range.split_once(" TO ").ok_or(Fault::Syntax)?;
    Ok(Query::Submitted(moment(from, false)?, moment(to, true)?))
}

/// `YYYY`, `YYYYMM`, `YYYYMMDD`, with `HHMM` or `HHMMSS` behind it; what is left out is the first or the last there is.
///
/// arXiv drops the seconds, also of the end: `20201231` ends at 23:59:00, and a paper of 23:59:30 lies between two
/// ranges that do not overlap.
fn moment(text: &str, last: bool) -> Result<DateTime<Utc>, Fault> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || !matches!(text.len(), 4 | 6 | 8 | 12 | 14) {
        return Err(Fault::Syntax);
    }
    let part = |from: usize, to: usize, first: u32, end: u32| match text.get(from..to) {
        Some(digits) => digits.parse().map_err(|_| Fault::Date),
        None => Ok(if last { end } else { first }),
    };
    let year: i32 = text[..4].parse().map_err(|_| Fault::Date)?;
    let month = part(4, 6, 1, 12)?;
    let month_end = (28..=31)
        .rev()
        .find(|day| NaiveDate::from_ymd_opt(year, month, *day).is_some());
    let day = part(6, 8, 1, month_end.ok_or(Fault::Date)?)?;
    let (hour, minute) = (part(8, 10, 0, 23)?, part(10, 12, 0, 59)?);
    NaiveDate::from_ymd_opt(year, month, day)
        .and_then(|day| day.and_hms_opt(hour, minute, 0))
        .map(|time| time.and_utc())
        .ok_or(Fault::Date)
}

mod tests {
    use super::*;
    use crate::recordings;

    /// What this little reader does not imitate: underscores, prefixes it does not know, dates without brackets.
    const NOT_IMITATED: &[&str] = &[
        "_",
        "rn:",
        "author:",
        "abstract:",
        "xx:",
        "au :",
        " *]",
        "NOT ti:a",
        "Date:20200101",
        "\"unbalanced",
    ];

    #[test]
    fn queries_are_understood_as_arxiv_understands_them() {
        let Some(folder) = recordings::folder("queries_are_understood_as_arxiv_understands_them") else {
            return;
        };
        let oracle = std::fs::read(folder.join("oracles/query_rewrites.json")).unwrap();
        let oracle: serde_json::Value = serde_json::from_slice(&oracle).unwrap();
        let mut checked = 0;
        for case in oracle["cases"].as_array().unwrap() {
            let input = case["input"].as_str().unwrap();
            let understood = Query::parse(input).ok().map(|query| query.to_string());
            let verdict = case["canonical"].as_str().map(|text| text.replace('"', ""));
            if understood != verdict {
                assert!(
                    NOT_IMITATED.iter().any(|part| input.contains(part)),
                    "{input:?}: {understood:?}, not {verdict:?}"
                );
                continue;
            }
            checked += 1;
        }
        assert!(checked >= 60, "{checked}");
    }
}
