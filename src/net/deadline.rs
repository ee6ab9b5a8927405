//! How long one call may still wait for arXiv, and the interrupt that ends every wait.

use std::future::Future;
use std::time::Duration;

use tokio::sync::watch;

use super::Error;
use crate::model::event::Event;

/// What is left of the user's patience, during one call.
pub(in crate::net) struct Deadline<'a> {
    left: Option<Duration>,
    observe: &'a dyn Fn(Event),
    cancelled: watch::Receiver<bool>,
}

impl<'a> Deadline<'a> {
    /// So much patience (none: without end).
    pub(in crate::net) fn new(
        max_wait: Option<Duration>,
        observe: &'a dyn Fn(Event),
        cancelled: watch::Receiver<bool>,
    ) -> Self {
        Self {
            left: max_wait,
            observe,
            cancelled,
        }
    }

    /// What is left.
    pub(in crate::net) fn left(&self) -> Option<Duration> {
        self.left
    }

    /// Tells the observer.
    pub(in crate::net) fn tell(&self, event: Event) {
        (self.observe)(event);
    }

    /// An error if so long a wait is more than what is left.
    pub(in crate::net) fn allow(&self, wait: Duration, why: &str) -> Result<(), Error> {
        if self.left.is_some_and(|left| wait > left) {
            return Err(Error::TooLong {
                wait,
                why: why.to_owned(),
            });
        }
        Ok(())
    }

    /// Takes a wait that has been from what is left.
    pub(in crate::net) fn spend(&mut self, wait: Duration) {
        self.left = self.left.map(|left| left.saturating_sub(wait));
    }

    /// Waits, tells the user so, and counts it.
    pub(in crate::net) async fn rest(&mut self, wait: Duration, why: &str) -> Result<(), Error> {
        self.allow(wait, why)?;
        self.tell(Event::Waiting {
            wait,
            why: why.to_owned(),
        });
        self.pause(wait, why).await
    }

    /// Waits, in silence, and counts it.
    pub(in crate::net) async fn pause(&mut self, wait: Duration, why: &str) -> Result<(), Error> {
        self.allow(wait, why)?;
        self.spend(wait);
        self.sleep(wait).await
    }

    /// Waits without counting it.
    pub(in crate::net) async fn sleep(&self, wait: Duration) -> Result<(), Error> {
        self.unless_cancelled(tokio::time::sleep(wait)).await
    }

    /// Does the work, or drops it at once when the user interrupts.
    pub(in crate::net) async fn unless_cancelled<F: Future>(&self, work: F) -> Result<F::Output, Error> {
        let mut cancelled = self.cancelled.clone();
        tokio::select! {
            biased;
            // An error says that nobody can interrupt any more: then the work alone decides.
            Ok(_) = cancelled.wait_for(|cancelled| *cancelled) => Err(Error::Interrupted),
            done = work => Ok(done),
        }
    }
}
