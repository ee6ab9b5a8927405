//! Inline markup of a block of Markdown or HTML: links, bold phrases, and the words without markup.

use std::ops::Range;

use crate::model::text::fold_whitespace;

/// A link in a block.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub span: Range<usize>,
    pub text: Range<usize>,
    /// Byte range of its address; empty for a link by label.
    pub destination: Range<usize>,
    /// The title in `[text](url "title")`.
    pub title: Option<Range<usize>>,
    /// The label in `[text][label]` or `[label]`.
    pub label: Option<Range<usize>>,
}

/// The inline markup of a block.
#[derive(Default)]
pub(super) struct Inline {
    /// The links, sorted by destination.
    pub links: Vec<Link>,
    /// Byte ranges in bold, in order.
    pub strong: Vec<Range<usize>>,
}

impl Inline {
    /// The link whose address contains this offset.
    pub(super) fn link_to(&self, at: usize) -> Option<&Link> {
        let after = self.links.partition_point(|link| link.destination.start <= at);
        let link = self.links.get(after.checked_sub(1)?)?;
        (at < link.destination.end).then_some(link)
    }
}

/// Bytes of a phrase that is examined. A longer one is not a title.
pub(super) const MAX_PHRASE: usize = 1000;

/// Bytes of a label of a link, at most.
const MAX_LABEL: usize = 200;

/// Parses a block. `[text](url)` and `**bold**` are recognized only in Markdown, tags always.
pub(super) fn of(text: &str, span: &Range<usize>, markdown: bool) -> Inline {
    let mut walk = InlineScanner {
        text,
        end: span.end,
        at: span.start,
        open: Vec::new(),
        anchor: None,
        bold: None,
        found: Inline::default(),
    };
    while let Some(byte) = walk.byte(walk.at) {
        walk.at += match byte {
            b'<' => walk.tag(),
            b'\\' if markdown => 2,
            b'[' if markdown => walk.opening(),
            b']' if markdown => walk.closing(),
            b'*' | b'_' if markdown => walk.stars(byte),
            _ => 1,
        };
    }
    walk.found
        .links
        .sort_by_key(|link| (link.destination.start, link.span.start));
    walk.found
}

/// An open bracket, and whether it is that of an image.
struct Open {
    at: usize,
    is_image: bool,
}

struct InlineScanner<'a> {
    text: &'a str,
    end: usize,
    at: usize,
    open: Vec<Open>,
    /// The open `<a href=...>`: where it begins, its address, and where its text begins.
    anchor: Option<(usize, Range<usize>, usize)>,
    bold: Option<usize>,
    found: Inline,
}

impl InlineScanner<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied().filter(|_| at < self.end)
    }

    fn opening(&mut self) -> usize {
        let is_image = self.at > 0 && self.byte(self.at - 1) == Some(b'!');
        self.open.push(Open {
            at: self.at,
            is_image,
        });
        1
    }

    fn closing(&mut self) -> usize {
        let Some(Open { at, is_image }) = self.open.pop() else {
            return 1;
        };
        let text = at + 1..self.at;
        let after = self.at + 1;
        if self.byte(after) == Some(b'(') {
            let Some((destination, title, end)) = destination(self.text, after + 1, self.end) else {
                return 1;
            };
            if !is_image {
                self.found.links.push(Link {
                    span: at..end,
                    text,
                    destination,
                    title,
                    label: None,
                });
            }
            return end - self.at;
        }
        let second = if self.byte(after) == Some(b'[') {
            self.label(after + 1)
        } else {
            None
        };
        let (label, end) = match second {
            Some(label) if label.is_empty() => (text.clone(), after + 2),
            Some(label) => (label.clone(), label.end + 1),
            None => (text.clone(), after),
        };
        if !is_image && label.len() <= MAX_LABEL {
            let destination = after..after;
            self.found.links.push(Link {
                span: at..end,
                text,
                destination,
                title: None,
                label: Some(label),
            });
        }
        end - self.at
    }

    fn label(&self, from: usize) -> Option<Range<usize>> {
        let rest = self.text.as_bytes().get(from..self.end.min(from + MAX_LABEL))?;
        let end = rest.iter().position(|byte| matches!(byte, b'[' | b']' | b'\n'))?;
        (rest.get(end) == Some(&b']')).then_some(from..from + end)
    }

    fn stars(&mut self, mark: u8) -> usize {
        if self.byte(self.at + 1) != Some(mark) {
            return 1;
        }
        match self.bold.take() {
            Some(from) => self.found.strong.push(from..self.at),
            None => self.bold = Some(self.at + 2),
        }
        2
    }

    fn tag(&mut self) -> usize {
        let Some(end) = tag_end(self.text, self.at, self.end) else {
            return 1;
        };
        let tag = self.text.get(self.at..end).unwrap_or_default();
        match tag_name(tag).to_ascii_lowercase().as_str() {
            "a" => {
                let href = attribute(tag, "href");
                self.anchor = href.map(|href| (self.at, self.at + href.start..self.at + href.end, end));
            }
            "/a" => {
                if let Some((from, destination, text)) = self.anchor.take() {
                    let (span, text) = (from..end, text..self.at);
                    self.found.links.push(Link {
                        span,
                        text,
                        destination,
                        title: None,
                        label: None,
                    });
                }
            }
            "b" | "strong" => self.bold = Some(end),
            "/b" | "/strong" => {
                let bold = self.bold.take().map(|from| from..self.at);
                self.found.strong.extend(bold);
            }
            _ => {}
        }
        end - self.at
    }
}

/// Parses what follows `](`: the address, the title, and the offset behind the link.
fn destination(text: &str, from: usize, end: usize) -> Option<(Range<usize>, Option<Range<usize>>, usize)> {
    let byte = |at: usize| text.as_bytes().get(at).copied().filter(|_| at < end);
    let past_space = |mut at: usize| {
        while byte(at).is_some_and(|byte| byte == b' ' || byte == b'\t') {
            at += 1;
        }
        at
    };
    let mut at = past_space(from);
    let is_angled = byte(at) == Some(b'<');
    at += usize::from(is_angled);
    let start = at;
    let mut depth = 0;
    loop {
        match byte(at)? {
            b'>' if is_angled => break,
            b'\n' | b'<' => return None,
            b')' if !is_angled && depth == 0 => break,
            b' ' | b'\t' if !is_angled => break,
            // Addresses have few parentheses. Without the limit nested ones would be scanned again and again.
            b'(' if depth == 4 => return None,
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    let leads = start..at;
    at = past_space(at + usize::from(is_angled));
    let mut title = None;
    if let Some(quote) = byte(at).filter(|byte| matches!(byte, b'"' | b'\'')) {
        let rest = text.as_bytes().get(at + 1..end.min(at + MAX_PHRASE))?;
        let length = rest.iter().position(|byte| *byte == quote || *byte == b'\n')?;
        title = Some(at + 1..at + 1 + length);
        at = past_space(at + 1 + length + 1);
    }
    (byte(at) == Some(b')')).then_some((leads, title, at + 1))
}

/// Offset behind the tag that begins here; `None` if another tag begins before it ends.
pub(super) fn tag_end(text: &str, at: usize, end: usize) -> Option<usize> {
    let rest = text.as_bytes().get(at + 1..end)?;
    rest.first()
        .filter(|byte| byte.is_ascii_alphabetic() || **byte == b'/')?;
    let length = rest.iter().position(|byte| matches!(byte, b'<' | b'>'))?;
    (rest.get(length) == Some(&b'>')).then_some(at + 1 + length + 1)
}

/// The name of a tag: `a` of `<a href=...>`, `/a` of `</a>`.
pub(super) fn tag_name(tag: &str) -> &str {
    let name = tag.get(1..).unwrap_or_default();
    let end = name
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'/')
        .count();
    let name = name.get(..end).unwrap_or_default();
    name.strip_suffix('/').unwrap_or(name)
}

/// Range of the value of an attribute within a tag.
fn attribute(tag: &str, name: &str) -> Option<Range<usize>> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.match_indices(name).map(|(at, _)| at).find(|at| {
        let before = lower.as_bytes().get(at.wrapping_sub(1));
        before.is_some_and(|byte| byte.is_ascii_whitespace() || b"\"'".contains(byte))
    })?;
    let rest = tag.get(at + name.len()..)?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let from = tag.len() - value.len();
    if let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let length = value.get(1..)?.find(quote)?;
        return Some(from + 1..from + 1 + length);
    }
    let length = value.find(|c: char| c.is_whitespace() || c == '>')?;
    Some(from..from + length)
}

/// The words of a phrase without tags, character references and, in Markdown, links, images and emphasis.
pub(super) fn words(phrase: &str, markdown: bool) -> String {
    let mut out = String::with_capacity(phrase.len());
    let mut at = 0;
    while let Some(c) = phrase.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = phrase.get(at..).unwrap_or_default();
        if c == '<'
            && let Some(end) = tag_end(phrase, at, phrase.len())
        {
            // A break or a picture separates words; bold does not.
            let name = tag_name(phrase.get(at..end).unwrap_or_default()).to_ascii_lowercase();
            if matches!(name.as_str(), "br" | "img" | "p" | "td" | "div" | "li") {
                out.push(' ');
            }
            at = end;
        } else if c == '&'
            && let Some((meant, length)) = character(rest)
        {
            out.push(meant);
            at += length;
        } else if markdown {
            at += markdown_piece(phrase, at, c, &mut out);
        } else {
            out.push(c);
            at += c.len_utf8();
        }
    }
    fold_whitespace(&out)
}

/// Writes the text that a piece of Markdown displays, and returns the length of the piece.
fn markdown_piece(phrase: &str, at: usize, c: char, out: &mut String) -> usize {
    let rest = phrase.get(at..).unwrap_or_default();
    let next = rest.get(c.len_utf8()..).and_then(|rest| rest.chars().next());
    match c {
        '\\' if next.is_some_and(|next| next.is_ascii_punctuation()) => {
            out.extend(next);
            2
        }
        '!' if next == Some('[') => {
            let end = rest
                .find("](")
                .and_then(|close| destination(phrase, at + close + 2, phrase.len()));
            out.push(' ');
            end.map_or(1, |(.., end)| end - at)
        }
        ']' if next == Some('(') => {
            let end = destination(phrase, at + 2, phrase.len());
            // The bracket that opened the link is removed as well.
            if end.is_some()
                && let Some(open) = out.rfind('[')
            {
                out.remove(open);
            }
            end.map_or(1, |(.., end)| end - at)
        }
        '*' | '`' => 1,
        '~' if next == Some('~') => 2,
        '_' if at == 0
            || next.is_none_or(|next| !next.is_alphanumeric())
            || out.ends_with([' ', '(', '[']) =>
        {
            1
        }
        _ => {
            out.push(c);
            c.len_utf8()
        }
    }
}

/// The character of a reference such as `&amp;` or `&#8211;`, and the length of the reference.
fn character(rest: &str) -> Option<(char, usize)> {
    let end = rest.bytes().take(12).position(|byte| byte == b';')?;
    let name = rest.get(1..end)?;
    let meant = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" | "rsquo" | "lsquo" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "ldquo" => '“',
        "rdquo" => '”',
        "hellip" => '…',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    };
    Some((meant, end + 1))
}

/// A phrase without the markup of its format.
pub(super) fn plain(phrase: &str, kind: super::DocumentFormat) -> String {
    match kind {
        super::DocumentFormat::Markdown => words(phrase, true),
        super::DocumentFormat::Html => words(phrase, false),
        _ => fold_whitespace(phrase),
    }
}
