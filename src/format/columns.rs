//! Aligned columns under headings, for a terminal or a pipe.

use std::io::{self, Write};

use anstyle::Style;

use super::render_options::RenderOptions;
use super::{display, style};
use crate::model::text::{truncate, width};

/// Spaces between two cells.
const GAP: usize = 2;
/// Least width of a cell that is cut, however narrow the terminal.
pub(super) const MIN_CUT_CELL: usize = 10;

/// Which columns are cut if a table is wider than the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Cut {
    /// The last one.
    Last,
    /// Whichever is the widest, but never an identifier, which nobody could copy.
    Widest,
}

/// Writes rows of cells under headings, each column as wide as its widest cell and in its style. Cells are cut with `…`
/// to fit the width of the options, if there is one. Writes nothing if there are no rows.
pub(super) fn write_table(
    headings: &[&str],
    styles: &[Style],
    rows: &[Vec<String>],
    cut: Cut,
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
    let mut widths = column_widths(&headings, &rows);
    if let Some(columns) = options.width {
        fit(&mut widths, styles, cut, columns);
    }
    let strong = vec![style::STRONG; headings.len()];
    write_row(&headings, &strong, &widths, options, out)?;
    for row in &rows {
        write_row(row, styles, &widths, options, out)?;
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

/// Narrows columns until the table fits, or until no column may be cut further.
fn fit(widths: &mut [usize], styles: &[Style], cut: Cut, columns: usize) {
    loop {
        let total: usize = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        let excess = total.saturating_sub(columns);
        let widest = match cut {
            Cut::Last => widths.last_mut(),
            Cut::Widest => {
                let columns = widths.iter_mut().zip(styles);
                let cuttable = columns.filter(|(_, style)| **style != style::ID);
                cuttable.map(|(width, _)| width).max()
            }
        };
        let Some(widest) = widest.filter(|widest| excess > 0 && **widest > MIN_CUT_CELL) else {
            return;
        };
        let step = match cut {
            Cut::Last => excess,
            Cut::Widest => 1,
        };
        *widest = widest.saturating_sub(step).max(MIN_CUT_CELL);
    }
}

/// Writes a row, its cells cut and padded to their columns. No line ends in spaces.
fn write_row(
    row: &[String],
    styles: &[Style],
    widths: &[usize],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut line = String::new();
    for (column, (cell, columns)) in row.iter().zip(widths).enumerate() {
        let style = styles.get(column).copied().unwrap_or(style::PLAIN);
        let cell = truncate(cell, *columns);
        if column + 1 == widths.len() {
            line.push_str(&style::paint(options, style, &cell));
        } else {
            line.push_str(&style::cell(options, style, &cell, columns + GAP));
        }
    }
    writeln!(out, "{}", line.trim_end())
}
