//! The printer: papers into a writer, in a chosen format.

use std::io::{self, Write};

use super::citation_options::CitationOptions;
use super::fields::FieldList;
use super::paper_writer::{PaperWriter, WriterSettings};
use super::registry::Format;
use super::render_options::RenderOptions;
use crate::model::paper::Paper;

/// Writes papers in a format, one after the other, as they arrive.
///
/// Tables need the widest cell and citations need every key, so these two are written by [`finish`](Self::finish);
/// every other format writes each paper at once. The output should be buffered.
#[derive(Debug)]
pub struct Printer<W: Write> {
    out: W,
    format: Format,
    settings: WriterSettings,
    options: RenderOptions,
    writer: Box<dyn PaperWriter>,
}

impl<W: Write> Printer<W> {
    /// Makes a printer. Fields are ignored unless [`Format::takes_fields`]; without fields TSV has
    /// [`FieldList::brief`], CSV has [`FieldList::whole`], and JSON has the whole record.
    pub fn new(format: Format, fields: Option<FieldList>, options: RenderOptions, out: W) -> Self {
        let settings = WriterSettings {
            fields,
            ..WriterSettings::default()
        };
        Self {
            out,
            format,
            writer: format.open(settings.clone()),
            settings,
            options,
        }
    }

    /// Sets how papers are cited. Has to be called before the first paper.
    #[must_use]
    pub fn with_citations(mut self, citations: CitationOptions) -> Self {
        self.settings.citations = citations;
        self.writer = self.format.open(self.settings.clone());
        self
    }

    /// Writes a paper, or stores it if the format needs all papers first.
    pub fn paper(&mut self, paper: &Paper) -> io::Result<()> {
        self.writer.paper(paper, &self.options, &mut self.out)
    }

    /// Writes a line that is not a paper, such as the path of a downloaded file.
    pub fn line(&mut self, line: &[u8]) -> io::Result<()> {
        self.out.write_all(line)?;
        self.out.write_all(b"\n")
    }

    /// Flushes the output, so that a reader of a pipe sees what was written so far.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Ends the output: draws the table, closes the array, writes the citations. To be called after an error too, so
    /// that what was written is complete. Flushes and returns the output.
    pub fn finish(self) -> io::Result<W> {
        let mut out = self.out;
        self.writer.finish(&self.options, &mut out)?;
        out.flush()?;
        Ok(out)
    }
}
