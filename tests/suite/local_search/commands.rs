//! `-L` and `-M`: lists, counts, exports and searches of the library and the mirror, through the real binary.

use arxcat::library::{Library, UpsertOptions};

use super::{id, paper, record};
use crate::arxcat::Machine;

/// A machine with three papers in its mirror, of which two are kept and one is tagged.
fn machine() -> Machine {
    let machine = Machine::new();
    let mut library = Library::open(&machine.path("data/arxcat")).unwrap();
    let mut late = paper(
        "2503.00003",
        "Sparse Attention at Scale",
        "Sparse attention makes long contexts cheap.",
    );
    late.published = arxcat::model::date::Stamp::parse("2025-03-04T09:00:00Z");
    late.primary_category = Some("cs.LG".to_owned());
    late.categories = vec!["cs.LG".to_owned()];
    library
        .upsert(
            &[
                record(paper(
                    "2501.00001",
                    "Pruning Trees",
                    "We prune trees with attention to detail.",
                )),
                record(paper("2501.00002", "Growing Trees", "Trees grow.")),
                record(late),
            ],
            UpsertOptions::default(),
        )
        .unwrap();
    let now = "2026-10-15T12:00:00Z".parse().unwrap();
    library.tag("todo", &[id("2501.00001")], now).unwrap();
    library.keep(&[id("2503.00003")], now).unwrap();
    machine
}

#[test]
fn lists_are_of_the_library_or_of_the_mirror() {
    let machine = machine();
    let ids = |args: &[&str]| {
        let args: Vec<&str> = [args, &["-f", "ids"]].concat();
        machine
            .run(&args)
            .ok()
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&["list", "-L"]), ["2503.00003", "2501.00001"]);
    assert_eq!(ids(&["list", "-M"]), ["2503.00003", "2501.00002", "2501.00001"]);
    assert_eq!(
        ids(&["list", "-M", "--sort", "title"]),
        ["2501.00002", "2501.00001", "2503.00003"]
    );
    assert_eq!(
        ids(&["list", "-M", "--sort", "id", "-r", "-n", "1"]),
        ["2501.00001"]
    );
    assert_eq!(
        ids(&["list", "--tag", "ToDo"]),
        ["2501.00001"],
        "a tag is the library's"
    );
    assert_eq!(
        ids(&["list", "-M", "trees"]),
        ["2501.00002", "2501.00001"],
        "free text"
    );
    assert_eq!(ids(&["list", "-M", "-c", "cs.*", "-t", "tree*"]).len(), 2);
    assert_eq!(ids(&["list", "-M", "-c", "math.NA"]).len(), 0);
    let listed = machine
        .arxcat(&["list", "-f", "ids"])
        .env("ARXCAT_SOURCE", "mirror")
        .run()
        .ok();
    assert_eq!(listed.lines().count(), 3);
    assert_eq!(machine.run(&["list", "-L", "-M"]).code, Some(2));
}

#[test]
fn counts_timelines_and_exports_are_too() {
    let machine = machine();
    assert!(machine.run(&["stats", "-M"]).ok().starts_with("2025  3"));
    assert!(machine.run(&["timeline", "-L"]).ok().contains("Pruning Trees"));
    let exported = machine.run(&["export", "-L"]).json();
    let papers = &exported;
    assert_eq!(papers.len(), 2);
    assert_eq!(papers[1]["library"]["tags"][0], "todo");
    assert_eq!(papers[1]["source"], "api");
    let lines = machine.run(&["export", "-M", "-f", "jsonl"]).ok();
    assert_eq!(lines.lines().count(), 3);
}

#[test]
fn a_search_of_what_is_held_asks_nobody() {
    let machine = machine();
    let ended = machine.run(&["search", "-M", "attention"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let first = ended.stdout.lines().next().unwrap();
    assert!(
        first.starts_with("2503.00003\t2025-03-04\tcs.LG\tSparse Attention"),
        "{first}"
    );
    assert_eq!(ended.stdout.lines().count(), 2);
    let few = machine.run(&["search", "-M", "attention", "-n", "1"]);
    assert_eq!(few.stdout.lines().count(), 1);
    assert!(few.stderr.contains("1 of 2 of the mirror"), "{}", few.stderr);
    let none = machine.run(&["search", "-L", "growing"]);
    assert_eq!((none.code, none.stdout.as_str()), (Some(0), ""));
    assert!(
        none.stderr.contains("no paper of the library matches"),
        "{}",
        none.stderr
    );
    let shown = machine
        .arxcat(&["search", "-M", "attention"])
        .terminal(60)
        .run()
        .ok();
    insta::assert_snapshot!("search_mirror_60", shown);
    let coloured = machine
        .arxcat(&["search", "-M", "attention", "-n", "1", "--color", "always"])
        .terminal(60)
        .run()
        .ok();
    assert!(
        coloured.contains("\u{1b}[1mattention"),
        "the words are marked: {coloured:?}"
    );
}

#[test]
fn what_cannot_be_understood_is_shown() {
    let machine = machine();
    let ended = machine.run(&["search", "-M", "trees", "OR"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("^ here"), "{}", ended.stderr);
    let ended = machine.run(&["search", "-M", "category:cs.XX"]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert_eq!(machine.run(&["search", "-M"]).code, Some(2));
    assert_eq!(machine.run(&["search", "-M", "--raw", "ti:x"]).code, Some(2));
    let explained = machine.run(&["search", "-M", "--explain", "trees"]).ok();
    assert!(explained.contains("understood  trees"), "{explained}");
}

#[test]
fn a_library_that_is_not_there_is_empty_and_stays_away() {
    let machine = Machine::new();
    for args in [
        &["list", "-L"][..],
        &["search", "-M", "anything"],
        &["stats", "-M"],
        &["export", "-M", "-f", "jsonl"],
    ] {
        let ended = machine.run(args);
        assert_eq!(ended.code, Some(0), "{args:?}: {}", ended.stderr);
        assert!(
            ended.stderr.contains("nothing is held"),
            "{args:?}: {}",
            ended.stderr
        );
    }
    assert!(!machine.path("data/arxcat").exists());
}

#[test]
fn what_a_catalog_knows_is_found() {
    let machine = Machine::new();
    let exported = machine.run(&["export", "-f", "jsonl"]).ok();
    let imported = machine.arxcat(&["import", "-"]).stdin(exported).run();
    assert_eq!(imported.code, Some(0), "{}", imported.stderr);
    let found = |words: &[&str]| {
        machine
            .run(&[&["search", "-L", "-f", "ids"], words].concat())
            .ok()
    };
    assert!(found(&["稀疏"]).contains("2502.11089"), "a summary");
    assert!(found(&["NSA"]).contains("2502.11089"), "a short name");
}
