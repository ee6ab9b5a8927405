//! Checks: what is looked at in the library's health, and how it is.

use serde::Serialize;

/// One thing that was looked at.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HealthCheck {
    /// `database`, `records`, `words`, `index`, `files`, `folder`.
    pub part: &'static str,
    /// How it is.
    pub state: HealthState,
    /// What was found, in a sentence.
    pub message: String,
}

/// How something is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// As it should be.
    Ok,
    /// Worth knowing, and nothing is wrong.
    Noted,
    /// It was wrong, and is no more.
    Mended,
    /// Something is wrong.
    Damaged,
}

impl HealthState {
    /// `ok`, `noted`, `mended`, `damaged`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Noted => "noted",
            Self::Mended => "mended",
            Self::Damaged => "damaged",
        }
    }
}
