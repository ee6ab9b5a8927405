//! Named styles, and padding of text to terminal columns.

use anstyle::{AnsiColor, Style};

use super::render_options::RenderOptions;
use crate::model::text::width;

/// Headings and titles.
pub(super) const STRONG: Style = Style::new().bold();
/// Secondary text: dates, gaps, labels.
pub(super) const FAINT: Style = Style::new().dimmed();
/// Identifiers.
pub(super) const ID: Style = AnsiColor::Cyan.on_default();
/// Warnings that must not be overlooked, such as a withdrawn paper.
pub(super) const ALARM: Style = AnsiColor::Red.on_default().bold();
/// No style.
pub(super) const PLAIN: Style = Style::new();

/// Red is left to what must not be overlooked.
const AREAS: &[AnsiColor] = &[
    AnsiColor::Blue,
    AnsiColor::Green,
    AnsiColor::Yellow,
    AnsiColor::Magenta,
    AnsiColor::Cyan,
    AnsiColor::BrightBlue,
    AnsiColor::BrightGreen,
    AnsiColor::BrightYellow,
    AnsiColor::BrightMagenta,
    AnsiColor::BrightCyan,
];

/// An area's colour, by its place in the catalog.
pub(super) fn area(code: Option<&str>, options: &RenderOptions) -> Style {
    let place = options
        .areas
        .iter()
        .position(|area| Some(area.code.as_str()) == code);
    let colour = place.and_then(|place| AREAS.iter().cycle().nth(place));
    colour.map_or(FAINT, |colour| colour.on_default())
}

/// The text in a style, or unchanged if colour is off.
pub(super) fn paint(options: &RenderOptions, style: Style, text: &str) -> String {
    if options.color && !text.is_empty() && style != PLAIN {
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
    }
}

/// The spaces that pad a text to `columns`.
pub(super) fn fill(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(width(text)))
}

/// The text in a style, padded to `columns`.
pub(super) fn cell(options: &RenderOptions, style: Style, text: &str, columns: usize) -> String {
    format!("{}{}", paint(options, style, text), fill(text, columns))
}
