//! Papers that changed in the database since a revision of the index.

use rusqlite::{Connection, Row, params};

use super::document::IndexedDocument;
use crate::library::store::{DbError, DbResult, damaged, find_row, single_value};
use crate::library::user_data;
use crate::model::paper::UserData;

/// A row of `papers` that changed, with the user's data of that paper.
pub struct ChangedPaper {
    pub key: i64,
    pub revision: i64,
    pub record: String,
    pub kept: Option<UserData>,
}

impl ChangedPaper {
    /// Parses the indexed part of the record. Returns `None` if it cannot be read: `doctor` reports such rows.
    pub fn document(&self) -> Option<IndexedDocument<'_>> {
        IndexedDocument::parse(&self.record, self.kept.as_ref()).ok()
    }
}

/// Number of papers that changed or were removed after this revision.
pub fn count(db: &Connection, after: i64) -> DbResult<u64> {
    single_value(
        db,
        "SELECT (SELECT count(*) FROM papers WHERE revision > ?1)
              + (SELECT count(*) FROM gone WHERE revision > ?1)",
        params![after],
    )
}

/// Keys of papers whose state in an index of this revision is out of date. A key may occur twice.
pub fn outdated(db: &Connection, after: i64) -> DbResult<Vec<i64>> {
    db.prepare(
        "SELECT key FROM gone WHERE revision > ?1
         UNION ALL SELECT key FROM papers WHERE revision > ?1 AND created <= ?1",
    )?
    .query_and_then(params![after], |row| Ok(row.get(0)?))?
    .collect()
}

/// Calls `visit` with each paper that changed after this revision until it returns false.
pub fn for_each(db: &Connection, after: i64, visit: &mut dyn FnMut(ChangedPaper) -> bool) -> DbResult<()> {
    // Without a revision a scan in row order is faster than the index on `revision`.
    let changed = if after > 0 { "revision > ?1" } else { "?1 >= 0" };
    let mut papers = db.prepare(&format!(
        "SELECT key, revision, record FROM papers WHERE {changed}"
    ))?;
    let mut rows = papers.query(params![after])?;
    while let Some(row) = rows.next()? {
        if let Some(paper) = readable(from_row(db, row))?
            && !visit(paper)
        {
            break;
        }
    }
    Ok(())
}

/// Whether a row can be read and is therefore expected in the index.
pub fn is_readable(db: &Connection, key: i64) -> DbResult<bool> {
    let sql = "SELECT key, revision, record FROM papers WHERE key = ?1";
    let paper = find_row(db, sql, params![key], |row| readable(from_row(db, row)))?;
    Ok(paper.flatten().is_some_and(|paper| paper.document().is_some()))
}

fn from_row(db: &Connection, row: &Row<'_>) -> DbResult<ChangedPaper> {
    let key = row.get(0)?;
    u64::try_from(key).map_err(damaged)?;
    Ok(ChangedPaper {
        key,
        revision: row.get(1)?,
        record: row.get(2)?,
        kept: user_data::load(db, key)?,
    })
}

fn readable(paper: DbResult<ChangedPaper>) -> DbResult<Option<ChangedPaper>> {
    match paper {
        Err(DbError::Damaged(_)) => Ok(None),
        paper => paper.map(Some),
    }
}
