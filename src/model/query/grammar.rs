//! Parses tokens by precedence: `NOT` binds before `AND` (which is implied between operands), and `AND` before `OR`.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::tokens::{Token, TokenKind};
use super::{Query, QueryField, SyntaxError, years};

/// Nesting of parentheses and negations; more would exhaust the stack of a recursive descent.
const MAX_DEPTH: usize = 50;

pub(super) fn parse(tokens: Vec<Token>) -> Result<Option<Query>, SyntaxError> {
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut grammar = Grammar {
        tokens: tokens.into_iter().peekable(),
        depth: 0,
        last: 0,
    };
    let query = grammar.any(QueryField::Anywhere)?;
    match grammar.tokens.next() {
        None => Ok(Some(query)),
        Some(token) => Err(SyntaxError::new(
            token.at,
            "a closing parenthesis that was never opened",
        )),
    }
}

struct Grammar {
    tokens: Peekable<IntoIter<Token>>,
    depth: usize,
    /// Offset of the last token that was consumed, for errors at the end of the words.
    last: usize,
}

impl Grammar {
    fn any(&mut self, field: QueryField) -> Result<Query, SyntaxError> {
        let mut parts = vec![self.all(field)?];
        while let Some(at) = self.take(&TokenKind::Or) {
            if self.tokens.peek().is_none() {
                return Err(SyntaxError::new(at, "`OR` with nothing after it"));
            }
            parts.push(self.all(field)?);
        }
        Query::any(parts).ok_or_else(|| self.missing())
    }

    fn all(&mut self, field: QueryField) -> Result<Query, SyntaxError> {
        let mut parts = vec![self.operand(field)?];
        loop {
            if let Some(at) = self.take(&TokenKind::And) {
                if self.tokens.peek().is_none() {
                    return Err(SyntaxError::new(at, "`AND` with nothing after it"));
                }
                parts.push(self.operand(field)?);
                continue;
            }
            match self.tokens.peek().map(|token| &token.kind) {
                None | Some(TokenKind::Or | TokenKind::Close) => break,
                Some(_) => parts.push(self.operand(field)?),
            }
        }
        Query::all(parts).ok_or_else(|| self.missing())
    }

    /// A word, a phrase, a group, or the negation of one.
    fn operand(&mut self, field: QueryField) -> Result<Query, SyntaxError> {
        let Some(token) = self.tokens.next() else {
            return Err(self.missing());
        };
        self.last = token.at;
        let nested = match token.kind {
            TokenKind::Text(text) if field == QueryField::Year && years(&text).is_none() => {
                let reason = format!("`{text}` is no year; write year:2024 or year:2020-2024");
                return Err(SyntaxError::new(token.at, reason));
            }
            TokenKind::Text(text) => return Ok(Query::Text { field, text }),
            TokenKind::Or => return Err(SyntaxError::new(token.at, "`OR` with nothing before it")),
            TokenKind::And => return Err(SyntaxError::new(token.at, "`AND` with nothing before it")),
            TokenKind::Close => {
                return Err(SyntaxError::new(
                    token.at,
                    "a closing parenthesis with nothing before it",
                ));
            }
            nested => nested,
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let reason = format!("parentheses and `NOT` nested more than {MAX_DEPTH} deep");
            return Err(SyntaxError::new(token.at, reason));
        }
        let query = match nested {
            TokenKind::Open => self.group(field, token.at)?,
            TokenKind::Field(inner) => self.fielded(inner, token.at)?,
            _ if self.tokens.peek().is_none() => {
                return Err(SyntaxError::new(token.at, "`NOT` with nothing after it"));
            }
            _ => self.operand(field)?.not(),
        };
        self.depth -= 1;
        Ok(query)
    }

    fn group(&mut self, field: QueryField, at: usize) -> Result<Query, SyntaxError> {
        if self.take(&TokenKind::Close).is_some() {
            return Err(SyntaxError::new(at, "parentheses with nothing between them"));
        }
        if self.tokens.peek().is_none() {
            return Err(SyntaxError::new(at, "a parenthesis that is never closed"));
        }
        let query = self.any(field)?;
        match self.take(&TokenKind::Close) {
            Some(_) => Ok(query),
            None => Err(SyntaxError::new(at, "a parenthesis that is never closed")),
        }
    }

    /// The operand of a field: a word, a phrase or a group.
    fn fielded(&mut self, field: QueryField, at: usize) -> Result<Query, SyntaxError> {
        if let Some(TokenKind::Text(_) | TokenKind::Open) = self.tokens.peek().map(|token| &token.kind) {
            return self.operand(field);
        }
        let reason = format!("`{}` with nothing after it", prefix(field));
        Err(SyntaxError::new(at, reason))
    }

    fn take(&mut self, kind: &TokenKind) -> Option<usize> {
        let token = self.tokens.next_if(|token| token.kind == *kind)?;
        self.last = token.at;
        Some(token.at)
    }

    fn missing(&self) -> SyntaxError {
        SyntaxError::new(self.last, "something is missing after this")
    }
}

fn prefix(field: QueryField) -> &'static str {
    match field {
        QueryField::Anywhere => "all:",
        other => other.prefix(),
    }
}
