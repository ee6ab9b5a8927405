//! The library at any size, beside SQLite's FTS5 over the same rows: import and first search, searches, one paper
//! fetched, everything exported.
//!
//! `cargo bench --bench library`, or `cargo bench --bench library -- --records 300000,1000000 --folder /var/tmp`. The
//! folder takes about 8 GB for each million records. `--only fts5` leaves the program out. Both keep to two cores; limits
//! of times and of resident memory are meant for 1,000,000 records.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench that cannot run should say so"
)]

#[path = "library/arxiv.rs"]
mod arxiv;
#[path = "corpus/mod.rs"]
mod corpus;
#[path = "library/fts5.rs"]
mod fts5;
#[path = "library/program.rs"]
mod program;
#[path = "library/table.rs"]
mod table;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use corpus::{ANCHORS, Corpus};
use fts5::{Filter, Fts5, Loaded};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use program::Program;
use table::{figure, float, heading, limited, median, mib, shown};

const RUNS: usize = 15;
/// FTS5 takes seconds for common words; its measurement ends after this time.
const PATIENCE: Duration = Duration::from_secs(10);

struct Options {
    records: Vec<usize>,
    folder: PathBuf,
    only_fts5: bool,
}

struct Query {
    what: &'static str,
    ours: &'static [&'static str],
    fts5: &'static str,
    filter: Option<Filter>,
    limit: f64,
}

const QUERIES: &[Query] = &[
    Query {
        what: "one common word (model)",
        ours: &["model"],
        fts5: "model",
        filter: None,
        limit: 25.0,
    },
    Query {
        what: "three words, the rarest in one of ten papers",
        ours: &["model", "results", ANCHORS[0].0],
        fts5: "model results lanternfish",
        filter: None,
        limit: 25.0,
    },
    Query {
        what: "one common word, three years and a category",
        ours: &[
            "model",
            "--since",
            "2019-01-01",
            "--until",
            "2021-12-31",
            "--category",
            "cs.LG",
        ],
        fts5: "model",
        filter: Some(Filter {
            since: "2019-01-01",
            until: "2021-12-31",
            category: "cs.LG",
        }),
        limit: 25.0,
    },
    Query {
        what: "a phrase of two words",
        ours: &["neural networks"],
        fts5: "\"neural networks\"",
        filter: None,
        limit: 60.0,
    },
    Query {
        what: "the three commonest words of content",
        ours: &["show", "model", "using"],
        fts5: "show model using",
        filter: None,
        limit: 60.0,
    },
    Query {
        what: "the three commonest words of all",
        ours: &["the", "of", "and"],
        fts5: "the of and",
        filter: None,
        limit: 60.0,
    },
];

fn main() {
    let options = options();
    keep_to_two_cores();
    let mut rates = Vec::new();
    for records in &options.records {
        let folder = tempfile::tempdir_in(&options.folder).expect("a folder to work in");
        rates.push(measure(*records, folder.path(), options.only_fts5));
    }
    if let ([first, .., last], false) = (rates.as_slice(), options.only_fts5) {
        println!(
            "\nrate at the last size, of that at the first: {:.0} % (at least 75)",
            last / first * 100.0
        );
    }
}

fn options() -> Options {
    let mut options = Options {
        records: vec![300_000],
        folder: std::env::temp_dir(),
        only_fts5: false,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--records" => {
                let sizes = args.next().unwrap_or_default();
                options.records = sizes
                    .split(',')
                    .map(|size| size.parse().expect("a number of records"))
                    .collect();
            }
            "--folder" => options.folder = args.next().expect("a folder").into(),
            "--only" => options.only_fts5 = args.next().as_deref() == Some("fts5"),
            // Cargo's own.
            "--bench" => {}
            other => panic!("there is no {other}: --records N[,N...], --folder DIR, --only fts5"),
        }
    }
    options
}

fn keep_to_two_cores() {
    let allowed = sched_getaffinity(Pid::from_raw(0)).expect("the system tells");
    let mut two = CpuSet::new();
    let cores = (0..CpuSet::count()).filter(|core| allowed.is_set(*core).unwrap_or(false));
    cores.take(2).for_each(|core| two.set(core).expect("a core"));
    sched_setaffinity(Pid::from_raw(0), &two).expect("two cores are allowed");
}

/// All figures at one size; gives the rate of import and first search in records a second.
fn measure(records: usize, folder: &Path, only_fts5: bool) -> f64 {
    let corpus = Corpus::new(records, 1);
    let file = folder.join("corpus.jsonl");
    let start = Instant::now();
    let length = corpus.write(&file).expect("the corpus is written");
    let rate = mib(length / 1024) / start.elapsed().as_secs_f64();
    println!(
        "\n{records} records, {:.0} MiB of corpus, written at {rate:.0} MiB/s",
        mib(length / 1024)
    );

    heading("loading");
    let (fts5, loaded) = load_fts5(&file, folder);
    let seconds = loaded.loading.as_secs_f64();
    let expected = corpus.holding(1);
    assert_eq!(
        fts5.count(ANCHORS[1].0) as usize,
        expected,
        "FTS5 finds what the corpus has"
    );
    let program = Program::new(folder, &arxiv::start());
    let program = (!only_fts5).then_some(&program);
    let rate = program.map_or(0.0, |program| import(program, &file, records, seconds));
    fts5.add_papers(&file);

    heading("searches, the best twenty");
    search(program, &fts5, loaded.rows / 2);
    if let Some(program) = program {
        let found = program.lines(&["search", "-M", ANCHORS[1].0, "-n", "100000000", "-f", "ids"]);
        assert_eq!(found, expected, "the library finds what the corpus has");
        heading("sorts, counts and a long alternative");
        lists(program);
        heading("one new paper");
        fetch(program);
        heading("everything exported");
        export(program, records);
    }
    rate
}

/// Loads FTS5 and prints what that took besides the rows' parsing.
fn load_fts5(file: &Path, folder: &Path) -> (Fts5, Loaded) {
    nix::unistd::sync();
    let database = folder.join("fts5.db");
    let (fts5, loaded) = Fts5::load(file, &database);
    let seconds = loaded.loading.as_secs_f64();
    println!(
        "FTS5 loads {} rows in {seconds:.1} s, {:.0} a second ({:.1} s with reading and parsing the file), {:.0} MiB",
        loaded.rows,
        f64::from(loaded.rows) / seconds,
        (loaded.loading + loaded.parsing).as_secs_f64(),
        mib(program::size(&database) / 1024)
    );
    (fts5, loaded)
}

fn import(program: &Program, file: &Path, records: usize, fts5: f64) -> f64 {
    nix::unistd::sync();
    let file = file.to_str().expect("a path in UTF-8");
    let imported = program.watch(&["import", "--mirror", file]);
    shown("import", "s", Some(imported.took.as_secs_f64()));
    let searched = program.watch(&["search", "-M", ANCHORS[2].0, "-n", "20", "-f", "tsv"]);
    shown("the first search", "s", Some(searched.took.as_secs_f64()));
    let both = imported.then(&searched);
    let seconds = both.took.as_secs_f64();
    figure("both", "s", Some(seconds), Some(fts5), Some(fts5));
    limited(
        "anonymous memory, at most",
        "MiB",
        Some(mib(both.anonymous)),
        512.0,
    );
    shown("resident memory, at most", "MiB", Some(mib(both.resident)));
    let [database, index] = program.sizes();
    shown("the database on disk", "MiB", Some(mib(database / 1024)));
    shown("the index on disk", "MiB", Some(mib(index / 1024)));
    let rate = float(records) / seconds;
    println!("import and first search: {rate:.0} records a second");
    rate
}

/// Turn by turn, so that a busy machine slows both.
fn search(program: Option<&Program>, fts5: &Fts5, row: u32) {
    for query in QUERIES {
        let mut args = vec!["search", "-M"];
        args.extend(query.ours);
        args.extend(["-n", "20", "-f", "tsv"]);
        // Once without the clock, for the page cache.
        let mut spent = fts5.time(query.fts5, query.filter).1;
        if let Some(program) = program {
            assert_eq!(program.lines(&args), 20, "arxcat {}", args.join(" "));
        }
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            ours.extend(program.map(|program| program.time(&args)));
            if spent < PATIENCE || theirs.len() < 3 {
                let (_, took) = fts5.time(query.fts5, query.filter);
                spent += took;
                theirs.push(took);
            }
        }
        figure(query.what, "ms", median(ours), median(theirs), Some(query.limit));
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.extend(program.map(|program| program.time(&["show", "0704.0001"])));
        theirs.push(fts5.time_row(row));
    }
    figure("show ID", "ms", median(ours), median(theirs), Some(10.0));
}

/// Commands that need few records of many: each must not read the others. Limits are in milliseconds.
fn lists(program: &Program) {
    let words = corpus::distinct_words(200).join(" OR ");
    let commands: [(&str, &[&str], f64); 10] = [
        ("stats --by year", &["stats", "-M", "--by", "year"], 1000.0),
        ("stats --by month", &["stats", "-M", "--by", "month"], 1000.0),
        (
            "stats --by category",
            &["stats", "-M", "--by", "category"],
            1000.0,
        ),
        (
            "list --sort title",
            &["list", "-M", "-n", "20", "--sort", "title"],
            100.0,
        ),
        (
            "list --sort updated",
            &["list", "-M", "-n", "20", "--sort", "updated"],
            100.0,
        ),
        (
            "list --sort id",
            &["list", "-M", "-n", "20", "--sort", "id"],
            100.0,
        ),
        ("list --sort date", &["list", "-M", "-n", "20"], 100.0),
        (
            "search the --sort title",
            &["search", "-M", "the", "-n", "1", "--sort", "title"],
            100.0,
        ),
        ("an OR of 200 words", &["search", "-M", &words, "-n", "20"], 300.0),
        ("outdated --dry-run", &["outdated", "-M", "--dry-run"], 5000.0),
    ];
    for (what, args, limit) in commands {
        program.time(args);
        let times = (0..RUNS).map(|_| program.time(args)).collect();
        limited(what, "ms", median(times), limit);
    }
}

/// The cost of a new paper beyond what the same request costs where nothing is kept.
fn fetch(program: &Program) {
    let nowhere = program.elsewhere();
    let (mut kept, mut unkept, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=RUNS {
        let id = format!("2601.{number:05}");
        unkept.push(nowhere.time(&["fetch", &id, "--no-keep", "-f", "tsv"]));
        kept.push(program.time(&["fetch", &id, "-f", "tsv"]));
        found.push(program.time(&["search", "-M", "late", "lantern", "-n", "20", "-f", "tsv"]));
    }
    let (kept, unkept) = (median(kept), median(unkept));
    shown("fetched and kept", "ms", kept);
    shown("the same, kept nowhere", "ms", unkept);
    limited(
        "beyond the network",
        "ms",
        kept.zip(unkept).map(|(kept, unkept)| kept - unkept),
        20.0,
    );
    shown("the search after it", "ms", median(found));
}

fn export(program: &Program, records: usize) {
    for sort in ["date", "updated", "title", "id"] {
        let run = program.watch(&["export", "-M", "-f", "jsonl", "--sort", sort]);
        limited(
            &format!("--sort {sort}: resident memory"),
            "MiB",
            Some(mib(run.resident)),
            64.0,
        );
        shown(&format!("--sort {sort}: time"), "s", Some(run.took.as_secs_f64()));
    }
    let lines = program.lines(&["export", "-M", "-f", "jsonl"]);
    assert_eq!(lines, records + RUNS, "everything is exported once");
}
