//! Consistency checks of the database for `doctor`, and their repair.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

use super::store::{DbResult, Durability, Revision, damaged, find_row, single_value};
use super::{Error, Library, json, undo};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;

/// Rows per read transaction, so that a check does not keep the write-ahead log from being truncated.
const PAGE: u32 = 1000;

/// Maximum number of faults that SQLite lists.
const MAX_FAULTS: u32 = 20;

/// A row that this program cannot have written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvalidRow {
    /// The paper. `None` if the key is not an identifier.
    pub id: Option<ArxivId>,
    /// What is wrong, as a clause.
    pub reason: String,
    /// Whether the record is valid, so that the other columns can be written from it.
    pub repairable: bool,
    key: i64,
    /// Set for a row of `versions`.
    version: Option<i64>,
}

/// Numbers of papers with user data but without a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OrphanCounts {
    /// Papers in the library.
    pub kept: u64,
    /// Papers with tags or a note that are not in the library.
    pub untracked: u64,
}

impl Library {
    /// Faults that SQLite finds in the file. Empty if there are none.
    pub fn integrity(&self) -> Result<Vec<String>, Error> {
        let found: Vec<String> = self.read(|db| {
            db.prepare(&format!("PRAGMA integrity_check({MAX_FAULTS})"))?
                .query_and_then([], |row| Ok(row.get(0)?))?
                .collect()
        })?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }

    /// Every row whose record cannot be read or whose columns contradict it. Calls `progress` with the number of rows
    /// read.
    pub fn invalid_rows(&self, mut progress: impl FnMut(u64)) -> Result<Vec<InvalidRow>, Error> {
        let mut invalid = Vec::new();
        let mut last = i64::MIN;
        let mut done = 0;
        loop {
            let rows = self.read(|db| papers_page(db, last))?;
            let Some((key, _)) = rows.last() else { break };
            last = *key;
            done += rows.len() as u64;
            invalid.extend(rows.into_iter().filter_map(|(_, fault)| fault));
            progress(done);
        }
        let mut last = (i64::MIN, i64::MIN);
        loop {
            let rows = self.read(|db| versions_page(db, last))?;
            let Some((key, _)) = rows.last() else { break };
            last = *key;
            invalid.extend(rows.into_iter().filter_map(|(_, fault)| fault));
        }
        Ok(invalid)
    }

    /// Counts user data of papers without a record.
    pub fn orphans(&self) -> Result<OrphanCounts, Error> {
        let count = |sql: &str| self.read(|db| single_value(db, sql, []));
        Ok(OrphanCounts {
            kept: count("SELECT count(*) FROM kept WHERE key NOT IN (SELECT key FROM papers)")?,
            untracked: count(
                "SELECT count(*) FROM (SELECT key FROM tags UNION SELECT key FROM notes)
                 WHERE key NOT IN (SELECT key FROM kept)",
            )?,
        })
    }

    /// Rebuilds the indexes of the database from its tables.
    pub fn reindex(&mut self) -> Result<(), Error> {
        self.write(Durability::Full, |db| Ok(db.execute_batch("REINDEX")?))
    }

    /// Repairs rows: writes columns from a valid record, deletes records that cannot be read. User data stays.
    pub fn repair(&mut self, invalid: &[InvalidRow]) -> Result<(), Error> {
        self.write(Durability::Full, |db| {
            let mut revision = Revision::new(db);
            for fault in invalid {
                match (fault.repairable, fault.version) {
                    (true, _) => rewrite_columns(db, fault.key, revision.take()?)?,
                    (false, None) => undo::drop_row(db, fault.key, &mut revision)?,
                    (false, Some(version)) => {
                        db.execute(
                            "DELETE FROM versions WHERE key = ?1 AND version = ?2",
                            params![fault.key, version],
                        )?;
                    }
                }
            }
            Ok(())
        })
    }
}

/// Keys of rows, each with its fault if it has one.
type RowPage<K> = Vec<(K, Option<InvalidRow>)>;

/// The next rows of `papers` after a key, with their faults.
fn papers_page(db: &Connection, after: i64) -> DbResult<RowPage<i64>> {
    db.prepare_cached(
        "SELECT key, record, version, published, updated, as_of, checked FROM papers
         WHERE key > ?1 ORDER BY key LIMIT ?2",
    )?
    .query_and_then(params![after, PAGE], |row| {
        let key = row.get(0)?;
        let columns = RowColumns {
            version: row.get_ref(2)?,
            published: row.get_ref(3)?,
            updated: row.get_ref(4)?,
            days: [row.get_ref(5)?, row.get_ref(6)?],
        };
        let invalid =
            row_fault(key, row.get_ref(1)?, Some(&columns)).map(|(reason, repairable)| InvalidRow {
                id: ArxivId::unpacked(key),
                reason,
                repairable,
                key,
                version: None,
            });
        Ok((key, invalid))
    })?
    .collect()
}

/// The next rows of `versions` after a key, with their faults.
fn versions_page(db: &Connection, after: (i64, i64)) -> DbResult<RowPage<(i64, i64)>> {
    db.prepare_cached(
        "SELECT key, version, record FROM versions WHERE (key, version) > (?1, ?2) ORDER BY key, version LIMIT ?3",
    )?
    .query_and_then(params![after.0, after.1, PAGE], |row| {
        let (key, filed): (i64, i64) = (row.get(0)?, row.get(1)?);
        let version = u32::try_from(filed).ok().filter(|version| *version > 0);
        let reason = match version {
            Some(_) => row_fault(key, row.get_ref(2)?, None).map(|(reason, _)| reason),
            None => Some(format!("there is no version {filed}")),
        };
        let id = ArxivId::unpacked(key);
        let invalid = reason.map(|reason| InvalidRow {
            id: id.map(|id| version.map_or(id, |version| id.with_version(version))),
            reason,
            repairable: false,
            key,
            version: Some(filed),
        });
        Ok(((key, filed), invalid))
    })?
    .collect()
}

/// The columns beside a record, of whatever type.
struct RowColumns<'r> {
    version: ValueRef<'r>,
    published: ValueRef<'r>,
    updated: ValueRef<'r>,
    /// `as_of` and `checked`.
    days: [ValueRef<'r>; 2],
}

/// The fault of a row, and whether its columns can be written from its record.
fn row_fault(key: i64, record: ValueRef, columns: Option<&RowColumns>) -> Option<(String, bool)> {
    let Some(id) = ArxivId::unpacked(key) else {
        return Some((format!("row {key} is not an identifier"), false));
    };
    let paper = match record.as_str().map_err(damaged).and_then(json::parse) {
        Ok(paper) => paper,
        Err(error) => return Some((error.to_string(), false)),
    };
    if paper.id != id {
        return Some((format!("the record belongs to {}", paper.id), false));
    }
    let columns = columns?;
    let version = paper
        .version
        .map_or(ValueRef::Null, |version| ValueRef::Integer(version.into()));
    let agrees = columns.version == version
        && is_date(columns.published, paper.published)
        && is_date(columns.updated, paper.updated)
        && columns
            .days
            .iter()
            .all(|day| *day == ValueRef::Null || date_text(*day).is_some());
    (!agrees).then(|| ("its columns do not agree with its record".to_owned(), true))
}

fn is_date(column: ValueRef, date: Option<Stamp>) -> bool {
    let date = date.map(|date| date.to_string());
    column.as_str_or_null().is_ok_and(|text| text == date.as_deref())
}

/// The text of a column if it is a date.
fn date_text(day: ValueRef<'_>) -> Option<&str> {
    day.as_str().ok().filter(|text| Stamp::parse(text).is_some())
}

/// Writes the columns of a row from its record.
fn rewrite_columns(db: &Connection, key: i64, revision: i64) -> DbResult<()> {
    let columns = find_row(
        db,
        "SELECT record, as_of, checked FROM papers WHERE key = ?1",
        params![key],
        |row| {
            let paper = json::parse(row.get_ref(0)?.as_str().map_err(damaged)?)?;
            let [as_of, checked] =
                [row.get_ref(1)?, row.get_ref(2)?].map(|day| date_text(day).map(str::to_owned));
            Ok((paper, as_of, checked))
        },
    )?;
    let Some((paper, as_of, checked)) = columns else {
        return Ok(());
    };
    db.execute(
        "UPDATE papers SET version = ?2, published = ?3, updated = ?4, as_of = ?5, checked = ?6, revision = ?7
         WHERE key = ?1",
        params![
            key,
            paper.version,
            paper.published.map(|stamp| stamp.to_string()),
            paper.updated.map(|stamp| stamp.to_string()),
            as_of,
            checked,
            revision
        ],
    )?;
    Ok(())
}
