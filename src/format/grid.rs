//! Aligned columns under headings, for a terminal or a pipe.

use std::io::{self, Write};

use anstyle::Style;

use super::{Look, shown, style};
use crate::model::text::{truncate, width};

/// Columns between two cells.
const GAP: usize = 2;
/// The last cell gets so many columns, however narrow the terminal.
pub(super) const LEAST: usize = 10;

/// Writes rows of cells under headings, each column as wide as its widest cell. The last cell of a row is cut
/// to the look's width with `…`; without a width nothing is. No rows, no headings.
pub fn grid(headings: &[&str], rows: &[Vec<String>], look: &Look, out: &mut impl Write) -> io::Result<()> {
    styled(headings, &[], rows, look, out)
}

/// As [`grid`], with a style for each column.
pub(super) fn styled(
    headings: &[&str],
    styles: &[Style],
    rows: &[Vec<String>],
    look: &Look,
    out: &mut impl Write,
) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| shown::plain(cell)).collect())
        .collect();
    let widths = widths(headings, &rows);
    let strong = vec![style::STRONG; headings.len()];
    line(headings, &strong, &widths, look, out)?;
    for row in &rows {
        line(row, styles, &widths, look, out)?;
    }
    Ok(())
}

/// The widest of every column but the last.
fn widths(headings: &[&str], rows: &[Vec<String>]) -> Vec<usize> {
    let all_but_last = headings.len().saturating_sub(1);
    let widest = |column: usize, heading: &str| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| width(cell)).fold(width(heading), usize::max)
    };
    let headings = headings.iter().take(all_but_last).enumerate();
    headings
        .map(|(column, heading)| widest(column, heading))
        .collect()
}

fn line(
    cells: &[impl AsRef<str>],
    styles: &[Style],
    widths: &[usize],
    look: &Look,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut line = String::new();
    for (column, cell) in cells.iter().enumerate() {
        let style = styles.get(column).copied().unwrap_or_default();
        if let Some(width) = widths.get(column) {
            line.push_str(&style::cell(look, style, cell.as_ref(), width + GAP));
        } else {
            let left: usize = widths.iter().map(|width| width + GAP).sum();
            let cell = match look.width {
                Some(columns) => truncate(cell.as_ref(), columns.saturating_sub(left).max(LEAST)),
                None => cell.as_ref().into(),
            };
            line.push_str(&style::paint(look, style, &cell));
        }
    }
    writeln!(out, "{}", line.trim_end())
}
