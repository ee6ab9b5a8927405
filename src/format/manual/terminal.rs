//! A page of the manual for a terminal or a pipe.

use std::io::{self, Write};

use anstyle::Style;

use super::super::render_options::RenderOptions;
use super::super::style;
use super::blocks::{Block, Emphasis, Span};
use crate::model::text::{width, wrap};

/// Columns before the text under a heading.
const INDENT: usize = 2;
/// Columns before a code block, beyond those of the text around it.
const CODE_INDENT: usize = 2;
/// Columns between two cells of a table.
const GAP: usize = 2;
/// Narrower than this, a column holds no words, and each row is written as lines instead.
const MIN_COLUMN: usize = 10;

/// Writes a page.
pub(super) fn write(page: &[Block], options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    write_blocks(page, 0, options, out)
}

/// Writes names with what each is, under a heading.
pub(super) fn write_index(
    heading: &str,
    entries: &[(String, String)],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "{}", style::paint(options, style::STRONG, heading))?;
    let names = entries.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let room = options
        .text_width()
        .saturating_sub(INDENT + names + GAP)
        .max(MIN_COLUMN);
    for (name, text) in entries {
        let mut name = name.as_str();
        for line in wrap(text, room) {
            let cell = style::cell(options, style::ID, std::mem::take(&mut name), names + GAP);
            writeln!(out, "{:INDENT$}{cell}{line}", "")?;
        }
    }
    Ok(())
}

fn write_blocks(
    page: &[Block],
    indent: usize,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    for (number, block) in page.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        write_block(block, indent, options, out)?;
    }
    Ok(())
}

fn write_block(
    block: &Block,
    indent: usize,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let body = indent + INDENT;
    let room = |indent: usize| options.text_width().saturating_sub(indent).max(MIN_COLUMN);
    match block {
        Block::Heading { text, .. } => {
            for line in styled_lines(text, style::STRONG, room(0), options) {
                writeln!(out, "{}", line.painted)?;
            }
            Ok(())
        }
        Block::Paragraph(text) => {
            for line in styled_lines(text, style::PLAIN, room(body), options) {
                writeln!(out, "{:body$}{}", "", line.painted)?;
            }
            Ok(())
        }
        Block::Code { console, text } => {
            for line in text.lines() {
                let typed = *console && line.starts_with("$ ");
                let line = if typed {
                    style::paint(options, style::ID, line)
                } else {
                    line.to_owned()
                };
                writeln!(out, "{:1$}{line}", "", body + CODE_INDENT)?;
            }
            Ok(())
        }
        Block::List(items) => items
            .iter()
            .try_for_each(|item| write_item(item, indent, options, out)),
        Block::Table(rows) => write_table(rows, body, options, out),
    }
}

/// Writes an item of a list: a dash in place of the last two columns of its indent.
fn write_item(
    item: &[Block],
    indent: usize,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut written = Vec::new();
    write_blocks(item, indent + INDENT, options, &mut written)?;
    let (before, after) = written.split_at((indent + INDENT).min(written.len()));
    out.write_all(before)?;
    out.write_all(b"- ")?;
    out.write_all(after.get(INDENT..).unwrap_or_default())
}

/// Writes a table in columns that fit, cells wrapped; where they cannot fit, each cell on its line after its heading.
fn write_table(
    rows: &[Vec<Vec<Span>>],
    indent: usize,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let Some((headings, rows)) = rows.split_first() else {
        return Ok(());
    };
    let room = options.text_width().saturating_sub(indent);
    let Some(columns) = column_widths(headings, rows, room, options) else {
        return write_stacked(headings, rows, indent, options, out);
    };
    write_row(headings, &columns, style::STRONG, indent, options, out)?;
    rows.iter()
        .try_for_each(|row| write_row(row, &columns, style::PLAIN, indent, options, out))
}

/// The width of each column: its widest cell's if there is room for all, else a fair share of the room. Returns `None`
/// if a share is too narrow for words.
fn column_widths(
    headings: &[Vec<Span>],
    rows: &[Vec<Vec<Span>>],
    room: usize,
    options: &RenderOptions,
) -> Option<Vec<usize>> {
    let mut widths: Vec<usize> = headings.iter().map(|cell| width(&plain(cell, options))).collect();
    for row in rows {
        for (column, cell) in widths.iter_mut().zip(row) {
            *column = (*column).max(width(&plain(cell, options)));
        }
    }
    let mut left = room.saturating_sub(GAP * widths.len().saturating_sub(1));
    // The narrow columns get what they need first, and the wide ones share the rest.
    let mut order: Vec<usize> = (0..widths.len()).collect();
    order.sort_by_key(|column| widths[*column]);
    for (done, column) in order.iter().enumerate() {
        let share = left / (widths.len() - done);
        if widths[*column] > share && share < MIN_COLUMN {
            return None;
        }
        widths[*column] = widths[*column].min(share);
        left -= widths[*column];
    }
    Some(widths)
}

fn write_row(
    row: &[Vec<Span>],
    columns: &[usize],
    base: Style,
    indent: usize,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let cells: Vec<Vec<StyledLine>> = row
        .iter()
        .zip(columns)
        .map(|(cell, columns)| styled_lines(cell, base, *columns, options))
        .collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for number in 0..height {
        let mut line = " ".repeat(indent);
        let mut gap = 0;
        for (cell, columns) in cells.iter().zip(columns) {
            let used = match cell.get(number) {
                Some(text) => {
                    line.push_str(&" ".repeat(gap));
                    line.push_str(&text.painted);
                    gap = 0;
                    text.columns
                }
                None => 0,
            };
            gap += columns.saturating_sub(used) + GAP;
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn write_stacked(
    headings: &[Vec<Span>],
    rows: &[Vec<Vec<Span>>],
    indent: usize,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let room = options
        .text_width()
        .saturating_sub(indent + INDENT)
        .max(MIN_COLUMN);
    for row in rows {
        for (number, (heading, cell)) in headings.iter().zip(row).enumerate() {
            let mut text = cell.clone();
            let indent = if number == 0 { indent } else { indent + INDENT };
            if number > 0 && !text.is_empty() {
                let label = format!("{}: ", plain(heading, options));
                let emphasis = Emphasis::Plain;
                text.insert(
                    0,
                    Span {
                        text: label,
                        emphasis,
                    },
                );
            }
            for line in styled_lines(&text, style::PLAIN, room, options) {
                writeln!(out, "{:indent$}{}", "", line.painted)?;
            }
        }
    }
    Ok(())
}

/// A line of running text, with the columns that it takes.
struct StyledLine {
    painted: String,
    columns: usize,
}

/// Running text without its styles; code stands in backquotes where no colour tells it apart.
fn plain(text: &[Span], options: &RenderOptions) -> String {
    marked(text, options).into_iter().map(|(c, _)| c).collect()
}

fn marked(text: &[Span], options: &RenderOptions) -> Vec<(char, Emphasis)> {
    let mut found = Vec::new();
    for span in text {
        let quote = matches!(span.emphasis, Emphasis::Code | Emphasis::Topic) && !options.color;
        let quotes = quote.then_some('`');
        let chars = quotes.into_iter().chain(span.text.chars()).chain(quotes);
        found.extend(chars.map(|c| (c, span.emphasis)));
    }
    found
}

/// Running text in lines of at most so many columns, each character in its style.
fn styled_lines(text: &[Span], base: Style, columns: usize, options: &RenderOptions) -> Vec<StyledLine> {
    let lines = wrap(&plain(text, options), columns);
    // Wrapping changes nothing but white space, so the other characters find their styles in order.
    let mut styles = marked(text, options)
        .into_iter()
        .filter(|(c, _)| !c.is_whitespace())
        .map(|(_, emphasis)| emphasis)
        .peekable();
    let paint_line = |line: String| {
        let mut painted = String::new();
        let mut run = String::new();
        let mut of_run = Emphasis::Plain;
        for c in line.chars() {
            let emphasis = match styles.peek() {
                Some(next) if c.is_whitespace() && *next != of_run => Emphasis::Plain,
                Some(next) => *next,
                None => Emphasis::Plain,
            };
            if !c.is_whitespace() {
                styles.next();
            }
            if emphasis != of_run {
                painted.push_str(&style::paint(options, style_of(of_run, base), &run));
                run.clear();
                of_run = emphasis;
            }
            run.push(c);
        }
        painted.push_str(&style::paint(options, style_of(of_run, base), &run));
        StyledLine {
            painted,
            columns: width(&line),
        }
    };
    lines.into_iter().map(paint_line).collect()
}

fn style_of(emphasis: Emphasis, base: Style) -> Style {
    match emphasis {
        Emphasis::Plain => base,
        Emphasis::Code | Emphasis::Topic => style::ID,
        Emphasis::Strong => style::STRONG,
        Emphasis::Emphasized => Style::new().italic(),
    }
}
