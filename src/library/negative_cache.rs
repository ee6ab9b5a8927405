//! Identifiers that arXiv said it does not know.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{OptionalExtension, params};

use super::store::{Sync, damaged};
use super::{Error, Library};
use crate::model::id::ArxivId;

/// arXiv's word that there is no such paper, or not in this version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NegativeEntry {
    /// When arXiv said so.
    pub asked: DateTime<Utc>,
    /// Its words.
    pub reason: String,
}

impl NegativeEntry {
    const DELETED: &str = "arXiv deleted this paper";

    /// arXiv deleted the paper; heard at this time.
    #[must_use]
    pub fn deletion(asked: DateTime<Utc>) -> Self {
        Self {
            asked,
            reason: Self::DELETED.to_owned(),
        }
    }

    /// Whether there was such a paper.
    #[must_use]
    pub fn is_deletion(&self) -> bool {
        self.reason == Self::DELETED
    }
}

impl Library {
    /// What arXiv said of an identifier it does not know; forgotten as soon as a record arrives.
    pub fn negative_entry(&self, id: ArxivId) -> Result<Option<NegativeEntry>, Error> {
        self.read(|db| {
            db.prepare_cached("SELECT asked, reason FROM absent WHERE key = ?1 AND version = ?2")?
                .query_row(params![id.packed(), id.version().unwrap_or(0)], |row| {
                    Ok(NegativeEntry {
                        asked: time(&row.get::<_, String>(0)?)?,
                        reason: row.get(1)?,
                    })
                })
                .optional()
        })
    }

    /// Remembers that arXiv does not know these. That it deleted one is not forgotten for that.
    pub fn add_negative_entries(&mut self, absent: &[(ArxivId, NegativeEntry)]) -> Result<(), Error> {
        self.write(Sync::Normal, |db| {
            for (id, absence) in absent {
                db.prepare_cached(
                    "INSERT INTO absent (key, version, asked, reason) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (key, version) DO UPDATE SET asked = excluded.asked,
                         reason = CASE reason WHEN ?5 THEN reason ELSE excluded.reason END",
                )?
                .execute(params![
                    id.packed(),
                    id.version().unwrap_or(0),
                    rfc3339(absence.asked),
                    absence.reason,
                    NegativeEntry::DELETED
                ])?;
            }
            Ok(())
        })
    }
}

pub(super) fn rfc3339(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(super) fn time(text: &str) -> rusqlite::Result<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .map_err(damaged)
}
