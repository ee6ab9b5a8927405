//! Receives a body: never more than the limit, never silent for longer than allowed, never slower than the minimum.

use std::time::{Duration, Instant};

use reqwest::Url;
use tokio::time::timeout;

use super::deadline::Deadline;
use super::redirect::host;
use super::retry::{AttemptError, TransientError};
use super::{Error, Handler, Limits, MinRate, error_text};
use crate::model::quantity::{byte_size, duration};

/// Receives the body of one response.
pub(super) struct BodyReceiver<'a, 'd> {
    pub(super) url: &'a Url,
    pub(super) idle_timeout: Duration,
    pub(super) limits: Limits,
    pub(super) deadline: &'a mut Deadline<'d>,
}

impl BodyReceiver<'_, '_> {
    /// Reads the decoded body into memory. A body shorter than announced is a transient error.
    pub(super) async fn read(self, response: reqwest::Response) -> Result<Vec<u8>, AttemptError> {
        // `Content-Length` is only a claim, and gzip makes it a small one, so nothing is allocated by it.
        let mut body = Vec::new();
        let (host, limit) = (host(self.url), self.limits.body_bytes);
        self.for_each_chunk(response, None, |chunk| {
            if body.len().saturating_add(chunk.len()) > limit {
                return Err(Error::Untrusted(format!(
                    "the answer of {host} is larger than {}",
                    size(limit)
                )));
            }
            body.extend_from_slice(chunk);
            Ok(())
        })
        .await?;
        Ok(body)
    }

    /// Passes the body to the handler as it arrives, and returns its size in bytes. Bytes that arrive at the minimum
    /// rate are not waited for.
    pub(super) async fn stream(
        self,
        response: reqwest::Response,
        handler: &mut impl Handler,
    ) -> Result<u64, AttemptError> {
        let mut bytes = 0;
        let free_rate = self.limits.min_rate;
        self.for_each_chunk(response, Some(free_rate), |chunk| {
            bytes += chunk.len() as u64;
            if handler.chunk(chunk).is_break() {
                return Err(Error::Stopped);
            }
            Ok(())
        })
        .await?;
        Ok(bytes)
    }

    async fn for_each_chunk(
        self,
        mut response: reqwest::Response,
        free_rate: Option<MinRate>,
        mut sink: impl FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), AttemptError> {
        let mut pace = Pace::start(self.limits.min_rate);
        // A `--max-wait` of zero does not limit the request itself.
        let allowed = self.deadline.left().filter(|left| !left.is_zero());
        let mut waited = Duration::ZERO;
        loop {
            let mut limit = self.idle_timeout.min(pace.left());
            if let Some(allowed) = allowed {
                limit = limit.min(allowed.saturating_sub(waited));
            }
            let started = Instant::now();
            let next = timeout(limit, response.chunk());
            let next = self.deadline.unless_cancelled(next).await?;
            waited += started.elapsed();
            match next {
                Ok(Ok(Some(chunk))) => {
                    pace.count(chunk.len() as u64);
                    if let Some(rate) = free_rate {
                        waited = waited.saturating_sub(rate.time_of(chunk.len() as u64));
                    }
                    sink(&chunk)?;
                }
                Ok(Ok(None)) => {
                    self.deadline.spend(waited);
                    return Ok(());
                }
                Ok(Err(error)) => return Err(error_text::classify(&error, self.url, self.idle_timeout)),
                Err(_) if limit == self.idle_timeout => {
                    return Err(TransientError::of_service(format!(
                        "{} sent nothing for {} in the middle of its answer",
                        host(self.url),
                        duration(limit)
                    )));
                }
                Err(_) => {}
            }
            if let Some(slow) = pace.check() {
                return Err(TransientError::of_service(format!("{} {slow}", host(self.url))));
            }
            if let Some(allowed) = allowed.filter(|allowed| waited >= *allowed) {
                let reason = format!(
                    "{} did not finish its answer in {}",
                    host(self.url),
                    duration(allowed)
                );
                return Err(self.deadline.too_long(self.limits.total_time, reason).into());
            }
        }
    }
}

impl MinRate {
    /// How long this many bytes may take.
    fn time_of(self, bytes: u64) -> Duration {
        self.period.mul_f64(to_f64(bytes) / to_f64(self.bytes.max(1)))
    }
}

/// Sizes of chunks are far below 2^53, where this is exact.
#[expect(
    clippy::cast_precision_loss,
    reason = "an estimate of a time needs no more precision"
)]
fn to_f64(bytes: u64) -> f64 {
    bytes as f64
}

/// The rate at which a body arrives, in periods of [`MinRate`].
struct Pace {
    min_rate: MinRate,
    start: Instant,
    bytes: u64,
}

impl Pace {
    fn start(min_rate: MinRate) -> Self {
        Self {
            min_rate,
            start: Instant::now(),
            bytes: 0,
        }
    }

    /// The rest of the current period.
    fn left(&self) -> Duration {
        self.min_rate.period.saturating_sub(self.start.elapsed())
    }

    fn count(&mut self, bytes: u64) {
        self.bytes += bytes;
    }

    /// At the end of a period, starts the next, or returns what is wrong with the rate as a predicate.
    fn check(&mut self) -> Option<String> {
        if self.start.elapsed() < self.min_rate.period {
            return None;
        }
        if self.bytes < self.min_rate.bytes {
            return Some(format!(
                "sent only {} in {}",
                byte_size(self.bytes),
                duration(self.min_rate.period)
            ));
        }
        *self = Self::start(self.min_rate);
        None
    }
}

/// Formats a size: `64 MiB`, or in bytes if it is no whole number of MiB.
fn size(bytes: usize) -> String {
    if bytes.is_multiple_of(1 << 20) {
        format!("{} MiB", bytes >> 20)
    } else {
        format!("{bytes} bytes")
    }
}
