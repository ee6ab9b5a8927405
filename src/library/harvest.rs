//! Harvest checkpoints, and the last announcements that `new` showed.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{OptionalExtension, params};

use super::records::parse_day;
use super::store::{Durability, Revision};
use super::upsert::{Upsert, UpsertOptions};
use super::{Error, Library, UpsertReport, undo};
use crate::model::id::ArxivId;
use crate::model::record::Record;

/// How far an OAI set has been harvested.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HarvestCheckpoint {
    /// The next harvest starts on this day: all changes before it are stored, except for records that arXiv's paging
    /// skipped.
    pub day: NaiveDate,
    /// Before this day skipped records are stored as well. Never later than `day`.
    pub checked: NaiveDate,
}

impl Library {
    /// Checkpoint of an OAI set (`cs:cs:CL`, `None` for all of arXiv): the latest of its own and of those of its parent
    /// sets, because a parent covers its children.
    pub fn checkpoint(&self, set: Option<&str>) -> Result<Option<HarvestCheckpoint>, Error> {
        self.read(|db| {
            let mut checkpoints = Vec::new();
            for name in with_parents(set.unwrap_or_default()) {
                let checkpoint = db
                    .query_row(
                        "SELECT day, checked FROM harvests WHERE oai_set = ?1",
                        params![name],
                        |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
                    )
                    .optional()?;
                checkpoints.extend(checkpoint.and_then(|(reached, checked)| {
                    Some(HarvestCheckpoint {
                        day: parse_day(&reached)?,
                        checked: parse_day(&checked)?,
                    })
                }));
            }
            Ok(checkpoints
                .into_iter()
                .max_by_key(|checkpoint| (checkpoint.checked, checkpoint.day)))
        })
    }

    /// Stores a page of a harvest and moves the checkpoint in one transaction, so that an interrupted harvest resumes
    /// without a gap. Without a checkpoint the stored one stays.
    pub fn store_harvest_page(
        &mut self,
        set: Option<&str>,
        records: &[Record],
        deleted: &[ArxivId],
        checkpoint: impl Into<Option<HarvestCheckpoint>>,
        now: Option<DateTime<Utc>>,
    ) -> Result<UpsertReport, Error> {
        let checkpoint = checkpoint.into();
        let options = UpsertOptions {
            now,
            ..UpsertOptions::default()
        };
        self.write(Durability::Normal, |db| {
            let mut upsert = Upsert::begin(db, options)?;
            for record in records {
                upsert.upsert(record)?;
            }
            let mut revision = Revision::new(db);
            for id in deleted {
                undo::drop_row(db, id.packed(), &mut revision)?;
            }
            if let Some(checkpoint) = checkpoint {
                db.execute(
                    "INSERT OR REPLACE INTO harvests (oai_set, day, checked) VALUES (?1, ?2, ?3)",
                    params![
                        set.unwrap_or_default(),
                        checkpoint.day.to_string(),
                        checkpoint.checked.to_string()
                    ],
                )?;
            }
            Ok(upsert.report)
        })
    }

    /// Last day of announcements that was shown of a feed (`cs.CL`).
    pub fn last_shown(&self, feed: &str) -> Result<Option<NaiveDate>, Error> {
        self.read(|db| {
            let shown: Option<String> = db
                .query_row("SELECT day FROM shown WHERE feed = ?1", params![feed], |row| {
                    row.get(0)
                })
                .optional()?;
            Ok(shown.as_deref().and_then(parse_day))
        })
    }

    /// Stores the last day of announcements that was shown of these feeds. An earlier day does not replace a later one,
    /// unless the later one lies after `today` because a clock was wrong.
    pub fn set_last_shown(
        &mut self,
        feeds: &[String],
        shown: NaiveDate,
        today: NaiveDate,
    ) -> Result<(), Error> {
        self.write(Durability::Full, |db| {
            for feed in feeds {
                db.execute(
                    "INSERT INTO shown (feed, day) VALUES (?1, ?2)
                     ON CONFLICT (feed) DO UPDATE SET
                         day = CASE WHEN day > ?3 THEN excluded.day ELSE max(day, excluded.day) END",
                    params![feed, shown.to_string(), today.to_string()],
                )?;
            }
            Ok(())
        })
    }
}

/// An OAI set and its parents: `cs:cs:CL`, `cs:cs`, `cs`, and the empty name for all of arXiv.
fn with_parents(set: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(set), |set| match set.rfind(':') {
        Some(at) => set.get(..at),
        None if set.is_empty() => None,
        None => Some(""),
    })
}
