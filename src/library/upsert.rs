//! Records on their way in, each merged with what is held of its paper.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::records::day;
use super::store::{Answer, Revision, Sync};
use super::{Error, Library, json, user_data};
use crate::model::date::Stamp;
use crate::model::paper::{Paper, Source};
use crate::model::record::Record;

/// No write holds the others up for longer.
const BATCH: Duration = Duration::from_millis(250);

/// How records are put in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct UpsertOptions {
    /// Keep them, since this time; what the records say of tags and notes is taken over as well.
    pub keep: Option<DateTime<Utc>>,
    /// What the source is the authority for and leaves empty is empty from now on.
    pub refresh: bool,
}

/// What became of records that were put in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct UpsertReport {
    /// Papers that were not held before.
    pub new: u64,
    /// Papers of which something changed.
    pub updated: u64,
    /// Papers that were known like this.
    pub same: u64,
    /// Those among new and updated that are withdrawn now and were not known to be.
    pub withdrawn: u64,
}

impl std::ops::AddAssign for UpsertReport {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.updated += other.updated;
        self.same += other.same;
        self.withdrawn += other.withdrawn;
    }
}

impl Library {
    /// Puts records in, each merged with what is held of its paper, in whole records; a write that takes long is done
    /// in several steps.
    pub fn upsert(&mut self, records: &[Record], how: UpsertOptions) -> Result<UpsertReport, Error> {
        // What the user keeps is the user's word; a record alone can be had again.
        let sync = if how.keep.is_some() {
            Sync::Full
        } else {
            Sync::Normal
        };
        let mut tally = UpsertReport::default();
        let mut rest = records;
        while !rest.is_empty() {
            let done = self.write(sync, |db| {
                let began = Instant::now();
                let mut writing = Writing::begin(db, how)?;
                let mut done = 0;
                for record in rest {
                    writing.upsert(record)?;
                    done += 1;
                    if began.elapsed() > BATCH {
                        break;
                    }
                }
                Ok((done, writing.tally))
            });
            let (done, step) = done?;
            tally += step;
            rest = rest.get(done..).unwrap_or_default();
        }
        Ok(tally)
    }
}

/// Records being written within one transaction.
pub(super) struct Writing<'a> {
    db: &'a Connection,
    how: UpsertOptions,
    revision: Revision<'a>,
    /// Whether some identifiers are thought not to exist.
    absences: bool,
    pub tally: UpsertReport,
}

impl<'a> Writing<'a> {
    pub fn begin(db: &'a Connection, how: UpsertOptions) -> Answer<Self> {
        Ok(Self {
            db,
            how,
            revision: Revision::new(db),
            absences: db.query_row("SELECT EXISTS (SELECT * FROM absent)", [], |row| row.get(0))?,
            tally: UpsertReport::default(),
        })
    }

    pub fn upsert(&mut self, record: &Record) -> Answer<()> {
        let key = record.paper.id.packed();
        let row: Option<Row> = self
            .db
            .prepare_cached("SELECT as_of, checked, record FROM papers WHERE key = ?1")?
            .query_row(params![key], Row::read)
            .optional()?;
        if self.absences {
            self.db
                .prepare_cached("DELETE FROM absent WHERE key = ?1 AND version IN (0, ?2)")?
                .execute(params![key, record.paper.version])?;
        }
        let known = row.is_some();
        let changed = match row {
            None => {
                self.insert(key, record)?;
                self.tally.new += 1;
                self.tally.withdrawn += u64::from(record.paper.withdrawn == Some(true));
                true
            }
            Some(row) => self.update(key, &row, record)?,
        };
        let words = match self.how.keep {
            Some(now) => user_data::take_over(self.db, key, record.paper.library.as_ref(), now)?,
            None => false,
        };
        // A change may be of an older version alone, of which the index knows nothing.
        if known && words {
            user_data::touch(self.db, key, &mut self.revision)?;
        }
        match (changed, words) {
            (true, _) => {}
            (false, true) => self.tally.updated += 1,
            (false, false) => self.tally.same += 1,
        }
        Ok(())
    }

    fn insert(&mut self, key: i64, record: &Record) -> Answer<()> {
        let revision = self.revision.take()?;
        let paper = &record.paper;
        self.db
            .prepare_cached(
                "INSERT INTO papers (key, version, as_of, checked, published, updated, created, revision, record)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)",
            )?
            .execute(params![
                key,
                paper.version,
                record.as_of.map(|day| day.to_string()),
                checked(record).map(|stamp| stamp.to_string()),
                paper.published.map(|stamp| stamp.to_string()),
                paper.updated.map(|stamp| stamp.to_string()),
                revision,
                json::text(paper)?,
            ])?;
        Ok(())
    }

    /// Whether something changed.
    fn update(&mut self, key: i64, row: &Row, record: &Record) -> Answer<bool> {
        let held = row.record()?;
        let was = (held.paper.version, held.paper.withdrawn);
        if let (Some(newest), Some(version)) = (held.paper.version, record.paper.version)
            && version < newest
            && !held.is_disproved_by(record)
        {
            let filled = self.file_older(key, version, record)?;
            let merged = Record::merge(held, record.clone(), self.how.refresh);
            let sharpened = self.store(key, row, &merged, row.checked)?;
            self.tally.updated += u64::from(filled || sharpened);
            return Ok(filled || sharpened);
        }
        let checked = if record.current {
            row.checked.max(checked(record))
        } else {
            // What is newer and was asked for by its version may not be the newest.
            row.checked.filter(|_| record.paper.version <= held.paper.version)
        };
        let older = held.clone();
        let merged = Record::merge(held, record.clone(), self.how.refresh);
        if let Some(version) = was.0
            && merged.paper.version > Some(version)
        {
            self.file_older(key, version, &older)?;
        }
        let changed = self.store(key, row, &merged, checked)?;
        self.tally.updated += u64::from(changed);
        self.tally.withdrawn +=
            u64::from(changed && merged.paper.withdrawn == Some(true) && was.1 != Some(true));
        Ok(changed)
    }

    /// Writes what the merge gave over the row; whether the record itself says anything else than before.
    fn store(&mut self, key: i64, row: &Row, merged: &Record, checked: Option<Stamp>) -> Answer<bool> {
        let text = json::text(&merged.paper)?;
        if text == row.text && merged.as_of == row.as_of && checked == row.checked {
            return Ok(false);
        }
        // Only the time of the answer is new: nothing for the index, nothing to tell.
        let changed = !row.same_but_for_time(&merged.paper)?;
        let revision = if changed {
            Some(self.revision.take()?)
        } else {
            None
        };
        let paper = &merged.paper;
        self.db
            .prepare_cached(
                "UPDATE papers SET version = ?2, as_of = ?3, checked = ?4, published = ?5, updated = ?6,
                     revision = coalesce(?7, revision), record = ?8 WHERE key = ?1",
            )?
            .execute(params![
                key,
                paper.version,
                merged.as_of.map(|day| day.to_string()),
                checked.map(|stamp| stamp.to_string()),
                paper.published.map(|stamp| stamp.to_string()),
                paper.updated.map(|stamp| stamp.to_string()),
                revision,
                text,
            ])?;
        Ok(changed)
    }

    /// Puts the record of a version before the newest among its like; whether it was not known so.
    fn file_older(&mut self, key: i64, version: u32, record: &Record) -> Answer<bool> {
        let known: Option<(Option<String>, String)> = self
            .db
            .prepare_cached("SELECT as_of, record FROM versions WHERE key = ?1 AND version = ?2")?
            .query_row(params![key, version], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let record = match &known {
            Some((as_of, text)) => {
                let held = Record {
                    paper: json::paper(text)?,
                    as_of: as_of.as_deref().and_then(day),
                    current: false,
                };
                Record::merge(held, record.clone(), self.how.refresh)
            }
            None => record.clone(),
        };
        let text = json::text(&record.paper)?;
        if known.is_some_and(|(_, known)| known == text) {
            return Ok(false);
        }
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO versions (key, version, as_of, record) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                key,
                version,
                record.as_of.map(|day| day.to_string()),
                text
            ])?;
        Ok(true)
    }
}

/// What a row of `papers` says.
struct Row {
    as_of: Option<NaiveDate>,
    checked: Option<Stamp>,
    text: String,
}

impl Row {
    fn read(row: &rusqlite::Row) -> Answer<Self> {
        let as_of: Option<String> = row.get(0)?;
        let checked: Option<String> = row.get(1)?;
        Ok(Self {
            as_of: as_of.as_deref().and_then(day),
            checked: checked.as_deref().and_then(Stamp::parse),
            text: row.get(2)?,
        })
    }

    fn record(&self) -> Answer<Record> {
        Ok(Record {
            paper: json::paper(&self.text)?,
            as_of: self.as_of,
            current: self.checked.is_some(),
        })
    }

    fn same_but_for_time(&self, merged: &Paper) -> Answer<bool> {
        let mut held = json::paper(&self.text)?;
        held.retrieved = merged.retrieved;
        held.source = merged.source;
        // What is stored has no library of its own.
        held.library.clone_from(&merged.library);
        held.requested_id = merged.requested_id;
        Ok(held == *merged)
    }
}

/// As of when a source calls a record's version the newest: the moment arXiv answered, or the day a file describes.
fn checked(record: &Record) -> Option<Stamp> {
    let live = matches!(record.paper.source, Source::Api | Source::Oai);
    match record.current {
        true if live => record.paper.retrieved.or(record.as_of.map(Stamp::Day)),
        true => record.as_of.map(Stamp::Day),
        false => None,
    }
}
