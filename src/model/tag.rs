//! A tag: a word or a few, by which the user finds papers again.

use unicode_normalization::UnicodeNormalization;

use super::text;

/// No tag is longer, in bytes.
const LONGEST: usize = 100;

/// A tag as it is stored: composed, on one line, trimmed. What is wrong with one that is none is told as a sentence.
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
