//! Counts lines and columns, only as far as identifiers are found.

use memchr::{memchr, memrchr2};

/// Unit of offsets and columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// Bytes as they are read.
    Byte,
    /// Bytes of the original UTF-16, of which the reader provides UTF-8.
    Utf16,
}

/// The position up to which the text was counted.
pub(super) struct Position {
    unit: Unit,
    /// Offset in the buffer.
    at: usize,
    offset: u64,
    line: u64,
    /// Offset of the first byte of the line.
    line_start: u64,
    /// Whether the previous byte is a CR, which an LF may follow.
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

    /// Counts up to a later offset in the buffer.
    pub(super) fn advance(&mut self, window: &[u8], to: usize) {
        let Some(passed) = window.get(self.at..to).filter(|passed| !passed.is_empty()) else {
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

    /// Adjusts the position after bytes were removed from the start of the buffer.
    pub(super) fn forget(&mut self, removed: usize) {
        self.at -= removed.min(self.at);
    }
}

impl Unit {
    fn length(self, text: &[u8]) -> u64 {
        match self {
            Self::Byte => text.len() as u64,
            // A character has two bytes, or four beyond the first plane; the UTF-8 of those begins with 0xF0 or more.
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

/// Number of occurrences of a byte. Parts of at most 255 bytes are counted in one byte each, which the compiler vectorizes.
fn count(text: &[u8], byte: u8) -> u64 {
    let parts = text.chunks(240);
    parts
        .map(|part| u64::from(part.iter().map(|it| u8::from(*it == byte)).sum::<u8>()))
        .sum()
}

/// Number of CR followed by LF.
fn pairs(text: &[u8]) -> u64 {
    let behind = text.get(1..).unwrap_or_default();
    text.iter()
        .zip(behind)
        .map(|(first, second)| u64::from(*first == b'\r' && *second == b'\n'))
        .sum()
}
