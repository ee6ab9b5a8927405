//! Columns: how wide a text is on a terminal, and how it is cut and wrapped to fit.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_width::UnicodeWidthStr;

use super::is_cjk;

/// Columns on a terminal; Chinese characters take two.
#[must_use]
pub fn width(text: &str) -> usize {
    clusters(text).map(UnicodeWidthStr::width).sum()
}

/// What is drawn as one: a character with its marks, an emoji of several.
fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        let (_, mut before) = chars.next()?;
        let mut paired = false;
        let end = chars.find(|(_, c)| {
            let flag = is_flag(before) && is_flag(*c) && !paired;
            paired |= flag;
            let joined = flag || extends(*c) || before == '\u{200d}';
            before = *c;
            !joined
        });
        let (cluster, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(cluster)
    })
}

/// Draws on what is before it: marks, joiners, skin tones.
fn extends(c: char) -> bool {
    is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}' | '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_flag(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Cut to so many columns, with `…` in place of what is cut. Nothing drawn as one is cut apart.
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

/// Wrapped into lines of at most so many columns (0 counts as 1); Chinese breaks between any two characters,
/// but its closing marks never begin a line and its opening ones never end one. What is longer than a line is
/// cut, and only a character that is wider than all columns stands out.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut page = Page {
        columns: columns.max(1),
        lines: Vec::new(),
        line: String::new(),
        used: 0,
    };
    for word in text.split_whitespace() {
        let mut space = true;
        for piece in breakable(word) {
            page.place(piece, space);
            space = false;
        }
    }
    if !page.line.is_empty() {
        page.lines.push(page.line);
    }
    page.lines
}

struct Page {
    columns: usize,
    lines: Vec<String>,
    line: String,
    used: usize,
}

impl Page {
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

/// A word in pieces between which a line may break.
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

/// Chinese, Japanese and Korean characters and their punctuation, but not the quotes shared with Latin.
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
