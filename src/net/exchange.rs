//! One request and its response, within the limits and until the user interrupts.

use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, CONTENT_TYPE, ETAG, HeaderValue, LOCATION};
use reqwest::{RequestBuilder, Url};
use tokio::time::timeout;

use super::body::BodyReceiver;
use super::config::Limits;
use super::deadline::Deadline;
use super::handler::{BodyTarget, Handler};
use super::http_clients::{HttpClients, UserAgent};
use super::response::{self, Response};
use super::retry::{AttemptError, TransientError};
use super::{Endpoint, error_text, redirect, retry};
use crate::model::event::Event;
use crate::model::quantity::duration;

/// One request.
pub(super) struct Exchange<'a, 'd> {
    pub(super) url: &'a Url,
    pub(super) endpoint: Endpoint,
    pub(super) idle_timeout: Duration,
    pub(super) connect_timeout: Duration,
    pub(super) limits: Limits,
    pub(super) deadline: &'a mut Deadline<'d>,
}

/// A response, with what only the client needs of its headers.
pub(super) struct Received {
    pub(super) response: Response,
    /// Size of the body.
    bytes: u64,
    /// The target of a redirect.
    pub(super) location: Option<HeaderValue>,
    pub(super) retry_after: Option<Duration>,
}

impl Exchange<'_, '_> {
    /// Sends the request and receives the whole response.
    pub(super) async fn run(
        mut self,
        http: &HttpClients,
        user_agent: &UserAgent<'_>,
        handler: &mut impl Handler,
    ) -> Result<Received, AttemptError> {
        let mut headers = handler.headers();
        headers
            .entry(ACCEPT)
            .or_insert(HeaderValue::from_static(self.endpoint.accept));
        let client = http.get(self.url, self.connect_timeout, user_agent, &headers)?;
        self.deadline.emit(Event::Request(redirect::shown(self.url)));
        let request = client.get(self.url.clone()).headers(headers);
        let sent = Instant::now();
        let (url, limits) = (self.url, self.limits);
        let head = within(limits.total_time, sent, url, self.receive_head(request)).await?;
        let received = self.receive_body(head, sent, handler).await?;
        self.deadline.emit(Event::Response {
            status: received.response.status,
            bytes: received.bytes,
            took: sent.elapsed(),
        });
        Ok(received)
    }

    /// Sends the request and waits for the head of the response.
    async fn receive_head(&mut self, request: RequestBuilder) -> Result<reqwest::Response, AttemptError> {
        let idle = self.idle_timeout;
        // A `--max-wait` of zero forbids waiting for a turn, not the request itself, which then has only its own
        // timeout.
        let allowed = self.deadline.left().filter(|left| !left.is_zero());
        let limit = allowed.map_or(idle, |left| left.min(idle));
        let sent = Instant::now();
        let result = self
            .deadline
            .unless_cancelled(timeout(limit, request.send()))
            .await?;
        self.deadline.spend(sent.elapsed());
        let silent = || {
            format!(
                "{} sent nothing for {}",
                redirect::host(self.url),
                duration(limit)
            )
        };
        match result {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(error_text::classify(&error, self.url, self.connect_timeout)),
            Err(_) if limit < idle => Err(self.deadline.too_long(idle, silent()).into()),
            Err(_) => Err(TransientError::of_service(silent())),
        }
    }

    /// Receives the body, except that of a redirect.
    async fn receive_body(
        &mut self,
        head: reqwest::Response,
        sent: Instant,
        handler: &mut impl Handler,
    ) -> Result<Received, AttemptError> {
        let status = head.status().as_u16();
        let headers = head.headers();
        let location = if matches!(status, 301 | 302 | 303 | 307 | 308) {
            headers.get(LOCATION).cloned()
        } else {
            None
        };
        let retry_after = retry::retry_after(headers);
        let content_type = response::media_type(headers.get(CONTENT_TYPE));
        let etag = headers.get(ETAG).and_then(|etag| etag.to_str().ok());
        let etag = etag.map(str::to_owned);
        let target = match location {
            Some(_) => BodyTarget::Discard,
            None => handler.start(status, headers),
        };
        let (url, total_time) = (self.url, self.limits.total_time);
        let receiver = BodyReceiver {
            url,
            idle_timeout: self.idle_timeout,
            limits: self.limits,
            deadline: self.deadline,
        };
        let (bytes, body) = match target {
            BodyTarget::Discard => (0, Vec::new()),
            BodyTarget::Handler => (receiver.stream(head, handler).await?, Vec::new()),
            BodyTarget::Memory => {
                let body = within(total_time, sent, url, receiver.read(head)).await?;
                (body.len() as u64, body)
            }
        };
        Ok(Received {
            response: Response {
                status,
                content_type,
                etag,
                body,
            },
            bytes,
            location,
            retry_after,
        })
    }
}

/// Runs one part of an exchange whose whole time is limited.
async fn within<T>(
    total_time: Duration,
    sent: Instant,
    url: &Url,
    work: impl Future<Output = Result<T, AttemptError>>,
) -> Result<T, AttemptError> {
    let result = timeout(total_time.saturating_sub(sent.elapsed()), work).await;
    result.unwrap_or_else(|_| {
        Err(TransientError::of_service(format!(
            "{} did not finish its answer in {}",
            redirect::host(url),
            duration(total_time)
        )))
    })
}
