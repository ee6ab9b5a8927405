//! How requests are made: plain values, settled and checked by the caller.

use std::path::PathBuf;
use std::time::Duration;

/// How requests are made. Plain values, settled and checked by the caller.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the gate's lock file.
    pub state_dir: PathBuf,
    /// Between the end of one request and the start of the next; never below 3 s but towards this machine.
    pub interval: Duration,
    /// The first back-off where arXiv names none; doubled at each further try. Never below 3 s likewise.
    pub retry_base: Duration,
    /// In place of every idle time-out and of the time to connect, where set.
    pub timeout: Option<Duration>,
    /// Give up rather than wait longer, over one call of [`Client::get`](super::Client::get): for another process, for a back-off, and
    /// (where it is not zero) for an answer to begin. The pause after this client's own last request does not count.
    /// Zero: never wait.
    pub max_wait: Option<Duration>,
    /// Added to the User-Agent: how arXiv can reach the user.
    pub contact: Option<String>,
}

/// How long a service may be silent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Idle {
    /// The query API, RSS and files: 120 s.
    Api,
    /// OAI-PMH: 200 s.
    Oai,
}

impl Idle {
    pub(super) fn limit(self) -> Duration {
        match self {
            Self::Api => Duration::from_mins(2),
            Self::Oai => Duration::from_secs(200),
        }
    }
}

/// What no answer may exceed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// From sending to the last byte, however it drips.
    pub whole: Duration,
    /// Of the decoded body, in bytes.
    pub bytes: usize,
}

impl Default for Limits {
    /// 15 minutes, and 64 MiB: the largest page asked for, 2,000 entries, has about 8 MB.
    fn default() -> Self {
        Self {
            whole: Duration::from_mins(15),
            bytes: 64 * 1024 * 1024,
        }
    }
}
