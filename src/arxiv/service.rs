//! What the HTTP client has to know about arXiv: its hosts, its terms, and how it says "not now".

use std::time::Duration;

use super::denial;
use crate::net::{Endpoint, Refusal, Response, Service};

/// arXiv, for the HTTP client.
///
/// The interval is that of its terms of use (<https://info.arxiv.org/help/api/tou.html>): at most one request every
/// three seconds, and one connection at a time, over the query API, OAI-PMH and RSS together. So all endpoints share
/// one gate. After "Access denied", arXiv's `robots` page calls programs that go on attackers
/// (<https://info.arxiv.org/help/robots.html>); six hours is the length of a working half-day, in which a block by
/// address is usually lifted or a person has looked at it.
pub const SERVICE: Service = Service {
    name: "arXiv",
    gate_file: "gate",
    domain: "arxiv.org",
    min_interval: Duration::from_secs(3),
    denial_pause: Duration::from_hours(6),
    refusal,
};

/// The query API. Responses took up to 124 s in 2026, so it may be silent for two minutes.
pub(super) const API: Endpoint = Endpoint {
    idle_timeout: Duration::from_mins(2),
    accept: "application/atom+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1",
};

/// OAI-PMH, whose front end gives up after 183 s itself: less would never see its 503.
pub(super) const OAI: Endpoint = Endpoint {
    idle_timeout: Duration::from_secs(200),
    accept: "text/xml, application/xml;q=0.9, */*;q=0.1",
};

/// The feeds of announcements.
pub(super) const RSS: Endpoint = Endpoint {
    idle_timeout: Duration::from_mins(2),
    accept: "application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1",
};

/// Files of papers, of this media type.
pub(super) const fn files(accept: &'static str) -> Endpoint {
    Endpoint {
        idle_timeout: Duration::from_mins(2),
        accept,
    }
}

/// What helps against 406, according to public reports of autumn 2026.
const ADVICE_406: &str =
    "waiting some hours or another network helps; runners of hosted CI services are refused altogether";

/// Recognizes arXiv's refusals: its throttle, which is plain text with any status; 406, with which its front end
/// throttles since September 2026; and pages that deny access.
fn refusal(response: &Response) -> Option<Refusal> {
    if response.body.trim_ascii_start().starts_with(b"Rate exceeded") {
        return Some(Refusal::Throttled {
            reason: format!("arXiv answered {}: rate exceeded", response.status),
            advice: None,
        });
    }
    if let Some(reason) = denial::recognize(response.status, &response.body) {
        return Some(Refusal::Denied(reason));
    }
    (response.status == 406).then(|| Refusal::Throttled {
        reason: "arXiv answered 406, as its front end has since September 2026 to clients and networks that it does \
                 not serve for now"
            .to_owned(),
        advice: Some(ADVICE_406),
    })
}
