//! Reading a body: never more than the cap, never silent for longer than allowed.

use std::time::Duration;

use reqwest::{Response, Url};
use tokio::time::timeout;

use super::redirect::host;
use super::retry::{Failure, Trouble};
use super::{Error, Reader, error_text};
use crate::model::event::span;

/// The decoded body, at most `cap` bytes of it. One that breaks off short of its announced end is trouble.
pub(super) async fn read(
    response: Response,
    url: &Url,
    idle: Duration,
    cap: usize,
) -> Result<Vec<u8>, Failure> {
    // `Content-Length` is a promise, and gzip makes it a small one: it sizes nothing.
    let mut body = Vec::new();
    each(response, url, idle, |piece| {
        if body.len().saturating_add(piece.len()) > cap {
            return Err(Error::Untrusted(format!(
                "the answer of {} is larger than {}",
                host(url),
                size(cap)
            )));
        }
        body.extend_from_slice(piece);
        Ok(())
    })
    .await?;
    Ok(body)
}

/// Hands on the body as it comes, and says how many bytes it had.
pub(super) async fn take(
    response: Response,
    url: &Url,
    idle: Duration,
    reader: &mut impl Reader,
) -> Result<u64, Failure> {
    let mut bytes = 0;
    each(response, url, idle, |piece| {
        bytes += piece.len() as u64;
        if reader.take(piece).is_break() {
            return Err(Error::Stopped);
        }
        Ok(())
    })
    .await?;
    Ok(bytes)
}

async fn each(
    mut response: Response,
    url: &Url,
    idle: Duration,
    mut piece: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Failure> {
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
        match next.map_err(|error| error_text::failure(&error, url, idle))? {
            Some(chunk) => piece(&chunk)?,
            None => return Ok(()),
        }
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
