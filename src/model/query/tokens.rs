//! Splits search words into tokens: operators, fields, words, phrases and parentheses.

use super::{PREFIXES, QueryField, SyntaxError};
use crate::model::text;

/// A token and its byte offset in all words joined by spaces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) kind: TokenKind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum TokenKind {
    Open,
    Close,
    Or,
    And,
    Not,
    AndNot,
    /// `title:`, the field of the operand after it.
    Field(QueryField),
    /// A word or a phrase, white space folded, never empty.
    Text(String),
}

/// Limit of one query. The URL of arXiv's API would not hold so many words.
const MAX_TOKENS: usize = 1_000;

/// The operator a word is, if it is one.
pub(super) fn operator(word: &str) -> Option<TokenKind> {
    match word {
        "OR" => Some(TokenKind::Or),
        "AND" => Some(TokenKind::And),
        "NOT" => Some(TokenKind::Not),
        "ANDNOT" => Some(TokenKind::AndNot),
        _ => None,
    }
}

/// The tokens of all arguments.
pub(super) fn tokenize(words: &[String]) -> Result<Vec<Token>, SyntaxError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    for word in words {
        let mut lexer = Lexer {
            text: word,
            begin: at,
            next: 0,
            tokens: Vec::new(),
        };
        if is_query(word) {
            lexer.query()?;
            tokens.extend(grouped(lexer.tokens, at));
        } else {
            lexer.argument()?;
            tokens.append(&mut lexer.tokens);
        }
        if tokens.len() > MAX_TOKENS {
            let reason = format!("more than {MAX_TOKENS} search words");
            return Err(SyntaxError::new(at, reason));
        }
        at += word.len() + 1;
    }
    Ok(tokens)
}

/// Whether an argument is a query of its own and not a word or a phrase.
fn is_query(argument: &str) -> bool {
    argument.contains(['"', '(', ')'])
        || (argument.trim().contains(char::is_whitespace)
            && argument
                .split_whitespace()
                .any(|word| operator(word).is_some() || negated(word).is_some()))
}

/// The word that `-word` excludes.
fn negated(word: &str) -> Option<&str> {
    word.strip_prefix('-')
        .filter(|rest| rest.starts_with(char::is_alphanumeric))
}

/// Whether a word outside of quotation marks is made of signs alone (`=`, `&`, `--`), and so is ignored.
pub(super) fn is_sign(word: &str) -> bool {
    !word.is_empty()
        && !word.contains(char::is_alphanumeric)
        && !word.contains(char::is_whitespace)
        && !word.contains(['"', '(', ')', ':'])
}

/// Puts a query that is complete in parentheses; one with half a parenthesis or a loose operator joins its neighbours.
fn grouped(mut tokens: Vec<Token>, at: usize) -> Vec<Token> {
    let mut depth = 0_usize;
    let mut is_whole = tokens.len() > 1;
    for token in &tokens {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close if depth == 0 => is_whole = false,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
    }
    let begins_loose = tokens
        .first()
        .is_some_and(|token| matches!(token.kind, TokenKind::Or | TokenKind::And | TokenKind::AndNot));
    let ends_loose = tokens.last().is_some_and(|token| {
        matches!(
            token.kind,
            TokenKind::Or | TokenKind::And | TokenKind::AndNot | TokenKind::Not | TokenKind::Field(_)
        )
    });
    if is_whole && depth == 0 && !begins_loose && !ends_loose {
        tokens.insert(
            0,
            Token {
                at,
                kind: TokenKind::Open,
            },
        );
        tokens.push(Token {
            at,
            kind: TokenKind::Close,
        });
    }
    tokens
}

struct Lexer<'a> {
    text: &'a str,
    /// Offset of `text` in all words.
    begin: usize,
    next: usize,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    /// An argument that is an operator, a word or a phrase, perhaps with a field.
    fn argument(&mut self) -> Result<(), SyntaxError> {
        if let Some(kind) = operator(self.text.trim()) {
            self.push(0, kind);
            return Ok(());
        }
        if is_sign(self.text.trim()) {
            return Ok(());
        }
        let mut begin = self.text.len() - self.text.trim_start().len();
        if negated(&self.text[begin..]).is_some() {
            self.push(begin, TokenKind::Not);
            begin += 1;
        }
        let begin = self.field(begin, self.text)?;
        let rest = &self.text[begin..];
        if rest.trim().is_empty() {
            if self.tokens.is_empty() {
                return Err(self.error(0, "an empty phrase"));
            }
            return Ok(());
        }
        self.push(begin, TokenKind::Text(text::fold_whitespace(rest)));
        Ok(())
    }

    /// Tokens between spaces, quotes and parentheses.
    fn query(&mut self) -> Result<(), SyntaxError> {
        while let Some(c) = self.rest().chars().next() {
            let at = self.next;
            match c {
                '(' => self.single(TokenKind::Open),
                ')' => self.single(TokenKind::Close),
                '"' => self.phrase(at)?,
                c if c.is_whitespace() => self.next += c.len_utf8(),
                _ => self.word(at)?,
            }
        }
        Ok(())
    }

    fn single(&mut self, kind: TokenKind) {
        self.push(self.next, kind);
        self.next += 1;
    }

    fn phrase(&mut self, at: usize) -> Result<(), SyntaxError> {
        let inside = &self.text[at + 1..];
        let Some(length) = inside.find('"') else {
            return Err(self.error(at, "a quotation mark that is never closed"));
        };
        let text = text::fold_whitespace(&inside[..length]);
        if text.is_empty() {
            return Err(self.error(at, "an empty phrase"));
        }
        self.push(at, TokenKind::Text(text));
        self.next = at + length + 2;
        Ok(())
    }

    fn word(&mut self, at: usize) -> Result<(), SyntaxError> {
        let length = word_length(self.rest()).map_err(|parenthesis| {
            self.error(at + parenthesis, "a parenthesis that is never closed in its word")
        })?;
        let end = at + length;
        let word = &self.text[at..end];
        let follows_field = self.text[..at].ends_with(':')
            && matches!(
                self.tokens.last(),
                Some(Token {
                    kind: TokenKind::Field(_),
                    ..
                })
            );
        if !follows_field {
            if is_sign(word) {
                self.next = end;
                return Ok(());
            }
            if negated(word).is_some() {
                self.push(at, TokenKind::Not);
                self.next = at + 1;
                return Ok(());
            }
            let begin = self.field(at, &self.text[..end])?;
            if begin > at {
                self.next = begin;
                return Ok(());
            }
        }
        self.next = end;
        let kind = operator(word).filter(|_| !follows_field);
        self.push(at, kind.unwrap_or_else(|| TokenKind::Text(word.to_owned())));
        Ok(())
    }

    /// Consumes the field at this offset, if there is one, and returns the offset of its operand.
    fn field(&mut self, at: usize, within: &str) -> Result<usize, SyntaxError> {
        let Some((name, _)) = within[at..].split_once(':') else {
            return Ok(at);
        };
        let after = &self.text[at + name.len() + 1..];
        if let Some(field) = QueryField::of_prefix(name) {
            self.push(at, TokenKind::Field(field));
            return Ok(at + name.len() + 1);
        }
        // `BERT: Pre-training` is a title, `https://` a URL, `std::vector` a name.
        let is_field_like = !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphabetic())
            && !after.starts_with([':', '/'])
            && !after.is_empty()
            && !after.starts_with(char::is_whitespace);
        if is_field_like {
            return Err(unknown_field(self.begin + at, name));
        }
        Ok(at)
    }

    fn rest(&self) -> &'a str {
        &self.text[self.next..]
    }

    fn push(&mut self, at: usize, kind: TokenKind) {
        self.tokens.push(Token {
            at: self.begin + at,
            kind,
        });
    }

    fn error(&self, at: usize, reason: &str) -> SyntaxError {
        SyntaxError::new(self.begin + at, reason)
    }
}

/// Length of the word that a text starts with. It ends at a space, a quotation mark or a parenthesis, but `SU(2)` and
/// `f(x)` are words. The error is the offset of a parenthesis that the word does not close.
fn word_length(text: &str) -> Result<usize, usize> {
    let mut open = Vec::new();
    let mut after_colon = false;
    let mut length = text.len();
    for (position, c) in text.char_indices() {
        let is_end = match c {
            '(' if after_colon && open.is_empty() => true,
            '(' => {
                open.push(position);
                false
            }
            ')' => open.pop().is_none(),
            c => c == '"' || c.is_whitespace(),
        };
        if is_end {
            length = position;
            break;
        }
        after_colon = c == ':';
    }
    open.pop().map_or(Ok(length), Err)
}

/// The fields of arXiv's API that have no prefix here, and what to use instead.
const ARXIV_FIELDS: &[(&str, &str)] = &[
    ("submittedDate", "use --since and --until, or year:"),
    ("lastUpdatedDate", "use --sort updated; arXiv cannot filter by it"),
    ("jr", "--raw sends arXiv's own syntax"),
    ("rn", "--raw sends arXiv's own syntax"),
];

fn unknown_field(at: usize, name: &str) -> SyntaxError {
    let arxiv = ARXIV_FIELDS
        .iter()
        .find(|(field, _)| field.eq_ignore_ascii_case(name));
    if let Some((_, instead)) = arxiv {
        return SyntaxError::new(at, format!("`{name}:` is a field of arXiv's own; {instead}"));
    }
    let known: Vec<String> = PREFIXES.iter().map(|(prefix, _)| format!("{prefix}:")).collect();
    let nearest = text::nearest(name, PREFIXES.iter().map(|(prefix, _)| *prefix));
    let reason = format!("`{name}:` is no field; there are {}", known.join(" "));
    SyntaxError {
        suggestion: nearest.first().map(|prefix| format!("{prefix}:")),
        ..SyntaxError::new(at, reason)
    }
}
