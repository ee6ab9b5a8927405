//! Events that the lower layers report while they work: progress, waiting, warnings.

use std::time::Duration;

use chrono::NaiveDate;

/// An event, which the terminal shows or ignores according to its settings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// Another process of this user has the lock of the gate to arXiv.
    Queued,
    /// No request is sent for a while, because arXiv asked for a pause or an attempt failed.
    Waiting {
        /// The time to wait from now on.
        wait: Duration,
        /// The reason, a clause: `arXiv answered 503`.
        why: String,
    },
    /// A request is sent: its URL, for `-v`.
    Request(String),
    /// A response was received, for `-vv`.
    Response {
        /// The HTTP status.
        status: u16,
        /// Length of the decoded body in bytes.
        bytes: u64,
        /// Time from sending the request to the last byte.
        took: Duration,
    },
    /// Progress of a batch or a search.
    Progress {
        /// Papers received so far.
        done: u64,
        /// Papers expected; `None` if unknown.
        total: Option<u64>,
    },
    /// Progress of a download.
    File {
        /// The name of the file.
        name: String,
        /// Bytes received so far.
        done: u64,
        /// Length of the file in bytes; `None` if unknown.
        total: Option<u64>,
        /// The number of this file, counted from 1.
        number: u64,
        /// The number of files to download.
        files: u64,
    },
    /// Progress of a harvest.
    Harvested {
        /// Papers received so far.
        done: u64,
        /// The datestamp of the last record.
        day: NaiveDate,
    },
    /// A problem that does not stop the work.
    Warning(String),
    /// One item of many failed.
    Failed(String),
}
