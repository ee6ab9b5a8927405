//! What changed in the database since the index last looked.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};

use super::indexed::Indexed;
use crate::library::kept;
use crate::library::store::{Answer, damaged, is_of_a_row};
use crate::model::paper::Kept;

/// A paper's row, for whoever takes its texts apart.
pub struct Row {
    pub key: i64,
    pub record: String,
    pub kept: Option<Kept>,
}

impl Row {
    /// What of it goes into the index; none where it cannot be read, which is the doctor's business.
    pub fn read(&self) -> Option<Indexed<'_>> {
        Indexed::read(&self.record, self.kept.clone()).ok()
    }
}

/// How many papers changed after this revision.
pub fn count(db: &Connection, after: i64) -> Answer<u64> {
    db.query_row(
        "SELECT (SELECT count(*) FROM papers WHERE revision > ?1)
              + (SELECT count(*) FROM gone WHERE revision > ?1)",
        params![after],
        |row| row.get(0),
    )
}

/// The papers that an index of this revision may have as they are no more. Some come twice.
pub fn outdated(db: &Connection, after: i64) -> Answer<Vec<i64>> {
    db.prepare(
        "SELECT key FROM gone WHERE revision > ?1
         UNION ALL SELECT key FROM papers WHERE revision > ?1 AND created <= ?1",
    )?
    .query_map(params![after], |row| row.get(0))?
    .collect()
}

/// Tells each paper that changed after this revision, until `tell` has enough.
pub fn each(db: &Connection, after: i64, tell: &mut dyn FnMut(Row) -> bool) -> Answer<()> {
    let changed = if after > 0 { "revision > ?1" } else { "?1 >= 0" };
    let mut papers = db.prepare(&format!("SELECT key, record FROM papers WHERE {changed}"))?;
    let mut rows = papers.query(params![after])?;
    while let Some(row) = rows.next()? {
        let key = row.get(0)?;
        if let Some(row) = readable(of(db, key, row.get_ref(1)?))?
            && !tell(row)
        {
            break;
        }
    }
    Ok(())
}

/// Whether a paper's row can be read, and so is in the index.
pub fn is_readable(db: &Connection, key: i64, record: ValueRef<'_>) -> Answer<bool> {
    Ok(readable(of(db, key, record))?.is_some_and(|row| row.read().is_some()))
}

fn of(db: &Connection, key: i64, record: ValueRef<'_>) -> Answer<Row> {
    Ok(Row {
        key,
        record: record.as_str().map_err(damaged)?.to_owned(),
        kept: kept::of(db, key)?,
    })
}

fn readable(row: Answer<Row>) -> Answer<Option<Row>> {
    match row {
        Err(error) if is_of_a_row(&error) => Ok(None),
        row => row.map(Some),
    }
}
