//! Checks the proxy variables of the environment, which the HTTP library reads itself and ignores if they are wrong.

use std::env;

use reqwest::Url;

use super::{Error, redirect};

/// Fails if the proxy for this URL is no URL, or one of a kind that is not supported.
pub(super) fn check(url: &Url) -> Result<(), Error> {
    if let Some((variable, value)) = variable_for(url)
        && !is_exempt(
            url,
            &first_set(["NO_PROXY", "no_proxy"]).map_or_else(String::new, |(_, value)| value),
        )
    {
        check_value(variable, &value)?;
    }
    Ok(())
}

/// The error of a proxy that asks for a password.
pub(super) fn needs_password(url: &Url) -> Error {
    let variable = variable_for(url).map_or("the proxy variable", |(variable, _)| variable);
    Error::Proxy(format!(
        "the proxy of {variable} asks for a user name and a password (status 407)"
    ))
}

/// The variable that names the proxy for this URL, and its value.
fn variable_for(url: &Url) -> Option<(&'static str, String)> {
    let own = if url.scheme() == "https" {
        ["HTTPS_PROXY", "https_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy"]
    };
    first_set(own).or_else(|| first_set(["ALL_PROXY", "all_proxy"]))
}

fn first_set(names: [&'static str; 2]) -> Option<(&'static str, String)> {
    names.into_iter().find_map(|name| {
        let value = env::var_os(name)?.to_string_lossy().trim().to_owned();
        (!value.is_empty()).then_some((name, value))
    })
}

/// Whether `NO_PROXY` names the host, a domain above it, or everything.
fn is_exempt(url: &Url, no_proxy: &str) -> bool {
    let host = url.host_str().unwrap_or("");
    no_proxy.split(',').map(str::trim).any(|entry| {
        let domain = entry.trim_start_matches('.');
        let is_above = |rest: &str| rest.is_empty() || rest.ends_with('.');
        entry == "*" || (!domain.is_empty() && host.strip_suffix(domain).is_some_and(is_above))
    })
}

fn check_value(variable: &str, value: &str) -> Result<(), Error> {
    // Without a scheme the library takes it for an HTTP proxy.
    let text = if value.contains("://") {
        value.to_owned()
    } else {
        format!("http://{value}")
    };
    // The value is not repeated unless it is parsed, since it may hold a password.
    let url = Url::parse(&text)
        .map_err(|error| Error::Proxy(format!("the proxy in {variable} is not a URL: {error}")))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(()),
        scheme => Err(Error::Proxy(format!(
            "{variable} names a proxy of the kind `{scheme}` ({}), which is not supported; http and https proxies are",
            redirect::shown(&url)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_proxies_with_and_without_a_scheme_are_accepted() {
        for value in [
            "http://proxy.example:3128",
            "https://u:p@proxy.example",
            "proxy.example:3128",
            "10.0.0.1:8080",
        ] {
            assert!(check_value("HTTPS_PROXY", value).is_ok(), "{value}");
        }
    }

    #[test]
    fn other_proxies_are_refused_without_their_password() {
        for value in [
            "socks5://u:geheim@proxy.example:1080",
            "socks5h://proxy.example",
            "http://",
            "http://a b",
            "://",
        ] {
            let message = check_value("ALL_PROXY", value).unwrap_err().to_string();
            assert!(
                message.contains("ALL_PROXY") && !message.contains("geheim"),
                "{message}"
            );
        }
    }

    #[test]
    fn no_proxy_exempts_hosts_and_domains() {
        let url = Url::parse("https://export.archive.org/x").unwrap();
        for (no_proxy, exempt) in [
            ("", false),
            ("*", true),
            ("example.org, archive.org", true),
            (".archive.org", true),
            ("export.archive.org", true),
            ("ive.org", false),
        ] {
            assert_eq!(is_exempt(&url, no_proxy), exempt, "{no_proxy}");
        }
    }
}
