//! A request, and a response whose body is in memory.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};

use super::Endpoint;

/// A GET request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The URL, `http` or `https`.
    pub url: &'a str,
    /// The kind of request.
    pub endpoint: Endpoint,
    /// Headers besides the client's own, names in lower case.
    pub headers: Vec<(&'static str, &'a str)>,
}

impl Request<'_> {
    /// Whether 304 "Not Modified" is an answer to this request.
    pub(super) fn is_conditional(&self) -> bool {
        self.headers
            .iter()
            .any(|(name, _)| *name == IF_NONE_MATCH.as_str())
    }

    /// The headers that HTTP allows; others are left out.
    pub(super) fn header_map(&self) -> HeaderMap {
        let pairs = self.headers.iter().filter_map(|(name, value)| {
            let name = HeaderName::try_from(*name).ok()?;
            Some((name, HeaderValue::from_str(value).ok()?))
        });
        pairs.collect()
    }
}

/// A complete response.
#[derive(Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The media type in lower case, without parameters; empty if the response has none.
    pub content_type: String,
    /// The `ETag` header, quotes included, as `if-none-match` takes it.
    pub etag: Option<String>,
    /// The decoded body; empty if it went elsewhere.
    pub body: Vec<u8>,
}

/// Returns the media type in lower case, without parameters.
pub(super) fn media_type(value: Option<&HeaderValue>) -> String {
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or("");
    let media_type = text.split_once(';').map_or(text, |(media_type, _)| media_type);
    media_type.trim().to_ascii_lowercase()
}
