//! Splits a byte stream into records: lines, elements of an array, or consecutive JSON values.
//!
//! Only one record and the bytes read beyond it are in memory.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr2};

/// Maximum length of a record: 8 MiB. Records of papers with thousands of authors are shorter than three.
pub const MAX_RECORD: usize = 8 << 20;

/// Size of a read in bytes.
const CHUNK: usize = 256 << 10;

/// What separates records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Framing {
    /// The end of a line.
    Lines,
    /// Commas inside a JSON array.
    Array,
    /// Optional white space: consecutive JSON values, each possibly on several lines.
    Values,
}

/// A byte stream with a look-ahead buffer.
pub struct RecordStream<'r> {
    source: &'r mut dyn Read,
    /// The buffer. Its unread part is `from..to`.
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
    /// Line of `from`, counted from 1.
    line: u64,
    /// State of an array: `None` before its bracket, then whether it is open.
    array: Option<bool>,
}

/// A record that has not been parsed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RawRecord<'a> {
    /// Line at which it starts, counted from 1.
    pub line: u64,
    /// Its bytes without surrounding white space, or why it cannot be read.
    pub bytes: Result<&'a [u8], &'static str>,
}

/// Result of looking for the end of a record.
enum RecordEnd {
    /// Length of the record, and of the record with its separator.
    Whole {
        length: usize,
        taken: usize,
    },
    TooLong,
    /// The stream ended inside the record.
    Cut,
}

impl<'r> RecordStream<'r> {
    /// A stream over a reader, from which nothing is read yet.
    pub fn new(source: &'r mut dyn Read) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            from: 0,
            to: 0,
            ended: false,
            line: 1,
            array: None,
        }
    }

    /// Calls `judge` with a growing prefix of the stream, and whether that is all of it, until it returns a value.
    pub fn judge<T>(&mut self, judge: impl Fn(&[u8], bool) -> Option<T>) -> io::Result<Option<T>> {
        loop {
            if let Some(verdict) = judge(self.window(), self.ended) {
                return Ok(Some(verdict));
            }
            if self.ended {
                return Ok(None);
            }
            self.fill_buffer()?;
        }
    }

    /// Reads the rest of the stream, if it is at most `most` bytes long.
    pub fn rest(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = self.window().to_vec();
        let room = most.saturating_add(1).saturating_sub(bytes.len()) as u64;
        (&mut *self.source).take(room).read_to_end(&mut bytes)?;
        if bytes.len() > most {
            let why = format!(
                "it is larger than {} MiB, and this form is read whole",
                most >> 20
            );
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
        }
        (self.from, self.to, self.ended) = (0, 0, true);
        Ok(bytes)
    }

    /// The next record, or `None` at the end. `idle` is called before each read that may block.
    pub fn next(&mut self, framing: Framing, idle: &mut dyn FnMut()) -> io::Result<Option<RawRecord<'_>>> {
        if !self.skip_to_record(framing, idle)? {
            return Ok(None);
        }
        let line = self.line;
        let broken = |why| {
            Ok(Some(RawRecord {
                line,
                bytes: Err(why),
            }))
        };
        if self.from == self.to {
            return broken("it breaks off: the array is not closed");
        }
        if framing == Framing::Array && self.array == Some(false) {
            self.drop_rest(idle)?;
            return broken("something follows the array");
        }
        let found = match framing {
            Framing::Lines => self.find_line(idle)?,
            Framing::Array | Framing::Values => self.find_value(idle)?,
        };
        match found {
            RecordEnd::Whole { length, taken } => {
                let start = self.from;
                self.advance(taken);
                let bytes = self.buffer.get(start..start + length).unwrap_or_default();
                let bytes = Ok(bytes.trim_ascii());
                Ok(Some(RawRecord { line, bytes }))
            }
            RecordEnd::TooLong => {
                self.skip(framing, idle)?;
                broken("it is longer than 8 MiB")
            }
            RecordEnd::Cut => {
                self.advance(self.to - self.from);
                self.array = self.array.and(Some(false));
                broken("it breaks off")
            }
        }
    }

    /// Skips to the start of the next record. Returns false at the end.
    fn skip_to_record(&mut self, framing: Framing, idle: &mut dyn FnMut()) -> io::Result<bool> {
        loop {
            let window = self.window();
            let blank =
                |byte: &u8| byte.is_ascii_whitespace() || (*byte == b',' && framing == Framing::Array);
            let skipped = window.iter().take_while(|byte| blank(byte)).count();
            let next = window.get(skipped).copied();
            self.advance(skipped);
            match (next, framing) {
                // A byte-order mark. Concatenated files may each start with one.
                (Some(0xef), _) if self.starts_with("\u{feff}".as_bytes(), idle)? => self.advance(3),
                (Some(b'['), Framing::Array) if self.array.is_none() => {
                    self.advance(1);
                    self.array = Some(true);
                }
                (Some(b']'), Framing::Array) if self.array == Some(true) => {
                    self.advance(1);
                    self.array = Some(false);
                }
                (Some(_), _) => return Ok(true),
                (None, _) if !self.ended => {
                    idle();
                    self.fill_buffer()?;
                }
                // An array that is not closed counts as an incomplete record.
                (None, _) => return Ok(framing == Framing::Array && self.array.replace(false) == Some(true)),
            }
        }
    }

    fn starts_with(&mut self, bytes: &[u8], idle: &mut dyn FnMut()) -> io::Result<bool> {
        while self.window().len() < bytes.len() && !self.ended {
            idle();
            self.fill_buffer()?;
        }
        Ok(self.window().starts_with(bytes))
    }

    fn find_line(&mut self, idle: &mut dyn FnMut()) -> io::Result<RecordEnd> {
        let mut looked = 0;
        loop {
            let window = self.window();
            let end = memchr(b'\n', window.get(looked..).unwrap_or_default()).map(|at| looked + at);
            looked = window.len();
            let length = end.unwrap_or(looked);
            if length > MAX_RECORD {
                return Ok(RecordEnd::TooLong);
            }
            if end.is_some() || self.ended {
                let taken = length + usize::from(end.is_some());
                return Ok(RecordEnd::Whole { length, taken });
            }
            idle();
            self.fill_buffer()?;
        }
    }

    /// Finds the end of the JSON value that starts here: where its brackets close, or for a scalar the next comma or
    /// line.
    fn find_value(&mut self, idle: &mut dyn FnMut()) -> io::Result<RecordEnd> {
        let mut value = ValueScanner::default();
        let mut looked = 0;
        loop {
            let (end, seen) = value.end(self.window(), looked);
            looked = seen;
            if end.unwrap_or(looked) > MAX_RECORD {
                return Ok(RecordEnd::TooLong);
            }
            if let Some(length) = end {
                return Ok(RecordEnd::Whole {
                    length,
                    taken: length,
                });
            }
            if self.ended {
                return Ok(RecordEnd::Cut);
            }
            idle();
            self.fill_buffer()?;
        }
    }

    /// Skips a record that is too long for memory.
    fn skip(&mut self, framing: Framing, idle: &mut dyn FnMut()) -> io::Result<()> {
        let mut value = ValueScanner::default();
        loop {
            let window = self.window();
            let (end, seen) = match framing {
                Framing::Lines => (memchr(b'\n', window).map(|at| at + 1), window.len()),
                Framing::Array | Framing::Values => value.end(window, 0),
            };
            self.advance(end.unwrap_or(seen));
            if end.is_some() || self.ended {
                return Ok(());
            }
            idle();
            self.fill_buffer()?;
        }
    }

    fn drop_rest(&mut self, idle: &mut dyn FnMut()) -> io::Result<()> {
        while !self.ended {
            self.advance(self.to - self.from);
            idle();
            self.fill_buffer()?;
        }
        self.advance(self.to - self.from);
        Ok(())
    }

    fn window(&self) -> &[u8] {
        self.buffer.get(self.from..self.to).unwrap_or_default()
    }

    fn advance(&mut self, bytes: usize) {
        let passed = self.buffer.get(self.from..self.from + bytes).unwrap_or_default();
        self.line += memchr_iter(b'\n', passed).count() as u64;
        self.from += bytes;
    }

    /// Reads once from the source.
    fn fill_buffer(&mut self) -> io::Result<()> {
        if self.from == self.to {
            (self.from, self.to) = (0, 0);
        } else if self.buffer.len() - self.to < CHUNK && self.from > 0 {
            self.buffer.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
        }
        if self.buffer.len() - self.to < CHUNK {
            self.buffer.resize((self.to + CHUNK).max(2 * self.to), 0);
        }
        let room = self.buffer.get_mut(self.to..).unwrap_or_default();
        let count = loop {
            match self.source.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.ended = count == 0;
        self.to += count;
        Ok(())
    }
}

/// Length of the JSON value that a text starts with.
pub(super) fn first_value(text: &[u8]) -> Option<usize> {
    ValueScanner::default().end(text, 0).0
}

/// State of a scan through a JSON value.
#[derive(Default)]
struct ValueScanner {
    depth: usize,
    in_string: bool,
    begun: bool,
}

impl ValueScanner {
    /// Scans a window from `at` on. Returns the end of the value, if it is there, and the offset at which to go on.
    fn end(&mut self, window: &[u8], mut at: usize) -> (Option<usize>, usize) {
        while let Some(byte) = window.get(at) {
            if self.in_string {
                let rest = window.get(at..).unwrap_or_default();
                match memchr2(b'"', b'\\', rest).map(|found| (at + found, rest.get(found))) {
                    None => return (None, window.len()),
                    // The escaped character has not been read yet.
                    Some((here, Some(b'\\'))) if here + 1 >= window.len() => return (None, here),
                    Some((here, Some(b'\\'))) => at = here + 2,
                    Some((here, _)) => {
                        self.in_string = false;
                        at = here + 1;
                    }
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (Some(at + 1), at + 1);
                    }
                }
                // The end of a scalar.
                b',' | b']' | b'}' | b'\n' if self.depth == 0 && self.begun => return (Some(at), at),
                _ => {}
            }
            self.begun = true;
            at += 1;
        }
        (None, at)
    }
}
