//! The way into the library: each record is merged with the stored one of its paper.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, params};

use super::records::parse_day;
use super::store::{DbError, DbResult, Durability, Revision, find_row, single_value};
use super::{Error, Library, json, user_data};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::{Paper, Source};
use crate::model::record::Record;

/// Longest time that a transaction may keep other writers waiting.
const BATCH: Duration = Duration::from_millis(250);

/// Options of an upsert.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct UpsertOptions {
    /// Keeps the papers as of this time, and merges the tags and notes in the records with the stored ones.
    pub keep: Option<DateTime<Utc>>,
    /// A value that the record leaves empty becomes empty if its source is the authority for that key.
    pub refresh: bool,
    /// The current time, if the records are answers that arXiv gave just now. A stored record from after this time was
    /// written by a clock that was ahead, and gives way.
    pub now: Option<DateTime<Utc>>,
}

/// Result of an upsert.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UpsertReport {
    /// Papers that were not stored before.
    pub new: u64,
    /// Papers that changed.
    pub updated: u64,
    /// Papers that did not change.
    pub same: u64,
    /// Papers among `new` and `updated` that are withdrawn now and were not known to be.
    pub withdrawn: u64,
    /// Records that were not stored because they could not be read back: identifier and reason.
    pub refused: Vec<(ArxivId, String)>,
}

impl std::ops::AddAssign for UpsertReport {
    fn add_assign(&mut self, other: Self) {
        self.new += other.new;
        self.updated += other.updated;
        self.same += other.same;
        self.withdrawn += other.withdrawn;
        self.refused.extend(other.refused);
    }
}

impl Library {
    /// Upserts records, each completely or not at all. A long list takes several transactions of at most 250 ms.
    pub fn upsert(&mut self, records: &[Record], options: UpsertOptions) -> Result<UpsertReport, Error> {
        // User data cannot be fetched again if it is lost; records can.
        let durability = if options.keep.is_some() {
            Durability::Full
        } else {
            Durability::Normal
        };
        let mut report = UpsertReport::default();
        let mut rest = records;
        while !rest.is_empty() {
            let done = self.write(durability, |db| {
                let start = Instant::now();
                let mut writing = Upsert::begin(db, options)?;
                let mut done = 0;
                for record in rest {
                    writing.upsert(record)?;
                    done += 1;
                    if start.elapsed() > BATCH {
                        break;
                    }
                }
                Ok((done, writing.report))
            });
            let (done, step) = done?;
            report += step;
            rest = rest.get(done..).unwrap_or_default();
        }
        Ok(report)
    }
}

/// An upsert within one transaction.
pub(super) struct Upsert<'a> {
    db: &'a Connection,
    options: UpsertOptions,
    revision: Revision<'a>,
    /// Whether the negative cache has entries.
    has_negative_entries: bool,
    pub report: UpsertReport,
}

impl<'a> Upsert<'a> {
    pub fn begin(db: &'a Connection, options: UpsertOptions) -> DbResult<Self> {
        Ok(Self {
            db,
            options,
            revision: Revision::new(db),
            has_negative_entries: single_value(db, "SELECT EXISTS (SELECT * FROM absent)", [])?,
            report: UpsertReport::default(),
        })
    }

    pub fn upsert(&mut self, record: &Record) -> DbResult<()> {
        let key = record.paper.id.packed();
        let sql = "SELECT as_of, checked, record FROM papers WHERE key = ?1";
        let row = match find_row(self.db, sql, params![key], StoredRow::read) {
            // The row exists and cannot be read, so it is replaced.
            Err(DbError::Damaged(_)) => Some(StoredRow::default()),
            row => row?,
        };
        let known = row.is_some();
        let changed = match row {
            None => self.insert(key, record),
            Some(row) => self.update(key, &row, record),
        };
        let changed = match changed {
            // One record that cannot be stored must not stop the others.
            Err(DbError::Damaged(reason)) => {
                self.report.refused.push((record.versioned(), reason));
                return Ok(());
            }
            changed => changed?,
        };
        if self.has_negative_entries {
            self.db
                .prepare_cached("DELETE FROM absent WHERE key = ?1 AND version IN (0, ?2)")?
                .execute(params![key, record.paper.version])?;
        }
        let user_data_changed = match self.options.keep {
            Some(now) => user_data::keep_with_user_data(self.db, key, record.paper.library.as_ref(), now)?,
            None => false,
        };
        // The change may be in an older version only, which the search index does not contain.
        if known && user_data_changed {
            user_data::touch(self.db, key, &mut self.revision)?;
        }
        match (changed, user_data_changed) {
            (true, _) => {}
            (false, true) => self.report.updated += 1,
            (false, false) => self.report.same += 1,
        }
        Ok(())
    }

    fn insert(&mut self, key: i64, record: &Record) -> DbResult<bool> {
        let text = json::serialize_checked(&record.paper)?;
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
                confirmed_at(record).map(|stamp| stamp.to_string()),
                paper.published.map(|stamp| stamp.to_string()),
                paper.updated.map(|stamp| stamp.to_string()),
                revision,
                text,
            ])?;
        self.report.new += 1;
        self.report.withdrawn += u64::from(record.paper.withdrawn == Some(true));
        Ok(true)
    }

    /// Merges a record with the stored one. Returns whether something changed.
    fn update(&mut self, key: i64, row: &StoredRow, record: &Record) -> DbResult<bool> {
        let stored = match row.record() {
            Err(DbError::Damaged(_)) => return self.replace_unreadable(key, record),
            stored => stored?,
        };
        let stored = match self.options.now {
            Some(now) => trusted(stored, record, now),
            None => stored,
        };
        let was = (stored.paper.version, stored.paper.withdrawn);
        if let (Some(newest), Some(version)) = (stored.paper.version, record.paper.version)
            && version < newest
            && !stored.is_disproved_by(record)
        {
            let filled = self.store_older_version(key, version, record)?;
            let merged = Record::merge(stored, record.clone(), self.options.refresh);
            let sharpened = self.write_row(key, row, &merged, row.checked)?;
            self.report.updated += u64::from(filled || sharpened);
            return Ok(filled || sharpened);
        }
        let checked = if record.current {
            // A time that has not come yet was written by a clock that was ahead.
            let past = |at: &Stamp| self.options.now.is_none_or(|now| *at <= Stamp::Second(now));
            row.checked.filter(past).max(confirmed_at(record))
        } else {
            // A newer version that was requested by its number need not be the newest one.
            row.checked
                .filter(|_| record.paper.version <= stored.paper.version)
        };
        let older = stored.clone();
        let merged = Record::merge(stored, record.clone(), self.options.refresh);
        if let Some(version) = was.0
            && merged.paper.version > Some(version)
        {
            self.store_older_version(key, version, &older)?;
        }
        let changed = self.write_row(key, row, &merged, checked)?;
        self.report.updated += u64::from(changed);
        self.report.withdrawn +=
            u64::from(changed && merged.paper.withdrawn == Some(true) && was.1 != Some(true));
        Ok(changed)
    }

    /// Replaces a record that cannot be read, of which nothing can be merged.
    fn replace_unreadable(&mut self, key: i64, record: &Record) -> DbResult<bool> {
        let unreadable = StoredRow::default();
        self.write_row(key, &unreadable, record, confirmed_at(record))?;
        self.report.updated += 1;
        Ok(true)
    }

    /// Writes the merged record. Returns whether anything but the time of the answer changed.
    fn write_row(
        &mut self,
        key: i64,
        row: &StoredRow,
        merged: &Record,
        checked: Option<Stamp>,
    ) -> DbResult<bool> {
        let text = json::serialize(&merged.paper)?;
        if text == row.text && merged.as_of == row.as_of && checked == row.checked {
            return Ok(false);
        }
        json::check(&text)?;
        // A newer time of the answer is no change for the search index or the report.
        let changed = !row.equals_except_time(&merged.paper);
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

    /// Stores a record of an older version. Returns whether it was new or changed.
    fn store_older_version(&mut self, key: i64, version: u32, record: &Record) -> DbResult<bool> {
        let sql = "SELECT as_of, record FROM versions WHERE key = ?1 AND version = ?2";
        let known: Option<(Option<String>, String)> = find_row(self.db, sql, params![key, version], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        let stored = known
            .as_ref()
            .and_then(|(as_of, text)| Some((as_of, json::parse(text).ok()?)));
        let record = match stored {
            Some((as_of, paper)) => {
                let stored = Record {
                    paper,
                    as_of: as_of.as_deref().and_then(parse_day),
                    current: false,
                };
                Record::merge(stored, record.clone(), self.options.refresh)
            }
            // One that cannot be read is replaced.
            None => record.clone(),
        };
        let text = json::serialize_checked(&record.paper)?;
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

/// A row of `papers`.
#[derive(Default)]
struct StoredRow {
    as_of: Option<NaiveDate>,
    checked: Option<Stamp>,
    text: String,
}

impl StoredRow {
    fn read(row: &rusqlite::Row) -> DbResult<Self> {
        let as_of: Option<String> = row.get(0)?;
        let checked: Option<String> = row.get(1)?;
        Ok(Self {
            as_of: as_of.as_deref().and_then(parse_day),
            checked: checked.as_deref().and_then(Stamp::parse),
            text: row.get(2)?,
        })
    }

    fn record(&self) -> DbResult<Record> {
        Ok(Record {
            paper: json::parse(&self.text)?,
            as_of: self.as_of,
            current: self.checked.is_some(),
        })
    }

    fn equals_except_time(&self, merged: &Paper) -> bool {
        let Ok(mut stored) = json::parse(&self.text) else {
            return false;
        };
        stored.retrieved = merged.retrieved;
        stored.source = merged.source;
        // User data is not part of a stored record.
        stored.library.clone_from(&merged.library);
        stored.requested_id = merged.requested_id;
        stored == *merged
    }
}

/// Time at which a source confirmed the record's version as the newest: when arXiv answered, or the day that a file
/// describes.
fn confirmed_at(record: &Record) -> Option<Stamp> {
    let live = record.paper.source.is_arxiv();
    match record.current {
        true if live => record.paper.retrieved.or(record.as_of.map(Stamp::Day)),
        true => record.as_of.map(Stamp::Day),
        false => None,
    }
}

/// The stored record as far as it can be trusted beside an answer that arXiv gives now.
///
/// A day in the future was written by a clock that was ahead, so nothing is known of the record's age. A version above
/// the one that arXiv calls the newest never existed, however it came here: like a version that somebody wrote into a
/// file, it gives way. OAI-PMH lags behind the query API by up to a day, so its answer counts only if it describes a
/// later day.
#[must_use]
pub fn trusted(mut stored: Record, answer: &Record, now: DateTime<Utc>) -> Record {
    if stored.as_of.is_some_and(|day| day > now.date_naive()) {
        stored.as_of = None;
        stored.current = false;
    }
    let is_later = match answer.paper.source {
        Source::Api => answer.as_of >= stored.as_of,
        Source::Oai => answer.as_of > stored.as_of,
        Source::Catalog | Source::File | Source::Rss => false,
    };
    if answer.current
        && is_later
        && answer.paper.version.is_some()
        && answer.paper.version < stored.paper.version
    {
        stored.paper.source = Source::File;
        stored.current = false;
    }
    stored
}
