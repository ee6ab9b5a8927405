//! The error for a name that is not in a fixed list, with the names that were probably meant.

/// A format, field or period that does not exist.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("unknown {what} `{name}`")]
pub struct UnknownName {
    /// What was looked up: `format`, `field` or `period`.
    pub what: &'static str,
    /// The name as it was typed.
    pub name: String,
    /// Existing names that were probably meant, best first; may be empty.
    pub nearest: Vec<&'static str>,
}
