//! Papers as JSON: whole records, or the fields of `--fields`.

use std::io::{self, Write};

use super::fields::FieldList;
use super::json;
use super::paper_writer::{PaperWriter, WriterSettings};
use super::render_options::RenderOptions;
use crate::model::paper::Paper;

#[derive(Debug)]
struct JsonArrayWriter {
    array: json::ArrayWriter,
    fields: Option<FieldList>,
}

#[derive(Debug)]
struct JsonLinesWriter {
    fields: Option<FieldList>,
}

pub(super) fn open_array(settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(JsonArrayWriter {
        array: json::ArrayWriter::default(),
        fields: settings.fields,
    })
}

pub(super) fn open_lines(settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(JsonLinesWriter {
        fields: settings.fields,
    })
}

impl PaperWriter for JsonArrayWriter {
    fn paper(&mut self, paper: &Paper, _options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
        match &self.fields {
            Some(fields) => self.array.push(&fields.select(paper), out),
            None => self.array.push(paper, out),
        }
    }

    fn finish(self: Box<Self>, _options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
        self.array.finish(out)
    }
}

impl PaperWriter for JsonLinesWriter {
    fn paper(&mut self, paper: &Paper, _options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
        match &self.fields {
            Some(fields) => json::line(&fields.select(paper), out),
            None => json::line(paper, out),
        }
    }
}
