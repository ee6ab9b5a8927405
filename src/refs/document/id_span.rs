//! Finds the identifier within its marked text, which a correction replaces.

use std::ops::Range;

use crate::model::id::{ArxivId, Malformed};

/// Bytes of a marked identifier that are examined.
const MAX_MARKED: usize = 200;

/// Text that precedes a malformed identifier, in lower case.
const LABELS: &[&str] = &["arxiv:", "arxiv.", "/abs/", "/pdf/", "/html/", "/papers/", "abs/"];

/// Returns the byte range of the identifier within `span` of the text: `1706.03762v5` in
/// `https://arxiv.org/pdf/1706.03762v5`.
pub(super) fn of(text: &str, span: &Range<usize>, id: &Result<ArxivId, Malformed>) -> Range<usize> {
    let written = text.get(span.clone()).unwrap_or_default();
    let within = match id {
        Ok(id) => spelled(written, *id).unwrap_or(0..0),
        Err(_) => malformed(written),
    };
    span.start + within.start..span.start + within.end
}

/// The shortest range that parses as this identifier: in arXiv's spelling, else in any that is repaired.
fn spelled(written: &str, id: ArxivId) -> Option<Range<usize>> {
    let canonical = id.to_string();
    if let Some(at) = written.rfind(&canonical) {
        return Some(at..at + canonical.len());
    }
    if written.len() > MAX_MARKED {
        return None;
    }
    let is_it = |range: &Range<usize>| {
        let part = written.get(range.clone());
        part.is_some_and(|part| ArxivId::parse(part) == Ok(id))
    };
    let start = (0..written.len())
        .rev()
        .find(|start| is_it(&(*start..written.len())))?;
    let end = (start..=written.len()).find(|end| is_it(&(start..*end)))?;
    Some(start..end)
}

/// The text behind the last label, without surrounding punctuation.
fn malformed(written: &str) -> Range<usize> {
    let lower = written.to_ascii_lowercase();
    let after = LABELS
        .iter()
        .filter_map(|label| lower.rfind(label).map(|at| at + label.len()));
    let from = after.max().unwrap_or(0);
    let rest = written.get(from..).unwrap_or_default();
    let is_around = |c: char| !c.is_alphanumeric();
    let start = from + (rest.len() - rest.trim_start_matches(is_around).len());
    let end = from + rest.trim_end_matches(is_around).len();
    start..end.max(start)
}
