//! `import`: papers from files into the library and the mirror.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use arxcat::library::{HarvestCheckpoint, Library, Scope};
use arxcat::model::id::ArxivId;
use flate2::Compression;
use flate2::write::GzEncoder;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::arxcat::{Ended, Machine};
use crate::read::KELP;

mod bibliography;
mod recordings;

fn library(machine: &Machine) -> Library {
    let library = Library::existing(&machine.path("data/arxcat")).unwrap();
    library.expect("there is no library")
}

/// How many papers are in the library, and in the mirror.
fn counts(machine: &Machine) -> (u64, u64) {
    let library = library(machine);
    let count = |scope| library.count(scope).unwrap();
    (count(Scope::Library), count(Scope::Mirror))
}

fn id(text: &str) -> ArxivId {
    ArxivId::parse(text).unwrap()
}

/// Made-up lines of the snapshot, changed on this day.
fn snapshot(count: usize, day: &str) -> String {
    (1..=count).fold(String::new(), |lines, number| {
        let line = KELP
            .replacen("0704.9001", &format!("0705.{number:04}"), 1)
            .replacen("2008-11-26", day, 1);
        lines + &line + "\n"
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[track_caller]
fn says(ended: &Ended, code: i32, lines: &[&str]) {
    assert_eq!(ended.code, Some(code), "{}", ended.stderr);
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.stderr.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn a_snapshot_goes_in_once_and_is_the_same_the_second_time() {
    let machine = Machine::new();
    machine.write("dump", snapshot(1234, "2010-05-06"));
    says(
        &machine.run(&["import", "dump"]),
        0,
        &["note: 1234 papers: 1234 new, 0 updated, 0 the same"],
    );
    assert_eq!(counts(&machine), (1234, 1234));
    let held = library(&machine).get(id("0705.1234")).unwrap().unwrap();
    assert_eq!(held.paper.title, "Kelp forests and \\alpha-decay");
    assert_eq!(held.paper.version, Some(2));
    assert_eq!(held.as_of.unwrap().to_string(), "2010-05-06");
    machine.write("dump.gz", gzip(snapshot(1235, "2010-05-06").as_bytes()));
    says(
        &machine.run(&["import", "dump.gz"]),
        0,
        &["note: 1235 papers: 1 new, 0 updated, 1234 the same"],
    );
    says(&machine.run(&["import", "dump", "-q"]), 0, &[]);
}

#[test]
fn the_mirror_alone_keeps_nothing() {
    let machine = Machine::new();
    let tagged = r#"{"id":"2501.00001","title":"T","library":{"tags":["mine"],"note":"n"}}"#;
    machine.write("papers.json", tagged);
    says(
        &machine.run(&["import", "--mirror", "papers.json"]),
        0,
        &[
            "warning: tags and notes of 1 paper were left out: the mirror has none; import without --mirror to keep them",
            "note: 1 paper: 1 new, 0 updated, 0 the same",
        ],
    );
    assert_eq!(counts(&machine), (0, 1));
    machine.run(&["import", "papers.json"]).ok();
    assert_eq!(counts(&machine), (1, 1));
    let kept = library(&machine).get(id("2501.00001")).unwrap().unwrap();
    let kept = kept.paper.library.unwrap();
    assert_eq!(
        (kept.tags, kept.note.as_deref()),
        (vec!["mine".to_owned()], Some("n"))
    );
}

#[test]
fn every_file_in_an_archive_goes_in_or_is_named() {
    let pack = |files: &[(&str, &str)]| {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in files {
            archive
                .start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    };
    let first = "{\"id\":\"2501.00001\",\"title\":\"T\"}\n";
    let second = first.replace("00001", "00002");
    let both = [("a.jsonl", first), ("b.jsonl", second.as_str())];
    let machine = Machine::new();
    machine.write("two.zip", pack(&both));
    says(
        &machine.run(&["import", "two.zip"]),
        0,
        &["note: 2 papers: 2 new, 0 updated, 0 the same"],
    );
    let bad = format!("{second}?\n");
    let mixed = [
        ("a.bib", "@misc{broken, title = {B\n"),
        ("s/b.jsonl", bad.as_str()),
        ("README", "Nothing of the kind, and long enough to be sure of it."),
        ("c.jsonl", first),
    ];
    machine.write("mixed.zip", pack(&mixed));
    says(
        &machine.run(&["import", "mixed.zip"]),
        1,
        &[
            "error: mixed.zip:a.bib:1: it is not closed",
            "error: mixed.zip:s/b.jsonl:2: this is no object",
            "error: mixed.zip:README: cannot import README: this is no form of papers that is known",
            "note: 2 papers: 0 new, 0 updated, 2 the same; 3 that cannot be read",
        ],
    );
}

#[test]
fn a_file_in_the_librarys_place_is_called_one() {
    let machine = Machine::new();
    machine.write("papers.json", r#"{"id":"2501.00001","title":"T"}"#);
    machine.write("file", "");
    for command in [["import", "papers.json"], ["list", "-L"]] {
        let [name, what] = command;
        let ended = machine.run(&[name, what, "--library-dir", "file"]);
        assert_eq!(ended.code, Some(4), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("is a file, not a folder"),
            "{}",
            ended.stderr
        );
        assert!(!ended.stderr.contains("os error"), "{}", ended.stderr);
    }
}

#[test]
fn an_undefined_macro_is_no_title() {
    let machine = Machine::new();
    machine.write(
        "refs.bib",
        "@string{kelp = {Kelp}}\n@misc{a, title = undefd, eprint = {1706.01004}}\n\
         @misc{b, title = kelp # { Forests}, month = foo, eprint = {1706.01005}}\n\
         @misc{c, title = 1984, eprint = {1706.01006}}\n",
    );
    says(
        &machine.run(&["import", "refs.bib"]),
        1,
        &[
            "error: refs.bib:2: a: its title is the macro `undefd`, which is not defined",
            "note: 2 papers: 2 new, 0 updated, 0 the same; 1 that cannot be read",
        ],
    );
}

#[test]
fn bad_records_are_told_by_file_and_line_and_the_rest_goes_in() {
    let machine = Machine::new();
    let good = snapshot(1, "2010-05-06");
    machine.write(
        "dump.jsonl",
        format!(
            "{good}{{\"id\":\"0705.0002\"}}\n\n{}nonsense\n",
            good.replace("0705.0001", "0705.0003")
        ),
    );
    machine.write(
        "array.json",
        "[\n  {\n    \"id\": \"2501.00001\",\n    \"title\": \"T\"\n  },\n  {\n    \"id\": \"2513.00001\",\n    \"title\": \"T\"\n  }\n",
    );
    says(
        &machine.run(&["import", "dump.jsonl", "array.json"]),
        1,
        &[
            "error: dump.jsonl:2: missing field `title`",
            "error: dump.jsonl:5: this is no object",
            "error: array.json:6: month 13 does not exist",
            "error: array.json:10: it breaks off: the array is not closed",
            "note: 3 papers: 3 new, 0 updated, 0 the same; 4 that cannot be read",
        ],
    );
    let many = "?\n".repeat(500);
    machine.write("many", format!("{good}{many}"));
    let ended = machine.run(&["import", "-q", "many"]);
    assert_eq!((ended.code, ended.stderr.lines().count()), (Some(1), 21));
    assert!(
        ended
            .stderr
            .ends_with("error: many: 480 more records that cannot be read\n"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_file_that_cannot_be_read_does_not_keep_the_others_out() {
    let machine = Machine::new();
    machine.write("good.jsonl", snapshot(2, "2010-05-06"));
    machine.write("page.html", "<!DOCTYPE html><title>Sorry</title>");
    machine.write("text", "Nothing of the kind, and long enough to be sure of it.");
    let whole = gzip(snapshot(500, "2010-05-06").as_bytes());
    machine.write("cut.gz", &whole[..whole.len() - 9]);
    machine.write("empty", "\n");
    let ended = machine.run(&[
        "import",
        "missing",
        "page.html",
        "text",
        ".",
        "empty",
        "cut.gz",
        "good.jsonl",
    ]);
    assert_eq!(ended.code, Some(4));
    let forms = "hint: what can be imported: arxcat's JSON and JSON Lines, the Kaggle snapshot, Atom, OAI-PMH XML and BibTeX, also in gzip or zip";
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(
        lines[..8],
        [
            "error: cannot read missing: no such file or directory",
            "error: cannot import page.html: this is an HTML page",
            forms,
            "error: cannot import text: this is no form of papers that is known",
            forms,
            "hint: `arxcat ids text | arxcat fetch` gets the papers that a text names",
            "error: cannot read .: it is a folder",
            "note: empty is empty",
        ]
    );
    assert!(
        lines[8].starts_with("error: cannot read cut.gz: "),
        "{}",
        lines[8]
    );
    // What had come of it by then is in.
    let (_, held) = counts(&machine);
    assert!((450..=500).contains(&held), "{held}");
}

#[test]
fn nothing_to_import_makes_no_library() {
    let machine = Machine::new();
    assert_eq!(machine.run(&["import", "missing"]).code, Some(4));
    machine.arxcat(&["import", "-"]).stdin("").run().ok();
    assert!(!machine.path("data/arxcat").exists());
    let catalog = machine.write(
        "kelp.json",
        r#"{"name":"kelp","papers":[{"id":"2501.00001","title":"T"}]}"#,
    );
    let ended = machine.run(&["import", catalog.to_str().unwrap()]);
    assert!(
        ended.stderr.contains("kelp.json -f jsonl | arxcat import -`"),
        "{}",
        ended.stderr
    );
}

#[test]
fn what_is_exported_comes_back() {
    let machine = Machine::new();
    for format in ["json", "jsonl", "bibtex", "biblatex"] {
        let exported = machine.run(&["export", "-f", format]).ok();
        let count = machine.run(&["list", "-f", "ids"]).ok().lines().count() as u64;
        let other = Machine::new();
        other.arxcat(&["import", "-"]).stdin(&exported).run().ok();
        assert_eq!(counts(&other), (count, count), "{format}");
        let title = |machine: &Machine, id_: &str| {
            let held = library(machine).get(id(id_)).unwrap().unwrap();
            (held.paper.title, held.paper.authors.len())
        };
        let wanted = machine.run(&["show", "2501.12948", "--json"]).json();
        let authors = wanted[0]["authors"].as_array().unwrap().len();
        assert_eq!(
            title(&other, "2501.12948"),
            (wanted[0]["title"].as_str().unwrap().to_owned(), authors),
            "{format}"
        );
    }
}

#[test]
fn a_bibliography_gives_its_papers_and_lists_the_rest() {
    let machine = Machine::new();
    machine.write(
        "refs.bib",
        "@string(kelp = {Journal of Kelp})\n\
         @article{doe2021, title = {The {Kelp} {$\\Lambda$} Problem}, author = {Doe, Jane and {Kelp, Inc.} and M{\\\"u}ller, J{\\\"o}rg},\n\
         eprint = {2101.00001}, archivePrefix = {arXiv}, primaryClass = {cs.CL},\n\
         journal = kelp # { Letters}, volume = 7, year = 2022, doi = {10.1000/kelp}}\n\
         @misc{in, title = {In}, journal = {arXiv preprint arXiv:2101.00002}, year = 2021}\n\
         @misc{child, title = {Child}, crossref = {doe2021}, url = {https://arxiv.org/abs/hep-th/9901001v2}}\n\
         @article{nodoi, title = {No}, doi = {10.1000/reef}}\n\
         @book{book, title = {A Book}}\n\
         @misc{untitled, eprint = {2101.00003}, archivePrefix = {arXiv}}\n\
         @misc{wrong, title = {W}, eprint = {2113.00003}, archivePrefix = {arXiv}}\n\
         @misc{broken, title = {B\n",
    );
    says(
        &machine.run(&["import", "refs.bib"]),
        1,
        &[
            "error: refs.bib:10: wrong: the identifier is wrong: month 13 does not exist",
            "error: refs.bib:11: it is not closed",
            "note: skipped refs.bib:7: nodoi: it has no arXiv identifier, only the DOI 10.1000/reef",
            "note: skipped refs.bib:8: book: it has no arXiv identifier",
            "note: skipped refs.bib:9: untitled: it has no title; `arxcat fetch 2101.00003` gets it",
            "note: 3 papers: 3 new, 0 updated, 0 the same; 3 skipped; 2 that cannot be read",
        ],
    );
    let library = library(&machine);
    let get = |text: &str| library.get(id(text)).unwrap().unwrap().paper;
    let doe = get("2101.00001");
    assert_eq!(doe.title, "The Kelp $\\Lambda$ Problem");
    let names: Vec<&str> = doe.authors.iter().map(|author| author.name.as_str()).collect();
    assert_eq!(names, ["Jane Doe", "Kelp, Inc.", "Jörg Müller"]);
    assert_eq!(
        doe.journal_ref.as_deref(),
        Some("Journal of Kelp Letters 7 (2022)")
    );
    assert_eq!(doe.dois, ["10.1000/kelp"]);
    assert_eq!(doe.categories, ["cs.CL"]);
    assert_eq!((doe.published, doe.version), (None, None));
    assert_eq!(get("2101.00002").journal_ref, None);
    let child = get("hep-th/9901001");
    assert_eq!(
        (child.title.as_str(), child.version, child.doi),
        ("Child", Some(2), None)
    );
    // Nothing but skipped entries is no failure.
    machine.write("books.bib", "@book{book, title = {A Book}}\n");
    assert_eq!(machine.run(&["import", "books.bib"]).code, Some(0));
}

#[test]
fn a_complete_snapshot_moves_the_mark_of_a_harvest() {
    let day = |text: &str| text.parse().unwrap();
    let mark = |machine: &Machine| library(machine).checkpoint(None).unwrap();
    let machine = Machine::new();
    machine.write(
        "dump",
        snapshot(3, "2026-09-20") + &KELP.replace("2008-11-26", "2099-01-01"),
    );
    machine.run(&["import", "--mirror", "dump"]).ok();
    assert_eq!(mark(&machine), None);
    says(
        &machine.run(&["import", "--mirror", "--complete", "dump"]),
        0,
        &[
            "note: `arxcat sync --everything` goes on from 2026-09-13",
            "note: 4 papers: 0 new, 0 updated, 4 the same",
        ],
    );
    let moved = Some(HarvestCheckpoint {
        day: day("2026-09-13"),
        checked: day("2026-09-13"),
    });
    assert_eq!(mark(&machine), moved);
    // An older snapshot does not move it back.
    machine.write("old", snapshot(3, "2020-01-01"));
    machine.run(&["import", "--complete", "old"]).ok();
    assert_eq!(mark(&machine), moved);

    let other = Machine::new();
    other.write("bad", snapshot(3, "2026-09-20") + "{\"id\":1}\n");
    let ended = other.run(&["import", "--complete", "bad"]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended
            .stderr
            .contains("the mark of `arxcat sync --everything` is not moved")
    );
    other.write("ours", "{\"id\":\"2501.00001\",\"title\":\"T\"}\n");
    other.write("good", snapshot(3, "2026-09-20"));
    let ended = other.run(&["import", "--complete", "good", "ours"]);
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("error: ours is not the Kaggle snapshot"),
        "{}",
        ended.stderr
    );
    assert_eq!(mark(&other), None);
    assert_eq!(counts(&other), (3, 3));
}

#[test]
fn an_interrupt_stores_what_was_read_whole() {
    for from_fifo in [false, true] {
        let machine = Machine::new();
        let fifo = machine.path("fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let source = if from_fifo { "fifo" } else { "-" };
        let mut command = machine.arxcat(&["import", source]).command();
        let mut child = command
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input: Box<dyn std::io::Write> = if from_fifo {
            Box::new(fs::File::options().write(true).open(&fifo).unwrap())
        } else {
            Box::new(child.stdin.take().unwrap())
        };
        let all = snapshot(700, "2010-05-06");
        let (whole, cut) = all.split_at(all.len() - 20);
        input.write_all(whole.as_bytes()).unwrap();
        input.flush().unwrap();
        // All that is whole is stored while the rest is waited for.
        let stored = || {
            let library = Library::existing(&machine.path("data/arxcat")).ok()??;
            library.count(Scope::Mirror).ok()
        };
        while stored() != Some(699) {
            assert!(
                child.try_wait().unwrap().is_none(),
                "{stored:?}",
                stored = stored()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), Signal::SIGINT).unwrap();
        let ended = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(130), "{stderr}");
        assert_eq!(
            stderr,
            "note: 699 papers: 699 new, 0 updated, 0 the same\nerror: interrupted\n\
             hint: what was read is stored; run the same command again to go on\n"
        );
        assert_eq!(counts(&machine), (699, 699));
        machine
            .arxcat(&["import", "-"])
            .stdin(format!("{whole}{cut}"))
            .run()
            .ok();
        assert_eq!(counts(&machine), (700, 700));
    }
}

#[test]
fn a_library_that_cannot_be_written_is_exit_4() {
    let machine = Machine::new();
    machine.write("dump", snapshot(3, "2010-05-06"));
    machine.write("data/arxcat/library.db", "somebody else's");
    let ended = machine.run(&["import", "dump"]);
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert_eq!(machine.read("data/arxcat/library.db"), "somebody else's");
}
