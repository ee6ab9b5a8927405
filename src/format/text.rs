//! Records to read: each fact under its label.
//!
//! The title is at the margin and everything else is indented, so that records can be told apart. Summary and abstract
//! come first, because a preview of a few lines should say what a paper is about before it lists the authors.

use std::io::{self, Write};

use super::display::{self, pick};
use super::fields::{self, FieldList};
use super::paper_writer::{PaperWriter, WriterSettings};
use super::readable_value::readable_value;
use super::render_options::RenderOptions;
use super::style;
use crate::model::paper::Paper;
use crate::model::text::{width, wrap};

/// Indent of everything but the title.
const INDENT: usize = 2;
/// Spaces after the widest label.
const GAP: usize = 2;
/// Least width of a value, however narrow the terminal.
const MIN_VALUE: usize = 10;

/// The fields of a record after its title, summary and abstract, in order.
const FACTS: &[&str] = &[
    "id",
    "version",
    "authors",
    "published",
    "updated",
    "versions",
    "categories",
    "comment",
    "journal_ref",
    "dois",
    "report_no",
    "msc_class",
    "acm_class",
    "license",
    "submitter",
    "url",
    "pdf_url",
    "catalog",
    "catalog.short_name",
    "catalog.area",
    "catalog.relation",
    "catalog.repository",
    "catalog.model",
    "catalog.venue",
    "catalog.unsure",
    "library.kept",
    "library.tags",
    "library.note",
    "library.files",
    "source",
];

#[derive(Debug)]
struct TextWriter {
    fields: Option<FieldList>,
    first: bool,
}

pub(super) fn open(settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(TextWriter {
        fields: settings.fields,
        first: true,
    })
}

impl PaperWriter for TextWriter {
    fn paper(&mut self, paper: &Paper, options: &RenderOptions, mut out: &mut dyn Write) -> io::Result<()> {
        if !std::mem::take(&mut self.first) {
            writeln!(out)?;
        }
        match &self.fields {
            Some(fields) => write_facts(paper, fields.names(), 0, options, &mut out),
            None => write_record(paper, options, &mut out),
        }
    }
}

fn write_record(paper: &Paper, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    for line in wrap(&display::text(&paper.title), value_width(options, 0)) {
        writeln!(out, "{}", style::paint(options, style::STRONG, &line))?;
    }
    if paper.withdrawn == Some(true) {
        let notice = pick(options.lang, "WITHDRAWN by its authors", "已被作者撤回");
        writeln!(out, "  {}", style::paint(options, style::ALARM, notice))?;
    }
    let paragraphs = ["catalog.summary", "abstract"].map(|key| readable_value(paper, key, options));
    let paragraphs: Vec<_> = paragraphs.iter().filter(|text| !text.is_empty()).collect();
    for paragraph in &paragraphs {
        writeln!(out)?;
        for line in wrap(paragraph, value_width(options, INDENT)) {
            writeln!(out, "  {line}")?;
        }
    }
    if !paragraphs.is_empty() {
        writeln!(out)?;
    }
    write_facts(paper, FACTS, INDENT, options, out)
}

/// Writes the values of these fields under their labels, without the fields that are unknown.
fn write_facts(
    paper: &Paper,
    keys: &[&str],
    indent: usize,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    // All labels count for the column, so that two records with different facts look alike.
    let labels = keys.iter().map(|key| width(label(key, options)));
    let column = labels.max().unwrap_or_default() + GAP;
    for key in keys {
        let value = readable_value(paper, key, options);
        let value = if *key == "id" {
            vec![style::paint(options, style::ID, &value)]
        } else {
            wrap_value(&value, value_width(options, indent + column))
        };
        let mut label = label(key, options);
        for line in value {
            let label = style::cell(options, style::FAINT, std::mem::take(&mut label), column);
            writeln!(out, "{}", format!("{:indent$}{label}{line}", "").trim_end())?;
        }
    }
    Ok(())
}

/// The label of a field. DOIs are listed in one line, so they share the label of the first.
fn label<'a>(key: &'a str, options: &RenderOptions) -> &'a str {
    fields::label(if key == "dois" { "doi" } else { key }, options.lang)
}

/// Columns for text after an indent; unlimited if the output has no width, so that a pipe gets whole lines.
fn value_width(options: &RenderOptions, indent: usize) -> usize {
    match options.width {
        Some(_) => options.text_width().saturating_sub(indent).max(MIN_VALUE),
        None => usize::MAX,
    }
}

/// Wraps a value of one or several lines. The indent of a line is kept, since a note may be a list; an empty value has
/// no lines.
fn wrap_value(value: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in value.lines() {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let indent = " ".repeat(indent.min(columns / 2));
        let wrapped = wrap_words(line, columns - indent.len());
        if wrapped.is_empty() {
            lines.push(String::new());
        }
        lines.extend(wrapped.into_iter().map(|line| format!("{indent}{line}")));
    }
    lines
}

/// Wraps a line, but gives a word that is longer than the line a line of its own: addresses and paths have to stay
/// whole to be opened or copied.
fn wrap_words(line: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    for word in line.split_whitespace() {
        if word.is_ascii() && word.len() > columns {
            lines.extend(wrap(&run.join(" "), columns));
            run.clear();
            lines.push(word.to_owned());
        } else {
            run.push(word);
        }
    }
    lines.extend(wrap(&run.join(" "), columns));
    lines
}
