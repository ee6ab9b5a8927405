//! Search words to tokens: what is an operator, a field, a phrase, a parenthesis.

use super::{Fault, PREFIXES, QueryField};

/// A token and where it begins in all the words joined by spaces.
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
    /// `title:`; what follows is looked for there.
    Field(QueryField),
    /// A word or a phrase, white space folded, never empty.
    Text(String),
}

/// Words and phrases of one query; nobody types so many, and the server could not answer it.
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
pub(super) fn of(words: &[String]) -> Result<Vec<Token>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    for word in words {
        let mut lexer = Lexer {
            text: word,
            begin: at,
            next: 0,
            tokens: Vec::new(),
        };
        if is_little_query(word) {
            lexer.little_query()?;
            tokens.extend(grouped(lexer.tokens, at));
        } else {
            lexer.argument()?;
            tokens.append(&mut lexer.tokens);
        }
        if tokens.len() > MAX_TOKENS {
            return Err(Fault {
                at,
                reason: format!("more than {MAX_TOKENS} search words"),
            });
        }
        at += word.len() + 1;
    }
    Ok(tokens)
}

/// Whether an argument holds more than a word or a phrase.
fn is_little_query(argument: &str) -> bool {
    argument.contains(['"', '(', ')'])
        || (argument.trim().contains(char::is_whitespace)
            && argument.split_whitespace().any(|word| operator(word).is_some()))
}

/// A little query that is whole stays one thing; one with half a parenthesis or a loose operator joins in.
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
    /// Where `text` begins in all the words.
    begin: usize,
    next: usize,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    /// An argument as it is: an operator, a word or a phrase, perhaps with a field.
    fn argument(&mut self) -> Result<(), Fault> {
        if let Some(kind) = operator(self.text.trim()) {
            self.push(0, kind);
            return Ok(());
        }
        let begin = self.text.len() - self.text.trim_start().len();
        let begin = self.field(begin, self.text)?;
        let rest = self.text.get(begin..).unwrap_or_default();
        if rest.trim().is_empty() {
            if self.tokens.is_empty() {
                return Err(self.fault(0, "an empty phrase".to_owned()));
            }
            return Ok(());
        }
        self.push(begin, TokenKind::Text(fold(rest)));
        Ok(())
    }

    /// Tokens between spaces, quotes and parentheses.
    fn little_query(&mut self) -> Result<(), Fault> {
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

    fn phrase(&mut self, at: usize) -> Result<(), Fault> {
        let inside = self.text.get(at + 1..).unwrap_or_default();
        let Some(length) = inside.find('"') else {
            return Err(self.fault(at, "a quotation mark that is never closed".to_owned()));
        };
        let text = fold(inside.get(..length).unwrap_or_default());
        if text.is_empty() {
            return Err(self.fault(at, "an empty phrase".to_owned()));
        }
        self.push(at, TokenKind::Text(text));
        self.next = at + length + 2;
        Ok(())
    }

    fn word(&mut self, at: usize) -> Result<(), Fault> {
        let length = word_length(self.rest()).map_err(|parenthesis| {
            self.fault(
                at + parenthesis,
                "a parenthesis that is never closed in its word".to_owned(),
            )
        })?;
        let end = at + length;
        let word = self.text.get(at..end).unwrap_or_default();
        let follows_field = self.text.get(..at).is_some_and(|before| before.ends_with(':'))
            && matches!(
                self.tokens.last(),
                Some(Token {
                    kind: TokenKind::Field(_),
                    ..
                })
            );
        if !follows_field {
            let begin = self.field(at, self.text.get(..end).unwrap_or_default())?;
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

    /// Takes the field in front of what begins here, if one is; where what follows it begins.
    fn field(&mut self, at: usize, within: &str) -> Result<usize, Fault> {
        let rest = within.get(at..).unwrap_or_default();
        let Some((name, _)) = rest.split_once(':') else {
            return Ok(at);
        };
        let after = self.text.get(at + name.len() + 1..).unwrap_or_default();
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
            let known: Vec<_> = PREFIXES.iter().map(|(prefix, _)| format!("{prefix}:")).collect();
            let reason = format!("`{name}:` is no field; there are {}", known.join(" "));
            return Err(self.fault(at, reason));
        }
        Ok(at)
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.next..).unwrap_or_default()
    }

    fn push(&mut self, at: usize, kind: TokenKind) {
        self.tokens.push(Token {
            at: self.begin + at,
            kind,
        });
    }

    fn fault(&self, at: usize, reason: String) -> Fault {
        Fault {
            at: self.begin + at,
            reason,
        }
    }
}

/// Up to a space, a quotation mark or a parenthesis; but `SU(2)` and `f(x)` are words. Else where the parenthesis
/// is that a word leaves open.
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

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
