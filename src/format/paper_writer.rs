//! The trait that every format of papers implements.

use std::fmt;
use std::io::{self, Write};

use super::citation_options::CitationOptions;
use super::fields::FieldList;
use super::render_options::RenderOptions;
use crate::model::paper::Paper;

/// What a writer is made with. A format ignores the settings that do not concern it.
#[derive(Clone, Debug, Default)]
pub(super) struct WriterSettings {
    /// The fields of `--fields`, or `None` for the format's default.
    pub fields: Option<FieldList>,
    /// How papers are cited.
    pub citations: CitationOptions,
}

/// Writes papers in one format, one at a time.
pub(super) trait PaperWriter: fmt::Debug {
    /// Writes a paper, or stores it until [`finish`](Self::finish) if the format needs all papers first.
    fn paper(&mut self, paper: &Paper, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()>;

    /// Writes what has to follow the last paper.
    fn finish(self: Box<Self>, _options: &RenderOptions, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
