//! Files that are none of ours, torn ones, several writers, sudden deaths.

use arxcat::library::{Library, Scope, UpsertOptions};
use arxcat::model::date::Stamp;
use rusqlite::{Connection, params};

use super::{database, folder, id, library, machine_with, note, now, record};
use crate::arxcat::Machine;

/// Commands that read the library and that write to it.
const READING: &[&[&str]] = &[&["tags"], &["untag", "todo", "2501.00001"], &["outdated"]];
const WRITING: &[&[&str]] = &[&["tag", "todo", "R1"], &["note", "R1", "text"]];

#[track_caller]
fn all_refuse(machine: &Machine, commands: &[&[&str]], words: &str) {
    for args in commands {
        let ended = machine.run(args);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(4), ""),
            "{args:?}: {}",
            ended.shown()
        );
        assert!(ended.stderr.contains(words), "{args:?}: {}", ended.shown());
        assert!(ended.stderr.contains("hint: "), "{args:?}: {}", ended.shown());
    }
}

#[test]
fn a_file_of_somebody_else_is_refused_and_left_alone() {
    let machine = Machine::new();
    let text = "a diary, ".repeat(1000);
    machine.write("data/arxcat/library.db", &text);
    all_refuse(&machine, READING, "is not a library of arxcat");
    all_refuse(&machine, WRITING, "is not a library of arxcat");
    assert_eq!(machine.read("data/arxcat/library.db"), text);
    let other = Machine::new();
    other.write("data/arxcat/.keep", "");
    let db = Connection::open(database(&other)).unwrap();
    db.execute_batch("CREATE TABLE diary (day TEXT); INSERT INTO diary VALUES ('monday')")
        .unwrap();
    all_refuse(&other, READING, "is not a library of arxcat");
    all_refuse(&other, WRITING, "is not a library of arxcat");
    let days: u32 = db
        .query_row("SELECT count(*) FROM diary", [], |row| row.get(0))
        .unwrap();
    let mode: String = db.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(
        (days, mode.as_str()),
        (1, "delete"),
        "not even its mode is changed"
    );
}

#[test]
fn a_newer_form_is_refused() {
    let machine = machine_with(&[record("2501.00001", "A Plain Paper", "2026-10-01")]);
    Connection::open(database(&machine))
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    all_refuse(&machine, READING, "is of a newer arxcat (form 99");
    all_refuse(&machine, WRITING, "is of a newer arxcat (form 99");
}

#[test]
fn an_older_form_is_brought_up_with_all_that_is_in_it() {
    let machine = machine_with(&[
        record("2501.00002", "A Plain Paper", "2026-10-01"),
        record("2501.00001", "A Lantern Paper", "2026-10-02"),
    ]);
    machine.run(&["tag", "todo", "2501.00002"]).ok();
    let lists = [
        &["list", "-M", "-f", "json"] as &[_],
        &["list", "-L", "--tag", "todo"],
        &["search", "-M", "lantern", "-f", "json"],
    ];
    let before = lists.map(|args| machine.run(args).ok());
    make_old(&machine);
    assert_eq!(form(&machine), 1);
    let after = lists.map(|args| machine.run(args).ok());
    assert_eq!(after, before);
    assert_eq!(form(&machine), NEWEST_SCHEMA);
    let library = library(&machine);
    let deleted = |paper| library.negative_entry(id(paper)).unwrap().unwrap().deleted;
    assert!(deleted("2501.00003"), "arXiv said that it deleted the paper");
    assert!(
        !deleted("2501.00004"),
        "arXiv said that it does not know the paper"
    );
    assert_eq!(machine.run(&["doctor"]).code, Some(0));
}

/// Version of the database's schema as this program makes it.
const NEWEST_SCHEMA: u32 = 5;

fn form(machine: &Machine) -> u32 {
    let db = Connection::open(database(machine)).unwrap();
    db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

/// Makes the library one of the first form, with the same rows.
fn make_old(machine: &Machine) {
    let old = folder(machine).join("old.db");
    let db = Connection::open(&old).unwrap();
    db.execute_batch(include_str!("../../../src/library/schema/001.sql"))
        .unwrap();
    db.execute("ATTACH ?1 AS now", [database(machine).to_str().unwrap()])
        .unwrap();
    db.execute_batch(
        "INSERT INTO library SELECT * FROM now.library;
         INSERT INTO papers SELECT key, version, as_of, checked, published, updated, created, revision, record
             FROM now.papers;
         INSERT INTO kept SELECT * FROM now.kept;
         INSERT INTO tags SELECT key, tag FROM now.tags;
         DETACH now;
         PRAGMA application_id = 0x61727863;
         PRAGMA user_version = 1;",
    )
    .unwrap();
    for (paper, reason) in [
        ("2501.00003", "arXiv deleted this paper"),
        ("2501.00004", "arXiv has no paper of this number"),
    ] {
        let row = params![id(paper).packed(), reason];
        db.execute(
            "INSERT INTO absent VALUES (?1, 0, '2026-10-01T00:00:00Z', ?2)",
            row,
        )
        .unwrap();
    }
    drop(db);
    for side in ["library.db-wal", "library.db-shm"] {
        let _ = std::fs::remove_file(folder(machine).join(side));
    }
    std::fs::rename(old, database(machine)).unwrap();
}

#[test]
fn an_empty_file_is_a_new_library() {
    let machine = Machine::new();
    machine.write("data/arxcat/library.db", "");
    assert_eq!(machine.run(&["tags", "-f", "tsv"]).ok(), "");
    assert_eq!(
        std::fs::metadata(database(&machine)).unwrap().len(),
        0,
        "reading makes nothing"
    );
    machine.run(&["tag", "todo", "R1"]).ok();
    assert_eq!(library(&machine).count(Scope::Library).unwrap(), 1);
}

#[test]
fn a_folder_or_a_file_in_the_way_is_told() {
    let machine = Machine::new();
    std::fs::create_dir_all(database(&machine)).unwrap();
    for args in [READING, WRITING].concat() {
        let ended = machine.run(args);
        assert_eq!(ended.code, Some(4), "{args:?}: {}", ended.shown());
        assert!(ended.stderr.contains("library.db"), "{args:?}: {}", ended.shown());
    }
    let other = Machine::new();
    other.write("data/arxcat", "a file");
    for args in WRITING {
        let ended = other.run(args);
        assert_eq!(ended.code, Some(4), "{args:?}: {}", ended.shown());
    }
    assert_eq!(other.read("data/arxcat"), "a file");
}

#[test]
fn a_damaged_database_is_told_with_the_doctor() {
    let machine = machine_with(&[record("2501.00001", "A Plain Paper", "2026-10-01")]);
    let mut bytes = std::fs::read(database(&machine)).unwrap();
    bytes[100..].fill(0xa5);
    std::fs::write(database(&machine), bytes).unwrap();
    all_refuse(&machine, READING, "library.db");
    all_refuse(&machine, WRITING, "`arxcat doctor`");
}

#[test]
fn a_writer_waits_for_another_and_neither_loses_anything() {
    let machine = machine_with(&[]);
    let path = folder(&machine);
    let writers: Vec<_> = (0..2)
        .map(|writer| {
            let path = path.clone();
            std::thread::spawn(move || {
                let mut library = Library::open(&path).unwrap();
                for n in 1..=40 {
                    let own = format!("25{:02}.{n:05}", writer + 1);
                    let both = format!("2503.{n:05}v{}", writer + 1);
                    let records = [
                        record(&own, "Own", "2026-10-01"),
                        record(&both, "Both", "2026-10-01"),
                    ];
                    library
                        .upsert(
                            &records,
                            UpsertOptions {
                                keep: Some(now()),
                                refresh: false,
                                now: None,
                            },
                        )
                        .unwrap();
                    note(&mut library, id(&both), &format!("writer {writer}"));
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    let library = library(&machine);
    assert_eq!(library.count(Scope::Library).unwrap(), 120);
    for n in 1..=40 {
        let paper = id(&format!("2503.{n:05}"));
        assert_eq!(library.get(paper).unwrap().unwrap().paper.version, Some(2));
        assert!(library.get(paper.with_version(1)).unwrap().is_some(), "{paper}v1");
        assert_eq!(library.note(paper).unwrap().unwrap().lines().count(), 2);
    }
    assert_eq!(library.integrity().unwrap(), Vec::<String>::new());
    assert_eq!(library.invalid_rows(|_| {}).unwrap(), []);
}

#[test]
fn killed_while_it_writes_it_leaves_whole_records_only() {
    let machine = machine_with(&[record("2501.00001", "A Plain Paper", "2026-10-01")]);
    let mut told = 0;
    for round in 0..20_u64 {
        let running = machine
            .arxcat(&["tag", &format!("round {round}"), "R1", "V3", "2501.00001"])
            .start();
        std::thread::sleep(std::time::Duration::from_millis(round));
        running.signal(nix::sys::signal::Signal::SIGKILL);
        told += u32::from(running.wait().code == Some(0));
        let library = library(&machine);
        assert_eq!(library.integrity().unwrap(), Vec::<String>::new());
        assert_eq!(library.invalid_rows(|_| {}).unwrap(), []);
        for (tag, papers) in library.tags().unwrap() {
            assert_eq!(papers, 3, "{tag}: all of it or nothing");
        }
    }
    assert!(u64::from(told) <= library(&machine).tags().unwrap().len() as u64);
}

/// Cuts the stored record of a paper short, in all of its versions.
fn truncate_record(machine: &Machine, paper: &str) {
    let db = Connection::open(database(machine)).unwrap();
    for table in ["papers", "versions"] {
        db.execute(
            &format!("UPDATE {table} SET record = substr(record, 1, 40) WHERE key = ?1"),
            [id(paper).packed()],
        )
        .unwrap();
    }
}

#[test]
fn an_unreadable_record_is_replaced_by_the_one_that_arrives() {
    let machine = machine_with(&[
        record("2501.00001v1", "A Plain Paper", "2026-10-01"),
        record("2501.00001v2", "A Plain Paper", "2026-10-02"),
        record("2501.00002", "A Lantern Paper", "2026-10-01"),
    ]);
    machine.run(&["tag", "todo", "2501.00001"]).ok();
    truncate_record(&machine, "2501.00001");
    let mut library = library(&machine);
    let arriving = [
        record("2501.00001v1", "A Mended Paper", "2026-10-03"),
        record("2501.00001v2", "A Mended Paper", "2026-10-03"),
        record("2501.00003", "Another Paper", "2026-10-03"),
    ];
    let report = library.upsert(&arriving, UpsertOptions::default()).unwrap();
    assert_eq!((report.new, report.updated, report.refused), (1, 2, Vec::new()));
    let mended = library.get(id("2501.00001")).unwrap().unwrap().paper;
    assert_eq!(
        (mended.version, mended.title.as_str()),
        (Some(2), "A Mended Paper")
    );
    assert_eq!(mended.library.unwrap().tags, ["todo"]);
    assert!(library.get(id("2501.00001v1")).unwrap().is_some());
    assert_eq!(library.invalid_rows(|_| {}).unwrap(), []);
}

#[test]
fn an_import_goes_past_an_unreadable_record_and_mends_it() {
    let machine = machine_with(&[
        record("2501.00001", "A Plain Paper", "2026-10-01"),
        record("2501.00002", "A Lantern Paper", "2026-10-01"),
    ]);
    let exported = machine.run(&["export", "-L", "-f", "jsonl"]).ok();
    truncate_record(&machine, "2501.00001");
    machine.write("saved.jsonl", &exported);
    let ended = machine.run(&["import", "saved.jsonl"]);
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    assert!(
        ended.stderr.contains("0 new, 1 updated, 1 the same"),
        "{}",
        ended.shown()
    );
    assert_eq!(machine.run(&["export", "-L", "-f", "jsonl"]).ok(), exported);
}

#[test]
fn a_record_that_could_not_be_read_back_is_refused_and_stops_no_other() {
    let machine = machine_with(&[record("2501.00001", "A Plain Paper", "2026-10-01")]);
    let mut library = library(&machine);
    let mut late = record("2501.00001", "A Plain Paper", "2026-10-02");
    let year_12007 = chrono::NaiveDate::from_ymd_opt(12007, 4, 2).unwrap();
    late.paper.updated = Some(Stamp::Second(year_12007.and_hms_opt(0, 0, 0).unwrap().and_utc()));
    let good = record("2501.00002", "A Lantern Paper", "2026-10-02");
    let report = library.upsert(&[late, good], UpsertOptions::default()).unwrap();
    assert_eq!((report.new, report.refused.len()), (1, 1), "{report:?}");
    assert_eq!(report.refused[0].0, id("2501.00001v1"));
    assert!(library.get(id("2501.00001")).unwrap().is_some());
    assert_eq!(library.invalid_rows(|_| {}).unwrap(), []);
}
