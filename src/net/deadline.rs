//! How long one call may still wait, and the interrupt that ends every wait.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;

use super::Error;
use crate::model::event::Event;

/// The rest of the time that the user lets one call wait.
pub(in crate::net) struct Deadline<'a> {
    service: &'static str,
    left: Option<Duration>,
    observer: &'a dyn Fn(Event),
    cancelled: watch::Receiver<bool>,
}

impl<'a> Deadline<'a> {
    /// A deadline after `max_wait` of waiting; without one, waits have no limit.
    pub(in crate::net) fn new(
        service: &'static str,
        max_wait: Option<Duration>,
        observer: &'a dyn Fn(Event),
        cancelled: watch::Receiver<bool>,
    ) -> Self {
        Self {
            service,
            left: max_wait,
            observer,
            cancelled,
        }
    }

    /// Name of the service that is waited for.
    pub(in crate::net) fn service(&self) -> &'static str {
        self.service
    }

    /// The time left; `None` means without limit.
    pub(in crate::net) fn left(&self) -> Option<Duration> {
        self.left
    }

    /// Reports an event to the observer.
    pub(in crate::net) fn emit(&self, event: Event) {
        (self.observer)(event);
    }

    /// The error of a wait that is not allowed.
    pub(in crate::net) fn too_long(&self, wait: Duration, reason: impl Into<String>) -> Error {
        Error::TooLong {
            service: self.service,
            wait,
            reason: reason.into(),
            advice: None,
        }
    }

    /// Whether the user allows a wait explicitly, by a limit that is longer.
    pub(in crate::net) fn covers(&self, wait: Duration) -> bool {
        self.left.is_some_and(|left| left >= wait)
    }

    /// Fails if the wait is longer than the time left.
    pub(in crate::net) fn allow(&self, wait: Duration, reason: &str) -> Result<(), Error> {
        if self.left.is_some_and(|left| wait > left) {
            return Err(self.too_long(wait, reason));
        }
        Ok(())
    }

    /// Subtracts a wait that is over from the time left.
    pub(in crate::net) fn spend(&mut self, wait: Duration) {
        self.left = self.left.map(|left| left.saturating_sub(wait));
    }

    /// Waits, counts the wait, and reports it to the user beforehand.
    pub(in crate::net) async fn wait(&mut self, wait: Duration, reason: &str) -> Result<(), Error> {
        self.allow(wait, reason)?;
        self.emit(Event::Waiting {
            wait,
            why: reason.to_owned(),
        });
        self.wait_silently(wait, reason).await
    }

    /// Waits and counts the wait, without a report.
    pub(in crate::net) async fn wait_silently(&mut self, wait: Duration, reason: &str) -> Result<(), Error> {
        self.allow(wait, reason)?;
        self.spend(wait);
        self.sleep(wait).await
    }

    /// Waits without counting it.
    pub(in crate::net) async fn sleep(&self, wait: Duration) -> Result<(), Error> {
        self.unless_cancelled(tokio::time::sleep(wait)).await
    }

    /// Runs a future, and drops it at once when the user interrupts.
    pub(in crate::net) async fn unless_cancelled<F: Future>(&self, work: F) -> Result<F::Output, Error> {
        let mut cancelled = self.cancelled.clone();
        tokio::select! {
            biased;
            // An error means that the sender is gone and nobody can interrupt; then the other branch decides.
            Ok(_) = cancelled.wait_for(|cancelled| *cancelled) => Err(Error::Interrupted),
            output = work => Ok(output),
        }
    }
}
