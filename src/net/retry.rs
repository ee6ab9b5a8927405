//! Which failures are worth another try, and how long to wait before it.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::{Error, Handler, Refusal, Response, ResponseError, Service};

/// Failed tries in a row after which a call gives up, those of earlier calls and other processes included. An outage of
/// a minute or two passes within them; more would only add to the load that a throttling service is shedding.
pub(super) const MAX_TRIES: u32 = 5;

/// Tries while no connection was ever made: then the machine is offline, rather than the service busy.
pub(super) const MAX_OFFLINE_TRIES: u32 = 2;

/// The pause before the second of them.
pub(super) const OFFLINE_PAUSE: Duration = Duration::from_secs(1);

/// A service that asks for a longer wait than this is not waited for.
pub(super) const MAX_RETRY_AFTER: Duration = Duration::from_hours(1);

/// Longer values of `Retry-After`, which are refused anyway, are cut to a year, so that adding them to a time cannot
/// overflow.
const RETRY_AFTER_CAP: Duration = Duration::from_hours(24 * 365);

/// The longest back-off of the client's own.
const MAX_BACK_OFF: Duration = Duration::from_mins(10);

/// Why one try failed.
pub(super) enum AttemptError {
    /// Another try would give the same.
    Final(Error),
    /// Worth another try.
    Transient(TransientError),
    /// The service denies access to this program. What it said, as a clause.
    Denied(String),
}

/// A failure that may not happen again.
pub(super) struct TransientError {
    /// What happened, as a clause.
    pub(super) reason: String,
    /// How long the service asks to wait; `None` if it does not say or says 0.
    pub(super) retry_after: Option<Duration>,
    /// Whether the service was reached. If so, other processes must not send at once either.
    pub(super) reached: bool,
    /// What the user can do besides waiting.
    pub(super) advice: Option<&'static str>,
}

impl TransientError {
    /// The service was reached and failed, without saying how long to wait.
    pub(super) fn of_service(reason: String) -> AttemptError {
        AttemptError::Transient(Self {
            reason,
            retry_after: None,
            reached: true,
            advice: None,
        })
    }
}

impl From<Error> for AttemptError {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

/// Turns a response into the handler's output, a refusal, or a failure worth another try. `place` is the URL in
/// messages.
pub(super) fn evaluate<H: Handler>(
    service: &Service,
    response: &Response,
    retry_after: Option<Duration>,
    place: &str,
    handler: &mut H,
) -> Result<H::Output, AttemptError> {
    let name = service.name;
    let status = StatusCode::from_u16(response.status).unwrap_or_default();
    let transient = |reason: String| {
        AttemptError::Transient(TransientError {
            reason,
            retry_after,
            reached: true,
            advice: None,
        })
    };
    let refused = |message: String| {
        AttemptError::Final(Error::Refused {
            service: name,
            message,
        })
    };
    match (service.refusal)(response) {
        Some(Refusal::Denied(reason)) => return Err(AttemptError::Denied(reason)),
        Some(Refusal::Throttled { reason, advice }) => {
            return Err(AttemptError::Transient(TransientError {
                reason,
                retry_after,
                reached: true,
                advice,
            }));
        }
        None => {}
    }
    if status.is_success() || handler.accepts_status(response.status) {
        return handler.finish(response).map_err(|error| match error {
            ResponseError::Transient(reason) => transient(reason),
            ResponseError::Refused(message) => refused(message),
            ResponseError::Denied(reason) => AttemptError::Denied(reason),
            ResponseError::Invalid(reason) => AttemptError::Final(Error::Untrusted(format!(
                "{name}'s answer cannot be read: {reason}"
            ))),
        });
    }
    // Error documents come with 400 and 500: only a refusal among them is known to be final, and worth its words.
    if status != StatusCode::TOO_MANY_REQUESTS
        && is_xml(response)
        && let Err(ResponseError::Refused(message)) = handler.finish(response)
    {
        return Err(refused(message));
    }
    if matches!(status.as_u16(), 408 | 425 | 429 | 500..) {
        return Err(transient(format!("{name} answered {status}")));
    }
    Err(refused(format!("{place} answered {status}")))
}

fn is_xml(response: &Response) -> bool {
    let body = response.body.trim_ascii_start();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.starts_with(b"<?xml")
        || (response.content_type.ends_with("xml") && !response.content_type.contains("html"))
}

/// How long to wait after `tries` failed tries: what the service asks for, else exponentially longer from `base`, with
/// jitter so that several machines do not come back together.
pub(super) fn back_off(error: &TransientError, tries: u32, base: Duration) -> Duration {
    error.retry_after.unwrap_or_else(|| {
        let doubled = base.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
        doubled.min(MAX_BACK_OFF).mul_f64(0.75 + fastrand::f64() / 2.0)
    })
}

/// Returns the wait that `Retry-After` asks for, in seconds or as a date (RFC 9110, 10.2.3); `None` if it asks for
/// none.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if let Ok(seconds) = text.parse::<u64>() {
        Duration::from_secs(seconds)
    } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        RETRY_AFTER_CAP
    } else {
        // Compared with the server's clock if the response has it, since this machine's may be wrong.
        let now = headers
            .get(DATE)
            .and_then(|date| http_date(date.to_str().ok()?))
            .unwrap_or_else(Utc::now);
        (http_date(text)? - now).to_std().ok()?
    };
    (!wait.is_zero()).then_some(wait.min(RETRY_AFTER_CAP))
}

/// Parses a date in one of the three forms of RFC 9110, 5.6.7.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(date) = DateTime::parse_from_rfc2822(text) {
        return Some(date.to_utc());
    }
    ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .map(|date| date.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(retry_after: &str, date: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        if !date.is_empty() {
            headers.insert(DATE, date.parse().unwrap());
        }
        headers
    }

    #[test]
    fn retry_after_is_read_in_every_form() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (text, seconds) in [
            ("120", Some(120)),
            (" 7 ", Some(7)),
            ("0", None),
            ("-1", None),
            ("soon", None),
            ("", None),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
            ("Sun Nov  6 08:50:37 1994", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", None),
        ] {
            assert_eq!(
                retry_after(&headers(text, date)),
                seconds.map(Duration::from_secs),
                "{text}"
            );
        }
        assert_eq!(
            retry_after(&headers("99999999999999999999999", "")),
            Some(RETRY_AFTER_CAP)
        );
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn a_date_without_the_servers_clock_is_compared_with_ours() {
        let soon = (Utc::now() + Duration::from_secs(90)).to_rfc2822();
        let wait = retry_after(&headers(&soon, "")).unwrap();
        assert!((88..=90).contains(&wait.as_secs()), "{wait:?}");
    }

    #[test]
    fn the_back_off_doubles_within_a_quarter_and_has_a_ceiling() {
        let error = |retry_after| TransientError {
            reason: String::new(),
            retry_after,
            reached: true,
            advice: None,
        };
        let base = Duration::from_secs(20);
        for (tries, seconds) in [(1, 20.0), (2, 40.0), (4, 160.0), (30, 600.0), (u32::MAX, 600.0)] {
            let wait = back_off(&error(None), tries, base).as_secs_f64();
            assert!(
                (seconds * 0.749..=seconds * 1.251).contains(&wait),
                "{tries}: {wait}"
            );
        }
        let named = Duration::from_secs(5);
        assert_eq!(back_off(&error(Some(named)), 3, base), named);
    }
}
