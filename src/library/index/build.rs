//! Bringing the index up to the database, or building it anew.

use std::fs::{self, File};
use std::panic::{self, AssertUnwindSafe};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::LogMergePolicy;
use tantivy::{Index, IndexWriter, Term};

use super::folder::Turn;
use super::indexed::Indexed;
use super::medium::ReadOnly;
use super::recipe::{self, Fields, RECIPE};
use crate::library::store::{damaged, is_of_a_row, revision, writable};
use crate::library::{Error, Library, kept};
use crate::model::event::Event;

/// Threads that take texts apart. More would need more memory for each.
const THREADS: usize = 2;

/// Bytes that the two hold at most before they write a segment.
const MEMORY: usize = 400 << 20;

/// Segments of more papers are left as they are: those of a building are larger, and merging them would cost a fifth of
/// its time for searches that are no faster.
const MERGED: usize = 30_000;

/// So few changes are not worth two threads.
const FEW: u64 = 1_000;

/// What a commit says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Stand {
    library: String,
    recipe: u32,
    revision: i64,
}

/// An index that can be searched.
pub struct Ready {
    pub index: Index,
    pub fields: Fields,
    /// So many changes of the database are not in it yet: another process is at it, or the folder cannot be written to.
    pub behind: u64,
}

impl Library {
    /// The index, brought up to the database.
    pub(in crate::library) fn index(&self, observe: &mut dyn FnMut(Event)) -> Result<Ready, Error> {
        let wanted = self.stand()?;
        if let Some((index, stand)) = self.opened(&wanted)
            && stand == wanted
            && !self.unfinished().exists()
        {
            return Ok(ready(index, 0));
        }
        self.brought_up(&wanted, observe)
    }

    /// Builds the index anew, whatever is there.
    pub(super) fn rebuild(&self, observe: &mut dyn FnMut(Event)) -> Result<Ready, Error> {
        let turn = self.wait_for_turn(observe)?;
        self.built(observe, &turn)
    }

    /// What the index is given up for, and why there is no other.
    pub(super) fn given_up(&self, why: &dyn std::fmt::Display, then: &Error) -> Error {
        self.index_error(&format_args!("{why}; and it cannot be built anew: {then}"))
    }

    fn brought_up(&self, wanted: &Stand, observe: &mut dyn FnMut(Event)) -> Result<Ready, Error> {
        let turn = match self.turn() {
            Err(error) if !writable(self.folder()) => {
                let (index, stand) = self.opened(wanted).ok_or(error)?;
                return Ok(ready(index, self.changes(stand.revision)?));
            }
            turn => turn?,
        };
        let turn = if let Some(turn) = turn {
            turn
        } else {
            if let Some((index, stand)) = self.opened(wanted) {
                let behind = self.changes(stand.revision)?;
                return Ok(ready(index, behind));
            }
            // Nothing is there to be searched meanwhile.
            self.wait_for_turn(observe)?
        };
        // Whoever had the turn before may have done it all.
        let found = self.opened(wanted);
        let sound = !turn.unfinished.exists() || found.as_ref().is_some_and(|(index, _)| is_sound(index));
        match found {
            Some((index, stand)) if sound => match self.caught_up(index, &stand, observe, &turn) {
                // A full disk or a damaged database would be in the way of another index as well.
                Err(Error::Index { reason, .. }) => self
                    .built(observe, &turn)
                    .map_err(|then| self.given_up(&reason, &then)),
                done => done,
            },
            _ => self.built(observe, &turn),
        }
    }

    /// The index of this library as it is, and the revision it has.
    pub(super) fn found_index(&self) -> Result<Option<(Index, i64)>, Error> {
        let wanted = self.stand()?;
        let found = self.opened(&wanted);
        Ok(found.map(|(index, stand)| (index, stand.revision)))
    }

    /// An index of this library and recipe, and what it has.
    fn opened(&self, wanted: &Stand) -> Option<(Index, Stand)> {
        let open = || {
            let folder = MmapDirectory::open(self.index_folder()).ok()?;
            let mut index = if self.is_read_only() {
                Index::open(ReadOnly(folder)).ok()?
            } else {
                Index::open(folder).ok()?
            };
            index.set_tokenizers(recipe::tokenizers());
            let stand: Stand = serde_json::from_str(&index.load_metas().ok()?.payload?).ok()?;
            let ours = stand.library == wanted.library
                && stand.recipe == wanted.recipe
                && stand.revision <= wanted.revision
                && index.schema() == Fields::new().0;
            ours.then_some((index, stand))
        };
        panic::catch_unwind(AssertUnwindSafe(open)).ok().flatten()
    }

    fn caught_up(
        &self,
        index: Index,
        stand: &Stand,
        observe: &mut dyn FnMut(Event),
        turn: &Turn,
    ) -> Result<Ready, Error> {
        let changes = self.changes(stand.revision)?;
        self.fill(&index, stand.revision, changes, observe, turn)?;
        Ok(ready(index, 0))
    }

    fn built(&self, observe: &mut dyn FnMut(Event), turn: &Turn) -> Result<Ready, Error> {
        self.make_room()?;
        let mut index = Index::create_in_dir(self.index_folder(), Fields::new().0)
            .map_err(|error| self.broken(&error))?;
        index.set_tokenizers(recipe::tokenizers());
        let papers = self.count(crate::library::Scope::Mirror)?;
        self.fill(&index, 0, papers, observe, turn)?;
        Ok(ready(index, 0))
    }

    /// Puts into the index what changed after this revision, and commits.
    fn fill(
        &self,
        index: &Index,
        after: i64,
        changes: u64,
        observe: &mut dyn FnMut(Event),
        turn: &Turn,
    ) -> Result<(), Error> {
        File::create(&turn.unfinished)
            .and_then(|file| file.sync_all())
            .map_err(|error| self.refused(&error))?;
        let work = || {
            let (threads, memory) = if changes > FEW {
                (THREADS, MEMORY)
            } else {
                (1, 30 << 20)
            };
            let mut writer: IndexWriter = index
                .writer_with_num_threads(threads, memory)
                .map_err(|error| self.broken(&error))?;
            let mut merging = LogMergePolicy::default();
            merging.set_max_docs_before_merge(MERGED);
            writer.set_merge_policy(Box::new(merging));
            let fields = Fields::new().1;
            let mut stopped = None;
            let stand = self.asked(|db| {
                // Revision and rows of one moment.
                let moment = db.unchecked_transaction()?;
                let stand = stand(db)?;
                let mut done = 0;
                let mut feed = |change: Change<'_>| {
                    done += 1;
                    if done % 1_000 == 0 {
                        observe(Event::Progress {
                            done,
                            total: Some(changes),
                        });
                    }
                    stopped = put(&writer, &fields, change).err();
                    stopped.is_none()
                };
                each_change(db, after, &mut feed)?;
                moment.finish()?;
                Ok(stand)
            })?;
            if let Some(stopped) = stopped {
                // A writer that stopped says why when it is to commit.
                let why = writer.prepare_commit().err();
                return Err(self.broken(&why.unwrap_or(stopped)));
            }
            self.commit(&mut writer, &stand)?;
            writer.wait_merging_threads().map_err(|error| self.broken(&error))
        };
        panic::catch_unwind(AssertUnwindSafe(work))
            .unwrap_or_else(|_| Err(self.index_error(&"it is damaged")))?;
        fs::remove_file(&turn.unfinished).map_err(|error| self.refused(&error))
    }

    fn commit(&self, writer: &mut IndexWriter, stand: &Stand) -> Result<(), Error> {
        let payload = serde_json::to_string(stand).map_err(|error| self.index_error(&error))?;
        let mut commit = || {
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&payload);
            commit.commit()
        };
        commit().map(drop).map_err(|error| self.broken(&error))
    }

    fn stand(&self) -> Result<Stand, Error> {
        self.asked(stand)
    }

    /// How many papers changed after this revision.
    pub(super) fn changes(&self, after: i64) -> Result<u64, Error> {
        self.asked(|db| {
            db.query_row(
                "SELECT (SELECT count(*) FROM papers WHERE revision > ?1)
                      + (SELECT count(*) FROM gone WHERE revision > ?1)",
                params![after],
                |row| row.get(0),
            )
        })
    }
}

fn ready(index: Index, behind: u64) -> Ready {
    Ready {
        index,
        fields: Fields::new().1,
        behind,
    }
}

fn stand(db: &Connection) -> rusqlite::Result<Stand> {
    Ok(Stand {
        library: db.query_row("SELECT uuid FROM library", [], |row| row.get(0))?,
        recipe: RECIPE,
        revision: revision(db)?,
    })
}

/// What happened to a paper since the index last looked.
enum Change<'r> {
    Gone(i64),
    /// Whether the index may have it already.
    Is {
        key: i64,
        known: bool,
        record: Box<Indexed<'r>>,
    },
}

/// Tells each change after this revision, until `feed` has enough.
fn each_change(
    db: &Connection,
    after: i64,
    feed: &mut dyn FnMut(Change<'_>) -> bool,
) -> rusqlite::Result<()> {
    if after > 0 {
        let mut gone = db.prepare("SELECT key FROM gone WHERE revision > ?1")?;
        let mut rows = gone.query(params![after])?;
        while let Some(row) = rows.next()? {
            if !feed(Change::Gone(row.get(0)?)) {
                return Ok(());
            }
        }
    }
    let filter = if after > 0 {
        "WHERE revision > ?1"
    } else {
        "WHERE ?1 >= 0"
    };
    let mut papers = db.prepare(&format!("SELECT key, created, record FROM papers {filter}"))?;
    let mut rows = papers.query(params![after])?;
    while let Some(row) = rows.next()? {
        let (key, created): (i64, i64) = (row.get(0)?, row.get(1)?);
        let change = match indexed(db, key, row.get_ref(2)?)? {
            Some(record) => Change::Is {
                key,
                known: created <= after,
                record: Box::new(record),
            },
            None => Change::Gone(key),
        };
        if !feed(change) {
            return Ok(());
        }
    }
    Ok(())
}

/// What of a paper's row goes into the index; none where the row cannot be read, which is the doctor's business.
pub fn indexed<'r>(db: &Connection, key: i64, record: ValueRef<'r>) -> rusqlite::Result<Option<Indexed<'r>>> {
    let read = || Indexed::read(record.as_str().map_err(damaged)?, kept::of(db, key)?);
    match read() {
        Err(error) if is_of_a_row(&error) => Ok(None),
        read => read.map(Some),
    }
}

fn put(writer: &IndexWriter, fields: &Fields, change: Change<'_>) -> tantivy::Result<()> {
    let term = |key: i64| Term::from_field_u64(fields.key, key.unsigned_abs());
    match change {
        Change::Gone(key) => {
            writer.delete_term(term(key));
        }
        Change::Is { key, known, record } => {
            if known {
                writer.delete_term(term(key));
            }
            writer.add_document(fields.document(key, &record))?;
        }
    }
    Ok(())
}

pub fn is_sound(index: &Index) -> bool {
    panic::catch_unwind(AssertUnwindSafe(|| {
        index.validate_checksum().is_ok_and(|damaged| damaged.is_empty())
    }))
    .unwrap_or(false)
}
