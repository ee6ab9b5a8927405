//! Text: folding for comparison, width on a terminal, and what may not reach a person's eyes.

use std::borrow::Cow;

/// White space folded: every run one space, none at the ends.
#[must_use]
pub fn squeeze(_text: &str) -> String {
    todo!()
}

/// Folded for comparison: lower case, without accents, TeX as Unicode.
#[must_use]
pub fn fold(_text: &str) -> String {
    todo!()
}

/// The folded words of a text: runs of letters and digits; each Chinese, Japanese or Korean character a word.
pub fn words(_text: &str) -> Vec<String> {
    todo!()
}

/// What may be shown to a person: without control, bidirectional and invisible characters, on one line.
#[must_use]
pub fn printable(_text: &str) -> Cow<'_, str> {
    todo!()
}

/// Whether a character must be escaped in JSON and dropped elsewhere: control, bidirectional or invisible.
#[must_use]
pub fn is_unprintable(_c: char) -> bool {
    todo!()
}

/// Columns on a terminal; Chinese characters take two.
#[must_use]
pub fn width(_text: &str) -> usize {
    todo!()
}

/// Cut to so many columns, with `…` in place of what is cut.
#[must_use]
pub fn truncate(_text: &str, _columns: usize) -> Cow<'_, str> {
    todo!()
}

/// Wrapped into lines of at most so many columns; Chinese breaks between any two characters.
#[must_use]
pub fn wrap(_text: &str, _columns: usize) -> Vec<String> {
    todo!()
}

/// Those of `known` nearest to what was typed, best first: for "did you mean".
pub fn nearest<'a>(_typed: &str, _known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    todo!()
}
