//! The syntax of BibTeX: splits a text into entries and macro definitions without resolving anything.
//!
//! Text between entries is skipped, as BibTeX does: it has no comments, and a `%` there hides nothing. At the start of a
//! field a `%` hides the rest of its line, as in biber. Unlike BibTeX, the reader tolerates a missing comma or key, and
//! `@comment{...}` hides the content of its braces.

use std::ops::Range;

use crate::model::tex::Delimiters;

/// A top-level item of a file.
pub(super) enum BibItem<'a> {
    Entry(RawEntry<'a>),
    /// The definitions of an `@string`, and the offset at which it begins.
    Macros(usize, Vec<RawField<'a>>),
}

pub(super) struct RawEntry<'a> {
    pub kind: &'a str,
    pub key: &'a str,
    pub fields: Vec<RawField<'a>>,
    pub span: Range<usize>,
}

pub(super) struct RawField<'a> {
    pub name: &'a str,
    pub parts: Vec<ValuePart<'a>>,
    pub span: Range<usize>,
}

/// One operand of the concatenation operator `#`.
pub(super) enum ValuePart<'a> {
    /// Text within braces or quotes.
    Text(&'a str),
    /// A number or the name of a macro.
    Word(&'a str),
}

/// Why an entry cannot be parsed, and the offset at which it begins.
pub(super) struct SyntaxFault {
    pub at: usize,
    pub reason: String,
}

/// Iterates over the entries and macro definitions of a text.
pub(super) struct SyntaxReader<'a> {
    text: &'a str,
    braces: Delimiters,
    at: usize,
}

/// The `@article{` of an entry.
struct EntryHead<'a> {
    at: usize,
    kind: &'a str,
    /// Offset of its opening bracket.
    open: usize,
    is_round: bool,
}

/// What is wrong in an entry, and where to resume if the end of the entry cannot be trusted.
struct EntryFault {
    reason: String,
    resume: Option<usize>,
}

impl From<String> for EntryFault {
    fn from(reason: String) -> Self {
        Self { reason, resume: None }
    }
}

impl<'a> Iterator for SyntaxReader<'a> {
    type Item = Result<BibItem<'a>, SyntaxFault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let at = self.next_byte(self.at, b'@')?;
            let Some(head) = self.head(at) else {
                self.at = at + 1;
                let kind = self.name(self.past_space(at + 1));
                if kind.is_empty() || kind.eq_ignore_ascii_case("comment") || !self.begins_line(at) {
                    continue;
                }
                let reason = format!("a brace is missing after @{kind}");
                return Some(Err(SyntaxFault { at, reason }));
            };
            if head.kind.eq_ignore_ascii_case("comment") {
                let end = if head.is_round {
                    None
                } else {
                    self.braces.close(head.open)
                };
                self.at = end.unwrap_or(head.open) + 1;
            } else if let Some(item) = self.item(&head).transpose() {
                return Some(item);
            }
        }
    }
}

impl<'a> SyntaxReader<'a> {
    pub(super) fn over(text: &'a str) -> Self {
        let braces = Delimiters::of_bibtex(text);
        Self { text, braces, at: 0 }
    }

    /// Parses the item that a head begins and moves past it. Returns `None` for a preamble.
    fn item(&mut self, head: &EntryHead<'a>) -> Result<Option<BibItem<'a>>, SyntaxFault> {
        let end = if head.is_round {
            None
        } else {
            self.braces.close(head.open)
        };
        if !head.is_round && end.is_none() {
            self.at = self.next_entry(head.at + 1);
            return Err(SyntaxFault {
                at: head.at,
                reason: "it is not closed".to_owned(),
            });
        }
        self.at = head.open + 1;
        let body = EntryBody {
            end: end.unwrap_or(self.text.len()),
            is_round: head.is_round,
        };
        let read = if head.kind.eq_ignore_ascii_case("string") {
            self.fields(&body)
                .map(|macros| Some(BibItem::Macros(head.at, macros)))
        } else if head.kind.eq_ignore_ascii_case("preamble") {
            self.preamble(&body).map(|()| None)
        } else {
            self.entry(head, &body).map(|entry| Some(BibItem::Entry(entry)))
        };
        read.map_err(|wrong| {
            let after = end.map(|end| end + 1);
            self.at = wrong
                .resume
                .or(after)
                .unwrap_or_else(|| self.next_entry(head.at + 1));
            SyntaxFault {
                at: head.at,
                reason: wrong.reason,
            }
        })
    }

    fn entry(&mut self, head: &EntryHead<'a>, body: &EntryBody) -> Result<RawEntry<'a>, EntryFault> {
        let key = self.key(body);
        let fields = self.fields(body)?;
        let span = head.at..self.at;
        Ok(RawEntry {
            kind: head.kind,
            key,
            fields,
            span,
        })
    }

    fn preamble(&mut self, body: &EntryBody) -> Result<(), EntryFault> {
        self.value(body)?;
        self.at = self.past_space(self.at);
        if !self.is_end(body) {
            return Err("its end is not where it should be".to_owned().into());
        }
        self.at += 1;
        Ok(())
    }

    /// Parses the key, which ends at a comma, the end of the line, or the end of the entry. It is empty if a field comes
    /// first.
    fn key(&mut self, body: &EntryBody) -> &'a str {
        let from = self.past_space(self.at).min(body.end);
        let stop = |byte: u8| matches!(byte, b',' | b'\n' | b'\r' | b'=' | b'{' | b'}' | b'"');
        let end = self.run(from, body.end, |byte| !stop(byte));
        let key = self.slice(from..end);
        let next = self.past_space(end);
        if self.byte(next) == Some(b'=') && next < body.end {
            self.at = from;
            return "";
        }
        // `@misc(key)`: an entry without fields.
        let closed = if body.is_round && self.byte(end) != Some(b',') {
            key.find(')')
        } else {
            None
        };
        self.at = closed.map_or(end, |length| from + length);
        closed
            .map_or(key, |length| self.slice(from..from + length))
            .trim()
    }

    /// Parses the fields and moves past the end of the entry.
    fn fields(&mut self, body: &EntryBody) -> Result<Vec<RawField<'a>>, EntryFault> {
        let mut fields = Vec::new();
        loop {
            self.at = self.past_separators(self.at, body.end);
            if self.is_end(body) {
                self.at += 1;
                return Ok(fields);
            }
            if self.at >= body.end {
                return Err("it is not closed".to_owned().into());
            }
            if self.byte(self.at) == Some(b'@') && self.begins_line(self.at) && self.head(self.at).is_some() {
                let reason = "it is not closed before the next entry begins".to_owned();
                return Err(EntryFault {
                    reason,
                    resume: Some(self.at),
                });
            }
            fields.push(self.field(body)?);
        }
    }

    fn field(&mut self, body: &EntryBody) -> Result<RawField<'a>, EntryFault> {
        let name = self.name(self.at);
        if name.is_empty() {
            return Err("the name of a field is missing".to_owned().into());
        }
        self.at = self.past_space(self.at + name.len());
        if self.byte(self.at) != Some(b'=') {
            return Err(format!("`=` is missing after `{}`", shortened(name)).into());
        }
        self.at = self.past_space(self.at + 1);
        let from = self.at;
        let parts = self
            .value(body)
            .map_err(|reason| format!("`{}`: {reason}", shortened(name)))?;
        Ok(RawField {
            name,
            parts,
            span: from..self.at,
        })
    }

    fn value(&mut self, body: &EntryBody) -> Result<Vec<ValuePart<'a>>, String> {
        let mut parts = Vec::new();
        loop {
            self.at = self.past_space(self.at).min(body.end);
            let from = self.at;
            match self.byte(from) {
                Some(b'{') => {
                    let close = self.braces.close(from).ok_or("a brace is not closed")?;
                    parts.push(ValuePart::Text(self.slice(from + 1..close)));
                    self.at = close + 1;
                }
                Some(b'"') => parts.push(ValuePart::Text(self.quoted(body)?)),
                _ => {
                    let end = self.run(from, body.end, |byte| is_word(byte, body));
                    parts.push(ValuePart::Word(self.slice(from..end)));
                    self.at = end;
                }
            }
            let next = self.past_space(self.at);
            if next >= body.end || self.byte(next) != Some(b'#') {
                return Ok(parts);
            }
            self.at = next + 1;
        }
    }

    /// Parses a quoted text. A quote within braces does not close it.
    fn quoted(&mut self, body: &EntryBody) -> Result<&'a str, String> {
        let from = self.at + 1;
        let mut at = from;
        loop {
            at = self.run(at, body.end, |byte| !matches!(byte, b'"' | b'{' | b'}'));
            match self.byte(at).filter(|_| at < body.end) {
                Some(b'"') => {
                    self.at = at + 1;
                    return Ok(self.slice(from..at));
                }
                Some(b'{') => at = self.braces.close(at).ok_or("a brace is not closed")? + 1,
                _ => return Err("a quote is not closed".to_owned()),
            }
        }
    }

    fn is_end(&self, body: &EntryBody) -> bool {
        if body.is_round {
            self.byte(self.at) == Some(b')')
        } else {
            self.at == body.end
        }
    }

    fn head(&self, at: usize) -> Option<EntryHead<'a>> {
        let from = self.past_space(at + 1);
        let kind = self.name(from);
        let open = self.past_space(from + kind.len());
        let is_round = match self.byte(open)? {
            b'{' => false,
            b'(' => true,
            _ => return None,
        };
        (!kind.is_empty()).then_some(EntryHead {
            at,
            kind,
            open,
            is_round,
        })
    }

    /// Offset of the next entry that begins a line, or of the end of the text.
    fn next_entry(&self, mut from: usize) -> usize {
        while let Some(at) = self.next_byte(from, b'@') {
            if self.begins_line(at) && self.head(at).is_some() {
                return at;
            }
            from = at + 1;
        }
        self.text.len()
    }

    fn begins_line(&self, at: usize) -> bool {
        let before = self.slice(0..at).trim_end_matches([' ', '\t', '\u{feff}']);
        before.is_empty() || before.ends_with(['\n', '\r'])
    }

    /// Offset behind white space, commas and comments.
    fn past_separators(&self, mut at: usize, end: usize) -> usize {
        loop {
            at = self.run(at, end, |byte| byte.is_ascii_whitespace() || byte == b',');
            if at >= end || self.byte(at) != Some(b'%') {
                return at;
            }
            at = self.run(at, end, |byte| byte != b'\n');
        }
    }

    fn past_space(&self, at: usize) -> usize {
        self.run(at, self.text.len(), |byte| byte.is_ascii_whitespace())
    }

    /// The name at an offset: of an entry type, a field or a macro.
    fn name(&self, at: usize) -> &'a str {
        let is_name = |byte: u8| {
            !byte.is_ascii_whitespace() && !byte.is_ascii_control() && !b"\"#%'(),={}@\\~".contains(&byte)
        };
        self.slice(at..self.run(at, self.text.len(), is_name))
    }

    /// Offset at which a run of matching bytes ends.
    fn run(&self, at: usize, end: usize, is_in: impl Fn(u8) -> bool) -> usize {
        let bytes = self.text.as_bytes().get(at..end).unwrap_or_default();
        at + bytes.iter().take_while(|byte| is_in(**byte)).count()
    }

    fn next_byte(&self, from: usize, wanted: u8) -> Option<usize> {
        let rest = self.text.as_bytes().get(from..)?;
        rest.iter().position(|byte| *byte == wanted).map(|at| from + at)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }
}

/// The extent of an entry. A closing brace is known beforehand; a closing round bracket is found while parsing.
struct EntryBody {
    end: usize,
    is_round: bool,
}

fn is_word(byte: u8, body: &EntryBody) -> bool {
    let ends = matches!(byte, b',' | b'#' | b'{' | b'}' | b'"' | b'=') || (body.is_round && byte == b')');
    !ends && !byte.is_ascii_whitespace()
}

/// The beginning of a name, short enough for a message.
fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}
