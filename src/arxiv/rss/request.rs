//! Fetches a feed, conditionally on the `ETag` of a stored one.

use super::{AnnouncementFeed, parse};
use crate::arxiv::service;
use crate::net::{self, Client, Request, Response, ResponseError};

/// The response to a conditional request for a feed.
#[derive(Clone, PartialEq, Debug)]
pub enum FeedResponse {
    /// A feed.
    Feed {
        /// The parsed feed.
        feed: Box<AnnouncementFeed>,
        /// Its bytes, to be stored.
        body: Vec<u8>,
        /// Its `ETag`, for the next request.
        etag: Option<String>,
    },
    /// The stored feed is still the newest.
    Unchanged,
}

/// Returns the URL of one feed with the announcements of these categories and archives.
#[must_use]
pub fn url(rss_url: &str, codes: &[&str]) -> String {
    format!("{}/rss/{}", rss_url.trim_end_matches('/'), codes.join("+"))
}

/// Fetches a feed, unless the stored one with this `ETag` is still the newest. An error feed is a refusal.
pub async fn fetch(client: &Client, url: &str, etag: Option<&str>) -> Result<FeedResponse, net::Error> {
    let request = Request {
        url,
        endpoint: service::RSS,
        headers: etag.map(|etag| ("if-none-match", etag)).into_iter().collect(),
    };
    client.send(&request, parse_response).await
}

fn parse_response(response: &Response) -> Result<FeedResponse, ResponseError> {
    if response.status == 304 {
        return Ok(FeedResponse::Unchanged);
    }
    match parse(&response.body) {
        Ok(AnnouncementFeed {
            error: Some(message), ..
        }) => Err(ResponseError::Refused(message)),
        Ok(feed) => Ok(FeedResponse::Feed {
            feed: Box::new(feed),
            body: response.body.clone(),
            etag: response.etag.clone(),
        }),
        Err(error) if error.transient => Err(ResponseError::Transient(error.to_string())),
        Err(error) => Err(ResponseError::Invalid(error.to_string())),
    }
}
