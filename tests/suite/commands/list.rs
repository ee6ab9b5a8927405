//! `list` and `export`: the catalog in every format.

use crate::arxcat::Machine;

#[test]
fn a_terminal_gets_a_table_that_fits() {
    let machine = Machine::new();
    insta::assert_snapshot!("list_80", machine.arxcat(&["list"]).terminal(80).run().ok());
    insta::assert_snapshot!(
        "list_40",
        machine.arxcat(&["list", "-n", "12"]).terminal(40).run().ok()
    );
    insta::assert_snapshot!(
        "list_zh_80",
        machine
            .arxcat(&["list", "--lang", "zh", "-n", "12"])
            .terminal(80)
            .run()
            .ok()
    );
    insta::assert_snapshot!(
        "list_zh_40",
        machine
            .arxcat(&["list", "--lang", "zh", "-n", "12"])
            .terminal(40)
            .run()
            .ok()
    );
}

#[test]
fn a_pipe_gets_tabs_and_nothing_is_cut() {
    let printed = Machine::new().run(&["list"]).ok();
    assert_eq!(printed.lines().count(), 35);
    for line in printed.lines() {
        assert_eq!(line.matches('\t').count(), 3, "{line}");
    }
    insta::assert_snapshot!("list_piped", printed);
}

#[test]
fn every_filter_narrows_the_list() {
    let machine = Machine::new();
    let ids = |args: &[&str]| {
        let all: Vec<&str> = ["list", "-f", "ids"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        machine
            .run(&all)
            .ok()
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--since", "2024", "--until", "2024"]).len(), 16);
    assert_eq!(ids(&["--since", "2023-10", "--until", "2023-10"]), ["2310.16818"]);
    assert_eq!(ids(&["--since", "60d"]), ["2609.22978", "2609.19969"]);
    assert_eq!(ids(&["--area", "定理证明"]), ids(&["--area", "theorem-proving"]));
    assert_eq!(ids(&["--area", "Theorem proving"]).len(), 3);
    assert_eq!(
        ids(&["--author", "liang wenfeng", "--title", "r1"]),
        ["2501.12948"]
    );
    assert!(
        ids(&["稀疏"]).contains(&"2502.11089".to_owned()),
        "by the Chinese summary"
    );
    assert_eq!(ids(&["--title", "manif*"]), ["2512.24880"]);
    assert_eq!(ids(&["--category", "cs.CV", "--primary", "-n", "1"]).len(), 1);
    assert_eq!(ids(&["--category", "cs.*"]).len(), 35);
    assert_eq!(
        ids(&["--category", "cs.AI"]).len(),
        22,
        "one paper of which only the primary category is known counts"
    );
    assert_eq!(ids(&["--sort", "id", "--reverse", "-n", "1"]), ["2310.16818"]);
    assert_eq!(ids(&["no such words anywhere"]), Vec::<String>::new());
}

#[test]
fn words_are_a_query_in_every_list() {
    let machine = Machine::new();
    let count = |args: &[&str]| {
        let all: Vec<&str> = ["export", "-f", "ids"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        machine.run(&all).ok().lines().count()
    };
    assert_eq!(count(&["mixture of experts"]), 9);
    assert_eq!(count(&["mixture-of-experts"]), 9);
    assert_eq!(count(&["vision language"]), 2);
    assert_eq!(count(&["deepseek v3"]), 4);
    assert_eq!(count(&["theorem", "prov*"]), 3);
    assert_eq!(count(&["theorem", "prov"]), 0);
    assert_eq!(count(&["author:Guo, Daya", "year:2024"]), 7);
    assert_eq!(count(&["title:r1", "OR", "title:v3"]), 4);
    assert_eq!(
        count(&["year:2024", "NOT", "category:cs.CL", "NOT", "category:cs.CV"]),
        5
    );
    let drawn = machine.run(&["timeline", "vision language", "-f", "ids"]).ok();
    assert_eq!(drawn, "2403.05525\n2412.10302\n");
    let counted = machine.run(&["stats", "vision language", "-f", "tsv"]).ok();
    assert_eq!(counted, "year\t2024\t2\n");
}

#[test]
fn a_query_that_may_not_be_meant_gets_a_note_and_a_wrong_one_a_hint() {
    let machine = Machine::new();
    let said = machine.run(&["list", "reasoning", "or", "=", "search"]).stderr;
    assert!(said.contains("the operator is OR"), "{said}");
    assert!(said.contains("`=` is ignored"), "{said}");
    let refused = machine.run(&["list", "titel:x"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("did you mean `title:`?"),
        "{}",
        refused.stderr
    );
    let refused = machine.run(&["stats", "category:cs.XX"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("unknown category"), "{}", refused.stderr);
}

#[test]
fn what_a_filter_could_not_decide_is_said() {
    let ended = Machine::new().run(&["list", "--category", "cs.LG", "-f", "ids"]);
    assert!(ended.stderr.contains("1 paper left out"), "{}", ended.stderr);
}

#[test]
fn papers_whose_answer_rests_on_an_unsure_key_are_counted() {
    let machine = Machine::new();
    let catalog = r#"[
        {"id": "2001.00001", "title": "A", "published": "2020-01-01", "primary_category": "cs.CL", "categories": ["cs.CL"],
         "catalog": {"unsure": ["categories"]}},
        {"id": "2001.00002", "title": "B", "published": "2020-01-02", "primary_category": "cs.AI", "categories": ["cs.AI"],
         "catalog": {"unsure": ["categories"]}},
        {"id": "2001.00003", "title": "C", "published": "2021-01-03", "primary_category": "cs.LG", "categories": ["cs.LG"],
         "catalog": {"unsure": ["categories", "published"]}}]"#;
    machine.write("own.json", catalog);
    let said = |args: &[&str]| {
        let all: Vec<&str> = args.iter().copied().chain(["--catalog", "own.json"]).collect();
        machine.run(&all).stderr
    };
    let warning = |papers: &str, key: &str| {
        format!(
            "for {papers}, shown or left out, the answer rests on `{key}`, which the catalog marks as unsure"
        )
    };
    // By its primary category, which is sure, the second is in whatever else it is filed under.
    let by_category = said(&["list", "--category", "cs.AI"]);
    assert!(
        by_category.contains(&warning("2 papers", "categories")),
        "{by_category}"
    );
    // The date rules the second out for sure, and is as unsure as the category of the third.
    let by_both = said(&["list", "--category", "cs.AI", "--until", "2020-01-01"]);
    assert!(by_both.contains(&warning("1 paper", "categories")), "{by_both}");
    assert!(by_both.contains(&warning("1 paper", "published")), "{by_both}");
    let counted = said(&["stats", "--by", "category"]);
    assert!(counted.contains(&warning("3 papers", "categories")), "{counted}");
    assert!(!said(&["list"]).contains("unsure"));
    assert!(!said(&["stats"]).contains("`categories`"));
}

#[test]
fn aliases_find_what_is_filed_under_the_other_name() {
    let machine = Machine::new();
    let catalog = r#"[{"id": "2001.00001", "title": "On Strings", "categories": ["math-ph"]},
                      {"id": "math/0101001", "title": "On Sheaves", "categories": ["alg-geom"]}]"#;
    machine.write("own.json", catalog);
    let ids = |code: &str| {
        machine
            .run(&["list", "--catalog", "own.json", "-f", "ids", "--category", code])
            .ok()
    };
    assert_eq!(ids("math.MP"), "2001.00001\n");
    assert_eq!(ids("math-ph"), "2001.00001\n");
    assert_eq!(ids("math.AG"), "math/0101001\n");
}

#[test]
fn export_writes_whole_records() {
    let machine = Machine::new();
    let records = machine.run(&["export"]).json();
    assert_eq!(records.len(), 35);
    assert!(
        records
            .iter()
            .all(|record| record["catalog"]["summary"]["zh"].is_string())
    );
    let lines = machine.run(&["export", "--jsonl", "--area", "ocr"]).ok();
    assert_eq!(lines.lines().count(), 2);
}

#[test]
fn fields_choose_and_order() {
    let machine = Machine::new();
    let line = machine
        .run(&[
            "list",
            "--fields",
            "catalog.area,id,authors",
            "R1",
            "--area",
            "reasoning",
            "-n",
            "1",
        ])
        .ok();
    assert!(
        line.starts_with("reasoning\t2501.12948\tDeepSeek-AI; Daya Guo; "),
        "{line}"
    );
    let json = machine
        .run(&["list", "--fields", "id,catalog.short_name", "--json", "-n", "1"])
        .ok();
    insta::assert_snapshot!(json);
    insta::assert_snapshot!("fields", machine.run(&["list", "--fields"]).ok());
}

#[test]
fn fields_choose_for_a_person_too() {
    let machine = Machine::new();
    let table = machine
        .arxcat(&["list", "--fields", "id,date,area,title", "-n", "2"])
        .terminal(60)
        .run()
        .ok();
    insta::assert_snapshot!("fields_table", table);
    let text = machine
        .run(&[
            "show",
            "R1",
            "--fields",
            "short name,date,category,abs,not verified",
        ])
        .ok();
    insta::assert_snapshot!("fields_text", text);
    let refused = machine.run(&["list", "-f", "markdown", "--fields", "id"]);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("table, tsv, text, csv, json, jsonl"),
        "{}",
        refused.stderr
    );
}

#[test]
fn the_extension_of_the_file_decides_the_format() {
    let machine = Machine::new();
    for (name, start) in [
        ("a.json", "[\n  {\n"),
        ("a.jsonl", "{\"id\":"),
        ("a.csv", "id,version,title"),
        ("a.tsv", "2609.22978\t2026-"),
        ("a.md", "- ["),
        ("a.bib", "@misc{"),
        ("a.ris", "TY  - GEN"),
        ("a.csl.json", "[\n  {\n    \"id\""),
        ("a.txt", "DeepSeek Elastic Compute"),
        ("a.data", "2609.22978\t2026-"),
    ] {
        machine.run(&["list", "-n", "1", "-o", name]).ok();
        let written = machine.read(name);
        assert!(written.starts_with(start), "{name}: {written}");
    }
    machine
        .run(&["list", "-n", "1", "-f", "ids", "-o", "b.json"])
        .ok();
    assert_eq!(
        machine.read("b.json"),
        "2609.22978\n",
        "--format goes before the extension"
    );
    machine.run(&["timeline", "-o", "t.txt"]).ok();
    assert_eq!(machine.read("t.txt"), machine.run(&["timeline"]).ok());
    machine.run(&["stats", "-o", "s.json"]).ok();
    assert!(machine.read("s.json").starts_with("[\n  {\n    \"by\""));
    machine.run(&["cite", "R1", "--offline", "-o", "refs.json"]).ok();
    assert!(machine.read("refs.json").contains("\"type\": \"article\""));
}

#[test]
fn long_output_on_a_terminal_goes_through_the_pager() {
    let machine = Machine::new();
    let pager = machine.write(
        "pager",
        "#!/bin/sh\nwhile IFS= read -r line; do printf '%s\\n' \"P $line\"; done\n",
    );
    std::fs::set_permissions(&pager, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let pager = pager.display().to_string();
    let run = |args: &[&str], name: &str, value: &str| {
        machine.arxcat(args).terminal(80).env(name, value).run().ok()
    };
    let long = &["list", "--json"][..];
    let plain = machine
        .arxcat(&["list", "--json", "--no-pager"])
        .terminal(80)
        .run()
        .ok();
    let marked = plain.replace('\n', "\nP ");
    let marked = format!("P {}", marked.strip_suffix("P ").unwrap());
    assert_eq!(run(long, "PAGER", &pager), marked);
    assert_eq!(run(long, "ARXCAT_PAGER", &format!("{pager} -x")), marked);
    assert_eq!(
        run(&["list", "-n", "3", "--json", "--fields", "id"], "PAGER", &pager)
            .matches("P ")
            .count(),
        0
    );
    assert_eq!(run(&["list", "--json", "--no-pager"], "PAGER", &pager), plain);
    for without in ["", "cat", "no-such-pager", "/no/such/pager"] {
        assert_eq!(run(long, "ARXCAT_PAGER", without), plain, "{without}");
    }
    let piped = machine.arxcat(long).env("PAGER", &pager).run().ok();
    assert_eq!(piped, plain);
    // A reader who leaves early is no error.
    let quits = machine.write("quits", "#!/bin/sh\nread -r line\nprintf '%s\\n' \"$line\"\n");
    std::fs::set_permissions(&quits, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let ended = machine
        .arxcat(&["export"])
        .two_terminals(80)
        .env("PAGER", &quits.display().to_string())
        .run();
    assert_eq!(
        (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
        (Some(0), "[\n", "")
    );
}

#[test]
fn a_catalog_of_the_users_own_works_by_file_and_by_name() {
    let machine = Machine::new();
    let catalog = r#"{"name": "moe", "as_of": "2026-10-01", "areas": [], "papers": [
        {"id": "2001.00001", "title": "A Paper of Mine", "catalog": {"short_name": "Mine"}}]}"#;
    machine.write("config/arxcat/catalogs/moe.json", catalog);
    let by_file = machine
        .run(&["list", "--catalog", "config/arxcat/catalogs/moe.json"])
        .ok();
    assert_eq!(by_file, machine.run(&["list", "--catalog", "moe"]).ok());
    assert!(
        machine
            .run(&["show", "Mine", "--catalog", "moe"])
            .ok()
            .contains("A Paper of Mine")
    );
    assert!(
        machine
            .run(&["show", "R1", "--catalog", "moe"])
            .ok()
            .contains("2501.12948")
    );
}

#[test]
fn an_exported_record_is_whole() {
    let machine = Machine::new();
    insta::assert_snapshot!("export", machine.run(&["export", "--title", "manifold*"]).ok());
    insta::assert_snapshot!("schema_names", machine.run(&["schema"]).ok());
}

#[test]
fn where_nothing_is_held_that_is_said() {
    let machine = Machine::new();
    for args in [&["list", "-L"][..], &["search", "-L", "moths"], &["stats", "-L"]] {
        let ended = machine.run(args);
        assert_eq!(
            (ended.code, ended.stderr.as_str()),
            (
                Some(0),
                "note: no paper of the library: nothing is held on this machine yet\n"
            ),
            "{args:?}"
        );
    }
}
