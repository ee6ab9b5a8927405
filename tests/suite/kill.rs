//! The real binary, killed at random moments: the library and the files it leaves are valid every time.
//!
//! The moments are spread over the duration of an undisturbed run, in random order; three of four signals are SIGKILL, the
//! fourth is SIGINT. A failure prints the seed; `ARXCAT_KILL_SEED=N` chooses the same moments again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::arxcat::{Ended, Machine};
use crate::corpus::{ANCHORS, Corpus};

/// The number of runs in parallel.
const PARALLEL_RUNS: usize = 2;

/// A command to be killed, and how often.
#[derive(Clone, Copy)]
pub struct Kills<'a> {
    /// The command line.
    pub args: &'a [&'a str],
    /// The number of runs that are killed.
    pub times: usize,
    /// The number of consecutive runs on one machine, each starting from what the one before left.
    pub in_a_row: usize,
}

/// A run that was killed, or that ended shortly before.
#[derive(Debug)]
pub struct Killed {
    pub signal: Signal,
    pub ended: Ended,
}

#[derive(Clone, Copy)]
struct Moment {
    signal: Signal,
    after: Duration,
}

impl Kills<'_> {
    /// Kills runs on machines that `before` prepares. `check` inspects what each one left; then the command runs once more to
    /// its end, and `whole` inspects the result.
    pub fn run(
        self,
        before: impl Fn() -> Machine + Sync,
        check: impl Fn(&Machine, &Killed) + Sync,
        whole: impl Fn(&Machine, Ended) + Sync,
    ) {
        let seed = seed();
        let moments = moments(seed, self.times, self.duration(&before, &whole));
        let rows: Vec<&[Moment]> = moments.chunks(self.in_a_row).collect();
        let (rows, in_midst) = (Mutex::new(rows.into_iter()), Mutex::new(0));
        // The load of the machine changes: each run that ends too early brings the moments after it forward.
        let pace = Mutex::new(1.0);
        let work = || {
            while let Some(row) = next(&rows) {
                let machine = before();
                for moment in row {
                    let after = moment.after.mul_f64(*pace.lock().unwrap());
                    let killed = self.kill(&machine, Moment { after, ..*moment });
                    if killed.ended.code == Some(0) {
                        *pace.lock().unwrap() *= 0.9;
                    } else {
                        *in_midst.lock().unwrap() += 1;
                    }
                    check(&machine, &killed);
                }
                whole(&machine, machine.run(self.args));
            }
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| side_by_side(work)));
        if let Err(panic) = outcome {
            eprintln!("arxcat {}: ARXCAT_KILL_SEED={seed}", self.args.join(" "));
            resume_unwind(panic);
        }
        let in_midst = *in_midst.lock().unwrap();
        assert!(
            in_midst * 2 >= self.times,
            "only {in_midst} of {} runs were killed before their end",
            self.times
        );
    }

    /// How long a whole run takes while others go on beside it.
    fn duration(
        self,
        before: &(impl Fn() -> Machine + Sync),
        whole: &(impl Fn(&Machine, Ended) + Sync),
    ) -> Duration {
        let took = Mutex::new(Duration::MAX);
        side_by_side(|| {
            let machine = before();
            let start = Instant::now();
            let ended = machine.run(self.args);
            let mut took = took.lock().unwrap();
            *took = start.elapsed().min(*took);
            drop(took);
            whole(&machine, ended);
        });
        took.into_inner().unwrap()
    }

    fn kill(self, machine: &Machine, Moment { signal, after }: Moment) -> Killed {
        let running = machine.arxcat(self.args).start();
        thread::sleep(after);
        running.signal(signal);
        let ended = running.wait();
        // Ended by a signal, or in order after it: a shell says 130 either way.
        let interrupted = signal == Signal::SIGINT && ended.code == Some(130);
        let allowed = interrupted || matches!(ended.code, None | Some(0));
        assert!(allowed, "{signal} after {after:?}: {}", ended.shown());
        Killed { signal, ended }
    }
}

fn next<T>(items: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    items.lock().unwrap().next()
}

fn side_by_side(work: impl Fn() + Sync) {
    thread::scope(|scope| {
        let workers: Vec<_> = (0..PARALLEL_RUNS).map(|_| scope.spawn(&work)).collect();
        for worker in workers {
            if let Err(panic) = worker.join() {
                resume_unwind(panic);
            }
        }
    });
}

fn seed() -> u64 {
    let given = std::env::var("ARXCAT_KILL_SEED").ok();
    given.map_or_else(
        || SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs(),
        |seed| seed.parse().expect("ARXCAT_KILL_SEED is a number"),
    )
}

/// One in each equal part of the duration, in a random order.
fn moments(seed: u64, count: usize, duration: Duration) -> Vec<Moment> {
    let mut random = fastrand::Rng::with_seed(seed);
    let part = duration / u32::try_from(count).unwrap();
    let mut moments: Vec<Moment> = (0..count)
        .map(|number| Moment {
            signal: if number % 4 == 3 {
                Signal::SIGINT
            } else {
                Signal::SIGKILL
            },
            after: part * u32::try_from(number).unwrap() + part.mul_f64(random.f64()),
        })
        .collect();
    random.shuffle(&mut moments);
    moments
}

const REFERENCES: usize = 5_000;

#[test]
fn an_output_is_the_old_one_or_the_new_one() {
    let text = (1..=REFERENCES).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "See arXiv:{:02}{:02}.{n:05}.", 15 + n % 10, 1 + n % 12);
        text
    });
    let before = || {
        let machine = Machine::new();
        machine.write("text.md", &text);
        machine.write("found/ids", "old\n");
        machine
    };
    let kills = Kills {
        args: &["ids", "text.md", "--output", "found/ids", "--force"],
        times: 40,
        in_a_row: 2,
    };
    kills.run(
        before,
        |machine, killed| {
            let found = machine.read("found/ids");
            // What arrived before an interrupt is kept.
            if killed.signal == Signal::SIGKILL && found != "old\n" {
                assert_eq!(found.lines().count(), REFERENCES, "{killed:?}");
            }
        },
        |machine, ended| {
            ended.ok();
            assert_eq!(machine.read("found/ids").lines().count(), REFERENCES);
            let files = std::fs::read_dir(machine.path("found")).unwrap().count();
            assert_eq!(files, 1, "files of dead runs are cleaned");
        },
    );
}

/// The files of an import. What one ends with is stored before the next begins, so that there are moments between.
const FILES: [&str; 8] = [
    "1.jsonl", "2.jsonl", "3.jsonl", "4.jsonl", "5.jsonl", "6.jsonl", "7.jsonl", "8.jsonl",
];

/// Everything takes a debug build many times as long.
const RECORDS: usize = if cfg!(debug_assertions) { 1_600 } else { 8_000 };

/// Records of the corpus, each with the first two lines of its abstract.
fn lines() -> Vec<String> {
    let corpus = Corpus::new(RECORDS, 7);
    let line = |n| {
        let mut line = Vec::new();
        corpus.record(n, &mut line);
        let mut record: Value = serde_json::from_slice(&line).unwrap();
        let summary: Vec<&str> = record["abstract"].as_str().unwrap().lines().take(2).collect();
        record["abstract"] = summary.join("\n").into();
        format!("{record}\n")
    };
    (0..RECORDS).map(line).collect()
}

/// The lines of an export by identifier, each there once.
fn exported(machine: &Machine) -> BTreeMap<String, String> {
    let exported = machine.run(&["export", "-M", "-f", "jsonl"]).ok();
    let mut held = BTreeMap::new();
    for line in exported.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let id = record["id"].as_str().unwrap().to_owned();
        assert!(held.insert(id, line.to_owned()).is_none(), "twice: {line}");
    }
    held
}

/// A search finds the anchor of the corpus in as many papers as contain it.
fn searched(machine: &Machine, held: &BTreeMap<String, String>) {
    let (anchor, _) = ANCHORS[0];
    let standing: BTreeSet<&str> = held
        .iter()
        .filter(|(_, line)| line.contains(anchor))
        .map(|(id, _)| id.as_str())
        .collect();
    let found = machine
        .run(&["search", "-M", anchor, "-n", "100000", "-f", "ids"])
        .ok();
    assert_eq!(found.lines().count(), standing.len());
    assert_eq!(found.lines().collect::<BTreeSet<_>>(), standing);
}

#[test]
fn an_import_leaves_whole_records_and_goes_on() {
    let lines = lines();
    let files: Vec<String> = lines.chunks(RECORDS / FILES.len()).map(<[_]>::concat).collect();
    let before = || {
        let machine = Machine::new();
        for (name, content) in FILES.iter().zip(&files) {
            machine.write(name, content);
        }
        machine
    };
    let import = [&["import", "--mirror"][..], &FILES].concat();
    // The result of an undisturbed import is compared with the file.
    let undisturbed = before();
    undisturbed.run(&import).ok();
    let whole = exported(&undisturbed);
    assert_eq!(whole.len(), RECORDS);
    for line in &lines {
        let told: Value = serde_json::from_str(line).unwrap();
        let held: Value = serde_json::from_str(&whole[told["id"].as_str().unwrap()]).unwrap();
        for key in ["title", "abstract"] {
            let folded: Vec<&str> = told[key].as_str().unwrap().split_whitespace().collect();
            assert_eq!(held[key], folded.join(" "));
        }
        let authors = |record: &Value, key: &str| record[key].as_array().unwrap().len();
        assert_eq!(authors(&held, "authors"), authors(&told, "authors_parsed"));
    }
    // Bringing the index up takes longer than all the rest.
    let checked = AtomicUsize::new(0);
    let now_and_then_searched = |machine: &Machine, held: &BTreeMap<String, String>| {
        if checked.fetch_add(1, Ordering::Relaxed).is_multiple_of(10) {
            searched(machine, held);
        }
    };
    // States met in the midst: what is tried here is worth nothing where all of it goes in at once.
    let partly = AtomicUsize::new(0);
    let kills = Kills {
        args: &import,
        times: 100,
        in_a_row: 3,
    };
    kills.run(
        before,
        |machine, killed| {
            let held = exported(machine);
            for (id, line) in &held {
                assert_eq!(whole.get(id), Some(line), "{killed:?}");
            }
            let is_part = (1..RECORDS).contains(&held.len());
            partly.fetch_add(usize::from(is_part), Ordering::Relaxed);
            now_and_then_searched(machine, &held);
        },
        |machine, ended| {
            ended.ok();
            let held = exported(machine);
            assert!(
                held == whole,
                "{} of {} records are held",
                held.len(),
                whole.len()
            );
            now_and_then_searched(machine, &held);
        },
    );
    let partly = partly.into_inner();
    assert!(partly >= 20, "only {partly} of 100 imports were killed half-way");
}

#[test]
fn a_search_that_is_killed_while_it_indexes_leaves_an_index_that_says_the_truth() {
    let lines: String = lines().drain(..RECORDS / 4).collect();
    let (first, rest) = lines.split_at(lines.find('\n').unwrap() + 1);
    let before = || {
        let machine = Machine::new();
        // Something is indexed, and the rest of it is not.
        machine.write("first.jsonl", first);
        machine.write("rest.jsonl", rest);
        machine.run(&["import", "--mirror", "first.jsonl"]).ok();
        machine.run(&["search", "-M", "category:cs.*"]).ok();
        machine.run(&["import", "--mirror", "rest.jsonl"]).ok();
        machine
    };
    let kills = Kills {
        args: &["search", "-M", ANCHORS[0].0, "-n", "100000", "-f", "ids"],
        times: 20,
        in_a_row: 2,
    };
    let whole = |machine: &Machine, ended: Ended| {
        ended.ok();
        let held = exported(machine);
        assert_eq!(held.len(), RECORDS / 4);
        searched(machine, &held);
    };
    kills.run(before, |_, _| (), whole);
}
