//! A document of running text, cut into blocks whose inline markup is parsed.

use std::collections::HashMap;
use std::ops::Range;

use super::blocks::{Role, TextBlock};
use super::inline::Inline;
use super::{DocumentFormat, blocks, inline};

/// A document of running text.
pub(super) struct ProseText<'a> {
    pub text: &'a str,
    pub format: DocumentFormat,
    pub blocks: Vec<TextBlock>,
    /// The inline markup of each block, in the order of `blocks`.
    pub inlines: Vec<Inline>,
    /// Index of the first cell of each table among the blocks, by the table's number.
    pub tables: HashMap<usize, usize>,
}

impl<'a> ProseText<'a> {
    /// Parses a document.
    pub(super) fn new(text: &'a str, format: DocumentFormat) -> Self {
        let blocks = blocks::of(text, format);
        let inlines = blocks.iter().map(|block| match (format, block.role) {
            (DocumentFormat::Plain, _) | (_, Role::Code) => Inline::default(),
            _ => inline::of(text, &block.span, format == DocumentFormat::Markdown),
        });
        let inlines = inlines.collect();
        let mut tables = HashMap::new();
        for (index, block) in blocks
            .iter()
            .enumerate()
            .filter(|(_, block)| block.role == Role::Cell)
        {
            tables.entry(block.place.0).or_insert(index);
        }
        Self {
            text,
            format,
            blocks,
            inlines,
            tables,
        }
    }

    /// Returns the words of a phrase without its markup. A span longer than any phrase returns nothing.
    pub(super) fn words(&self, span: Range<usize>) -> String {
        let phrase = self
            .text
            .get(span)
            .filter(|phrase| phrase.len() <= inline::MAX_PHRASE);
        inline::plain(phrase.unwrap_or_default(), self.format)
    }
}
