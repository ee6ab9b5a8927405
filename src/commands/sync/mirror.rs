//! Writes harvested pages into the mirror, each on a thread while the next one is downloaded and parsed.

use std::thread::{self, JoinHandle};

use chrono::{DateTime, Utc};

use crate::error::{Error, Exit};
use crate::library::{self, HarvestCheckpoint, Library, NegativeEntry, UpsertReport};
use crate::model::id::ArxivId;
use crate::model::record::Record;

/// The mirror, if there is one, and the page being stored.
pub(super) struct MirrorWriter {
    /// `None` while the thread has it, and if there is no mirror.
    library: Option<Library>,
    storing: Option<JoinHandle<(Library, Result<UpsertReport, library::Error>)>>,
    now: DateTime<Utc>,
    /// The sum over the pages stored so far.
    pub(super) report: UpsertReport,
}

impl MirrorWriter {
    pub(super) fn of(library: Option<Library>, now: DateTime<Utc>) -> Self {
        Self {
            library,
            storing: None,
            now,
            report: UpsertReport::default(),
        }
    }

    /// Waits until the last page is stored and returns the library.
    pub(super) fn wait(&mut self) -> Result<Option<&mut Library>, Error> {
        if let Some(storing) = self.storing.take() {
            let panicked = |_| Error::new(Exit::Local, "storing the harvested records failed unexpectedly");
            let (library, stored) = storing.join().map_err(panicked)?;
            self.library = Some(library);
            self.report += stored?;
        }
        Ok(self.library.as_mut())
    }

    /// Starts storing a page and the set's checkpoint, after the page before it is stored.
    pub(super) fn store(
        &mut self,
        set: Option<String>,
        records: Vec<Record>,
        deleted: Vec<ArxivId>,
        checkpoint: Option<HarvestCheckpoint>,
    ) -> Result<(), Error> {
        self.wait()?;
        let now = self.now;
        if let Some(mut library) = self.library.take() {
            self.storing = Some(thread::spawn(move || {
                let stored = store_page(
                    &mut library,
                    set.as_deref(),
                    &records,
                    &deleted,
                    (checkpoint, now),
                );
                (library, stored)
            }));
        }
        Ok(())
    }
}

/// Stores a page. Deletions are stored first: the checkpoint moves in the same transaction as the records, and arXiv does
/// not repeat a deletion from before the checkpoint.
fn store_page(
    library: &mut Library,
    set: Option<&str>,
    records: &[Record],
    deleted: &[ArxivId],
    (checkpoint, now): (Option<HarvestCheckpoint>, DateTime<Utc>),
) -> Result<UpsertReport, library::Error> {
    if !deleted.is_empty() {
        let deletions: Vec<_> = deleted
            .iter()
            .map(|id| (*id, NegativeEntry::deletion(now)))
            .collect();
        library.add_negative_entries(&deletions)?;
    }
    library.store_harvest_page(set, records, deleted, checkpoint, Some(now))
}
