//! Building the HTTP client: late, since it costs tens of milliseconds, and with nothing of its own that could pass the
//! gate unseen (no redirects, no tries again, no idle connections).

use std::cell::RefCell;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};

use super::{Error, error_text, redirect};

/// The last client built, and for which way: it fits nearly always.
#[derive(Default)]
pub(super) struct Built(RefCell<Option<(ClientKind, reqwest::Client)>>);

/// How a host is reached.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ClientKind {
    loopback: bool,
    plain: bool,
    /// Asks for gzip, and undoes it.
    gzip: bool,
}

impl Built {
    /// The client for this URL and these headers, built if the last one does not fit.
    pub(super) fn fitting(
        &self,
        url: &Url,
        connect: Duration,
        contact: Option<&str>,
        headers: &HeaderMap,
    ) -> Result<reqwest::Client, Error> {
        let way = ClientKind {
            loopback: redirect::is_loopback(url),
            plain: url.scheme() == "http",
            gzip: !headers.contains_key(ACCEPT_ENCODING),
        };
        let mut built = self.0.borrow_mut();
        if let Some((last, client)) = &*built
            && *last == way
        {
            return Ok(client.clone());
        }
        let client = build(way, connect, contact)?;
        *built = Some((way, client.clone()));
        Ok(client)
    }
}

fn build(way: ClientKind, connect: Duration, contact: Option<&str>) -> Result<reqwest::Client, Error> {
    // An error says that a provider is there already, which will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(user_agent(contact)?)
        .connect_timeout(connect)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .pool_max_idle_per_host(0)
        .gzip(way.gzip);
    if way.loopback {
        // A proxy named by the environment is somewhere else, and cannot reach this machine as it sees itself.
        builder = builder.no_proxy();
    }
    if way.loopback && way.plain {
        // The system's certificates are not read where none can be needed: some machines have none.
        builder = builder.tls_certs_only([]);
    }
    builder
        .build()
        .map_err(|error| Error::Setup(error_text::setup(&error)))
}

/// `arxcat/0.1.0 (mailto:me@example.org)`: arXiv throttles nameless programs harder.
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
