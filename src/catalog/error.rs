//! Errors of catalog files: the record and the key that are wrong, and what is wrong with them.
//!
//! The fast reader does not track paths. Only a file that could not be read is read again to find the place.

use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_path_to_error::Segment;

use super::MAX_BYTES;

/// An error in a catalog file. Its text follows the name of the file and a colon.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// The file has more than [`MAX_BYTES`].
    #[error("larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    /// The file has nothing but white space.
    #[error("empty")]
    Empty,
    /// The file is not JSON, or is cut off.
    #[error("not JSON: {reason} at line {line}, column {column}")]
    Syntax {
        /// What is wrong there.
        reason: String,
        /// Line, counted from 1.
        line: usize,
        /// Column in bytes, counted from 1; 0 directly after a line break.
        column: usize,
    },
    /// A key of the catalog itself is wrong.
    #[error("{}{reason}", before(key.as_deref()))]
    Key {
        /// Path of the key: `as_of`, `areas[2].zh`; `None` if the whole value is wrong.
        key: Option<String>,
        /// What is wrong with it.
        reason: String,
    },
    /// A paper is wrong.
    #[error("papers[{index}]{}: {}{reason}", in_brackets(name.as_deref()), before(key.as_deref()))]
    Record {
        /// Index of the paper, counted from 0.
        index: usize,
        /// Identifier of the paper, else its title, if either can be read.
        name: Option<String>,
        /// Path of the key: `published`, `authors[2].name`; `None` if the whole paper is wrong.
        key: Option<String>,
        /// What is wrong with it.
        reason: String,
    },
}

fn before(key: Option<&str>) -> String {
    key.map(|key| format!("{key}: ")).unwrap_or_default()
}

fn in_brackets(name: Option<&str>) -> String {
    name.map(|name| format!(" ({name})")).unwrap_or_default()
}

impl Error {
    pub(super) fn syntax(error: &serde_json::Error) -> Self {
        Self::Syntax {
            reason: reason(error),
            line: error.line(),
            column: error.column(),
        }
    }
}

/// Finds the place of an error in bytes that could not be read as a `T`, a catalog or an array of papers.
pub(super) fn explain<'de, T: Deserialize<'de>>(bytes: &'de [u8], error: &serde_json::Error) -> Error {
    let Some((path, reason)) = locate::<T>(bytes, error) else {
        return Error::syntax(error);
    };
    let in_papers = match path.as_slice() {
        [Segment::Map { key }, rest @ ..] if key == "papers" => rest,
        all => all,
    };
    match in_papers {
        [Segment::Seq { index }, key @ ..] => Error::Record {
            index: *index,
            name: name_of_nth(bytes, *index),
            key: path_text(key),
            reason,
        },
        _ => Error::Key {
            key: path_text(&path),
            reason,
        },
    }
}

/// Finds the place of an error in the first JSON value of these bytes, the paper with this index.
pub(super) fn explain_line<'de, T: Deserialize<'de>>(
    bytes: &'de [u8],
    index: usize,
    error: &serde_json::Error,
) -> Error {
    let Some((path, reason)) = locate::<T>(bytes, error) else {
        return Error::syntax(error);
    };
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    Error::Record {
        index,
        name: values.next().and_then(Result::ok).as_ref().and_then(name),
        key: path_text(&path),
        reason,
    }
}

/// Returns the path to the wrong value and the reason, or `None` if the bytes are not valid JSON.
fn locate<'de, T: Deserialize<'de>>(
    bytes: &'de [u8],
    error: &serde_json::Error,
) -> Option<(Vec<Segment>, String)> {
    if !error.is_data() {
        return None;
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(&mut json) {
        Err(found) => Some((found.path().iter().cloned().collect(), reason(found.inner()))),
        Ok(_) => Some((Vec::new(), reason(error))),
    }
}

/// The message of `serde_json` without the place, and in plainer words for a missing key.
fn reason(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let text = text.strip_suffix(&place).unwrap_or(&text);
    match text
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
    {
        Some(key) => format!("{key} is missing"),
        None => text.to_owned(),
    }
}

/// A path as text: `authors[2].name`; `None` for the empty path.
fn path_text(path: &[Segment]) -> Option<String> {
    let mut text = String::new();
    for segment in path {
        if !text.is_empty() && !matches!(segment, Segment::Seq { .. }) {
            text.push('.');
        }
        text.push_str(&segment.to_string());
    }
    (!text.is_empty()).then_some(text)
}

/// A record's identifier, else its title.
fn name(record: &Value) -> Option<String> {
    /// A title longer than this would fill several lines of the error message.
    const MAX_CHARS: usize = 80;
    let text = ["id", "title"]
        .iter()
        .find_map(|key| record.get(key)?.as_str().filter(|text| !text.trim().is_empty()))?;
    Some(text.trim().chars().take(MAX_CHARS).collect())
}

/// The name of the record with this index, in an array or in the array under `papers`.
fn name_of_nth(bytes: &[u8], index: usize) -> Option<String> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    NthRecordName(index).deserialize(&mut json).ok().flatten()
}

/// Deserializes the name of one record and skips all others.
struct NthRecordName(usize);

impl<'de> DeserializeSeed<'de> for NthRecordName {
    type Value = Option<String>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NthRecordName {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of papers, or an object that has one")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == "papers" {
                found = map.next_value_seed(Self(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut records: A) -> Result<Self::Value, A::Error> {
        for _ in 0..self.0 {
            records.next_element::<IgnoredAny>()?;
        }
        let found = records.next_element::<Value>()?;
        while records.next_element::<IgnoredAny>()?.is_some() {}
        Ok(found.as_ref().and_then(name))
    }
}
