//! What is asked, and what is answered.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};

use super::Idle;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Where.
    pub url: &'a str,
    /// How long the answer may pause.
    pub idle: Idle,
    /// Headers besides the client's own, names in lower case.
    pub headers: Vec<(&'static str, &'a str)>,
}

impl Request<'_> {
    /// Whether "not modified" is an answer to it.
    pub(super) fn is_conditional(&self) -> bool {
        self.headers
            .iter()
            .any(|(name, _)| *name == IF_NONE_MATCH.as_str())
    }

    /// The headers as they are sent; not those that could not be.
    pub(super) fn header_map(&self) -> HeaderMap {
        let pairs = self.headers.iter().filter_map(|(name, value)| {
            let name = HeaderName::try_from(*name).ok()?;
            Some((name, HeaderValue::from_str(value).ok()?))
        });
        pairs.collect()
    }
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type, lower case, without parameters; empty where there is none.
    pub content_type: String,
    /// The body's version by the server's own name, quotes included; goes back in `if-none-match`.
    pub etag: Option<String>,
    /// The decoded body, where it is held.
    pub body: Vec<u8>,
}

/// The media type, lower case, without parameters.
pub(super) fn media_type(value: Option<&HeaderValue>) -> String {
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = text.split(';').next().unwrap_or_default();
    media_type.trim().to_ascii_lowercase()
}
