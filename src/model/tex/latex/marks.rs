//! What belongs together in a text, found in one pass: braces, and the signs around math.

use super::super::plain_text::is_money;

/// Braces nested deeper mean nothing that a title can mean; they count as characters.
const MAX_DEPTH: usize = 20;

/// Where braces close and math ends.
pub(super) struct Marks {
    /// An opening brace and the one that closes it, in order.
    braces: Vec<(usize, usize)>,
    /// Where math opens, where its content begins and ends, and where the text goes on, in order.
    maths: Vec<(usize, (usize, usize, usize))>,
}

impl Marks {
    pub(super) fn of(text: &str) -> Self {
        let mut marks = Self {
            braces: Vec::new(),
            maths: Vec::new(),
        };
        marks.scan(text, 0, text.len(), true);
        marks.braces.sort_unstable();
        marks
    }

    /// Where the brace that opens here closes, if it does so before `end`.
    pub(super) fn close(&self, open: usize, end: usize) -> Option<usize> {
        let found = self.braces.binary_search_by_key(&open, |pair| pair.0).ok()?;
        self.braces
            .get(found)
            .map(|pair| pair.1)
            .filter(|close| *close < end)
    }

    /// The math that opens here: where its content begins and ends, and where the text goes on.
    pub(super) fn math(&self, open: usize) -> Option<(usize, usize, usize)> {
        let found = self.maths.binary_search_by_key(&open, |math| math.0).ok()?;
        self.maths.get(found).map(|math| math.1)
    }

    fn scan(&mut self, text: &str, from: usize, end: usize, outside: bool) {
        let bytes = text.as_bytes();
        let mut open = Vec::new();
        let mut at = from;
        while at < end {
            match bytes.get(at) {
                Some(b'\\' | b'$') if outside && let Some(math) = math(text, at) => {
                    self.maths.push((at, math));
                    self.scan(text, math.0, math.1, false);
                    at = math.2;
                    continue;
                }
                Some(b'\\') => at += 1,
                Some(b'{') => open.push(at),
                Some(b'}') => {
                    if let Some(from) = open.pop()
                        && open.len() < MAX_DEPTH
                    {
                        self.braces.push((from, at));
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
}

/// The math that opens here, if it closes and its braces do.
fn math(text: &str, at: usize) -> Option<(usize, usize, usize)> {
    let rest = text.get(at..)?;
    let (sign, end) = match rest.get(..2) {
        Some("$$") => ("$$", "$$"),
        Some("\\(") => ("\\(", "\\)"),
        Some("\\[") => ("\\[", "\\]"),
        _ if rest.starts_with('$') => ("$", "$"),
        _ => return None,
    };
    let from = at + sign.len();
    let to = next_sign(text, from)?;
    let after = text.get(to..)?;
    let content = text.get(from..to)?;
    let money = sign == "$" && is_money(content, after.trim_start_matches('$'));
    let whole = after.starts_with(end) && !content.trim().is_empty() && is_balanced(content) && !money;
    whole.then_some((from, to, to + end.len()))
}

/// The next sign that opens or closes math.
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

fn is_balanced(math: &str) -> bool {
    let mut depth = 0_usize;
    let mut bytes = math.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if bytes.next().is_none() => return false,
            b'{' => depth += 1,
            b'}' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0
}
