//! Aligned columns under headings, for a terminal or a pipe.

use std::io::{self, Write};

use super::render_options::RenderOptions;
use super::{display, style};
use crate::model::text::{truncate, width};
use anstyle::Style;

/// Spaces between two cells.
const GAP: usize = 2;
/// Least width of the last cell, however narrow the terminal.
pub(super) const MIN_LAST_CELL: usize = 10;

/// Writes rows of cells under headings, each column as wide as its widest cell and in its style. The last cell of a row
/// is cut with `…` to the width of the options, if there is one. Writes nothing if there are no rows.
pub(super) fn write_table(
    headings: &[&str],
    styles: &[Style],
    rows: &[Vec<String>],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| display::plain(cell)).collect())
        .collect();
    let widths = column_widths(&headings, &rows);
    let last = options.width.map(|columns| {
        let before: usize = widths.iter().rev().skip(1).map(|width| width + GAP).sum();
        columns.saturating_sub(before).max(MIN_LAST_CELL)
    });
    let strong = vec![style::STRONG; headings.len()];
    write_row(&headings, &strong, &widths, last, options, out)?;
    for row in &rows {
        write_row(row, styles, &widths, last, options, out)?;
    }
    Ok(())
}

/// The width of each column: that of its widest cell, the heading included.
fn column_widths(headings: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths: Vec<usize> = headings.iter().map(|heading| width(heading)).collect();
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    widths
}

/// Writes a row, its cells padded to their columns. The last cell is cut to `last` columns, and no line ends in spaces.
fn write_row(
    row: &[String],
    styles: &[Style],
    widths: &[usize],
    last: Option<usize>,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut line = String::new();
    for (column, (cell, columns)) in row.iter().zip(widths).enumerate() {
        let style = styles.get(column).copied().unwrap_or(style::PLAIN);
        if column + 1 == widths.len() {
            let cut = last.map_or_else(|| cell.clone(), |columns| truncate(cell, columns).into_owned());
            line.push_str(&style::paint(options, style, &cut));
        } else {
            line.push_str(&style::cell(options, style, cell, columns + GAP));
        }
    }
    writeln!(out, "{}", line.trim_end())
}
