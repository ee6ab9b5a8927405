//! What `arxcat download` of 1 GiB keeps in memory, beside the same program with a file of a few bytes.
//!
//! `cargo bench --bench download`. The server makes the bytes up while it sends them.

#![allow(clippy::expect_used, reason = "a bench that cannot run should say so")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

const BYTES: u64 = 1 << 30;

/// So much more than for a small file may be resident, in KiB.
const ALLOWED: i64 = 20 * 1024;

fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            serve(stream);
        }
    });
    let folder = tempfile::tempdir().expect("a temporary folder");
    run(&url, "2501.00001v1", folder.path());
    let own = most_memory_of_a_child();
    let took = run(&url, "2501.00002v1", folder.path());
    let large = most_memory_of_a_child();
    println!("own           {:>7.1} MiB", mib(own));
    println!("with 1 GiB    {:>7.1} MiB", mib(large));
    println!(
        "difference    {:>7.1} MiB  (at most {})",
        mib(large - own),
        mib(ALLOWED)
    );
    println!("took          {:>7.1} s", took.as_secs_f64());
    assert!(large - own <= ALLOWED, "too much is resident");
}

/// Answers one request: for the second paper with the large file.
fn serve(mut stream: TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let first = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    if let Some((_, id)) = first.split_once("id_list=") {
        return tell_of(id.get(..10)?, &mut stream);
    }
    let length = if first.contains("2501.00002") { BYTES } else { 64 };
    let head = format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/pdf\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut left = length;
    let mut piece = vec![b'x'; 64 * 1024];
    piece[..9].copy_from_slice(b"%PDF-1.5\n");
    while left > 0 {
        let size = usize::try_from(left).map_or(piece.len(), |left| left.min(piece.len()));
        stream.write_all(&piece[..size]).ok()?;
        left -= size as u64;
    }
    Some(())
}

/// Answers as the query API does, with a record of this paper.
fn tell_of(id: &str, stream: &mut TcpStream) -> Option<()> {
    let feed = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\">\
         <opensearch:totalResults>1</opensearch:totalResults><entry><id>http://arxiv.org/abs/{id}v1</id>\
         <title>A Large Paper</title><published>2025-01-01T00:00:00Z</published>\
         <updated>2025-01-01T00:00:00Z</updated></entry></feed>"
    );
    let length = feed.len();
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/atom+xml";
    write!(stream, "{head}\r\ncontent-length: {length}\r\n\r\n{feed}").ok()
}

fn run(url: &str, id: &str, home: &Path) -> Duration {
    let start = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_arxcat"))
        .args(["download", id])
        .env_clear()
        .env("HOME", home)
        .env("ARXCAT_FILES_URL", url)
        .env("ARXCAT_API_URL", format!("{url}/api/query"))
        .env("ARXCAT_INTERVAL", "0")
        .current_dir(home)
        .status();
    assert!(status.expect("the program runs").success());
    start.elapsed()
}

fn most_memory_of_a_child() -> i64 {
    getrusage(UsageWho::RUSAGE_CHILDREN)
        .expect("the system tells")
        .max_rss()
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn mib(kib: i64) -> f64 {
    kib as f64 / 1024.0
}
