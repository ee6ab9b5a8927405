//! What changed in the database since the index last looked.

use rusqlite::{Connection, Row, params};

use super::document::Indexed;
use crate::library::store::{Answer, damaged, is_of_a_row};
use crate::library::user_data;
use crate::model::paper::UserData;

/// A paper that changed.
pub struct Changed {
    pub key: i64,
    pub revision: i64,
    pub record: String,
    pub kept: Option<UserData>,
}

impl Changed {
    /// What of it goes into the index; none where it cannot be read, which is the doctor's business.
    pub fn read(&self) -> Option<Indexed<'_>> {
        Indexed::read(&self.record, self.kept.as_ref()).ok()
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
pub fn each(db: &Connection, after: i64, tell: &mut dyn FnMut(Changed) -> bool) -> Answer<()> {
    // All of them are told in the order they lie in.
    let changed = if after > 0 { "revision > ?1" } else { "?1 >= 0" };
    let mut papers = db.prepare(&format!(
        "SELECT key, revision, record FROM papers WHERE {changed}"
    ))?;
    let mut rows = papers.query(params![after])?;
    while let Some(row) = rows.next()? {
        if let Some(paper) = readable(of(db, row))?
            && !tell(paper)
        {
            break;
        }
    }
    Ok(())
}

/// Whether a paper's row can be read, and so is in the index.
pub fn is_readable(db: &Connection, key: i64) -> Answer<bool> {
    let mut papers = db.prepare_cached("SELECT key, revision, record FROM papers WHERE key = ?1")?;
    let paper = readable(papers.query_row(params![key], |row| of(db, row)))?;
    Ok(paper.is_some_and(|paper| paper.read().is_some()))
}

fn of(db: &Connection, row: &Row<'_>) -> Answer<Changed> {
    let key = row.get(0)?;
    u64::try_from(key).map_err(damaged)?;
    Ok(Changed {
        key,
        revision: row.get(1)?,
        record: row.get(2)?,
        kept: user_data::of(db, key)?,
    })
}

fn readable(paper: Answer<Changed>) -> Answer<Option<Changed>> {
    match paper {
        Err(error) if is_of_a_row(&error) => Ok(None),
        paper => paper.map(Some),
    }
}
