//! The gate: one request at a time, an interval apart, over all of a user's processes.
//!
//! arXiv, for one, asks for one connection at a time and three seconds between requests, over its API, OAI-PMH and RSS
//! together and over all machines of a user (<https://info.arxiv.org/help/api/tou.html>). So the gate is a file in the
//! user's state directory: its lock is held from before a request until after it, and [`GateState`] in it records when
//! the last request ended. The file is never unlinked or renamed, since a lock belongs to the file and not to its name.
//! If it cannot be used there is a gate within the process, and one warning.

mod lock;
mod state;

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::Utc;

use self::lock::{Backend, GateLock};
use self::state::{GateState, unix_millis};
use super::deadline::Deadline;
use super::{Error, Service};
use crate::model::event::Event;

/// The gate of a service, as one client sees it.
pub(super) struct Gate {
    path: PathBuf,
    backend: RefCell<Backend>,
    /// The end of this client's own last request, to distinguish its own pauses from waiting for other processes.
    own_end: Cell<Option<u64>>,
    /// The wait for another process was reported to the user.
    reported_queue: Cell<bool>,
}

/// The right to send one request. Dropping it, in whatever way, records the request's end.
pub(super) struct Permit<'a> {
    gate: &'a Gate,
    /// Host and path of the request.
    place: String,
    lock: GateLock,
    state: GateState,
    sent: bool,
}

impl Gate {
    /// The gate of a service in this directory, which is created at the first request.
    pub(super) fn new(state_dir: &Path, service: &Service) -> Self {
        Self {
            path: state_dir.join(service.gate_file),
            backend: RefCell::new(Backend::File),
            own_end: Cell::new(None),
            reported_queue: Cell::new(false),
        }
    }

    /// Waits until a request may be sent, at least `interval` after the end of the last one. `description` is stored
    /// while the request is in flight.
    pub(super) async fn enter(
        &self,
        description: &str,
        interval: Duration,
        deadline: &mut Deadline<'_>,
    ) -> Result<Permit<'_>, Error> {
        let mut reported = None;
        loop {
            let mut permit = self.lock(description, interval, deadline).await?;
            if permit.state.correct_clock(unix_millis())
                && let Err(error) = permit.lock.write(&permit.state)
            {
                drop(permit);
                self.fall_back(&error, deadline);
                continue;
            }
            permit.check_closed(deadline)?;
            // Unlocked while waiting, so that other processes read how long to wait instead of queueing for the lock.
            if let Some((wait, reason)) = permit.closed() {
                drop(permit);
                deadline.wait(wait, &reason).await?;
                continue;
            }
            if let Some(back_off) = permit.state.active_back_off(description, unix_millis()) {
                drop(permit);
                if reported == Some(back_off.until) {
                    deadline.wait_silently(back_off.wait, &back_off.reason).await?;
                } else {
                    deadline.wait(back_off.wait, &back_off.reason).await?;
                    reported = Some(back_off.until);
                }
                continue;
            }
            self.pace(&permit.state, interval, deadline).await?;
            match permit.begin() {
                Ok(()) => return Ok(permit),
                Err(error) => self.fall_back(&error, deadline),
            }
        }
    }

    /// Takes the lock of the file, or of its substitute within the process.
    ///
    /// It polls, since a blocking lock would swallow Ctrl-C on a current-thread runtime.
    async fn lock(
        &self,
        description: &str,
        interval: Duration,
        deadline: &mut Deadline<'_>,
    ) -> Result<Permit<'_>, Error> {
        let mut file = None;
        loop {
            let tried = self.backend.borrow().try_lock(&self.path, &mut file);
            match tried {
                Ok(Some((lock, state))) => {
                    return Ok(Permit {
                        gate: self,
                        place: description.to_owned(),
                        lock,
                        state,
                        sent: false,
                    });
                }
                Ok(None) => self.poll(interval, deadline).await?,
                Err(error) => {
                    self.fall_back(&error, deadline);
                    file = None;
                }
            }
        }
    }

    /// Waits 50 to 100 ms for the holder of the lock: long enough to cost no time of the processor, short beside the
    /// interval, and random so that waiting processes do not poll in step.
    async fn poll(&self, interval: Duration, deadline: &mut Deadline<'_>) -> Result<(), Error> {
        let reason = format!("another request to {} is under way", deadline.service());
        if !self.reported_queue.replace(true) {
            deadline.emit(Event::Queued);
        }
        if deadline.left() == Some(Duration::ZERO) {
            return Err(deadline.too_long(interval, reason));
        }
        let pause = Duration::from_millis(fastrand::u64(50..=100));
        let pause = deadline.left().map_or(pause, |left| left.min(pause));
        deadline.wait_silently(pause, &reason).await
    }

    /// Waits out the interval since the last request. It does so under the lock and by a relative time, so that a
    /// changed clock cannot prolong it.
    async fn pace(
        &self,
        state: &GateState,
        interval: Duration,
        deadline: &mut Deadline<'_>,
    ) -> Result<(), Error> {
        let wait = state.pause(unix_millis(), interval);
        if state.ended.is_some() && state.ended == self.own_end.get() {
            deadline.sleep(wait).await
        } else {
            let reason = format!("another request to {} has just ended", deadline.service());
            deadline.wait_silently(wait, &reason).await
        }
    }

    /// Switches to a gate within the process, for the rest of this client's life.
    fn fall_back(&self, error: &dyn Display, deadline: &Deadline<'_>) {
        let substitute = Backend::within_process(&self.path);
        if !matches!(self.backend.replace(substitute), Backend::File) {
            return;
        }
        deadline.emit(Event::Warning(format!(
            "cannot use {}: {error}; several processes of arxcat may send requests at the same time",
            self.path.display()
        )));
    }
}

impl Permit<'_> {
    fn begin(&mut self) -> std::io::Result<()> {
        self.state.begin(&self.place);
        self.lock.write(&self.state)?;
        self.sent = true;
        Ok(())
    }

    /// Lets no process send anything for `wait`, nor a request to the same place for `same_place`, at most an hour, and
    /// records why.
    pub(super) fn back_off(&mut self, wait: Duration, same_place: Duration, reason: &str) {
        let now = unix_millis();
        self.state.back_off(now, wait, reason);
        self.state.back_off_place(now, same_place, reason);
    }

    /// Counts a failed try, and returns how many failed in a row at this place, over all processes.
    pub(super) fn count_failure(&mut self) -> u32 {
        self.state.count_failure(&self.place, unix_millis())
    }

    /// The service answered: the failures at this place are over.
    pub(super) fn clear_failures(&mut self) {
        self.state.clear_failures(&self.place);
    }

    /// Lets no process send anything for this long, which ends every command.
    pub(super) fn close(&mut self, wait: Duration, reason: &str) {
        self.state.close(unix_millis(), wait, reason);
    }

    /// Returns how long the gate stays closed, and why; `None` if it is open.
    fn closed(&self) -> Option<(Duration, String)> {
        self.state.closed(unix_millis())
    }

    /// Fails if the gate is closed for longer than the user explicitly allows to wait.
    pub(super) fn check_closed(&self, deadline: &Deadline<'_>) -> Result<(), Error> {
        match self.closed() {
            Some((wait, reason)) if !deadline.covers(wait) => Err(Error::Closed {
                service: deadline.service(),
                reason,
                until: Utc::now() + wait,
                wait,
                gate: self.gate.path.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// Nothing was sent, since no connection was made: the last request is still the one before.
    pub(super) fn cancel(&mut self) {
        self.state.cancel();
        let _ = self.lock.write(&self.state);
        self.sent = false;
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.sent {
            let now = unix_millis();
            self.state.end(now);
            self.gate.own_end.set(self.state.ended);
            // If this fails, `in_flight` stays in the file, and the next process waits a whole interval.
            let _ = self.lock.write(&self.state);
        }
        self.lock.release();
    }
}
