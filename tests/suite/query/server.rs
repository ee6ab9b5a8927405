//! How arXiv's server understands a `search_query`: first it rewrites, then it groups to the right.
//!
//! A model of its own, checked against the recorded verdicts (`oracles/query_rewrites.json`) before anything is concluded
//! from it.

use crate::recordings;

/// What the server makes of a query.
#[derive(Clone, PartialEq, Debug)]
pub enum Tree {
    /// A field and its text, in quotes where it is a phrase.
    Term(String, String),
    /// `AND`, `OR` or `ANDNOT` between two.
    Two(&'static str, Box<Tree>, Box<Tree>),
    /// `ANDNOT` in front of something.
    Without(Box<Tree>),
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Open,
    Close,
    Operator(&'static str),
    Prefix(String),
    Text(String),
}

const PREFIXES: [&str; 13] = [
    "abs:",
    "all:",
    "au:",
    "cat:",
    "co:",
    "doi:",
    "id:",
    "jr:",
    "lastUpdatedDate:",
    "rn:",
    "submittedDate:",
    "ti:",
    "title:",
];

/// Nothing where the server answers 400.
pub fn understand(query: &str) -> Option<Tree> {
    let query = query
        .replace(['\r', '\n'], " ")
        .replace("lastUpdatedDate:", "submittedDate:");
    let tokens = rewritten(tokens(&with_whole_dates(&query)));
    let mut rest = tokens.as_slice();
    let tree = expression(&mut rest)?;
    rest.is_empty().then_some(tree)
}

/// The tree as the server prints it.
pub fn canonical(tree: &Tree) -> String {
    let inner = |tree: &Tree| match tree {
        Tree::Term(..) => canonical(tree),
        _ => format!("({})", canonical(tree)),
    };
    match tree {
        Tree::Term(field, value) => format!("{field}:{value}"),
        Tree::Without(part) => format!("ANDNOT {}", inner(part)),
        Tree::Two(operator, left, right) => format!("{} {operator} {}", inner(left), inner(right)),
    }
}

/// `submittedDate:[2020 TO 202106]` to the minute, in quotes.
fn with_whole_dates(query: &str) -> String {
    let mut out = String::new();
    let mut rest = query;
    while let Some((before, after)) = rest.split_once("submittedDate:[") {
        out.push_str(before);
        out.push_str("submittedDate:");
        let range = after.split_once(']').and_then(|(range, after)| {
            let (from, to) = range.split_once(" TO ")?;
            let is_date = |text: &str| {
                (4..=14).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
            };
            (is_date(from) && is_date(to)).then_some((from, to, after))
        });
        if let Some((from, to, after)) = range {
            let (from, to) = (filled(from, "01010000"), filled(to, "12312359"));
            out.extend(["\"", &from, " TO ", &to, "\""]);
            rest = after;
        } else {
            out.push('[');
            rest = after;
        }
    }
    out + rest
}

/// The month's last day is taken for 31, which no case needs otherwise.
fn filled(date: &str, rest: &str) -> String {
    let date = &date[..date.len().min(12)];
    format!("{date}{}", rest.get(date.len() - 4..).unwrap_or_default())
}

fn tokens(query: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = query;
    while let Some(c) = rest.chars().next() {
        let (token, length) = token(rest, c);
        tokens.extend(token);
        rest = &rest[length..];
    }
    tokens
}

fn token(rest: &str, c: char) -> (Option<Token>, usize) {
    match c {
        '(' => return (Some(Token::Open), 1),
        ')' => return (Some(Token::Close), 1),
        // An open quotation mark is passed over.
        '"' => {
            return rest[1..].find('"').map_or((None, 1), |end| {
                (Some(Token::Text(rest[..end + 2].to_owned())), end + 2)
            });
        }
        c if c.is_whitespace() => return (None, c.len_utf8()),
        _ => {}
    }
    for operator in ["ANDNOT", "AND", "NOT", "OR"] {
        let after = rest.strip_prefix(operator).map(|after| after.chars().next());
        if after.is_some_and(|next| next.is_none_or(|next| "()".contains(next) || next.is_whitespace())) {
            return (Some(Token::Operator(operator)), operator.len());
        }
    }
    if let Some(prefix) = PREFIXES.iter().find(|prefix| rest.starts_with(**prefix)) {
        return (Some(Token::Prefix((*prefix).to_owned())), prefix.len());
    }
    let end = rest
        .find(|c: char| "\"()".contains(c) || c.is_whitespace())
        .unwrap_or(rest.len());
    (Some(Token::Text(rest[..end].to_owned())), end)
}

fn rewritten(tokens: Vec<Token>) -> Vec<Token> {
    let tokens = with_prefixes_inside(without_not(tokens));
    let tokens = with_operators(with_all(tokens));
    named(&with_authors_in_words(tokens))
}

/// `NOT` and `AND NOT` are `ANDNOT`.
fn without_not(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for token in tokens {
        if token == Token::Operator("NOT") {
            if out.last() == Some(&Token::Operator("AND")) {
                out.pop();
            }
            out.push(Token::Operator("ANDNOT"));
        } else {
            out.push(token);
        }
    }
    out
}

/// `ti:(a b)` is `(ti:a ti:b)`.
fn with_prefixes_inside(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut outer: Option<(String, usize)> = None;
    for token in tokens {
        match (&mut outer, &token) {
            (None, Token::Open) => {
                if let Some(Token::Prefix(prefix)) = out.last().cloned() {
                    out.pop();
                    outer = Some((prefix, 1));
                }
            }
            (Some((_, depth)), Token::Open) => *depth += 1,
            (Some((_, 1)), Token::Close) => outer = None,
            (Some((_, depth)), Token::Close) => *depth -= 1,
            (Some((prefix, _)), Token::Text(_)) if !matches!(out.last(), Some(Token::Prefix(_))) => {
                out.push(Token::Prefix(prefix.clone()));
            }
            _ => {}
        }
        out.push(token);
    }
    out
}

fn with_all(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for token in tokens {
        if matches!(token, Token::Text(_)) && !matches!(out.last(), Some(Token::Prefix(_))) {
            out.push(Token::Prefix("all:".to_owned()));
        }
        out.push(token);
    }
    out
}

/// Of operators in a row the last counts; adjacent words are joined by `OR`.
fn with_operators(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for token in tokens {
        match (out.last(), &token) {
            (Some(Token::Operator(_)), Token::Operator(_)) => {
                out.pop();
            }
            (Some(Token::Prefix(_)), Token::Prefix(_))
            | (Some(Token::Close | Token::Text(_)), Token::Prefix(_) | Token::Open | Token::Text(_)) => {
                out.push(Token::Operator("OR"));
            }
            _ => {}
        }
        out.push(token);
    }
    out
}

/// The text of every `au:` becomes that of the second token, as long as that has a `_`.
fn with_authors_in_words(mut tokens: Vec<Token>) -> Vec<Token> {
    for at in 1..tokens.len() {
        let second = match &tokens[1] {
            Token::Text(text) if text.contains('_') => text.replace('_', " "),
            _ => break,
        };
        let is_author = tokens[at - 1] == Token::Prefix("au:".to_owned());
        if is_author && matches!(tokens[at], Token::Text(_)) {
            let is_phrase = second.contains('"');
            tokens[at] = Token::Text(if is_phrase {
                second
            } else {
                format!("\"{second}\"")
            });
        }
    }
    tokens
}

/// `title:` is `ti:`; a prefix before nothing is dropped.
fn named(tokens: &[Token]) -> Vec<Token> {
    let mut out = Vec::new();
    let mut following = tokens.iter().skip(1);
    for token in tokens {
        let next = following.next();
        match token {
            Token::Prefix(_) if !matches!(next, Some(Token::Text(_))) => {}
            Token::Prefix(name) if name == "title:" => out.push(Token::Prefix("ti:".to_owned())),
            other => out.push(other.clone()),
        }
    }
    out
}

fn expression(rest: &mut &[Token]) -> Option<Tree> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    let left = match first {
        Token::Operator("ANDNOT") => return Some(Tree::Without(Box::new(expression(rest)?))),
        Token::Open => {
            let inner = expression(rest)?;
            take(rest, &Token::Close)?;
            inner
        }
        Token::Prefix(prefix) => {
            let (Token::Text(text), after) = rest.split_first()? else {
                return None;
            };
            *rest = after;
            Tree::Term(prefix.trim_end_matches(':').to_owned(), text.clone())
        }
        _ => return None,
    };
    match rest.split_first() {
        Some((Token::Operator(operator), after)) => {
            *rest = after;
            Some(Tree::Two(operator, Box::new(left), Box::new(expression(rest)?)))
        }
        _ => Some(left),
    }
}

fn take(rest: &mut &[Token], token: &Token) -> Option<()> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    (first == token).then_some(())
}

#[test]
fn the_model_of_the_server_says_what_the_server_said() {
    let Some(folder) = recordings::folder("the_model_of_the_server") else {
        return;
    };
    let text = std::fs::read_to_string(folder.join("oracles/query_rewrites.json")).unwrap();
    let oracle: serde_json::Value = serde_json::from_str(&text).unwrap();
    let cases = oracle["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 89);
    for case in cases {
        let input = case["input"].as_str().unwrap();
        let ours = understand(input).as_ref().map(canonical);
        assert_eq!(ours.as_deref(), case["canonical"].as_str(), "{input}");
    }
}
