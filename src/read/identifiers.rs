//! Reads identifiers from text, one per line, or from JSON.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Maximum size of the input: 64 MiB.
pub const MAX_BYTES: usize = 64 << 20;

/// Maximum number of identifiers; arXiv has three million papers.
const MAX_IDENTIFIERS: usize = 4_000_000;

/// Number of bytes of a line that are examined. No identifier is longer; the rest of the line may have any length.
const MAX_LINE: usize = 4096;

/// Text that may be an identifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdentifierText<'a> {
    /// The trimmed line or the JSON string, at most 4096 bytes of it.
    pub given: Cow<'a, str>,
}

impl IdentifierText<'_> {
    /// The text up to the first tab or space. A short name may contain spaces (`DeepSeek LLM`), so if this is not an
    /// identifier, [`name`](Self::name) may still be one.
    #[must_use]
    pub fn identifier(&self) -> &str {
        self.given.split(['\t', ' ']).next().unwrap_or_default()
    }

    /// The text up to the first tab.
    #[must_use]
    pub fn name(&self) -> &str {
        self.given.split('\t').next().unwrap_or_default()
    }
}

/// Why no identifiers can be read, as a clause to follow the name of the input.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// The input is larger than [`MAX_BYTES`].
    #[error("larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    /// The input has more than four million identifiers.
    #[error("more than {MAX_IDENTIFIERS} identifiers")]
    TooMany,
    /// The input starts like JSON and is invalid, or has no identifiers.
    #[error("{reason} at line {line}, column {column}")]
    Json {
        /// What is wrong.
        reason: String,
        /// Line, counted from 1.
        line: usize,
        /// Column in bytes, counted from 1; 0 at the end of a line.
        column: usize,
    },
}

/// The identifiers in these bytes, in order, repeated ones too.
///
/// One a line: the text up to the first tab or space; blank lines and those that begin with `#` are skipped. What
/// begins with `[`, `{` or `"` is JSON: an array or JSON Lines of strings or of objects with the key `id`, or a
/// catalog, which has them under `papers`. Bytes that are no UTF-8 become U+FFFD, which no identifier has.
pub fn identifiers(bytes: &[u8]) -> Result<Vec<IdentifierText<'_>>, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge);
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[' | b'{' | b'"') => from_json(bytes),
        _ => from_lines(bytes),
    }
}

fn from_lines(bytes: &[u8]) -> Result<Vec<IdentifierText<'_>>, Error> {
    let all: Vec<IdentifierText<'_>> = bytes
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .map(|line| trimmed(String::from_utf8_lossy(line.get(..MAX_LINE).unwrap_or(line))))
        .filter(|trimmed| !trimmed.given.is_empty() && !trimmed.given.starts_with('#'))
        .take(MAX_IDENTIFIERS + 1)
        .collect();
    if all.len() > MAX_IDENTIFIERS {
        return Err(Error::TooMany);
    }
    Ok(all)
}

fn from_json(bytes: &[u8]) -> Result<Vec<IdentifierText<'_>>, Error> {
    let mut all = Vec::new();
    for value in serde_json::Deserializer::from_slice(bytes).into_iter::<ValueIdentifiers<'_>>() {
        let ValueIdentifiers(mut names) = value.map_err(|error| at(&error))?;
        all.append(&mut names);
        if all.len() > MAX_IDENTIFIERS {
            return Err(Error::TooMany);
        }
    }
    Ok(all)
}

/// Trims a text. Concatenated files may have a byte-order mark at the start of any line.
fn trimmed(text: Cow<'_, str>) -> IdentifierText<'_> {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let given = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_blank)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(is_blank).to_owned()),
    };
    IdentifierText { given }
}

fn at(error: &serde_json::Error) -> Error {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    Error::Json {
        reason: text.strip_suffix(&place).unwrap_or(&text).to_owned(),
        line: error.line(),
        column: error.column(),
    }
}

/// The identifiers of one JSON value. If there are too many, the rest is not read.
struct ValueIdentifiers<'a>(Vec<IdentifierText<'a>>);

impl<'de> Deserialize<'de> for ValueIdentifiers<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut all = Vec::new();
        match deserializer.deserialize_any(IdentifierCollector(&mut all)) {
            Err(error) if all.len() <= MAX_IDENTIFIERS => Err(error),
            _ => Ok(Self(all)),
        }
    }
}

/// Collects the identifiers of a string, of an object with `id` or `papers`, or of an array of these, up to one more
/// than the maximum. `serde_json` limits the nesting.
struct IdentifierCollector<'all, 'de>(&'all mut Vec<IdentifierText<'de>>);

impl<'de> IdentifierCollector<'_, 'de> {
    fn add<E: serde::de::Error>(self, text: Cow<'de, str>) -> Result<(), E> {
        self.0.push(trimmed(text));
        if self.0.len() > MAX_IDENTIFIERS {
            return Err(E::custom(Error::TooMany));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for IdentifierCollector<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for IdentifierCollector<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identifier in quotes or an object with `id`")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<(), E> {
        self.add(Cow::Borrowed(start(text)))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.add(Cow::Owned(start(text).to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        while values.next_element_seed(IdentifierCollector(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let before = self.0.len();
        let mut found = false;
        while let Some(key) = object.next_key::<Cow<'de, str>>()? {
            if key == "id" || key == "papers" {
                self.0.truncate(before);
                object.next_value_seed(IdentifierCollector(self.0))?;
                found = true;
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        if found {
            return Ok(());
        }
        Err(A::Error::custom("an object without `id`"))
    }
}

/// The first [`MAX_LINE`] bytes, without cutting a character.
fn start(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_LINE)).unwrap_or(text)
}
