//! Pages of the manual, from the Markdown they are written in: text for a terminal or a pipe, and roff for `man`.
//!
//! Only the Markdown that the manual uses is known: headings, paragraphs, lists, code blocks, tables, code, emphasis
//! and links. The text is the program's own, so nothing in it needs sanitising.

mod blocks;
mod roff;
mod terminal;

use std::io::{self, Write};

use super::render_options::RenderOptions;

pub use roff::Roff;

/// Writes a page to read in a terminal or a pipe, wrapped to the options' width.
pub fn manual_page(markdown: &str, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    terminal::write(&blocks::parse(markdown), options, out)
}

/// Writes names with what each is, wrapped to the options' width, under a heading.
pub fn manual_index(
    heading: &str,
    entries: &[(String, String)],
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    terminal::write_index(heading, entries, options, out)
}
