//! Which URLs may be opened: that of the request, and where it may redirect.

use reqwest::Url;
use reqwest::header::HeaderValue;

use super::Error;

/// Redirects of one try. More of them are taken for a loop: the services in use make at most two.
pub(super) const MAX_HOPS: usize = 5;

/// Parses the URL of a request: `http` or `https`, with a host.
pub(super) fn parse(url: &str) -> Result<Url, Error> {
    // The message does not repeat the text, which may hold a password at a place that only a parsed URL would tell.
    let parsed = Url::parse(url).map_err(|error| Error::Setup(format!("not a URL: {error}")))?;
    if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
        return Err(Error::Setup(format!(
            "not an http or https URL: {}",
            shown(&parsed)
        )));
    }
    Ok(parsed)
}

/// Returns the target of a redirect, if it may be followed: on https (plain http only if the first URL is plain), and
/// within the first URL's host and the service's domain.
pub(super) fn follow(first: &Url, from: &Url, location: &HeaderValue, domain: &str) -> Result<Url, Error> {
    let wrong = |what: String| Error::Untrusted(format!("{} redirects {what}", place(from)));
    let text = std::str::from_utf8(location.as_bytes()).map_err(|_| wrong("to no URL".to_owned()))?;
    let mut to = from
        .join(text)
        .map_err(|error| wrong(format!("to no URL: {error}")))?;
    // A password is sent only to the host that the user gave it for.
    if (to.scheme(), to.host(), to.port()) != (first.scheme(), first.host(), first.port()) {
        strip(&mut to);
    }
    let scheme_fits = to.scheme() == "https" || (to.scheme() == "http" && first.scheme() == "http");
    if !scheme_fits {
        return Err(wrong(format!("away from https, to {}", shown(&to))));
    }
    if to.host() != first.host() && !is_within(&to, domain) {
        return Err(wrong(format!("to another host, {}", shown(&to))));
    }
    Ok(to)
}

/// The URL for messages: without user and password.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    strip(&mut url);
    url.into()
}

/// Host and path, without the query.
pub(super) fn place(url: &Url) -> String {
    format!("{}{}", host(url), url.path())
}

/// The host, with the port unless it is the scheme's own.
pub(super) fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or("");
    match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

/// Whether the host is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let name = url.host_str().unwrap_or("");
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether the host is this domain or below it.
fn is_within(url: &Url, domain: &str) -> bool {
    url.domain().is_some_and(|host| {
        host.strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Removes user and password. The setters fail only for URLs that cannot have them.
fn strip(url: &mut Url) {
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(first: &str, location: &str) -> Result<String, String> {
        let first = parse(first).unwrap();
        follow(
            &first,
            &first,
            &HeaderValue::from_str(location).unwrap(),
            "archive.org",
        )
        .map(Into::into)
        .map_err(|error| error.to_string())
    }

    #[test]
    fn a_redirect_stays_on_https_and_within_the_domain() {
        let api = "https://export.archive.org/api/query?a=1";
        assert_eq!(hop(api, "/b"), Ok("https://export.archive.org/b".to_owned()));
        assert_eq!(
            hop(api, "https://archive.org/x"),
            Ok("https://archive.org/x".to_owned())
        );
        assert!(hop(api, "https://web3.archive.org/x").is_ok());
        for wrong in [
            "http://export.archive.org/api/query",
            "https://example.org/",
            "https://archive.org.example.org/",
            "https://notarchive.org/",
            "https://archive.org@example.org/",
            "//example.org/",
            "file:///etc/passwd",
            "data:text/plain,x",
            "https://",
        ] {
            assert!(hop(api, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn plain_http_only_if_the_first_url_is_plain() {
        assert!(hop("http://localhost:1/a", "http://localhost:2/b").is_ok());
        assert!(hop("http://localhost:1/a", "https://localhost:2/b").is_ok());
        assert!(hop("http://localhost:1/a", "http://127.0.0.1:1/b").is_err());
    }

    #[test]
    fn passwords_go_only_to_their_host_and_are_never_shown() {
        let url = parse("https://me:secret@archive.example/api?x=1").unwrap();
        assert_eq!(shown(&url), "https://archive.example/api?x=1");
        assert_eq!(place(&url), "archive.example/api");
        assert_eq!(
            hop("https://me:secret@archive.example/api", "/b"),
            Ok("https://me:secret@archive.example/b".to_owned())
        );
        assert_eq!(
            hop(
                "https://me:secret@archive.example/api",
                "https://you:x@archive.org/b"
            ),
            Ok("https://archive.org/b".to_owned())
        );
        let refused = hop(
            "https://me:secret@archive.example/",
            "http://me:secret@archive.example/",
        )
        .unwrap_err();
        assert!(!refused.contains("secret"), "{refused}");
        let unread = parse("https://me:secret@:x/").unwrap_err().to_string();
        assert!(!unread.contains("secret"), "{unread}");
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for (url, loopback) in [
            ("http://localhost/", true),
            ("http://127.8.0.1:80/", true),
            ("http://[::1]:80/", true),
            ("http://localhost.example/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(&parse(url).unwrap()), loopback, "{url}");
        }
    }
}
