//! Which URLs may be opened: the one given, and where it may lead.

use reqwest::Url;
use reqwest::header::HeaderValue;

use super::Error;

/// A redirect more is a loop.
pub(super) const MOST_HOPS: usize = 5;

/// Reads the URL of a request: `http` or `https`, with a host.
pub(super) fn parse(url: &str) -> Result<Url, Error> {
    // The text is not repeated: it may hold a password, and where it cannot be read nobody knows where.
    let parsed = Url::parse(url).map_err(|error| Error::Setup(format!("not a URL: {error}")))?;
    if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
        return Err(Error::Setup(format!(
            "not an http or https URL: {}",
            shown(&parsed)
        )));
    }
    Ok(parsed)
}

/// Where a redirect leads, if it may be followed: on https (plain http only where the first URL is plain), and within
/// the first URL's host and arxiv.org.
pub(super) fn follow(first: &Url, from: &Url, location: &HeaderValue) -> Result<Url, Error> {
    let wrong = |what: String| Error::Untrusted(format!("{} redirects {what}", place(from)));
    let text = std::str::from_utf8(location.as_bytes()).map_err(|_| wrong("to no URL".to_owned()))?;
    let mut to = from
        .join(text)
        .map_err(|error| wrong(format!("to no URL: {error}")))?;
    // A password goes only where the user sent it.
    if (to.scheme(), to.host(), to.port()) != (first.scheme(), first.host(), first.port()) {
        strip(&mut to);
    }
    let scheme_fits = to.scheme() == "https" || (to.scheme() == "http" && first.scheme() == "http");
    if !scheme_fits {
        return Err(wrong(format!("away from https, to {}", shown(&to))));
    }
    if to.host() != first.host() && !is_arxiv(&to) {
        return Err(wrong(format!("to another host, {}", shown(&to))));
    }
    Ok(to)
}

/// The URL as it may be shown: without user and password.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    strip(&mut url);
    url.into()
}

/// Host and path: the URL without what was asked.
pub(super) fn place(url: &Url) -> String {
    format!("{}{}", host(url), url.path())
}

/// Host, and port where it is not the scheme's own.
pub(super) fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

/// Whether the host is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let name = url.host_str().unwrap_or_default();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn is_arxiv(url: &Url) -> bool {
    url.domain()
        .is_some_and(|domain| domain == "arxiv.org" || domain.ends_with(".arxiv.org"))
}

/// Fails only for URLs that cannot have a user, and those have none.
fn strip(url: &mut Url) {
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(first: &str, location: &str) -> Result<String, String> {
        let first = parse(first).unwrap();
        follow(&first, &first, &HeaderValue::from_str(location).unwrap())
            .map(Into::into)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_redirect_stays_on_https_and_at_arxiv() {
        let api = "https://export.arxiv.org/api/query?a=1";
        assert_eq!(hop(api, "/b"), Ok("https://export.arxiv.org/b".to_owned()));
        assert_eq!(
            hop(api, "https://arxiv.org/x"),
            Ok("https://arxiv.org/x".to_owned())
        );
        assert!(hop(api, "https://web3.arxiv.org/x").is_ok());
        for wrong in [
            "http://export.arxiv.org/api/query",
            "https://example.org/",
            "https://arxiv.org.example.org/",
            "https://notarxiv.org/",
            "https://arxiv.org@example.org/",
            "//example.org/",
            "file:///etc/passwd",
            "data:text/plain,x",
            "https://",
        ] {
            assert!(hop(api, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn plain_http_only_where_the_first_url_is_plain() {
        assert!(hop("http://localhost:1/a", "http://localhost:2/b").is_ok());
        assert!(hop("http://localhost:1/a", "https://localhost:2/b").is_ok());
        assert!(hop("http://localhost:1/a", "http://127.0.0.1:1/b").is_err());
    }

    #[test]
    fn passwords_stay_where_they_were_given_and_are_never_shown() {
        let url = parse("https://me:secret@arxiv.example/api?x=1").unwrap();
        assert_eq!(shown(&url), "https://arxiv.example/api?x=1");
        assert_eq!(place(&url), "arxiv.example/api");
        assert_eq!(
            hop("https://me:secret@arxiv.example/api", "/b"),
            Ok("https://me:secret@arxiv.example/b".to_owned())
        );
        assert_eq!(
            hop("https://me:secret@arxiv.example/api", "https://you:x@arxiv.org/b"),
            Ok("https://arxiv.org/b".to_owned())
        );
        let refused = hop(
            "https://me:secret@arxiv.example/",
            "http://me:secret@arxiv.example/",
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
