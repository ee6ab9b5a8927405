//! Tab-separated values, for `cut`, `sort`, `awk` and `fzf`: no header, nothing cut, one line a record.

use std::io::{self, Write};

use super::fields::FieldList;
use super::paper_writer::{PaperWriter, WriterSettings};
use super::render_options::RenderOptions;
use crate::model::paper::Paper;

#[derive(Debug)]
struct TsvWriter {
    fields: FieldList,
}

pub(super) fn open(settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(TsvWriter {
        fields: settings.fields.unwrap_or_else(FieldList::brief),
    })
}

impl PaperWriter for TsvWriter {
    fn paper(&mut self, paper: &Paper, _options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
        line(&self.fields.cells(paper), out)
    }
}

/// Writes one line. Cells come from `field_value::cell`, which removes tabs and line breaks: a cell that kept one could
/// begin a line of its own and pass for another record.
pub(super) fn line<W: Write + ?Sized>(cells: &[String], out: &mut W) -> io::Result<()> {
    writeln!(out, "{}", cells.join("\t"))
}
