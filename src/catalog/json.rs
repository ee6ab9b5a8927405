//! The JSON of catalogs and papers: bytes to records, in any of three forms.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

use super::MAX_BYTES;
use super::error::{self, Error};
use crate::model::date::Stamp;
use crate::model::lang::Area;
use crate::model::paper::Paper;

/// A catalog as its file has it.
#[derive(Deserialize, Default)]
pub(super) struct CatalogFile {
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub as_of: Option<Stamp>,
    #[serde(default)]
    pub areas: Vec<Area>,
    papers: Vec<JsonObject<Paper>>,
}

impl CatalogFile {
    /// The papers, with what can be wrong in one beyond its form looked at.
    pub fn take_papers(&mut self) -> Result<Vec<Paper>, Error> {
        let records = std::mem::take(&mut self.papers).into_iter().enumerate();
        records
            .map(|(index, JsonObject(mut paper))| {
                check(&paper).map_err(|(key, reason)| Error::Record {
                    index,
                    name: Some(paper.id.to_string()),
                    key: Some(key.to_owned()),
                    reason: reason.to_owned(),
                })?;
                tidy(&mut paper);
                Ok(paper)
            })
            .collect()
    }
}

fn check(paper: &Paper) -> Result<(), (&'static str, &'static str)> {
    if paper.title.trim().is_empty() {
        return Err(("title", "empty"));
    }
    if paper.version == Some(0) {
        return Err(("version", "versions are counted from 1"));
    }
    Ok(())
}

/// `doi` and `dois` say the same, and no file says what a user's library holds.
fn tidy(paper: &mut Paper) {
    let mut dois = std::mem::take(&mut paper.dois);
    if let Some(doi) = paper.doi.take()
        && !dois.contains(&doi)
    {
        dois.insert(0, doi);
    }
    paper.set_dois(dois);
    paper.library = None;
}

/// Papers in our JSON: `{papers: [...]}`, a bare array, or JSON Lines. At most [`MAX_BYTES`].
///
/// The records are as the file has them, less what they say of a library; one paper may come more than once.
pub fn papers(bytes: &[u8]) -> Result<Vec<Paper>, Error> {
    read(bytes)?.take_papers()
}

/// Reads whichever form it is.
pub(super) fn read(bytes: &[u8]) -> Result<CatalogFile, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge);
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => Err(Error::Empty),
        Some(b'[') => Ok(CatalogFile {
            papers: serde_json::from_slice(bytes)
                .map_err(|error| error::explain::<Vec<JsonObject<Paper>>>(bytes, &error))?,
            ..CatalogFile::default()
        }),
        Some(_) if has_papers(bytes)? => read_object(bytes),
        Some(_) => read_lines(bytes),
    }
}

/// Reads the form `{name, as_of, areas, papers}`.
pub(super) fn read_object(bytes: &[u8]) -> Result<CatalogFile, Error> {
    // What is known to be text as a whole need not be looked at string by string.
    let read: serde_json::Result<JsonObject<CatalogFile>> = match str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    };
    match read {
        Ok(JsonObject(file)) => Ok(file),
        Err(error) => Err(error::explain::<JsonObject<CatalogFile>>(bytes, &error)),
    }
}

fn read_lines(bytes: &[u8]) -> Result<CatalogFile, Error> {
    let mut papers = Vec::new();
    let mut stream = serde_json::Deserializer::from_slice(bytes).into_iter::<JsonObject<Paper>>();
    loop {
        let start = stream.byte_offset();
        match stream.next() {
            None => break,
            Some(Ok(record)) => papers.push(record),
            Some(Err(error)) => {
                let rest = bytes.get(start..).unwrap_or_default();
                return Err(error::explain_line::<JsonObject<Paper>>(
                    rest,
                    papers.len(),
                    &error,
                ));
            }
        }
    }
    Ok(CatalogFile {
        papers,
        ..CatalogFile::default()
    })
}

/// Whether the first value is an object with the key `papers`. What is no object at all counts too: the reader of that
/// form says so.
fn has_papers(bytes: &[u8]) -> Result<bool, Error> {
    #[derive(Deserialize)]
    struct PapersProbe {
        papers: Option<IgnoredAny>,
    }
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<JsonObject<PapersProbe>>();
    match values.next() {
        Some(Ok(JsonObject(probe))) => Ok(probe.papers.is_some()),
        Some(Err(error)) if !error.is_data() => Err(Error::syntax(&error)),
        Some(Err(_)) | None => Ok(true),
    }
}

/// A value that must be a JSON object: a derived `Deserialize` alone would take an array of its fields too.
struct JsonObject<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for JsonObject<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = JsonObject<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, keys: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(keys)).map(JsonObject)
            }
        }
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}
