//! The picture of the timeline in the README, drawn from what the program writes to a terminal.
//!
//! `UPDATE_EXAMPLES=1 cargo test picture` draws it again.

use std::fmt::Write;
use std::fs;

use arxcat::model::text::width;

use super::root;
use crate::arxcat::Machine;

const COMMAND: &[&str] = &["timeline", "--since", "2025-10"];
const COLUMNS: u16 = 80;
/// Of a monospaced font of 13.3 px.
const CHARACTER_WIDTH: usize = 8;
const LINE_HEIGHT: usize = 19;
const MARGIN: usize = 16;

#[test]
fn the_picture_in_the_readme_is_what_the_program_draws() {
    let ended = Machine::new()
        .arxcat(COMMAND)
        .terminal(COLUMNS)
        .env("NO_COLOR", "")
        .env("ARXCAT_PAGER", "cat")
        .run();
    let drawn = svg(&format!("$ arxcat {}", COMMAND.join(" ")), &ended.ok());
    let path = root().join("src/manual/timeline.svg");
    if std::env::var_os("UPDATE_EXAMPLES").is_some() {
        fs::write(&path, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == drawn,
        "draw it again: UPDATE_EXAMPLES=1 cargo test picture"
    );
}

/// What a terminal shows, as an SVG picture on a light background.
fn svg(prompt: &str, output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    let width = usize::from(COLUMNS) * CHARACTER_WIDTH + 2 * MARGIN;
    let height = (lines.len() + 1) * LINE_HEIGHT + 2 * MARGIN;
    let mut drawn = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#fcfcfa\" stroke=\"#d0d7de\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" font-size=\"13.3\" fill=\"#24292f\">\n"
    );
    let mut style = Style::default();
    for (number, line) in std::iter::once(prompt).chain(lines).enumerate() {
        let y = MARGIN + (number + 1) * LINE_HEIGHT - 5;
        draw_line(line, y, &mut style, &mut drawn);
    }
    drawn.push_str("</g>\n</svg>\n");
    drawn
}

/// The style set by the escape sequences before a character.
#[derive(Clone, PartialEq, Eq, Default)]
struct Style {
    bold: bool,
    faint: bool,
    colour: Option<String>,
}

fn draw_line(line: &str, y: usize, style: &mut Style, drawn: &mut String) {
    let mut rest = line;
    let mut column = 0;
    while !rest.is_empty() {
        let (text, after) = rest.split_at(rest.find('\u{1b}').unwrap_or(rest.len()));
        // Two spaces separate columns, which must keep their positions in any font.
        for piece in text.split_inclusive("  ") {
            draw_text(
                piece.trim_end(),
                column + width(piece) - width(piece.trim_start()),
                y,
                style,
                drawn,
            );
            column += width(piece);
        }
        rest = after;
        if let Some(link) = rest.strip_prefix("\u{1b}]") {
            // An OSC sequence, as links are: up to BEL or ST.
            let bell = link.find('\u{7}').map(|at| at + 1);
            let end = link
                .find("\u{1b}\\")
                .map(|at| at + 2)
                .into_iter()
                .chain(bell)
                .min();
            rest = &link[end.unwrap_or(link.len())..];
        } else if let Some(sequence) = rest.strip_prefix("\u{1b}[") {
            let end = sequence.find(|c: char| c.is_ascii_alphabetic()).unwrap();
            change_style(&sequence[..end], style);
            rest = &sequence[end + 1..];
        }
    }
}

fn draw_text(text: &str, column: usize, y: usize, style: &Style, drawn: &mut String) {
    let text = text.trim_start();
    if text.is_empty() {
        return;
    }
    let mut attributes = String::new();
    if let Some(colour) = &style.colour {
        let _ = write!(attributes, " fill=\"{colour}\"");
    }
    if style.bold {
        attributes.push_str(" font-weight=\"bold\"");
    }
    if style.faint {
        attributes.push_str(" fill-opacity=\"0.6\"");
    }
    let (x, length) = (MARGIN + column * CHARACTER_WIDTH, width(text) * CHARACTER_WIDTH);
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let _ = writeln!(
        drawn,
        "<text x=\"{x}\" y=\"{y}\" textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\"{attributes}>{text}</text>"
    );
}

/// Reads the parameters of a "select graphic rendition" sequence.
fn change_style(parameters: &str, style: &mut Style) {
    let numbers: Vec<usize> = parameters
        .split(';')
        .map(|number| number.parse().unwrap_or(0))
        .collect();
    match numbers.as_slice() {
        [0] => *style = Style::default(),
        [1] => style.bold = true,
        [2] => style.faint = true,
        [colour @ 30..=37] => style.colour = Some(palette(colour - 30)),
        [colour @ 90..=97] => style.colour = Some(palette(colour - 82)),
        [38, 5, colour] => style.colour = Some(palette(*colour)),
        [38, 2, red, green, blue] => style.colour = Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        other => panic!("an unknown sequence: {other:?}"),
    }
}

/// A colour of the 256 that terminals share; the first sixteen as a light theme has them.
fn palette(number: usize) -> String {
    const NAMED: [&str; 16] = [
        "#24292f", "#cf222e", "#116329", "#4d2d00", "#0969da", "#8250df", "#1b7c83", "#6e7781", "#57606a",
        "#a40e26", "#1a7f37", "#633c01", "#218bff", "#a475f9", "#3192aa", "#8c959f",
    ];
    match number {
        0..=15 => NAMED[number].to_owned(),
        16..=231 => {
            let level = |part: usize| if part == 0 { 0 } else { 55 + 40 * part };
            let cube = number - 16;
            let (red, green, blue) = (level(cube / 36), level(cube / 6 % 6), level(cube % 6));
            format!("#{red:02x}{green:02x}{blue:02x}")
        }
        _ => {
            let grey = 8 + 10 * (number - 232);
            format!("#{grey:02x}{grey:02x}{grey:02x}")
        }
    }
}
