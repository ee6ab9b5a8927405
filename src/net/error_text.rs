//! The client's errors in words for a person, and what follows from them.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use crate::model::event::span;

use reqwest::Url;
use rustls::CertificateError;

use super::Error;
use super::redirect::host;
use super::retry::{Failure, Trouble};

/// What went wrong between here and there. Never shows a URL's password: of the URL only the host is named.
pub(super) fn failure(error: &reqwest::Error, url: &Url, connect: Duration) -> Failure {
    let host = host(url);
    if let Some(why) = find::<rustls::Error>(error).and_then(certificate) {
        return Failure::Final(Error::Untrusted(format!(
            "the certificate of {host} is not trusted: {why}"
        )));
    }
    if error.is_builder() {
        return Failure::Final(Error::Setup(deepest(error)));
    }
    let reached = !error.is_connect();
    Failure::Transient(Trouble {
        why: words(error, &host, connect),
        asked: None,
        reached,
    })
}

fn words(error: &reqwest::Error, host: &str, connect: Duration) -> String {
    if error.is_dns() {
        return lookup(&deepest(error), host);
    }
    let reason = if let Some(error) = find::<rustls::Error>(error) {
        format!("no secure connection: {error}")
    } else if error.is_timeout() {
        format!("timed out after {}", span(connect))
    } else {
        match find::<io::Error>(error).map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => "connection refused".to_owned(),
            Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => "connection reset".to_owned(),
            Some(io::ErrorKind::NetworkUnreachable) => "network unreachable".to_owned(),
            Some(io::ErrorKind::HostUnreachable) => "host unreachable".to_owned(),
            _ => deepest(error),
        }
    };
    if error.is_connect() {
        format!("could not connect to {host}: {reason}")
    } else if reason.starts_with("connection closed before message completed") {
        format!("{host} closed the connection without an answer")
    } else if error.is_body() || error.is_decode() {
        format!("the answer of {host} broke off: {reason}")
    } else {
        format!("no answer from {host}: {reason}")
    }
}

/// Why the client could not be built.
pub(super) fn setup(error: &reqwest::Error) -> String {
    format!("cannot set up a secure connection: {}", deepest(error))
}

/// What the resolver says differs by system; the two cases a person can act on are told apart.
fn lookup(reason: &str, host: &str) -> String {
    let name = host.split(':').next().unwrap_or(host);
    if reason.contains("Temporary failure") || reason.contains("Try again") {
        format!("could not look up {name}: no name server answers (is this machine online?)")
    } else {
        format!("no such host: {name}")
    }
}

fn certificate(error: &rustls::Error) -> Option<String> {
    let rustls::Error::InvalidCertificate(error) = error else {
        return None;
    };
    Some(match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet (is this machine's clock right?)".to_owned()
        }
        CertificateError::UnknownIssuer => "nobody this machine trusts has signed it".to_owned(),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is another host's".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        CertificateError::Other(_) => "it is not one for a server".to_owned(),
        _ => "it cannot be verified".to_owned(),
    })
}

/// The first error of a type in the chain; an I/O error holds another without being its source.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = inner(error);
    }
    None
}

/// The words of the chain's last error.
fn deepest(error: &(dyn StdError + 'static)) -> String {
    let mut last = error;
    while let Some(inner) = inner(last) {
        last = inner;
    }
    last.to_string()
}

fn inner<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(held) => Some(held as &(dyn StdError + 'static)),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_does_not_exist_is_told_from_a_machine_that_is_offline() {
        let unknown = "failed to lookup address information: Name or service not known";
        assert_eq!(
            lookup(unknown, "export.arxiv.org"),
            "no such host: export.arxiv.org"
        );
        let offline = "failed to lookup address information: Temporary failure in name resolution";
        assert_eq!(
            lookup(offline, "export.arxiv.org:444"),
            "could not look up export.arxiv.org: no name server answers (is this machine online?)"
        );
    }

    #[test]
    fn an_error_within_an_error_is_found() {
        let inner = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let outer = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, inner));
        let found = find::<rustls::Error>(&outer).and_then(certificate);
        assert_eq!(found.as_deref(), Some("it has expired"));
        assert!(find::<rustls::Error>(&io::Error::other("x")).is_none());
    }
}
