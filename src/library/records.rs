//! Papers as they are held.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, params};

use super::store::{Answer, damaged};
use super::{Error, Library, Scope, json, user_data};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;

/// A record as it is held.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredRecord {
    /// What it says, with the user's tags and note in `library` where it is kept.
    pub paper: Paper,
    /// The day it describes by its source's own word.
    pub as_of: Option<NaiveDate>,
    /// When a source last called this version the newest: from then on it answers for the bare identifier. None where
    /// none ever did.
    pub checked: Option<Stamp>,
}

/// The columns of a held record, in the order [`held`] reads them.
pub(super) const COLUMNS: &str = "papers.key, as_of, checked, record";

impl Library {
    /// The record held for an identifier: for a bare one the newest that is held, for one with a version that
    /// version's. Deleted papers have none.
    pub fn get(&self, id: ArxivId) -> Result<Option<StoredRecord>, Error> {
        self.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM papers WHERE key = ?1");
            let newest = db
                .prepare_cached(&sql)?
                .query_row(params![id.packed()], |row| held(db, row))
                .optional()?;
            match (id.version(), newest) {
                (None, newest) => Ok(newest),
                (Some(version), Some(newest)) if newest.paper.version == Some(version) => Ok(Some(newest)),
                (Some(version), _) => older(db, id, version),
            }
        })
    }

    /// How many papers are held.
    pub fn count(&self, scope: Scope) -> Result<u64, Error> {
        let sql = match scope {
            Scope::Library => "SELECT count(*) FROM kept JOIN papers USING (key)",
            Scope::Mirror => "SELECT count(*) FROM papers",
        };
        self.read(|db| db.query_row(sql, [], |row| row.get(0)))
    }

    /// Of these identifiers, those that are not held, or only as they were before this day.
    pub fn missing_or_older(&self, wanted: &[(ArxivId, NaiveDate)]) -> Result<Vec<ArxivId>, Error> {
        self.read(|db| {
            let mut as_of = db.prepare_cached("SELECT as_of FROM papers WHERE key = ?1")?;
            let mut lacking = Vec::new();
            for (id, day) in wanted {
                let held: Option<Option<String>> = as_of
                    .query_row(params![id.packed()], |row| row.get(0))
                    .optional()?;
                if held.flatten().is_none_or(|held| held < day.to_string()) {
                    lacking.push(*id);
                }
            }
            Ok(lacking)
        })
    }
}

fn older(db: &Connection, id: ArxivId, version: u32) -> Answer<Option<StoredRecord>> {
    let held = db
        .prepare_cached("SELECT as_of, record FROM versions WHERE key = ?1 AND version = ?2")?
        .query_row(params![id.packed(), version], |row| {
            let as_of: Option<String> = row.get(0)?;
            let text: String = row.get(1)?;
            Ok(StoredRecord {
                paper: json::paper(&text)?,
                as_of: as_of.as_deref().and_then(day),
                checked: None,
            })
        })
        .optional()?;
    held.map(|mut held| {
        held.paper.library = user_data::of(db, id.packed())?;
        Ok(held)
    })
    .transpose()
}

/// A held record from a row of [`COLUMNS`].
pub(super) fn held(db: &Connection, row: &rusqlite::Row) -> Answer<StoredRecord> {
    let key: i64 = row.get(0)?;
    let as_of: Option<String> = row.get(1)?;
    let checked: Option<String> = row.get(2)?;
    let text = row.get_ref(3)?.as_str().map_err(damaged)?;
    let mut paper = json::paper(text)?;
    paper.library = user_data::of(db, key)?;
    Ok(StoredRecord {
        paper,
        as_of: as_of.as_deref().and_then(day),
        checked: checked.as_deref().and_then(Stamp::parse),
    })
}

pub(super) fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}
