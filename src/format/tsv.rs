//! Tab-separated values: for `cut`, `sort`, `awk` and `fzf`. No header, nothing cut, one line a record.

use std::io::{self, Write};

/// Writes one line. The cells must be printable: without tabs and line breaks.
pub(super) fn line(cells: &[String], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", cells.join("\t"))
}
