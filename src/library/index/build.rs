//! Bringing the index up to the database, or building it anew.

use std::panic::{self, AssertUnwindSafe};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use tantivy::Index;
use tantivy::directory::MmapDirectory;

use super::changes;
use super::lock::Turn;
use super::read_only_dir::ReadOnly;
use super::schema::{Fields, RECIPE};
use crate::library::store::{Answer, revision, writable};
use crate::library::{Error, Library};
use crate::model::event::Event;

/// What a commit says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Stand {
    library: String,
    recipe: u32,
    pub revision: i64,
}

impl Stand {
    /// Where the database is.
    pub fn of(db: &Connection) -> Answer<Self> {
        Ok(Self {
            library: db.query_row("SELECT uuid FROM library", [], |row| row.get(0))?,
            recipe: RECIPE,
            revision: revision(db)?,
        })
    }
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
        // Whoever had the turn before may have done it all, and what was written since.
        let found = self.opened(&self.stand()?);
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
            let index = if self.is_read_only() {
                Index::open(ReadOnly(folder)).ok()?
            } else {
                Index::open(folder).ok()?
            };
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
        self.fill(&index, Some(stand), changes, observe, turn)?;
        Ok(ready(index, 0))
    }

    fn built(&self, observe: &mut dyn FnMut(Event), turn: &Turn) -> Result<Ready, Error> {
        self.make_room()?;
        let index = Index::create_in_dir(self.index_folder(), Fields::new().0)
            .map_err(|error| self.broken(&error))?;
        let papers = self.count(crate::library::Scope::Mirror)?;
        self.fill(&index, None, papers, observe, turn)?;
        Ok(ready(index, 0))
    }

    fn stand(&self) -> Result<Stand, Error> {
        self.read(Stand::of)
    }

    /// How many papers changed after this revision.
    pub(super) fn changes(&self, after: i64) -> Result<u64, Error> {
        self.read(|db| changes::count(db, after))
    }
}

fn ready(index: Index, behind: u64) -> Ready {
    Ready {
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
