//! Identifiers alone, one a line: what `fetch -`, `cite -` and `xargs` take.

use std::io::{self, Write};

use crate::model::paper::Paper;

/// Writes the identifier as it was asked for, with its version if one was.
pub(super) fn write(paper: &Paper, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", paper.display_id())
}
