//! `download`: files of a fake arXiv are complete and of the right kind, or absent.

mod faults;
mod interruption;
mod names;
mod recordings;
mod resumption;

use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::arxcat::Machine;
use crate::fake::{Fake, Quirk, Served, Trouble};

const PDF: &str = "/pdf/2501.00001v1";

/// A fake with a PDF of this many bytes for the plain paper, and a machine of its user.
fn plain(length: usize) -> (Fake, Machine, Served) {
    let fake = Fake::start();
    let pdf = Served::pdf("plain", length);
    fake.file(PDF, pdf.clone());
    let machine = Machine::with_arxiv(&fake.url());
    (fake, machine, pdf)
}

/// The names of what is in a folder, but for the machine's own folders.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !["config", "data", "cache", "state"].contains(&name.as_str()))
        .collect();
    names.sort();
    names
}

/// The requested paths, without those of the API.
fn paths(fake: &Fake) -> Vec<String> {
    let requests = fake.requests().into_iter();
    requests
        .map(|request| request.path)
        .filter(|path| path != "/api/query")
        .collect()
}

fn status(machine: &Machine) -> Vec<String> {
    let ledger = machine.read("ledger.jsonl");
    let lines = ledger
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines
        .map(|line| line["status"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_pdf_comes_whole_under_its_version_and_is_not_asked_for_again() {
    let (fake, machine, pdf) = plain(100_000);
    assert_eq!(
        machine.run(&["download", "2501.00001"]).ok(),
        "2501.00001v1.pdf\n"
    );
    assert_eq!(
        std::fs::read(machine.path("2501.00001v1.pdf")).unwrap(),
        pdf.bytes()
    );
    assert_eq!(names(&machine.path("")), ["2501.00001v1.pdf"]);
    let requests = fake.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].header("accept-encoding"), Some("identity"));
    assert_eq!(requests[1].header("range"), None);
    // Neither the version nor the file is requested again, so that no network is needed.
    for args in [
        &["download", "2501.00001", "--ledger", "ledger.jsonl"][..],
        &["--offline", "download", "2501.00001", "--ledger", "ledger.jsonl"],
        &["download", "arXiv:2501.00001v1", "--ledger", "ledger.jsonl"],
    ] {
        assert_eq!(machine.run(args).ok(), "2501.00001v1.pdf\n");
        assert_eq!(status(&machine), ["skipped"]);
    }
    assert_eq!(fake.requests().len(), 2);
}

#[test]
fn paths_come_in_the_order_asked_and_the_ledger_says_what_became_of_all() {
    let fake = Fake::start();
    for path in ["/pdf/2501.00002v3", "/pdf/hep-th/9901001v1", PDF] {
        fake.file(path, Served::pdf(path, 2000));
    }
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine.run(&[
        "download",
        "2501.00002",
        "nonsense",
        "2501.99999",
        "alg-geom/9311009",
        "hep-th/9901001v1",
        "2104.00003",
        "2501.00001",
        "2501.00002v3",
        "-d",
        "papers/new",
        "--ledger",
        "ledger.jsonl",
    ]);
    insta::assert_snapshot!("download_several", ended.shown());
    insta::assert_snapshot!("download_several_ledger", machine.read("ledger.jsonl"));
    assert_eq!(
        names(&machine.path("papers/new")),
        ["2501.00001v1.pdf", "2501.00002v3.pdf", "hep-th_9901001v1.pdf"]
    );
    // One look-up for all that is not known, then one file after the other.
    let asked = fake.requests();
    assert_eq!(asked.iter().filter(|r| r.path == "/api/query").count(), 1);
    fake.assert_polite(Duration::ZERO);
    fake.assert_never_sent("9311009");
}

#[test]
fn sources_are_called_by_what_came() {
    let fake = Fake::start();
    let mut tar = vec![0; 2048];
    tar[257..262].copy_from_slice(b"ustar");
    let gz = |bytes: &[u8]| {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    fake.file("/src/2501.00001v1", Served::new("application/gzip", gz(&tar)));
    fake.file(
        "/src/2501.00002v3",
        Served::new("application/gzip", gz(b"\\documentclass{article}")),
    );
    fake.file("/src/2104.00003v1", Served::pdf("a source", 100));
    let html = "<!DOCTYPE html><html><body class=\"ltx_page\">paper</body></html>";
    fake.file(
        "/html/2501.00001v1",
        Served::new("text/html; charset=utf-8", html),
    );
    let machine = Machine::with_arxiv(&fake.url());
    let asked = ["download", "--tex", "2501.00001", "2501.00002", "2104.00003v1"];
    let expected = "2501.00001v1.tar.gz\n2501.00002v3.gz\n2104.00003v1.pdf\n";
    assert_eq!(machine.run(&asked).ok(), expected);
    let before = fake.requests().len();
    assert_eq!(machine.run(&asked).ok(), expected);
    assert_eq!(fake.requests().len(), before);
    assert_eq!(
        machine.run(&["download", "--html", "2501.00001v1"]).ok(),
        "2501.00001v1.html\n"
    );
    assert_eq!(machine.read("2501.00001v1.html"), html);
}

#[test]
fn a_paper_and_its_source_lie_in_one_folder_even_where_both_are_pdfs() {
    let (fake, machine, _) = plain(1000);
    let source = Served::pdf("unstamped", 900);
    fake.file("/src/2501.00001v1", source.clone());
    let get = |kind: &str| machine.run(&["download", kind, "2501.00001v1"]).ok();
    for _ in 0..2 {
        assert_eq!(get("--pdf"), "2501.00001v1.pdf\n");
        assert_eq!(get("--tex"), "2501.00001v1.source.pdf\n");
    }
    assert_eq!(paths(&fake).len(), 2);
    fake.file("/src/2501.00002v1", source);
    fake.file("/pdf/2501.00002v1", Served::pdf("stamped", 1000));
    let get = |kind: &str| machine.run(&["download", kind, "2501.00002v1"]).ok();
    for _ in 0..2 {
        assert_eq!(get("--tex"), "2501.00002v1.pdf\n");
        assert_eq!(get("--pdf"), "2501.00002v1.paper.pdf\n");
    }
    assert_eq!(paths(&fake).len(), 4);
}

/// What is answered to a request for the PDF: status, media type and body.
type Answered<'a> = (u16, &'static str, &'a str);

/// The run that meets this says so, with this status in the ledger and this exit code, and saves nothing.
#[track_caller]
fn refused((code, kind, body): Answered, words: &str, became: &str, exit: i32) {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    fake.next(Trouble::Body(code, kind, body.as_bytes().to_vec()));
    let ended = machine.run(&["download", "2501.00001v1", "--ledger", "ledger.jsonl"]);
    assert_eq!(ended.code, Some(exit), "{body}: {}", ended.shown());
    assert!(ended.stderr.contains(words), "{body}: {}", ended.shown());
    assert_eq!(
        (ended.stdout.as_str(), status(&machine)),
        ("", vec![became.to_owned()])
    );
    assert_eq!(names(&machine.path("")), ["ledger.jsonl"], "{body}");
}

#[test]
fn a_page_with_an_error_says_what_became_of_the_file() {
    for (code, page, words, became) in [
        (
            404,
            "No document for '2501.00001v1'",
            "no such paper",
            "not_found",
        ),
        (404, "This paper has been withdrawn", "withdrawn", "withdrawn"),
        (404, "File unavailable for 2501.00001", "has no PDF", "refused"),
        (403, "Source Not Public", "not public", "refused"),
        (500, "PDF unavailable", "could not make", "refused"),
    ] {
        let page = format!("<!DOCTYPE html><html><body><h1>{page}</h1></body></html>");
        refused((code, "text/html", &page), words, became, 1);
    }
    let denied = "<h1>Access denied</h1>";
    refused((403, "text/html", denied), "denies access", "unavailable", 3);
}

#[test]
fn a_page_in_place_of_a_file_is_never_saved() {
    let page = "<!DOCTYPE html><html><body>Hello</body></html>";
    let captcha = "<html><head><title>arXiv reCAPTCHA</title></head></html>";
    for kind in ["text/html", "application/pdf"] {
        refused(
            (200, kind, page),
            "a web page in place of a PDF",
            "unavailable",
            3,
        );
        refused((200, kind, captcha), "denies access", "unavailable", 3);
    }
    for bytes in ["", "nothing\0known"] {
        refused((200, "application/pdf", bytes), "is not a PDF", "unavailable", 3);
    }
}

#[test]
fn a_large_file_flows_and_is_not_held() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let most = || {
        let children = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN);
        children.unwrap().max_rss()
    };
    fake.file(PDF, Served::endless(100));
    machine.run(&["download", "2501.00001v1"]).ok();
    let own = most();
    fake.file("/pdf/2501.00002v1", Served::endless(40 << 20));
    machine.run(&["download", "2501.00002v1"]).ok();
    assert!(most() - own < 20 * 1024, "{own} KiB, then {} KiB", most());
}

#[test]
fn once_access_is_denied_nothing_more_is_asked() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    fake.next(Trouble::Body(
        403,
        "text/html",
        b"<h1>Access denied</h1>".to_vec(),
    ));
    let ended = machine.run(&[
        "download",
        "2501.00001v1",
        "2501.00002v1",
        "--ledger",
        "ledger.jsonl",
    ]);
    let (_, after) = ended.stderr.split_once("before 2").unwrap();
    let time = after.split_once(" UTC").unwrap().0;
    let home = machine.path("").display().to_string();
    let shown = ended
        .shown()
        .replace(&format!("2{time}"), "TIME")
        .replace(&home, "HOME/")
        .replace("--max-wait 21600", "--max-wait 21601");
    insta::assert_snapshot!("download_denied", shown);
    assert_eq!(status(&machine), ["unavailable", "unavailable"]);
    assert_eq!(paths(&fake), [PDF]);
    // Nor by any other command, of any service.
    for args in [
        ["fetch", "2501.00002"],
        ["search", "moths"],
        ["sync", "cs.CL"],
        ["new", "cs.CL"],
    ] {
        let ended = machine.run(&args);
        assert_eq!(ended.code, Some(3), "{}", ended.shown());
        assert!(
            ended.stderr.contains("arXiv wants no requests before "),
            "{}",
            ended.shown()
        );
    }
    assert_eq!(paths(&fake), [PDF]);
}

#[test]
fn two_files_forbidden_in_a_row_end_it() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    for _ in 0..2 {
        fake.next(Trouble::Body(403, "text/html", b"<h1>Forbidden</h1>".to_vec()));
    }
    let args = ["2501.00001v1", "2501.00002v1", "2501.00002v3", "2104.00003v1"];
    let ended = machine.run(&[&["download", "--ledger", "ledger.jsonl"], &args[..]].concat());
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert_eq!(paths(&fake), [PDF, "/pdf/2501.00002v1"]);
    assert_eq!(
        status(&machine),
        ["unavailable", "unavailable", "unavailable", "unavailable"]
    );
}

#[test]
fn the_source_is_named_only_where_it_may_be_there() {
    for (code, page, exit) in [
        (400, "Bad request", 3),
        (403, "Source Not Public", 1),
        (451, "Taken down", 3),
    ] {
        let fake = Fake::start();
        let machine = Machine::with_arxiv(&fake.url());
        fake.next(Trouble::Body(
            code,
            "text/html",
            format!("<h1>{page}</h1>").into_bytes(),
        ));
        let ended = machine.run(&["download", "2501.00001v1"]);
        assert_eq!(ended.code, Some(exit), "{}", ended.shown());
        assert!(!ended.stderr.contains("--tex"), "{code}: {}", ended.shown());
    }
}

#[test]
fn a_pdf_that_is_called_a_web_page_is_a_pdf() {
    let fake = Fake::start();
    let mut pdf = Served::pdf("plain", 5000);
    pdf.content_type = "text/html".to_owned();
    fake.file(PDF, pdf.clone());
    let machine = Machine::with_arxiv(&fake.url());
    machine.run(&["download", "2501.00001v1"]).ok();
    assert_eq!(
        std::fs::read(machine.path("2501.00001v1.pdf")).unwrap(),
        pdf.bytes()
    );
}

#[test]
fn a_paper_downloaded_by_its_version_is_in_the_library() {
    let (fake, machine, _) = plain(1000);
    machine.run(&["download", "2501.00001v1"]).ok();
    let queries = || fake.requests().iter().filter(|r| r.path == "/api/query").count();
    assert_eq!(queries(), 1);
    let listed = machine.run(&["list", "-L", "-f", "ids"]).ok();
    assert!(listed.starts_with("2501.00001"), "{listed}");
    machine.run(&["--offline", "show", "2501.00001v1"]).ok();
    // It is stored now; with a bare one, both go into one request.
    machine.run(&["download", "2501.00001v1", "--force"]).ok();
    assert_eq!(queries(), 1);
    fake.file("/pdf/2501.00002v3", Served::pdf("three", 100));
    fake.file("/pdf/2104.00003v1", Served::pdf("one", 100));
    machine.run(&["download", "2501.00002", "2104.00003v1"]).ok();
    assert_eq!(queries(), 2);
}

#[test]
fn a_file_comes_although_the_record_does_not() {
    let (fake, machine, _) = plain(1000);
    fake.next(Trouble::None);
    // The query API and OAI-PMH refuse.
    fake.next(Trouble::status(400));
    fake.next(Trouble::status(400));
    let ended = machine.run(&["download", "2501.00001v1"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), "2501.00001v1.pdf\n"),
        "{}",
        ended.shown()
    );
    assert!(
        ended.stderr.contains("`arxcat fetch 2501.00001v1`"),
        "{}",
        ended.shown()
    );
}

#[test]
fn what_is_held_says_the_version_where_arxiv_refuses_to() {
    let (fake, machine, _) = plain(1000);
    machine.run(&["fetch", "2501.00001"]).ok();
    fake.next(Trouble::status(400));
    fake.next(Trouble::status(400));
    let ended = machine.run(&["download", "2501.00001", "--refresh"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), "2501.00001v1.pdf\n"),
        "{}",
        ended.shown()
    );
    assert!(ended.stderr.contains("arXiv did not answer"), "{}", ended.shown());
}

#[test]
fn what_is_transient_is_tried_again_and_what_is_not_is_not() {
    let (fake, machine, pdf) = plain(5000);
    fake.next(Trouble::status(503));
    fake.next(Trouble::RateExceeded(200));
    fake.next(Trouble::Close);
    fake.next(Trouble::Body(500, "text/html", b"<h1>Oops</h1>".to_vec()));
    machine.run(&["download", "2501.00001v1"]).ok();
    assert_eq!(
        std::fs::read(machine.path("2501.00001v1.pdf")).unwrap(),
        pdf.bytes()
    );
    assert_eq!(paths(&fake).len(), 5);
    let ended = machine.run(&["download", "2501.00002v1"]);
    assert_eq!(ended.code, Some(1), "{}", ended.shown());
    assert_eq!(paths(&fake).len(), 6);
}

#[test]
fn one_file_that_fails_holds_nothing_up_and_two_in_a_row_end_it() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    for path in ["/pdf/2501.00002v1", "/pdf/2501.00002v3"] {
        fake.file(path, Served::pdf(path, 100));
    }
    for _ in 0..5 {
        fake.next(Trouble::status(500));
    }
    let ids = ["2501.00001v1", "2501.00002v1"];
    let ended = machine.run(&[&["download"], &ids[..]].concat());
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(3), "2501.00002v1.pdf\n"),
        "{}",
        ended.shown()
    );
    for _ in 0..10 {
        fake.next(Trouble::status(500));
    }
    let ended = machine.run(&[
        "download",
        "2501.00001v1",
        "2104.00003v1",
        "2501.00002v3",
        "--ledger",
        "ledger.jsonl",
    ]);
    assert_eq!(
        (ended.code, status(&machine)),
        (Some(3), vec!["unavailable".to_owned(); 3]),
        "{}",
        ended.shown()
    );
}

#[test]
fn a_redirect_is_followed_and_one_away_is_not() {
    let (fake, machine, _) = plain(1000);
    fake.next(Trouble::Redirect(PDF.to_owned()));
    machine.run(&["download", "2501.00001v1"]).ok();
    fake.next(Trouble::Redirect("http://example.org/x.pdf".to_owned()));
    let ended = machine.run(&["download", "2501.00002v1"]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert!(ended.stderr.contains("another host"), "{}", ended.stderr);
    assert_eq!(names(&machine.path("")), ["2501.00001v1.pdf"]);
}

#[test]
fn a_body_in_gzip_is_left_as_it_is() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    let packed = {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"\\documentclass{article}").unwrap();
        packed.finish().unwrap()
    };
    let file = Served::new("application/x-eprint", packed.clone()).next(Quirk::Encoded("gzip"));
    fake.file("/src/2501.00001v1", file);
    machine.run(&["download", "--tex", "2501.00001v1"]).ok();
    assert_eq!(std::fs::read(machine.path("2501.00001v1.gz")).unwrap(), packed);
}

#[test]
fn a_file_that_is_not_ours_stays_and_ours_is_mended_by_force() {
    let (fake, machine, pdf) = plain(1000);
    machine.write("2501.00001v1.pdf", "my notes");
    let ended = machine.run(&["download", "2501.00001v1"]);
    insta::assert_snapshot!("download_in_the_way", ended.shown());
    assert_eq!(machine.read("2501.00001v1.pdf"), "my notes");
    assert!(fake.requests().is_empty());
    machine.run(&["download", "2501.00001v1", "--force"]).ok();
    assert_eq!(
        std::fs::read(machine.path("2501.00001v1.pdf")).unwrap(),
        pdf.bytes()
    );
    // Damaged, or written on by its reader: who knows.
    machine.write("2501.00001v1.pdf", &pdf.bytes()[..500]);
    let ended = machine.run(&["download", "2501.00001v1"]);
    assert_eq!(ended.code, Some(4));
    assert!(
        ended
            .stderr
            .contains("`arxcat download --force 2501.00001v1` replaces it"),
        "{}",
        ended.stderr
    );
    std::fs::remove_file(machine.path("2501.00001v1.pdf")).unwrap();
    machine.run(&["download", "2501.00001v1"]).ok();
    assert_eq!(
        std::fs::read(machine.path("2501.00001v1.pdf")).unwrap(),
        pdf.bytes()
    );
}

#[test]
fn an_intact_file_is_known_by_its_sum_wherever_it_was_moved() {
    let (fake, machine, _) = plain(1000);
    machine.run(&["download", "2501.00001v1", "-d", "a"]).ok();
    std::fs::rename(machine.path("a"), machine.path("b")).unwrap();
    let before = fake.requests().len();
    assert_eq!(
        machine.run(&["download", "2501.00001v1", "-d", "b"]).ok(),
        "b/2501.00001v1.pdf\n"
    );
    assert_eq!(fake.requests().len(), before);
}

#[test]
fn the_library_knows_what_was_downloaded() {
    let (_fake, machine, _) = plain(1000);
    machine.run(&["download", "2501.00001"]).ok();
    let path = machine.path("").canonicalize().unwrap().join("2501.00001v1.pdf");
    assert_eq!(
        machine.run(&["open", "--print", "2501.00001"]).ok(),
        format!("{}\n", path.display())
    );
}

#[test]
fn papers_are_chosen_from_the_library() {
    let (fake, machine, _) = plain(1000);
    machine.run(&["download", "2501.00001", "-d", "a"]).ok();
    let chosen = |filter: &[&str]| {
        let args = [&["download", "-L", "-d", "b"], filter].concat();
        machine.run(&args).ok()
    };
    assert_eq!(chosen(&["--category", "hep-th"]), "");
    assert_eq!(chosen(&["--title", "plain"]), "b/2501.00001v1.pdf\n");
    assert_eq!(chosen(&[]), "b/2501.00001v1.pdf\n");
    assert_eq!(fake.requests().len(), 3);
    let ended = machine.run(&["download", "--title", "plain"]);
    assert_eq!(ended.code, Some(2), "{}", ended.shown());
    assert!(ended.stderr.contains("-L"), "{}", ended.stderr);
}

#[test]
fn an_interrupt_keeps_what_came_and_says_how_to_go_on() {
    let (fake, machine, pdf) = plain(100_000);
    fake.file(PDF, pdf.clone().next(Quirk::Drip(20_000, Duration::from_secs(2))));
    let running = machine
        .arxcat(&["download", "2501.00001v1", "2501.00002v1"])
        .start();
    fake.wait_for_requests(1);
    std::thread::sleep(Duration::from_millis(200));
    running.signal(Signal::SIGINT);
    let ended = running.wait();
    insta::assert_snapshot!("download_interrupted", ended.shown());
    assert_eq!(
        names(&machine.path("")),
        ["2501.00001v1.pdf.part", "2501.00001v1.pdf.part.json"]
    );
    machine.run(&["download", "2501.00001v1"]).ok();
    assert_eq!(
        std::fs::read(machine.path("2501.00001v1.pdf")).unwrap(),
        pdf.bytes()
    );
    let mut files = fake.requests().into_iter().filter(|request| request.path == PDF);
    let last = files.next_back().unwrap();
    assert_ne!(last.header("range"), None);
    assert_eq!(names(&machine.path("")), ["2501.00001v1.pdf"]);
}

#[test]
fn a_full_disk_leaves_nothing_half() {
    let (fake, machine, _) = plain(3_000_000);
    fake.file("/pdf/2501.00002v1", Served::pdf("small", 100));
    let command = machine
        .arxcat(&["download", "2501.00001v1", "2501.00002v1"])
        .command();
    let mut limited = std::process::Command::new("sh");
    // The shell counts in blocks of 512 bytes, or of 1024: at most 2 MiB, which the library fits in.
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\""])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .current_dir(machine.path(""));
    for (name, value) in command.get_envs() {
        limited.env(name, value.unwrap());
    }
    let ended = limited.output().unwrap();
    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(4), "{stderr}");
    assert!(stderr.contains("cannot write"), "{stderr}");
    assert_eq!(stderr.matches("2501.00001v1.pdf.part").count(), 1, "{stderr}");
    assert_eq!(names(&machine.path("")), [""; 0], "{stderr}");
    assert_eq!(paths(&fake), [PDF], "the next would fail likewise");
}

#[test]
fn a_withdrawn_paper_is_told_with_the_version_before() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    fake.next(Trouble::Body(
        404,
        "text/html",
        b"<p>The author has withdrawn this paper; it has been withdrawn.</p>".to_vec(),
    ));
    let ended = machine.run(&["download", "2501.00002v3"]);
    assert_eq!(ended.code, Some(1), "{}", ended.shown());
    assert!(
        ended.stderr.contains("`arxcat download 2501.00002v2`"),
        "{}",
        ended.stderr
    );
}

#[test]
fn what_needs_no_look_up_comes_also_where_the_look_up_fails() {
    let (fake, mut machine, _) = plain(2_000);
    let broken = Fake::start();
    broken.always(Trouble::status(503));
    machine.set("ARXCAT_API_URL", &format!("{}/api/query", broken.url()));
    machine.set("ARXCAT_OAI_URL", &broken.oai_url());
    let ended = machine.run(&[
        "download",
        "2501.00002",
        "2501.00001v1",
        "--ledger",
        "ledger.jsonl",
    ]);
    assert_eq!(ended.code, Some(3), "{}", ended.shown());
    assert_eq!(ended.stdout, "2501.00001v1.pdf\n", "{}", ended.shown());
    assert_eq!(status(&machine), ["unavailable", "found"]);
    assert_eq!(paths(&fake), [PDF]);
}

#[test]
fn asked_anew_a_withdrawn_paper_is_told_with_the_last_version_that_is_not() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    fake.oai(|oai| oai.entry("2501.00002").withdrawn = vec![2, 3]);
    machine.run(&["fetch", "--via", "oai", "2501.00002"]).ok();
    for args in [
        &["download", "2501.00002"][..],
        &["download", "--refresh", "2501.00002"],
    ] {
        fake.file(
            "/pdf/2501.00002v3",
            Served::new("text/html", "<p>This paper has been withdrawn.</p>"),
        );
        let ended = machine.run(args);
        assert_eq!(ended.code, Some(1), "{}", ended.shown());
        assert!(
            ended.stderr.contains("v1: `arxcat download 2501.00002v1`"),
            "{args:?}: {}",
            ended.shown()
        );
    }
}
