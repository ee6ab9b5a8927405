//! `arxcat list` as a whole process beside a program that prints one line: what a local command costs.
//!
//! `cargo bench --bench startup`. The two are run in turn, so that whatever else the machine does meets both.

#![allow(clippy::expect_used, reason = "a bench that cannot run should say so")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

const RUNS: usize = 300;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arxcat = PathBuf::from(env!("CARGO_BIN_EXE_arxcat"));
    let before = most_memory_of_a_child();
    run(&arxcat, &["list"], folder.path());
    let resident = most_memory_of_a_child();
    assert!(resident > before, "the measured child is the largest so far");

    let hello = hello(folder.path());
    let mut times: [Vec<Duration>; 2] = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        times[0].push(run(&hello, &[], folder.path()));
        times[1].push(run(&arxcat, &["list"], folder.path()));
    }
    let [hello, list] = times.map(median);
    println!("hello world   {:>7.3} ms", ms(hello));
    println!("arxcat list   {:>7.3} ms", ms(list));
    println!("difference    {:>7.3} ms   (at most 2)", ms(list) - ms(hello));
    println!("resident      {:>7.1} MiB  (at most 10)", kib(resident) / 1024.0);
}

/// Prints one line, built as arxcat is.
fn hello(folder: &Path) -> PathBuf {
    let source = folder.join("hello.rs");
    std::fs::write(&source, "fn main() { println!(\"hello\"); }\n").expect("the source is written");
    let binary = folder.join("hello");
    let built = Command::new("rustc")
        .args(["-O", "-C", "strip=symbols", "-o"])
        .arg(&binary)
        .arg(&source)
        .status();
    assert!(built.expect("rustc runs").success());
    binary
}

fn run(program: &Path, args: &[&str], home: &Path) -> Duration {
    let mut command = Command::new(program);
    command
        .args(args)
        .env_clear()
        .env("HOME", home)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("the program runs");
    let took = start.elapsed();
    assert!(status.success());
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn most_memory_of_a_child() -> i64 {
    getrusage(UsageWho::RUSAGE_CHILDREN)
        .expect("the system tells")
        .max_rss()
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn kib(kib: i64) -> f64 {
    kib as f64
}
