//! Removing papers, and undoing the last removal.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::store::{DbResult, Durability, Revision, damaged};
use super::user_data::{self, merge_user_data, touch};
use super::{Error, Library};
use crate::model::id::ArxivId;
use crate::model::paper::UserData;

/// A paper that was removed or restored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RemovedPaper {
    /// Its identifier.
    pub id: ArxivId,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its note.
    pub note: Option<String>,
}

impl Library {
    /// Removes papers with their tags and notes from the library; with `records` also their records from the mirror.
    /// Returns the papers that were removed. [`Self::undo`] restores them.
    pub fn remove(&mut self, ids: &[ArxivId], records: bool) -> Result<Vec<RemovedPaper>, Error> {
        self.write(Durability::Full, |db| {
            let mut revision = Revision::new(db);
            let mut removed = Vec::new();
            for id in ids {
                let key = id.packed();
                let kept = user_data::load(db, key)?;
                let row = if records {
                    take_row(db, key, &mut revision)?
                } else {
                    None
                };
                if kept.is_none() && row.is_none() {
                    continue;
                }
                db.execute(
                    "INSERT INTO removed (removal, key, kept, paper) VALUES (?1, ?2, ?3, ?4)",
                    params![
                        revision.take()?,
                        key,
                        kept.as_ref()
                            .map(serde_json::to_string)
                            .transpose()
                            .map_err(damaged)?,
                        row
                    ],
                )?;
                for table in ["tags", "notes", "kept"] {
                    db.execute(&format!("DELETE FROM {table} WHERE key = ?1"), params![key])?;
                }
                touch(db, key, &mut revision)?;
                removed.push(removed_paper(*id, kept));
            }
            Ok(removed)
        })
    }

    /// Restores the papers of the last [`Self::remove`] that was not undone yet.
    pub fn undo(&mut self) -> Result<Vec<RemovedPaper>, Error> {
        self.write(Durability::Full, |db| {
            let last: Option<i64> = db.query_row("SELECT max(removal) FROM removed", [], |row| row.get(0))?;
            let rows: Vec<(i64, Option<String>, Option<String>)> = db
                .prepare("SELECT key, kept, paper FROM removed WHERE removal = ?1")?
                .query_and_then(params![last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<DbResult<_>>()?;
            let mut revision = Revision::new(db);
            let mut back = Vec::new();
            for (key, kept, row) in rows {
                if let Some(row) = row {
                    restore_row(db, key, &row, revision.take()?)?;
                }
                let kept: Option<UserData> = kept
                    .as_deref()
                    .map(serde_json::from_str)
                    .transpose()
                    .map_err(damaged)?;
                if let Some(kept) = &kept {
                    let since = kept.kept.map_or_else(String::new, |since| since.to_string());
                    db.execute("INSERT OR IGNORE INTO kept VALUES (?1, ?2)", params![key, since])?;
                    merge_user_data(db, key, kept)?;
                }
                touch(db, key, &mut revision)?;
                back.extend(ArxivId::unpacked(key).map(|id| removed_paper(id, kept)));
            }
            db.execute("DELETE FROM removed WHERE removal = ?1", params![last])?;
            Ok(back)
        })
    }
}

fn removed_paper(id: ArxivId, kept: Option<UserData>) -> RemovedPaper {
    let kept = kept.unwrap_or_default();
    RemovedPaper {
        id,
        tags: kept.tags,
        note: kept.note,
    }
}

/// A deleted row of `papers`.
#[derive(Serialize, Deserialize)]
struct DeletedRow {
    version: Option<u32>,
    as_of: Option<String>,
    checked: Option<String>,
    published: Option<String>,
    updated: Option<String>,
    record: String,
    /// Its rows of `versions`: version, `as_of`, record.
    #[serde(default)]
    older: Vec<(u32, Option<String>, String)>,
}

/// Deletes a paper's record like [`drop_row`] and returns it as JSON.
fn take_row(db: &Connection, key: i64, revision: &mut Revision) -> DbResult<Option<String>> {
    let row = db
        .query_row(
            "SELECT version, as_of, checked, published, updated, record FROM papers WHERE key = ?1",
            params![key],
            |row| {
                Ok(DeletedRow {
                    version: row.get(0)?,
                    as_of: row.get(1)?,
                    checked: row.get(2)?,
                    published: row.get(3)?,
                    updated: row.get(4)?,
                    record: row.get(5)?,
                    older: Vec::new(),
                })
            },
        )
        .optional()?;
    let Some(mut row) = row else { return Ok(None) };
    row.older = db
        .prepare_cached("SELECT version, as_of, record FROM versions WHERE key = ?1")?
        .query_and_then(params![key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<DbResult<_>>()?;
    drop_row(db, key, revision)?;
    serde_json::to_string(&row).map(Some).map_err(damaged)
}

/// Deletes a paper's record in all versions and leaves a tombstone for the search index.
pub(super) fn drop_row(db: &Connection, key: i64, revision: &mut Revision) -> DbResult<()> {
    if db.execute("DELETE FROM papers WHERE key = ?1", params![key])? > 0 {
        db.execute("DELETE FROM versions WHERE key = ?1", params![key])?;
        db.execute(
            "INSERT OR REPLACE INTO gone (key, revision) VALUES (?1, ?2)",
            params![key, revision.take()?],
        )?;
    }
    Ok(())
}

/// Restores a paper's record unless a new one has been stored since.
fn restore_row(db: &Connection, key: i64, row: &str, revision: i64) -> DbResult<()> {
    let row: DeletedRow = serde_json::from_str(row).map_err(damaged)?;
    db.execute(
        "INSERT OR IGNORE INTO papers (key, version, as_of, checked, published, updated, created, revision, record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)",
        params![
            key,
            row.version,
            row.as_of,
            row.checked,
            row.published,
            row.updated,
            revision,
            row.record
        ],
    )?;
    for (version, as_of, record) in row.older {
        db.execute(
            "INSERT OR IGNORE INTO versions (key, version, as_of, record) VALUES (?1, ?2, ?3, ?4)",
            params![key, version, as_of, record],
        )?;
    }
    Ok(())
}
