//! How far arXiv was harvested, and what was announced.

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, params};

use super::records::day;
use super::store::{Revision, Sync};
use super::upsert::{UpsertOptions, Writing};
use super::{Error, Library, UpsertReport, undo};
use crate::model::id::ArxivId;
use crate::model::record::Record;

/// How far a set was harvested.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HarvestCheckpoint {
    /// Everything changed before this day is held, but for what paging skipped: where the next harvest starts.
    pub day: NaiveDate,
    /// Of everything changed before this day, also what paging skipped is held; never after `day`.
    pub checked: NaiveDate,
}

impl Library {
    /// How far this OAI set was harvested (`cs:cs:CL`; `None` for everything): its own mark or that of a set around
    /// it, whichever is later.
    pub fn checkpoint(&self, set: Option<&str>) -> Result<Option<HarvestCheckpoint>, Error> {
        self.read(|db| {
            let mut marks = Vec::new();
            for name in around(set.unwrap_or_default()) {
                let mark = db
                    .query_row(
                        "SELECT day, checked FROM harvests WHERE oai_set = ?1",
                        params![name],
                        |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)),
                    )
                    .optional()?;
                marks.extend(mark.and_then(|(reached, checked)| {
                    Some(HarvestCheckpoint {
                        day: day(&reached)?,
                        checked: day(&checked)?,
                    })
                }));
            }
            Ok(marks.into_iter().max_by_key(|mark| (mark.checked, mark.day)))
        })
    }

    /// Stores a page of a harvest (records, and papers that arXiv deleted) and moves the mark, in one; without a mark
    /// the set's own, if it has one, stays.
    pub fn store_harvest_page(
        &mut self,
        set: Option<&str>,
        records: &[Record],
        deleted: &[ArxivId],
        mark: impl Into<Option<HarvestCheckpoint>>,
    ) -> Result<UpsertReport, Error> {
        let mark = mark.into();
        self.write(Sync::Normal, |db| {
            let mut writing = Writing::begin(db, UpsertOptions::default())?;
            for record in records {
                writing.upsert(record)?;
            }
            let mut revision = Revision::new(db);
            for id in deleted {
                undo::drop_row(db, id.packed(), &mut revision)?;
            }
            if let Some(mark) = mark {
                db.execute(
                    "INSERT OR REPLACE INTO harvests (oai_set, day, checked) VALUES (?1, ?2, ?3)",
                    params![
                        set.unwrap_or_default(),
                        mark.day.to_string(),
                        mark.checked.to_string()
                    ],
                )?;
            }
            Ok(writing.tally)
        })
    }

    /// The last day of announcements that was shown of a feed (`cs.CL`).
    pub fn last_shown(&self, feed: &str) -> Result<Option<NaiveDate>, Error> {
        self.read(|db| {
            let shown: Option<String> = db
                .query_row("SELECT day FROM shown WHERE feed = ?1", params![feed], |row| {
                    row.get(0)
                })
                .optional()?;
            Ok(shown.as_deref().and_then(day))
        })
    }

    /// Remembers the last day of announcements that was shown of these feeds. An earlier one moves nothing back, but a
    /// day after `today` is no day that was shown.
    pub fn set_last_shown(
        &mut self,
        feeds: &[String],
        shown: NaiveDate,
        today: NaiveDate,
    ) -> Result<(), Error> {
        self.write(Sync::Full, |db| {
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

/// A set and those around it: `cs:cs:CL`, `cs:cs`, `cs` and all of arXiv.
fn around(set: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(set), |set| match set.rfind(':') {
        Some(at) => set.get(..at),
        None if set.is_empty() => None,
        None => Some(""),
    })
}
