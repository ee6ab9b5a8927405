//! The math of a text, found in one pass.

use super::super::delimiters::is_balanced;
use super::super::plain_text::is_money;

/// One piece of math, as byte offsets.
#[derive(Clone, Copy)]
pub(super) struct MathSpan {
    /// Where its opening sign starts.
    open: usize,
    /// Where its content starts.
    pub(super) start: usize,
    /// Where its content ends.
    pub(super) end: usize,
    /// Where the text goes on after its closing sign.
    pub(super) next: usize,
}

/// Every piece of math of one text, in order: `$`..`$`, `$$`..`$$`, `\(`..`\)` and `\[`..`\]`.
pub(super) struct MathSpans(Vec<MathSpan>);

impl MathSpans {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut spans = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            at = match bytes[at] {
                b'\\' | b'$' if let Some(span) = math(text, at) => {
                    spans.push(span);
                    span.next
                }
                b'\\' => at + 2,
                _ => at + 1,
            };
        }
        Self(spans)
    }

    /// Returns the math whose opening sign starts at this offset.
    pub(super) fn at(&self, open: usize) -> Option<MathSpan> {
        let index = self.0.binary_search_by_key(&open, |span| span.open).ok()?;
        Some(self.0[index])
    }
}

/// The math that opens at this offset, if it is closed and its braces are balanced.
fn math(text: &str, at: usize) -> Option<MathSpan> {
    let rest = &text[at..];
    let (sign, end) = match rest.get(..2) {
        Some("$$") => ("$$", "$$"),
        Some("\\(") => ("\\(", "\\)"),
        Some("\\[") => ("\\[", "\\]"),
        _ if rest.starts_with('$') => ("$", "$"),
        _ => return None,
    };
    let start = at + sign.len();
    let to = next_sign(text, start)?;
    let (content, after) = (&text[start..to], &text[to..]);
    let money = sign == "$" && is_money(content, after.trim_start_matches('$'));
    let whole = after.starts_with(end) && !content.trim().is_empty() && is_balanced(content) && !money;
    whole.then_some(MathSpan {
        open: at,
        start,
        end: to,
        next: to + end.len(),
    })
}

/// Returns the offset of the next sign that opens or closes math.
fn next_sign(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'$', _) | (b'\\', Some(b'(' | b')' | b'[' | b']')) => return Some(at),
            (b'\\', _) => at += 2,
            _ => at += 1,
        }
    }
    None
}
