//! The query API: records by identifier in batches, and search in pages and slices.
//!
//! As few requests as the service allows, nothing believed that contradicts itself, and never a result that is short
//! without an error. What is not known here: the clock, and what the caller keeps.

mod records;
mod search;
mod window;

pub use records::{Records, requests_for};
pub use search::{Error, Search, SortBy, Summary, search, url};

use super::atom::{self, Feed};
use crate::net;

/// Entries of one page; more is refused (API manual, 3.1.2.1).
pub const PAGE: u64 = 2_000;

/// How far into the results of one query the service lets a client see.
pub const WINDOW: u64 = 10_000;

/// What an answer holds: a feed, or why not. An error feed is returned as it is, whatever its status.
fn feed(answer: &net::Response) -> Result<Feed, net::ResponseError> {
    let is_refusal = (400..500).contains(&answer.status);
    match atom::parse(&answer.body) {
        Ok(feed) if feed.error.is_some() || (200..300).contains(&answer.status) => Ok(feed),
        Ok(_) if is_refusal => Err(net::ResponseError::Refused(format!("status {}", answer.status))),
        Ok(_) => Err(net::ResponseError::Transient(format!("status {}", answer.status))),
        Err(fault) if is_refusal => Err(net::ResponseError::Refused(format!(
            "status {}: {fault}",
            answer.status
        ))),
        Err(fault) if fault.transient => Err(net::ResponseError::Transient(fault.to_string())),
        Err(fault) => Err(net::ResponseError::Refused(format!(
            "its answer cannot be read: {fault}"
        ))),
    }
}
