//! Tokens to a query: `NOT` before standing side by side before `OR`.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::tokens::{Token, TokenKind};
use super::{Fault, Query, QueryField};

/// Parentheses and negations inside each other.
const MAX_DEPTH: usize = 50;

pub(super) fn parse(tokens: Vec<Token>) -> Result<Option<Query>, Fault> {
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
        Some(token) => Err(fault(token.at, "a closing parenthesis that was never opened")),
    }
}

struct Grammar {
    tokens: Peekable<IntoIter<Token>>,
    depth: usize,
    /// Where the last token taken began: where something is missing when the words end.
    last: usize,
}

impl Grammar {
    fn any(&mut self, field: QueryField) -> Result<Query, Fault> {
        let mut parts = vec![self.all(field)?];
        while let Some(at) = self.take(&TokenKind::Or) {
            if self.tokens.peek().is_none() {
                return Err(fault(at, "`OR` with nothing after it"));
            }
            parts.push(self.all(field)?);
        }
        Query::any(parts).ok_or_else(|| self.missing())
    }

    fn all(&mut self, field: QueryField) -> Result<Query, Fault> {
        let mut parts = vec![self.operand(field)?];
        loop {
            if let Some(at) = self.take(&TokenKind::And) {
                if self.tokens.peek().is_none() {
                    return Err(fault(at, "`AND` with nothing after it"));
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

    /// A word, a phrase, a group, or the opposite of one.
    fn operand(&mut self, field: QueryField) -> Result<Query, Fault> {
        let Some(token) = self.tokens.next() else {
            return Err(self.missing());
        };
        self.last = token.at;
        let nested = match token.kind {
            TokenKind::Text(text) => return Ok(Query::Text { field, text }),
            TokenKind::Or => return Err(fault(token.at, "`OR` with nothing before it")),
            TokenKind::And => return Err(fault(token.at, "`AND` with nothing before it")),
            TokenKind::Close => return Err(fault(token.at, "a closing parenthesis with nothing before it")),
            nested => nested,
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let reason = format!("parentheses and `NOT` nested more than {MAX_DEPTH} deep");
            return Err(Fault { at: token.at, reason });
        }
        let query = match nested {
            TokenKind::Open => self.group(field, token.at)?,
            TokenKind::Field(inner) => self.fielded(inner, token.at)?,
            _ if self.tokens.peek().is_none() => {
                return Err(fault(token.at, "`NOT` with nothing after it"));
            }
            _ => self.operand(field)?.not(),
        };
        self.depth -= 1;
        Ok(query)
    }

    fn group(&mut self, field: QueryField, at: usize) -> Result<Query, Fault> {
        if self.take(&TokenKind::Close).is_some() {
            return Err(fault(at, "parentheses with nothing between them"));
        }
        if self.tokens.peek().is_none() {
            return Err(fault(at, "a parenthesis that is never closed"));
        }
        let query = self.any(field)?;
        match self.take(&TokenKind::Close) {
            Some(_) => Ok(query),
            None => Err(fault(at, "a parenthesis that is never closed")),
        }
    }

    /// What stands after a field: a word, a phrase or a group.
    fn fielded(&mut self, field: QueryField, at: usize) -> Result<Query, Fault> {
        if let Some(TokenKind::Text(_) | TokenKind::Open) = self.tokens.peek().map(|token| &token.kind) {
            return self.operand(field);
        }
        let reason = format!("`{}` with nothing after it", prefix(field));
        Err(Fault { at, reason })
    }

    fn take(&mut self, kind: &TokenKind) -> Option<usize> {
        let token = self.tokens.next_if(|token| token.kind == *kind)?;
        self.last = token.at;
        Some(token.at)
    }

    fn missing(&self) -> Fault {
        fault(self.last, "something is missing after this")
    }
}

fn prefix(field: QueryField) -> &'static str {
    match field {
        QueryField::Anywhere => "all:",
        other => other.prefix(),
    }
}

fn fault(at: usize, reason: &str) -> Fault {
    Fault {
        at,
        reason: reason.to_owned(),
    }
}
