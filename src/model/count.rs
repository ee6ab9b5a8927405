//! Counts: how many papers fall under each value of something.

use serde::Serialize;

/// How many papers fall under one value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Count {
    /// What is counted by: `year`, `month`, `area`, `category`, `author`, `tag`.
    pub by: &'static str,
    /// The value: `2024`, `cs.CL`; null where the papers have none.
    pub key: Option<String>,
    /// How many papers.
    pub count: u64,
}
