//! Reads UTF-16 as UTF-8, for texts that begin with its byte-order mark.

use std::io::{self, Read};

/// Byte order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Order {
    /// The low byte first.
    Little,
    /// The high byte first.
    Big,
}

impl Order {
    /// Byte order according to the byte-order mark; `None` if the text has none.
    pub(super) fn of(start: &[u8]) -> Option<Self> {
        match start {
            [0xff, 0xfe, ..] => Some(Self::Little),
            [0xfe, 0xff, ..] => Some(Self::Big),
            _ => None,
        }
    }

    fn unit(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }
}

/// A reader of UTF-16 that yields UTF-8. Each invalid unit becomes U+FFFD.
pub(super) struct Utf8<R> {
    text: R,
    order: Order,
    /// Bytes that were read but not yet decoded: half a unit or half a surrogate pair.
    rest: Vec<u8>,
    /// Decoded text, and how much of it was returned.
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf8<R> {
    pub(super) fn new(text: R, order: Order) -> Self {
        Self {
            text,
            order,
            rest: Vec::new(),
            ready: Vec::new(),
            given: 0,
        }
    }

    fn read_on(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() {
            let mut bytes = [0; 16 << 10];
            let count = self.text.read(&mut bytes)?;
            self.rest
                .extend_from_slice(bytes.get(..count).unwrap_or_default());
            let ended = count == 0;
            let (units, half) = self.rest.as_chunks::<2>();
            let mut units: Vec<u16> = units.iter().map(|unit| self.order.unit(*unit)).collect();
            let mut kept = half.to_vec();
            // The first half of a surrogate pair waits for the second.
            if !ended && let Some(0xd800..0xdc00) = units.last() {
                units.pop();
                let from = self.rest.len() - half.len() - 2;
                kept = self.rest.get(from..).unwrap_or_default().to_vec();
            }
            for c in char::decode_utf16(units) {
                let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
                self.ready
                    .extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            self.rest = kept;
            if ended {
                self.rest.clear();
                break;
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.read_on()?;
        }
        let ready = self.ready.get(self.given..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}
