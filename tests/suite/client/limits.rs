//! Timeouts, size limits, the longest wait that the user allows, and the interrupt.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use arxcat::model::event::Event;
use arxcat::net::{Config, Error, Limits};

use super::{Bench, ENDPOINT, QUERY, config, feed, gate_state, run, state, write_gate_state};
use crate::fake::{Fake, Trouble};

const SOON: Duration = Duration::from_millis(100);
const NEVER: Duration = Duration::from_secs(20);

fn with_max_wait(state: &Path, max_wait: Duration) -> Config {
    Config {
        max_wait: Some(max_wait),
        ..config(state)
    }
}

fn too_long(result: Result<String, Error>) -> String {
    match result {
        Err(Error::TooLong { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn silence_before_and_inside_the_body_times_out() {
    let fake = Fake::start();
    for (trouble, words) in [
        (Trouble::Stall(NEVER), "sent nothing for 0.1 s"),
        (
            Trouble::StallInside(NEVER),
            "sent nothing for 0.1 s in the middle of its answer",
        ),
    ] {
        let (_folder, state) = state();
        let bench = Bench::new(Config {
            timeout: Some(SOON),
            ..config(&state)
        });
        fake.next(trouble);
        bench.fetch(&fake).unwrap();
        let waits = bench.waits();
        assert_eq!(waits.len(), 1);
        assert!(waits[0].1.ends_with(words), "{waits:?}");
    }
}

#[test]
fn a_slow_response_does_not_time_out_while_bytes_arrive() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.next(Trouble::Drip(Duration::from_millis(40)));
    let bench = Bench::new(Config {
        timeout: Some(Duration::from_millis(300)),
        ..config(&state)
    });
    bench.fetch(&fake).unwrap();
    assert!(bench.waits().is_empty());
}

#[test]
fn a_whole_response_has_a_time_limit_however_it_drips() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.next(Trouble::Drip(Duration::from_millis(60)));
    let bench = Bench::new(config(&state)).limited(Limits {
        total_time: Duration::from_millis(200),
        ..Limits::default()
    });
    bench.fetch(&fake).unwrap();
    let waits = bench.waits();
    assert_eq!(waits.len(), 1);
    assert!(
        waits[0].1.ends_with("did not finish its answer in 0.2 s"),
        "{waits:?}"
    );
}

#[test]
fn the_size_limit_counts_decoded_bytes() {
    let fake = Fake::start();
    for trouble in [
        Trouble::None,
        Trouble::Gzip,
        Trouble::Drip(Duration::from_millis(1)),
    ] {
        let (_folder, state) = state();
        let limited = |body_bytes| {
            Bench::new(config(&state)).limited(Limits {
                body_bytes,
                ..Limits::default()
            })
        };
        fake.next(trouble);
        let error = limited(1000).fetch(&fake).unwrap_err();
        assert!(matches!(error, Error::Untrusted(_)), "{error:?}");
        assert!(
            error.to_string().ends_with("is larger than 1000 bytes"),
            "{error}"
        );
        limited(10_000).fetch(&fake).unwrap();
    }
    assert_eq!(fake.requests().len(), 6);
}

#[test]
fn a_max_wait_of_zero_means_no_back_off_and_no_queue() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let bench = Bench::new(with_max_wait(&state, Duration::ZERO));
    bench.fetch(&fake).unwrap();
    // The pause after the client's own request does not count.
    bench.fetch(&fake).unwrap();

    let gate = File::options().write(true).open(state.join("gate")).unwrap();
    gate.lock().unwrap();
    assert_eq!(
        too_long(bench.fetch(&fake)),
        "another request to arXiv is under way"
    );
    gate.unlock().unwrap();

    fake.next(Trouble::status(503));
    assert_eq!(
        too_long(bench.fetch(&fake)),
        "arXiv answered 503 Service Unavailable"
    );
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(fake.requests().len(), 3);

    // The request of another process has just ended.
    bench.fetch(&fake).unwrap();
    let another = Bench::new(Config {
        interval: NEVER,
        ..with_max_wait(&state, Duration::ZERO)
    });
    assert_eq!(
        too_long(another.fetch(&fake)),
        "another request to arXiv has just ended"
    );
    assert_eq!(fake.requests().len(), 4);
}

#[test]
fn max_wait_counts_all_waits_of_a_call() {
    let fake = Fake::start();
    let (_folder, state) = state();
    fake.always(Trouble::status(503));
    let bench = Bench::new(Config {
        retry_base: Duration::from_millis(40),
        ..with_max_wait(&state, Duration::from_millis(150))
    });
    let begun = Instant::now();
    assert_eq!(
        too_long(bench.fetch(&fake)),
        "arXiv answered 503 Service Unavailable"
    );
    assert!(begun.elapsed() < Duration::from_secs(2));
    let requests = fake.requests().len();
    assert!((2..=3).contains(&requests), "{requests}");
}

#[test]
fn max_wait_ends_a_queue_and_a_response_that_does_not_start_or_end() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let bench = Bench::new(with_max_wait(&state, SOON));
    bench.fetch(&fake).unwrap();
    let begun = Instant::now();
    let gate = File::options().write(true).open(state.join("gate")).unwrap();
    gate.lock().unwrap();
    too_long(bench.fetch(&fake));
    assert!(begun.elapsed() >= SOON);
    assert_eq!(bench.count(|event| *event == Event::Queued), 1);
    gate.unlock().unwrap();

    fake.next(Trouble::Stall(NEVER));
    let reason = too_long(bench.fetch(&fake));
    assert!(reason.ends_with("sent nothing for 0.1 s"), "{reason}");
    fake.next(Trouble::StallInside(SOON * 3));
    let reason = too_long(bench.fetch(&fake));
    assert!(reason.ends_with("did not finish its answer in 0.1 s"), "{reason}");
    assert!(begun.elapsed() < Duration::from_secs(4));
}

/// Sends a request, interrupts it after a moment, and checks that it ends at once.
fn interrupted(bench: &Bench, fake: &Fake) {
    let url = format!("{}{QUERY}", fake.api());
    let begun = Instant::now();
    let error = run(async {
        let interrupt = async {
            tokio::time::sleep(SOON).await;
            bench.stop.send(true).unwrap();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            result = bench.client.get(&url, ENDPOINT, feed) => result,
            () = interrupt => unreachable!(),
        }
    });
    assert!(matches!(error, Err(Error::Interrupted)), "{error:?}");
    let time = begun.elapsed();
    assert!(time >= SOON && time < SOON * 10, "{time:?}");
}

#[test]
fn an_interrupt_ends_every_wait_and_leaves_the_gate_consistent() {
    let fake = Fake::start();
    for (name, trouble, interval, retry_base) in [
        ("before the answer", Trouble::Stall(NEVER), SOON, NEVER),
        ("inside the answer", Trouble::StallInside(NEVER), SOON, NEVER),
        ("a back-off", Trouble::status(503), SOON, NEVER),
        ("the pause", Trouble::Close, NEVER, Duration::ZERO),
    ] {
        let (_folder, state) = state();
        fake.next(trouble);
        let bench = Bench::new(Config {
            interval,
            retry_base,
            ..config(&state)
        });
        interrupted(&bench, &fake);
        let recorded = gate_state(&state);
        assert!(recorded.get("in_flight").is_none(), "{name}: {recorded}");
        assert!(recorded["ended"].is_u64(), "{name}: {recorded}");
        // The client stays interrupted.
        assert!(matches!(bench.fetch(&fake), Err(Error::Interrupted)), "{name}");
        File::options()
            .write(true)
            .open(state.join("gate"))
            .unwrap()
            .try_lock()
            .unwrap();
    }
    assert_eq!(fake.requests().len(), 4);
}

#[test]
fn an_interrupt_ends_the_queue() {
    let fake = Fake::start();
    let (_folder, state) = state();
    write_gate_state(&state, "");
    let gate = File::options().write(true).open(state.join("gate")).unwrap();
    gate.lock().unwrap();
    interrupted(&Bench::new(config(&state)), &fake);
    assert!(fake.requests().is_empty());
}

#[test]
fn a_dropped_sender_interrupts_nothing() {
    let fake = Fake::start();
    let (_folder, state) = state();
    let bench = Bench::new(config(&state));
    drop(bench.stop);
    let url = format!("{}{QUERY}", fake.api());
    run(bench.client.get(&url, ENDPOINT, feed)).unwrap();
}
