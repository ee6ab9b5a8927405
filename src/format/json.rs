//! JSON: an array, or one object a line.
//!
//! Everything is UTF-8 as it is, but control, bidirectional and invisible characters, which are written as
//! `\u` escapes: what is piped to a terminal cannot steer it, and what is parsed is the same text.
//!
//! The array has one key a line, so that two files can be compared line by line and a catalog can be edited by
//! hand; a list within a record stays on one line, or 200 authors would take a thousand.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

use crate::model::ledger::LedgerEntry;
use crate::model::text::is_unprintable;

/// Writes a value on one line.
pub fn line(value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    out.write_all(compact(value)?.as_bytes())?;
    out.write_all(b"\n")
}

/// Writes a line of the ledger (JSON Lines; schema `ledger`).
pub fn ledger_line(ledger: &LedgerEntry, out: &mut impl Write) -> io::Result<()> {
    line(ledger, out)
}

/// An array that is opened with its first element, or when it is finished without any.
#[derive(Clone, Copy, Debug, Default)]
pub struct ArrayWriter {
    open: bool,
}

impl ArrayWriter {
    /// Writes one more element.
    pub fn push(&mut self, value: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
        let before: &[u8] = if self.open { b",\n  " } else { b"[\n  " };
        out.write_all(before)?;
        self.open = true;
        out.write_all(written(value, IndentedFormatter::default())?.as_bytes())
    }

    /// Closes the array; `[]` where nothing came.
    pub fn finish(self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(if self.open { b"\n]\n" } else { b"[]\n" })
    }
}

/// A value without white space.
pub(super) fn compact(value: &impl Serialize) -> io::Result<String> {
    written(value, CompactFormatter)
}

fn written(value: &impl Serialize, formatter: impl Formatter) -> io::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// Characters beyond the first plane (tag characters) take a surrogate pair (RFC 8259, section 7).
fn escaped<W: ?Sized + Write>(out: &mut W, text: &str) -> io::Result<()> {
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

/// serde's own compact form, with our escapes.
struct CompactFormatter;

impl Formatter for CompactFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        escaped(out, text)
    }
}

/// One key a line, two spaces a level below the array's own; lists on one line.
#[derive(Default)]
struct IndentedFormatter {
    /// Objects around this place, each with its own lines.
    objects: usize,
    /// Lists around this place, and objects in them.
    lists: usize,
    /// Whether the object just ended held anything.
    filled: bool,
}

impl IndentedFormatter {
    fn new_line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        write!(out, "\n{:1$}", "", 2 * (self.objects + 1))
    }
}

impl Formatter for IndentedFormatter {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        escaped(out, text)
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
