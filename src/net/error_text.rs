//! The HTTP library's errors as text for a person, and whether another try makes sense.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use crate::model::quantity::duration;

use reqwest::Url;
use rustls::CertificateError;

use super::redirect::host;
use super::retry::{AttemptError, TransientError};
use super::{Error, proxy};

/// Turns an error of the HTTP library into a final or a transient one. The text names only the host of the URL, which
/// may hold a password.
pub(super) fn classify(error: &reqwest::Error, url: &Url, timeout: Duration) -> AttemptError {
    let host = host(url);
    if let Some(why) = find::<rustls::Error>(error).and_then(certificate) {
        return AttemptError::Final(Error::Untrusted(format!(
            "the certificate of {host} is not trusted: {why}"
        )));
    }
    // The library has no public type for a refused CONNECT, so its text is all there is to go by.
    if error.is_connect() && root_cause(error).contains("proxy authorization required") {
        return AttemptError::Final(proxy::needs_password(url));
    }
    if error.is_builder() {
        return AttemptError::Final(Error::Setup(root_cause(error)));
    }
    AttemptError::Transient(TransientError {
        reason: describe(error, &host, timeout),
        retry_after: None,
        reached: !error.is_connect(),
        advice: None,
    })
}

fn describe(error: &reqwest::Error, host: &str, timeout: Duration) -> String {
    if error.is_dns() {
        return describe_lookup(&root_cause(error), host);
    }
    let reason = if let Some(error) = find::<rustls::Error>(error) {
        format!("no secure connection: {error}")
    } else if error.is_timeout() {
        format!("timed out after {}", duration(timeout))
    } else {
        match find::<io::Error>(error).map(io::Error::kind) {
            Some(io::ErrorKind::ConnectionRefused) => "connection refused".to_owned(),
            Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => "connection reset".to_owned(),
            Some(io::ErrorKind::NetworkUnreachable) => "network unreachable".to_owned(),
            Some(io::ErrorKind::HostUnreachable) => "host unreachable".to_owned(),
            _ => root_cause(error),
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

/// Describes why the client cannot be built.
pub(super) fn setup(error: &reqwest::Error) -> String {
    format!("cannot set up a secure connection: {}", root_cause(error))
}

/// Describes a failed name lookup. Resolvers word it differently on each system; the two cases that a person can act on
/// are distinguished.
fn describe_lookup(reason: &str, host: &str) -> String {
    let name = host.split_once(':').map_or(host, |(name, _)| name);
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
        CertificateError::UnknownIssuer => "no authority that this machine trusts has signed it".to_owned(),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it belongs to another host".to_owned()
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        CertificateError::Other(_) => "it is not one for a server".to_owned(),
        _ => "it cannot be verified".to_owned(),
    })
}

/// Returns the first error of a type in the chain of sources.
fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = source(error);
    }
    None
}

/// The text of the last error in the chain of sources.
fn root_cause(error: &(dyn StdError + 'static)) -> String {
    let mut last = error;
    while let Some(inner) = source(last) {
        last = inner;
    }
    last.to_string()
}

/// The source of an error. An I/O error wraps another one without calling it its source.
fn source<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_distinguished_from_a_machine_that_is_offline() {
        let unknown = "failed to lookup address information: Name or service not known";
        assert_eq!(
            describe_lookup(unknown, "export.arxiv.org"),
            "no such host: export.arxiv.org"
        );
        let offline = "failed to lookup address information: Temporary failure in name resolution";
        assert_eq!(
            describe_lookup(offline, "export.arxiv.org:444"),
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
