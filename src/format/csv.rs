//! Comma-separated values (RFC 4180), for spreadsheets: UTF-8 without a byte-order mark, and lines that end in
//! LF as those of every other format here, which readers of CSV take as well as CRLF.
//!
//! A cell that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage
//! return, or the full-width form of one) gets an apostrophe before it: the sign by which spreadsheets know
//! text. Who reads the CSV by program can use TSV or JSON, where nothing is added.

use std::io::{self, Write};

/// Writes one record. The cells must be printable: without line breaks.
pub(super) fn line(cells: &[impl AsRef<str>], out: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        push(&mut line, cell.as_ref());
    }
    if line.is_empty() {
        // An empty line would be no record at all.
        line.push_str("\"\"");
    }
    line.push('\n');
    out.write_all(line.as_bytes())
}

fn push(line: &mut String, cell: &str) {
    let quoted =
        cell.starts_with(' ') || cell.ends_with(' ') || cell.contains([',', '"', ';', '\t', '\r', '\n']);
    if quoted {
        line.push('"');
    }
    if is_formula(cell) {
        line.push('\'');
    }
    if quoted {
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(cell);
    }
}

/// Some programs skip spaces before they options for the sign.
fn is_formula(cell: &str) -> bool {
    let signs = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    cell.trim_start_matches([' ', '\u{a0}', '\u{3000}'])
        .starts_with(signs)
}
