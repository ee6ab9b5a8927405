//! The client: sends a request through the gate, and again while that is worth it and allowed.

use std::cell::Cell;
use std::time::Duration;

use reqwest::{StatusCode, Url};
use tokio::sync::watch;

use super::config::{Config, Limits};
use super::deadline::Deadline;
use super::error::Tries;
use super::exchange::{Exchange, Received};
use super::gate::{Gate, Permit};
use super::handler::{FunctionHandler, Handler, ResponseError};
use super::http_clients::{HttpClients, UserAgent};
use super::request::Request;
use super::response::Response;
use super::retry::{AttemptError, TransientError};
use super::{Endpoint, Error, proxy, redirect, retry};
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
    /// A connection was made: a later failure to connect may pass.
    has_connected: Cell<bool>,
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
            has_connected: Cell::new(false),
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
            let (error, back_off) = match self.attempt(&url, endpoint, &mut deadline, handler).await {
                Ok(output) => return Ok(output),
                Err(Failure::Final(error)) => return Err(error),
                // The gate lets the next try wait, if the user allows that.
                Err(Failure::Closed) => continue,
                Err(Failure::Transient(error, back_off)) => (error, back_off),
            };
            let tries = Tries {
                own: tries,
                in_a_row: back_off.in_a_row.max(tries),
            };
            self.check_retry(&error, tries)?;
            deadline
                .allow(back_off.wait, &error.reason)
                .map_err(|too_long| with_advice(too_long, error.advice))?;
            if !error.reached {
                deadline.wait(back_off.wait, &error.reason).await?;
            }
        }
    }

    /// Fails if there were enough tries.
    fn check_retry(&self, error: &TransientError, tries: Tries) -> Result<(), Error> {
        let service = self.config.service.name;
        let is_offline = !error.reached && !self.has_connected.get();
        if is_offline && tries.own >= retry::MAX_OFFLINE_TRIES {
            return Err(Error::NoConnection {
                service,
                reason: error.reason.clone(),
            });
        }
        if tries.in_a_row >= retry::MAX_TRIES {
            return Err(Error::GaveUp {
                service,
                tries,
                reason: error.reason.clone(),
                reached: error.reached,
                advice: error.advice,
            });
        }
        Ok(())
    }

    /// Makes one try, following redirects.
    async fn attempt<H: Handler>(
        &self,
        first: &Url,
        endpoint: Endpoint,
        deadline: &mut Deadline<'_>,
        handler: &mut H,
    ) -> Result<H::Output, Failure> {
        let service = &self.config.service;
        let mut url = first.clone();
        for _ in 0..=redirect::MAX_HOPS {
            let place = redirect::place(&url);
            let interval = self.at_least_min(self.config.interval, &url);
            let mut permit = self.gate.enter(&place, interval, deadline).await?;
            let result = match self.exchange(&url, endpoint, deadline, handler).await {
                Ok(Received {
                    location: Some(location),
                    ..
                }) => {
                    self.has_connected.set(true);
                    url = redirect::follow(first, &url, &location, service.domain)?;
                    continue;
                }
                Ok(received) => {
                    let Received {
                        response,
                        retry_after,
                        ..
                    } = received;
                    self.has_connected.set(true);
                    if response.status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
                        return Err(proxy::needs_password(&url).into());
                    }
                    let result = retry::evaluate(service, &response, retry_after, &place, handler);
                    if !matches!(result, Err(AttemptError::Transient(_) | AttemptError::Denied(_))) {
                        permit.clear_failures();
                    }
                    result
                }
                Err(error) => Err(error),
            };
            return result.map_err(|error| self.record_failure(error, &url, permit, deadline));
        }
        let message = format!(
            "{} redirects more than {} times",
            redirect::place(first),
            redirect::MAX_HOPS
        );
        Err(Error::Untrusted(message).into())
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
            endpoint,
            idle_timeout: self.config.timeout.unwrap_or(endpoint.idle_timeout),
            connect_timeout: self.config.timeout.unwrap_or(CONNECT_TIMEOUT),
            limits: self.limits,
            deadline,
        };
        let user_agent = UserAgent {
            service: self.config.service.name,
            contact: self.config.contact.as_deref(),
        };
        exchange.run(&self.http, &user_agent, handler).await
    }

    /// Records a failure in the gate, so that every process observes the back-off, and returns what follows.
    fn record_failure(
        &self,
        error: AttemptError,
        url: &Url,
        mut permit: Permit<'_>,
        deadline: &Deadline<'_>,
    ) -> Failure {
        match error {
            AttemptError::Final(error) => Failure::Final(error),
            AttemptError::Denied(reason) => {
                permit.close(self.config.service.denial_pause, &reason);
                closed(&permit, deadline)
            }
            AttemptError::Transient(error) if !error.reached => {
                permit.cancel();
                // Offline, one quick try more shows whether the failure passes; otherwise the network came and went.
                let wait = if self.has_connected.get() {
                    self.at_least_min(self.config.retry_base, url)
                } else {
                    retry::OFFLINE_PAUSE.min(self.config.retry_base)
                };
                Failure::Transient(error, BackOff { wait, in_a_row: 0 })
            }
            AttemptError::Transient(error) => {
                let in_a_row = permit.count_failure();
                let base = self.at_least_min(self.config.retry_base, url);
                let wait = retry::back_off(&error, in_a_row, base);
                if wait > retry::MAX_RETRY_AFTER {
                    permit.close(wait, &error.reason);
                    return closed(&permit, deadline);
                }
                // After the last try, another endpoint of the service need not wait as long as this one.
                let is_last = in_a_row >= retry::MAX_TRIES;
                let general = if is_last {
                    retry::back_off(&error, 1, base)
                } else {
                    wait
                };
                permit.back_off(general, wait, &error.reason);
                Failure::Transient(error, BackOff { wait, in_a_row })
            }
        }
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

/// Why an attempt failed, and what follows.
enum Failure {
    /// There is no other try.
    Final(Error),
    /// The gate is closed for hours, and the user allows waiting for that.
    Closed,
    /// Another try follows after a back-off.
    Transient(TransientError, BackOff),
}

/// The wait before another try.
struct BackOff {
    wait: Duration,
    /// Failures in a row, those of other processes included; 0 if the service was not reached.
    in_a_row: u32,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

/// What follows after the gate was closed: the wait is over an hour, so only an explicit limit allows it.
fn closed(permit: &Permit<'_>, deadline: &Deadline<'_>) -> Failure {
    match permit.check_closed(deadline) {
        Ok(()) => Failure::Closed,
        Err(error) => Failure::Final(error),
    }
}

fn with_advice(error: Error, advice: Option<&'static str>) -> Error {
    match error {
        Error::TooLong {
            service,
            wait,
            reason,
            ..
        } => Error::TooLong {
            service,
            wait,
            reason,
            advice,
        },
        other => other,
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
            denial_pause: Duration::from_hours(6),
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
