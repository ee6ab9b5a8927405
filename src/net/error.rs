//! Why a request has no result.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::model::quantity::duration;

/// Why a request has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Every try failed.
    #[error("{service} did not answer after {tries}: {reason}")]
    GaveUp {
        /// Name of the service.
        service: &'static str,
        /// How many tries failed.
        tries: Tries,
        /// Why the last one failed.
        reason: String,
        /// Whether the last one reached the service.
        reached: bool,
        /// What the user can do besides waiting.
        advice: Option<&'static str>,
    },
    /// No connection to the service was ever made.
    #[error("cannot reach {service}: {reason}")]
    NoConnection {
        /// Name of the service.
        service: &'static str,
        /// Why, as a clause.
        reason: String,
    },
    /// The service denied access, or asked for a pause of more than an hour.
    #[error("{service} wants no requests before {} UTC: {reason}", until.format("%Y-%m-%d %H:%M"))]
    Closed {
        /// Name of the service.
        service: &'static str,
        /// What the service said.
        reason: String,
        /// The time from which requests are sent again.
        until: DateTime<Utc>,
        /// The wait until then.
        wait: Duration,
        /// The file of the gate, which records it for all processes of the user.
        gate: PathBuf,
    },
    /// The wait would have been longer than the user allows.
    #[error("not waiting {} for {service}: {reason}", duration(*wait))]
    TooLong {
        /// Name of the service.
        service: &'static str,
        /// How long the wait would have been at least.
        wait: Duration,
        /// What would have been waited for.
        reason: String,
        /// What the user can do besides waiting.
        advice: Option<&'static str>,
    },
    /// The service understood the request and refused it.
    #[error("{service} refused the request: {message}")]
    Refused {
        /// Name of the service.
        service: &'static str,
        /// The service's own message.
        message: String,
    },
    /// The response is not acceptable: its certificate, where it redirects to, its size.
    #[error("{0}")]
    Untrusted(String),
    /// The handler stopped the transfer, for a reason that it knows.
    #[error("the transfer was stopped")]
    Stopped,
    /// The client cannot be built, or it may not open such a URL.
    #[error("{0}")]
    Setup(String),
    /// The user's proxy settings cannot be used.
    #[error("{0}")]
    Proxy(String),
}

/// How many tries of one request failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tries {
    /// Tries of this call.
    pub own: u32,
    /// Tries in a row, with those of earlier calls and other processes.
    pub in_a_row: u32,
}

impl fmt::Display for Tries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.own == 1 { "try" } else { "tries" };
        write!(f, "{} {noun}", self.own)?;
        if self.in_a_row > self.own {
            write!(f, " ({} in a row with earlier commands)", self.in_a_row)?;
        }
        Ok(())
    }
}
