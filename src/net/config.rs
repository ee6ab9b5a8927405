//! How requests are made, as plain values that the caller has resolved and checked.

use std::path::PathBuf;
use std::time::Duration;

use super::Service;

/// How requests are made, as plain values that the caller has resolved and checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The service that requests are sent to.
    pub service: Service,
    /// The directory of the gate's lock file.
    pub state_dir: PathBuf,
    /// From the end of one request to the start of the next; raised to the service's own minimum except towards this
    /// machine.
    pub interval: Duration,
    /// The first back-off if the service names none; doubled with each further try. Raised to the service's minimum
    /// likewise.
    pub retry_base: Duration,
    /// Replaces every idle timeout and the connect timeout.
    pub timeout: Option<Duration>,
    /// Give up rather than wait longer during one call of the client: for another process, for a back-off, and (unless
    /// it is zero) for a response and its body. The pause after this client's own last request does not count, nor does
    /// a streamed body as long as it arrives at [`Limits::min_rate`]. Zero means never to wait for a turn.
    pub max_wait: Option<Duration>,
    /// Added to the User-Agent, so that the service's operators can reach the user.
    pub contact: Option<String>,
}

/// Limits of one response.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// From sending the request to the last byte of a body that is read into memory, however slowly it arrives.
    pub total_time: Duration,
    /// Size of a body that is read into memory, decoded, in bytes.
    pub body_bytes: usize,
    /// The slowest body that is received to its end.
    pub min_rate: MinRate,
}

/// Bytes that have to arrive in each period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MinRate {
    /// Decoded bytes.
    pub bytes: u64,
    /// The period in which they arrive.
    pub period: Duration,
}

impl Default for Limits {
    /// 15 minutes; 64 MiB, since the largest page in use, an Atom feed of 2,000 entries, has about 8 MB; and 1 kB/s over
    /// a minute, so that one dripping connection does not hold the gate for all processes of the user.
    fn default() -> Self {
        Self {
            total_time: Duration::from_mins(15),
            body_bytes: 64 * 1024 * 1024,
            min_rate: MinRate {
                bytes: 60_000,
                period: Duration::from_mins(1),
            },
        }
    }
}
