//! Reading single records.

use chrono::NaiveDate;
use rusqlite::{Connection, params};

use super::store::{DbResult, damaged, find_row, single_value};
use super::{Error, Library, Scope, json, user_data};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::Paper;

/// A stored record.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredRecord {
    /// The paper, with the user's tags and note in `library` if it was kept.
    pub paper: Paper,
    /// The day that the record describes, according to its source.
    pub as_of: Option<NaiveDate>,
    /// When a source last confirmed this version as the newest. From then on the record answers for the bare
    /// identifier. `None` if no source ever did.
    pub checked: Option<Stamp>,
}

/// Columns that [`stored_record`] reads, in this order.
pub(super) const COLUMNS: &str = "papers.key, as_of, checked, record";

impl Library {
    /// The record of an identifier: the newest stored version for a bare one, else exactly that version. Returns `None`
    /// if it is not stored, and [`Error::Damaged`] if it cannot be read; an upsert of the paper replaces it then.
    pub fn get(&self, id: ArxivId) -> Result<Option<StoredRecord>, Error> {
        self.read(|db| {
            let newest = newest_version(db, id)?;
            match (id.version(), newest) {
                (None, newest) => Ok(newest),
                (Some(version), Some(newest)) if newest.paper.version == Some(version) => Ok(Some(newest)),
                (Some(version), _) => older_version(db, id, version),
            }
        })
    }

    /// Number of stored papers.
    pub fn count(&self, scope: Scope) -> Result<u64, Error> {
        let sql = match scope {
            Scope::Library => "SELECT count(*) FROM kept JOIN papers USING (key)",
            Scope::Mirror => "SELECT count(*) FROM papers",
        };
        self.read(|db| single_value(db, sql, []))
    }

    /// For each stored paper, when a source last confirmed its version as the newest. Reads no records, so that it is
    /// quick for millions of papers.
    pub fn confirmation_times(&self, scope: Scope) -> Result<Vec<(ArxivId, Option<Stamp>)>, Error> {
        let sql = match scope {
            Scope::Library => "SELECT key, checked FROM kept JOIN papers USING (key)",
            Scope::Mirror => "SELECT key, checked FROM papers",
        };
        self.read(|db| {
            let mut statement = db.prepare(sql)?;
            let mut rows = statement.query([])?;
            let mut times = Vec::new();
            while let Some(row) = rows.next()? {
                let Some(id) = ArxivId::unpacked(row.get(0)?) else {
                    continue;
                };
                let checked = row.get_ref(1)?.as_str_or_null().map_err(damaged)?;
                times.push((id, checked.and_then(Stamp::parse)));
            }
            Ok(times)
        })
    }

    /// Identifiers that are not stored, or only with a record from before the given day.
    pub fn missing_or_older(&self, wanted: &[(ArxivId, NaiveDate)]) -> Result<Vec<ArxivId>, Error> {
        self.read(|db| {
            let sql = "SELECT as_of FROM papers WHERE key = ?1";
            let mut missing = Vec::new();
            for (id, day) in wanted {
                let as_of: Option<Option<String>> =
                    find_row(db, sql, params![id.packed()], |row| Ok(row.get(0)?))?;
                if as_of.flatten().is_none_or(|as_of| as_of < day.to_string()) {
                    missing.push(*id);
                }
            }
            Ok(missing)
        })
    }
}

fn newest_version(db: &Connection, id: ArxivId) -> DbResult<Option<StoredRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM papers WHERE key = ?1");
    find_row(db, &sql, params![id.packed()], |row| stored_record(db, row))
}

fn older_version(db: &Connection, id: ArxivId, version: u32) -> DbResult<Option<StoredRecord>> {
    let sql = "SELECT as_of, record FROM versions WHERE key = ?1 AND version = ?2";
    find_row(db, sql, params![id.packed(), version], |row| {
        let as_of: Option<String> = row.get(0)?;
        let text: String = row.get(1)?;
        let mut paper = json::parse(&text)?;
        paper.library = user_data::load(db, id.packed())?;
        Ok(StoredRecord {
            paper,
            as_of: as_of.as_deref().and_then(parse_day),
            checked: None,
        })
    })
}

/// Builds a record from a row of [`COLUMNS`].
pub(super) fn stored_record(db: &Connection, row: &rusqlite::Row) -> DbResult<StoredRecord> {
    let key: i64 = row.get(0)?;
    let as_of: Option<String> = row.get(1)?;
    let checked: Option<String> = row.get(2)?;
    let text = row.get_ref(3)?.as_str().map_err(damaged)?;
    let mut paper = json::parse(text)?;
    paper.library = user_data::load(db, key)?;
    Ok(StoredRecord {
        paper,
        as_of: as_of.as_deref().and_then(parse_day),
        checked: checked.as_deref().and_then(Stamp::parse),
    })
}

pub(super) fn parse_day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}
