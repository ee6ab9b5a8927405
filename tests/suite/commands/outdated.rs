//! `outdated`: what changed at arXiv since the records came.

use arxcat::library::DownloadedFile;
use arxcat::model::file_kind::FileKind;
use nix::sys::signal::Signal;
use rusqlite::Connection;

use crate::arxcat::Machine;
use crate::fake::{Fake, Invented, Trouble};
use crate::library::{database, id, keep, library, now, record};

/// What arXiv has by now of the four papers of [`a_library`]: the first as it was, the second revised, the third
/// published, the fourth withdrawn.
fn arxiv() -> Fake {
    Fake::with(vec![
        Invented::new("2501.00001", "2025-01-02", "A Plain Paper", &["cs.CL"]),
        Invented::new("2501.00002", "2025-01-02", "A Revised Paper", &["cs.CL"])
            .version("2025-02-01")
            .version("2025-06-30"),
        Invented::new("2501.00003", "2025-01-02", "A Published Paper", &["cs.CL"])
            .journal_ref("J. Invent. Res. 7 (2025) 1-12")
            .doi("10.1234/invented.2025.7"),
        Invented::new("2501.00004", "2025-01-02", "A Withdrawn Paper", &["cs.CL"])
            .version("2025-03-01")
            .comment("This paper has been withdrawn by the author due to an error in Lemma 2"),
    ])
}

fn a_library(fake: &Fake) -> Machine {
    let machine = Machine::with_arxiv(&fake.url());
    keep(
        &machine,
        &[
            record("2501.00001v1", "A Plain Paper", "2026-10-01"),
            record("2501.00002v1", "A Revised Paper", "2026-10-01"),
            record("2501.00003v1", "A Published Paper", "2026-10-01"),
            record("2501.00004v1", "A Withdrawn Paper", "2026-10-01"),
        ],
    );
    machine
}

#[test]
fn news_is_told_once_and_the_records_are_brought_up_to_date() {
    let fake = arxiv();
    let machine = a_library(&fake);
    let json = machine.arxcat(&["outdated", "--json", "-o", "news.json"]).run();
    assert_eq!(json.code, Some(0), "{}", json.shown());
    assert_eq!(fake.requests().len(), 1);
    insta::assert_snapshot!("outdated_json", machine.read("news.json"));
    let held = library(&machine).get(id("2501.00002")).unwrap().unwrap();
    assert_eq!(held.paper.version, Some(3));
    let again = machine.run(&["outdated"]);
    assert_eq!(
        (again.code, again.stdout.as_str()),
        (Some(0), ""),
        "{}",
        again.shown()
    );
    assert!(
        again.stderr.contains("nothing new of 4 papers"),
        "{}",
        again.shown()
    );
    assert_eq!(fake.requests().len(), 1, "asked within a day");
    machine.run(&["outdated", "--refresh"]).ok();
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn a_person_gets_a_table_and_a_pipe_identifiers() {
    let fake = arxiv();
    let on_terminal = a_library(&fake).arxcat(&["outdated"]).terminal(80).run().ok();
    insta::assert_snapshot!("outdated_table", on_terminal);
    let ids = a_library(&fake).run(&["outdated", "-f", "ids"]).ok();
    assert_eq!(ids, "2501.00004\n2501.00003\n2501.00002\n");
    let tsv = a_library(&fake).run(&["outdated"]).ok();
    assert!(
        tsv.starts_with("2501.00004\t\tsuperseded\tversion\t1\t2\t"),
        "{tsv}"
    );
}

#[test]
fn papers_are_named_or_selected() {
    let fake = arxiv();
    let machine = a_library(&fake);
    machine.run(&["tag", "todo", "2501.00002", "2501.00001"]).ok();
    let tagged = machine.run(&["outdated", "--tag", "todo", "-f", "ids"]).ok();
    assert_eq!(tagged, "2501.00002\n");
    fake.assert_never_sent("2501.00003");
    let named = machine.run(&[
        "outdated",
        "2501.00004v1",
        "2501.00003",
        "2501.00009",
        "nonsense",
        "-f",
        "ids",
        "--ledger",
        "ledger.jsonl",
    ]);
    insta::assert_snapshot!("outdated_batch", named.shown());
    insta::assert_snapshot!("outdated_batch_ledger", machine.read("ledger.jsonl"));
    let both = machine.run(&["outdated", "2501.00001", "--tag", "todo"]);
    assert_eq!(both.code, Some(2), "{}", both.shown());
    let wrong = machine.run(&["outdated", "-f", "bibtex"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.shown());
}

#[test]
fn a_dry_run_counts_and_sends_nothing() {
    let fake = arxiv();
    let mut machine = a_library(&fake);
    machine.set("ARXCAT_INTERVAL", "3");
    assert_eq!(
        machine.run(&["outdated", "--dry-run"]).ok(),
        "1 request for 4 papers, at least 3 s\n"
    );
    let mut fresh = record("2501.00005", "A Fresh Paper", "2026-10-15");
    fresh.paper.retrieved = arxcat::model::date::Stamp::parse("2026-10-15T11:00:00Z");
    keep(&machine, &[fresh]);
    assert_eq!(
        machine
            .run(&["outdated", "--dry-run", "2501.00005", "2501.00099"])
            .ok(),
        "no request is needed; 1 paper asked about a short while ago\n"
    );
    assert!(fake.requests().is_empty());
}

#[test]
fn offline_it_says_what_it_can_and_of_how_many_it_cannot_know() {
    let fake = arxiv();
    let machine = a_library(&fake);
    let mut fresh = record("2501.00005v3", "A Paper with an Old DownloadedFile", "2026-10-15");
    fresh.paper.retrieved = arxcat::model::date::Stamp::parse("2026-10-15T11:00:00Z");
    keep(&machine, &[fresh]);
    let pdf = machine.write("old.pdf", "%PDF");
    library(&machine)
        .add_file(&DownloadedFile {
            id: id("2501.00005v2"),
            kind: FileKind::Pdf,
            path: pdf,
            size: 4,
            sha256: String::new(),
            retrieved: now(),
        })
        .unwrap();
    let ended = machine.run(&["outdated", "--offline", "--ledger", "ledger.jsonl"]);
    insta::assert_snapshot!("outdated_offline", ended.shown());
    assert_eq!(machine.read("ledger.jsonl").matches("\"unavailable\"").count(), 4);
    assert!(fake.requests().is_empty());
    let one = machine.run(&["outdated", "--offline", "2501.00001"]);
    assert!(
        one.stderr
            .contains("of 1 paper it cannot be known without arXiv whether it changed,"),
        "{}",
        one.stderr
    );
    let known = machine.run(&["outdated", "--offline", "2501.00005"]);
    assert_eq!(known.code, Some(0), "{}", known.shown());
}

#[test]
fn what_arxiv_does_not_answer_stays_to_be_asked() {
    let fake = arxiv();
    fake.always(Trouble::Status(503, None));
    let machine = a_library(&fake);
    let ended = machine.run(&["outdated", "--json"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(3), "[]\n"),
        "{}",
        ended.shown()
    );
    let held = library(&machine).get(id("2501.00002")).unwrap().unwrap();
    assert_eq!(held.paper.version, Some(1));
}

#[test]
fn an_interrupt_ends_it_in_order() {
    let fake = arxiv();
    fake.always(Trouble::Stall(std::time::Duration::from_secs(4)));
    let machine = a_library(&fake);
    let running = machine
        .arxcat(&["outdated", "--json", "--ledger", "ledger.jsonl"])
        .start();
    fake.wait_for_requests(1);
    running.signal(Signal::SIGINT);
    let ended = running.wait();
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(130), "[]\n"),
        "{}",
        ended.shown()
    );
    assert_eq!(machine.read("ledger.jsonl").matches("\"interrupted\"").count(), 8);
}

#[test]
fn news_that_nobody_read_is_told_again() {
    let fake = arxiv();
    let machine = a_library(&fake);
    machine.write("there.tsv", "");
    let ended = machine.run(&["outdated", "-o", "there.tsv"]);
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(
        fake.requests().is_empty(),
        "nothing is asked where there is no place for the answer"
    );
    let full = machine.run(&["outdated", "-o", "/dev/full"]);
    assert_eq!(full.code, Some(4), "{}", full.shown());
    let again = machine.run(&["outdated", "--refresh", "-f", "ids"]).ok();
    assert_eq!(again, "2501.00004\n2501.00003\n2501.00002\n");
}

#[test]
fn a_clock_that_was_wrong_hides_no_paper() {
    let fake = arxiv();
    let machine = Machine::with_arxiv(&fake.url());
    let checked = |at: &str| {
        let mut record = record("2501.00002v1", "A Revised Paper", "2026-10-15");
        record.paper.retrieved = arxcat::model::date::Stamp::parse(at);
        keep(&machine, &[record]);
        machine.run(&["outdated", "--dry-run"]).ok()
    };
    let just_now = checked("2026-10-15T12:00:30Z");
    assert!(just_now.starts_with("no request is needed"), "{just_now}");
    let to_come = checked("2035-01-01T00:00:00Z");
    assert!(to_come.starts_with("1 request for 1 paper"), "{to_come}");
    assert_eq!(machine.run(&["outdated", "-f", "ids"]).ok(), "2501.00002\n");
}

#[test]
fn a_damaged_record_leaves_a_ledger_that_says_so() {
    let fake = arxiv();
    let machine = a_library(&fake);
    spoil(&machine, "2501.00002");
    let ended = machine.run(&["outdated", "2501.00001", "2501.00002", "--ledger", "ledger.jsonl"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(4), ""),
        "{}",
        ended.shown()
    );
    assert_eq!(
        machine.read("ledger.jsonl").matches("\"failed\"").count(),
        2,
        "{}",
        ended.shown()
    );
}

/// Truncates the stored record of a paper.
pub fn spoil(machine: &Machine, paper: &str) {
    Connection::open(database(machine))
        .unwrap()
        .execute(
            "UPDATE papers SET record = substr(record, 1, 40) WHERE key = ?1",
            [id(paper).packed()],
        )
        .unwrap();
}
