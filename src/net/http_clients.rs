//! Builds the underlying HTTP client lazily, since that takes tens of milliseconds, and without anything that could
//! send a request past the gate: no redirects, no retries, no idle connections.

use std::cell::RefCell;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};

use super::{Error, error_text, proxy, redirect};

/// Cache of the client built last, which nearly always fits the next request.
#[derive(Default)]
pub(super) struct HttpClients(RefCell<Option<(ClientKind, reqwest::Client)>>);

/// The settings in which clients differ.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ClientKind {
    loopback: bool,
    /// `http`, not `https`.
    plain: bool,
    /// Requests and decodes gzip.
    gzip: bool,
}

impl HttpClients {
    /// Returns a client for this URL and these request headers.
    pub(super) fn get(
        &self,
        url: &Url,
        connect_timeout: Duration,
        user_agent: &UserAgent<'_>,
        headers: &HeaderMap,
    ) -> Result<reqwest::Client, Error> {
        let kind = ClientKind {
            loopback: redirect::is_loopback(url),
            plain: url.scheme() == "http",
            gzip: !headers.contains_key(ACCEPT_ENCODING),
        };
        let mut cached = self.0.borrow_mut();
        if let Some((cached_kind, client)) = &*cached
            && *cached_kind == kind
        {
            return Ok(client.clone());
        }
        if !kind.loopback {
            proxy::check(url)?;
        }
        let client = build(kind, connect_timeout, user_agent)?;
        *cached = Some((kind, client.clone()));
        Ok(client)
    }
}

fn build(
    kind: ClientKind,
    connect_timeout: Duration,
    user_agent: &UserAgent<'_>,
) -> Result<reqwest::Client, Error> {
    // An error means that a provider is installed already, which will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(user_agent.header()?)
        .connect_timeout(connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
        .gzip(kind.gzip);
    if kind.loopback {
        // A proxy from the environment is another machine, and does not reach this one by a loopback address.
        builder = builder.no_proxy();
    }
    if kind.loopback && kind.plain {
        // Reading the system's certificates fails on machines that have none, and plain HTTP needs none.
        builder = builder.tls_certs_only([]);
    }
    builder
        .build()
        .map_err(|error| Error::Setup(error_text::setup(&error)))
}

/// What the client says about itself. Operators throttle programs that they cannot tell apart or reach.
pub(super) struct UserAgent<'a> {
    /// Name of the service, which explains what the program is.
    pub(super) service: &'a str,
    /// How to reach the user.
    pub(super) contact: Option<&'a str>,
}

impl UserAgent<'_> {
    /// Returns `arxcat/0.1.0 (command-line client of Archive; mailto:me@example.org)`, with the address of the program's
    /// description if the package has one.
    fn header(&self) -> Result<HeaderValue, Error> {
        let program = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        let mut text = format!("{program} (command-line client of {}", self.service);
        let description = env!("CARGO_PKG_REPOSITORY");
        if !description.is_empty() {
            text.push_str("; +");
            text.push_str(description);
        }
        if let Some(contact) = self.contact {
            let is_address = contact.contains('@') && !contact.contains(':');
            text.push_str(if is_address { "; mailto:" } else { "; " });
            text.push_str(contact);
        }
        text.push(')');
        HeaderValue::try_from(text)
            .map_err(|_| Error::Setup("the contact holds a control character".to_owned()))
    }
}
