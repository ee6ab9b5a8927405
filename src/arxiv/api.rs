//! The query API: records by identifier in batches, and search in pages and slices.
//!
//! As few requests as the service allows, nothing believed that contradicts itself, and never a result that is short
//! without an error. What is not known here: the clock, and what the caller keeps.

mod records;
mod search;
mod window;

pub use records::{Answer, records, requests_for};
pub use search::{Error, Search, SortBy, Summary, search, url};

use super::atom::{self, Feed};
use super::http;

/// Entries of one page; more is refused (API manual, 3.1.2.1).
pub const PAGE: u64 = 2_000;

/// How far into the results of one query the service lets a client see.
pub const WINDOW: u64 = 10_000;

/// What an answer holds: a feed, or why not. An error feed is returned as it is, whatever its status.
fn feed(answer: &http::Answer) -> Result<Feed, http::Fault> {
    let is_refusal = (400..500).contains(&answer.status);
    match atom::parse(&answer.body) {
        Ok(feed) if feed.error.is_some() || (200..300).contains(&answer.status) => Ok(feed),
        Ok(_) if is_refusal => Err(http::Fault::Refused(format!("status {}", answer.status))),
        Ok(_) => Err(http::Fault::Transient(format!("status {}", answer.status))),
        Err(fault) if is_refusal => Err(http::Fault::Refused(format!("status {}: {fault}", answer.status))),
        Err(fault) if fault.transient => Err(http::Fault::Transient(fault.to_string())),
        Err(fault) => Err(http::Fault::Refused(format!(
            "its answer cannot be read: {fault}"
        ))),
    }
}

/// A URL of the API with these parameters, values encoded.
fn with_parameters(api_url: &str, parameters: &[(&str, &str)]) -> String {
    let mut url = api_url.to_owned();
    let mut joint = if api_url.contains('?') { '&' } else { '?' };
    for (name, value) in parameters {
        url.push(joint);
        url.push_str(name);
        url.push('=');
        encode(value, &mut url);
        joint = '&';
    }
    url
}

/// A value in a query string; what may stand there (RFC 3986, 3.4) and reads better so is left.
fn encode(value: &str, url: &mut String) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in value.bytes() {
        match byte {
            b' ' => url.push('+'),
            b'-' | b'.' | b'_' | b'~' | b':' | b',' | b'/' | b'*' => url.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => url.push(char::from(byte)),
            _ => {
                url.push('%');
                let digits = [byte >> 4, byte & 15];
                url.extend(digits.iter().filter_map(|&digit| HEX.get(usize::from(digit))));
            }
        }
    }
}
