//! Which redirects are followed.

use arxcat::net::Error;

use super::{Bench, INTERVAL, config, state};
use crate::fake::{Fake, Trouble};

#[test]
fn a_redirect_within_the_host_is_followed_through_the_gate() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.next(Trouble::Redirect("/api/query?id_list=2501.00002".to_owned()));
    fake.next(Trouble::Redirect(format!(
        "{}/api/query?id_list=2104.00003",
        fake.url()
    )));
    Bench::new(config(&state)).fetch(&fake).unwrap();
    let requested: Vec<_> = fake
        .requests()
        .iter()
        .map(|r| r.param("id_list").unwrap().to_owned())
        .collect();
    assert_eq!(requested, ["2501.00001", "2501.00002", "2104.00003"]);
    fake.assert_polite(INTERVAL);
}

#[test]
fn a_redirect_to_another_host_is_not_followed() {
    let fake = Fake::start();
    let other = Fake::start();
    for location in [
        other.api().replace("127.0.0.1", "localhost"),
        "https://example.org/".to_owned(),
    ] {
        let (_folder, state) = state();
        fake.next(Trouble::Redirect(location.clone()));
        let error = Bench::new(config(&state)).fetch(&fake).unwrap_err();
        assert!(matches!(error, Error::Untrusted(_)), "{error:?}");
        assert!(
            error
                .to_string()
                .ends_with(&format!("redirects to another host, {location}")),
            "{error}"
        );
    }
    assert!(other.requests().is_empty());
}

#[test]
fn a_loop_of_redirects_ends() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.always(Trouble::RedirectToItself);
    let error = Bench::new(config(&state)).fetch(&fake).unwrap_err();
    assert!(matches!(error, Error::Untrusted(_)), "{error:?}");
    assert!(
        error.to_string().ends_with("redirects more than 5 times"),
        "{error}"
    );
    assert_eq!(fake.requests().len(), 6);
    fake.assert_polite(INTERVAL);
}

#[test]
fn a_redirect_to_https_is_followed_by_https() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.always(Trouble::Redirect(fake.api().replace("http:", "https:")));
    let error = Bench::new(config(&state)).fetch(&fake).unwrap_err();
    // The fake speaks no TLS.
    let message = error.to_string();
    assert!(
        matches!(error, Error::GaveUp { .. }) && message.contains("could not connect to 127.0.0.1:")
            || message.contains("No CA certificates"),
        "{error:?}"
    );
}

#[test]
fn a_redirect_without_a_location_is_a_refusal() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.next(Trouble::status(302));
    let error = Bench::new(config(&state)).fetch(&fake).unwrap_err();
    assert!(
        error.to_string().ends_with("/api/query answered 302 Found"),
        "{error}"
    );
}
