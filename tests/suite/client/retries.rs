//! Which failures are retried, after what wait, and which are final.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use arxcat::net::{Config, Error};

use super::{Bench, INTERVAL, config, gate_state, state};
use crate::fake::{Fake, Trouble};

#[test]
fn transient_failures_are_retried() {
    let fake = Fake::start();
    for (trouble, why) in [
        (Trouble::status(429), "arXiv answered 429"),
        (Trouble::retry_after(429, "0"), "arXiv answered 429"),
        (Trouble::status(500), "arXiv answered 500"),
        (Trouble::status(502), "arXiv answered 502"),
        (Trouble::status(503), "arXiv answered 503"),
        (Trouble::retry_after(503, "soon"), "arXiv answered 503"),
        (Trouble::RateExceeded(200), "rate exceeded"),
        (Trouble::RateExceeded(403), "rate exceeded"),
        (Trouble::RateExceeded(429), "rate exceeded"),
        (Trouble::ErrorFeed(429, "", "Slow down"), "arXiv answered 429"),
        (Trouble::Html(200), "not a feed"),
        (Trouble::Html(503), "arXiv answered 503"),
        (
            Trouble::Body(503, "text/xml", b"<?xml version='1.0'?><busy/>".to_vec()),
            "arXiv answered 503",
        ),
        (Trouble::CutShort, "not a feed"),
        (Trouble::CutOff, "broke off"),
        (Trouble::CutChunks, "broke off"),
        (Trouble::Close, "closed the connection without an answer"),
    ] {
        let (_folder, state) = state();
        let bench = Bench::new(config(&state));
        let before = fake.requests().len();
        fake.next(trouble.clone());
        let title = bench.fetch(&fake);
        assert!(title.is_ok(), "{trouble:?}: {title:?}");
        assert_eq!(fake.requests().len() - before, 2, "{trouble:?}");
        let waits = bench.waits();
        assert_eq!(waits.len(), 1, "{trouble:?}: {waits:?}");
        assert!(waits[0].1.contains(why), "{trouble:?}: {waits:?}");
        assert!(waits[0].0 <= Duration::from_micros(12_500), "{waits:?}");
    }
}

#[test]
fn final_failures_are_not_retried_and_repeat_the_services_message() {
    let fake = Fake::start();
    for (trouble, words) in [
        (
            Trouble::ErrorFeed(400, "incorrect_id_format_for_abc", "incorrect id format for abc"),
            "arXiv refused the request: incorrect id format for abc",
        ),
        (
            Trouble::ErrorFeed(200, "", "an error feed with 200"),
            "an error feed with 200",
        ),
        (
            Trouble::ErrorFeed(500, "", "an internal error"),
            "an internal error",
        ),
        (Trouble::Html(404), "/api/query answered 404 Not Found"),
        (Trouble::status(400), "/api/query answered 400 Bad Request"),
        (Trouble::status(403), "answered 403 Forbidden"),
        (
            Trouble::Body(404, "text/xml", b"<?xml version='1.0'?><a/>".to_vec()),
            "answered 404 Not Found",
        ),
        (Trouble::status(304), "answered 304"),
    ] {
        let (_folder, state) = state();
        let bench = Bench::new(config(&state));
        let before = fake.requests().len();
        fake.next(trouble.clone());
        let error = bench.fetch(&fake).unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{trouble:?}: {error:?}");
        assert!(error.to_string().contains(words), "{trouble:?}: {error}");
        assert_eq!(fake.requests().len() - before, 1, "{trouble:?}");
        assert!(bench.waits().is_empty());
        assert!(gate_state(&state).get("not_before").is_none());
    }
}

#[test]
fn after_five_tries_it_gives_up() {
    let fake = Fake::start();
    fake.always(Trouble::status(503));
    let (_folder, state) = state();
    let bench = Bench::new(config(&state));
    let error = bench.fetch(&fake).unwrap_err();
    assert_eq!(
        error.to_string(),
        "arXiv did not answer after 5 tries: arXiv answered 503 Service Unavailable"
    );
    assert_eq!(fake.requests().len(), 5);
    let waits = bench.waits();
    assert_eq!(waits.len(), 4);
    for (number, (wait, _)) in waits.iter().enumerate() {
        // Doubled each time, with a quarter of jitter, less the milliseconds until it is reported.
        let doubled = 10.0 * 2.0_f64.powi(i32::try_from(number).unwrap());
        let wait = wait.as_secs_f64() * 1000.0;
        assert!(
            (doubled * 0.75 - 8.0..=doubled * 1.25).contains(&wait),
            "{number}: {wait} ms"
        );
    }
    fake.assert_polite(INTERVAL);
}

#[test]
fn retry_after_in_seconds_is_honoured() {
    let fake = Fake::start();
    fake.next(Trouble::retry_after(503, "1"));
    let (_folder, state) = state();
    let bench = Bench::new(config(&state));
    bench.fetch(&fake).unwrap();
    let requests = fake.requests();
    let pause = requests[1].began - requests[0].ended.unwrap();
    assert!(
        pause >= Duration::from_millis(998) && pause < Duration::from_secs(3),
        "{pause:?}"
    );
}

#[test]
fn retry_after_as_a_date_is_honoured() {
    let fake = Fake::start();
    let date = (chrono::Utc::now() + Duration::from_secs(100)).format("%a, %d %b %Y %H:%M:%S GMT");
    fake.next(Trouble::retry_after(429, &date.to_string()));
    let (_folder, state) = state();
    let max_wait = Some(Duration::from_secs(10));
    let error = Bench::new(Config {
        max_wait,
        ..config(&state)
    })
    .fetch(&fake)
    .unwrap_err();
    let Error::TooLong { wait, reason, .. } = error else {
        panic!("{error:?}")
    };
    assert!((95..=100).contains(&wait.as_secs()), "{wait:?}");
    assert_eq!(reason, "arXiv answered 429 Too Many Requests");
    // The wait binds all processes of the user.
    assert!(gate_state(&state)["not_before"]["wait"].as_u64().unwrap() > 95_000);
}

#[test]
fn a_wait_of_more_than_an_hour_is_refused() {
    for retry_after in ["3601", "99999999999999999999999999"] {
        let fake = Fake::start();
        fake.next(Trouble::retry_after(503, retry_after));
        let (_folder, state) = state();
        let error = Bench::new(config(&state)).fetch(&fake).unwrap_err();
        assert!(matches!(error, Error::Closed { .. }), "{error:?}");
        assert!(
            error.to_string().starts_with("arXiv wants no requests before "),
            "{error}"
        );
        assert!(gate_state(&state)["denied_until"]["wait"].as_u64().unwrap() > 3_600_000);
        assert_eq!(fake.requests().len(), 1);
    }
}

#[test]
fn a_refused_connection_is_reported_and_delays_no_other_process() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (_folder, state) = state();
    let bench = Bench::new(config(&state));
    let expected = format!("could not connect to 127.0.0.1:{port}: connection refused");
    let error = bench
        .get(&format!("http://127.0.0.1:{port}/api/query"))
        .unwrap_err();
    assert_eq!(error.to_string(), format!("cannot reach arXiv: {expected}"));
    let waits = bench.waits();
    assert_eq!(waits.len(), 1);
    assert!(waits.iter().all(|(_, reason)| *reason == expected), "{waits:?}");
    assert!(gate_state(&state).get("not_before").is_none());
}

#[test]
fn an_untrusted_certificate_is_final() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "https://127.0.0.1:{}/api/query",
        listener.local_addr().unwrap().port()
    );
    let server = std::thread::spawn(move || shake_hands(&listener));
    let (_folder, state) = state();
    let begun = Instant::now();
    let error = Bench::new(config(&state)).get(&url).unwrap_err();
    if matches!(&error, Error::Setup(why) if why.contains("No CA certificates")) {
        eprintln!("skipped: this machine has no root certificates");
        return;
    }
    server.join().unwrap();
    assert!(matches!(error, Error::Untrusted(_)), "{error:?}");
    let words = error.to_string();
    assert!(words.starts_with("the certificate of 127.0.0.1:"), "{words}");
    assert!(
        words.ends_with("is not trusted: no authority that this machine trusts has signed it"),
        "{words}"
    );
    assert!(begun.elapsed() < Duration::from_secs(4));
}

/// Makes one TLS handshake with a self-signed certificate, until the client breaks it off.
fn shake_hands(listener: &TcpListener) {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/tls");
    let certificate = CertificateDer::from(std::fs::read(folder.join("certificate.der")).unwrap());
    let key = PrivatePkcs8KeyDer::from(std::fs::read(folder.join("key.der")).unwrap());
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key))
        .unwrap();
    let mut tls = rustls::ServerConnection::new(std::sync::Arc::new(config)).unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    while tls.is_handshaking() && tls.complete_io(&mut stream).is_ok() {}
}

#[test]
fn the_body_of_a_failing_service_is_not_reported() {
    let fake = Fake::start();
    for body in [&b"x"[..], b"<?xml version='1.0'?><busy/>"] {
        let (_folder, state) = state();
        let bench = Bench::new(config(&state));
        fake.next(Trouble::Body(503, "application/atom+xml", body.to_vec()));
        bench.fetch(&fake).unwrap();
        assert_eq!(bench.waits()[0].1, "arXiv answered 503 Service Unavailable");
    }
}
