//! Columns: how wide a text is on a terminal, and how it is cut and wrapped to fit.
//!
//! Lines are broken here and not by `textwrap`: it cuts an overlong word between any two characters, also within an
//! emoji or before a combining mark, and its Unicode line breaking (UAX #14) breaks URLs at their slashes and glues
//! Chinese text to the quotation marks around it.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::is_cjk;

/// Returns the number of terminal columns; Chinese characters take two.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return UnicodeWidthStr::width(text);
    }
    clusters(text).map(UnicodeWidthStr::width).sum()
}

/// Grapheme clusters (UAX #29): a letter with its marks, an emoji of several characters.
fn clusters(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true)
}

/// Cuts a text to this many columns, with `…` in place of what is cut. A grapheme cluster is never cut apart.
#[must_use]
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let Some(room) = columns.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut used = 0;
    let fits = clusters(text).take_while(|cluster| {
        used += cluster.width();
        used <= room
    });
    let end = fits.map(str::len).sum();
    Cow::Owned(format!("{}…", text[..end].trim_end()))
}

/// Wraps a text into lines of at most this many columns (0 counts as 1).
///
/// Chinese breaks between any two characters, but a closing mark never starts a line and an opening one never ends one.
/// A word that is longer than a line is cut between grapheme clusters; only a cluster that is wider than all columns
/// exceeds its line.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut wrapper = Wrapper {
        columns: columns.max(1),
        lines: Vec::new(),
        line: String::new(),
        used: 0,
    };
    for word in text.split_whitespace() {
        let mut space = true;
        for piece in breakable(word) {
            wrapper.place(piece, space);
            space = false;
        }
    }
    if !wrapper.line.is_empty() {
        wrapper.lines.push(wrapper.line);
    }
    wrapper.lines
}

struct Wrapper {
    columns: usize,
    lines: Vec<String>,
    line: String,
    used: usize,
}

impl Wrapper {
    fn place(&mut self, piece: &str, space: bool) {
        let needed = width(piece);
        let gap = usize::from(space && !self.line.is_empty());
        if self.used + gap + needed <= self.columns {
            if gap == 1 {
                self.line.push(' ');
            }
            self.line.push_str(piece);
            self.used += gap + needed;
            return;
        }
        self.end_line();
        for cluster in clusters(piece) {
            let needed = cluster.width();
            if self.used + needed > self.columns {
                self.end_line();
            }
            self.line.push_str(cluster);
            self.used += needed;
        }
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.lines.push(std::mem::take(&mut self.line));
        }
        self.used = 0;
    }
}

/// Splits a word into the pieces between which a line may break.
fn breakable(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let mut before: Option<char> = None;
        let mut end = 0;
        for cluster in clusters(rest) {
            let first = cluster.chars().next()?;
            if before.is_some_and(|before| may_break(before, first)) {
                break;
            }
            before = Some(first);
            end += cluster.len();
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

fn may_break(before: char, after: char) -> bool {
    (is_wide(before) || is_wide(after)) && !is_opening(before) && !is_closing(after)
}

/// Chinese, Japanese and Korean characters and their punctuation, without the quotation marks shared with Latin text.
fn is_wide(c: char) -> bool {
    is_cjk(c) || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}

fn is_opening(c: char) -> bool {
    matches!(
        c,
        '(' | '[' | '（' | '《' | '〈' | '「' | '『' | '【' | '〔' | '“' | '‘'
    )
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        ',' | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | ')'
            | ']'
            | '%'
            | '，'
            | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '）'
            | '》'
            | '〉'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '”'
            | '’'
            | '…'
            | 'ー'
            | '・'
    )
}
