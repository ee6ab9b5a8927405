//! `note`: the user's own words.

use crate::arxcat::Machine;
use crate::library::{id, library, machine_with, record};

fn note(machine: &Machine) -> Option<String> {
    library(machine).note(id("2501.00001")).unwrap()
}

fn a_paper() -> Machine {
    machine_with(&[record("2501.00001", "A Plain Paper", "2026-10-01")])
}

/// A script in place of an editor.
fn editor(machine: &Machine, script: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let path = machine.write("bin/my-editor", format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

#[test]
fn text_is_added_replaced_and_removed() {
    let machine = a_paper();
    let first = machine.run(&["note", "2501.00001", "read section 3"]);
    assert_eq!(
        (first.code, first.stdout.as_str(), first.stderr.as_str()),
        (Some(0), "", "note: noted on 2501.00001\n")
    );
    machine
        .arxcat(&["note", "2501.00001v1", "-"])
        .stdin("\u{feff}two\r\nlines\n\n")
        .run()
        .ok();
    assert_eq!(note(&machine).unwrap(), "read section 3\ntwo\nlines");
    machine
        .run(&["note", "2501.00001", "--replace", "only this"])
        .ok();
    assert_eq!(note(&machine).unwrap(), "only this");
    machine.run(&["note", "2501.00001", "--replace", ""]).ok();
    assert_eq!(note(&machine), None);
}

#[test]
fn one_text_goes_to_all_papers_of_stdin() {
    let machine = a_paper();
    let ended = machine
        .arxcat(&["note", "-", "for the seminar", "--ledger", "ledger.jsonl"])
        .stdin("2501.00001\nR1\n2501.99999\n")
        .run();
    insta::assert_snapshot!("note_batch", ended.shown());
    insta::assert_snapshot!("note_batch_ledger", machine.read("ledger.jsonl"));
    assert_eq!(
        library(&machine).note(id("2501.12948")).unwrap().unwrap(),
        "for the seminar"
    );
}

#[test]
fn what_cannot_be_noted_is_told() {
    let machine = a_paper();
    let mut all = String::new();
    for args in [
        &["note", "2501.00001", ""][..],
        &["note", "2501.00001"],
        &["note", "-", "-"],
        &["note", "2501.00001", "--replace"],
        &["note"],
        &["note", "2501.00001", "arXiv:1706.03762"],
    ] {
        all += &machine.run(args).shown();
    }
    all += &machine
        .arxcat(&["note", "2501.00001", "-"])
        .stdin(b"\xff\xfe\x00")
        .run()
        .shown();
    insta::assert_snapshot!("note_refused", all);
    assert_eq!(note(&machine), None);
}

#[test]
fn the_editor_gets_the_note_and_words_of_its_own_without_a_shell() {
    let machine = a_paper();
    machine.run(&["note", "2501.00001", "first; echo $HOME"]).ok();
    let editor = editor(
        &machine,
        "printf '%s\\n' \"$1\" \"$2\" > args; cat \"$3\" > seen; echo second >> \"$3\"",
    );
    let ended = machine
        .arxcat(&["note", "2501.00001"])
        .env("VISUAL", &format!("{editor} --wait $(touch%20broken)"))
        .env("EDITOR", "false")
        .typed("")
        .run();
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    assert_eq!(machine.read("args"), "--wait\n$(touch%20broken)\n");
    assert_eq!(machine.read("seen"), "first; echo $HOME\n");
    assert_eq!(note(&machine).unwrap(), "first; echo $HOME\nsecond");
}

#[test]
fn an_editor_may_have_spaces_in_its_path_and_is_vi_if_none_is_named() {
    let machine = a_paper();
    let plain = editor(&machine, "printf '%s' \"$1\" > args; echo noted > \"$2\"");
    let spaced = machine.path("my editors");
    std::fs::create_dir(&spaced).unwrap();
    std::fs::copy(&plain, spaced.join("edit")).unwrap();
    let quoted = format!("'{}' \"--wait now\"", spaced.join("edit").display());
    let ended = machine
        .arxcat(&["note", "2501.00001"])
        .env("EDITOR", &quoted)
        .typed("")
        .run();
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    assert_eq!(machine.read("args"), "--wait now");
    assert_eq!(note(&machine).unwrap(), "noted");

    editor(&machine, "echo by vi > \"$1\"");
    std::fs::rename(machine.path("bin/my-editor"), machine.path("bin/vi")).unwrap();
    let ended = machine
        .arxcat(&["note", "2501.00001"])
        .env("PATH", &machine.path("bin").display().to_string())
        .typed("")
        .run();
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    assert_eq!(note(&machine).unwrap(), "by vi");
}

#[test]
fn without_a_terminal_no_paper_is_kept_for_a_note() {
    let machine = Machine::new();
    let ended = machine.run(&["note", "R1"]);
    assert_eq!(ended.code, Some(2), "{}", ended.shown());
    assert!(!machine.path("data").exists());
}

#[test]
fn what_another_noted_while_the_editor_was_open_stays() {
    let machine = a_paper();
    let arxcat = env!("CARGO_BIN_EXE_arxcat");
    let both = editor(
        &machine,
        &format!("{arxcat} note 2501.00001 theirs </dev/null >/dev/null 2>&1; echo mine > \"$1\""),
    );
    let ended = machine
        .arxcat(&["note", "2501.00001"])
        .env("EDITOR", &both)
        .typed("")
        .run();
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(
        ended.stdout.contains("was changed meanwhile"),
        "{}",
        ended.shown()
    );
    let rescued = ended.stdout.split("what you wrote is in ").nth(1).unwrap().trim();
    assert_eq!(std::fs::read_to_string(rescued).unwrap(), "mine\n");
    std::fs::remove_file(rescued).unwrap();
    assert_eq!(note(&machine).unwrap(), "theirs");
}

#[test]
fn a_note_grows_to_its_bound_and_no_further() {
    let machine = a_paper();
    let half = "word ".repeat(120_000);
    let add = || {
        let note = machine.arxcat(&["note", "2501.00001", "-", "--ledger", "ledger.jsonl"]);
        note.stdin(&half).run()
    };
    add().ok();
    std::fs::remove_file(machine.path("ledger.jsonl")).unwrap();
    let ended = add();
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert_eq!(
        ended.stderr,
        "error: 2501.00001: the note would be longer than 1 MiB\n"
    );
    assert!(machine.read("ledger.jsonl").contains("\"failed\""));
    assert_eq!(note(&machine).unwrap(), half.trim_end());
}

#[test]
fn an_editor_that_leaves_nothing_removes_the_note_and_one_that_fails_changes_nothing() {
    let machine = a_paper();
    machine.run(&["note", "2501.00001", "first"]).ok();
    let fails = editor(&machine, "echo lost > \"$1\"; exit 3");
    let failed = machine
        .arxcat(&["note", "2501.00001"])
        .env("EDITOR", &fails)
        .typed("")
        .run();
    assert_eq!(failed.code, Some(4), "{}", failed.shown());
    assert!(
        failed.stdout.contains("what you wrote is in "),
        "{}",
        failed.shown()
    );
    assert_eq!(note(&machine).unwrap(), "first");
    let clearing = editor(&machine, ": > \"$1\"");
    let removed = machine
        .arxcat(&["note", "2501.00001"])
        .env("EDITOR", &clearing)
        .typed("")
        .run();
    assert_eq!(removed.code, Some(0), "{}", removed.shown());
    assert_eq!(note(&machine), None);
}

#[test]
fn an_editor_is_found_on_the_path_and_never_in_the_working_folder() {
    let machine = a_paper();
    editor(&machine, "echo noted > \"$1\"");
    let bin = machine.path("bin").display().to_string();
    let run = |path: &str| {
        machine
            .arxcat(&["note", "2501.00001"])
            .env("EDITOR", "my-editor")
            .env("PATH", path)
            .typed("")
            .run()
    };
    assert_eq!(run(".:bin:").code, Some(2));
    assert_eq!(run("/nonexistent").code, Some(2));
    let script_needs = format!("{bin}:/usr/bin:/bin");
    let found = run(&script_needs);
    assert_eq!(found.code, Some(0), "{}", found.shown());
    assert_eq!(note(&machine).unwrap(), "noted");
}

#[test]
fn no_editor_on_a_terminal_is_a_usage_error() {
    let machine = a_paper();
    let ended = machine.arxcat(&["note", "2501.00001"]).typed("").run();
    assert_eq!(ended.code, Some(2), "{}", ended.shown());
    assert!(ended.stdout.contains("VISUAL or EDITOR"), "{}", ended.shown());
}

#[test]
fn a_note_of_several_lines_is_shown_in_its_lines() {
    let machine = a_paper();
    machine
        .arxcat(&["note", "2501.00001", "-"])
        .stdin("section 3:\n  - try \u{1b}[31mthe loss\n\nask Ada whether the second experiment was run with the same seeds as the first")
        .run()
        .ok();
    let shown = machine.run(&["show", "2501.00001"]).ok();
    assert!(
        shown.contains(
            "  note          section 3:\n                  - try [31mthe loss\n\n                ask Ada"
        ),
        "{shown}"
    );
    let narrow = machine.arxcat(&["show", "2501.00001"]).terminal(40).run().ok();
    assert!(
        narrow.contains("\n                ask Ada whether the\n                second"),
        "{narrow}"
    );
}
