//! `check` without identifiers: titles, authors and years compared with the records of this machine.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::arxcat::{Ended, Machine};

/// Invented records: number, title, authors, day.
const RECORDS: &[(&str, &str, &[&str], &str)] = &[
    (
        "2101.00001",
        "Deep Sparse Widgets for Robust Planning under Uncertainty",
        &["Ada Noble", "Yi Zed"],
        "2021-01-04",
    ),
    (
        "2102.00002",
        "Jet Widgets: Deep Learning Edition",
        &["Ola Far", "Xin Li", "Ada Noble", "Bo Ek"],
        "2021-02-01",
    ),
    (
        "2103.00003",
        "Widget Theory, Part II: Finite Gears",
        &["Ola Far"],
        "2021-03-01",
    ),
    ("2104.00004", "Attention", &["Jo Moss", "Kim Ray"], "2021-04-01"),
];

fn machine() -> Machine {
    let mut machine = Machine::new();
    machine.set("ARXCAT_OFFLINE", "1");
    let mut lines = String::new();
    for (id, title, authors, published) in RECORDS {
        let authors: Vec<Value> = authors.iter().map(|name| json!({ "name": name })).collect();
        let record =
            json!({ "id": id, "title": title, "authors": authors, "published": published, "version": 1 });
        writeln!(lines, "{record}").unwrap();
    }
    machine.write("records.jsonl", lines);
    machine.run(&["import", "--mirror", "records.jsonl"]).ok();
    machine
}

fn check(machine: &Machine, document: &str, args: &[&str]) -> Ended {
    machine.write("refs.bib", document);
    let all: Vec<&str> = ["check", "refs.bib"].iter().chain(args).copied().collect();
    machine.run(&all)
}

/// Verdict, proposal and message of each finding.
fn findings(machine: &Machine, document: &str) -> Vec<(String, Option<String>, String)> {
    let ended = check(machine, document, &["--json", "--every"]);
    let text = |value: &Value| value.as_str().map(str::to_owned);
    ended
        .json()
        .iter()
        .map(|one| {
            (
                text(&one["verdict"]).unwrap(),
                text(&one["proposal"]),
                text(&one["message"]).unwrap(),
            )
        })
        .collect()
}

/// The title and authors of the first record.
const WIDGETS: &str = "title={Deep Sparse Widgets for Robust Planning under Uncertainty}";
const NOBLE_AND_ZED: &str = "author={Noble, Ada and Zed, Yi}";

/// Checks one entry with these fields: its verdict, the proposed identifier, and a part of the message.
#[track_caller]
fn assert_judged(machine: &Machine, fields: &str, expected: (&str, Option<&str>), message: &str) {
    let found = findings(machine, &format!("@article{{x, {fields}}}\n"));
    let [(verdict, proposal, found_message)] = found.as_slice() else {
        panic!("{fields}: {found:?}");
    };
    assert_eq!(
        (verdict.as_str(), proposal.as_deref()),
        expected,
        "{fields}: {found_message}"
    );
    assert!(found_message.contains(message), "{fields}: {found_message}");
}

#[test]
fn an_entry_is_found_by_its_title() {
    let machine = machine();
    let found = ("found", Some("2101.00001"));
    for (authors, message) in [
        (
            "author={Noble, Ada and Zed, Yi}, year={2021}",
            "on arXiv as 2101.00001",
        ),
        ("author={A. Noble and Y. Zed}", ""),
        ("author={Ada Noble and others}", ""),
        // The year of print is the venue's.
        (
            "author={Noble, Ada and Zed, Yi}, booktitle={Widget Summit}, year={2018}",
            "",
        ),
    ] {
        assert_judged(&machine, &format!("{WIDGETS}, {authors}"), found, message);
    }
    let short = "title={Jet Widgets}, author={Ola Far and others}";
    assert_judged(&machine, short, ("found", Some("2102.00002")), "");
}

#[test]
fn an_entry_that_describes_a_record_wrongly_differs() {
    let machine = machine();
    let differs = ("differs", Some("2101.00001"));
    for (fields, message) in [
        (format!("{WIDGETS}, {NOBLE_AND_ZED}, year={{2031}}"), "not 2031"),
        (
            format!("{WIDGETS}, author={{Wei Zed and Ada Noble}}"),
            "\"Wei Zed\" is not among its authors",
        ),
        (
            format!("{WIDGETS}, author={{John Doe and Jane Smith}}"),
            "are not among its authors",
        ),
        (
            format!("{WIDGETS}, author={{Ada Noble}}"),
            "2 authors, of whom 1 is listed",
        ),
        (
            format!("title={{Deep Sparse Widgets for Robust Acting under Uncertainty}}, {NOBLE_AND_ZED}"),
            "the title is",
        ),
    ] {
        assert_judged(&machine, &fields, differs, message);
    }
    let future = format!(
        "title={{Purple Quark Origami for Beginners}}, {NOBLE_AND_ZED}, journal={{J}}, year={{2031}}"
    );
    assert_judged(&machine, &future, ("differs", None), "2031 is still to come");
}

#[test]
fn a_title_alike_is_not_the_paper() {
    let machine = machine();
    for (fields, message) in [
        (
            "title={Deep Sparse Gears for Robust Planning under Uncertainty}, author={Jo Moss}",
            "none of the 4 records",
        ),
        // Another part is another paper.
        (
            "title={Widget Theory, Part III: Finite Gears}, author={Ola Far}",
            "",
        ),
        // A title of one word is shared by many.
        ("title={Attention}, author={Ada Noble}", ""),
        (
            "title={A Wholly Invented Paper About Purple Quark Origami}, author={Noble, Ada}",
            "Purple Quark",
        ),
    ] {
        assert_judged(&machine, fields, ("not_found_here", None), message);
    }
    assert_judged(&machine, "author={Noble, Ada}", ("unclaimed", None), "no title");
}

#[test]
fn what_is_not_on_this_machine_is_no_fault_unless_strict() {
    let machine = machine();
    let document = "@article{x, title={Purple Quark Origami for Beginners}, author={Noble, Ada}}\n";
    let plain = check(&machine, document, &[]);
    assert_eq!(
        (plain.code, plain.stdout.as_str()),
        (Some(0), ""),
        "{}",
        plain.shown()
    );
    assert!(
        plain
            .stderr
            .contains("1 reference: 0 judged by number, 1 by title"),
        "{}",
        plain.stderr
    );
    assert!(plain.stderr.contains("1 not found here"), "{}", plain.stderr);
    let strict = check(&machine, document, &["--strict"]);
    assert_eq!(strict.code, Some(1), "{}", strict.shown());
    let all = check(&machine, document, &["--all"]);
    assert_eq!(all.code, Some(3), "arXiv was to be asked: {}", all.shown());
}

#[test]
fn an_entry_that_cannot_be_parsed_is_a_fault_with_its_line() {
    let machine = Machine::new();
    let ended = check(
        &machine,
        "@inproceedings{one,\n  author = {Ada Noble and R{\\'e},\n  title = {Flash Widgets},\n}\n",
        &["--offline"],
    );
    assert_eq!(ended.code, Some(1), "{}", ended.shown());
    assert!(
        ended.stdout.contains("refs.bib:1:1: unreadable: "),
        "{}",
        ended.stdout
    );
}

#[test]
fn two_entries_for_one_paper_get_a_note() {
    let machine = machine();
    let document = "@misc{a, title={Jet Widgets: Deep Learning Edition}, author={Ola Far and others}}\n\
        @misc{b, title={Jet Widgets: Deep Learning Edition}, eprint={2102.00002}, archivePrefix={arXiv}}\n";
    let ended = check(&machine, document, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    assert!(ended.stdout.contains("refs.bib:2:"), "{}", ended.stdout);
    assert!(
        ended.stdout.contains("duplicate: ") && ended.stdout.contains("line 1"),
        "{}",
        ended.stdout
    );
}

#[test]
fn the_library_says_which_paper_was_meant() {
    let machine = machine();
    machine.write(
        "notes.md",
        "- [Jet Widgets: Deep Learning Edition](https://arxiv.org/abs/2101.00001)\n",
    );
    let ended = machine.run(&["check", "notes.md", "--diff"]);
    assert_eq!(ended.code, Some(1), "{}", ended.shown());
    assert!(
        ended
            .stdout
            .contains("+- [Jet Widgets: Deep Learning Edition](https://arxiv.org/abs/2102.00002)"),
        "{}",
        ended.stdout
    );
}

#[test]
fn without_a_library_nothing_is_looked_up_by_title() {
    let machine = Machine::new();
    let ended = check(
        &machine,
        "@article{x, title={Purple Quark Origami for Beginners}, author={Noble, Ada}}\n",
        &["--offline", "--every"],
    );
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), ""),
        "{}",
        ended.shown()
    );
    assert!(
        ended.stderr.contains("no library to look the title up in"),
        "{}",
        ended.stderr
    );
    let all = check(
        &machine,
        "@article{x, title={Purple Quark Origami for Beginners}, author={Noble, Ada}}\n",
        &["--offline", "--all"],
    );
    assert_eq!(all.code, Some(3), "{}", all.shown());
}
