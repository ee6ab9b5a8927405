//! Builds the underlying HTTP client lazily, since that takes tens of milliseconds, and without anything that could
//! send a request past the gate: no redirects, no retries, no idle connections.

use std::cell::RefCell;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};

use super::{Error, error_text, redirect};

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
        contact: Option<&str>,
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
        let client = build(kind, connect_timeout, contact)?;
        *cached = Some((kind, client.clone()));
        Ok(client)
    }
}

fn build(
    kind: ClientKind,
    connect_timeout: Duration,
    contact: Option<&str>,
) -> Result<reqwest::Client, Error> {
    // An error means that a provider is installed already, which will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(user_agent(contact)?)
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

/// Returns `arxcat/0.1.0 (mailto:me@example.org)`.
fn user_agent(contact: Option<&str>) -> Result<HeaderValue, Error> {
    let program = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let text = match contact {
        Some(contact) if contact.contains('@') && !contact.contains(':') => {
            format!("{program} (mailto:{contact})")
        }
        Some(contact) => format!("{program} ({contact})"),
        None => program.to_owned(),
    };
    HeaderValue::try_from(text).map_err(|_| Error::Setup("the contact holds a control character".to_owned()))
}
