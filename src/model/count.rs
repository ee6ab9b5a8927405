//! Counts of papers by the value of a key.

use serde::Serialize;

/// The number of papers with one value (schema `count`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Count {
    /// The dimension that is counted by: `year`, `month`, `area`, `category`, `author`, `tag`.
    pub by: &'static str,
    /// The value: `2024`, `cs.CL`; `None` for the papers without a value.
    pub key: Option<String>,
    /// The number of papers.
    pub count: u64,
}
