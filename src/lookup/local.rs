//! What this machine holds: the library, opened at most once, and the catalogs.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveTime, Utc};

use super::{Outcome, annotate, local, not_found};
use crate::catalog::Catalog;
use crate::library::{CachedSearch, Error, Library, NegativeEntry, StoredRecord, UpsertOptions};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::paper::{Kept, Paper, Source};
use crate::model::record::Record;

/// How old an answer held on this machine may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Age {
    /// So old.
    pub max: Duration,
    /// None will do; and what arXiv leaves empty now is empty.
    pub refresh: bool,
}

/// What becomes of the records that arXiv answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Coming {
    /// They go into the mirror, where there is one.
    IfThere,
    /// They go into the mirror, which is made where there is none.
    Mirrored,
    /// They are kept.
    Kept,
}

/// What this machine holds.
///
/// A library that cannot be used stops nothing: it holds nothing then, and [`Self::unread`] and [`Self::unwritten`]
/// say why.
pub struct LocalRecords<'a> {
    folder: &'a Path,
    catalogs: &'a [Catalog],
    now: DateTime<Utc>,
    age: Age,
    coming: Coming,
    library: Option<Library>,
    unread: Option<Error>,
    unwritten: Option<Error>,
}

impl<'a> LocalRecords<'a> {
    /// What the library in this folder and these catalogs hold now.
    #[must_use]
    pub fn open(
        folder: &'a Path,
        catalogs: &'a [Catalog],
        now: DateTime<Utc>,
        age: Age,
        coming: Coming,
    ) -> Self {
        let (library, unread) = match Library::existing(folder) {
            Ok(library) => (library, None),
            Err(error) => (None, Some(error)),
        };
        Self {
            folder,
            catalogs,
            now,
            age,
            coming,
            library,
            unread,
            unwritten: None,
        }
    }

    /// Why the library could not be read.
    #[must_use]
    pub fn unread(&self) -> Option<&Error> {
        self.unread.as_ref()
    }

    /// Why what arXiv answered could not be put into the library.
    #[must_use]
    pub fn unwritten(&self) -> Option<&Error> {
        self.unwritten.as_ref()
    }

    /// What is held of this identifier in the library, with what the catalogs know of its paper.
    pub fn held(&mut self, id: ArxivId) -> Option<StoredRecord> {
        let mut held = self.read(|library| library.get(id))?;
        annotate(self.catalogs, &mut held.paper);
        Some(held)
    }

    /// What arXiv said of this identifier lately enough; with `complete` only what has a history as well.
    pub fn fresh(&mut self, id: ArxivId, complete: bool) -> Option<Outcome> {
        if self.age.refresh {
            return None;
        }
        if let Some(held) = self.held(id) {
            let whole = held.paper.abstract_.is_some() && (!complete || held.paper.versions.is_some());
            // A version does not change any more; which one is the newest does.
            let lately = id.version().is_some() || held.checked.is_some_and(|at| self.is_fresh(at));
            if whole && lately {
                return Some(Outcome::Held(Box::new(held.paper)));
            }
        }
        let absence = self.read(|library| library.negative_entry(id))?;
        self.is_fresh(Stamp::Second(absence.asked))
            .then(|| known_absent(id, &absence))
    }

    /// That arXiv once said it has no such paper, however long ago.
    pub fn absent(&mut self, id: ArxivId) -> Option<Outcome> {
        let absence = self.read(|library| library.negative_entry(id))?;
        Some(known_absent(id, &absence))
    }

    /// What arXiv said of a paper it does not have any more.
    pub fn deletion(&mut self, id: ArxivId) -> Option<NegativeEntry> {
        let absence = self.read(|library| library.negative_entry(id.base()))?;
        Some(absence).filter(NegativeEntry::is_deletion)
    }

    /// What the user made of a paper, whether its record is held or not.
    pub fn words(&mut self, id: ArxivId) -> Option<Kept> {
        self.read(|library| library.user_data(id))
    }

    /// The record of this identifier, however old: the library's, else a catalog's.
    pub fn whatever(&mut self, id: ArxivId) -> Option<Outcome> {
        if let Some(held) = self.held(id) {
            return Some(Outcome::Held(Box::new(held.paper)));
        }
        let of_version = |paper: &Paper| id.version().is_none() || id.version() == paper.version;
        let paper = local(self.catalogs, id).filter(of_version)?;
        Some(Outcome::Found(Box::new(paper)))
    }

    /// Puts in what arXiv answered.
    pub fn learn(&mut self, records: &[Record], absent: &[(ArxivId, NegativeEntry)]) {
        let how = UpsertOptions {
            keep: (self.coming == Coming::Kept).then_some(self.now),
            refresh: self.age.refresh,
        };
        // What the catalogs know of a paper is stored with it, so that the search finds it.
        let mut records = records.to_vec();
        for record in &mut records {
            annotate(self.catalogs, &mut record.paper);
        }
        self.write(|library| {
            if !records.is_empty() {
                library.upsert(&records, how)?;
            }
            if !absent.is_empty() {
                library.add_negative_entries(absent)?;
            }
            Ok(())
        });
    }

    /// Keeps what is held already of these, where that is what becomes of records.
    pub fn keep(&mut self, outcomes: &mut [(ArxivId, Outcome)]) {
        let mut new: Vec<&mut Paper> = Vec::new();
        for (_, outcome) in outcomes {
            match outcome {
                Outcome::Held(paper) if paper.library.is_none() => new.push(paper),
                _ => {}
            }
        }
        if self.coming != Coming::Kept || new.is_empty() {
            return;
        }
        let now = self.now;
        let ids: Vec<ArxivId> = new.iter().map(|paper| paper.id).collect();
        self.write(|library| library.keep(&ids, now));
        if self.unwritten.is_none() {
            for paper in new {
                paper.library.get_or_insert_default().kept = Some(Stamp::Second(now));
            }
        }
    }

    /// What is to be told of an identifier whose record arrived: that, with what the library knew beside it.
    pub fn merged(&mut self, id: ArxivId, arrived: Record) -> Box<Paper> {
        let told = (
            arrived.paper.version,
            arrived.paper.source,
            arrived.paper.retrieved,
        );
        let mut paper = match self.held(id) {
            Some(held) => {
                let library = held.paper.library.clone();
                let held = Record {
                    paper: held.paper,
                    as_of: held.as_of,
                    current: held.checked.is_some(),
                };
                let mut paper = Record::merge(held, arrived, self.age.refresh).paper;
                paper.library = library;
                paper
            }
            None => arrived.paper,
        };
        if paper.version == told.0 {
            (paper.source, paper.retrieved) = (told.1, told.2);
        }
        annotate(self.catalogs, &mut paper);
        Box::new(paper)
    }

    /// arXiv's answer to the search of this name, if it is fresh (or however old), with its records, which may have
    /// grown newer since.
    pub fn cached_search(&mut self, name: &str, however_old: bool) -> Option<(CachedSearch, Vec<Paper>)> {
        let known = self.read(|library| library.cached_search(name))?;
        let fresh = !self.age.refresh && self.is_fresh(Stamp::Second(known.asked));
        if !fresh && !however_old {
            return None;
        }
        let papers: Option<Vec<Paper>> = known
            .ids
            .iter()
            .map(|id| self.held(*id).map(|held| held.paper))
            .collect();
        Some((known, papers?))
    }

    /// Remembers arXiv's answer to a search.
    pub fn cache_search(&mut self, name: &str, answer: &CachedSearch) {
        self.write(|library| library.cache_search(name, answer));
    }

    fn is_fresh(&self, stamp: Stamp) -> bool {
        is_fresh(stamp, self.now, self.age.max)
    }

    fn read<T>(&mut self, work: impl FnOnce(&Library) -> Result<Option<T>, Error>) -> Option<T> {
        work(self.library.as_ref()?).unwrap_or_else(|error| {
            self.unread.get_or_insert(error);
            None
        })
    }

    fn write(&mut self, work: impl FnOnce(&mut Library) -> Result<(), Error>) {
        if self.unread.is_some() || self.unwritten.is_some() {
            return;
        }
        let opened = match self.library.take() {
            None if self.coming == Coming::IfThere => return,
            None => Library::open(self.folder),
            Some(library) => Ok(library),
        };
        let written = opened.and_then(|library| work(self.library.insert(library)));
        self.unwritten = written.err();
    }
}

fn known_absent(id: ArxivId, absence: &NegativeEntry) -> Outcome {
    let asked = Stamp::Second(absence.asked);
    if absence.is_deletion() {
        Outcome::Deleted(format!("{} (asked at {asked})", absence.reason))
    } else {
        Outcome::NotFound(format!("{} (asked at {asked})", not_found(id)))
    }
}

/// Whether what was asked then need not be asked again now.
#[must_use]
pub fn is_fresh(asked: Stamp, now: DateTime<Utc>, max_age: Duration) -> bool {
    let at = match asked {
        Stamp::Second(time) => time,
        Stamp::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
    };
    // A time to come was told by a clock that was wrong, and says nothing; but for a minute's difference of clocks.
    match (now - at).to_std() {
        Ok(age) => age < max_age,
        Err(_) => (at - now).num_seconds() < 60 && !max_age.is_zero(),
    }
}

/// A record as arXiv answered it now. One that was asked for without a version is the newest.
#[must_use]
pub fn answered(mut paper: Paper, source: Source, now: DateTime<Utc>, current: bool) -> Record {
    paper.source = source;
    paper.retrieved = Some(Stamp::Second(now));
    Record {
        paper,
        as_of: Some(now.date_naive()),
        current,
    }
}
