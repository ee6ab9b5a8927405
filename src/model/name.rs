//! Author strings: one line of names and affiliations taken apart into people.

use super::paper::Author;

/// A name taken apart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Name {
    /// `Di Francesco`.
    pub family: String,
    /// `P.`.
    pub given: String,
    /// `Jr`.
    pub suffix: String,
    /// In the order given.
    pub affiliations: Vec<String>,
}

/// Takes an author string apart, as arXiv does: `P. Di Francesco (1), R. Kedem and others ((1) MIT)`.
#[must_use]
pub fn split(_authors: &str) -> Vec<Name> {
    todo!()
}

impl From<Name> for Author {
    fn from(_name: Name) -> Self {
        todo!()
    }
}
