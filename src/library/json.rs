//! Records as JSON in the database. Keys without a value are left out, which saves a fifth of the space.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::store::{DbResult, damaged};
use crate::model::paper::Paper;

/// Initial buffer size in bytes; few records are longer.
const TYPICAL_SIZE: usize = 4 << 10;

/// Serializes a record.
pub fn serialize(paper: &Paper) -> DbResult<String> {
    let mut text = Vec::with_capacity(TYPICAL_SIZE);
    serde_json::to_writer(&mut text, &NonEmptyKeys(paper)).map_err(damaged)?;
    String::from_utf8(text).map_err(damaged)
}

/// Serializes a record and reads it back, because a value that cannot be read (a year of five digits) would make the
/// record unreadable for good.
pub fn serialize_checked(paper: &Paper) -> DbResult<String> {
    let text = serialize(paper)?;
    check(&text)?;
    Ok(text)
}

/// Fails if a record cannot be read back.
pub fn check(text: &str) -> DbResult<()> {
    parse(text).map(drop)
}

/// Parses a stored record.
pub fn parse(text: &str) -> DbResult<Paper> {
    serde_json::from_str(text).map_err(damaged)
}

struct NonEmptyKeys<'a>(&'a Paper);

impl Serialize for NonEmptyKeys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let paper = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &paper.id)?;
        some(&mut map, "version", paper.version.as_ref())?;
        map.serialize_entry("title", &paper.title)?;
        list(&mut map, "authors", &paper.authors)?;
        some(&mut map, "abstract", paper.abstract_.as_ref())?;
        some(&mut map, "primary_category", paper.primary_category.as_ref())?;
        list(&mut map, "categories", &paper.categories)?;
        some(&mut map, "published", paper.published.as_ref())?;
        some(&mut map, "updated", paper.updated.as_ref())?;
        some(&mut map, "versions", paper.versions.as_ref())?;
        some(&mut map, "comment", paper.comment.as_ref())?;
        some(&mut map, "journal_ref", paper.journal_ref.as_ref())?;
        some(&mut map, "doi", paper.doi.as_ref())?;
        list(&mut map, "dois", &paper.dois)?;
        some(&mut map, "report_no", paper.report_no.as_ref())?;
        some(&mut map, "msc_class", paper.msc_class.as_ref())?;
        some(&mut map, "acm_class", paper.acm_class.as_ref())?;
        some(&mut map, "license", paper.license.as_ref())?;
        some(&mut map, "submitter", paper.submitter.as_ref())?;
        some(&mut map, "withdrawn", paper.withdrawn.as_ref())?;
        some(&mut map, "catalog", paper.catalog.as_ref())?;
        map.serialize_entry("source", &paper.source)?;
        some(&mut map, "retrieved", paper.retrieved.as_ref())?;
        map.end()
    }
}

fn some<M: SerializeMap, T: Serialize>(
    map: &mut M,
    key: &'static str,
    value: Option<&T>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, value))
}

fn list<M: SerializeMap, T: Serialize>(map: &mut M, key: &'static str, values: &[T]) -> Result<(), M::Error> {
    if values.is_empty() {
        return Ok(());
    }
    map.serialize_entry(key, values)
}
