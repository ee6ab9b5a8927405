//! Reading a body: never more than the cap, never silent for longer than allowed.

use std::time::Duration;

use reqwest::{Response, Url};
use tokio::time::timeout;

use super::Error;
use super::reason;
use super::redirect::host;
use super::retry::{Failure, Trouble};
use crate::model::event::span;

/// The decoded body, at most `cap` bytes of it. One that breaks off short of its announced end is trouble.
pub(super) async fn read(
    mut response: Response,
    url: &Url,
    idle: Duration,
    cap: usize,
) -> Result<Vec<u8>, Failure> {
    // `Content-Length` is a promise, and gzip makes it a small one: it sizes nothing.
    let mut body = Vec::new();
    loop {
        let Ok(next) = timeout(idle, response.chunk()).await else {
            return Err(Failure::Transient(Trouble {
                why: format!(
                    "{} sent nothing for {} in the middle of its answer",
                    host(url),
                    span(idle)
                ),
                asked: None,
                reached: true,
            }));
        };
        let Some(chunk) = next.map_err(|error| reason::failure(&error, url, idle))? else {
            return Ok(body);
        };
        if body.len().saturating_add(chunk.len()) > cap {
            return Err(Failure::Final(Error::Untrusted(format!(
                "the answer of {} is larger than {}",
                host(url),
                size(cap)
            ))));
        }
        body.extend_from_slice(&chunk);
    }
}

/// `64 MiB`, or in bytes what is no whole number of them.
fn size(bytes: usize) -> String {
    if bytes.is_multiple_of(1 << 20) {
        format!("{} MiB", bytes >> 20)
    } else {
        format!("{bytes} bytes")
    }
}
