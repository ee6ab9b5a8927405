//! Progress on a terminal: what it says of a harvest, of files that come and of files that are read.

use std::time::Duration;

use crate::arxcat::{Ended, Machine};
use crate::fake::{Fake, Quirk, Served, Trouble, papers};

/// Longer than a bar waits before it is drawn anew.
const SLOW: Duration = Duration::from_millis(400);

fn on_a_terminal(machine: &Machine, args: &[&str]) -> Ended {
    let ended = machine.arxcat(args).env("TERM", "xterm").typed("").run();
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    ended
}

#[test]
fn a_harvest_tells_its_papers_and_how_far_it_is() {
    let fake = Fake::with(papers::many(20));
    let machine = Machine::with_arxiv(&fake.url());
    let reached = fake.oai(|oai| {
        oai.page = 10;
        oai.entries.iter().map(|entry| entry.datestamp).nth(9).unwrap()
    });
    fake.always(Trouble::Stall(SLOW));
    let ended = on_a_terminal(&machine, &["sync", "--set", "cs"]);
    let told = format!("10 papers, changed up to {reached}");
    assert!(ended.stdout.contains(&told), "{told}: {}", ended.shown());
    let silent = on_a_terminal(&machine, &["sync", "--set", "cs", "--no-progress"]);
    assert!(!silent.stdout.contains("changed up to"), "{}", silent.shown());
}

#[test]
fn files_that_come_have_a_bar_each_and_one_for_all() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    for id in ["2501.00001v1", "2501.00002v1"] {
        let slow = Served::pdf(id, 200_000).next(Quirk::Drip(100_000, SLOW));
        fake.file(&format!("/pdf/{id}"), slow);
    }
    let ended = on_a_terminal(&machine, &["download", "2501.00001v1", "2501.00002v1"]);
    for told in [
        "0 of 2 files",
        "1 of 2 files",
        "2501.00001v1.pdf [",
        "2501.00002v1.pdf [",
    ] {
        assert!(ended.stdout.contains(told), "{told}: {}", ended.shown());
    }
}

#[test]
fn files_that_are_read_tell_their_papers_and_their_rate() {
    let machine = Machine::new();
    let line = |number: usize| format!("{{\"id\":\"2501.{number:05}\",\"title\":\"A Paper\"}}\n");
    machine.write("papers.jsonl", (1..=5_000).map(line).collect::<String>());
    let ended = on_a_terminal(&machine, &["import", "--mirror", "papers.jsonl"]);
    for told in ["000 papers, ", " a second", " of "] {
        assert!(ended.stdout.contains(told), "{told}: {}", ended.shown());
    }
}
