//! A request.

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
