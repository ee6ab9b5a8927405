//! The error for a template of citation keys or file names.

/// A template that cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{reason}")]
pub struct TemplateError {
    /// What is wrong, as a clause.
    pub reason: String,
    /// Parts that were probably meant, best first; may be empty.
    pub nearest: Vec<&'static str>,
}
