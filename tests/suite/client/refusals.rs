//! The one state of refusal: throttling, denials and long pauses bind all commands and processes of the user.

use std::time::{Duration, Instant};

use arxcat::net::{Config, Error, Limits, MinRate, Tries};

use super::{Bench, config, gate_state, state, write_gate_state};
use crate::fake::{Fake, Trouble};

const DENIAL: &[u8] = b"<!DOCTYPE html><html><head><title>403</title></head><h1>Access Denied</h1></html>";

fn html(status: u16, body: &[u8]) -> Trouble {
    Trouble::Body(status, "text/html", body.to_vec())
}

#[test]
fn status_406_is_throttling_with_advice() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.always(html(406, b"<html>406</html>"));
    let bench = Bench::new(config(&state));
    let error = bench.fetch(&fake).unwrap_err();
    let Error::GaveUp { tries, advice, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(tries.own, 5);
    assert!(advice.unwrap().contains("another network"), "{advice:?}");
    assert!(error.to_string().contains("since September 2026"), "{error}");
    assert_eq!(fake.requests().len(), 5);
}

#[test]
fn a_denial_ends_every_client_before_it_sends() {
    let fake = Fake::start();
    for trouble in [
        html(403, DENIAL),
        html(200, b"<html><head><title>arXiv reCAPTCHA</title></head>"),
        html(503, b"<html><div class=\"h-captcha\"></div>"),
    ] {
        let (_folder, state) = state();
        let before = fake.requests().len();
        fake.next(trouble.clone());
        let bench = Bench::new(config(&state));
        for attempt in [
            bench.fetch(&fake),
            bench.fetch(&fake),
            Bench::new(config(&state)).fetch(&fake),
        ] {
            let error = attempt.unwrap_err();
            assert!(
                error.to_string().starts_with("arXiv wants no requests before 2"),
                "{trouble:?}: {error}"
            );
            let Error::Closed {
                wait, reason, gate, ..
            } = error
            else {
                panic!("{error:?}")
            };
            assert!(wait > Duration::from_hours(5), "{wait:?}");
            assert!(reason.contains("denies access"), "{reason}");
            assert_eq!(gate, state.join("gate"));
        }
        assert_eq!(fake.requests().len() - before, 1, "{trouble:?}");
        assert!(bench.waits().is_empty());
        // An empty file lifts it.
        write_gate_state(&state, "");
        bench.fetch(&fake).unwrap();
        assert!(gate_state(&state).get("denied_until").is_none());
    }
}

#[test]
fn a_plain_403_is_no_denial() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.next(html(403, b"<html><h1>Source Not Public</h1></html>"));
    let error = Bench::new(config(&state)).fetch(&fake).unwrap_err();
    assert!(matches!(error, Error::Refused { .. }), "{error:?}");
    Bench::new(config(&state)).fetch(&fake).unwrap();
}

#[test]
fn a_max_wait_that_covers_a_closed_gate_waits_for_it() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    write_gate_state(
        &state,
        format!(
            r#"{{"denied_until":{{"set":{now},"wait":300,"why":"x"}},"ended":1,"added":{{"later":[1]}}}}"#
        ),
    );
    let error = Bench::new(config(&state)).fetch(&fake).unwrap_err();
    assert!(matches!(error, Error::Closed { .. }), "{error:?}");
    let begun = Instant::now();
    Bench::new(Config {
        max_wait: Some(Duration::from_secs(2)),
        ..config(&state)
    })
    .fetch(&fake)
    .unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(150));
}

#[test]
fn a_long_retry_after_ends_every_client_with_the_time_to_come_back() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.next(Trouble::retry_after(503, "7200"));
    for _ in 0..2 {
        let error = Bench::new(config(&state)).fetch(&fake).unwrap_err();
        let Error::Closed {
            wait, reason, until, ..
        } = &error
        else {
            panic!("{error:?}")
        };
        assert!((7100..=7200).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(reason, "arXiv answered 503 Service Unavailable");
        let shown = until.format("%H:%M UTC").to_string();
        assert!(error.to_string().contains(&shown), "{error}");
    }
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn failures_in_a_row_are_counted_over_clients() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.always(Trouble::status(429));
    let tries = |own, in_a_row| {
        let error = Bench::new(config(&state)).fetch(&fake).unwrap_err();
        let Error::GaveUp { tries, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(*tries, Tries { own, in_a_row });
        error.to_string()
    };
    tries(5, 5);
    let message = tries(1, 6);
    assert!(
        message.starts_with("arXiv did not answer after 1 try (6 in a row with earlier commands): "),
        "{message}"
    );
    assert_eq!(fake.requests().len(), 6);
    fake.always(Trouble::None);
    let next = Bench::new(config(&state));
    next.fetch(&fake).unwrap();
    // The back-off went on doubling: 10 ms after the first failure, 320 ms after the sixth.
    assert!(
        next.waits()[0].0 > Duration::from_millis(150),
        "{:?}",
        next.waits()
    );
    fake.always(Trouble::status(429));
    tries(5, 5);
}

#[test]
fn several_processes_share_the_tries() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.always(Trouble::status(429));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let paced = Config {
                    retry_base: Duration::from_millis(2),
                    interval: Duration::ZERO,
                    ..config(&state)
                };
                assert!(matches!(
                    Bench::new(paced).fetch(&fake),
                    Err(Error::GaveUp { .. })
                ));
            });
        }
    });
    // Five in all, and then one for each process that had not given up.
    assert!(fake.requests().len() <= 10, "{}", fake.requests().len());
}

#[test]
fn a_trickling_body_is_given_up_and_retried() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.next(Trouble::Drip(Duration::from_millis(60)));
    let bench = Bench::new(config(&state)).limited(Limits {
        min_rate: MinRate {
            bytes: 1_000_000,
            period: Duration::from_millis(150),
        },
        ..Limits::default()
    });
    bench.fetch(&fake).unwrap();
    let waits = bench.waits();
    assert_eq!(waits.len(), 1);
    assert!(
        waits[0].1.contains(" sent only ") && waits[0].1.ends_with(" in 0.1 s"),
        "{waits:?}"
    );
}

#[test]
fn max_wait_ends_a_body_whatever_trickles_in() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.next(Trouble::Drip(Duration::from_millis(100)));
    let begun = Instant::now();
    let error = Bench::new(Config {
        max_wait: Some(Duration::from_millis(300)),
        ..config(&state)
    })
    .fetch(&fake)
    .unwrap_err();
    assert!(matches!(error, Error::TooLong { .. }), "{error:?}");
    assert!(error.to_string().contains("did not finish its answer"), "{error}");
    let time = begun.elapsed();
    assert!(
        time >= Duration::from_millis(250) && time < Duration::from_millis(900),
        "{time:?}"
    );
}

#[test]
fn requests_say_what_they_accept_and_who_sends_them() {
    let fake = Fake::start();
    let (_folder, state) = state();
    Bench::new(config(&state)).fetch(&fake).unwrap();
    let requests = fake.requests();
    assert_eq!(requests[0].header("accept"), Some("application/atom+xml"));
    let agent = requests[0].header("user-agent").unwrap();
    assert!(
        agent.starts_with("arxcat/") && agent.contains("(command-line client of arXiv"),
        "{agent}"
    );
}
