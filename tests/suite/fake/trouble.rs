//! The ways in which arXiv, or a proxy before it, has been seen to misbehave.

use std::time::Duration;

/// What a request meets.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// None: for the quiet places of a script.
    None,
    /// A status with a plain-text body, and a `Retry-After` if one is given.
    Status(u16, Option<String>),
    /// "Rate exceeded." with this status.
    RateExceeded(u16),
    /// A web page with this status where a feed should be.
    Html(u16),
    /// Any status, media type and body.
    Body(u16, &'static str, Vec<u8>),
    /// The feed cut in the middle; the length is announced as it then is.
    CutShort,
    /// The feed cut in the middle; the length announced is that of the whole.
    CutOff,
    /// The feed in chunks, without its last one.
    CutChunks,
    /// The right total, and no entries.
    Empty,
    /// The right total, and only this many entries.
    Short(usize),
    /// This total in place of the right one.
    Total(u64),
    /// The entries backwards.
    Backwards,
    /// These entries in addition to the requested ones.
    Extra(Vec<super::Invented>),
    /// The API's own error feed: status, what follows `#` in its id, its words.
    ErrorFeed(u16, &'static str, &'static str),
    /// A redirect with status 301 to this location.
    Redirect(String),
    /// Redirects to the very same URL.
    RedirectToItself,
    /// Nothing at all for so long, then the answer.
    Stall(Duration),
    /// The head and half of the body, nothing for so long, then the rest.
    StallInside(Duration),
    /// The body in ten pieces, this long apart.
    Drip(Duration),
    /// The connection is closed without a byte.
    Close,
    /// The whole feed in gzip.
    Gzip,
}

impl Trouble {
    /// A status without `Retry-After`.
    pub fn status(status: u16) -> Self {
        Self::Status(status, None)
    }

    /// A status with this `Retry-After`.
    pub fn retry_after(status: u16, value: &str) -> Self {
        Self::Status(status, Some(value.to_owned()))
    }
}
