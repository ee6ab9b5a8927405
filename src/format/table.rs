//! The table: identifier, date, category and title, fitted to the terminal.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::display::{marked_headline, pick, plain};
use super::paper_writer::{PaperWriter, WriterSettings};
use super::render_options::RenderOptions;
use super::{columns, style};
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
const CATEGORY_COLUMNS: usize = 20;

const CATEGORY: Style = AnsiColor::Green.on_default();

/// The cells of a paper's row, before they are cut to the width.
#[derive(Debug)]
pub(super) struct PaperRow {
    id: String,
    day: String,
    category: String,
    title: String,
}

impl PaperRow {
    pub(super) fn of(paper: &Paper, lang: Lang) -> Self {
        let category = paper.primary_category.as_deref().unwrap_or_default();
        Self {
            id: paper.display_id().to_string(),
            day: paper
                .published
                .map_or_else(String::new, |at| at.day().to_string()),
            category: truncate(&plain(category), CATEGORY_COLUMNS).into_owned(),
            title: marked_headline(paper, lang),
        }
    }
}

/// A column of the table.
struct Column {
    heading: &'static str,
    style: Style,
    cell: fn(&PaperRow) -> String,
}

#[derive(Debug, Default)]
struct TableWriter {
    rows: Vec<PaperRow>,
}

pub(super) fn open(_settings: WriterSettings) -> Box<dyn PaperWriter> {
    Box::new(TableWriter::default())
}

impl PaperWriter for TableWriter {
    /// Stores a row, since the width of a column depends on all its cells.
    fn paper(&mut self, paper: &Paper, options: &RenderOptions, _out: &mut dyn Write) -> io::Result<()> {
        self.rows.push(PaperRow::of(paper, options.lang));
        Ok(())
    }

    fn finish(self: Box<Self>, options: &RenderOptions, mut out: &mut dyn Write) -> io::Result<()> {
        write(&self.rows, options, &mut out)
    }
}

fn write(rows: &[PaperRow], options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let longest_id = rows.iter().map(|row| width(&row.id)).max().unwrap_or_default();
    let columns = columns(options, longest_id);
    let headings: Vec<_> = columns.iter().map(|column| column.heading).collect();
    let styles: Vec<_> = columns.iter().map(|column| column.style).collect();
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| columns.iter().map(|column| (column.cell)(row)).collect())
        .collect();
    columns::write_table(&headings, &styles, &cells, options, out)
}

fn columns(options: &RenderOptions, longest_id: usize) -> Vec<Column> {
    let room = options.width.unwrap_or(usize::MAX);
    let heading = |en, zh| pick(options.lang, en, zh);
    let mut columns = vec![Column {
        heading: heading("ID", "编号"),
        style: style::ID,
        cell: |row| row.id.clone(),
    }];
    if room >= MIN_WIDTH_FOR_DAY {
        columns.push(Column {
            heading: heading("DATE", "日期"),
            style: style::FAINT,
            cell: |row| row.day.clone(),
        });
    } else if room >= longest_id + MIN_WIDTH_FOR_MONTH {
        columns.push(Column {
            heading: heading("DATE", "日期"),
            style: style::FAINT,
            cell: |row| row.day.chars().take("2025-01".len()).collect(),
        });
    }
    if room >= MIN_WIDTH_FOR_CATEGORY {
        columns.push(Column {
            heading: heading("CATEGORY", "分类"),
            style: CATEGORY,
            cell: |row| row.category.clone(),
        });
    }
    columns.push(Column {
        heading: heading("TITLE", "标题"),
        style: style::PLAIN,
        cell: |row| row.title.clone(),
    });
    columns
}
