//! Identifiers alone, one a line: input for `fetch -`, `cite -` and `xargs`.

use std::io::{self, Write};

use super::paper_writer::{PaperWriter, WriterSettings};
use super::render_options::RenderOptions;
use crate::model::paper::Paper;

#[derive(Debug)]
struct IdWriter;

pub(super) fn open(_settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(IdWriter)
}

impl PaperWriter for IdWriter {
    /// Writes the identifier as it was requested, with a version if the request had one.
    fn paper(&mut self, paper: &Paper, _options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", paper.display_id())
    }
}
