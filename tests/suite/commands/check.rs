//! `check`: documents against records. True citations pass, false ones are named, with few requests to arXiv.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use arxcat::model::id::ArxivId;
use arxcat::refs::document::{DocumentFormat, references};
use nix::sys::signal::Signal;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::arxcat::{Ended, Machine};
use crate::fake::papers::{self, Invented};
use crate::fake::{Fake, Trouble};
use crate::recordings;

const EVERY: &str = include_str!("../../../fixtures/check/every.bib");
const REFS: &str = include_str!("../../../fixtures/check/refs.bib");

/// The verdicts by BibTeX key, in the order of the file.
fn verdicts(ended: &Ended) -> Vec<(u64, String)> {
    let findings = ended.json();
    let of = |one: &Value| {
        (
            one["place"]["line"].as_u64().unwrap(),
            one["verdict"].as_str().unwrap().to_owned(),
        )
    };
    findings.iter().map(of).collect()
}

fn with(content: &str, name: &str) -> (Fake, Machine) {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.write(name, content);
    (fake, machine)
}

#[test]
fn every_verdict() {
    let (fake, machine) = with(EVERY, "every.bib");
    let ended = machine.run(&["check", "every.bib", "--json"]);
    let expected = [
        "ok",
        "wrong_paper",
        "not_found",
        "malformed",
        "differs",
        "superseded",
        "published",
        "withdrawn",
        "deleted",
        "not_found",
        "unclaimed",
    ];
    let found: Vec<String> = verdicts(&ended).into_iter().map(|(_, verdict)| verdict).collect();
    assert_eq!(found, expected, "{}", ended.shown());
    assert_eq!(ended.code, Some(1));
    assert_eq!(fake.requests().len(), 1);
    let schema: Value = serde_json::from_str(arxcat::format::schema("finding").unwrap()).unwrap();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("finding.json", schema).unwrap();
    let mut schemas = boon::Schemas::new();
    let finding = compiler.compile("finding.json", &mut schemas).unwrap();
    for one in ended.json() {
        let valid = schemas.validate(&one, finding);
        assert!(
            valid.is_ok(),
            "{one}: {:?}",
            valid.err().map(|error| error.to_string())
        );
        let place = &one["place"];
        let (offset, text) = (place["offset"].as_u64().unwrap(), place["text"].as_str().unwrap());
        assert!(EVERY[usize::try_from(offset).unwrap()..].contains(text));
    }
    insta::assert_snapshot!("check_text", machine.run(&["check", "every.bib"]).shown());
    insta::assert_snapshot!(
        "check_github",
        machine
            .run(&["check", "every.bib", "-f", "github", "--strict"])
            .shown()
    );
    let lines = machine.run(&["check", "every.bib", "--jsonl", "-q"]);
    assert_eq!(lines.json(), ended.json());
    assert_eq!(lines.stderr, "");
}

#[test]
fn on_a_terminal_the_line_is_shown_with_a_caret() {
    let (_fake, machine) = with(EVERY, "every.bib");
    let at = |columns| {
        let ended = machine.arxcat(&["check", "every.bib"]).terminal(columns).run();
        for line in ended.stdout.lines().filter(|line| line.contains(" | ")) {
            assert!(arxcat::model::text::width(line) <= usize::from(columns), "{line}");
        }
        ended.stdout
    };
    insta::assert_snapshot!("check_terminal_80", at(80));
    at(40);
    at(12);
}

#[test]
fn what_is_fine_costs_nothing_and_says_nothing() {
    let (fake, machine) = with(REFS, "refs.bib");
    let ended = machine.run(&["check", "refs.bib", "--strict"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), ""),
        "{}",
        ended.shown()
    );
    assert!(
        ended.stderr.contains("5 references: 5 judged by number"),
        "{}",
        ended.stderr
    );
    assert_eq!(fake.requests().len(), 1);
    let every = machine.run(&["check", "refs.bib", "--every"]);
    assert_eq!(every.stdout.matches(": ok: ").count(), 5, "{}", every.shown());
    fake.assert_never_sent("Language");
}

#[test]
fn a_bibliography_of_the_whole_catalog_is_right() {
    let mut bibliography = String::new();
    for paper in arxcat::catalog::Catalog::built_in().unwrap().papers {
        let authors: Vec<&str> = paper.authors.iter().map(|author| author.name.as_str()).collect();
        let year = &paper.published.unwrap().to_string()[..4];
        writeln!(
            bibliography,
            "@misc{{key{0},\n  title={{{1}}},\n  author={{{2}}},\n  year={{{year}}},\n  eprint={{{0}}},\n  archivePrefix={{arXiv}},\n  url={{{3}}},\n}}\n",
            paper.id,
            paper.title,
            authors.join(" and "),
            paper.id.abs_url(),
        )
        .unwrap();
    }
    let machine = Machine::new();
    machine.write("refs.bib", bibliography);
    let ended = machine.run(&["check", "--offline", "refs.bib", "--json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    let verdicts = verdicts(&ended);
    assert!(verdicts.len() > 30, "{}", verdicts.len());
    assert!(
        verdicts
            .iter()
            .all(|(_, verdict)| verdict == "ok" || verdict == "published"),
        "{verdicts:?}"
    );
}

#[test]
fn strict_also_minds_what_is_superseded_or_published() {
    let (_fake, machine) = with(
        "See [Sparse Experts, Thrice Revised](https://arxiv.org/abs/2501.00002v1).\n",
        "a.md",
    );
    let ended = machine.run(&["check", "a.md"]);
    assert_eq!(ended.code, Some(0), "{}", ended.shown());
    assert!(
        ended.stdout.contains("superseded: ") && ended.stdout.contains("version 3"),
        "{}",
        ended.stdout
    );
    assert_eq!(machine.run(&["check", "a.md", "--strict"]).code, Some(1));
}

#[test]
fn a_name_known_under_another_identifier_decides_without_the_record() {
    let machine = Machine::new();
    machine.write("a.md", "- DeepSeek-Prover [paper](https://arxiv.org/abs/2406.14333)\n- [DeepSeek-V3](https://arxiv.org/abs/2412.19437v1)\n- [Something](https://arxiv.org/abs/2406.00001)\n");
    let ended = machine.run(&["check", "--offline", "a.md", "--json"]);
    let found: Vec<String> = verdicts(&ended).into_iter().map(|(_, verdict)| verdict).collect();
    assert_eq!(
        found,
        ["wrong_paper", "superseded", "undecided"],
        "{}",
        ended.shown()
    );
    assert_eq!(ended.json()[0]["proposal"], "2405.14333");
    assert_eq!(ended.code, Some(3), "one is undecided");
    let allowed = machine.run(&["check", "--offline", "a.md", "--allow-undecided"]);
    assert_eq!(allowed.code, Some(1), "{}", allowed.shown());
    assert!(
        allowed.stdout.contains("a.md:3:") && allowed.stdout.contains("--offline forbids"),
        "{}",
        allowed.stdout
    );
}

#[test]
fn the_record_shows_whose_identifier_it_is() {
    let fake = Fake::with(vec![
        Invented::new(
            "2406.14333",
            "2024-06-20",
            "Playlists Continued by Listening",
            &["cs.IR"],
        ),
        Invented::new(
            "2405.14333",
            "2024-05-23",
            "DeepSeek-Prover: Advancing Theorem Proving",
            &["cs.LG"],
        ),
    ]);
    let machine = Machine::with_arxiv(&fake.url());
    machine.write("a.md", "[DeepSeek-Prover](https://arxiv.org/pdf/2406.14333.pdf)\n[Attention Is All You Need](https://arxiv.org/abs/2406.14333)\n");
    let ended = machine.run(&["check", "a.md"]);
    assert_eq!(ended.code, Some(1), "{}", ended.shown());
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(lines[0].starts_with("a.md:1:") && lines[0].contains("wrong paper: 2406.14333 is \"Playlists Continued by Listening\", not \"DeepSeek-Prover\"; that is 2405.14333"), "{}", lines[0]);
    assert!(
        lines[1].contains("not \"Attention Is All You Need\""),
        "{}",
        lines[1]
    );
}

#[test]
fn a_thousand_references_cost_at_most_five_requests() {
    let fake = Fake::with_many(1000);
    let machine = Machine::with_arxiv(&fake.url());
    let mut document = String::new();
    for (at, paper) in papers::many(1000).iter().enumerate() {
        let version = if at % 3 == 0 { "v1" } else { "" };
        writeln!(
            document,
            "- [{}](https://arxiv.org/abs/{}{version})",
            paper.title, paper.id
        )
        .unwrap();
        if at % 10 == 0 {
            writeln!(
                document,
                "- [{}](https://arxiv.org/pdf/{})",
                paper.title, paper.id
            )
            .unwrap();
        }
    }
    let ended = machine.arxcat(&["check", "-"]).stdin(&document).run();
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), ""),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains("1100 references: 1100 judged by number"),
        "{}",
        ended.stderr
    );
    assert!(fake.requests().len() <= 5, "{}", fake.requests().len());
    fake.assert_polite(Duration::ZERO);
}

/// A list of 250 papers, more than fit into one request; the first citation in it is false.
fn with_a_false_one_before_250(name: &str) -> (Fake, Machine) {
    let mut document =
        String::from("[Not the Title of That Paper at All](https://arxiv.org/abs/1501.00001)\n\n");
    for paper in papers::many(250) {
        writeln!(
            document,
            "[{}](https://arxiv.org/abs/{})\n",
            paper.title, paper.id
        )
        .unwrap();
    }
    let fake = Fake::with_many(250);
    let machine = Machine::with_arxiv(&fake.url());
    machine.write(name, document);
    (fake, machine)
}

#[test]
fn unreachable_is_3_and_what_was_decided_is_printed() {
    let (fake, machine) = with_a_false_one_before_250("a.md");
    fake.next(Trouble::None);
    fake.always(Trouble::status(503));
    let ended = machine.run(&["check", "a.md"]);
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert_eq!(
        ended.stdout.matches(": undecided: ").count(),
        50,
        "{}",
        ended.stdout
    );
    assert!(ended.stdout.contains(": wrong paper: "), "{}", ended.stdout);
    assert!(ended.stderr.contains("503"), "{}", ended.stderr);
    let nobody = Machine::new();
    nobody.write(
        "b.md",
        "[DeepSeek-V3 Technical Report](https://arxiv.org/abs/2412.19437)\n",
    );
    let decided = nobody.run(&["check", "b.md", "--max-wait", "0"]);
    assert_eq!(decided.code, Some(0), "the catalog decides: {}", decided.shown());
    assert!(
        decided
            .stderr
            .contains("the records on this machine decided instead"),
        "{}",
        decided.stderr
    );
}

#[test]
fn ctrl_c_prints_what_was_decided() {
    let (fake, machine) = with_a_false_one_before_250("a.md");
    fake.next(Trouble::None);
    fake.next(Trouble::Stall(Duration::from_secs(10)));
    let running = machine.arxcat(&["check", "a.md"]).start();
    fake.wait_for_requests(2);
    running.signal(Signal::SIGINT);
    let ended = running.wait();
    assert_eq!(ended.code, Some(130), "{}", ended.shown());
    assert_eq!(ended.stdout.lines().count(), 1, "{}", ended.stdout);
}

#[test]
fn several_files_one_of_them_missing_and_stdin() {
    let (fake, machine) = with(
        "[A Plain Paper about Language Models](https://arxiv.org/abs/2501.00001)\n",
        "a.md",
    );
    machine.write("b.txt", "Nothing here.\n");
    let ended = machine
        .arxcat(&["check", "a.md", "missing.bib", "-", "b.txt", "--every"])
        .stdin("@misc{x, title={An Old Paper on Groups}, eprint={math/0309008}, archivePrefix={arXiv}}\n")
        .run();
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(ended.stderr.contains("missing.bib"), "{}", ended.stderr);
    assert!(
        ended.stdout.contains("a.md:1:") && ended.stdout.contains("\n-:1:"),
        "{}",
        ended.stdout
    );
    assert_eq!(fake.requests().len(), 1, "all documents are asked about together");
    let empty = machine.run(&["check", "b.txt"]);
    assert_eq!(
        (empty.code, empty.stdout.as_str()),
        (Some(0), ""),
        "{}",
        empty.shown()
    );
    assert_eq!(machine.run(&["check"]).code, Some(2));
    assert_eq!(fake.requests().len(), 1);
}

#[test]
fn references_without_an_identifier_are_looked_up_by_title_when_asked_to() {
    let document = "@article{a, title={An Old Paper on Branes}, author={Ada Example}, year={1999}}\n\
        @article{b, title={An Old Paper on Groups}, author={Somebody Else}, year={1999}}\n\
        @article{c, title={A Title that Nobody Has}, author={Ada Example}}\n\
        @article{d, title={A Title that Nobody Has}, author={Ada Example}}\n\
        @misc{e, title={A Plain Paper about Language Models}, eprint={2501.00001}, archivePrefix={arXiv}}\n";
    let (fake, machine) = with(document, "a.bib");
    let plain = machine.run(&["check", "a.bib"]);
    assert_eq!(
        (plain.code, plain.stdout.as_str()),
        (Some(0), ""),
        "{}",
        plain.shown()
    );
    assert!(
        plain
            .stderr
            .contains("5 references: 1 judged by number, 0 by title, 4 not judged: no identifier, and no library to look the title up in"),
        "{}",
        plain.stderr
    );
    fake.assert_never_sent("branes");
    let before = fake.requests().len();
    let all = machine.run(&["check", "a.bib", "--all"]);
    assert_eq!(all.code, Some(0), "{}", all.shown());
    assert!(
        all.stdout.contains("a.bib:1:1: found: ") && all.stdout.contains("hep-th/9901001"),
        "{}",
        all.stdout
    );
    assert_eq!(
        all.stdout.lines().count(),
        1,
        "another author and year: {}",
        all.stdout
    );
    assert_eq!(
        fake.requests().len() - before,
        4,
        "one batch, and one search for each title"
    );
    let search = fake
        .requests()
        .into_iter()
        .rfind(|request| request.param("search_query").is_some())
        .unwrap();
    assert_eq!(
        search.param("search_query"),
        Some("ti:\"a title that nobody has\"")
    );
    let before = fake.requests().len();
    machine.run(&["check", "a.bib", "--all", "--max-searches", "1"]);
    assert_eq!(fake.requests().len() - before, 2);
}

#[test]
fn github_annotations_cannot_be_broken_out_of() {
    let fake = Fake::with(vec![Invented::new(
        "2501.00001",
        "2025-01-02",
        "100% Sure::error file=x,line=1::What Is It",
        &["cs.CL"],
    )]);
    let machine = Machine::with_arxiv(&fake.url());
    let name = "a, b%: c.md";
    machine.write(
        name,
        "[Something Else, 50% of It\u{1b}(B](https://arxiv.org/abs/2501.00001)\n",
    );
    let ended = machine.run(&["check", name, "-f", "github"]);
    assert_eq!(ended.stdout.lines().count(), 1, "{}", ended.shown());
    assert!(
        ended
            .stdout
            .starts_with("::error file=a%2C b%25%3A c.md,line=1,col=30,title=wrong paper::")
            || ended
                .stdout
                .starts_with("::error file=a%2C b%25%3A c.md,line=1,col="),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stdout.contains("100%25 Sure") && !ended.stdout.contains('\u{1b}'),
        "{}",
        ended.stdout
    );
}

/// Writes the file, checks it with `--diff`, applies the patch with git, and gives the file back.
fn patched(name: &str, content: &[u8]) -> (String, Vec<u8>) {
    let machine = Machine::new();
    machine.write(name, content);
    machine.run(&["check", "--offline", "--diff", name, "-o", "fix.patch"]);
    let patch = std::fs::read(machine.path("fix.patch")).unwrap();
    let patch = String::from_utf8_lossy(&patch).into_owned();
    if !patch.is_empty() {
        let applied = Command::new("git")
            .args(["-c", "core.autocrlf=false", "apply", "--whitespace=nowarn"])
            .arg("fix.patch")
            .current_dir(machine.path(""))
            .env("GIT_CEILING_DIRECTORIES", machine.path(""))
            .output()
            .unwrap();
        assert!(
            applied.status.success(),
            "{patch}\n{}",
            String::from_utf8_lossy(&applied.stderr)
        );
    }
    (patch, std::fs::read(machine.path(name)).unwrap())
}

#[test]
fn diff_corrects_what_is_certain_and_git_applies_it() {
    let line = "- [DeepSeek-Prover](https://arxiv.org/abs/2406.14333v2)";
    let right = "- [DeepSeek-Prover](https://arxiv.org/abs/2405.14333)";
    let filler = |count: usize| "It says nothing.\n\n".repeat(count);
    let documents = [
        format!("{line}\n"),
        line.to_owned(),
        format!("{}{line}\n{}{line}\r\n{}", filler(5), filler(9), filler(2)),
        format!("{line}\n{line}\n\n{line}"),
        format!("{}{line}", filler(1)).replace('\n', "\r\n"),
    ];
    for content in documents {
        for name in ["a.md", "sub folder/a b.md", "./ä\"q.md"] {
            let (patch, fixed) = patched(name, content.as_bytes());
            assert_eq!(
                String::from_utf8(fixed).unwrap(),
                content.replace(line, right),
                "{name}\n{patch}"
            );
        }
    }
    let (patch, _) = patched("a.md", documents_of_one_change().as_bytes());
    insta::assert_snapshot!("check_diff", patch);
    let latin = b"Caf\xe9 \xff [DeepSeek-Prover](https://arxiv.org/abs/2406.14333) \xe9\n";
    let (_, fixed) = patched("latin.md", latin);
    assert_eq!(
        fixed,
        b"Caf\xe9 \xff [DeepSeek-Prover](https://arxiv.org/abs/2405.14333) \xe9\n"
    );
}

fn documents_of_one_change() -> String {
    "one\n\ntwo\n\nthree\n\n- [DeepSeek-Prover](https://arxiv.org/abs/2406.14333)\n\nfour\n\nfive\n\nsix\n"
        .to_owned()
}

#[test]
fn diff_corrects_a_whole_entry_and_leaves_its_key() {
    let entry = "@misc{xin2406.14333,\n  title = {DeepSeek-Prover: Advancing Theorem Proving in LLMs through Large-Scale Synthetic Data},\n  eprint = {2406.14333v1},\n  url = {https://arxiv.org/abs/2406.14333},\n}\n\n@misc{other, note = {2406.14333}}\n";
    let (patch, fixed) = patched("refs.bib", entry.as_bytes());
    let fixed = String::from_utf8(fixed).unwrap();
    assert_eq!(fixed.matches("2405.14333").count(), 2, "{patch}");
    assert!(
        fixed.contains("xin2406.14333") && fixed.contains("note = {2406.14333}"),
        "{fixed}"
    );
    let again = patched("refs.bib", fixed.as_bytes());
    assert_eq!(again.0, "");
}

#[test]
fn diff_names_nothing_outside_the_folder() {
    let machine = Machine::new();
    machine.write("a.md", "text\n");
    for path in ["../a.md", "/etc/hostname", "x/../../a.md", "-"] {
        let ended = machine.run(&["check", "--offline", "--diff", path]);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(2), ""),
            "{path}: {}",
            ended.shown()
        );
    }
    assert_eq!(machine.run(&["check", "--diff", "--json", "a.md"]).code, Some(2));
}

#[test]
fn a_reader_that_leaves_does_not_make_it_right() {
    let (_fake, machine) = with(EVERY, "every.bib");
    let mut child = machine
        .arxcat(&["check", "every.bib", "--json"])
        .command()
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn broken_documents_end_in_order() {
    let machine = Machine::new();
    for (name, content) in [
        ("a.bib", EVERY.as_bytes()),
        ("a.md", REFS.as_bytes()),
        ("a.tex", EVERY.as_bytes()),
    ] {
        for cut in (0..content.len()).step_by(97) {
            let mut broken = content[..cut].to_vec();
            broken.extend_from_slice(b"\xff\xc3");
            machine.write(name, &broken);
            let ended = machine.run(&["check", "--offline", "--json", name]);
            assert!(
                matches!(ended.code, Some(0 | 1 | 3)),
                "{name} {cut}: {}",
                ended.shown()
            );
            for one in ended.json() {
                let offset = usize::try_from(one["place"]["offset"].as_u64().unwrap()).unwrap();
                let text = one["place"]["text"].as_str().unwrap();
                assert!(offset <= broken.len(), "{one}");
                if !text.is_empty() && text.is_ascii() && one["id"].is_string() {
                    let here = String::from_utf8_lossy(&broken[offset..]).into_owned();
                    assert!(here.contains(text), "{one}");
                }
            }
        }
    }
}

#[test]
fn hostile_bytes_end_in_order() {
    let machine = Machine::new();
    let pieces = prop::sample::select(vec![
        "@misc{",
        "title={",
        "}",
        "{",
        "\"",
        "eprint=",
        "2406.14333",
        "v9",
        "[",
        "](https://arxiv.org/abs/",
        ")",
        "\\bibitem{",
        "arXiv:",
        "\n",
        "\r\n",
        "DeepSeek-Prover",
        ",",
        "<a href=",
        "论文",
        "\u{202e}",
        "\0",
        "%",
        "$",
        "and",
        "author=",
        " ",
    ]);
    let documents = proptest::collection::vec(pieces, 0..40);
    let mut runner = TestRunner::new(Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    });
    let law = runner.run(&documents, |pieces| {
        machine.write("a.bib", pieces.concat());
        let ended = machine.run(&["check", "--offline", "a.bib"]);
        prop_assert!(matches!(ended.code, Some(0 | 1 | 3)), "{}", ended.shown());
        prop_assert!(!ended.stdout.contains(['\u{202e}', '\0']), "{}", ended.stdout);
        Ok(())
    });
    law.unwrap();
}

/// The title as arXiv might have it: other case, TeX, spacing, a subtitle.
fn as_arxiv_has_it(title: &str, at: usize) -> String {
    match at % 5 {
        0 => title.to_owned(),
        1 => title.to_lowercase(),
        2 => format!("{title}: A Closer Look at What It Does"),
        3 => title.replace(' ', "  ").replace('é', r"\'e"),
        _ => title.replace('-', " "),
    }
}

#[test]
fn no_reference_of_the_recorded_list_is_accused() {
    let Some(folder) = recordings::folder("no_reference_of_the_recorded_list_is_accused") else {
        return;
    };
    let path = folder.join("markdown/Awesome-LLM_README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let cited = references(&text, DocumentFormat::Markdown);
    let mut invented: Vec<Invented> = Vec::new();
    for (at, reference) in cited.iter().enumerate() {
        let (Some(Ok(id)), Some(title)) = (&reference.id, &reference.claim.title) else {
            continue;
        };
        let id = id.base().to_string();
        if reference.claim.certain && invented.iter().all(|paper| paper.id != id) {
            let year = ArxivId::parse(&id).unwrap().year();
            invented.push(Invented::new(
                &id,
                &format!("{year}-06-15"),
                &as_arxiv_has_it(title, at),
                &["cs.CL"],
            ));
        }
    }
    assert!(invented.len() > 30, "{}", invented.len());
    let fake = Fake::with(invented);
    let machine = Machine::with_arxiv(&fake.url());
    for args in [
        &["check", "-", "--jsonl"][..],
        &["check", "-", "--jsonl", "--offline"],
    ] {
        let ended = machine.arxcat(args).stdin(&text).run();
        let accused: Vec<Value> = ended
            .json()
            .into_iter()
            .filter(|one| {
                matches!(
                    one["verdict"].as_str(),
                    Some("wrong_paper" | "differs" | "malformed")
                )
            })
            .collect();
        assert!(accused.is_empty(), "{args:?}: {accused:#?}");
    }
}

#[test]
fn the_list_with_the_wrong_prover_is_wrong_there_and_nowhere_else() {
    let test = "the_list_with_the_wrong_prover_is_wrong_there_and_nowhere_else";
    let Some(folder) = recordings::folder(test) else {
        return;
    };
    let seeds = folder.join("../seeds");
    let is_fourth = |path: &Path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("004_"))
    };
    let found = std::fs::read_dir(&seeds)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| is_fourth(path));
    let Some(path) = found else {
        eprintln!("{test}: skipped, the list is not there");
        return;
    };
    let ended = Machine::new().run(&["check", "--offline", "--json", path.to_str().unwrap()]);
    let findings = ended.json();
    assert_eq!(findings.len(), 15, "{}", ended.shown());
    let wrong: Vec<&Value> = findings
        .iter()
        .filter(|one| one["verdict"] != "ok" && one["verdict"] != "published")
        .collect();
    assert_eq!(wrong.len(), 1, "{wrong:#?}");
    assert_eq!(
        (wrong[0]["verdict"].as_str(), wrong[0]["id"].as_str()),
        (Some("wrong_paper"), Some("2406.14333"))
    );
    assert_eq!(wrong[0]["proposal"], "2405.14333");
    assert_eq!(ended.code, Some(1));
}

#[test]
fn a_packed_document_is_read_and_one_that_cannot_be_read_is_no_pass() {
    use std::io::Write;
    let machine = Machine::new();
    let text = "- DeepSeek-Prover https://arxiv.org/abs/2406.14333\n";
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    machine.write("post.md.gz", packed.finish().unwrap());
    assert_eq!(
        machine.run(&["check", "--offline", "post.md.gz"]).code,
        machine
            .arxcat(&["check", "--offline", "-"])
            .stdin(text)
            .run()
            .code
    );
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let ended = machine.arxcat(&["check", "--offline", "-"]).stdin(wide).run();
    assert_eq!(ended.code, Some(4), "{}", ended.shown());
    assert!(ended.stderr.contains("iconv"), "{}", ended.stderr);
}

#[test]
fn a_patch_corrects_every_field_that_carries_the_identifier_and_no_other_entry() {
    let machine = Machine::new();
    let entry = |key: &str, title: &str| {
        format!(
            "  @misc{{{key}, title={{{title}}}, eprint={{2406.14333}}, archivePrefix={{arXiv}}, \
             url={{https://arxiv.org/abs/2406.14333}}, doi={{10.48550/arXiv.2406.14333}}, file={{/home/me/2406.14333.pdf}}}}\n"
        )
    };
    let playlist = entry("larp2406.14333", "A Paper on Music Playlists That Is Meant");
    machine.write("refs.bib", playlist.clone() + &entry("prover", "DeepSeek-Prover"));
    let patch = machine
        .run(&["check", "--offline", "--diff", "--allow-undecided", "refs.bib"])
        .stdout;
    let removed: Vec<&str> = patch
        .lines()
        .filter(|line| line.starts_with('-') && !line.starts_with("---"))
        .collect();
    let added: Vec<&str> = patch
        .lines()
        .filter(|line| line.starts_with('+') && !line.starts_with("+++"))
        .collect();
    assert_eq!((removed.len(), added.len()), (1, 1), "{patch}");
    assert_eq!(added[0].matches("2405.14333").count(), 3, "{patch}");
    assert!(
        added[0].contains("@misc{prover") && added[0].contains("/home/me/2406.14333.pdf"),
        "{patch}"
    );
}

#[test]
fn true_citations_of_every_style_are_not_accused() {
    let machine = Machine::new();
    for line in [
        "Liu, Aixin; Feng, Bei (2024). \"DeepSeek-V3 Technical Report\". arXiv:2412.19437.",
        "[3] D. Dai et al., \"DeepSeekMoE: Towards Ultimate Expert Specialization in Mixture-of-Experts Language Models,\" arXiv:2401.06066. Accessed: May 3, 2029.",
        "- **DeepSeek-V2** (https://arxiv.org/abs/2405.04434)",
        "As the authors write, \"Training costs are halved without any loss of accuracy\" (arXiv:2401.14196).",
        "- Group Relative Policy Optimization ([paper](https://arxiv.org/abs/2402.03300))",
        "Dai, D. (2024). DeepSeekMoE: Towards Ultimate Expert Specialization in Mixture-of-Experts Language Models. arXiv:2401.06066",
    ] {
        let ended = machine
            .arxcat(&["check", "--offline", "-"])
            .stdin(format!("# References\n\n{line}\n"))
            .run();
        assert!(matches!(ended.code, Some(0)), "{line}\n{}", ended.shown());
    }
}

#[test]
fn a_note_is_the_papers_own_only_where_it_says_nothing_else() {
    let machine = Machine::new();
    let said = |note: &str| {
        let entry = format!("@misc{{x, title={{DeepSeekMoE}}, {note}}}\n");
        let ended = machine
            .arxcat(&["check", "--offline", "--every", "-"])
            .stdin(entry)
            .run();
        !ended.stderr.contains("no identifier, and no library")
    };
    for own in [
        "note={arXiv:2401.06066}",
        "note={arXiv:2401.06066 [cs.CL]}",
        "note={Preprint, arXiv:2401.06066}",
        "howpublished={\\url{https://arxiv.org/abs/2401.06066}}",
        "archivePrefix={arXiv.org}, eprint={2401.06066}",
    ] {
        assert!(said(own), "{own}");
    }
    for others in [
        "note={Comment on arXiv:2401.06066}",
        "note={see arXiv:2401.06066 for the optimizer}",
    ] {
        assert!(!said(others), "{others}");
    }
}
