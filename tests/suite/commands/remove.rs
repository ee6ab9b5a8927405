//! `remove`: out of the library, and back.

use arxcat::library::Scope;

use crate::arxcat::Machine;
use crate::library::{id, library, machine_with, record};

fn a_library() -> Machine {
    let machine = machine_with(&[
        record("2501.00001", "A Plain Paper", "2026-10-01"),
        record("2501.00002v1", "Another, as It Was", "2026-09-01"),
        record("2501.00002v2", "Another Plain Paper", "2026-10-01"),
    ]);
    machine.run(&["tag", "todo", "2501.00001", "2501.00002"]).ok();
    machine.run(&["tag", "moe", "2501.00001"]).ok();
    machine.run(&["note", "2501.00001", "read section 3"]).ok();
    machine
}

fn counts(machine: &Machine) -> (u64, u64) {
    let library = library(machine);
    (
        library.count(Scope::Library).unwrap(),
        library.count(Scope::Mirror).unwrap(),
    )
}

#[test]
fn without_a_terminal_it_needs_yes() {
    let machine = a_library();
    let ended = machine.run(&["remove", "2501.00001", "2501.00002"]);
    insta::assert_snapshot!("remove_refused", ended.shown());
    let one = machine.run(&["remove", "2501.00001"]);
    assert!(
        one.stderr.contains("`arxcat remove --undo` brings it back"),
        "{}",
        one.stderr
    );
    assert_eq!(counts(&machine), (2, 2));
}

#[test]
fn on_a_terminal_it_names_what_goes_and_asks() {
    let machine = a_library();
    let no = machine.arxcat(&["remove", "2501.00001"]).typed("n\n").run();
    assert_eq!(no.code, Some(0), "{}", no.shown());
    for what in [
        "2501.00001",
        "A Plain Paper",
        "tags moe, todo",
        "with a note",
        "nothing was removed",
    ] {
        assert!(no.stdout.contains(what), "{what}: {}", no.shown());
    }
    assert_eq!(counts(&machine), (2, 2));
    let yes = machine.arxcat(&["remove", "2501.00001"]).typed("y\n").run();
    assert_eq!(yes.code, Some(0), "{}", yes.shown());
    assert_eq!(counts(&machine), (1, 2));
}

#[test]
fn what_was_removed_comes_back_with_tags_and_note_the_last_first() {
    let machine = a_library();
    machine.run(&["remove", "--yes", "2501.00001"]).ok();
    machine.run(&["remove", "--yes", "--mirror", "2501.00002"]).ok();
    assert_eq!(counts(&machine), (0, 1));
    assert_eq!(machine.run(&["tags", "-f", "tsv"]).ok(), "");
    let mut all = machine.run(&["remove", "--undo"]).shown();
    assert_eq!(counts(&machine), (1, 2));
    all += &machine.run(&["remove", "--undo"]).shown();
    all += &machine.run(&["remove", "--undo"]).shown();
    insta::assert_snapshot!("remove_undo", all);
    assert_eq!(counts(&machine), (2, 2));
    let library = library(&machine);
    let first = library
        .get(id("2501.00001"))
        .unwrap()
        .unwrap()
        .paper
        .library
        .unwrap();
    assert_eq!(
        (first.tags, first.note.as_deref()),
        (vec!["moe".to_owned(), "todo".to_owned()], Some("read section 3"))
    );
    let title = |identifier: &str| library.get(id(identifier)).unwrap().unwrap().paper.title;
    assert_eq!(title("2501.00002"), "Another Plain Paper");
    assert_eq!(
        title("2501.00002v1"),
        "Another, as It Was",
        "older versions come back too"
    );
}

#[test]
fn what_is_not_there_is_told() {
    let machine = a_library();
    library(&machine)
        .upsert(
            &[record("2501.00003", "Only Mirrored", "2026-10-01")],
            arxcat::library::UpsertOptions::default(),
        )
        .unwrap();
    let ended = machine.run(&[
        "remove",
        "--yes",
        "2501.00009",
        "2501.00003",
        "2501.00002v7",
        "nonsense",
        "--ledger",
        "ledger.jsonl",
    ]);
    insta::assert_snapshot!("remove_batch", ended.shown());
    insta::assert_snapshot!("remove_batch_ledger", machine.read("ledger.jsonl"));
    machine.run(&["remove", "--yes", "--mirror", "2501.00003"]).ok();
    assert!(library(&machine).get(id("2501.00003")).unwrap().is_none());
    let both = machine.run(&["remove", "--undo", "2501.00003"]);
    assert_eq!(both.code, Some(2), "{}", both.shown());
}

#[test]
fn the_question_shows_titles_without_tex() {
    let machine = machine_with(&[record("2501.00001", "The $\\Lambda$ {Problem}", "2026-10-01")]);
    let asked = machine.arxcat(&["remove", "2501.00001"]).typed("n\n").run();
    assert!(
        asked.shown().contains("(The \u{39b} Problem)"),
        "{}",
        asked.shown()
    );
}
