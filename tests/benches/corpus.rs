//! Writes a corpus of invented papers in the form of Kaggle's snapshot, to import or to measure with.
//!
//! `cargo bench --bench corpus -- 1000000 /tmp/corpus.jsonl`; a third argument is the seed.

#![allow(
    clippy::expect_used,
    reason = "a program that cannot write its file should say so"
)]

#[path = "corpus/mod.rs"]
mod corpus;

use std::path::Path;
use std::time::Instant;

use corpus::{ANCHORS, Corpus};

fn main() {
    // Cargo adds `--bench`.
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"))
        .collect();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let records = args
        .first()
        .map_or(100_000, |arg| arg.parse().expect("a number of records"));
    let path = args.get(1).map_or_else(
        || folder.path().join("corpus.jsonl"),
        |arg| Path::new(arg).to_owned(),
    );
    let seed = args
        .get(2)
        .map_or(1, |arg| arg.parse().expect("a number as seed"));
    let start = Instant::now();
    let corpus = Corpus::new(records, seed);
    let length = corpus.write(&path).expect("the corpus is written");
    let took = start.elapsed().as_secs_f64();
    println!(
        "{records} records, {:.1} MB, {:.0} bytes each, {:.0} MB/s",
        float(length) / 1e6,
        float(length) / float(records as u64),
        float(length) / 1e6 / took
    );
    for (at, (word, every)) in ANCHORS.iter().enumerate() {
        println!("{word}: in one of {every}, {} records", corpus.holding(at));
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn float(number: u64) -> f64 {
    number as f64
}
