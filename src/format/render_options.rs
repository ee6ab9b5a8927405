//! What the formats for people depend on besides the papers.

use crate::model::lang::{Area, Lang};

/// Options of the formats for people. Machine formats ignore them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RenderOptions {
    /// Language of headings, area names and summaries.
    pub lang: Lang,
    /// Columns available, or `None` if nothing is wrapped or cut.
    pub width: Option<usize>,
    /// Whether to write ANSI colours.
    pub color: bool,
    /// Whether identifiers are OSC 8 hyperlinks.
    pub links: bool,
    /// The catalog's areas, in its order.
    pub areas: Vec<Area>,
}

impl RenderOptions {
    /// Columns for running text: at most 100, since longer lines are hard to read, and 80 without a width.
    pub(super) fn text_width(&self) -> usize {
        self.width.map_or(80, |columns| columns.clamp(20, 100))
    }
}
