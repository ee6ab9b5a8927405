//! Bytes as they come, cut into records: lines, the elements of an array, or values one after another.
//!
//! Held in memory is one record at a time, and what was read beyond it.

use std::io::{self, Read};

use memchr::{memchr, memchr_iter, memchr2};

/// No record may be longer, in bytes: 8 MiB. Those of papers with thousands of authors have less than three.
pub const MAX_RECORD: usize = 8 << 20;

/// Bytes asked for at once.
const CHUNK: usize = 256 << 10;

/// What stands between records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Framing {
    /// The end of a line.
    Lines,
    /// Commas, within the brackets of a JSON array.
    Array,
    /// Nothing but perhaps white space: JSON values one after another, each over several lines.
    Values,
}

/// Bytes from somewhere, with their beginning to be looked at.
pub struct RecordStream<'r> {
    source: &'r mut dyn Read,
    /// What is read and not used yet: from `from` to `to`.
    held: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
    /// The line that `from` is in, counted from 1.
    line: u64,
    /// Within an array: none before its bracket, then whether it is open.
    array: Option<bool>,
}

/// What may be a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RawRecord<'a> {
    /// The line it begins in, counted from 1.
    pub line: u64,
    /// Its bytes without white space around, or why there is none to be had.
    pub bytes: Result<&'a [u8], &'static str>,
}

/// How a record was found.
enum Found {
    /// So many bytes long; so many are gone past with what ends it.
    Whole {
        length: usize,
        taken: usize,
    },
    TooLong,
    /// The end came first.
    Cut,
}

impl<'r> RecordStream<'r> {
    /// Reads nothing yet.
    pub fn new(source: &'r mut dyn Read) -> Self {
        Self {
            source,
            held: Vec::new(),
            from: 0,
            to: 0,
            ended: false,
            line: 1,
            array: None,
        }
    }

    /// The beginning: as much as `judge` wants before it says something, told also when there is no more.
    pub fn judge<T>(&mut self, judge: impl Fn(&[u8], bool) -> Option<T>) -> io::Result<Option<T>> {
        loop {
            if let Some(verdict) = judge(self.window(), self.ended) {
                return Ok(Some(verdict));
            }
            if self.ended {
                return Ok(None);
            }
            self.more()?;
        }
    }

    /// Everything that is left, where that is at most so many bytes.
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

    /// The next piece; none at the end. `idle` is called before each time that bytes are waited for.
    pub fn next(&mut self, cut: Framing, idle: &mut dyn FnMut()) -> io::Result<Option<RawRecord<'_>>> {
        if !self.begin(cut, idle)? {
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
        if cut == Framing::Array && self.array == Some(false) {
            self.drop_rest(idle)?;
            return broken("something follows the array");
        }
        let found = match cut {
            Framing::Lines => self.find_line(idle)?,
            Framing::Array | Framing::Values => self.find_value(idle)?,
        };
        match found {
            Found::Whole { length, taken } => {
                let start = self.from;
                self.advance(taken);
                let bytes = self.held.get(start..start + length).unwrap_or_default();
                let bytes = Ok(bytes.trim_ascii());
                Ok(Some(RawRecord { line, bytes }))
            }
            Found::TooLong => {
                self.skip(cut, idle)?;
                broken("it is longer than 8 MiB")
            }
            Found::Cut => {
                self.advance(self.to - self.from);
                self.array = self.array.and(Some(false));
                broken("it breaks off")
            }
        }
    }

    /// Goes to where the next piece begins; false where none does.
    fn begin(&mut self, cut: Framing, idle: &mut dyn FnMut()) -> io::Result<bool> {
        loop {
            let window = self.window();
            let blank = |byte: &u8| byte.is_ascii_whitespace() || (*byte == b',' && cut == Framing::Array);
            let skipped = window.iter().take_while(|byte| blank(byte)).count();
            let next = window.get(skipped).copied();
            self.advance(skipped);
            match (next, cut) {
                // A byte-order mark; files put together may have one at the beginning of each.
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
                    self.more()?;
                }
                // An array that is not closed: the piece that breaks off.
                (None, _) => return Ok(cut == Framing::Array && self.array.replace(false) == Some(true)),
            }
        }
    }

    fn starts_with(&mut self, bytes: &[u8], idle: &mut dyn FnMut()) -> io::Result<bool> {
        while self.window().len() < bytes.len() && !self.ended {
            idle();
            self.more()?;
        }
        Ok(self.window().starts_with(bytes))
    }

    fn find_line(&mut self, idle: &mut dyn FnMut()) -> io::Result<Found> {
        let mut looked = 0;
        loop {
            let window = self.window();
            let end = memchr(b'\n', window.get(looked..).unwrap_or_default()).map(|at| looked + at);
            looked = window.len();
            let length = end.unwrap_or(looked);
            if length > MAX_RECORD {
                return Ok(Found::TooLong);
            }
            if end.is_some() || self.ended {
                let taken = length + usize::from(end.is_some());
                return Ok(Found::Whole { length, taken });
            }
            idle();
            self.more()?;
        }
    }

    /// The end of the value that begins here: where its brackets are closed, else before the next comma or line.
    fn find_value(&mut self, idle: &mut dyn FnMut()) -> io::Result<Found> {
        let mut value = Value::default();
        let mut looked = 0;
        loop {
            let (end, seen) = value.end(self.window(), looked);
            looked = seen;
            if end.unwrap_or(looked) > MAX_RECORD {
                return Ok(Found::TooLong);
            }
            if let Some(length) = end {
                return Ok(Found::Whole {
                    length,
                    taken: length,
                });
            }
            if self.ended {
                return Ok(Found::Cut);
            }
            idle();
            self.more()?;
        }
    }

    /// Goes past a piece that is too long to be held.
    fn skip(&mut self, cut: Framing, idle: &mut dyn FnMut()) -> io::Result<()> {
        let mut value = Value::default();
        loop {
            let window = self.window();
            let (end, seen) = match cut {
                Framing::Lines => (memchr(b'\n', window).map(|at| at + 1), window.len()),
                Framing::Array | Framing::Values => value.end(window, 0),
            };
            self.advance(end.unwrap_or(seen));
            if end.is_some() || self.ended {
                return Ok(());
            }
            idle();
            self.more()?;
        }
    }

    fn drop_rest(&mut self, idle: &mut dyn FnMut()) -> io::Result<()> {
        while !self.ended {
            self.advance(self.to - self.from);
            idle();
            self.more()?;
        }
        self.advance(self.to - self.from);
        Ok(())
    }

    fn window(&self) -> &[u8] {
        self.held.get(self.from..self.to).unwrap_or_default()
    }

    fn advance(&mut self, bytes: usize) {
        let passed = self.held.get(self.from..self.from + bytes).unwrap_or_default();
        self.line += memchr_iter(b'\n', passed).count() as u64;
        self.from += bytes;
    }

    /// Reads once.
    fn more(&mut self) -> io::Result<()> {
        if self.from == self.to {
            (self.from, self.to) = (0, 0);
        } else if self.held.len() - self.to < CHUNK && self.from > 0 {
            self.held.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
        }
        if self.held.len() - self.to < CHUNK {
            self.held.resize((self.to + CHUNK).max(2 * self.to), 0);
        }
        let room = self.held.get_mut(self.to..).unwrap_or_default();
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

/// Where the JSON value that a text begins with ends.
pub(super) fn first_value(text: &[u8]) -> Option<usize> {
    Value::default().end(text, 0).0
}

/// How far into a JSON value one is.
#[derive(Default)]
struct Value {
    depth: usize,
    in_string: bool,
    begun: bool,
}

impl Value {
    /// The end of the value, if it is in this window, which was looked at up to `at`; and how far that is now.
    fn end(&mut self, window: &[u8], mut at: usize) -> (Option<usize>, usize) {
        while let Some(byte) = window.get(at) {
            if self.in_string {
                let rest = window.get(at..).unwrap_or_default();
                match memchr2(b'"', b'\\', rest).map(|found| (at + found, rest.get(found))) {
                    None => return (None, window.len()),
                    // What is escaped may not have come yet.
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
                // After something that has no brackets.
                b',' | b']' | b'}' | b'\n' if self.depth == 0 && self.begun => return (Some(at), at),
                _ => {}
            }
            self.begun = true;
            at += 1;
        }
        (None, at)
    }
}
