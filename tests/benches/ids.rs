//! `arxcat ids` over a large mixed text as a whole process, beside `grep` looking for two of its forms.
//!
//! `cargo bench --bench ids`, or `cargo bench --bench ids -- 50` for 50 MB instead of 500. The two are run in turn,
//! so that whatever else the machine does meets both, and their best times count. They write into files: grep stops
//! at its first match where its output is `/dev/null`.

#![allow(clippy::expect_used, reason = "a bench that cannot run should say so")]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

const RUNS: usize = 5;
const PATTERN: &str = r"(arXiv:|arxiv\.org/(abs|pdf)/)([0-9]{4}\.[0-9]{4,5}|[a-z-]+/[0-9]{7})(v[0-9]+)?";

fn main() {
    let size = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(500);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let found = folder.path().join("found");
    println!(
        "{:<8} {:>11} {:>11} {:>7} {:>12} {:>12}",
        "text", "grep MB/s", "ids MB/s", "ratio", "grep finds", "ids finds"
    );
    let mut resident = None;
    for (name, parts) in [("mixed", MIXED), ("prose", PROSE)] {
        let text = folder.path().join(name);
        write(&text, parts, size * 1_000_000);
        // The first child is the largest so far; grep has not run yet.
        run(&mut arxcat(&text), &found);
        resident.get_or_insert_with(most_memory_of_a_child);
        let mut best = [Duration::MAX; 2];
        let mut lines = [0; 2];
        for _ in 0..RUNS {
            for (at, mut command) in [grep(&text), arxcat(&text)].into_iter().enumerate() {
                best[at] = best[at].min(run(&mut command, &found));
                let found = std::fs::read_to_string(&found).expect("what was found");
                lines[at] = found.lines().count();
            }
        }
        let [grep, ids] = best.map(|took| rate(size, took));
        println!(
            "{name:<8} {grep:>11.0} {ids:>11.0} {:>7.2} {:>12} {:>12}",
            ids / grep,
            lines[0],
            lines[1]
        );
    }
    println!("resident {:>9.1} MiB", kib(resident.unwrap_or_default()) / 1024.0);
}

fn arxcat(text: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_arxcat"));
    command.args(["ids", "--all", "--quiet"]).arg(text);
    command
}

fn grep(text: &Path) -> Command {
    let mut command = Command::new("grep");
    command.env("LC_ALL", "C").args(["-oE", PATTERN]).arg(text);
    command
}

fn run(command: &mut Command, found: &Path) -> Duration {
    command.stdout(File::create(found).expect("a file for what is found"));
    let start = Instant::now();
    let status = command.status().expect("the program runs");
    let took = start.elapsed();
    // grep's 1 is that nothing was found.
    assert!(status.code().is_some_and(|code| code < 2));
    took
}

/// Parts in a random order, the same each time; now and then one that is a line of two hundred sentences.
fn write(path: &Path, parts: &[&str], size: usize) {
    let mut out = BufWriter::new(File::create(path).expect("a file for the text"));
    let (mut written, mut random, mut number) = (0, 7_u64, 0_u32);
    while written < size {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let draw = usize::try_from(random >> 33).unwrap_or_default();
        number = (number + 1) % 99_999;
        let part = parts[draw % parts.len()].replace("{N}", &format!("{:05}", number + 1));
        let times = if draw.is_multiple_of(997) { 200 } else { 1 };
        for _ in 0..times {
            let part = if times > 1 { part.trim_end() } else { &part };
            out.write_all(part.as_bytes()).expect("the text is written");
            written += part.len();
        }
    }
    out.flush().expect("the text is written");
}

const PROSE: &[&str] = &[
    "The quick brown fox of the model jumps over lazy data and trains again on more tokens than before, while the \
     loss goes down slowly. It is not clear why; perhaps the order of the examples matters more than their number.\n",
    "深度求索在二〇二四年发布了多篇论文，涵盖语言模型、代码智能与数学推理等方向，引起了研究者的广泛关注。\n",
    "Results improve by 3.5 points on version 1.2.3, see https://example.org/a/b/c.html and table 4.\n",
];

const MIXED: &[&str] = &[
    PROSE[0],
    PROSE[0],
    PROSE[1],
    PROSE[2],
    "- **Attention** looks at every token ([paper](https://arxiv.org/abs/1706.{N}), [code](https://example.org/x)).\n",
    "| Model | Params | [PDF](http://arxiv.org/pdf/2401.{N}v2.pdf) | 67.5 | 2024-01-05 | ![plot](img/plot.png) |\n",
    "\\begin{equation} x_{i} = \\frac{1}{n} \\sum_{j=1}^{n} a_{ij} + 0.25 \\end{equation} % holds for all $n > 3$\n",
    "Let $f \\colon X \\to Y$ be a morphism of schemes as in \\cite{ega4}; then the fibres of $f$ are flat.\n",
    "\\bibitem{key} A. Author and B. Author. \\emph{A title about things}. arXiv:2310.{N}, 2023.\n",
    "@article{key2020,\n  title = {A title of a paper},\n  author = {One, A. and Two, B.},\n  \
     eprint = {2005.{N}},\n  archivePrefix = {arXiv},\n  year = {2020}\n}\n",
    "参见 arXiv:2412.{N}。该论文介绍了混合专家模型的训练方法、成本与评测结果。\n",
    "<li><a href=\"https://doi.org/10.1109/CVPR.2016.90\">Deep things</a>, pp. 770-778, 2016, tel. 030.1234.5678</li>\n",
];

#[expect(clippy::cast_precision_loss, reason = "a size for a person to read")]
fn rate(megabytes: usize, took: Duration) -> f64 {
    megabytes as f64 / took.as_secs_f64()
}

fn most_memory_of_a_child() -> i64 {
    getrusage(UsageWho::RUSAGE_CHILDREN)
        .expect("the system tells")
        .max_rss()
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn kib(size: i64) -> f64 {
    size as f64
}
