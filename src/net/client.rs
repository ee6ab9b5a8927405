//! The client: sends a request through the gate, and again while that is worth it and allowed.

use std::time::Duration;

use reqwest::Url;
use tokio::sync::watch;

use super::config::{Config, Limits};
use super::deadline::Deadline;
use super::exchange::{Exchange, Received};
use super::gate::{Gate, Permit};
use super::handler::{FunctionHandler, Handler, ResponseError};
use super::http_clients::HttpClients;
use super::response::{Request, Response};
use super::retry::AttemptError;
use super::{Endpoint, Error, redirect, retry};
use crate::model::event::Event;

/// How long making a connection may take, name lookup and TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// The HTTP client of one service. It is built at its first request.
pub struct Client {
    config: Config,
    limits: Limits,
    observer: Box<dyn Fn(Event)>,
    cancelled: watch::Receiver<bool>,
    gate: Gate,
    http: HttpClients,
}

impl Client {
    /// A client that reports events to `observer`, and stops when `cancelled` turns true.
    #[must_use]
    pub fn new(config: Config, observer: Box<dyn Fn(Event)>, cancelled: watch::Receiver<bool>) -> Self {
        Self {
            gate: Gate::new(&config.state_dir, &config.service),
            config,
            limits: Limits::default(),
            observer,
            cancelled,
            http: HttpClients::default(),
        }
    }

    /// The same client with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Reports an event to the observer.
    pub fn emit(&self, event: Event) {
        (self.observer)(event);
    }

    /// Sends a GET request without further headers; see [`send`](Self::send).
    pub async fn get<T>(
        &self,
        url: &str,
        endpoint: Endpoint,
        parse: impl FnMut(&Response) -> Result<T, ResponseError>,
    ) -> Result<T, Error> {
        let request = Request {
            url,
            endpoint,
            headers: Vec::new(),
        };
        self.send(&request, parse).await
    }

    /// Sends a request through the gate and parses its response, retrying after transient failures.
    ///
    /// `parse` gets every response that is not already a failure by its status. Of responses with another status than
    /// 2xx it gets those in XML, for the words of a refusal; any other result of it is ignored. It gets a 304 if the
    /// request has `if-none-match`.
    ///
    /// # Errors
    ///
    /// What the last try met, or the wait that the user does not allow.
    pub async fn send<T>(
        &self,
        request: &Request<'_>,
        parse: impl FnMut(&Response) -> Result<T, ResponseError>,
    ) -> Result<T, Error> {
        let mut handler = FunctionHandler { request, parse };
        self.send_with(request.url, request.endpoint, &mut handler).await
    }

    /// Sends a GET request likewise, with the handler's own headers at each try and the body where the handler wants
    /// it.
    pub async fn send_with<H: Handler>(
        &self,
        url: &str,
        endpoint: Endpoint,
        handler: &mut H,
    ) -> Result<H::Output, Error> {
        let url = redirect::parse(url)?;
        let service = self.config.service.name;
        let cancelled = self.cancelled.clone();
        let mut deadline = Deadline::new(service, self.config.max_wait, &*self.observer, cancelled);
        let mut tries = 0;
        loop {
            tries += 1;
            let (error, wait) = match self.attempt(&url, endpoint, tries, &mut deadline, handler).await {
                Ok(output) => return Ok(output),
                Err((AttemptError::Final(error), _)) => return Err(error),
                Err((AttemptError::Transient(error), wait)) => (error, wait),
            };
            if wait > retry::MAX_RETRY_AFTER {
                let reason = format!("{}, and asks for more than an hour", error.reason);
                return Err(deadline.too_long(wait, reason));
            }
            if tries == retry::MAX_TRIES {
                return Err(Error::GaveUp {
                    service,
                    tries,
                    reason: error.reason,
                    reached: error.reached,
                });
            }
            deadline.allow(wait, &error.reason)?;
            if !error.reached {
                deadline.wait(wait, &error.reason).await?;
            }
        }
    }

    /// Makes one try, following redirects. An error comes with how long to wait before the next try.
    async fn attempt<H: Handler>(
        &self,
        first: &Url,
        endpoint: Endpoint,
        tries: u32,
        deadline: &mut Deadline<'_>,
        handler: &mut H,
    ) -> Result<H::Output, (AttemptError, Duration)> {
        let service = &self.config.service;
        let without_retry = |error: Error| (AttemptError::Final(error), Duration::ZERO);
        let mut url = first.clone();
        for _ in 0..=redirect::MAX_HOPS {
            let place = redirect::place(&url);
            let interval = self.at_least_min(self.config.interval, &url);
            let mut permit = self
                .gate
                .enter(&place, interval, deadline)
                .await
                .map_err(without_retry)?;
            let result = match self.exchange(&url, endpoint, deadline, handler).await {
                Ok(Received {
                    location: Some(location),
                    ..
                }) => {
                    url = redirect::follow(first, &url, &location, service.domain).map_err(without_retry)?;
                    continue;
                }
                Ok(received) => {
                    let Received {
                        response,
                        retry_after,
                        ..
                    } = received;
                    retry::evaluate(service, &response, retry_after, &place, handler)
                }
                Err(error) => Err(error),
            };
            return result.map_err(|error| self.back_off(error, &url, tries, &mut permit));
        }
        Err(without_retry(Error::Untrusted(format!(
            "{} redirects more than {} times",
            redirect::place(first),
            redirect::MAX_HOPS
        ))))
    }

    /// Sends one request and receives its response, within the limits and until the user interrupts.
    async fn exchange(
        &self,
        url: &Url,
        endpoint: Endpoint,
        deadline: &mut Deadline<'_>,
        handler: &mut impl Handler,
    ) -> Result<Received, AttemptError> {
        let exchange = Exchange {
            url,
            idle_timeout: self.config.timeout.unwrap_or(endpoint.idle_timeout),
            connect_timeout: self.config.timeout.unwrap_or(CONNECT_TIMEOUT),
            limits: self.limits,
            deadline,
        };
        exchange
            .run(&self.http, self.config.contact.as_deref(), handler)
            .await
    }

    /// Returns how long to wait after a failure. If the service was reached, the wait is written into the gate, so that
    /// every process observes it.
    fn back_off(
        &self,
        error: AttemptError,
        url: &Url,
        tries: u32,
        permit: &mut Permit<'_>,
    ) -> (AttemptError, Duration) {
        let AttemptError::Transient(transient) = &error else {
            return (error, Duration::ZERO);
        };
        // After the last try the next command must not find a wait of many minutes that nobody asked for.
        let doublings = if tries == retry::MAX_TRIES { 1 } else { tries };
        let base = self.at_least_min(self.config.retry_base, url);
        let wait = retry::back_off(transient, doublings, base);
        if transient.reached {
            permit.back_off(wait, &transient.reason);
        }
        (error, wait)
    }

    /// The configured interval, raised to the service's minimum. The service's terms do not bind towards a server on
    /// the user's own machine.
    fn at_least_min(&self, interval: Duration, url: &Url) -> Duration {
        if redirect::is_loopback(url) {
            interval
        } else {
            interval.max(self.config.service.min_interval)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Service;

    #[test]
    fn the_services_interval_is_undercut_only_towards_this_machine() {
        let minimum = Duration::from_secs(3);
        let service = Service {
            name: "Archive",
            gate_file: "gate",
            domain: "example.org",
            min_interval: minimum,
            refusal: |_| None,
        };
        let config = Config {
            service,
            state_dir: "state".into(),
            interval: Duration::ZERO,
            retry_base: Duration::ZERO,
            timeout: None,
            max_wait: None,
            contact: None,
        };
        let client = Client::new(config, Box::new(|_| ()), watch::channel(false).1);
        let wait =
            |url: &str, millis| client.at_least_min(Duration::from_millis(millis), &Url::parse(url).unwrap());
        for near in ["http://127.0.0.1:8080/api", "http://[::1]/", "http://localhost/x"] {
            assert_eq!(wait(near, 0), Duration::ZERO, "{near}");
        }
        for far in [
            "https://export.example.org/api/query",
            "http://127.0.0.1.example.org/",
            "http://10.0.0.1/",
        ] {
            assert_eq!(wait(far, 0), minimum, "{far}");
            assert_eq!(wait(far, 9000), Duration::from_secs(9), "{far}");
        }
    }
}
