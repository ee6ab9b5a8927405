//! The fuzz targets, without a fuzzer: their corpus and all fixtures are replayed, and mutations of these are tried.
//!
//! `ARXCAT_FUZZ_SECONDS=60` tries mutations for so long a target, `ARXCAT_FUZZ_SEED` varies them, `ARXCAT_FUZZ_TARGET`
//! names a single target. See `tests/fuzz/README.md`.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::fuzz_targets::{ALL, Target};

/// Inputs are cut to this many bytes before they are mutated: a target must not be slow merely because its input is long.
const MAX_INPUT: usize = 64 << 10;

/// Mutations of every target in a normal run of the tests, which has no time for more.
const QUICK: usize = 12;

/// No input of [`MAX_INPUT`] bytes takes a target this long unless its work grows faster than the input. An unoptimised
/// build on a busy machine needs a second or two at most.
const TOO_LONG: Duration = Duration::from_secs(30);

/// What parsers have opinions on, to be inserted anywhere.
const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "\"",
    "'",
    "\\",
    "$",
    "%",
    "&",
    "#",
    "@",
    ":",
    ",",
    ";",
    "=",
    "*",
    "-",
    "/",
    "\n",
    "\r\n",
    "\t",
    " ",
    "\0",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "\u{2028}",
    "\u{301}",
    "中",
    "ﬁ",
    "İ",
    "ß",
    "\u{1f469}\u{200d}\u{1f467}",
    "&amp;",
    "&#0;",
    "&#x10ffff;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "<!DOCTYPE",
    "</",
    "/>",
    "xmlns:a=\"b\"",
    "null",
    "true",
    "-1",
    "1e999",
    "18446744073709551616",
    "9999-12-31T23:59:59-23:00",
    "0000-01-01",
    "12007",
    "2501.00001",
    "arXiv:",
    "hep-th/9901001v2",
    "10.48550/arXiv.",
    "v0",
    "v4294967295",
    "\\'{e}",
    "\\begin{",
    "\\bibitem{",
    "\\url{",
    "@article{",
    "@string{",
    "crossref={",
    "title = ",
    " and ",
    "OR",
    "AND",
    "NOT",
    "title:",
    "\"id\":",
    "\"versions\":[",
    "{id}",
    "{version}",
    "30d",
    "2024-02-30",
    "PK\u{3}\u{4}",
];

/// An input and where it comes from.
struct Input {
    name: String,
    bytes: Vec<u8>,
}

#[test]
fn no_input_breaks_a_promise() {
    let only = std::env::var("ARXCAT_FUZZ_TARGET").ok();
    let seed = number("ARXCAT_FUZZ_SEED").unwrap_or(1);
    let time = number("ARXCAT_FUZZ_SECONDS").map(Duration::from_secs);
    let fixtures = inputs(&root().join("fixtures"));
    let mut failures = Vec::new();
    for (name, target) in ALL {
        if only.as_ref().is_some_and(|only| only != name) {
            continue;
        }
        let mut seeds = inputs(&root().join("tests/fuzz/corpus").join(name));
        assert!(!seeds.is_empty(), "tests/fuzz/corpus/{name} is empty");
        seeds.extend(fixtures.iter().map(|input| Input {
            name: input.name.clone(),
            bytes: input.bytes.clone(),
        }));
        failures.extend(
            seeds
                .iter()
                .find_map(|input| broken(name, *target, &input.name, &input.bytes)),
        );
        failures.extend(mutated(name, *target, &seeds, seed, time));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_folder_of_the_corpus_belongs_to_a_target() {
    for folder in fs::read_dir(root().join("tests/fuzz/corpus")).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(ALL.iter().any(|(target, _)| *target == name), "{name}");
    }
}

#[test]
fn the_fuzz_package_has_a_binary_for_every_target() {
    let manifest = fs::read_to_string(root().join("tests/fuzz/Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let binaries: Vec<&str> = manifest["bin"]
        .as_array()
        .unwrap()
        .iter()
        .map(|binary| binary["name"].as_str().unwrap())
        .collect();
    let targets: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(binaries, targets);
}

/// Tries mutations of the seeds until one fails; for this long, or only a few of them.
fn mutated(name: &str, target: Target, seeds: &[Input], seed: u64, time: Option<Duration>) -> Option<String> {
    let mut random = Rng::with_seed(seed);
    let begun = Instant::now();
    let mut count = 0;
    let failure = loop {
        let is_over = match time {
            Some(time) => begun.elapsed() > time,
            None => count >= QUICK,
        };
        if is_over {
            break None;
        }
        count += 1;
        let input = mutation(seeds, &mut random);
        if let Some(failure) = broken(name, target, "a mutation", &input) {
            let folder = root().join("tests/fuzz/artifacts").join(name);
            fs::create_dir_all(&folder).unwrap();
            let file = folder.join(format!("mutation-{seed}-{count}"));
            fs::write(&file, &input).unwrap();
            break Some(format!("{failure}\n  saved as {}", file.display()));
        }
    };
    if time.is_some() {
        eprintln!("{name}: {count} mutations in {:?}", begun.elapsed());
    }
    failure
}

/// What went wrong with this input, if anything did.
fn broken(name: &str, target: Target, input: &str, bytes: &[u8]) -> Option<String> {
    let begun = Instant::now();
    // The panic's own message is on stderr by then.
    let outcome = catch_unwind(AssertUnwindSafe(|| target(bytes)));
    if outcome.is_err() {
        return Some(format!("{name} fails on {input}"));
    }
    let took = begun.elapsed();
    (took > TOO_LONG).then(|| format!("{name} takes {took:?} for {} bytes of {input}", bytes.len()))
}

/// One seed with a few changes.
fn mutation(seeds: &[Input], random: &mut Rng) -> Vec<u8> {
    // The corpus comes first and is small beside the fixtures: half of all mutations begin near its start.
    let at = if random.bool() {
        random.usize(..seeds.len())
    } else {
        random.usize(..seeds.len().min(8))
    };
    let mut bytes = seeds[at].bytes.clone();
    bytes.truncate(MAX_INPUT);
    for _ in 0..random.usize(1..10) {
        let at = random.usize(..=bytes.len());
        let end = (at + random.usize(..32)).min(bytes.len());
        match random.u8(..8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.u8(..8),
            1 if at < bytes.len() => bytes[at] = random.u8(..),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let copy = bytes[at..end].to_vec();
                let place = random.usize(..=bytes.len());
                bytes.splice(place..place, copy);
            }
            4 => {
                let other = &seeds[random.usize(..seeds.len())].bytes;
                let from = random.usize(..=other.len());
                let to = (from + random.usize(..200)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            5 => {
                // Nesting and long runs.
                let token = TOKENS[random.usize(..TOKENS.len())].repeat(random.usize(1..300));
                bytes.splice(at..at, token.into_bytes());
            }
            _ => {
                let token = TOKENS[random.usize(..TOKENS.len())];
                bytes.splice(at..at, token.bytes());
            }
        }
    }
    bytes
}

/// Every file below a folder, in the order of their names.
fn inputs(folder: &Path) -> Vec<Input> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for item in fs::read_dir(&folder).into_iter().flatten() {
            let path = item.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push(Input {
                    name: path.strip_prefix(root()).unwrap().display().to_string(),
                    bytes: fs::read(&path).unwrap(),
                });
            }
        }
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn number(variable: &str) -> Option<u64> {
    let value = std::env::var(variable).ok()?;
    Some(
        value
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is not a number")),
    )
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
