//! Health checks: what `doctor` examined in the library, and the result.

use serde::Serialize;

/// The result of one check (schema `check`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct HealthCheck {
    /// `database`, `records`, `words`, `index`, `files`, `folder`.
    pub part: &'static str,
    /// The result.
    pub state: HealthState,
    /// The result in a sentence.
    pub message: String,
}

/// The state of a part of the library.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// No problem.
    Ok,
    /// Worth knowing, but no problem.
    Noted,
    /// Damage that this run repaired.
    Mended,
    /// Damage that remains.
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
