//! Reads a body: never more than the limit, never silent for longer than allowed.

use std::time::Duration;

use reqwest::Url;
use tokio::time::timeout;

use super::redirect::host;
use super::retry::{AttemptError, TransientError};
use super::{Error, Handler, error_text};
use crate::model::quantity::duration;

/// Reads the decoded body into memory, at most `limit` bytes of it. A body shorter than announced is a transient
/// error.
pub(super) async fn read(
    response: reqwest::Response,
    url: &Url,
    idle_timeout: Duration,
    limit: usize,
) -> Result<Vec<u8>, AttemptError> {
    // `Content-Length` is only a claim, and gzip makes it a small one, so nothing is allocated by it.
    let mut body = Vec::new();
    for_each_chunk(response, url, idle_timeout, |chunk| {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(Error::Untrusted(format!(
                "the answer of {} is larger than {}",
                host(url),
                size(limit)
            )));
        }
        body.extend_from_slice(chunk);
        Ok(())
    })
    .await?;
    Ok(body)
}

/// Passes the body to the handler as it arrives, and returns its size in bytes.
pub(super) async fn stream(
    response: reqwest::Response,
    url: &Url,
    idle_timeout: Duration,
    handler: &mut impl Handler,
) -> Result<u64, AttemptError> {
    let mut bytes = 0;
    for_each_chunk(response, url, idle_timeout, |chunk| {
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
    mut response: reqwest::Response,
    url: &Url,
    idle_timeout: Duration,
    mut sink: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), AttemptError> {
    loop {
        let Ok(next) = timeout(idle_timeout, response.chunk()).await else {
            return Err(TransientError::of_service(format!(
                "{} sent nothing for {} in the middle of its answer",
                host(url),
                duration(idle_timeout)
            )));
        };
        match next.map_err(|error| error_text::classify(&error, url, idle_timeout))? {
            Some(chunk) => sink(&chunk)?,
            None => return Ok(()),
        }
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
