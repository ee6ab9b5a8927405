//! Decodes text files that are not UTF-8.

use std::borrow::Cow;

/// Characters of the bytes 0x80 to 0x9F in Windows-1252 (WHATWG Encoding Standard). All other bytes are Latin-1.
const HIGH_CONTROLS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// A decoded text file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecodedText<'a> {
    /// The text, without a byte-order mark.
    pub text: Cow<'a, str>,
    /// Number of lines that are not UTF-8 and were decoded as Windows-1252.
    pub windows_1252_lines: usize,
}

/// Decodes UTF-8, and line by line Windows-1252 where a line is not UTF-8: concatenated bibliographies often mix the
/// two. Windows-1252 gives every byte a character, so decoding cannot fail; what it may give is the wrong character.
#[must_use]
pub fn decode(bytes: &[u8]) -> DecodedText<'_> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return DecodedText {
            text: Cow::Borrowed(text),
            windows_1252_lines: 0,
        };
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut windows_1252_lines = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Ok(line) = std::str::from_utf8(line) {
            text.push_str(line);
        } else {
            windows_1252_lines += 1;
            text.extend(line.iter().map(|byte| match byte {
                0x80..=0x9f => HIGH_CONTROLS[usize::from(byte - 0x80)],
                byte => char::from(*byte),
            }));
        }
    }
    DecodedText {
        text: Cow::Owned(text),
        windows_1252_lines,
    }
}
