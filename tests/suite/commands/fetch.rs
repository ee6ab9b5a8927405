//! `fetch`: batches by identifier, from a fake arXiv.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::arxcat::Machine;
use crate::fake::{Fake, Trouble};

/// The identifiers of the fake's made-up papers, one a line.
fn many_ids(count: usize) -> String {
    crate::fake::papers::many(count)
        .iter()
        .fold(String::new(), |ids, paper| ids + &paper.id + "\n")
}

#[test]
fn records_come_in_the_order_asked_whatever_the_order_sent() {
    let fake = Fake::start();
    fake.always(Trouble::Backwards);
    let machine = Machine::with_arxiv(&fake.url());
    let asked = [
        "2501.00002",
        "hep-th/9901001v1",
        "math.GR/0309008",
        "https://arxiv.org/pdf/2104.00003v1.pdf",
    ];
    let printed = machine.run(&[&["fetch", "-f", "ids"], &asked[..]].concat()).ok();
    assert_eq!(
        printed,
        "2501.00002\nhep-th/9901001v1\nmath/0309008\n2104.00003v1\n"
    );
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn a_record_has_every_fact_of_the_feed() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    insta::assert_snapshot!(
        "fetch_json",
        machine.run(&["fetch", "2501.00002", "0704.0009", "--json"]).ok()
    );
    insta::assert_snapshot!(
        "fetch_text",
        machine.run(&["fetch", "1802.00004", "2309.00006"]).ok()
    );
    insta::assert_snapshot!(
        "fetch_text_80",
        machine.arxcat(&["fetch", "2207.00007"]).terminal(80).run().ok()
    );
}

#[test]
fn what_is_missing_is_told_and_the_rest_goes_on() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine.run(&[
        "fetch",
        "-f",
        "ids",
        "2501.00001",
        "2501.99999",
        "nonsense",
        "2501.00002v9",
        "alg-geom/9311009",
        "1501.0001",
        "2501.00001",
        "--ledger",
        "ledger.jsonl",
    ]);
    insta::assert_snapshot!("fetch_missing", ended.shown());
    insta::assert_snapshot!("fetch_missing_ledger", machine.read("ledger.jsonl"));
    for never in ["nonsense", "9311009", "1501.0001"] {
        fake.assert_never_sent(never);
    }
}

#[test]
fn nothing_valid_asked_is_a_usage_error_and_nothing_is_sent() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine.run(&["fetch", "nonsense", "1706.3762", "--json"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(2), "[]\n"),
        "{}",
        ended.shown()
    );
    assert_eq!(
        machine.run(&["fetch"]).code,
        Some(0),
        "stdin is empty, not a terminal"
    );
    assert!(fake.requests().is_empty());
}

#[test]
fn four_hundred_and_one_identifiers_are_three_requests() {
    let fake = Fake::with_many(401);
    let machine = Machine::with_arxiv(&fake.url());
    let ids = many_ids(401);
    let printed = machine.arxcat(&["fetch", "-f", "ids"]).stdin(&ids).run().ok();
    assert_eq!(printed, ids);
    assert_eq!(fake.requests().len(), 3);
    assert!(
        fake.requests()
            .iter()
            .all(|request| request.param("max_results").is_some())
    );
}

#[test]
fn processes_started_at_once_take_turns_at_the_pace() {
    let fake = Fake::start();
    let mut machine = Machine::with_arxiv(&fake.url());
    machine.set("ARXCAT_INTERVAL", "0.15");
    let running: Vec<_> = ["2501.00001", "2501.00002", "2104.00003", "1802.00004"]
        .map(|id| machine.arxcat(&["fetch", id]).start())
        .into();
    let ended: Vec<_> = running.into_iter().map(crate::arxcat::Running::wait).collect();
    assert!(ended.iter().all(|ended| ended.code == Some(0)), "{ended:?}");
    assert_eq!(fake.requests().len(), 4);
    fake.assert_polite(Duration::from_millis(150));
    assert!(
        ended
            .iter()
            .any(|ended| ended.stderr.contains("one call with all identifiers")),
        "{ended:?}"
    );
}

#[test]
fn a_process_killed_at_the_gate_holds_nobody_up_and_its_pause_is_kept() {
    let fake = Fake::start();
    fake.next(Trouble::Stall(Duration::from_secs(3)));
    let mut machine = Machine::with_arxiv(&fake.url());
    machine.set("ARXCAT_INTERVAL", "0.3");
    let first = machine.arxcat(&["fetch", "2501.00001"]).start();
    fake.wait_for_requests(1);
    first.signal(Signal::SIGKILL);
    assert_eq!(first.wait().code, None);
    let killed = Instant::now();
    machine.run(&["fetch", "2501.00002"]).ok();
    assert!(
        killed.elapsed() >= Duration::from_millis(300),
        "the interval after the dead one's request"
    );
    assert!(
        killed.elapsed() < Duration::from_secs(3),
        "not until its time-out"
    );
}

#[test]
fn one_told_to_back_off_makes_the_others_wait() {
    let fake = Fake::start();
    fake.next(Trouble::retry_after(503, "1"));
    let machine = Machine::with_arxiv(&fake.url());
    let first = machine.arxcat(&["fetch", "2501.00001"]).start();
    fake.wait_for_requests(1);
    let begun = Instant::now();
    std::thread::sleep(Duration::from_millis(50));
    machine.run(&["fetch", "2501.00002"]).ok();
    assert!(
        begun.elapsed() >= Duration::from_millis(900),
        "{:?}",
        begun.elapsed()
    );
    let first = first.wait();
    assert_eq!(first.code, Some(0), "{}", first.shown());
    assert!(
        first.stderr.contains("503") && first.stderr.contains("waiting 1"),
        "{}",
        first.stderr
    );
}

#[test]
fn ctrl_c_in_a_batch_prints_what_arrived() {
    let fake = Fake::with_many(250);
    fake.next(Trouble::None);
    fake.next(Trouble::Stall(Duration::from_secs(10)));
    let machine = Machine::with_arxiv(&fake.url());
    let ids = many_ids(250);
    let running = machine
        .arxcat(&["fetch", "--json", "--ledger", "ledger.jsonl", "-o", "out.json"])
        .stdin(&ids)
        .start();
    fake.wait_for_requests(2);
    running.signal(Signal::SIGINT);
    let ended = running.wait();
    assert_eq!(ended.code, Some(130), "{}", ended.shown());
    let records: Vec<serde_json::Value> = serde_json::from_str(&machine.read("out.json")).unwrap();
    assert_eq!(records.len(), 200, "the first batch, in a closed array");
    let ledger = machine.read("ledger.jsonl");
    assert_eq!(ledger.lines().count(), 250);
    assert_eq!(
        ledger.matches("\"status\":\"interrupted\"").count(),
        50,
        "{ledger}"
    );
}

#[test]
fn when_arxiv_keeps_refusing_what_arrived_is_kept_and_the_exit_is_3() {
    let fake = Fake::with_many(250);
    fake.next(Trouble::None);
    fake.always(Trouble::status(429));
    let machine = Machine::with_arxiv(&fake.url());
    let ids = many_ids(250);
    let ended = machine.arxcat(&["fetch", "-f", "ids"]).stdin(&ids).run();
    assert_eq!(
        (ended.code, ended.stdout.lines().count()),
        (Some(3), 200),
        "{}",
        ended.shown()
    );
    let asked = |path: &str| {
        fake.requests()
            .iter()
            .filter(|request| request.path == path)
            .count()
    };
    assert_eq!(
        (asked("/api/query"), asked("/oai")),
        (6, 5),
        "one batch, then five tries of either service"
    );
    assert_eq!(
        ended.stderr.matches("error:").count(),
        50,
        "a line for each that is missing: {}",
        ended.stderr
    );
}

#[test]
fn max_wait_gives_up_rather_than_wait() {
    let fake = Fake::start();
    fake.always(Trouble::retry_after(503, "30"));
    let machine = Machine::with_arxiv(&fake.url());
    let begun = Instant::now();
    let ended = machine.run(&["fetch", "2501.00001", "--max-wait", "2"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert!(begun.elapsed() < Duration::from_secs(5));
    insta::assert_snapshot!(ended.shown());
}

#[test]
fn offline_asks_nobody() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    for args in [
        &["fetch", "2501.00001"][..],
        &["search", "x"],
        &["verify"],
        &["verify", "--discover"],
    ] {
        let ended = machine.run(&[args, &["--offline"]].concat());
        assert_eq!(ended.code, Some(3), "{}", ended.shown());
    }
    insta::assert_snapshot!(
        machine
            .run(&["fetch", "2501.00001", "R1", "--offline", "-f", "ids"])
            .shown()
    );
    assert!(fake.requests().is_empty());
}

#[test]
fn a_reader_that_has_seen_enough_stops_the_asking() {
    let fake = Fake::with_many(401);
    fake.next(Trouble::None);
    fake.always(Trouble::Stall(Duration::from_millis(300)));
    let machine = Machine::with_arxiv(&fake.url());
    let ids = many_ids(401);
    machine.write("ids.txt", &ids);
    let mut command = machine.arxcat(&["fetch", "-f", "jsonl"]).command();
    let stdin = std::fs::File::open(machine.path("ids.txt")).unwrap();
    let mut child = command
        .stdin(stdin)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(fake.requests().len() < 3, "{} requests", fake.requests().len());
}

#[test]
fn a_catalogs_knowledge_comes_with_a_record_from_arxiv() {
    let fake = Fake::with(vec![crate::fake::papers::Invented::new(
        "2501.12948",
        "2025-01-22",
        "DeepSeek-R1, as invented",
        &["cs.CL"],
    )]);
    let machine = Machine::with_arxiv(&fake.url());
    let record = machine.run(&["fetch", "R1", "--json"]).json().remove(0);
    assert_eq!(record["catalog"]["short_name"], "DeepSeek-R1");
    assert_eq!(
        (record["source"].as_str(), record["retrieved"].as_str()),
        (Some("api"), Some("2026-10-15T12:00:00Z"))
    );
}

#[test]
fn freshness_is_accepted_and_checked() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine
        .run(&["fetch", "2501.00001", "--refresh", "--max-age", "12h"])
        .ok();
    insta::assert_snapshot!(machine.run(&["fetch", "2501.00001", "--max-age", "old"]).shown());
}

#[test]
fn verbose_tells_each_request_and_only_on_stderr() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine.run(&["fetch", "2501.00001", "-f", "ids", "-vv"]);
    assert_eq!(ended.stdout, "2501.00001\n");
    assert!(
        ended.stderr.contains("GET http://127.0.0.1") && ended.stderr.contains("200, "),
        "{}",
        ended.stderr
    );
}

#[test]
fn one_spoilt_entry_costs_itself_alone_and_is_not_asked_for_again() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let feed = machine.get(&format!(
        "{}?id_list=2501.00001,2501.00002&max_results=2",
        fake.api()
    ));
    let spoilt = feed.replace("<title>A Plain Paper about Language Models</title>", "");
    assert_ne!(feed, spoilt);
    fake.next(Trouble::Body(200, "application/atom+xml", spoilt.into_bytes()));
    let ended = machine.run(&["fetch", "-f", "ids", "2501.00001", "2501.00002"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(3), "2501.00002\n"),
        "{}",
        ended.shown()
    );
    assert!(
        ended
            .stderr
            .contains("2501.00001: arXiv's answer cannot be read: its entry has no title"),
        "{}",
        ended.stderr
    );
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn one_paper_is_asked_of_oai_once_whatever_its_versions() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let ids = ["2501.00002", "2501.00002v1", "2501.00002v3", "2501.00001"];
    let ended = machine.run(&[&["fetch", "--via", "oai", "-f", "ids"], &ids[..]].concat());
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert_eq!(ended.stdout.lines().count(), 3, "{}", ended.shown());
    let asked = fake
        .requests()
        .into_iter()
        .filter(|request| request.path == "/oai");
    assert_eq!(asked.count(), 2);
}
