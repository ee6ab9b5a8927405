//! Tags: the user's own labels of papers.

use unicode_normalization::UnicodeNormalization;

use super::text;

/// Maximal length of a tag in bytes, so that lists of tags stay readable.
const LONGEST: usize = 100;

/// Returns the tag as it is stored: in NFC, trimmed, on one line. The error is a sentence for the user.
pub fn parse(typed: &str) -> Result<String, String> {
    let name: String = typed.trim().nfc().collect();
    if name.is_empty() {
        Err("a tag cannot be empty".to_owned())
    } else if name.len() > LONGEST {
        Err(format!(
            "a tag has at most {LONGEST} bytes, and this one has {}",
            name.len()
        ))
    } else if name.chars().any(text::is_unprintable) {
        Err("a tag cannot have line breaks, tabs or characters that cannot be seen".to_owned())
    } else if name.contains([',', ';']) {
        Err(format!(
            "`{name}` has a comma or a semicolon, and lists of tags are written with them"
        ))
    } else {
        Ok(name)
    }
}
