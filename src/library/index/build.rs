//! Opens the index, brings it up to date with the database, or rebuilds it.

use std::panic::{self, AssertUnwindSafe};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use tantivy::Index;
use tantivy::directory::MmapDirectory;

use super::changes;
use super::lock::WriteLock;
use super::read_only_dir::ReadOnly;
use super::schema::{Fields, SCHEMA_VERSION};
use crate::library::error::has_file_descriptors;
use crate::library::store::{DbResult, revision, single_value, stamp, writable};
use crate::library::{Error, Library};
use crate::model::event::Event;

/// Payload of a tantivy commit: which state of which database the index holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CommitPayload {
    library: String,
    schema: u32,
    pub revision: i64,
    /// The random number that the database drew with the revision, which tells apart a restored copy of the database
    /// that went on counting from the same revision.
    stamp: Option<i64>,
}

impl CommitPayload {
    /// The payload that an index of the database's current state would have.
    pub fn of(db: &Connection) -> DbResult<Self> {
        let revision = revision(db)?;
        Ok(Self {
            library: single_value(db, "SELECT uuid FROM library", [])?,
            schema: SCHEMA_VERSION,
            revision,
            stamp: stamp(db, revision)?,
        })
    }
}

/// An open index and its fields.
pub struct OpenIndex {
    pub index: Index,
    pub fields: Fields,
    /// Changes of the database that the index lacks, because another process is writing it or its folder is read-only.
    pub behind: u64,
}

/// Files that the index has open at once at most, while it is written.
const DESCRIPTORS: usize = 24;

/// Adding this many changes to the index takes less than a second.
const NEAR: u64 = 10_000;

impl Library {
    /// Opens the index after bringing it up to date with the database.
    pub(in crate::library) fn up_to_date_index(
        &self,
        observe: &mut dyn FnMut(Event),
    ) -> Result<OpenIndex, Error> {
        self.require_descriptors()?;
        let wanted = self.payload()?;
        if let Some((index, payload)) = self.open_index(&wanted)
            && payload == wanted
            && !self.dirty_marker().exists()
        {
            return Ok(open_up_to(index, 0));
        }
        self.updated_index(&wanted, observe)
    }

    /// Fails if the process may not open as many files as tantivy needs: it panics then, or takes an index for damaged
    /// whose files it cannot open.
    fn require_descriptors(&self) -> Result<(), Error> {
        if has_file_descriptors(&self.index_folder(), DESCRIPTORS) {
            return Ok(());
        }
        Err(Error::TooManyOpenFiles(self.index_folder()))
    }

    /// Rebuilds the index, whatever its folder holds.
    pub(super) fn rebuild(&self, observe: &mut dyn FnMut(Event)) -> Result<OpenIndex, Error> {
        self.require_descriptors()?;
        let lock = self.wait_for_write_lock(observe)?;
        self.build_index(observe, &lock)
    }

    /// Error for an index that failed with `reason` and could not be rebuilt because of `rebuild_error`.
    pub(super) fn rebuild_error(&self, reason: &dyn std::fmt::Display, rebuild_error: &Error) -> Error {
        self.index_error(&format_args!(
            "{reason}; and it cannot be rebuilt: {rebuild_error}"
        ))
    }

    fn updated_index(
        &self,
        wanted: &CommitPayload,
        observe: &mut dyn FnMut(Event),
    ) -> Result<OpenIndex, Error> {
        let lock = match self.try_write_lock() {
            Err(error) if !writable(self.folder()) => {
                let (index, payload) = self.open_index(wanted).ok_or(error)?;
                return Ok(open_up_to(index, self.changes(payload.revision)?));
            }
            lock => lock?,
        };
        let lock = if let Some(lock) = lock {
            lock
        } else {
            if let Some((index, payload)) = self.open_index(wanted) {
                let behind = self.changes(payload.revision)?;
                return Ok(open_up_to(index, behind));
            }
            // There is no older index to search in the meantime.
            self.wait_for_write_lock(observe)?
        };
        // The process that held the lock before may have indexed everything, and more than this process has seen so
        // far.
        let found = self.open_index(&self.payload()?);
        let sound = !lock.dirty_marker.exists() || found.as_ref().is_some_and(|(index, _)| is_sound(index));
        match found {
            Some((index, payload)) if sound => match self.apply_changes(index, &payload, observe, &lock) {
                // Only errors of the index itself are cured by a rebuild: a full disk or a damaged database would stop
                // that as well.
                Err(Error::Index { reason, .. }) => self
                    .build_index(observe, &lock)
                    .map_err(|then| self.rebuild_error(&reason, &then)),
                done => done,
            },
            _ => self.build_index(observe, &lock),
        }
    }

    /// Opens the index if it agrees with the database. Returns `None` otherwise; nothing is written.
    pub(super) fn current_index(&self) -> Result<Option<Index>, Error> {
        let wanted = self.payload()?;
        let current = self.open_index(&wanted).filter(|(_, payload)| *payload == wanted);
        Ok(current
            .filter(|_| !self.dirty_marker().exists())
            .map(|(index, _)| index))
    }

    /// Whether a search would have to add only few changes to the index first.
    pub(in crate::library) fn is_index_near(&self) -> Result<bool, Error> {
        if !has_file_descriptors(&self.index_folder(), DESCRIPTORS) {
            return Ok(false);
        }
        match self.existing_index()? {
            Some((_, revision)) => Ok(self.changes(revision)? <= NEAR),
            None => Ok(false),
        }
    }

    /// Opens the index as it is and returns it with the revision it holds.
    pub(super) fn existing_index(&self) -> Result<Option<(Index, i64)>, Error> {
        self.require_descriptors()?;
        let wanted = self.payload()?;
        let found = self.open_index(&wanted);
        Ok(found.map(|(index, payload)| (index, payload.revision)))
    }

    /// Opens the index if it has the current schema and a state that this database had once: the counter of revisions
    /// alone would also accept the state of another copy of the database, whose papers would be missing for good.
    fn open_index(&self, wanted: &CommitPayload) -> Option<(Index, CommitPayload)> {
        let open = || {
            let folder = MmapDirectory::open(self.index_folder()).ok()?;
            let index = if self.is_read_only() {
                Index::open(ReadOnly(folder)).ok()?
            } else {
                Index::open(folder).ok()?
            };
            let payload: CommitPayload = serde_json::from_str(&index.load_metas().ok()?.payload?).ok()?;
            let ours = payload.library == wanted.library
                && payload.schema == wanted.schema
                && payload.revision <= wanted.revision
                && payload.stamp.is_some()
                && payload.stamp == self.read(|db| stamp(db, payload.revision)).ok()?
                && index.schema() == Fields::new().0;
            ours.then_some((index, payload))
        };
        panic::catch_unwind(AssertUnwindSafe(open)).ok().flatten()
    }

    fn apply_changes(
        &self,
        index: Index,
        payload: &CommitPayload,
        observe: &mut dyn FnMut(Event),
        lock: &WriteLock,
    ) -> Result<OpenIndex, Error> {
        let changes = self.changes(payload.revision)?;
        self.fill(&index, Some(payload), changes, observe, lock)?;
        Ok(open_up_to(index, 0))
    }

    fn build_index(&self, observe: &mut dyn FnMut(Event), lock: &WriteLock) -> Result<OpenIndex, Error> {
        self.clear_index_folder()?;
        let index = Index::create_in_dir(self.index_folder(), Fields::new().0)
            .map_err(|error| self.index_failure(&error))?;
        let papers = self.count(crate::library::Scope::Mirror)?;
        self.fill(&index, None, papers, observe, lock)?;
        Ok(open_up_to(index, 0))
    }

    fn payload(&self) -> Result<CommitPayload, Error> {
        self.read(CommitPayload::of)
    }

    /// Number of papers that changed after this revision.
    pub(super) fn changes(&self, after: i64) -> Result<u64, Error> {
        self.read(|db| changes::count(db, after))
    }
}

fn open_up_to(index: Index, behind: u64) -> OpenIndex {
    OpenIndex {
        index,
        fields: Fields::new().1,
        behind,
    }
}

pub fn is_sound(index: &Index) -> bool {
    panic::catch_unwind(AssertUnwindSafe(|| {
        index.validate_checksum().is_ok_and(|damaged| damaged.is_empty())
    }))
    .unwrap_or(false)
}
