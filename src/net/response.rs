//! A response whose body is in memory.

use reqwest::header::HeaderValue;

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
