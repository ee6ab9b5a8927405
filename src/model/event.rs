//! What a layer below `commands` tells while it works: progress and waiting.

use std::time::Duration;

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
    /// An answer came: status, bytes and milliseconds, for `-vv`.
    Answer {
        /// The HTTP status.
        status: u16,
        /// Bytes of the decoded body.
        bytes: usize,
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
    /// Something the user should know although the work goes on.
    Warning(String),
}
