//! Aligned columns under headings, for a terminal or a pipe.

use std::io::{self, Write};

use anstyle::Style;
use tabled::builder::Builder;
use tabled::settings::{Padding, Style as Lines};

use super::{Look, display, style};
use crate::model::text::{truncate, width};

/// Columns between two cells.
const GAP: usize = 2;
/// The last cell gets so many columns, however narrow the terminal.
pub(super) const LEAST: usize = 10;

/// Writes rows of cells under headings, each column as wide as its widest cell and in its style. The last cell of a
/// row is cut to the look's width with `…`; without a width nothing is. No rows, no headings.
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
    let headings: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| display::plain(cell)).collect())
        .collect();
    let left = left_of_last(&headings, &rows);
    let last = look.width.map(|columns| columns.saturating_sub(left).max(LEAST));
    let strong = vec![style::STRONG; headings.len()];
    let mut table = Builder::with_capacity(rows.len() + 1, headings.len());
    table.push_record(painted(&headings, &strong, last, look));
    for row in &rows {
        table.push_record(painted(row, styles, last, look));
    }
    let mut table = table.build();
    table.with(Lines::empty()).with(Padding::new(0, GAP, 0, 0));
    for line in table.to_string().lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// The columns that all but the last take, gaps included.
fn left_of_last(headings: &[String], rows: &[Vec<String>]) -> usize {
    let widest = |column: usize| {
        let cells = rows
            .iter()
            .map(Vec::as_slice)
            .chain([headings])
            .filter_map(|row| row.get(column));
        cells.map(|cell| width(cell)).max().unwrap_or_default()
    };
    (0..headings.len().saturating_sub(1))
        .map(|column| widest(column) + GAP)
        .sum()
}

/// The cells of a row in their styles, the last one cut.
fn painted(row: &[String], styles: &[Style], last: Option<usize>, look: &Look) -> Vec<String> {
    let paint = |(column, cell): (usize, &String)| {
        let style = styles.get(column).copied().unwrap_or_default();
        match last {
            Some(columns) if column + 1 == row.len() => style::paint(look, style, &truncate(cell, columns)),
            _ => style::paint(look, style, cell),
        }
    };
    row.iter().enumerate().map(paint).collect()
}
