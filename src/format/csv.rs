//! Comma-separated values (RFC 4180), for spreadsheets: UTF-8 without a byte-order mark. Lines end in LF like those of
//! every other format here; CSV readers accept both LF and CRLF.
//!
//! A spreadsheet runs a cell as a formula if it begins with `=`, `+`, `-`, `@`, a tab or a carriage return, or with the
//! full-width form of one. Titles come from strangers, so such a cell gets an apostrophe in front, which spreadsheets
//! read as "this is text". TSV and JSON, which programs read, add nothing.

use std::io::{self, Write};

use super::fields::FieldList;
use super::paper_writer::{PaperWriter, WriterSettings};
use super::render_options::RenderOptions;
use crate::model::paper::Paper;

#[derive(Debug)]
struct CsvWriter {
    fields: FieldList,
    header_written: bool,
}

pub(super) fn open(settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(CsvWriter {
        fields: settings.fields.unwrap_or_else(FieldList::whole),
        header_written: false,
    })
}

impl PaperWriter for CsvWriter {
    fn paper(&mut self, paper: &Paper, _options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
        if !self.header_written {
            line(self.fields.names(), out)?;
            self.header_written = true;
        }
        line(&self.fields.cells(paper), out)
    }

    /// Writes the header if there was no paper.
    fn finish(self: Box<Self>, _options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
        if self.header_written {
            return Ok(());
        }
        line(self.fields.names(), out)
    }
}

/// Writes one record. Cells have to be printable and without line breaks.
pub(super) fn line<W: Write + ?Sized>(cells: &[impl AsRef<str>], out: &mut W) -> io::Result<()> {
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        push(&mut line, cell.as_ref());
    }
    if line.is_empty() {
        // Readers skip empty lines, so a record of one empty cell is written with quotes.
        line.push_str("\"\"");
    }
    line.push('\n');
    out.write_all(line.as_bytes())
}

fn push(line: &mut String, cell: &str) {
    let quoted =
        cell.starts_with(' ') || cell.ends_with(' ') || cell.contains([',', '"', ';', '\t', '\r', '\n']);
    if quoted {
        line.push('"');
    }
    if is_formula(cell) {
        line.push('\'');
    }
    if quoted {
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(cell);
    }
}

/// Whether a spreadsheet could run the cell as a formula. Some programs skip leading spaces.
fn is_formula(cell: &str) -> bool {
    let signs = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    cell.trim_start_matches([' ', '\u{a0}', '\u{3000}'])
        .starts_with(signs)
}
