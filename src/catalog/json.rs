//! Reader of catalog files: a JSON object, a JSON array of papers, or JSON Lines.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

use super::MAX_BYTES;
use super::error::{self, Error};
use crate::model::date::Stamp;
use crate::model::lang::Area;
use crate::model::paper::Paper;

/// A catalog file.
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
    /// Takes the papers out of the file and validates each.
    pub fn take_papers(&mut self) -> Result<Vec<Paper>, Error> {
        let records = std::mem::take(&mut self.papers).into_iter().enumerate();
        records
            .map(|(index, JsonObject(mut paper))| {
                validate(&paper).map_err(|(key, reason)| Error::Record {
                    index,
                    name: Some(paper.id.to_string()),
                    key: Some(key.to_owned()),
                    reason: reason.to_owned(),
                })?;
                normalize(&mut paper);
                Ok(paper)
            })
            .collect()
    }
}

fn validate(paper: &Paper) -> Result<(), (&'static str, &'static str)> {
    if paper.title.trim().is_empty() {
        return Err(("title", "empty"));
    }
    if paper.version == Some(0) {
        return Err(("version", "versions are counted from 1"));
    }
    Ok(())
}

/// Makes `doi` and `dois` agree, and drops `library`: a file must not claim what a user tagged or downloaded.
fn normalize(paper: &mut Paper) {
    let mut dois = std::mem::take(&mut paper.dois);
    if let Some(doi) = paper.doi.take()
        && !dois.contains(&doi)
    {
        dois.insert(0, doi);
    }
    paper.set_dois(dois);
    paper.library = None;
}

/// Reads papers in the JSON of this program: `{papers: [...]}`, a bare array, or JSON Lines.
///
/// A paper may occur more than once. Keys about a library are dropped.
///
/// # Errors
///
/// If the bytes are not such JSON, a record is invalid, or there are more than [`MAX_BYTES`].
pub fn papers(bytes: &[u8]) -> Result<Vec<Paper>, Error> {
    read(bytes)?.take_papers()
}

/// Detects which of the three forms the bytes have, and reads them.
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

/// Reads a file of the form `{name, as_of, areas, papers}`.
pub(super) fn read_object(bytes: &[u8]) -> Result<CatalogFile, Error> {
    // Validating the file as UTF-8 once is faster than validating every string.
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
                return Err(error::explain_line::<JsonObject<Paper>>(
                    &bytes[start..],
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

/// Whether the first value is an object with the key `papers`. Returns `true` also for a value that is not an object, so
/// that the reader of objects reports it.
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

/// A value that has to be a JSON object: a derived `Deserialize` also accepts an array of the fields.
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
