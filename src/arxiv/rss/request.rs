//! Asking for a feed, by the name of the one that is held.

use super::{Feed, parse};
use crate::arxiv::service;
use crate::net::{self, Client, Request, Response, ResponseError};

/// What the service answers.
#[derive(Clone, PartialEq, Debug)]
pub enum Reply {
    /// A feed.
    Feed {
        /// What it says.
        feed: Box<Feed>,
        /// Its bytes, to hold them.
        body: Vec<u8>,
        /// Its name, to ask by it the next time.
        etag: Option<String>,
    },
    /// The feed of that name is still the newest.
    Unchanged,
}

/// Where the announcements of these categories and archives are, in one feed.
#[must_use]
pub fn url(rss_url: &str, codes: &[&str]) -> String {
    format!("{}/rss/{}", rss_url.trim_end_matches('/'), codes.join("+"))
}

/// Asks for a feed, unless the one of this name is still the newest. An error feed is a refusal.
pub async fn ask(client: &Client, url: &str, etag: Option<&str>) -> Result<Reply, net::Error> {
    let request = Request {
        url,
        endpoint: service::RSS,
        headers: etag.map(|etag| ("if-none-match", etag)).into_iter().collect(),
    };
    client.send(&request, reply).await
}

fn reply(answer: &Response) -> Result<Reply, ResponseError> {
    if answer.status == 304 {
        return Ok(Reply::Unchanged);
    }
    match parse(&answer.body) {
        Ok(Feed {
            error: Some(words), ..
        }) => Err(ResponseError::Refused(words)),
        Ok(feed) => Ok(Reply::Feed {
            feed: Box::new(feed),
            body: answer.body.clone(),
            etag: answer.etag.clone(),
        }),
        Err(fault) if fault.transient => Err(ResponseError::Transient(fault.to_string())),
        Err(fault) => Err(ResponseError::Invalid(fault.to_string())),
    }
}
