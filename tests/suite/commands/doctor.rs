//! `doctor`: what is wrong with a library, and what is mended of it.

use arxcat::library::DownloadedFile;
use arxcat::model::file_kind::FileKind;
use rusqlite::Connection;

use crate::arxcat::Machine;
use crate::library::{folder, id, library, machine_with, now, record};

/// SHA-256 of `%PDF`.
const SUM: &str = "315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027";

fn a_library() -> Machine {
    let machine = machine_with(&[
        record("2501.00001", "A Plain Paper", "2026-10-01"),
        record("2501.00002", "Another Plain Paper", "2026-10-01"),
    ]);
    machine.run(&["tag", "todo", "2501.00001"]).ok();
    machine.run(&["note", "2501.00001", "read section 3"]).ok();
    machine
}

fn spoil(machine: &Machine, sql: &str) {
    let db = Connection::open(folder(machine).join("library.db")).unwrap();
    db.execute_batch(sql).unwrap();
}

fn download(machine: &Machine, name: &str, sum: &str) {
    let path = machine.write(name, "%PDF");
    let file = DownloadedFile {
        id: id("2501.00001v1"),
        kind: FileKind::Pdf,
        path,
        size: 4,
        sha256: sum.to_owned(),
        retrieved: now(),
    };
    library(machine).add_file(&file).unwrap();
}

/// The states of a part.
fn states(machine: &Machine, part: &str, args: &[&str]) -> Vec<String> {
    let ended = machine.run(&[&["doctor", "--json"], args].concat());
    let of_part = ended.json().into_iter().filter(|check| check["part"] == part);
    of_part
        .map(|check| check["state"].as_str().unwrap().to_owned())
        .collect()
}

/// Without what differs from machine to machine: the folder, and the sizes.
fn anonymous(machine: &Machine, shown: &str) -> String {
    let home = machine.path("").display().to_string();
    let text = shown
        .replace(&home, "~/")
        .replace(home.trim_end_matches('/'), "~");
    let words = text.split(' ').map(|word| {
        if word.len() < 7 && word.parse::<f64>().is_ok() && word.contains('.') {
            "N"
        } else {
            word
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_healthy_library_is_told_so() {
    let machine = a_library();
    download(&machine, "one.pdf", SUM);
    let ended = machine.run(&["doctor"]);
    insta::assert_snapshot!("doctor_healthy", anonymous(&machine, &ended.shown()));
    let schema = serde_json::from_str(&machine.run(&["schema", "check"]).ok()).unwrap();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("memory:check", schema).unwrap();
    let index = compiler.compile("memory:check", &mut schemas).unwrap();
    let checks = machine.run(&["doctor", "--json"]).json();
    assert!(checks.len() >= 5, "{checks:?}");
    for check in checks {
        schemas.validate(&check, index).unwrap();
    }
}

#[test]
fn files_that_are_gone_or_changed_are_found_and_forgotten() {
    let machine = a_library();
    download(&machine, "gone.pdf", SUM);
    download(&machine, "longer.pdf", SUM);
    download(&machine, "other.pdf", &SUM.replace('3', "4"));
    download(&machine, "whole.pdf", SUM);
    std::fs::remove_file(machine.path("gone.pdf")).unwrap();
    machine.write("longer.pdf", "%PDF and more");
    let mut all = machine.run(&["doctor"]).shown();
    all += &machine.run(&["doctor", "--fix"]).shown();
    all += &machine.run(&["doctor", "--fix", "--yes"]).shown();
    insta::assert_snapshot!("doctor_files", anonymous(&machine, &all));
    assert!(machine.path("other.pdf").exists());
    assert_eq!(library(&machine).all_files().unwrap().len(), 1);
    machine.run(&["doctor"]).ok();
}

#[test]
fn columns_are_written_anew_from_their_records() {
    let machine = a_library();
    spoil(
        &machine,
        "UPDATE papers SET version = 9, published = NULL, as_of = 'soon' WHERE key % 2 IN (0, 1)",
    );
    assert_eq!(states(&machine, "records", &[]), ["damaged"]);
    assert_eq!(states(&machine, "records", &["--fix"]), ["mended"]);
    assert_eq!(states(&machine, "records", &[]), ["ok"]);
    let held = library(&machine).get(id("2501.00001v1")).unwrap().unwrap();
    assert_eq!(held.paper.title, "A Plain Paper");
}

#[test]
fn a_record_that_cannot_be_read_goes_only_when_the_user_says_so_and_words_stay() {
    let machine = a_library();
    let key = id("2501.00001").packed();
    spoil(
        &machine,
        &format!("UPDATE papers SET record = substr(record, 1, 40) WHERE key = {key}"),
    );
    let mut all = machine.run(&["doctor"]).shown();
    all += &machine.run(&["doctor", "--fix"]).shown();
    all += &machine.run(&["doctor", "--fix", "--yes"]).shown();
    all += &machine.run(&["doctor"]).shown();
    insta::assert_snapshot!("doctor_records", anonymous(&machine, &all));
    let library = library(&machine);
    assert_eq!(library.tags().unwrap(), [("todo".to_owned(), 1)]);
    assert_eq!(
        library.note(id("2501.00001")).unwrap().as_deref(),
        Some("read section 3")
    );
}

#[test]
fn values_that_this_program_never_writes_are_faults_like_others() {
    for (sql, mendable) in [
        ("UPDATE papers SET record = CAST(x'ff' AS TEXT)", false),
        ("UPDATE papers SET version = -1", true),
        ("UPDATE papers SET version = 1 << 40", true),
        ("UPDATE papers SET published = CAST(x'ff' AS TEXT)", true),
        ("UPDATE papers SET checked = CAST(x'ff' AS TEXT)", true),
        (
            "INSERT INTO versions SELECT key, -1, NULL, record FROM papers",
            false,
        ),
        (
            "INSERT INTO versions SELECT key, 0, NULL, CAST(x'ff' AS TEXT) FROM papers",
            false,
        ),
    ] {
        let machine = a_library();
        spoil(&machine, sql);
        assert_eq!(states(&machine, "records", &[]), ["damaged"], "{sql}");
        let undecided = if mendable { "mended" } else { "damaged" };
        assert_eq!(states(&machine, "records", &["--fix"]), [undecided], "{sql}");
        let agreed = if mendable { "ok" } else { "mended" };
        assert_eq!(
            states(&machine, "records", &["--fix", "--yes"]),
            [agreed],
            "{sql}"
        );
        machine.run(&["doctor"]).ok();
    }
}

#[test]
fn what_can_be_read_is_saved_from_among_what_cannot() {
    let machine = a_library();
    let key = id("2501.00001").packed();
    spoil(
        &machine,
        &format!("UPDATE papers SET record = CAST(x'ff7b' AS TEXT) WHERE key = {key}"),
    );
    let export = ["export", "-M", "-f", "jsonl", "-o", "saved.jsonl"];
    let ended = machine.run(&export);
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(
        ended
            .stderr
            .contains("1 record left out that cannot be read: `arxcat doctor` says which"),
        "{}",
        ended.shown()
    );
    let saved = machine.read("saved.jsonl");
    assert_eq!(saved.lines().count(), 1);
    assert!(saved.contains("2501.00002"), "{saved}");
    for args in [
        &["export", "-M"][..],
        &["list", "-L", "--sort", "title", "--json"],
        &["list", "-M", "--title", "plain", "--json"],
        &["search", "-M", "plain", "--json"],
    ] {
        let ended = machine.run(args);
        let found = ended.json();
        assert_eq!(found.len(), 1, "{args:?}: {}", ended.shown());
        assert_eq!(found[0]["id"], "2501.00002", "{args:?}");
    }
}

#[test]
fn what_can_be_read_is_saved_from_a_torn_database() {
    let machine = Machine::new();
    let papers: Vec<String> = (1..=500)
        .map(|n| {
            let words = "word ".repeat(100);
            format!("{{\"id\":\"2501.{n:05}\",\"title\":\"Paper {n}\",\"abstract\":\"{words}\"}}\n")
        })
        .collect();
    machine.write("papers.jsonl", papers.concat());
    machine.run(&["import", "papers.jsonl"]).ok();
    let file = folder(&machine).join("library.db");
    let mut bytes = std::fs::read(&file).unwrap();
    // One page, in the midst of the records.
    let found = bytes.windows(9).position(|part| part == b"Paper 250").unwrap();
    let page = found / 8192 * 8192;
    bytes[page..page + 8192].fill(0xa5);
    std::fs::write(&file, &bytes).unwrap();
    assert_ne!(states(&machine, "database", &[])[0], "ok");
    let ended = machine.run(&["export", "-M", "-f", "jsonl", "-o", "saved.jsonl"]);
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    let saved = machine.read("saved.jsonl").lines().count();
    assert!((450..500).contains(&saved), "{saved}: {}", ended.shown());
}

#[test]
fn an_index_of_sqlites_own_is_made_anew() {
    let machine = a_library();
    let db = Connection::open(folder(&machine).join("library.db")).unwrap();
    // An index that lacks its rows, as a failing disk would leave it.
    db.execute_batch(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = 'CREATE INDEX tags_by_name ON tags (key)' WHERE name = 'tags_by_name';",
    )
    .unwrap();
    drop(db);
    let db = Connection::open(folder(&machine).join("library.db")).unwrap();
    db.execute_batch(
        "INSERT INTO tags (key, tag, folded) SELECT key, 'x' || key, 'x' || key FROM papers;
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = 'CREATE INDEX tags_by_name ON tags (tag)' WHERE name = 'tags_by_name';",
    )
    .unwrap();
    drop(db);
    assert_eq!(states(&machine, "database", &[])[0], "damaged");
    assert_eq!(states(&machine, "database", &["--fix"]), ["mended"]);
    assert_eq!(states(&machine, "database", &[]), ["ok"]);
}

#[test]
fn a_torn_database_is_damaged_and_stays_as_it_is() {
    let machine = a_library();
    let file = folder(&machine).join("library.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let half = bytes.len() / 2;
    bytes[8192..half].fill(0xa5);
    std::fs::write(&file, &bytes).unwrap();
    for args in [&["doctor"][..], &["doctor", "--fix", "--yes"]] {
        let ended = machine.run(args);
        assert_eq!(ended.code, Some(4), "{}", ended.shown());
        assert!(ended.stdout.contains("damaged"), "{}", ended.shown());
        assert!(ended.stderr.contains("hint:"), "{}", ended.shown());
    }
}

#[test]
fn what_dead_runs_left_is_swept_and_strangers_are_named() {
    let machine = a_library();
    machine.write("data/arxcat/.arxcat-abc.part", "half");
    machine.write("data/arxcat/thesis.txt", "mine");
    let ended = machine.run(&["doctor"]);
    insta::assert_snapshot!("doctor_folder", anonymous(&machine, &ended.shown()));
    machine.run(&["doctor", "--fix"]).ok();
    assert!(!machine.path("data/arxcat/.arxcat-abc.part").exists());
    assert!(machine.path("data/arxcat/thesis.txt").exists());
}

#[test]
fn an_absent_library_is_no_sick_one() {
    let machine = Machine::new();
    let ended = machine.run(&["doctor", "--json"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), "[]\n"),
        "{}",
        ended.shown()
    );
    assert!(ended.stderr.contains("no library yet"), "{}", ended.shown());
    let wrong = machine.run(&["doctor", "-f", "bibtex"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.shown());
}
