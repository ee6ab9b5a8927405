//! TeX to Unicode.

use std::borrow::Cow;

/// Accents, ligatures, Greek letters and symbols as Unicode, all else left as it is: arXiv's own conversion.
#[must_use]
pub fn to_unicode(_text: &str) -> Cow<'_, str> {
    todo!()
}

/// TeX as a person reads it: `to_unicode`, and font commands, braces, ties and dollar signs taken away
/// where what is left is still true (`$\alpha$-decay` → `α-decay`; `$x_{ij}$` → `x_ij`).
#[must_use]
pub fn readable(_text: &str) -> Cow<'_, str> {
    todo!()
}
