//! The client: lazily built, polite, patient and bounded.
//!
//! Every request, each hop of a redirect and each further try included, passes the gate. Nothing here
//! knows what an answer means: a reader is handed in.

use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, ETAG, HeaderValue, LOCATION};
use reqwest::{RequestBuilder, Response, Url};
use tokio::sync::watch;
use tokio::time::timeout;

use super::builder::Built;
use super::config::{Config, Idle, Limits};
use super::deadline::Deadline;
use super::gate::{Gate, Pass};
use super::message::{Answer, Request};
use super::reader::Held;
use super::reader::{Body, Fault, Reader};
use super::retry::{Failure, Trouble};
use super::{body, error_text, message, redirect, retry};
use crate::model::event::{Event, span};

/// Between two requests, at least: arXiv's terms of use (<https://info.arxiv.org/help/api/tou.html>).
const POLITE: Duration = Duration::from_secs(3);

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(30);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Every try failed.
    #[error("arXiv did not answer after {tries} tries: {why}")]
    GaveUp {
        /// How many tries were made.
        tries: u32,
        /// What the last one met.
        why: String,
        /// Whether it reached arXiv.
        reached: bool,
    },
    /// The wait would have been longer than the user allows.
    #[error("not waiting {} for arXiv: {why}", span(*wait))]
    TooLong {
        /// How long it would have been, at least.
        wait: Duration,
        /// Why.
        why: String,
    },
    /// arXiv understood the request and refused it.
    #[error("arXiv refused the request: {0}")]
    Refused(String),
    /// The answer is not one to take: its certificate, where it redirects to, its size.
    #[error("{0}")]
    Untrusted(String),
    /// The reader takes no more of the body; it knows why.
    #[error("the answer could not be taken")]
    Stopped,
    /// The client could not be built, or the URL is not one it may open.
    #[error("{0}")]
    Setup(String),
}

/// The HTTP client: built at the first request.
pub struct Client {
    config: Config,
    limits: Limits,
    observe: Box<dyn Fn(Event)>,
    cancelled: watch::Receiver<bool>,
    gate: Gate,
    built: Built,
}

/// An answer, and what only this module needs of its head.
struct Reply {
    answer: Answer,
    bytes: u64,
    location: Option<HeaderValue>,
    asked: Option<Duration>,
}

impl Client {
    /// A client that tells what it does to `observe`, and stops when `cancelled` turns true.
    #[must_use]
    pub fn new(config: Config, observe: Box<dyn Fn(Event)>, cancelled: watch::Receiver<bool>) -> Self {
        Self {
            gate: Gate::new(&config.state_dir),
            config,
            limits: Limits::default(),
            observe,
            cancelled,
            built: Built::default(),
        }
    }

    /// The same client with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Tells the observer.
    pub fn tell(&self, event: Event) {
        (self.observe)(event);
    }

    /// [`ask`](Self::ask) for a URL, without further headers.
    pub async fn get<T>(
        &self,
        url: &str,
        idle: Idle,
        read: impl FnMut(&Answer) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        let headers = Vec::new();
        self.ask(&Request { url, idle, headers }, read).await
    }

    /// Sends a request through the gate and lets `read` make something of the answer, trying again what is transient.
    ///
    /// `read` sees every answer that is not an HTTP-level failure to be tried again (429, 5xx that `read` does not
    /// recognise, "Rate exceeded."). Of answers with another status than 2xx it sees those in XML, for the words of a
    /// refusal; what it makes of them beyond that is not believed. It sees a 304 where the request has `if-none-match`.
    pub async fn ask<T>(
        &self,
        request: &Request<'_>,
        read: impl FnMut(&Answer) -> Result<T, Fault>,
    ) -> Result<T, Error> {
        let mut held = Held { request, read };
        self.take(request.url, request.idle, &mut held).await
    }

    /// Gets a URL likewise, with the reader's own headers at each try, and the body to where the reader wants it.
    pub async fn take<R: Reader>(&self, url: &str, idle: Idle, reader: &mut R) -> Result<R::Found, Error> {
        let url = redirect::parse(url)?;
        let mut patience = Deadline::new(self.config.max_wait, &*self.observe, self.cancelled.clone());
        let mut tries = 0;
        loop {
            tries += 1;
            let (trouble, wait) = match self.attempt(&url, idle, tries, &mut patience, reader).await {
                Ok(value) => return Ok(value),
                Err((Failure::Final(error), _)) => return Err(error),
                Err((Failure::Transient(trouble), wait)) => (trouble, wait),
            };
            if wait > retry::LONGEST_ASKED {
                let why = format!("{}, and asks for more than an hour", trouble.why);
                return Err(Error::TooLong { wait, why });
            }
            if tries == retry::TRIES {
                let why = trouble.why;
                let reached = trouble.reached;
                return Err(Error::GaveUp { tries, why, reached });
            }
            patience.allow(wait, &trouble.why)?;
            if !trouble.reached {
                patience.rest(wait, &trouble.why).await?;
            }
        }
    }

    /// One try, redirects followed. With a failure comes how long to wait before the next.
    async fn attempt<R: Reader>(
        &self,
        first: &Url,
        idle: Idle,
        tries: u32,
        patience: &mut Deadline<'_>,
        reader: &mut R,
    ) -> Result<R::Found, (Failure, Duration)> {
        let settled = |error: Error| (Failure::Final(error), Duration::ZERO);
        let mut url = first.clone();
        for _ in 0..=redirect::MOST_HOPS {
            let place = redirect::place(&url);
            let mut pass = self
                .gate
                .enter(&place, polite(self.config.interval, &url), patience)
                .await
                .map_err(settled)?;
            let outcome = match self.exchange(&url, idle, patience, reader).await {
                Ok(Reply {
                    location: Some(location),
                    ..
                }) => {
                    url = redirect::follow(first, &url, &location).map_err(settled)?;
                    continue;
                }
                Ok(reply) => retry::judge(&reply.answer, reply.asked, &place, reader),
                Err(failure) => Err(failure),
            };
            return outcome.map_err(|failure| self.back_off(failure, &url, tries, &mut pass));
        }
        Err(settled(Error::Untrusted(format!(
            "{} redirects more than {} times",
            redirect::place(first),
            redirect::MOST_HOPS
        ))))
    }

    /// How long to wait after a failure; noted in the gate, for every process, where arXiv itself was reached.
    fn back_off(&self, failure: Failure, url: &Url, tries: u32, pass: &mut Pass<'_>) -> (Failure, Duration) {
        let Failure::Transient(trouble) = &failure else {
            return (failure, Duration::ZERO);
        };
        // After the last try the next command should not find a wait of many minutes that nobody asked for.
        let doublings = if tries == retry::TRIES { 1 } else { tries };
        let wait = retry::wait(trouble, doublings, polite(self.config.retry_base, url));
        if trouble.reached {
            pass.hold_off(wait, &trouble.why);
        }
        (failure, wait)
    }

    /// Sends one request and takes its whole answer, within the limits and until the user interrupts.
    async fn exchange(
        &self,
        url: &Url,
        idle: Idle,
        patience: &mut Deadline<'_>,
        reader: &mut impl Reader,
    ) -> Result<Reply, Failure> {
        let headers = reader.headers();
        let contact = self.config.contact.as_deref();
        let client = self.built.fitting(url, self.connect_limit(), contact, &headers)?;
        self.tell(Event::Request(redirect::shown(url)));
        let sent = Instant::now();
        let request = client.get(url.clone()).headers(headers);
        let response = self
            .within(sent, url, self.begin(request, url, idle, patience))
            .await?;
        let reply = self.finish(response, sent, url, idle, patience, reader).await?;
        self.tell(Event::Answer {
            status: reply.answer.status,
            bytes: reply.bytes,
            took: sent.elapsed(),
        });
        Ok(reply)
    }

    /// Does a part of what may take only so long as a whole.
    async fn within<T>(
        &self,
        sent: Instant,
        url: &Url,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let whole = self.limits.whole;
        let done = timeout(whole.saturating_sub(sent.elapsed()), work).await;
        done.unwrap_or_else(|_| {
            let host = redirect::host(url);
            Err(Failure::Transient(Trouble {
                why: format!("{host} did not finish its answer in {}", span(whole)),
                asked: None,
                reached: true,
            }))
        })
    }

    /// Sends the request and waits for the head of the answer.
    async fn begin(
        &self,
        request: RequestBuilder,
        url: &Url,
        idle: Idle,
        patience: &mut Deadline<'_>,
    ) -> Result<Response, Failure> {
        let idle = self.idle(idle);
        // Without any patience there is still the request itself: then only its own time-out ends it.
        let allowed = patience.left().filter(|left| !left.is_zero());
        let limit = allowed.map_or(idle, |left| left.min(idle));
        let sent = Instant::now();
        let begun = patience.unless_cancelled(timeout(limit, request.send())).await?;
        patience.spend(sent.elapsed());
        let why = || format!("{} sent nothing for {}", redirect::host(url), span(limit));
        match begun {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(error_text::failure(&error, url, self.connect_limit())),
            Err(_) if limit < idle => Err(Failure::Final(Error::TooLong {
                wait: idle,
                why: why(),
            })),
            Err(_) => Err(Failure::Transient(Trouble {
                why: why(),
                asked: None,
                reached: true,
            })),
        }
    }

    /// Takes the body of an answer that has begun; not that of a redirect.
    async fn finish(
        &self,
        response: Response,
        sent: Instant,
        url: &Url,
        idle: Idle,
        patience: &Deadline<'_>,
        reader: &mut impl Reader,
    ) -> Result<Reply, Failure> {
        let status = response.status().as_u16();
        let headers = response.headers();
        let location = if matches!(status, 301 | 302 | 303 | 307 | 308) {
            headers.get(LOCATION).cloned()
        } else {
            None
        };
        let asked = retry::asked(headers);
        let content_type = message::media_type(headers.get(CONTENT_TYPE));
        let etag = headers.get(ETAG).and_then(|etag| etag.to_str().ok());
        let etag = etag.map(str::to_owned);
        let to = match location {
            Some(_) => Body::Left,
            None => reader.begin(status, headers),
        };
        let idle = self.idle(idle);
        let (bytes, body) = match to {
            Body::Left => (0, Vec::new()),
            Body::Taken => {
                let taking = body::take(response, url, idle, reader);
                (patience.unless_cancelled(taking).await??, Vec::new())
            }
            Body::Held => {
                let reading = body::read(response, url, idle, self.limits.bytes);
                let whole = async { patience.unless_cancelled(reading).await? };
                let body = self.within(sent, url, whole).await?;
                (body.len() as u64, body)
            }
        };
        Ok(Reply {
            answer: Answer {
                status,
                content_type,
                etag,
                body,
            },
            bytes,
            location,
            asked,
        })
    }

    fn idle(&self, idle: Idle) -> Duration {
        self.config.timeout.unwrap_or_else(|| idle.limit())
    }

    fn connect_limit(&self) -> Duration {
        self.config.timeout.unwrap_or(CONNECT)
    }
}

/// The wait that is asked for, or arXiv's own where that is longer. Its terms do not bind towards the user's machine.
fn polite(asked: Duration, url: &Url) -> Duration {
    if redirect::is_loopback(url) {
        asked
    } else {
        asked.max(POLITE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arxivs_pace_is_undercut_only_towards_this_machine() {
        let wait = |url: &str, millis| polite(Duration::from_millis(millis), &Url::parse(url).unwrap());
        for near in ["http://127.0.0.1:8080/api", "http://[::1]/", "http://localhost/x"] {
            assert_eq!(wait(near, 0), Duration::ZERO, "{near}");
        }
        for far in [
            "https://export.arxiv.org/api/query",
            "http://127.0.0.1.example.org/",
            "http://10.0.0.1/",
        ] {
            assert_eq!(wait(far, 0), POLITE, "{far}");
            assert_eq!(wait(far, 9000), Duration::from_secs(9), "{far}");
        }
    }
}
