//! `cite`: entries from arXiv, and bibliographies that grow by what they lack.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::arxcat::Machine;
use crate::fake::{Fake, Trouble};

const OWN: &str = r"@article{guo2025,
  title = {Something by Hand},
  eprint = {2501.00001},
}
";

/// Keys of the entries, in order.
fn keys(bibtex: &str) -> Vec<&str> {
    let entries = bibtex.lines().filter(|line| line.starts_with('@'));
    entries
        .map(|line| line.split(['{', ',']).nth(1).unwrap_or_default())
        .collect()
}

#[test]
fn records_are_cited_in_the_order_asked() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    insta::assert_snapshot!(
        "cite_bibtex",
        machine
            .run(&[
                "cite",
                "2501.00002v1",
                "1802.00004",
                "2405.00005",
                "hep-th/9901001"
            ])
            .ok()
    );
    insta::assert_snapshot!(
        "cite_biblatex",
        machine.run(&["cite", "2501.00002", "-f", "biblatex"]).ok()
    );
    insta::assert_snapshot!(
        "cite_ris",
        machine
            .run(&["cite", "2501.00002", "-f", "ris"])
            .ok()
            .replace('\r', "")
    );
    insta::assert_snapshot!("cite_csl", machine.run(&["cite", "2501.00002", "-f", "csl"]).ok());
    let versioned = machine
        .run(&["cite", "2501.00002v1", "--cite-version", "--key", "{id}"])
        .ok();
    assert!(
        versioned.starts_with("@misc{2501_00002v1,") && versioned.contains("eprint = {2501.00002v1}"),
        "{versioned}"
    );
}

#[test]
fn identifiers_come_on_stdin_and_a_file_is_written() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine
        .arxcat(&["cite", "-o", "refs.bib"])
        .stdin("2501.00001\n2501.00001\n# no\n2104.00003\n")
        .run();
    assert_eq!(ended.ok(), "");
    assert_eq!(
        keys(&machine.read("refs.bib")),
        ["example2025plain", "example20210"]
    );
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn what_cannot_be_cited_is_told_and_the_rest_goes_on() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine.run(&["cite", "2501.00001", "2501.99999", "nonsense", "alg-geom/9311009"]);
    insta::assert_snapshot!("cite_missing", ended.shown());
}

#[test]
fn every_command_that_lists_papers_cites_them() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    for args in [
        &["list", "R1"][..],
        &["timeline", "R1"],
        &["show", "R1"],
        &["export", "R1"],
        &["fetch", "2501.00001"],
        &["search", "sparse"],
        &["cite", "2501.00001"],
    ] {
        for (format, beginning) in [
            ("bibtex", "@misc{"),
            ("biblatex", "@online{"),
            ("ris", "TY  - GEN"),
            ("csl", "[\n  {\n    \"id\": "),
        ] {
            let printed = machine.run(&[args, &["-f", format]].concat()).ok();
            assert!(printed.starts_with(beginning), "{args:?} {format}: {printed}");
        }
    }
}

#[test]
fn offline_and_where_arxiv_fails_the_catalog_is_cited() {
    let machine = Machine::new();
    let offline = machine.run(&["cite", "--offline", "R1", "2501.00001"]);
    assert_eq!(offline.code, Some(3), "{}", offline.shown());
    assert_eq!(keys(&offline.stdout), ["deepseekai2025deepseek"]);
    assert!(
        offline.stderr.contains("2501.00001: not known here"),
        "{}",
        offline.stderr
    );
    let failed = machine.run(&["cite", "R1", "2501.00001", "--max-wait", "0"]);
    assert_eq!(failed.code, Some(3), "{}", failed.shown());
    assert_eq!(failed.stdout, offline.stdout);
    assert!(
        failed.stderr.contains("1 paper cited by what is known here"),
        "{}",
        failed.stderr
    );
}

#[test]
fn an_appended_file_keeps_every_byte_and_gets_what_it_lacks() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.write("refs.bib", OWN);
    let append = |ids: &[&str]| machine.run(&[&["cite", "--append", "refs.bib"], ids].concat());
    assert_eq!(append(&["2501.00001v2", "2104.00003"]).ok(), "");
    let once = machine.read("refs.bib");
    assert!(
        once.starts_with(&format!("{OWN}\n@misc{{example20210,\n")),
        "{once}"
    );
    append(&["2501.00001", "2104.00003"]).ok();
    assert_eq!(machine.read("refs.bib"), once, "all there already");
    assert_eq!(fake.requests().len(), 1, "what is there is not asked for");
    append(&["2501.00002"]).ok();
    let twice = machine.read("refs.bib");
    assert!(
        twice.starts_with(&format!("{once}\n@misc{{sample2025sparse,\n")),
        "{twice}"
    );
}

#[test]
fn an_absent_file_is_made_and_line_endings_are_kept() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["cite", "--append", "new.bib", "2501.00001"]).ok();
    assert_eq!(keys(&machine.read("new.bib")), ["example2025plain"]);
    let dos = "@misc{a,\r\n  eprint = {2501.00002}\r\n}";
    machine.write("dos.bib", dos);
    machine.run(&["cite", "--append", "dos.bib", "2501.00001"]).ok();
    let grown = machine.read("dos.bib");
    assert!(
        grown.starts_with(&format!("{dos}\r\n\r\n@misc{{example2025plain,\r\n")),
        "{grown:?}"
    );
    assert_eq!(grown.matches('\n').count(), grown.matches("\r\n").count());
}

#[test]
fn a_paper_is_there_by_its_url_doi_or_journal_too() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let refs = "@misc{a, url = {https://arxiv.org/abs/2501.00001v1}}
@misc{b, doi = {10.48550/ARXIV.2104.00003}}
@article{c, journal = {arXiv preprint arXiv:1802.00004}}
@article{d, doi = {https://doi.org/10.1234/INVENTED.2025.8}}
";
    machine.write("refs.bib", refs);
    let ids = ["2501.00001", "2104.00003", "1802.00004", "2501.00002"];
    let ended = machine.run(
        &[
            &["cite", "--append", "refs.bib", "--ledger", "ledger.jsonl"][..],
            &ids,
        ]
        .concat(),
    );
    assert_eq!(ended.ok(), "");
    assert_eq!(machine.read("refs.bib"), refs);
    let ledger = machine.read("ledger.jsonl");
    for key in ["a", "b", "c", "d"] {
        assert!(
            ledger.contains(&format!("\"there already, as {key}\"")),
            "{ledger}"
        );
    }
}

#[test]
fn a_paper_is_there_by_a_note_or_a_field_named_for_arxiv() {
    let machine = Machine::new();
    let refs = r"@article{a, title={Deep One}, note={\href{http://arxiv.org/abs/2401.06066/}{arXiv:2401.06066}}}
@misc{b, title={Deep Two}, arxivid={2412.19437}}
@misc{c, title={Deep Three}, arxiv={2501.12948}}
@misc{d, title={Deep Four}, note={{\tt arXiv}:2405.04434}}
";
    machine.write("refs.bib", refs);
    let ids = ["2401.06066", "2412.19437", "2501.12948", "2405.04434"];
    let ended = machine.run(&[&["cite", "--offline", "--against", "refs.bib"][..], &ids].concat());
    assert_eq!(ended.ok(), "");
    let imported = machine.run(&["import", "refs.bib"]);
    assert!(imported.stderr.contains("4 "), "{}", imported.shown());
}

#[test]
fn appending_takes_time_in_proportion_to_the_file() {
    let machine = Machine::new();
    let time = |entries: usize| {
        let mut refs = String::new();
        for at in 0..entries {
            writeln!(
                refs,
                "@misc{{k{at}, title = {{Paper {at}}}, eprint = {{2301.{:05}}}, url = {{https://arxiv.org/abs/2301.{:05}}}}}",
                at % 90_000 + 1,
                at % 90_000 + 1
            )
            .unwrap();
        }
        machine.write("refs.bib", &refs);
        let begun = Instant::now();
        machine
            .run(&["cite", "--offline", "2401.06066", "--append", "refs.bib"])
            .ok();
        begun.elapsed()
    };
    // Eight times the entries take about eight times as long, not sixty-four. A machine with other things to do may
    // take long once.
    let linear = (0..3).any(|_| time(16_000) < time(2_000) * 20 + Duration::from_millis(500));
    assert!(linear);
}

#[test]
fn against_a_file_only_the_rest_is_printed_under_other_keys() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.write(
        "refs.bib",
        "@misc{Example20210, title = {Another}}\n@misc{x, eprint = {2501.00001}}\n",
    );
    let printed = machine
        .run(&["cite", "--against", "refs.bib", "2501.00001", "2104.00003"])
        .ok();
    assert_eq!(keys(&printed), ["example20210210400003"]);
    let ended = machine.run(&["cite", "--against", "absent.bib", "2104.00003"]);
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
}

#[test]
fn a_broken_file_is_told_with_its_line_and_not_appended_to() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let broken = format!("{OWN}\n@misc{{open, title = {{never closed\n");
    machine.write("refs.bib", &broken);
    let ended = machine.run(&["cite", "--append", "refs.bib", "2104.00003"]);
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(ended.stderr.contains("refs.bib:6: "), "{}", ended.stderr);
    assert_eq!(machine.read("refs.bib"), broken);
    assert!(fake.requests().is_empty());
    let ended = machine.run(&["cite", "--against", "refs.bib", "2104.00003", "2501.00001"]);
    assert_eq!(keys(&ended.stdout), ["example20210"]);
    assert!(ended.stderr.contains("refs.bib:6: "), "{}", ended.stderr);
}

#[test]
fn a_file_that_changes_meanwhile_is_left_alone() {
    let fake = Fake::start();
    fake.next(Trouble::Stall(std::time::Duration::from_secs(1)));
    let machine = Machine::with_arxiv(&fake.url());
    machine.write("refs.bib", OWN);
    let running = machine
        .arxcat(&["cite", "--append", "refs.bib", "2104.00003"])
        .start();
    fake.wait_for_requests(1);
    machine.write("refs.bib", "% another hand\n");
    let ended = running.wait();
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(ended.stderr.contains("has changed meanwhile"), "{}", ended.stderr);
    assert_eq!(machine.read("refs.bib"), "% another hand\n");
}

#[cfg(unix)]
#[test]
fn the_mode_of_an_appended_file_is_kept() {
    use std::os::unix::fs::PermissionsExt;
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let path = machine.write("refs.bib", OWN);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    machine.run(&["cite", "--append", "refs.bib", "2104.00003"]).ok();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn what_makes_no_sense_is_a_usage_error() {
    let machine = Machine::new();
    let mut all = String::new();
    for args in [
        &["cite", "R1", "-f", "table"][..],
        &["cite", "R1", "-f", "ris", "--append", "refs.bib"],
        &["cite", "R1", "--append", "refs.bib", "-o", "out.bib"],
        &["cite", "R1", "--key", "{autor}{year}"],
        &["cite", "R1", "--key", "all the same"],
        &["list", "--key", "{id}"],
        &["list", "-f", "bibtex", "--fields", "id"],
        &["stats", "-f", "bibtex"],
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
    insta::assert_snapshot!("cite_usage", all);
}

#[test]
fn offline_what_is_not_here_is_unavailable() {
    let ended = Machine::new().run(&["cite", "--offline", "1706.03762"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
}

#[test]
fn processes_that_append_at_once_lose_nothing() {
    let machine = Machine::new();
    let ids = ["R1", "V3", "V2", "mHC", "NSA", "ESFT", "Janus", "Engram"];
    let running: Vec<_> = ids
        .iter()
        .map(|id| {
            machine
                .arxcat(&["cite", "--offline", id, "--append", "refs.bib"])
                .start()
        })
        .collect();
    for run in running {
        let ended = run.wait();
        assert_eq!(ended.code, Some(0), "{}", ended.shown());
    }
    assert_eq!(machine.read("refs.bib").matches("@misc{").count(), ids.len());
}

#[test]
fn an_entry_that_only_speaks_of_a_paper_does_not_hold_it() {
    let machine = Machine::new();
    machine.write(
        "refs.bib",
        "@misc{f, note = {see arXiv:2401.06066 for the optimizer}, title = {Z}}\n",
    );
    let ended = machine.run(&["cite", "--offline", "2401.06066", "--append", "refs.bib"]);
    assert!(
        ended
            .stderr
            .contains("1 paper added to refs.bib, 0 there already"),
        "{}",
        ended.stderr
    );
    assert!(machine.read("refs.bib").contains("eprint = {2401.06066}"));
}

#[test]
fn what_is_cited_by_the_librarys_record_is_counted_like_all_else() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["tag", "todo", "mHC"]).ok();
    let offline = machine.run(&["cite", "mHC", "--offline", "--append", "r.bib"]);
    assert!(
        offline.stderr.contains("1 paper added to r.bib, 0 there already"),
        "{}",
        offline.stderr
    );
    machine.run(&["fetch", "2501.00002"]).ok();
    let fresh = machine.run(&["cite", "2501.00002", "--append", "r.bib"]);
    assert!(
        fresh.stderr.contains("1 paper added to r.bib, 0 there already"),
        "{}",
        fresh.stderr
    );
    assert_eq!(fake.requests().len(), 1, "the record that was fetched is fresh");
    assert_eq!(machine.read("r.bib").matches("@misc{").count(), 2);
}
