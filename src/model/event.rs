//! What a layer below `commands` tells while it works: progress and waiting.

use std::time::Duration;

use chrono::NaiveDate;

/// Something worth telling while a command works.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// Another process of this user holds the gate towards arXiv.
    Queued,
    /// Nothing is sent for so long, and why: arXiv said so, or an attempt failed.
    Waiting {
        /// How long, from now.
        wait: Duration,
        /// A clause: `arXiv answered 503`.
        why: String,
    },
    /// A request goes out: its URL, for `-v`.
    Request(String),
    /// An answer came, for `-vv`.
    Response {
        /// The HTTP status.
        status: u16,
        /// Bytes of the decoded body.
        bytes: u64,
        /// From sending to the last byte.
        took: Duration,
    },
    /// So many of so many are done.
    Progress {
        /// Papers that came.
        done: u64,
        /// Papers expected, where known.
        total: Option<u64>,
    },
    /// A file comes, the `number`th of `files`.
    File {
        /// What it is called while it comes.
        name: String,
        /// Bytes that are there.
        done: u64,
        /// Bytes of the whole, where known.
        total: Option<u64>,
        /// Counted from 1.
        number: u64,
        /// How many files there are to be.
        files: u64,
    },
    /// A harvest is under way.
    Harvested {
        /// Papers that came.
        done: u64,
        /// The day of the last one's change.
        day: NaiveDate,
    },
    /// Something the user should know although the work goes on.
    Warning(String),
    /// One of many failed.
    Failed(String),
}
