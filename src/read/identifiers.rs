//! Identifiers one a line, or taken from our JSON by `id`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The longest input that is read: 64 MiB.
pub const MAX_BYTES: usize = 64 << 20;

/// So many identifiers are read; arXiv has three million papers.
const MOST: usize = 4_000_000;

/// Of a line, so many bytes are looked at. No identifier is as long, and what follows one may be any length.
const MAX_LINE: usize = 4096;

/// An identifier as somebody wrote it; whether it is one is not known yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked<'a> {
    /// The line, trimmed, or the string in the JSON; at most 4096 bytes of it.
    pub given: Cow<'a, str>,
}

impl Asked<'_> {
    /// What to look for: the text up to the first tab or space. A short name may have spaces (`DeepSeek LLM`): where
    /// this is no identifier, [`given`](Self::given) up to the first tab may still be one.
    #[must_use]
    pub fn identifier(&self) -> &str {
        self.given.split(['\t', ' ']).next().unwrap_or_default()
    }

    /// All of it up to the first tab.
    #[must_use]
    pub fn name(&self) -> &str {
        self.given.split('\t').next().unwrap_or_default()
    }
}

/// Why input holds no identifiers, as words to follow its name and a colon.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// More than [`MAX_BYTES`].
    #[error("larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    /// More than four million lines.
    #[error("more than {MOST} identifiers")]
    TooMany,
    /// It begins as JSON and is not, or is JSON without identifiers.
    #[error("{reason} at line {line}, column {column}")]
    Json {
        /// What is wrong there.
        reason: String,
        /// Counted from 1.
        line: usize,
        /// In bytes, counted from 1; 0 where a line has just ended.
        column: usize,
    },
}

/// The identifiers in these bytes, in order, repeated ones too.
///
/// One a line: the text up to the first tab or space; blank lines and those that begin with `#` are skipped. What
/// begins with `[`, `{` or `"` is JSON: an array or JSON Lines of strings or of objects with the key `id`, or a
/// catalog, which has them under `papers`. Bytes that are no UTF-8 become U+FFFD, which no identifier has.
pub fn identifiers(bytes: &[u8]) -> Result<Vec<Asked<'_>>, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge);
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let all = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[' | b'{' | b'"') => from_json(bytes)?,
        _ => from_lines(bytes),
    };
    if all.len() > MOST {
        Err(Error::TooMany)
    } else {
        Ok(all)
    }
}

fn from_lines(bytes: &[u8]) -> Vec<Asked<'_>> {
    bytes
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .map(|line| asked(String::from_utf8_lossy(line.get(..MAX_LINE).unwrap_or(line))))
        .filter(|asked| !asked.given.is_empty() && !asked.given.starts_with('#'))
        .take(MOST + 1)
        .collect()
}

fn from_json(bytes: &[u8]) -> Result<Vec<Asked<'_>>, Error> {
    let mut all = Vec::new();
    for value in serde_json::Deserializer::from_slice(bytes).into_iter::<Named<'_>>() {
        let Named(mut names) = value.map_err(|error| at(&error))?;
        all.append(&mut names);
    }
    Ok(all)
}

/// Trimmed; files put together may have a byte-order mark at the beginning of any line.
fn asked(text: Cow<'_, str>) -> Asked<'_> {
    let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let given = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_blank)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(is_blank).to_owned()),
    };
    Asked { given }
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

/// The identifiers of a string, of an object with `id` or `papers`, or of an array of these. `serde_json` bounds how
/// deep arrays are nested.
struct Named<'a>(Vec<Asked<'a>>);

impl<'de> Deserialize<'de> for Named<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Names).map(Self)
    }
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Vec<Asked<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identifier in quotes or an object with `id`")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(vec![asked(Cow::Borrowed(start(text)))])
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(vec![asked(Cow::Owned(start(text).to_owned()))])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self::Value, A::Error> {
        let mut all = Vec::new();
        while let Some(Named(mut names)) = values.next_element()? {
            all.append(&mut names);
        }
        Ok(all)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = object.next_key::<Cow<'de, str>>()? {
            if key == "id" || key == "papers" {
                let Named(names) = object.next_value()?;
                found = Some(names);
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        found.ok_or_else(|| A::Error::custom("an object without `id`"))
    }
}

/// The first [`MAX_LINE`] bytes, less a character that they would cut.
fn start(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_LINE)).unwrap_or(text)
}
