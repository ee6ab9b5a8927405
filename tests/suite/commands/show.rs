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
fn a_preview_has_the_width_that_fzf_gives_it() {
    let machine = Machine::new();
    let widest = |variables: &[(&str, &str)]| {
        let mut run = machine.arxcat(&["show", "V3"]);
        for (name, value) in variables {
            run = run.env(name, value);
        }
        let text = run.run().ok();
        let summary = text.find("mixture-of-experts").unwrap();
        assert!(summary < text.find("authors").unwrap(), "{text}");
        let words: Vec<_> = text.split_whitespace().collect();
        assert!(words.join(" ").contains("Chenyu Zhang and 190 more"), "{text}");
        let prose = text.lines().filter(|line| !line.contains("http"));
        prose.map(|line| line.chars().count()).max().unwrap()
    };
    assert!(widest(&[]) > 100, "a pipe has no width");
    assert!(widest(&[("COLUMNS", "60")]) <= 60);
    assert!(widest(&[("FZF_PREVIEW_COLUMNS", "50"), ("COLUMNS", "120")]) <= 50);
    for nonsense in ["0", "-3", "wide", ""] {
        assert!(widest(&[("COLUMNS", nonsense)]) > 100, "{nonsense}");
    }
}

#[test]
fn chinese_text_is_chinese() {
    let machine = Machine::new();
    let category = machine.run(&["categories", "cs.CL", "--lang", "zh"]).ok();
    assert!(category.starts_with("cs.CL  计算与语言\n  档案"), "{category}");
    let text = machine.run(&["show", "CodeI/O", "--lang", "zh"]).ok();
    assert!(text.contains("cs.CL（计算与语言）、cs.AI（人工智能）"), "{text}");
    assert!(
        text.contains("参与（DeepSeek 为合作作者；代码在 hkust-nlp）"),
        "{text}"
    );
    assert!(text.contains("未核实    分类、发表于"), "{text}");
    for paper in machine.run(&["export"]).json() {
        let summary = paper["catalog"]["summary"]["zh"].as_str().unwrap();
        assert!(!summary.contains([',', ';', '(', ')', ':']), "{summary}");
    }
    let ended = machine
        .arxcat(&["list", "--lang", "zh", "-n", "3"])
        .two_terminals(80)
        .run();
    assert!(ended.stderr.contains("deepseek 目录"), "{}", ended.stderr);
    let ended = machine
        .arxcat(&["show", "R1", "--lang", "zh"])
        .two_terminals(80)
        .run();
    assert!(ended.stderr.contains("摘要"), "{}", ended.stderr);
}

#[test]
fn an_address_in_a_note_is_not_broken() {
    let machine = Machine::new();
    let address = "https://example.org/a/very/long/path/that/is/longer/than/the/terminal?query=1";
    machine
        .run(&["note", "R1", &format!("see {address} for more")])
        .ok();
    let text = machine.arxcat(&["show", "R1"]).terminal(40).run().ok();
    assert!(text.contains(address), "{text}");
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
