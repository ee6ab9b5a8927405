//! `show`: what is known on this machine.

use crate::arxcat::Machine;

#[test]
fn a_record_reads_well_on_a_terminal_and_piped() {
    let machine = Machine::new();
    insta::assert_snapshot!(
        "show_80",
        machine.arxcat(&["show", "NSA"]).terminal(80).run().ok()
    );
    insta::assert_snapshot!(
        "show_40",
        machine.arxcat(&["show", "NSA"]).terminal(40).run().ok()
    );
    insta::assert_snapshot!(
        "show_zh_80",
        machine
            .arxcat(&["show", "NSA", "--lang", "zh"])
            .terminal(80)
            .run()
            .ok()
    );
    insta::assert_snapshot!(
        "show_zh_40",
        machine
            .arxcat(&["show", "NSA", "--lang", "zh"])
            .terminal(40)
            .run()
            .ok()
    );
    insta::assert_snapshot!("show_piped", machine.run(&["show", "NSA"]).ok());
}

#[test]
fn short_names_are_accepted_wherever_identifiers_are() {
    let machine = Machine::new();
    for (name, id) in [
        ("R1", "2501.12948"),
        ("deepseek-r1", "2501.12948"),
        ("DeepSeek-V3", "2412.19437"),
        ("V3", "2412.19437"),
        ("V3.2", "2512.02556"),
        ("mHC", "2512.24880"),
        ("Janus", "2410.13848"),
        ("Prover", "2405.14333"),
    ] {
        assert_eq!(
            machine.run(&["show", name, "-f", "ids"]).ok(),
            format!("{id}\n"),
            "{name}"
        );
    }
}

#[test]
fn what_is_missing_is_said_with_the_command_that_gets_it() {
    let ended = Machine::new().run(&[
        "show",
        "1706.03762",
        "R1",
        "alg-geom/9311009",
        "nonsense",
        "-f",
        "ids",
    ]);
    insta::assert_snapshot!(ended.shown());
}

#[test]
fn identifiers_come_from_stdin_as_lists_print_them() {
    let machine = Machine::new();
    let list = machine.run(&["list"]).ok();
    let shown = machine.arxcat(&["show", "-f", "ids"]).stdin(&list).run().ok();
    assert_eq!(shown.lines().count(), 35);
    let records = machine.run(&["export", "--json"]).ok();
    assert_eq!(
        machine.arxcat(&["show", "-f", "ids"]).stdin(&records).run().ok(),
        shown
    );
    let lines = machine.run(&["export", "--jsonl"]).ok();
    assert_eq!(
        machine
            .arxcat(&["show", "-f", "ids", "-"])
            .stdin(&lines)
            .run()
            .ok(),
        shown
    );
    let dos = "\u{feff}# mine\r\n\r\n2501.12948\r\n2501.12948v2 and words\r\n";
    assert_eq!(
        machine.arxcat(&["show", "-f", "ids"]).stdin(dos).run().ok(),
        "2501.12948\n2501.12948v2\n"
    );
}

#[test]
fn empty_stdin_is_no_error() {
    let ended = Machine::new().arxcat(&["show", "--json"]).stdin("").run();
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), "[]\n"),
        "{}",
        ended.shown()
    );
    assert!(ended.stderr.contains("no identifiers"), "{}", ended.stderr);
}

#[test]
fn a_repeated_identifier_is_printed_once_at_its_first_place_and_stands_in_the_ledger_each_time() {
    let machine = Machine::new();
    let printed = machine
        .run(&[
            "show",
            "-f",
            "ids",
            "R1",
            "V3",
            "2501.12948",
            "--ledger",
            "ledger.jsonl",
        ])
        .ok();
    assert_eq!(printed, "2501.12948\n2412.19437\n");
    insta::assert_snapshot!(machine.read("ledger.jsonl"));
}

#[test]
fn one_versions_record_never_answers_for_anothers() {
    let ended = Machine::new().run(&["show", "2501.12948v9", "-f", "ids"]);
    insta::assert_snapshot!(ended.shown());
}
