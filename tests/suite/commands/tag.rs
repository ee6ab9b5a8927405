//! `tag`, `untag` and `tags`.

use arxcat::library::{Library, Scope};

use crate::arxcat::Machine;
use crate::library::{folder, id, library, machine_with, record};

fn tags_of(machine: &Machine, paper: &str) -> Vec<String> {
    let held = library(machine).get(id(paper)).unwrap().unwrap();
    held.paper.library.map(|kept| kept.tags).unwrap_or_default()
}

fn two_papers() -> Machine {
    machine_with(&[
        record("2501.00001", "A Plain Paper", "2026-10-01"),
        record("2501.00002", "Another Plain Paper", "2026-10-01"),
    ])
}

#[test]
fn a_batch_is_tagged_and_what_failed_is_told() {
    let machine = two_papers();
    let ended = machine.run(&[
        "tag",
        "to read",
        "arXiv:2501.00001v1",
        "https://arxiv.org/abs/2501.00002",
        "2501.00001",
        "2501.00009",
        "nonsense",
        "alg-geom/9311009",
        "--ledger",
        "ledger.jsonl",
    ]);
    insta::assert_snapshot!("tag_batch", ended.shown());
    insta::assert_snapshot!("tag_batch_ledger", machine.read("ledger.jsonl"));
    assert_eq!(tags_of(&machine, "2501.00001"), ["to read"]);
    assert_eq!(tags_of(&machine, "2501.00002"), ["to read"]);
}

#[test]
fn identifiers_come_on_stdin_as_lists_are_piped() {
    let machine = two_papers();
    let ended = machine
        .arxcat(&["tag", "todo"])
        .stdin("2501.00002\t2025-01-02\tcs.CL\tAnother\n# no\n\n2501.00001\n")
        .run();
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), ""),
        "{}",
        ended.shown()
    );
    assert_eq!(machine.run(&["tags", "-f", "tsv"]).ok(), "tag\ttodo\t2\n");
    let none = machine.run(&["tag", "todo"]);
    assert_eq!(none.code, Some(0), "empty stdin: {}", none.shown());
}

#[test]
fn a_paper_of_the_catalog_is_taken_into_the_library() {
    let machine = Machine::new();
    machine.run(&["tag", "todo", "R1"]).ok();
    let held = library(&machine).get(id("2501.12948")).unwrap().unwrap();
    assert_eq!(held.paper.short_name(), Some("DeepSeek-R1"));
    assert_eq!(
        held.checked, None,
        "a catalog does not say what is newest at arXiv"
    );
    assert_eq!(library(&machine).count(Scope::Library).unwrap(), 1);
    assert_eq!(tags_of(&machine, "2501.12948"), ["todo"]);
}

#[test]
fn what_is_nowhere_makes_no_library() {
    let machine = Machine::new();
    for args in [
        &["tag", "todo", "2501.99999"][..],
        &["note", "2501.99999", "text"],
        &["untag", "todo", "2501.99999"],
        &["remove", "--yes", "2501.99999"],
        &["tags"],
        &["outdated"],
        &["doctor", "--fix"],
        &["config"],
    ] {
        let ended = machine.run(args);
        assert!(ended.code <= Some(1), "{args:?}: {}", ended.shown());
    }
    assert!(!folder(&machine).exists());
    let ended = machine.run(&["tag", "todo", "2501.99999"]);
    assert!(
        ended.stderr.contains("`arxcat fetch 2501.99999`"),
        "{}",
        ended.shown()
    );
}

#[test]
fn case_and_accents_make_no_other_tag() {
    let machine = two_papers();
    machine.run(&["tag", "Café", "2501.00001"]).ok();
    let again = machine.run(&["tag", "CAFE", "2501.00001", "2501.00002"]);
    assert!(again.stderr.contains("tagged so already"), "{}", again.shown());
    assert_eq!(tags_of(&machine, "2501.00001"), ["Café"]);
    assert_eq!(tags_of(&machine, "2501.00002"), ["Café"]);
    machine.run(&["untag", "cafe", "2501.00001"]).ok();
    assert_eq!(tags_of(&machine, "2501.00001"), Vec::<String>::new());
}

#[test]
fn a_tag_nobody_has_is_told_with_the_nearest() {
    let machine = two_papers();
    machine.run(&["tag", "mixture", "2501.00001"]).ok();
    let all = [
        machine.run(&["untag", "mixtuer", "2501.00001"]).shown(),
        machine
            .run(&["untag", "mixture", "2501.00001", "2501.00002"])
            .shown(),
    ];
    insta::assert_snapshot!("untag", all.join(""));
}

#[test]
fn names_that_are_no_tags_are_refused() {
    let machine = two_papers();
    let long = "x".repeat(101);
    let mut all = String::new();
    for name in ["", "  ", "a\nb", "a\u{202e}b", "a,b", "2501.00001", &long] {
        all += &machine.run(&["tag", name, "2501.00002"]).shown();
    }
    insta::assert_snapshot!("tag_names", all);
    assert_eq!(library(&machine).tags().unwrap(), []);
}

#[test]
fn an_imported_tag_is_held_to_the_same_rules_and_one_that_is_there_can_be_taken_off() {
    let machine = two_papers();
    let long = "x".repeat(101);
    let tagged = format!(
        r#"{{"id":"2501.00001","title":"A Plain Paper","library":{{"tags":["a,b","good","{long}","c;d","e\u0301t\u00e9"]}}}}"#
    );
    machine.write("tagged.jsonl", tagged);
    let ended = machine.run(&["import", "tagged.jsonl"]);
    assert!(
        ended
            .stderr
            .contains("warning: 3 tags left out: `arxcat tag` takes none that is long"),
        "{}",
        ended.shown()
    );
    ended.ok();
    assert_eq!(tags_of(&machine, "2501.00001"), ["good", "été"]);

    // As an earlier import left them.
    let mut library = library(&machine);
    let now = crate::library::now();
    library.tag("a,b", &[id("2501.00001")], now).unwrap();
    library.tag("2501.00002", &[id("2501.00001")], now).unwrap();
    for tag in ["A,B", "2501.00002", "good", "ETE"] {
        machine.run(&["untag", tag, "2501.00001"]).ok();
    }
    assert_eq!(tags_of(&machine, "2501.00001"), Vec::<String>::new());
    assert_eq!(machine.run(&["untag", "a,b", "2501.00001"]).code, Some(2));
}

#[test]
fn tags_are_counted() {
    let machine = two_papers();
    let none = machine.run(&["tags"]);
    assert!(none.stderr.contains("`arxcat tag NAME ID`"), "{}", none.shown());
    machine.run(&["tag", "todo", "2501.00001"]).ok();
    machine.run(&["tag", "稀疏", "2501.00001", "2501.00002"]).ok();
    insta::assert_snapshot!("tags", machine.run(&["tags"]).ok());
    let json = machine.run(&["tags", "--json"]).json();
    assert_eq!(json[0]["key"], "稀疏");
    assert_eq!((&json[0]["by"], &json[0]["count"]), (&"tag".into(), &2.into()));
    let ids = machine.run(&["tags", "-f", "ids"]);
    assert_eq!(ids.code, Some(2), "{}", ids.shown());
}

#[test]
fn many_processes_at_once_lose_nothing() {
    let machine = two_papers();
    let running: Vec<_> = (0..12)
        .map(|n| {
            machine
                .arxcat(&["tag", &format!("tag {n}"), "2501.00001", "2501.00002", "R1"])
                .start()
        })
        .collect();
    for one in running {
        one.wait().ok();
    }
    for paper in ["2501.00001", "2501.00002", "2501.12948"] {
        assert_eq!(tags_of(&machine, paper).len(), 12, "{paper}");
    }
    let library = Library::existing(&folder(&machine)).unwrap().unwrap();
    assert_eq!(library.integrity().unwrap(), Vec::<String>::new());
}

#[test]
fn tags_are_listed_as_tags_can_be() {
    let machine = Machine::new();
    machine.run(&["tag", "todo", "R1"]).ok();
    assert_eq!(machine.run(&["tags", "-f", "csv", "-o", "tags.csv"]).ok(), "");
    assert_eq!(machine.read("tags.csv"), "by,key,count\ntag,todo,1\n");
    assert_eq!(machine.run(&["tags", "--json"]).json()[0]["key"], "todo");
    for wrong in [
        &["tags", "-f", "bibtex"][..],
        &["tags", "--key", "{id}"],
        &["tags", "-f", "ids"],
    ] {
        let ended = machine.run(wrong);
        assert_eq!(ended.code, Some(2), "{wrong:?}: {}", ended.shown());
    }
}

#[test]
fn a_tag_is_told_as_it_is_stored_and_one_that_no_paper_has_is_named() {
    let machine = two_papers();
    machine.run(&["tag", "ML", "2501.00001"]).ok();
    let ended = machine.run(&["tag", "ml", "2501.00002"]);
    assert_eq!(ended.stderr, "note: tagged 1 paper `ML`\n");
    let ended = machine.run(&["list", "-L", "--tag", "mll"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("no paper is tagged `mll`; did you mean `ML`?"),
        "{}",
        ended.stderr
    );
}
