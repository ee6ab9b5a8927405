//! The query API: records by identifier in batches, and search in pages and slices.
//!
//! It sends as few requests as the service allows, rejects responses that contradict themselves, and never returns a
//! short result without an error. It knows neither the clock nor the library.

mod records;
mod search;
mod window;

pub use records::{Records, requests_for};
pub use search::{Error, SearchRequest, SearchSummary, SortBy, search, url};

use super::atom::{self, Feed};
use crate::net;

/// The most entries of one page that the service allows (API manual, 3.1.2.1).
pub const PAGE: u64 = 2_000;

/// The most results of one query that the service returns, over all pages. The manual says 30,000; the code of 2026
/// refuses more than 10,000 with status 500.
pub const WINDOW: u64 = 10_000;

/// Parses a response. An error feed is returned as a feed, whatever its status.
fn parse_feed(response: &net::Response) -> Result<Feed, net::ResponseError> {
    let is_refusal = (400..500).contains(&response.status);
    match atom::parse(&response.body) {
        Ok(feed) if feed.error.is_some() || (200..300).contains(&response.status) => Ok(feed),
        Ok(_) if is_refusal => Err(net::ResponseError::Refused(format!("status {}", response.status))),
        Ok(_) => Err(net::ResponseError::Transient(format!(
            "status {}",
            response.status
        ))),
        Err(error) if is_refusal => Err(net::ResponseError::Refused(format!(
            "status {}: {error}",
            response.status
        ))),
        Err(error) if error.transient => Err(net::ResponseError::Transient(error.to_string())),
        Err(error) => Err(net::ResponseError::Refused(format!(
            "its answer cannot be read: {error}"
        ))),
    }
}
