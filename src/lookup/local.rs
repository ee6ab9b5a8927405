//! Records on this machine: the library, opened at most once, and the catalogs.
//!
//! Every command that stores what arXiv answered does it here, so that records are annotated, merged and kept by one
//! rule.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveTime, Utc};

use super::{annotate, catalog_record};
use crate::catalog::Catalog;
use crate::library::{self, CachedSearch, Error, Library, NegativeEntry, StoredRecord, UpsertOptions};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::ledger::{RecordOrigin, Status};
use crate::model::outcome::{Outcome, not_found_reason};
use crate::model::paper::{Paper, Source, UserData};
use crate::model::record::Record;

/// How old an answer on this machine may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Freshness {
    /// The age from which on arXiv is asked again.
    pub max_age: Duration,
    /// Whether arXiv is asked whatever the age, and a value that it leaves empty now becomes empty here.
    pub refresh: bool,
}

/// Where the records that arXiv answers are stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Storage {
    /// In the mirror, if there is one; none is created.
    ExistingMirror,
    /// In the mirror, which is created if necessary.
    Mirror,
    /// In the library: the user wants to keep them.
    Library,
}

/// The records on this machine.
///
/// A library that cannot be used stops nothing: lookups then find nothing in it, and [`Self::read_error`] and
/// [`Self::write_error`] return the reason.
pub struct LocalRecords<'a> {
    folder: &'a Path,
    catalogs: &'a [Catalog],
    now: DateTime<Utc>,
    freshness: Freshness,
    storage: Storage,
    library: Option<Library>,
    read_error: Option<Error>,
    write_error: Option<Error>,
}

impl<'a> LocalRecords<'a> {
    /// The records of the library in this folder, if there is one, and of these catalogs.
    #[must_use]
    pub fn open(
        folder: &'a Path,
        catalogs: &'a [Catalog],
        now: DateTime<Utc>,
        freshness: Freshness,
        storage: Storage,
    ) -> Self {
        let (library, read_error) = match Library::existing(folder) {
            Ok(library) => (library, None),
            Err(error) => (None, Some(error)),
        };
        Self {
            folder,
            catalogs,
            now,
            freshness,
            storage,
            library,
            read_error,
            write_error: None,
        }
    }

    /// No records: nothing is found here, and nothing is stored.
    ///
    /// For commands that compare arXiv's answer with what is on this machine and must not mix the two.
    #[must_use]
    pub fn none(now: DateTime<Utc>) -> Self {
        Self {
            folder: Path::new(""),
            catalogs: &[],
            now,
            freshness: Freshness {
                max_age: Duration::ZERO,
                refresh: true,
            },
            storage: Storage::ExistingMirror,
            library: None,
            read_error: None,
            write_error: None,
        }
    }

    /// Why the library could not be read, if it could not.
    #[must_use]
    pub fn read_error(&self) -> Option<&Error> {
        self.read_error.as_ref()
    }

    /// Why arXiv's answers could not be stored, if they could not.
    #[must_use]
    pub fn write_error(&self) -> Option<&Error> {
        self.write_error.as_ref()
    }

    /// The library, if there is one that can be read.
    #[must_use]
    pub fn library(&self) -> Option<&Library> {
        self.library.as_ref()
    }

    /// The library, created if necessary.
    pub fn create_library(&mut self) -> Result<&mut Library, Error> {
        let library = match self.library.take() {
            Some(library) => library,
            None => Library::open(self.folder)?,
        };
        Ok(self.library.insert(library))
    }

    /// The library's record of this identifier, with what the catalogs know of its paper.
    pub fn get(&mut self, id: ArxivId) -> Option<StoredRecord> {
        let mut held = self.read(|library| library.get(id))?;
        annotate(self.catalogs, &mut held.paper);
        Some(held)
    }

    /// arXiv's last answer about this identifier, if it is fresh enough. With `with_history` a record counts only if it
    /// has its history of versions.
    pub fn fresh(&mut self, id: ArxivId, with_history: bool) -> Option<Outcome> {
        if self.freshness.refresh {
            return None;
        }
        if let Some(held) = self.get(id) {
            let complete = held.paper.abstract_.is_some() && (!with_history || held.paper.versions.is_some());
            if complete && self.is_current(id, held.checked) {
                return Some(from_library(held));
            }
        }
        let absence = self.read(|library| library.negative_entry(id))?;
        self.is_fresh(Stamp::Second(absence.checked_at))
            .then(|| known_absence(id, &absence))
    }

    /// The library's record, if it is known to be of the version that this identifier means. What else is missing in it
    /// does not matter.
    pub fn fresh_version(&mut self, id: ArxivId) -> Option<Paper> {
        if self.freshness.refresh && id.version().is_none() {
            return None;
        }
        let held = self.get(id)?;
        let usable = held.paper.version.is_some() && self.is_current(id, held.checked);
        usable.then_some(held.paper)
    }

    /// arXiv's answer that it has no such paper, however old.
    pub fn absence(&mut self, id: ArxivId) -> Option<Outcome> {
        let absence = self.read(|library| library.negative_entry(id))?;
        Some(known_absence(id, &absence))
    }

    /// arXiv's answer that it deleted this paper, however old.
    pub fn deletion(&mut self, id: ArxivId) -> Option<NegativeEntry> {
        let absence = self.read(|library| library.negative_entry(id.base()))?;
        Some(absence).filter(|entry| entry.deleted)
    }

    /// The user's tags and note on a paper, whether there is a record of it or not.
    pub fn user_data(&mut self, id: ArxivId) -> Option<UserData> {
        self.read(|library| library.user_data(id))
    }

    /// The record of this identifier, however old: the library's, else a catalog's.
    pub fn any_age(&mut self, id: ArxivId) -> Option<Outcome> {
        if let Some(held) = self.get(id) {
            return Some(from_library(held));
        }
        let is_version = |paper: &Paper| id.version().is_none() || id.version() == paper.version;
        let paper = catalog_record(self.catalogs, id).filter(is_version)?;
        Some(Outcome::Found(Box::new(paper), RecordOrigin::Catalog))
    }

    /// Stores what arXiv answered.
    pub fn store(&mut self, records: &[Record], absent: &[(ArxivId, NegativeEntry)]) {
        let options = UpsertOptions {
            keep: (self.storage == Storage::Library).then_some(self.now),
            refresh: self.freshness.refresh,
            now: Some(self.now),
        };
        // The index covers what the catalogs know of a paper, so it is stored with the record.
        let mut records = records.to_vec();
        for record in &mut records {
            annotate(self.catalogs, &mut record.paper);
        }
        self.write(|library| {
            if !records.is_empty() {
                library.upsert(&records, options)?;
            }
            if !absent.is_empty() {
                library.add_negative_entries(absent)?;
            }
            Ok(())
        });
    }

    /// Marks records of the mirror as kept, if the user wants to keep what is fetched.
    pub fn keep(&mut self, outcomes: &mut [(ArxivId, Outcome)]) {
        let mut new: Vec<&mut Paper> = Vec::new();
        for (_, outcome) in outcomes {
            match outcome {
                Outcome::Found(paper, RecordOrigin::Library) if paper.library.is_none() => new.push(paper),
                _ => {}
            }
        }
        if self.storage != Storage::Library || new.is_empty() {
            return;
        }
        let now = self.now;
        let ids: Vec<ArxivId> = new.iter().map(|paper| paper.id).collect();
        self.write(|library| library.keep(&ids, now));
        if self.write_error.is_none() {
            for paper in new {
                paper.library.get_or_insert_default().kept = Some(Stamp::Second(now));
            }
        }
    }

    /// A record that arrived, merged with what the library has of it.
    pub fn merge(&mut self, id: ArxivId, arrived: Record) -> Box<Paper> {
        let (version, source, retrieved) = (
            arrived.paper.version,
            arrived.paper.source,
            arrived.paper.retrieved,
        );
        let mut paper = match self.get(id) {
            Some(held) => {
                let user_data = held.paper.library.clone();
                let held = Record {
                    paper: held.paper,
                    as_of: held.as_of,
                    current: held.checked.is_some(),
                };
                let held = library::trusted(held, &arrived, self.now);
                let mut paper = Record::merge(held, arrived, self.freshness.refresh).paper;
                paper.library = user_data;
                paper
            }
            None => arrived.paper,
        };
        if paper.version == version {
            (paper.source, paper.retrieved) = (source, retrieved);
        }
        annotate(self.catalogs, &mut paper);
        Box::new(paper)
    }

    /// arXiv's answer to the search of this name, if it is fresh (or of any age), with its records. Newer versions of
    /// these may have arrived since.
    pub fn cached_search(&mut self, name: &str, any_age: bool) -> Option<(CachedSearch, Vec<Paper>)> {
        let known = self.read(|library| library.cached_search(name))?;
        let fresh = !self.freshness.refresh && self.is_fresh(Stamp::Second(known.searched_at));
        if !fresh && !any_age {
            return None;
        }
        let papers: Option<Vec<Paper>> = known
            .ids
            .iter()
            .map(|id| self.get(*id).map(|held| held.paper))
            .collect();
        Some((known, papers?))
    }

    /// Stores arXiv's answer to a search.
    pub fn cache_search(&mut self, name: &str, answer: &CachedSearch) {
        self.write(|library| library.cache_search(name, answer));
    }

    /// Whether a record is still the one that this identifier means. A version never changes; which version is the
    /// newest does.
    fn is_current(&self, id: ArxivId, checked: Option<Stamp>) -> bool {
        id.version().is_some() || checked.is_some_and(|at| self.is_fresh(at))
    }

    fn is_fresh(&self, stamp: Stamp) -> bool {
        is_fresh(stamp, self.now, self.freshness.max_age)
    }

    fn read<T>(&mut self, work: impl FnOnce(&Library) -> Result<Option<T>, Error>) -> Option<T> {
        work(self.library.as_ref()?).unwrap_or_else(|error| {
            self.read_error.get_or_insert(error);
            None
        })
    }

    fn write(&mut self, work: impl FnOnce(&mut Library) -> Result<(), Error>) {
        if self.read_error.is_some() || self.write_error.is_some() {
            return;
        }
        if self.library.is_none() && self.storage == Storage::ExistingMirror {
            return;
        }
        self.write_error = self.create_library().and_then(work).err();
    }
}

fn from_library(held: StoredRecord) -> Outcome {
    Outcome::Found(Box::new(held.paper), RecordOrigin::Library)
}

fn known_absence(id: ArxivId, absence: &NegativeEntry) -> Outcome {
    let asked = Stamp::Second(absence.checked_at);
    if absence.deleted {
        return Outcome::Failed(Status::Deleted, format!("{} (asked at {asked})", absence.reason));
    }
    let reason = not_found_reason(id);
    Outcome::Failed(Status::NotFound, format!("{reason} (asked at {asked})"))
}

/// Whether an answer of this time is young enough not to be asked for again.
#[must_use]
pub fn is_fresh(asked: Stamp, now: DateTime<Utc>, max_age: Duration) -> bool {
    let at = match asked {
        Stamp::Second(time) => time,
        Stamp::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
    };
    // A time in the future was written by a clock that was wrong, and is worth nothing; a minute's difference between
    // two clocks is normal.
    match (now - at).to_std() {
        Ok(age) => age < max_age,
        Err(_) => (at - now).num_seconds() < 60 && !max_age.is_zero(),
    }
}

/// A record as arXiv answered it at this time. `is_newest`: it was asked for without a version.
#[must_use]
pub fn arrived(mut paper: Paper, source: Source, now: DateTime<Utc>, is_newest: bool) -> Record {
    paper.source = source;
    paper.retrieved = Some(Stamp::Second(now));
    Record {
        paper,
        as_of: Some(now.date_naive()),
        current: is_newest,
    }
}
