//! Lines and columns, counted only as far as something was found, at the speed of memory.

use memchr::{memchr, memrchr2};

/// What offsets and columns are counted in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// The bytes as they are read.
    Byte,
    /// The bytes of the UTF-16 that what is read was made from.
    Utf16,
}

/// How far the text is counted, and what was counted.
pub(super) struct Position {
    unit: Unit,
    /// The same place in the buffer.
    at: usize,
    offset: u64,
    line: u64,
    /// The offset of the line's first byte.
    line_start: u64,
    /// Whether the byte before is a CR, whose LF may follow.
    after_cr: bool,
}

impl Position {
    pub(super) fn new(unit: Unit) -> Self {
        Self {
            unit,
            at: 0,
            offset: 0,
            line: 1,
            line_start: 0,
            after_cr: false,
        }
    }

    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn column(&self) -> u64 {
        self.offset - self.line_start + 1
    }

    /// Counts on to this place in the buffer; never back.
    pub(super) fn advance(&mut self, held: &[u8], to: usize) {
        let Some(passed) = held.get(self.at..to).filter(|passed| !passed.is_empty()) else {
            return;
        };
        let mut lines = count(passed, b'\n');
        if self.after_cr && passed.first() == Some(&b'\n') {
            lines -= 1;
        }
        if memchr(b'\r', passed).is_some() {
            lines += count(passed, b'\r') - pairs(passed);
        }
        self.line += lines;
        if let Some(last) = memrchr2(b'\n', b'\r', passed) {
            let line = passed.get(..=last).unwrap_or_default();
            self.line_start = self.offset + self.unit.length(line);
        }
        self.offset += self.unit.length(passed);
        self.after_cr = passed.last() == Some(&b'\r');
        self.at = to;
    }

    /// So many bytes have left the buffer.
    pub(super) fn forget(&mut self, gone: usize) {
        self.at -= gone.min(self.at);
    }
}

impl Unit {
    fn length(self, text: &[u8]) -> u64 {
        match self {
            Self::Byte => text.len() as u64,
            // Two bytes a character, four beyond the first plane, whose UTF-8 begins with 0xF0 and above.
            Self::Utf16 => text
                .iter()
                .map(|byte| match byte {
                    0x80..0xc0 => 0,
                    0xf0.. => 4,
                    _ => 2,
                })
                .sum(),
        }
    }
}

/// How often a byte occurs. Parts that a byte can count are added in registers.
fn count(text: &[u8], byte: u8) -> u64 {
    let parts = text.chunks(240);
    parts
        .map(|part| u64::from(part.iter().map(|it| u8::from(*it == byte)).sum::<u8>()))
        .sum()
}

/// How many CR have their LF right behind.
fn pairs(text: &[u8]) -> u64 {
    let behind = text.get(1..).unwrap_or_default();
    text.iter()
        .zip(behind)
        .map(|(first, second)| u64::from(*first == b'\r' && *second == b'\n'))
        .sum()
}
