//! The gate: one request at a time, a pause apart, over all of a user's processes.
//!
//! arXiv asks for one connection at a time and three seconds between requests, over the API, OAI-PMH and RSS together
//! and over all machines of a user (<https://info.arxiv.org/help/api/tou.html>). So the gate is a file in the user's
//! state folder: its lock is held from before a request until after it, and [`Notes`] in it say when the last one
//! ended. The file is never unlinked or renamed, since a lock belongs to the file and not to its name. Where it cannot
//! be used there is a gate within the process, and one warning.

mod lock;
mod state;

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::lock::{Hold, Place};
use self::state::{Notes, unix_millis};
use super::Error;
use super::deadline::Deadline;
use crate::model::event::Event;

/// The name of the lock file in the state folder.
const FILE: &str = "gate";

/// The gate towards arXiv, as one client sees it.
pub(super) struct Gate {
    path: PathBuf,
    place: RefCell<Place>,
    /// The end of this client's own last request, to tell own pacing from waiting for others.
    own_end: Cell<Option<u64>>,
    queued: Cell<bool>,
}

/// The right to send one request. Giving it up, in whatever way, notes the request's end.
pub(super) struct Pass<'a> {
    gate: &'a Gate,
    hold: Hold,
    notes: Notes,
    sent: bool,
}

impl Gate {
    /// The gate in this folder, which is made at the first request.
    pub(super) fn new(state_dir: &Path) -> Self {
        Self {
            path: state_dir.join(FILE),
            place: RefCell::new(Place::File),
            own_end: Cell::new(None),
            queued: Cell::new(false),
        }
    }

    /// Waits until a request may be sent, at least `interval` after the end of the last one; `what` is noted while it
    /// is in flight.
    pub(super) async fn enter(
        &self,
        what: &str,
        interval: Duration,
        patience: &mut Deadline<'_>,
    ) -> Result<Pass<'_>, Error> {
        let mut told = None;
        loop {
            let mut pass = self.lock(interval, patience).await?;
            if let Some(held) = pass.notes.held_off(unix_millis()) {
                let moved = if held.moved {
                    pass.hold.write(&pass.notes)
                } else {
                    Ok(())
                };
                // Released meanwhile, so that the others read how long to wait instead of queueing for the lock.
                drop(pass);
                if let Err(error) = moved {
                    self.fall_back(&error, patience);
                } else if told == Some(held.until) {
                    patience.pause(held.wait, &held.why).await?;
                } else {
                    patience.rest(held.wait, &held.why).await?;
                    told = Some(held.until);
                }
                continue;
            }
            self.pace(&pass.notes, interval, patience).await?;
            match pass.send(what) {
                Ok(()) => return Ok(pass),
                Err(error) => self.fall_back(&error, patience),
            }
        }
    }

    /// Takes the lock, or the place of one within the process.
    ///
    /// Polled, since a blocking lock would swallow Ctrl-C on a current-thread runtime.
    async fn lock(&self, interval: Duration, patience: &mut Deadline<'_>) -> Result<Pass<'_>, Error> {
        let mut door = None;
        loop {
            let tried = self.place.borrow().try_hold(&self.path, &mut door);
            match tried {
                Ok(Some((hold, notes))) => {
                    return Ok(Pass {
                        gate: self,
                        hold,
                        notes,
                        sent: false,
                    });
                }
                Ok(None) => self.queue(interval, patience).await?,
                Err(error) => {
                    self.fall_back(&error, patience);
                    door = None;
                }
            }
        }
    }

    /// Waits a moment for whoever is inside.
    async fn queue(&self, interval: Duration, patience: &mut Deadline<'_>) -> Result<(), Error> {
        let why = "another request to arXiv is under way";
        if !self.queued.replace(true) {
            patience.tell(Event::Queued);
        }
        if patience.left() == Some(Duration::ZERO) {
            return Err(Error::TooLong {
                wait: interval,
                why: why.to_owned(),
            });
        }
        let moment = Duration::from_millis(fastrand::u64(50..=100));
        let moment = patience.left().map_or(moment, |left| left.min(moment));
        patience.pause(moment, why).await
    }

    /// Waits out the interval since the last request; under the lock, so that a changed clock cannot prolong it.
    async fn pace(
        &self,
        notes: &Notes,
        interval: Duration,
        patience: &mut Deadline<'_>,
    ) -> Result<(), Error> {
        let wait = notes.pause(unix_millis(), interval);
        if notes.ended.is_some() && notes.ended == self.own_end.get() {
            patience.sleep(wait).await
        } else {
            patience
                .pause(wait, "another request to arXiv has just ended")
                .await
        }
    }

    /// From now on, a gate within the process.
    fn fall_back(&self, error: &dyn Display, patience: &Deadline<'_>) {
        if !matches!(self.place.replace(Place::within_process(&self.path)), Place::File) {
            return;
        }
        patience.tell(Event::Warning(format!(
            "cannot use {}: {error}; requests of several arxcat processes may meet",
            self.path.display()
        )));
    }
}

impl Pass<'_> {
    fn send(&mut self, what: &str) -> std::io::Result<()> {
        self.notes.begin(what);
        self.hold.write(&self.notes)?;
        self.sent = true;
        Ok(())
    }

    /// Nobody sends anything for so long after this request's end (at most an hour), and why.
    pub(super) fn hold_off(&mut self, wait: Duration, why: &str) {
        self.notes.hold_off(unix_millis(), wait, why);
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.sent {
            let now = unix_millis();
            self.notes.end(now);
            self.gate.own_end.set(self.notes.ended);
            // What cannot be noted leaves `in_flight` behind, after which the next waits a whole interval.
            let _ = self.hold.write(&self.notes);
        }
        self.hold.release();
    }
}
