//! The selection: the filters and the order shared by every command that lists papers.

use chrono::NaiveDate;

use super::category;
use super::paper::Paper;

/// Which papers, and in which order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// First submitted on this day or later, UTC.
    pub since: Option<NaiveDate>,
    /// First submitted on this day or earlier, UTC.
    pub until: Option<NaiveDate>,
    /// Filed under at least one of these.
    pub categories: Vec<category::Filter>,
    /// Only the primary category counts.
    pub primary: bool,
    /// Each of these in some author's name.
    pub authors: Vec<String>,
    /// Each of these in the title.
    pub titles: Vec<String>,
    /// In this area of the catalog (its code).
    pub area: Option<String>,
    /// Each of these in title, short name, summaries or area, in either language.
    pub texts: Vec<String>,
    /// The order.
    pub sort: Sort,
    /// The order turned round.
    pub reverse: bool,
    /// At most so many.
    pub limit: Option<usize>,
}

/// The order of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sort {
    /// First submission, newest first.
    #[default]
    Date,
    /// This version's submission, newest first.
    Updated,
    /// Alphabetical.
    Title,
    /// Identifiers, newest first.
    Id,
    /// Best match first, where a search gives one; else as `Date`.
    Relevance,
}

/// What a selection leaves.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Selected {
    /// The papers, in order.
    pub papers: Vec<Paper>,
    /// Filters that could not be decided for want of a fact: its key, and for how many papers.
    pub undecided: Vec<(&'static str, usize)>,
    /// How many matched before the limit.
    pub matched: usize,
}

impl Selection {
    /// Filters, orders and limits.
    #[must_use]
    pub fn apply(&self, _papers: Vec<Paper>) -> Selected {
        todo!()
    }
}
