//! Named styles, links, and padding of text to terminal columns.

use anstyle::{Ansi256Color, AnsiColor, Style};

use super::render_options::RenderOptions;
use crate::model::id::ArxivId;
use crate::model::text::width;

/// Headings and titles.
pub(super) const STRONG: Style = Style::new().bold();
/// Secondary text: dates, gaps, labels.
pub(super) const FAINT: Style = Style::new().dimmed();
/// Identifiers: teal, which has a contrast above 4 on black and on white.
pub(super) const ID: Style = Ansi256Color(30).on_default();
/// Categories: green, which has a contrast above 4 on black and on white.
pub(super) const CATEGORY: Style = Ansi256Color(28).on_default();
/// Warnings that must not be overlooked, such as a withdrawn paper.
pub(super) const ALARM: Style = AnsiColor::Red.on_default().bold();
/// No style.
pub(super) const PLAIN: Style = Style::new();

/// Colours of areas, from the fixed part of the 256-colour palette, because terminals redefine the first sixteen.
///
/// Each has a contrast of at least 3 on black and on white (WCAG 2, for large text and graphics), and any two are at
/// least 0.1 apart in Oklab. Pure red is left to [`ALARM`]. Neighbours in a catalog get different hues.
const AREAS: [u8; 12] = [27, 166, 28, 201, 94, 30, 129, 132, 61, 163, 104, 136];

/// An area's colour, by its position in the catalog; the colours repeat after the twelfth area.
pub(super) fn area(code: Option<&str>, options: &RenderOptions) -> Style {
    let position = options
        .areas
        .iter()
        .position(|area| Some(area.code.as_str()) == code);
    position.map_or(FAINT, |position| {
        Ansi256Color(AREAS[position % AREAS.len()]).on_default()
    })
}

/// Whether colours alone tell the areas apart.
pub(super) fn colors_suffice(options: &RenderOptions) -> bool {
    options.color && options.areas.len() <= AREAS.len()
}

/// The text in a style, or unchanged if colour is off. An identifier ([`ID`]) is also a link to its abstract page, if
/// links are on.
pub(super) fn paint(options: &RenderOptions, style: Style, text: &str) -> String {
    let painted = if options.color && !text.is_empty() && style != PLAIN {
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
    };
    match ArxivId::parse(text) {
        Ok(id) if options.links && style == ID => link(&id.abs_url(), &painted),
        _ => painted,
    }
}

/// A hyperlink by the OSC 8 escape sequence. The address is built from a parsed identifier, so nothing in it can end the
/// sequence.
fn link(address: &str, text: &str) -> String {
    format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
}

/// The spaces that pad a text to `columns`.
pub(super) fn fill(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(width(text)))
}

/// The text in a style, padded to `columns`.
pub(super) fn cell(options: &RenderOptions, style: Style, text: &str, columns: usize) -> String {
    format!("{}{}", paint(options, style, text), fill(text, columns))
}
