//! What is worth another try, and how long to wait before it.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::{Answer, Error, Fault, Reader};

/// Tries of one request, the first included.
pub(super) const TRIES: u32 = 5;

/// The longest wait arXiv may ask for; what is longer is not waited for.
pub(super) const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// What is longer, and refused anyway, is not told exactly: a year.
const LONGEST_SAID: Duration = Duration::from_hours(24 * 365);

/// The longest wait that is not asked for.
const LONGEST_OWN: Duration = Duration::from_mins(10);

/// Why a try gave nothing.
pub(super) enum Failure {
    /// Another try would give the same.
    Final(Error),
    /// Worth another try.
    Transient(Trouble),
}

/// A failure that may pass.
pub(super) struct Trouble {
    /// What happened, as a clause.
    pub(super) why: String,
    /// How long arXiv asks to wait; none for 0.
    pub(super) asked: Option<Duration>,
    /// Whether arXiv was reached: if so, no other process should ask at once.
    pub(super) reached: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

/// Reads an answer: what was asked for, a refusal, or trouble.
pub(super) fn judge<R: Reader>(
    answer: &Answer,
    asked: Option<Duration>,
    place: &str,
    reader: &mut R,
) -> Result<R::Found, Failure> {
    let status = StatusCode::from_u16(answer.status).unwrap_or_default();
    let trouble = |why: String| {
        Failure::Transient(Trouble {
            why,
            asked,
            reached: true,
        })
    };
    // arXiv's throttle, in plain text, whatever the status.
    if answer.body.trim_ascii_start().starts_with(b"Rate exceeded") {
        return Err(trouble(format!(
            "arXiv answered {}: rate exceeded",
            status.as_u16()
        )));
    }
    if status.is_success() || reader.knows(answer.status) {
        return reader.read(answer).map_err(|fault| match fault {
            Fault::Transient(why) => trouble(why),
            Fault::Refused(why) => Failure::Final(Error::Refused(why)),
            Fault::Unreadable(why) => {
                Failure::Final(Error::Untrusted(format!("arXiv's answer cannot be read: {why}")))
            }
        });
    }
    let passing = matches!(status.as_u16(), 408 | 425 | 429 | 500..);
    // The API's own error feeds come with 400 and 500: only they are known to be final, and worth their words.
    let words = if status != StatusCode::TOO_MANY_REQUESTS && is_xml(answer) {
        reader.read(answer).err()
    } else {
        None
    };
    match words {
        Some(Fault::Refused(why)) => Err(Failure::Final(Error::Refused(why))),
        _ if passing => Err(trouble(format!("arXiv answered {status}"))),
        _ => Err(Failure::Final(Error::Refused(format!(
            "{place} answered {status}"
        )))),
    }
}

fn is_xml(answer: &Answer) -> bool {
    let body = answer.body.trim_ascii_start();
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.starts_with(b"<?xml")
        || (answer.content_type.ends_with("xml") && !answer.content_type.contains("html"))
}

/// The wait before the next try, `tries` having failed: what arXiv asks for, else ever longer from `base`, with
/// jitter so that several machines do not come back together.
pub(super) fn wait(trouble: &Trouble, tries: u32, base: Duration) -> Duration {
    trouble.asked.unwrap_or_else(|| {
        let doubled = base.saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1)));
        doubled.min(LONGEST_OWN).mul_f64(0.75 + fastrand::f64() / 2.0)
    })
}

/// How long the answer asks to wait: `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3); none where it asks
/// for nothing.
pub(super) fn asked(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = if let Ok(seconds) = text.parse::<u64>() {
        Duration::from_secs(seconds)
    } else if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        LONGEST_SAID
    } else {
        // Held against the server's clock where it tells it, since this machine's may be wrong.
        let now = headers
            .get(DATE)
            .and_then(|date| http_date(date.to_str().ok()?))
            .unwrap_or_else(Utc::now);
        (http_date(text)? - now).to_std().ok()?
    };
    (!wait.is_zero()).then_some(wait.min(LONGEST_SAID))
}

/// A date in one of the three forms of RFC 9110, 5.6.7.
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(date) = DateTime::parse_from_rfc2822(text) {
        return Some(date.to_utc());
    }
    ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
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
    fn retry_after_in_every_form() {
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
                asked(&headers(text, date)),
                seconds.map(Duration::from_secs),
                "{text}"
            );
        }
        assert_eq!(asked(&headers("99999999999999999999999", "")), Some(LONGEST_SAID));
        assert_eq!(asked(&HeaderMap::new()), None);
    }

    #[test]
    fn a_date_without_the_servers_clock_is_held_against_ours() {
        let soon = (Utc::now() + Duration::from_secs(90)).to_rfc2822();
        let wait = asked(&headers(&soon, "")).unwrap();
        assert!((88..=90).contains(&wait.as_secs()), "{wait:?}");
    }

    #[test]
    fn the_wait_doubles_within_a_quarter_and_has_a_ceiling() {
        let trouble = |asked| Trouble {
            why: String::new(),
            asked,
            reached: true,
        };
        let base = Duration::from_secs(20);
        for (tries, seconds) in [(1, 20.0), (2, 40.0), (4, 160.0), (30, 600.0), (u32::MAX, 600.0)] {
            let wait = wait(&trouble(None), tries, base).as_secs_f64();
            assert!(
                (seconds * 0.749..=seconds * 1.251).contains(&wait),
                "{tries}: {wait}"
            );
        }
        let asked = Duration::from_secs(5);
        assert_eq!(wait(&trouble(Some(asked)), 3, base), asked);
    }
}
