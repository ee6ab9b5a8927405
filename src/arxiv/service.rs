//! What the HTTP client has to know about arXiv: its hosts, its terms, and how it says "not now".

use std::time::Duration;

use crate::net::{Endpoint, Refusal, Response, Service};

/// arXiv, for the HTTP client.
///
/// The interval is that of its terms of use (<https://info.arxiv.org/help/api/tou.html>): at most one request every
/// three seconds, and one connection at a time, over the query API, OAI-PMH and RSS together. So all endpoints share
/// one gate.
pub const SERVICE: Service = Service {
    name: "arXiv",
    gate_file: "gate",
    domain: "arxiv.org",
    min_interval: Duration::from_secs(3),
    refusal,
};

/// The query API. Responses took up to 124 s in 2026, so it may be silent for two minutes.
pub(super) const API: Endpoint = Endpoint {
    idle_timeout: Duration::from_mins(2),
};

/// OAI-PMH, whose front end gives up after 183 s itself: less would never see its 503.
pub(super) const OAI: Endpoint = Endpoint {
    idle_timeout: Duration::from_secs(200),
};

/// The feeds of announcements.
pub(super) const RSS: Endpoint = API;

/// PDF, source and HTML.
pub(super) const FILES: Endpoint = API;

/// Recognizes arXiv's throttle, which is plain text with any status.
fn refusal(response: &Response) -> Option<Refusal> {
    let body = response.body.trim_ascii_start();
    body.starts_with(b"Rate exceeded").then(|| {
        let status = response.status;
        Refusal::Throttled(format!("arXiv answered {status}: rate exceeded"))
    })
}
