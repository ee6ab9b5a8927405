//! The gate: one request at a time, an interval apart, over clients that share only the file.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use arxcat::model::event::Event;
use arxcat::net::{Config, Error};

use super::{Bench, config, gate_state, state, write_gate_state};
use crate::fake::{Fake, Trouble};

const LONG: Duration = Duration::from_millis(250);

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}

/// A client with this interval.
fn paced(state: &Path, interval: Duration) -> Bench {
    Bench::new(Config {
        interval,
        ..config(state)
    })
}

/// The time from now until the request reaches the fake.
fn time_to_request(bench: &Bench, fake: &Fake) -> Duration {
    let begun = Instant::now();
    bench.fetch(fake).unwrap();
    fake.requests().last().unwrap().began - begun
}

#[test]
fn one_client_keeps_its_interval() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let interval = Duration::from_millis(60);
    let bench = paced(&state, interval);
    for trouble in [
        Trouble::None,
        Trouble::Drip(Duration::from_millis(5)),
        Trouble::Close,
        Trouble::None,
    ] {
        fake.next(trouble);
        bench.fetch(&fake).unwrap();
    }
    assert_eq!(fake.requests().len(), 5);
    fake.assert_polite(interval);
    assert_eq!(bench.count(|event| *event == Event::Queued), 0);
}

#[test]
fn several_processes_queue_and_report_it_once() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let interval = Duration::from_millis(30);
    let queued: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let bench = paced(&state, interval);
                    for _ in 0..3 {
                        bench.fetch(&fake).unwrap();
                    }
                    let queued = bench.count(|event| *event == Event::Queued);
                    assert!(queued <= 1, "{queued}");
                    queued
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).sum()
    });
    assert_eq!(fake.requests().len(), 12);
    assert!(queued >= 1, "no two requests met");
    fake.assert_polite(interval);
}

#[test]
fn the_first_request_of_a_user_does_not_wait() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let bench = paced(&state, Duration::from_mins(1));
    assert!(time_to_request(&bench, &fake) < Duration::from_secs(5));
    assert!(gate_state(&state)["ended"].as_u64().unwrap() <= now() + 1);
}

#[cfg(unix)]
#[test]
fn the_gate_is_readable_by_its_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let fake = Fake::start();
    let (_folder, state) = state();
    paced(&state, LONG).fetch(&fake).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    assert_eq!(mode(&state.join("gate")) & 0o077, 0);
}

#[test]
fn an_implausible_file_costs_one_interval_and_no_more() {
    let fake = Fake::start();
    let died = format!(
        r#"{{"in_flight":{{"pid":1,"what":"x"}},"ended":{}}}"#,
        now() - 60_000
    );
    let future = format!(r#"{{"ended":{}}}"#, now() + 86_400_000);
    let just_now = format!(r#"{{"ended":{}}}"#, now());
    let long = vec![b' '; 1_000_000];
    let contents: [(&str, &[u8]); 6] = [
        ("a holder that died", died.as_bytes()),
        ("a clock set back", future.as_bytes()),
        ("garbage", b"\x00\xffgarbage{{{"),
        ("nothing", b""),
        ("a foreign file", b"[1,2,3]"),
        ("a long one", &long),
    ];
    for (name, content) in contents {
        let (_folder, state) = state();
        write_gate_state(&state, content);
        let bench = paced(&state, LONG);
        let time = time_to_request(&bench, &fake);
        assert!(time >= LONG && time < LONG * 4, "{name}: {time:?}");
        assert!(gate_state(&state).get("in_flight").is_none(), "{name}");
    }
    let (_folder, state) = state();
    write_gate_state(&state, just_now);
    assert!(time_to_request(&paced(&state, LONG), &fake) < LONG);
}

#[test]
fn a_request_that_ended_long_ago_costs_no_wait() {
    let fake = Fake::start();
    let (_folder, state) = state();
    write_gate_state(&state, format!(r#"{{"ended":{}}}"#, now() - 60_000));
    assert!(time_to_request(&paced(&state, Duration::from_secs(30)), &fake) < Duration::from_secs(5));
}

#[test]
fn a_request_in_flight_is_recorded() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.next(Trouble::Stall(LONG));
    std::thread::scope(|scope| {
        scope.spawn(|| paced(&state, LONG).fetch(&fake).unwrap());
        fake.wait_for_requests(1);
        let recorded = gate_state(&state);
        assert_eq!(recorded["in_flight"]["pid"], std::process::id());
        assert!(
            recorded["in_flight"]["what"]
                .as_str()
                .unwrap()
                .ends_with("/api/query"),
            "{recorded}"
        );
    });
    assert!(gate_state(&state).get("in_flight").is_none());
}

#[test]
fn another_process_waits_out_the_back_off_of_the_first() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.next(Trouble::status(503));
    let first = Bench::new(Config {
        retry_base: Duration::from_millis(400),
        max_wait: Some(Duration::ZERO),
        ..config(&state)
    });
    let error = first.fetch(&fake).unwrap_err();
    assert!(matches!(error, Error::TooLong { .. }), "{error:?}");
    let second = paced(&state, Duration::ZERO);
    let time = time_to_request(&second, &fake);
    assert!(time >= Duration::from_millis(250), "{time:?}");
    let waits = second.waits();
    assert_eq!(waits.len(), 1, "{waits:?}");
    assert_eq!(waits[0].1, "arXiv answered 503 Service Unavailable");
}

#[test]
fn a_process_in_a_back_off_does_not_hold_the_lock() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let content = r#"{"not_before":{"set":SET,"wait":400,"why":"arXiv answered 429"},"ended":1}"#;
    write_gate_state(&state, content.replace("SET", &now().to_string()));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let bench = paced(&state, Duration::ZERO);
            let time = time_to_request(&bench, &fake);
            assert_eq!(bench.count(|event| *event == Event::Queued), 0);
            time
        });
        std::thread::sleep(Duration::from_millis(100));
        let gate = File::options().write(true).open(state.join("gate")).unwrap();
        gate.try_lock().unwrap();
        gate.unlock().unwrap();
        assert!(waiting.join().unwrap() >= Duration::from_millis(350));
    });
}

#[test]
fn setting_the_clock_back_prolongs_no_back_off() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let set = now() + 86_400_000;
    write_gate_state(
        &state,
        format!(r#"{{"not_before":{{"set":{set},"wait":200,"why":"x"}},"ended":1}}"#),
    );
    let time = time_to_request(&paced(&state, Duration::ZERO), &fake);
    assert!((200..1500).contains(&time.as_millis()), "{time:?}");
}

#[test]
fn without_a_state_directory_the_gate_is_within_the_process_and_warns_once() {
    let fake = Fake::start();
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("state");
    std::fs::write(&blocked, "a file").unwrap();
    let not_a_file = folder.path().join("other");
    std::fs::create_dir_all(not_a_file.join("gate")).unwrap();
    let interval = Duration::from_millis(40);
    for state in [blocked, not_a_file] {
        let before = fake.requests().len();
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let bench = paced(&state, interval);
                    bench.fetch(&fake).unwrap();
                    bench.fetch(&fake).unwrap();
                    assert_eq!(bench.count(|event| matches!(event, Event::Warning(_))), 1);
                });
            }
        });
        assert_eq!(fake.requests().len() - before, 6);
        std::thread::sleep(interval);
    }
    fake.assert_polite(interval);
}
