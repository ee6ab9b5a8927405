//! The mirror of a harvest: a page is stored while the next one is asked for and read.

use std::thread::{self, JoinHandle};

use chrono::{DateTime, Utc};

use crate::error::{Error, Exit};
use crate::library::{self, HarvestCheckpoint, Library, NegativeEntry, UpsertReport};
use crate::model::id::ArxivId;
use crate::model::record::Record;

/// The mirror, if there is one, and the page it is being given.
pub(super) struct Mirror {
    /// With the thread that stores while there is one.
    library: Option<Library>,
    storing: Option<JoinHandle<(Library, Result<UpsertReport, library::Error>)>>,
    now: DateTime<Utc>,
    /// What came of the pages that are stored.
    pub(super) tally: UpsertReport,
}

impl Mirror {
    pub(super) fn of(library: Option<Library>, now: DateTime<Utc>) -> Self {
        Self {
            library,
            storing: None,
            now,
            tally: UpsertReport::default(),
        }
    }

    /// The library, once everything given to it is stored.
    pub(super) fn settled(&mut self) -> Result<Option<&mut Library>, Error> {
        if let Some(storing) = self.storing.take() {
            let broke_off = |_| Error::new(Exit::Local, "storing what arXiv answered broke off");
            let (library, stored) = storing.join().map_err(broke_off)?;
            self.library = Some(library);
            self.tally += stored?;
        }
        Ok(self.library.as_mut())
    }

    /// Begins to store a page, and how far it brings the set, once the page before it is stored.
    pub(super) fn store(
        &mut self,
        set: Option<String>,
        records: Vec<Record>,
        deleted: Vec<ArxivId>,
        mark: Option<HarvestCheckpoint>,
    ) -> Result<(), Error> {
        self.settled()?;
        let now = self.now;
        if let Some(mut library) = self.library.take() {
            self.storing = Some(thread::spawn(move || {
                let stored = page(&mut library, set.as_deref(), &records, &deleted, (mark, now));
                (library, stored)
            }));
        }
        Ok(())
    }
}

/// Stores a page. That papers were deleted is remembered first: the mark moves with the records, and once it has, arXiv
/// does not say so again.
fn page(
    library: &mut Library,
    set: Option<&str>,
    records: &[Record],
    deleted: &[ArxivId],
    (mark, now): (Option<HarvestCheckpoint>, DateTime<Utc>),
) -> Result<UpsertReport, library::Error> {
    if !deleted.is_empty() {
        let deletions: Vec<_> = deleted
            .iter()
            .map(|id| (*id, NegativeEntry::deletion(now)))
            .collect();
        library.add_negative_entries(&deletions)?;
    }
    library.store_harvest_page(set, records, deleted, mark, Some(now))
}
