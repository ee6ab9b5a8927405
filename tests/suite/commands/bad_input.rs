//! Mistakes of people and in files, and the messages about them.

use crate::arxcat::Machine;

#[test]
fn wrong_words_on_the_command_line_get_the_right_ones() {
    let machine = Machine::new();
    let mut all = String::new();
    for args in [
        &["list", "--format", "jsn"][..],
        &["list", "--fields", "id,titel"],
        &["list", "--fields", "id", "-f", "markdown"],
        &["list", "--area", "reasonning"],
        &["list", "--since", "yesterdayish"],
        &["list", "--since", "2024-13"],
        &["list", "--since", "2025", "--until", "2024"],
        &["list", "--sort", "size"],
        &["list", "--catalog", "absent"],
        &["list", "--catalog", "absent.json"],
        &["list", "--json", "--jsonl"],
        &["show", "Janis"],
        &["show", "0307015"],
        &["show", "1501.0001"],
        &["show", "2413.00001"],
        &["show", ""],
        &["schema", "papers"],
        &["search", "--area", "ocr", "x"],
        &["search"],
        &["search", "title:x", "OR"],
        &["search", "(a", "b"],
        &["search", "x", "--sort", "title"],
        &["search", "x", "-n", "0"],
        &["search", "NOT", "x"],
        &["search", "--raw", "ti:x", "--since", "2024"],
        &["stats", "--fields", "id"],
        &["verify", "-f", "markdown"],
        &["verify", "1706.03762"],
    ] {
        all += &[
            "$ arxcat ",
            &args.join(" "),
            "\n",
            &machine.run(args).shown(),
            "\n",
        ]
        .concat();
    }
    insta::assert_snapshot!(all.replace(&machine.path("").display().to_string(), "~/"));
}

#[test]
fn a_first_word_that_is_no_command_gets_what_may_be_meant() {
    let machine = Machine::new();
    let mut all = String::new();
    for args in [
        &["serach", "moe"][..],
        &["sparse attention", "routing", "--since", "1y"],
        &["--lang", "en", "lst"],
        &["list", "--web"],
        &["list", "--ln"],
        &["DeepSeek"],
        &["lis\u{1b}[31mt"],
        &["list", "--sort", "\u{1b}[31msize\u{202e}"],
        &["list", "--\u{1b}[31m"],
    ] {
        let shown = machine.run(args).shown();
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
        all += &["$ arxcat ", &format!("{args:?}"), "\n", &shown, "\n"].concat();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_short_name_in_place_of_a_command_shows_the_paper() {
    let machine = Machine::new();
    assert_eq!(machine.run(&["R1"]).ok(), machine.run(&["show", "R1"]).ok());
    let two = machine.run(&["R1", "mHC", "-f", "ids"]);
    assert_eq!(two.ok().lines().count(), 2);
    machine.write("own.json", "[{\"id\": \"2501.00001\", \"title\": \"A Paper\", \"catalog\": {\"name\": \"own\", \"short_name\": \"Mine\"}}]");
    let own = machine.run(&["--catalog", "own.json", "Mine", "-f", "ids"]);
    assert_eq!(own.stdout, "2501.00001\n", "{}", own.shown());
}

#[test]
fn commands_have_the_short_names_of_their_kind() {
    let machine = Machine::new();
    for (alias, name) in [
        ("ls", "list"),
        ("info", "show"),
        ("get", "fetch"),
        ("rm", "remove"),
    ] {
        assert_eq!(
            machine.run(&[alias, "--help"]).ok(),
            machine.run(&[name, "--help"]).ok(),
        );
    }
    assert_eq!(
        machine.run(&["ls", "-n", "2"]).ok(),
        machine.run(&["list", "-n", "2"]).ok()
    );
}

#[test]
fn a_line_of_identifiers_gives_them_all() {
    let machine = Machine::new();
    let ids = |input: &str| {
        let ended = machine.arxcat(&["show", "-f", "ids"]).stdin(input).run();
        (
            ended.stdout.lines().map(str::to_owned).collect::<Vec<_>>(),
            ended.stderr,
        )
    };
    let warning = |stderr: &str| stderr.matches("are ignored").count();
    for line in [
        "2501.12948 2412.19437\n",
        "2501.12948,2412.19437",
        "2501.12948\tarXiv:2412.19437\r\n",
        "2501.12948, 2412.19437 ,\n",
    ] {
        let (found, stderr) = ids(line);
        assert_eq!(found, ["2501.12948", "2412.19437"], "{line:?}");
        assert_eq!(warning(&stderr), 0, "{stderr}");
    }
    let (found, stderr) = ids("2501.12948 see 2412.19437\n2412.19437 and 2501.12948\n");
    assert_eq!(found, ["2501.12948", "2412.19437"]);
    assert_eq!(warning(&stderr), 1, "once a run\n{stderr}");
    let (found, stderr) = ids("2501.12948\t2025-01-22\tcs.CL\tA Comment on arXiv:2412.19437\n");
    assert_eq!(found, ["2501.12948"]);
    assert_eq!(warning(&stderr), 0, "a line of a list\n{stderr}");
    let (found, _) = ids("arXiv:2501.12948 [cs.CL]\nDeepSeek LLM\n");
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_broken_catalog_names_the_file_the_record_and_the_key() {
    let machine = Machine::new();
    let mut all = String::new();
    for (name, content) in [
        ("empty.json", ""),
        ("syntax.json", "{\"papers\": [}"),
        (
            "type.json",
            r#"[{"id": "2001.00001", "title": "A", "published": "yesterday"}]"#,
        ),
        (
            "missing.json",
            r#"[{"id": "2001.00001", "title": "A"}, {"title": "B"}]"#,
        ),
        ("id.json", r#"[{"id": "2001.0001", "title": "A"}]"#),
        (
            "twice.json",
            r#"[{"id": "2001.00001", "title": "A"}, {"id": "2001.00001", "title": "B"}]"#,
        ),
        ("number.json", "42"),
    ] {
        machine.write(name, content);
        all.push_str(&machine.run(&["list", "--catalog", name]).shown());
    }
    machine.write("deep.json", "[".repeat(100_000));
    all.push_str(&machine.run(&["list", "--catalog", "deep.json"]).shown());
    machine.write(
        "latin1.json",
        b"[{\"id\": \"2001.00001\", \"title\": \"Schr\xf6dinger\"}]",
    );
    all.push_str(&machine.run(&["list", "--catalog", "latin1.json"]).shown());
    all.push_str(&machine.run(&["list", "--catalog", "config/"]).shown());
    insta::assert_snapshot!(all);
}

#[test]
fn hostile_titles_reach_no_terminal() {
    let machine = Machine::new();
    let title = "Red \u{1b}[31mAlert\u{7} \u{202e}desrever\u{2066} zero\u{200b}width\nnewline\ttab";
    let catalog = serde_json::json!([{"id": "2001.00001", "title": title, "abstract": title, "comment": title,
        "authors": [{"name": "Ann\u{1b}]0;owned\u{7} Example"}], "published": "2020-01-01",
        "catalog": {"short_name": "S\u{9b}31m", "summary": {"en": title}}}]);
    machine.write("own.json", catalog.to_string());
    for args in [
        &["list"][..],
        &["list", "-f", "table"],
        &["list", "-f", "csv"],
        &["list", "-f", "markdown"],
        &["timeline"],
        &["timeline", "-f", "markdown"],
        &["show", "2001.00001"],
        &["stats", "--by", "author"],
    ] {
        let printed = machine.run(&[args, &["--catalog", "own.json"]].concat()).ok();
        let bad =
            |c: char| (c.is_control() && c != '\n' && c != '\t') || "\u{202e}\u{2066}\u{200b}".contains(c);
        assert!(!printed.contains(bad), "{args:?}: {printed:?}");
    }
    let json = machine.run(&["export", "--catalog", "own.json", "--jsonl"]);
    assert!(
        json.stdout.contains("\\u001b[31m") && json.stdout.contains("\\u202e"),
        "{}",
        json.stdout
    );
    assert_eq!(json.json()[0]["title"], title);
    let list = machine.run(&["list", "--catalog", "own.json"]).ok();
    assert_eq!(
        (list.lines().count(), list.matches('\t').count()),
        (1, 3),
        "{list:?}"
    );
}

#[test]
fn a_title_of_zero_and_three_hundred_authors_are_a_paper() {
    let machine = Machine::new();
    let authors: Vec<_> = (0..300)
        .map(|n| serde_json::json!({"name": format!("Author Number{n}")}))
        .collect();
    let catalog = serde_json::json!([{"id": "2001.00001", "title": "0", "authors": authors}]);
    machine.write("own.json", catalog.to_string());
    let list = machine.run(&["list", "--catalog", "own.json"]).ok();
    assert_eq!(list, "2001.00001\t\t\t0\n");
    let line = machine
        .run(&["list", "--catalog", "own.json", "--fields", "authors"])
        .ok();
    assert_eq!(line.matches("; ").count(), 299);
}
