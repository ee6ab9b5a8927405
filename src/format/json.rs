//! JSON: an array, or one object a line.
//!
//! Text is written as UTF-8. Control, bidirectional and invisible characters are written as `\u` escapes, so that JSON
//! on a terminal cannot control it and a parser still reads the same text.
//!
//! The array has one key a line, so that two files can be compared line by line and a catalog can be edited by hand. A
//! list inside a record stays on one line, because 200 authors would otherwise take a thousand lines.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

use crate::model::ledger::LedgerEntry;
use crate::model::text::is_unprintable;

/// Writes a value on one line.
pub fn line<W: Write + ?Sized>(value: &impl Serialize, out: &mut W) -> io::Result<()> {
    out.write_all(compact(value)?.as_bytes())?;
    out.write_all(b"\n")
}

/// Writes a line of the ledger (JSON Lines; schema `ledger`).
pub fn ledger_line(ledger: &LedgerEntry, out: &mut impl Write) -> io::Result<()> {
    line(ledger, out)
}

/// A JSON array that is written element by element.
#[derive(Clone, Copy, Debug, Default)]
pub struct ArrayWriter {
    open: bool,
}

impl ArrayWriter {
    /// Writes one more element.
    pub fn push<W: Write + ?Sized>(&mut self, value: &impl Serialize, out: &mut W) -> io::Result<()> {
        let before: &[u8] = if self.open { b",\n  " } else { b"[\n  " };
        out.write_all(before)?;
        self.open = true;
        out.write_all(serialized(value, IndentedFormatter::default())?.as_bytes())
    }

    /// Closes the array; writes `[]` if it has no element.
    pub fn finish<W: Write + ?Sized>(self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.open { b"\n]\n" } else { b"[]\n" })
    }
}

/// Returns the value on one line without white space.
pub(super) fn compact(value: &impl Serialize) -> io::Result<String> {
    serialized(value, CompactFormatter)
}

fn serialized(value: &impl Serialize, formatter: impl Formatter) -> io::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// Writes text with escapes. Characters above U+FFFF take a surrogate pair (RFC 8259, section 7).
fn write_escaped<W: ?Sized + Write>(out: &mut W, text: &str) -> io::Result<()> {
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_unprintable(*c)) {
        let (before, after) = rest.split_at(at);
        out.write_all(before.as_bytes())?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        rest = &after[c.len_utf8()..];
    }
    out.write_all(rest.as_bytes())
}

/// The compact form of `serde_json`, with the escapes above.
struct CompactFormatter;

impl Formatter for CompactFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        write_escaped(out, text)
    }
}

/// One key a line, indented by two spaces a level below the array; lists on one line.
#[derive(Default)]
struct IndentedFormatter {
    /// Depth of objects that are written over several lines.
    objects: usize,
    /// Depth of lists, and of objects inside a list.
    lists: usize,
    /// Whether the object that is being closed has a member.
    filled: bool,
}

impl IndentedFormatter {
    fn new_line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        write!(out, "\n{:1$}", "", 2 * (self.objects + 1))
    }
}

impl Formatter for IndentedFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        write_escaped(out, text)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.lists += 1;
        out.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.lists -= 1;
        out.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.filled = false;
        if self.lists > 0 {
            self.lists += 1;
        } else {
            self.objects += 1;
        }
        out.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        if self.lists > 0 {
            self.lists -= 1;
        } else {
            self.objects -= 1;
            if self.filled {
                self.new_line(out)?;
            }
        }
        out.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        match (first, self.lists > 0) {
            (true, true) => Ok(()),
            (false, true) => out.write_all(b", "),
            (true, false) => self.new_line(out),
            (false, false) => {
                out.write_all(b",")?;
                self.new_line(out)
            }
        }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}
