//! A first harvest of all of arXiv into a fresh mirror, beside its limits: records a second, and resident memory.
//!
//! `cargo bench --bench sync`, or `cargo bench --bench sync -- --records 1000000 --folder /var/tmp`. Pages are made
//! before and lie in the folder, 2.5 kB a record; a server on loopback answers with them at once.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot run should say so"
)]

#[allow(dead_code, reason = "its records are wanted, not its file")]
#[path = "corpus/mod.rs"]
mod corpus;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use corpus::Corpus;
use serde_json::Value;

/// How many records, or headers, arXiv puts on a page.
const PAGES: [(&str, usize); 2] = [("ListRecords", 2_500), ("ListIdentifiers", 20_000)];
/// Identifiers come in no order: lists are sorted by the last change. A prime, so that each comes once.
const STRIDE: usize = 7_919;
const CHANGED_A_DAY: usize = 2_500;

const RECORDS_A_SECOND: f64 = 10_000.0;
const MIB: f64 = 300.0;

/// The interval at which the memory of the process is sampled; the kernel keeps the peak.
const POLL: Duration = Duration::from_millis(5);

struct Options {
    records: usize,
    folder: PathBuf,
}

fn main() {
    let options = options();
    let folder = tempfile::tempdir_in(&options.folder).expect("a folder to work in");
    let pages = folder.path().join("pages");
    std::fs::create_dir(&pages).expect("a folder for the pages");
    make_pages(options.records, &pages).expect("the pages are written");
    let url = serve(pages);
    nix::unistd::sync();
    let (took, resident) = harvest(&url, folder.path());
    let rate = float(options.records as u64) / took.as_secs_f64();
    let resident = float(resident) / 1024.0;
    println!("{} records in {:.1} s", options.records, took.as_secs_f64());
    println!("records a second   {rate:>9.0}      (at least {RECORDS_A_SECOND:.0})");
    println!("resident memory    {resident:>9.1} MiB  (at most {MIB:.0})");
    assert_eq!(count(folder.path()), options.records, "every record is held");
    assert!(resident <= MIB, "too much is resident");
    assert!(rate >= RECORDS_A_SECOND, "too slow");
}

fn options() -> Options {
    let mut options = Options {
        records: 200_000,
        folder: std::env::temp_dir(),
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().unwrap_or_default();
        match arg.as_str() {
            "--records" => options.records = value().parse().expect("a number of records"),
            "--folder" => options.folder = value().into(),
            // Cargo's own.
            "--bench" => {}
            other => panic!("there is no {other}: --records N, --folder DIR"),
        }
    }
    assert!(
        options.records > 0 && !options.records.is_multiple_of(STRIDE),
        "other number of records"
    );
    options
}

/// Writes every page of both lists into the folder: `ListRecords-0` and so on.
fn make_pages(records: usize, folder: &Path) -> io::Result<()> {
    let corpus = Corpus::new(records, 1);
    for (verb, size) in PAGES {
        for first in (0..records).step_by(size) {
            let mut page = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\">\n\
                 <responseDate>2026-10-15T05:06:07Z</responseDate>\n<{verb}>\n"
            );
            for place in first..records.min(first + size) {
                item(&corpus, records, place, verb == "ListRecords", &mut page);
            }
            if first + size < records {
                let _ = writeln!(
                    page,
                    "<resumptionToken>{verb}-{}</resumptionToken>",
                    first / size + 1
                );
            }
            let _ = write!(page, "</{verb}>\n</OAI-PMH>\n");
            std::fs::write(folder.join(format!("{verb}-{}", first / size)), page)?;
        }
    }
    Ok(())
}

/// A record in the form of `arXivRaw`, or its header alone.
fn item(corpus: &Corpus, records: usize, place: usize, whole: bool, page: &mut String) {
    let mut line = Vec::new();
    corpus.record(place * STRIDE % records, &mut line);
    let paper: Value = serde_json::from_slice(&line).expect("the corpus is JSON");
    let id = paper["id"].as_str().expect("every record has one");
    let days = u64::try_from(place / CHANGED_A_DAY).expect("a small number");
    let datestamp = NaiveDate::from_ymd_opt(2007, 5, 23).expect("a day") + Days::new(days);
    let header = format!(
        "<header><identifier>oai:arXiv.org:{id}</identifier><datestamp>{datestamp}</datestamp>\
         <setSpec>cs:cs:LG</setSpec></header>\n"
    );
    if !whole {
        page.push_str(&header);
        return;
    }
    let _ = write!(
        page,
        "<record>\n{header}<metadata><arXivRaw xmlns=\"http://arxiv.org/OAI/arXivRaw/\">\n<id>{id}</id>"
    );
    for version in paper["versions"].as_array().into_iter().flatten() {
        let (number, created) = (version["version"].as_str(), version["created"].as_str());
        let _ = write!(
            page,
            "<version version=\"{}\"><date>{}</date><size>9kb</size></version>",
            number.unwrap_or_default(),
            created.unwrap_or_default()
        );
    }
    for field in [
        "submitter",
        "title",
        "authors",
        "categories",
        "comments",
        "journal-ref",
        "doi",
        "report-no",
        "license",
        "abstract",
    ] {
        if let Some(text) = paper[field].as_str() {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            let _ = write!(page, "<{field}>{text}</{field}>");
        }
    }
    page.push_str("\n</arXivRaw></metadata>\n</record>\n");
}

/// Starts the server, and gives the URL of its OAI-PMH. It ends with the process.
fn serve(pages: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that went away is no reason to stop.
            let _ = answer(&pages, stream);
        }
    });
    format!("http://{address}/oai")
}

fn answer(pages: &Path, mut stream: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let parameter = |name: &str| {
        request
            .split(['?', '&', ' '])
            .find_map(|part| part.strip_prefix(name))
    };
    let page = match (parameter("resumptionToken="), parameter("verb=")) {
        (Some(token), _) => token.to_owned(),
        (None, verb) => format!("{}-0", verb.unwrap_or_default()),
    };
    let mut file = File::open(pages.join(page))?;
    let length = file.metadata()?.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/xml\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    io::copy(&mut file, &mut stream)?;
    Ok(())
}

fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arxcat"));
    command
        .env_clear()
        .env("HOME", home)
        .current_dir(home)
        .args(["--library-dir", "library"])
        .stdin(Stdio::null());
    command
}

/// Harvests everything; how long that takes, and the most that is resident, in KiB.
fn harvest(url: &str, home: &Path) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = program(home)
        .args(["sync", "--everything", "--yes"])
        .env("ARXCAT_INTERVAL", "0")
        .env("ARXCAT_OAI_URL", url)
        .spawn()
        .expect("the program runs");
    let mut resident = 0;
    let status = loop {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        resident = resident.max(kib.unwrap_or(0));
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        thread::sleep(POLL);
    };
    assert!(status.success(), "arxcat sync: {status}");
    (start.elapsed(), resident)
}

/// The number of papers in the mirror.
fn count(home: &Path) -> usize {
    let listed = program(home).args(["export", "-M", "-f", "ids"]).output();
    let listed = listed.expect("the program runs").stdout;
    listed
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .count()
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn float(number: u64) -> f64 {
    number as f64
}
