//! Stored records in the commands that take identifiers: nothing fresh is requested again.

use std::time::Duration;

use arxcat::library::Library;
use arxcat::model::id::ArxivId;
use nix::sys::signal::Signal;
use serde_json::Value;

use crate::arxcat::Machine;
use crate::fake::{Fake, Invented, Trouble, papers};

/// Eleven hours, a day and a year after the machine's clock.
const LATER: &str = "2026-10-15T23:00:00Z";
const NEXT_DAY: &str = "2026-10-16T13:00:00Z";
const NEXT_YEAR: &str = "2027-10-15T12:00:00Z";

/// The identifiers in the mirror are what `show` finds.
fn is_held(machine: &Machine, id: &str) -> bool {
    machine.run(&["show", id, "-f", "ids"]).code == Some(0)
}

fn has_library(machine: &Machine) -> bool {
    machine.path("data/arxcat/library.db").exists()
}

/// `2501.00001` as OAI-PMH has it, in this many versions.
fn oai(versions: usize) -> String {
    let days = ["Thu, 02", "Fri, 03"];
    let history = (1..)
        .zip(&days[..versions])
        .fold(String::new(), |history, (n, day)| {
            let date = format!("{day} Jan 2025 12:00:00 GMT");
            history + &format!("<version version=\"v{n}\"><date>{date}</date><size>9kb</size></version>")
        });
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-10-15T12:00:00Z</responseDate>
<request verb="GetRecord">http://127.0.0.1/oai</request><GetRecord><record>
<header><identifier>oai:arXiv.org:2501.00001</identifier><datestamp>2025-01-09</datestamp></header>
<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2501.00001</id><submitter>Ada Example</submitter>
{history}<title>A Plain Paper about Language Models</title><authors>Ada Example</authors>
<categories>cs.CL</categories><license>http://creativecommons.org/licenses/by/4.0/</license>
<abstract>  We invent it once more.
</abstract></arXivRaw></metadata></record></GetRecord></OAI-PMH>"#
    )
}

/// A machine whose arXiv answers by the API as this one does, and by OAI-PMH with this page.
fn with_oai(fake: &Fake, page: &str) -> (Fake, Machine) {
    let harvest = Fake::start();
    harvest.serve("/oai", 200, "text/xml", page);
    let mut machine = Machine::with_arxiv(&fake.url());
    machine.set("ARXCAT_OAI_URL", &format!("{}/oai", harvest.url()));
    (harvest, machine)
}

#[test]
fn what_arxiv_said_within_a_day_is_not_asked_for_again() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let fetch = |now: &str, more: &[&str]| {
        let args = [&["fetch", "2501.00001", "--json"], more].concat();
        let ended = machine.arxcat(&args).env("ARXCAT_NOW", now).run();
        assert_eq!(ended.code, Some(0), "{}", ended.shown());
        (fake.requests().len(), ended.json().remove(0))
    };
    let (_, first) = fetch("2026-10-15T12:00:00Z", &["--ledger", "first"]);
    let (asked, second) = fetch(LATER, &["--ledger", "second"]);
    assert_eq!((asked, &first), (1, &second), "the same record, from here");
    assert_eq!(first["library"]["kept"], "2026-10-15T12:00:00Z");
    assert!(machine.read("first").contains("\"source\":\"api\""));
    assert!(machine.read("second").contains("\"source\":\"library\""));
    assert_eq!(fetch(LATER, &["--max-age", "10h"]).0, 2, "older than allowed");
    assert_eq!(fetch(LATER, &["--refresh"]).0, 3);
    assert_eq!(fetch(LATER, &[]).0, 3);
    let (asked, newest) = fetch(NEXT_YEAR, &[]);
    assert_eq!((asked, &newest["retrieved"]), (4, &Value::from(NEXT_YEAR)));
}

#[test]
fn a_version_never_grows_old_and_never_answers_for_the_paper() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["fetch", "2501.00002v1"]).ok();
    let later = machine
        .arxcat(&["fetch", "2501.00002v1", "--json"])
        .env("ARXCAT_NOW", NEXT_YEAR)
        .run();
    assert_eq!(
        (fake.requests().len(), &later.json()[0]["version"]),
        (1, &1.into())
    );
    let bare = machine.run(&["fetch", "2501.00002", "--json"]).json().remove(0);
    assert_eq!((fake.requests().len(), &bare["version"]), (2, &3.into()));
    let both = machine.run(&["fetch", "2501.00002v1", "2501.00002", "2501.00002v3", "--jsonl"]);
    let versions: Vec<Value> = both.json().iter().map(|one| one["version"].clone()).collect();
    assert_eq!(versions, [1, 3, 3], "{}", both.shown());
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn what_does_not_exist_is_asked_for_once_a_day() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let fetch = |now: &str| {
        let ended = machine
            .arxcat(&["fetch", "2501.00077"])
            .env("ARXCAT_NOW", now)
            .run();
        (ended.code, fake.requests().len(), ended.stderr)
    };
    let (code, asked, _) = fetch("2026-10-15T12:00:00Z");
    assert_eq!(
        (code, asked),
        (Some(1), 2),
        "an empty answer is not believed at once"
    );
    let (code, asked, said) = fetch(LATER);
    assert_eq!((code, asked), (Some(1), 2), "{said}");
    assert!(said.contains("asked at 2026-10-15T12:00:00Z"), "{said}");
    fake.now_has(vec![Invented::new(
        "2501.00077",
        "2026-10-16",
        "A Late Paper",
        &["cs.CL"],
    )]);
    let (code, asked, said) = fetch(NEXT_DAY);
    assert_eq!((code, asked), (Some(0), 3), "{said}");
    assert_eq!(fetch(NEXT_DAY).1, 3, "the record is known now");
}

#[test]
fn a_record_is_kept_unless_told_otherwise_and_with_what_the_user_made_of_it() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["fetch", "2501.00001", "--no-keep"]).ok();
    assert!(!has_library(&machine), "nothing to remember it in");
    machine.run(&["fetch", "2104.00003"]).ok();
    let kept = |args: &[&str]| machine.run(args).json()[0]["library"].clone();
    assert!(kept(&["fetch", "2501.00001", "--no-keep", "--json"]).is_null());
    assert!(is_held(&machine, "2501.00001"), "in the mirror");
    assert_eq!(fake.requests().len(), 3);
    assert_eq!(
        kept(&["fetch", "2501.00001", "--json"])["kept"],
        "2026-10-15T12:00:00Z"
    );
    assert_eq!(fake.requests().len(), 3, "keeping needs no request");
    let mut library = Library::open(&machine.path("data/arxcat")).unwrap();
    let now = "2026-10-15T13:00:00Z".parse().unwrap();
    library
        .tag("todo", &[ArxivId::parse("2501.00001").unwrap()], now)
        .unwrap();
    for args in [
        &["fetch", "2501.00001", "--json"][..],
        &["fetch", "2501.00001", "--json", "--refresh"],
        &["show", "2501.00001", "--json"],
    ] {
        assert_eq!(kept(args)["tags"][0], "todo", "{args:?}");
    }
}

#[test]
fn offline_what_is_held_is_told_however_old_it_is() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["fetch", "2501.00001", "2501.00002v1"]).ok();
    let ended = machine
        .arxcat(&[
            "fetch",
            "--offline",
            "-f",
            "ids",
            "2501.00001",
            "R1",
            "2501.00002v1",
            "2104.00003",
        ])
        .env("ARXCAT_NOW", NEXT_YEAR)
        .run();
    assert_eq!(ended.stdout, "2501.00001\n2501.12948\n2501.00002v1\n");
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert!(
        ended.stderr.contains("2104.00003: not known here"),
        "{}",
        ended.stderr
    );
    let library = machine
        .arxcat(&["fetch", "--via", "library", "-f", "ids", "2501.00001"])
        .env("ARXCAT_NOW", NEXT_YEAR)
        .run();
    assert_eq!(library.ok(), "2501.00001\n");
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn a_library_that_cannot_be_used_costs_the_keeping_and_not_the_answer() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.write(
        "data/arxcat/library.db",
        "This is somebody's list of birds, not a database.",
    );
    let ended = machine.run(&["fetch", "2501.00001", "-f", "ids"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(4), "2501.00001\n"),
        "{}",
        ended.shown()
    );
    assert!(
        ended.stderr.contains("is not a library of arxcat"),
        "{}",
        ended.stderr
    );
    let shown = machine.run(&["show", "R1", "-f", "ids"]);
    assert_eq!((shown.code, shown.stdout.as_str()), (Some(4), "2501.12948\n"));
    machine.write("file", "");
    let nowhere = machine.run(&["fetch", "2501.00001", "-f", "ids", "--library-dir", "file"]);
    assert_eq!(
        (nowhere.code, nowhere.stdout.as_str()),
        (Some(4), "2501.00001\n"),
        "{}",
        nowhere.shown()
    );
    let search = machine.run(&["search", "branes", "-f", "ids", "--library-dir", "file"]);
    assert_eq!(search.stdout, "hep-th/9901001\n", "{}", search.shown());
}

#[test]
fn a_full_disk_breaks_nothing() {
    let fake = Fake::with_many(200);
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["fetch", "1501.00001"]).ok();
    let ids = papers::many(200)
        .iter()
        .fold(String::new(), |ids, paper| ids + &paper.id + "\n");
    machine.write("ids", &ids);
    // No file may grow past 64 blocks of 1 KiB; what would is refused, as on a full disk.
    let arxcat = machine.arxcat(&[]).command();
    let mut shell = std::process::Command::new("bash");
    shell
        .arg("-c")
        .arg("trap '' XFSZ; ulimit -f 64; exec \"$0\" fetch -f ids --refresh < ids")
        .arg(arxcat.get_program())
        .current_dir(machine.path(""))
        .env_clear();
    for (name, value) in arxcat.get_envs() {
        shell.env(name, value.unwrap());
    }
    let ended = shell.output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(4), "{said}");
    assert_eq!(String::from_utf8_lossy(&ended.stdout), ids);
    assert!(said.contains("is not kept"), "{said}");
    assert!(is_held(&machine, "1501.00001"), "what was there is there");
    machine.arxcat(&["fetch", "-f", "ids"]).stdin(&ids).run().ok();
    assert!(is_held(&machine, "1501.00002"), "and can be added to");
}

#[test]
fn where_the_api_keeps_refusing_oai_answers_and_says_so() {
    let fake = Fake::start();
    fake.always(Trouble::status(503));
    let (harvest, machine) = with_oai(&fake, &oai(2));
    let ended = machine.run(&["fetch", "2501.00001", "--json", "--ledger", "ledger"]);
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    let record = ended.json().remove(0);
    assert_eq!(record["source"], "oai");
    assert_eq!(record["retrieved"], "2026-10-15T12:00:00Z");
    assert_eq!(record["license"], "http://creativecommons.org/licenses/by/4.0/");
    assert!(machine.read("ledger").contains("\"source\":\"oai\""));
    assert!(
        ended.stderr.contains("asking OAI-PMH instead")
            && ended
                .stderr
                .contains("2501.00001: as OAI-PMH gave it at 2026-10-15T12:00:00Z"),
        "{}",
        ended.stderr
    );
    assert_eq!((fake.requests().len(), harvest.requests().len()), (5, 1));
    assert_eq!(
        harvest.requests()[0].param("identifier"),
        Some("oai:arXiv.org:2501.00001")
    );
    machine.run(&["fetch", "2501.00001"]).ok();
    assert_eq!(harvest.requests().len(), 1, "it is fresh now");
}

#[test]
fn every_command_that_needs_records_falls_back_to_oai() {
    let fake = Fake::start();
    let (harvest, mut machine) = with_oai(&fake, &oai(2));
    machine.run(&["fetch", "2501.00001"]).ok();
    fake.always(Trouble::status(503));
    machine.set("ARXCAT_NOW", NEXT_YEAR);
    machine.write(
        "refs.bib",
        "@misc{a, title = {A Paper of Two Versions}, eprint = {2501.00001}, archiveprefix = {arXiv}}",
    );
    for args in [
        &["cite", "2501.00001", "--refresh"][..],
        &["check", "refs.bib", "--refresh"],
        &["outdated", "2501.00001", "--refresh"],
        &["download", "2501.00001", "--refresh"],
    ] {
        let before = harvest.requests().len();
        let ended = machine.run(args);
        assert!(
            ended.stderr.contains("asking OAI-PMH instead"),
            "{args:?}\n{}",
            ended.shown()
        );
        assert_eq!(
            harvest.requests().len(),
            before + 1,
            "{args:?}\n{}",
            ended.shown()
        );
        // The file itself comes from the server that refuses.
        let is_file = args[0] == "download";
        assert!(ended.code < Some(3) || is_file, "{args:?}\n{}", ended.shown());
    }
}

#[test]
fn where_both_refuse_the_stale_record_answers_with_exit_3() {
    let fake = Fake::start();
    let (harvest, machine) = with_oai(&fake, "");
    machine.run(&["fetch", "2501.00001"]).ok();
    fake.always(Trouble::status(503));
    harvest.always(Trouble::status(503));
    let ended = machine
        .arxcat(&["fetch", "2501.00001", "2104.00003", "--json"])
        .env("ARXCAT_NOW", NEXT_YEAR)
        .run();
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    let records = ended.json();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["retrieved"], "2026-10-15T12:00:00Z");
    assert!(
        ended.stderr.contains(
            "2501.00001: arXiv did not answer; using the copy as the API gave it at 2026-10-15T12:00:00Z"
        ),
        "{}",
        ended.stderr
    );
    assert_eq!(
        harvest.requests().len(),
        5,
        "one that keeps refusing is not asked for the next"
    );
}

#[test]
fn the_exit_code_names_the_signal_and_an_ignored_one_stays_ignored() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let mut fetched = 0;
    let mut interrupt = |shell: &str, signal| {
        fake.next(Trouble::Stall(Duration::from_millis(1_500)));
        let running = machine
            .shell(&format!("{shell} exec arxcat fetch --refresh 2501.00001"))
            .start();
        fetched += 1;
        fake.wait_for_requests(fetched);
        running.signal(signal);
        running.wait()
    };
    for (signal, code) in [
        (Signal::SIGTERM, 143),
        (Signal::SIGHUP, 129),
        (Signal::SIGINT, 130),
    ] {
        let ended = interrupt("", signal);
        assert_eq!(ended.code, Some(code), "{}", ended.shown());
    }
    for (name, signal) in [
        ("HUP", Signal::SIGHUP),
        ("INT", Signal::SIGINT),
        ("TERM", Signal::SIGTERM),
    ] {
        let ended = interrupt(&format!("trap '' {name};"), signal);
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.shown());
    }
}

#[test]
fn what_this_machine_answered_alone_is_no_failure() {
    let fake = Fake::start();
    let (harvest, machine) = with_oai(&fake, "");
    machine.run(&["fetch", "2501.00001"]).ok();
    fake.always(Trouble::status(503));
    harvest.always(Trouble::status(503));
    for args in [&["fetch", "2501.00001", "R1"][..], &["cite", "2501.00001", "R1"]] {
        let ended = machine.arxcat(args).env("ARXCAT_NOW", NEXT_YEAR).run();
        assert_eq!(ended.code, Some(0), "{}", ended.shown());
        assert!(
            ended.stderr.contains("warning: arXiv did not answer"),
            "{}",
            ended.shown()
        );
        let more = [args, &["2104.00003"]].concat();
        let ended = machine.arxcat(&more).env("ARXCAT_NOW", NEXT_YEAR).run();
        assert_eq!(ended.code, Some(3), "{}", ended.shown());
    }
}

#[test]
fn ctrl_c_ends_the_asking_one_by_one_and_what_came_is_printed() {
    let fake = Fake::start();
    fake.always(Trouble::status(503));
    let (harvest, machine) = with_oai(&fake, &oai(1));
    harvest.next(Trouble::None);
    harvest.next(Trouble::Stall(Duration::from_secs(10)));
    let running = machine
        .arxcat(&["fetch", "2501.00001", "2104.00003", "1802.00004", "--json"])
        .start();
    harvest.wait_for_requests(2);
    running.signal(Signal::SIGINT);
    let ended = running.wait();
    assert_eq!(
        (ended.code, ended.json().len()),
        (Some(130), 1),
        "{}",
        ended.shown()
    );
    assert!(
        ended.stderr.contains("OAI-PMH gives 3 papers one by one"),
        "{}",
        ended.stderr
    );
    assert!(is_held(&machine, "2501.00001"));
}

#[test]
fn an_impatient_user_is_not_made_to_wait_twice() {
    let fake = Fake::start();
    fake.always(Trouble::retry_after(503, "30"));
    let (harvest, machine) = with_oai(&fake, &oai(1));
    let ended = machine.run(&["fetch", "2501.00001", "--max-wait", "1"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert_eq!((fake.requests().len(), harvest.requests().len()), (1, 0));
}

#[test]
fn one_way_can_be_forced() {
    let fake = Fake::start();
    let (harvest, machine) = with_oai(&fake, &oai(2));
    let requests = || (fake.requests().len(), harvest.requests().len());
    let via = |way: &str, id: &str| machine.run(&["fetch", id, "--json", "--via", way]);
    assert_eq!(via("library", "2501.00001").code, Some(3));
    let by_oai = via("oai", "2501.00001").json().remove(0);
    assert_eq!((&by_oai["source"], requests()), (&"oai".into(), (0, 1)));
    let by_api = via("api", "2501.00001").json().remove(0);
    assert_eq!(requests(), (1, 1), "asked although it is fresh");
    assert_eq!(by_api["submitter"], "Ada Example", "what OAI-PMH knew stays");
    let older = via("oai", "2501.00001v1");
    assert_eq!(older.code, Some(3), "{}", older.shown());
    assert!(
        older.stderr.contains("only the newest version, v2"),
        "{}",
        older.stderr
    );
    let both = machine.run(&["fetch", "2501.00001", "--via", "library", "--refresh"]);
    assert_eq!(both.code, Some(2), "{}", both.shown());
}

#[test]
fn a_full_record_has_what_either_service_knows() {
    let fake = Fake::start();
    let (harvest, machine) = with_oai(&fake, &oai(1));
    let full = |id: &str, more: &[&str]| {
        let args = [&["fetch", id, "--json", "--full"], more].concat();
        machine.run(&args).json().remove(0)
    };
    let record = full("2501.00001", &[]);
    assert_eq!(
        (record["source"].as_str(), record["submitter"].as_str()),
        (Some("api"), Some("Ada Example"))
    );
    assert_eq!(record["versions"].as_array().unwrap().len(), 1);
    assert_eq!(record["license"], "http://creativecommons.org/licenses/by/4.0/");
    assert_eq!((fake.requests().len(), harvest.requests().len()), (1, 1));
    assert_eq!(full("2501.00001", &[]), record, "fresh, and whole");
    assert_eq!((fake.requests().len(), harvest.requests().len()), (1, 1));
    let (_later, another) = with_oai(&fake, &oai(2));
    let older = another
        .run(&["fetch", "2501.00001v1", "--json", "--full"])
        .json()
        .remove(0);
    assert_eq!(
        (
            older["version"].as_u64(),
            older["versions"].as_array().unwrap().len()
        ),
        (Some(1), 2),
        "an older version has the whole history, and is no newer one: {older}"
    );
    machine.write("elsewhere/there", "");
    let unkept = full("2501.00001", &["--no-keep", "--library-dir", "elsewhere"]);
    assert_eq!(
        unkept["submitter"], "Ada Example",
        "merged without a library, too"
    );
    harvest.always(Trouble::status(503));
    let ended = machine.run(&["fetch", "2104.00003", "--full", "--json"]);
    assert_eq!(
        (ended.code, ended.json().len()),
        (Some(3), 1),
        "{}",
        ended.shown()
    );
    assert!(
        ended.stderr.contains("history may be missing"),
        "{}",
        ended.stderr
    );
}

#[test]
fn show_has_what_the_library_holds_with_what_the_catalog_knows() {
    let fake = Fake::with(vec![
        Invented::new("2501.12948", "2025-01-22", "DeepSeek-R1, as invented", &["cs.CL"])
            .version("2025-02-01")
            .version("2025-03-01"),
    ]);
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["fetch", "R1"]).ok();
    let shown = machine
        .run(&["show", "R1", "--json", "--ledger", "ledger"])
        .json()
        .remove(0);
    assert_eq!(shown["title"], "DeepSeek-R1, as invented");
    assert_eq!(shown["catalog"]["short_name"], "DeepSeek-R1");
    assert!(machine.read("ledger").contains("\"source\":\"library\""));
    let other = machine.run(&["show", "2501.12948v1"]);
    assert_eq!(other.code, Some(1), "{}", other.shown());
    assert!(other.stderr.contains("only v3 is known here"), "{}", other.stderr);
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn cite_and_check_ask_for_what_is_not_fresh_and_make_no_library() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.write(
        "refs.md",
        "[A Plain Paper about Language Models](https://arxiv.org/abs/2501.00001)\n",
    );
    let check = |more: &[&str]| machine.run(&[&["check", "refs.md"], more].concat());
    check(&[]).ok();
    let cited = machine.run(&["cite", "2501.00001"]).ok();
    assert_eq!(fake.requests().len(), 2);
    assert!(!has_library(&machine));
    machine.run(&["fetch", "2104.00003"]).ok();
    check(&[]).ok();
    assert_eq!(fake.requests().len(), 4, "what it learnt is in the mirror now");
    check(&[]).ok();
    assert_eq!(machine.run(&["cite", "2501.00001"]).ok(), cited);
    assert_eq!(fake.requests().len(), 4);
    check(&["--refresh"]).ok();
    machine.run(&["cite", "2501.00001", "--refresh"]).ok();
    assert_eq!(fake.requests().len(), 6);
    for args in [
        &["check", "refs.md", "--offline"][..],
        &["cite", "2501.00001", "--offline"],
    ] {
        let offline = machine.arxcat(args).env("ARXCAT_NOW", NEXT_YEAR).run();
        assert_eq!(offline.code, Some(0), "{}", offline.shown());
    }
    fake.always(Trouble::status(503));
    let stale = machine
        .arxcat(&["cite", "2501.00001"])
        .env("ARXCAT_NOW", NEXT_YEAR)
        .run();
    assert_eq!(
        (stale.code, stale.stdout.as_str()),
        (Some(0), cited.as_str()),
        "{}",
        stale.shown()
    );
}

#[test]
fn the_same_search_is_not_asked_twice_in_a_day() {
    let fake = Fake::with_many(60);
    let machine = Machine::with_arxiv(&fake.url());
    let search = |now: &str, more: &[&str]| {
        let args = [&["search", "notes", "--json"], more].concat();
        let ended = machine.arxcat(&args).env("ARXCAT_NOW", now).run();
        (fake.requests().len(), ended)
    };
    let (_, first) = search("2026-10-15T12:00:00Z", &[]);
    assert!(
        is_held(&machine, first.json()[0]["id"].as_str().unwrap()),
        "in the mirror"
    );
    let (asked, second) = search(LATER, &[]);
    assert_eq!((asked, &second.stdout), (1, &first.stdout));
    assert!(
        second
            .stderr
            .contains("from this machine, asked at 2026-10-15T12:00:00Z")
            && second.stderr.contains("25 of 60"),
        "{}",
        second.stderr
    );
    assert_eq!(search(LATER, &["-n", "5"]).0, 2, "another search");
    assert_eq!(search(LATER, &["--all"]).0, 3);
    let (asked, all) = search(LATER, &["--all"]);
    assert_eq!((asked, all.json().len()), (3, 60));
    assert_eq!(search(LATER, &["--refresh"]).0, 4);
    let (asked, offline) = search(NEXT_YEAR, &["--offline"]);
    assert_eq!((asked, &offline.code, offline.json().len()), (4, &Some(0), 25));
    assert_eq!(search(NEXT_YEAR, &[]).0, 5);
    let (_, unknown) = search(NEXT_YEAR, &["--offline", "-n", "7"]);
    assert_eq!(unknown.code, Some(3), "{}", unknown.shown());
    assert!(unknown.stderr.contains("arxcat search -M"), "{}", unknown.stderr);
}

#[test]
fn a_search_that_broke_off_is_not_taken_for_an_answer() {
    let fake = Fake::with_many(4500);
    fake.next(Trouble::None);
    fake.next(Trouble::status(404));
    let machine = Machine::with_arxiv(&fake.url());
    let broken = machine.run(&["search", "notes", "--all", "-f", "ids"]);
    assert_eq!(
        (broken.code, broken.stdout.lines().count()),
        (Some(3), 2000),
        "{}",
        broken.stderr
    );
    let whole = machine.run(&["search", "notes", "--all", "-f", "ids"]).ok();
    assert_eq!(whole.lines().count(), 4500);
}

#[test]
fn offline_an_absence_is_remembered_however_old() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["fetch", "2501.00077"]);
    for args in [
        &["fetch", "2501.00077", "--offline"][..],
        &["fetch", "2501.00077", "--via", "library"],
    ] {
        let ended = machine.arxcat(args).env("ARXCAT_NOW", NEXT_YEAR).run();
        assert_eq!(ended.code, Some(1), "{}", ended.shown());
        assert!(
            ended.stderr.contains("(asked at 2026-10-15T12:00:00Z)"),
            "{}",
            ended.shown()
        );
    }
}
