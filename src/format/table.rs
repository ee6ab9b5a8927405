//! The table: identifier, date, category and title, or the fields of `--fields`, fitted to the terminal.

use std::io::{self, Write};

use anstyle::Style;

use super::columns::{self, Cut};
use super::display::{self, marked_headline, pick, plain};
use super::fields::{self, FieldList};
use super::paper_writer::{PaperWriter, WriterSettings};
use super::readable_value::readable_value;
use super::render_options::RenderOptions;
use super::style;
use crate::model::lang::Lang;
use crate::model::paper::Paper;
use crate::model::text::{truncate, width};

/// Below this width the category is left out.
const MIN_WIDTH_FOR_CATEGORY: usize = 72;
/// Below this width the date is cut to the month.
const MIN_WIDTH_FOR_DAY: usize = 50;
/// Columns that a month and a title of ten columns need beside the identifier.
const MIN_WIDTH_FOR_MONTH: usize = 2 + 7 + 2 + 10;
/// Widest category. arXiv's longest code, `cond-mat.mtrl-sci`, has 17 letters; a user's file may have any text.
const MAX_CATEGORY: usize = 20;

#[derive(Debug)]
struct TableWriter {
    fields: Option<FieldList>,
    /// The cells of each paper, before they are cut to the width.
    rows: Vec<Vec<String>>,
}

pub(super) fn open(settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(TableWriter {
        fields: settings.fields,
        rows: Vec::new(),
    })
}

impl PaperWriter for TableWriter {
    /// Stores a row, since the width of a column depends on all its cells.
    fn paper(&mut self, paper: &Paper, options: &RenderOptions, _out: &mut dyn Write) -> io::Result<()> {
        self.rows.push(match &self.fields {
            Some(fields) => fields
                .names()
                .iter()
                .map(|key| cell(paper, key, options))
                .collect(),
            None => default_row(paper, options.lang),
        });
        Ok(())
    }

    fn finish(self: Box<Self>, options: &RenderOptions, mut out: &mut dyn Write) -> io::Result<()> {
        match &self.fields {
            Some(fields) => write_fields(fields, &self.rows, options, &mut out),
            None => write_default(&self.rows, options, &mut out),
        }
    }
}

/// The value of a field in a table: dates by the day, all else as in text, on one line.
fn cell(paper: &Paper, key: &str, options: &RenderOptions) -> String {
    let day = match key {
        "published" => paper.published,
        "updated" => paper.updated,
        _ => None,
    };
    match (day, key) {
        (Some(at), _) => at.day().to_string(),
        (None, "primary_category") => paper.primary_category.as_deref().map(plain).unwrap_or_default(),
        (None, "categories") => {
            let codes: Vec<_> = paper.categories.iter().map(|code| plain(code)).collect();
            codes.join(" ")
        }
        (None, "title") => display::marked_title(paper, options.lang),
        _ => readable_value(paper, key, options),
    }
}

fn write_fields(
    fields: &FieldList,
    rows: &[Vec<String>],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let labels = fields.names().iter().map(|key| fields::label(key, options.lang));
    let headings: Vec<String> = labels.map(str::to_uppercase).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let styles: Vec<Style> = fields.names().iter().map(|key| field_style(key)).collect();
    columns::write_table(&headings, &styles, rows, Cut::Widest, options, out)
}

fn field_style(key: &str) -> Style {
    match key {
        "id" => style::ID,
        "published" | "updated" => style::FAINT,
        "primary_category" | "categories" => style::CATEGORY,
        _ => style::PLAIN,
    }
}

/// Identifier, day, category and title.
fn default_row(paper: &Paper, lang: Lang) -> Vec<String> {
    let category = paper.primary_category.as_deref().map(plain).unwrap_or_default();
    vec![
        paper.display_id().to_string(),
        paper
            .published
            .map_or_else(String::new, |at| at.day().to_string()),
        truncate(&category, MAX_CATEGORY).into_owned(),
        marked_headline(paper, lang),
    ]
}

/// A column of the default table.
struct Column {
    heading: &'static str,
    style: Style,
    cell: fn(&[String]) -> String,
}

fn write_default(rows: &[Vec<String>], options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let longest_id = rows.iter().map(|row| width(&row[0])).max().unwrap_or_default();
    let columns = default_columns(options, longest_id);
    let headings: Vec<_> = columns.iter().map(|column| column.heading).collect();
    let styles: Vec<_> = columns.iter().map(|column| column.style).collect();
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| columns.iter().map(|column| (column.cell)(row)).collect())
        .collect();
    columns::write_table(&headings, &styles, &cells, Cut::Last, options, out)
}

/// The columns for which the terminal has room.
fn default_columns(options: &RenderOptions, longest_id: usize) -> Vec<Column> {
    let room = options.width.unwrap_or(usize::MAX);
    let heading = |en, zh| pick(options.lang, en, zh);
    let mut columns = vec![Column {
        heading: heading("ID", "编号"),
        style: style::ID,
        cell: |row| row[0].clone(),
    }];
    if room >= MIN_WIDTH_FOR_DAY {
        columns.push(Column {
            heading: heading("DATE", "日期"),
            style: style::FAINT,
            cell: |row| row[1].clone(),
        });
    } else if room >= longest_id + MIN_WIDTH_FOR_MONTH {
        columns.push(Column {
            heading: heading("DATE", "日期"),
            style: style::FAINT,
            cell: |row| row[1].chars().take("2025-01".len()).collect(),
        });
    }
    if room >= MIN_WIDTH_FOR_CATEGORY {
        columns.push(Column {
            heading: heading("CATEGORY", "分类"),
            style: style::CATEGORY,
            cell: |row| row[2].clone(),
        });
    }
    columns.push(Column {
        heading: heading("TITLE", "标题"),
        style: style::PLAIN,
        cell: |row| row[3].clone(),
    });
    columns
}
