//! A result of a search for people: the paper, and the passage in which the words were found.

use std::io::{self, Write};

use super::render_options::RenderOptions;
use super::{display, style};
use crate::model::paper::Paper;
use crate::model::snippet::Snippet;
use crate::model::text::{sanitize, truncate, width};

const INDENT: &str = "  ";

/// Writes a result: a line with identifier, day and category, a line with the title, and the passage with the words in
/// bold.
pub fn search_result(
    paper: &Paper,
    snippet: Option<&Snippet>,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    let columns = options.width.map_or(usize::MAX, |columns| columns.max(20));
    let id = paper.display_id().to_string();
    let mut facts = vec![String::new()];
    facts.extend(paper.published.map(|at| at.day().to_string()));
    facts.extend(paper.primary_category.as_deref().map(display::text));
    facts.extend(paper.short_name().map(display::text));
    let facts = truncate(&facts.join(INDENT), columns.saturating_sub(width(&id))).into_owned();
    let (id, facts) = (
        style::paint(options, style::ID, &id),
        style::paint(options, style::STRONG, &facts),
    );
    writeln!(out, "{id}{facts}")?;
    let room = columns.saturating_sub(INDENT.len());
    writeln!(
        out,
        "{INDENT}{}",
        truncate(&display::marked_headline(paper, options.lang), room)
    )?;
    match snippet {
        Some(snippet) => passage(snippet, room, options, out),
        None => Ok(()),
    }
}

/// The passage, wrapped between words.
fn passage(snippet: &Snippet, room: usize, options: &RenderOptions, out: &mut impl Write) -> io::Result<()> {
    let mut used = 0;
    write!(out, "{INDENT}")?;
    for (piece, marked) in &snippet.pieces {
        let piece = sanitize(piece);
        for word in piece.split_inclusive(' ') {
            if used > 0 && used + width(word.trim_end()) > room {
                write!(out, "\n{INDENT}")?;
                used = 0;
            }
            used += width(word);
            if *marked {
                write!(out, "{}", style::paint(options, style::STRONG, word))?;
            } else {
                write!(out, "{}", style::paint(options, style::FAINT, word))?;
            }
        }
    }
    writeln!(out)
}
