//! Several processes at one library: none loses what another writes, none sees half of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::library;
use crate::arxcat::Machine;

/// Made-up papers of these numbers as JSON Lines, in this version.
fn papers(numbers: std::ops::RangeInclusive<u32>, version: u32) -> String {
    numbers.fold(String::new(), |mut lines, n| {
        let _ = writeln!(
            lines,
            r#"{{"id":"2502.{n:05}","version":{version},"title":"Kelp {n}","abstract":"Of version{version}."}}"#
        );
        lines
    })
}

/// The versions of what is exported, by number; each paper once and whole.
fn exported(machine: &Machine) -> Vec<(String, u64)> {
    let lines = machine
        .run(&["export", "-M", "-f", "jsonl", "--sort", "id", "-r"])
        .ok();
    let papers: Vec<(String, u64)> = lines
        .lines()
        .map(|line| {
            let paper: Value = serde_json::from_str(line).unwrap();
            let version = paper["version"].as_u64().unwrap();
            assert_eq!(paper["abstract"], format!("Of version{version}."));
            (paper["id"].as_str().unwrap().to_owned(), version)
        })
        .collect();
    let different: BTreeSet<&String> = papers.iter().map(|(id, _)| id).collect();
    assert_eq!(different.len(), papers.len());
    papers
}

/// How many papers of the mirror are found.
fn count(machine: &Machine, words: &str) -> usize {
    let found = machine.run(&["search", "-M", words, "-n", "100000", "-f", "ids"]);
    found.ok().lines().count()
}

#[test]
fn two_imports_searches_and_tags_at_once_end_as_if_one_after_the_other() {
    let machine = Machine::new();
    machine.write("old.jsonl", papers(1..=3_000, 1));
    machine.write("new.jsonl", papers(1_001..=4_000, 2));
    machine.write("first.jsonl", papers(1..=10, 1));
    machine.run(&["import", "first.jsonl"]).ok();
    let imports =
        ["old.jsonl", "new.jsonl"].map(|file| machine.arxcat(&["import", "--mirror", file]).start());
    let mut seen = 0;
    for round in 1..=10 {
        let tag = machine
            .arxcat(&["tag", "both", &format!("2502.{round:05}")])
            .start();
        let note = machine
            .arxcat(&["note", "2502.00001", &format!("round {round}")])
            .start();
        let found = machine
            .run(&["search", "-M", "kelp", "-n", "100000", "-f", "ids"])
            .ok();
        let found: Vec<&str> = found.lines().collect();
        let different: BTreeSet<&&str> = found.iter().collect();
        assert_eq!(different.len(), found.len(), "found twice");
        let held = exported(&machine);
        assert!(held.len() >= found.len().max(seen), "nothing goes away");
        seen = held.len();
        tag.wait().ok();
        note.wait().ok();
    }
    for import in imports {
        import.wait().ok();
    }
    let expected: Vec<(String, u64)> = (1..=4_000)
        .map(|n| (format!("2502.{n:05}"), if n > 1_000 { 2 } else { 1 }))
        .collect();
    assert_eq!(exported(&machine), expected);
    let library = library(&machine);
    assert_eq!(library.tags().unwrap(), [("both".to_owned(), 10)]);
    let note = library.note(super::id("2502.00001")).unwrap().unwrap();
    assert_eq!(note.lines().count(), 10, "{note}");
    assert_eq!(library.integrity().unwrap(), Vec::<String>::new());
    assert_eq!(
        ["kelp", "version1", "version2"].map(|words| count(&machine, words)),
        [4_000, 1_000, 3_000]
    );
    machine.run(&["doctor"]).ok();
}

#[test]
fn no_paper_is_missed_while_another_process_brings_the_index_up() {
    let machine = Machine::new();
    machine.write("papers.jsonl", papers(1..=3_000, 1));
    machine.run(&["import", "--mirror", "papers.jsonl"]).ok();
    assert_eq!(count(&machine, "kelp"), 3_000);
    let ids = papers(1..=3_000, 1);
    for tag in ["one", "other"] {
        machine.arxcat(&["tag", tag, "-"]).stdin(&ids).run().ok();
        let searches = [1, 2].map(|_| machine.arxcat(&["search", "-M", "kelp", "-n", "1"]).start());
        for _ in 0..10 {
            assert_eq!(count(&machine, "kelp"), 3_000, "only their tag changed");
        }
        for search in searches {
            search.wait().ok();
        }
    }
}
