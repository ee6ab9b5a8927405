//! The negative cache: identifiers for which arXiv answered that no paper exists.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::params;

use super::store::{DbResult, Durability, damaged, find_row};
use super::{Error, Library};
use crate::model::id::ArxivId;

/// An answer of arXiv that a paper, or a version of it, does not exist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NegativeEntry {
    /// Time of the answer, UTC.
    pub checked_at: DateTime<Utc>,
    /// Whether the paper existed and arXiv deleted it.
    pub deleted: bool,
    /// arXiv's message.
    pub reason: String,
}

impl NegativeEntry {
    /// The entry of a paper that arXiv deleted.
    #[must_use]
    pub fn deletion(checked_at: DateTime<Utc>) -> Self {
        Self {
            checked_at,
            deleted: true,
            reason: "arXiv deleted this paper".to_owned(),
        }
    }
}

impl Library {
    /// The cached answer for an identifier. It is deleted when a record of the paper arrives.
    pub fn negative_entry(&self, id: ArxivId) -> Result<Option<NegativeEntry>, Error> {
        self.read(|db| {
            let sql = "SELECT asked, deleted, reason FROM absent WHERE key = ?1 AND version = ?2";
            find_row(db, sql, params![id.packed(), id.version().unwrap_or(0)], |row| {
                Ok(NegativeEntry {
                    checked_at: parse_time(&row.get::<_, String>(0)?)?,
                    deleted: row.get(1)?,
                    reason: row.get(2)?,
                })
            })
        })
    }

    /// Stores such answers. A deletion stays a deletion, even if arXiv later answers only that it does not know the
    /// identifier: the query API does not tell the two apart, OAI-PMH does.
    pub fn add_negative_entries(&mut self, entries: &[(ArxivId, NegativeEntry)]) -> Result<(), Error> {
        self.write(Durability::Normal, |db| {
            for (id, entry) in entries {
                db.prepare_cached(
                    "INSERT INTO absent (key, version, asked, deleted, reason) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (key, version) DO UPDATE SET asked = excluded.asked,
                         reason = iif(deleted, reason, excluded.reason), deleted = max(deleted, excluded.deleted)",
                )?
                .execute(params![
                    id.packed(),
                    id.version().unwrap_or(0),
                    rfc3339(entry.checked_at),
                    entry.deleted,
                    entry.reason,
                ])?;
            }
            Ok(())
        })
    }
}

/// The format of times in the database: RFC 3339 in UTC, to the second.
pub(super) fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(super) fn parse_time(text: &str) -> DbResult<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .map_err(damaged)
}
