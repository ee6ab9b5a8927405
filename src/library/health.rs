//! Whether what the database holds is whole, and what can be mended of it.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

use super::store::{Answer, Revision, Sync, damaged};
use super::{Error, Library, json, undo};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;

/// So many rows are read at once, so that nobody waits for the reading to end.
const PAGE: u32 = 1000;

/// At most so many faults of the database are named.
const FAULTS: u32 = 20;

/// A row that is not as this program writes them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InvalidRow {
    /// The paper, where the row still says which.
    pub id: Option<ArxivId>,
    /// What is wrong, as a clause.
    pub reason: String,
    /// Whether the record itself is whole, so that the rest of the row can be written anew from it.
    pub mendable: bool,
    key: i64,
    /// Of a version before the newest.
    version: Option<i64>,
}

/// How much the user's own words name of which no record is held.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OrphanCounts {
    /// Papers kept.
    pub kept: u64,
    /// Papers with tags or a note that are not kept.
    pub unkept: u64,
}

impl Library {
    /// What is wrong with the database as a file; empty where nothing is.
    pub fn integrity(&self) -> Result<Vec<String>, Error> {
        let found: Vec<String> = self.read(|db| {
            db.prepare(&format!("PRAGMA integrity_check({FAULTS})"))?
                .query_map([], |row| row.get(0))?
                .collect()
        })?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }

    /// Every record that cannot be read, or that the columns beside it do not agree with. Tells how many were read.
    pub fn invalid_rows(&self, mut read: impl FnMut(u64)) -> Result<Vec<InvalidRow>, Error> {
        let mut unsound = Vec::new();
        let mut last = i64::MIN;
        let mut done = 0;
        loop {
            let rows = self.read(|db| newest(db, last))?;
            let Some((key, _)) = rows.last() else { break };
            last = *key;
            done += rows.len() as u64;
            unsound.extend(rows.into_iter().filter_map(|(_, fault)| fault));
            read(done);
        }
        let mut last = (i64::MIN, i64::MIN);
        loop {
            let rows = self.read(|db| older(db, last))?;
            let Some((key, _)) = rows.last() else { break };
            last = *key;
            unsound.extend(rows.into_iter().filter_map(|(_, fault)| fault));
        }
        Ok(unsound)
    }

    /// What the user made of papers that are not held.
    pub fn orphans(&self) -> Result<OrphanCounts, Error> {
        let count = |sql: &str| self.read(|db| db.query_row(sql, [], |row| row.get(0)));
        Ok(OrphanCounts {
            kept: count("SELECT count(*) FROM kept WHERE key NOT IN (SELECT key FROM papers)")?,
            unkept: count(
                "SELECT count(*) FROM (SELECT key FROM tags UNION SELECT key FROM notes)
                 WHERE key NOT IN (SELECT key FROM kept)",
            )?,
        })
    }

    /// Makes the database's own indexes anew from their tables.
    pub fn reindex(&mut self) -> Result<(), Error> {
        self.write(Sync::Full, |db| db.execute_batch("REINDEX"))
    }

    /// Mends these rows: writes columns anew from a whole record, takes out what cannot be read. The user's words stay.
    pub fn repair(&mut self, unsound: &[InvalidRow]) -> Result<(), Error> {
        self.write(Sync::Full, |db| {
            let mut revision = Revision::new(db);
            for fault in unsound {
                match (fault.mendable, fault.version) {
                    (true, _) => rewrite(db, fault.key, revision.take()?)?,
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

/// Rows by their keys, each with its fault if it has one.
type Page<K> = Vec<(K, Option<InvalidRow>)>;

/// The next rows of the newest records after a key, each with its fault.
fn newest(db: &Connection, after: i64) -> Answer<Page<i64>> {
    db.prepare_cached(
        "SELECT key, record, version, published, updated, as_of, checked FROM papers
         WHERE key > ?1 ORDER BY key LIMIT ?2",
    )?
    .query_map(params![after, PAGE], |row| {
        let key = row.get(0)?;
        let columns = Columns {
            version: row.get_ref(2)?,
            published: row.get_ref(3)?,
            updated: row.get_ref(4)?,
            days: [row.get_ref(5)?, row.get_ref(6)?],
        };
        let unsound = fault(key, row.get_ref(1)?, Some(&columns)).map(|(reason, mendable)| InvalidRow {
            id: ArxivId::unpacked(key),
            reason,
            mendable,
            key,
            version: None,
        });
        Ok((key, unsound))
    })?
    .collect()
}

/// The next rows of older versions, likewise.
fn older(db: &Connection, after: (i64, i64)) -> Answer<Page<(i64, i64)>> {
    db.prepare_cached(
        "SELECT key, version, record FROM versions WHERE (key, version) > (?1, ?2) ORDER BY key, version LIMIT ?3",
    )?
    .query_map(params![after.0, after.1, PAGE], |row| {
        let (key, filed): (i64, i64) = (row.get(0)?, row.get(1)?);
        let version = u32::try_from(filed).ok().filter(|version| *version > 0);
        let reason = match version {
            Some(_) => fault(key, row.get_ref(2)?, None).map(|(reason, _)| reason),
            None => Some(format!("there is no version {filed}")),
        };
        let id = ArxivId::unpacked(key);
        let unsound = reason.map(|reason| InvalidRow {
            id: id.map(|id| version.map_or(id, |version| id.with_version(version))),
            reason,
            mendable: false,
            key,
            version: Some(filed),
        });
        Ok(((key, filed), unsound))
    })?
    .collect()
}

/// What stands beside a record, whatever it is.
struct Columns<'r> {
    version: ValueRef<'r>,
    published: ValueRef<'r>,
    updated: ValueRef<'r>,
    /// `as_of`, `checked`.
    days: [ValueRef<'r>; 2],
}

/// What is wrong with a row, and whether it can be written anew from its record.
fn fault(key: i64, record: ValueRef, columns: Option<&Columns>) -> Option<(String, bool)> {
    let Some(id) = ArxivId::unpacked(key) else {
        return Some((format!("row {key} stands for no identifier"), false));
    };
    let paper = match record.as_str().map_err(damaged).and_then(json::paper) {
        Ok(paper) => paper,
        Err(error) => return Some((error.to_string(), false)),
    };
    if paper.id != id {
        return Some((format!("the record is that of {}", paper.id), false));
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
            .all(|day| *day == ValueRef::Null || readable(*day).is_some());
    (!agrees).then(|| ("its columns do not agree with its record".to_owned(), true))
}

fn is_date(column: ValueRef, date: Option<Stamp>) -> bool {
    let date = date.map(|date| date.to_string());
    column.as_str_or_null().is_ok_and(|text| text == date.as_deref())
}

/// A date beside a record, where it is one.
fn readable(day: ValueRef<'_>) -> Option<&str> {
    day.as_str().ok().filter(|text| Stamp::parse(text).is_some())
}

/// Writes a row's columns anew from its record.
fn rewrite(db: &Connection, key: i64, revision: i64) -> Answer<()> {
    let (paper, as_of, checked) = db.query_row(
        "SELECT record, as_of, checked FROM papers WHERE key = ?1",
        params![key],
        |row| {
            let paper = json::paper(row.get_ref(0)?.as_str().map_err(damaged)?)?;
            let [as_of, checked] =
                [row.get_ref(1)?, row.get_ref(2)?].map(|day| readable(day).map(str::to_owned));
            Ok((paper, as_of, checked))
        },
    )?;
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
