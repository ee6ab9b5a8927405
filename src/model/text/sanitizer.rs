//! The sanitizer of text from outside, which can contain characters that move the cursor, reverse the direction of writing,
//! or are invisible.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

use super::is_cjk;

/// Maximal number of combining marks on one character. Real writing needs three or four; dozens cover the lines around.
const MAX_MARKS: usize = 8;

/// Whether a character must be escaped in JSON and dropped elsewhere: control, bidirectional or invisible.
///
/// Joiners (U+200C, U+200D) and variation selectors up to U+FE0F are not: they may have a purpose, and
/// [`sanitize`] decides by their neighbours.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || code & 0xfffe == 0xfffe
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}'
            // Hangul and Khmer fillers, Mongolian selectors.
            | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}'
            // Line and paragraph separators, embeddings and overrides.
            | '\u{2028}'..='\u{202e}'
            // Word joiner, invisible operators, isolates, deprecated format characters.
            | '\u{2060}'..='\u{206f}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{feff}'
            // Interlinear annotation, but not the replacement character and the object before it.
            | '\u{fff0}'..='\u{fffb}'
            // Shorthand and musical format controls.
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Tags and the second block of variation selectors, which can carry hidden text.
            | '\u{e0000}'..='\u{e0fff}')
}

/// Makes a text safe to display: on one line, without control, bidirectional and invisible characters.
///
/// Line breaks and tabs become spaces. Joiners stay between letters of the scripts that use them and within
/// emoji, a variation selector stays on what it can vary, and at most eight marks stand on one character.
#[must_use]
pub fn sanitize(text: &str) -> Cow<'_, str> {
    clean(text, false)
}

/// The same, with line feeds kept: for abstracts and notes of several paragraphs.
#[must_use]
pub fn sanitize_lines(text: &str) -> Cow<'_, str> {
    clean(text, true)
}

fn clean(text: &str, lines: bool) -> Cow<'_, str> {
    if text.chars().all(|c| is_plain(c) || (lines && c == '\n')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let Some(kept) = keep(c, before, next, marks, lines) else {
            continue;
        };
        marks = if is_combining_mark(kept) { marks + 1 } else { 0 };
        before = Some(kept);
        out.push(kept);
    }
    if out == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(out)
    }
}

/// Characters that are kept regardless of their neighbours.
fn is_plain(c: char) -> bool {
    c == ' ' || c.is_ascii_graphic() || !(is_unprintable(c) || is_joiner(c) || is_combining_mark(c))
}

/// Returns the character to write, given the last one that was kept and the next one of the text.
fn keep(c: char, before: Option<char>, next: Option<char>, marks: usize, lines: bool) -> Option<char> {
    match c {
        '\n' if lines => Some(c),
        '\r' if next == Some('\n') => None,
        '\r' if lines => Some('\n'),
        '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if is_unprintable(c) => None,
        c if is_joiner(c) => {
            let joins = before.is_some_and(|c| {
                is_joined(c) || (is_combining_mark(c) && !is_selector(c)) || c == '\u{fe0f}'
            }) && next.is_some_and(is_joined);
            joins.then_some(c)
        }
        c if is_selector(c) => before.is_some_and(is_varied).then_some(c),
        c if is_combining_mark(c) => {
            let carried = before.is_some_and(|before| !before.is_whitespace());
            (carried && marks < MAX_MARKS).then_some(c)
        }
        c => Some(c),
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}')
}

/// Emoji, and letters of the scripts that use joiners: between others a joiner only hides.
fn is_joined(c: char) -> bool {
    let script = matches!(c,
        '\u{590}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1900}'..='\u{1cff}' | '\u{a800}'..='\u{abff}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{11fff}');
    is_emoji(c) || (script && c.is_alphabetic() && !is_combining_mark(c))
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Symbols, ideographs, and the ASCII of keycaps.
fn is_varied(c: char) -> bool {
    is_emoji(c)
        || is_cjk(c)
        || c.is_ascii_digit()
        || matches!(
            c,
            '#' | '*' | '©' | '®' | '\u{203c}'
                ..='\u{218f}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        )
}
