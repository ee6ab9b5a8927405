//! Why a request has no result.

use std::time::Duration;

use crate::model::quantity::duration;

/// Why a request has no result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Every try failed.
    #[error("{service} did not answer after {tries} tries: {reason}")]
    GaveUp {
        /// Name of the service.
        service: &'static str,
        /// How many tries were made.
        tries: u32,
        /// Why the last one failed.
        reason: String,
        /// Whether the last one reached the service.
        reached: bool,
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
}
