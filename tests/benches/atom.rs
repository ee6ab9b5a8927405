//! How fast feeds are read: the parser beside quick-xml's bare event loop over the same bytes, and at three sizes.
//!
//! `cargo bench --bench atom`

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use arxcat::arxiv::atom;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

fn main() {
    println!(
        "{:>8} {:>8} {:>12} {:>12} {:>7}",
        "entries", "MB", "events MB/s", "parse MB/s", "ratio"
    );
    for entries in [500, 2_000, 8_000] {
        let feed = feed(entries);
        let parsed = atom::parse(feed.as_bytes()).map(|feed| feed.papers.len());
        assert_eq!(parsed, Ok(entries));
        assert!(events(&feed) > entries);
        // Turn by turn, so that a busy machine slows both.
        let (mut bare, mut full) = (Duration::MAX, Duration::MAX);
        for _ in 0..30 {
            bare = bare.min(time(|| events(&feed)));
            full = full.min(time(|| {
                atom::parse(feed.as_bytes()).map_or(0, |feed| feed.papers.len())
            }));
        }
        let (bare, full) = (rate(&feed, bare), rate(&feed, full));
        let size = megabytes(&feed);
        println!(
            "{entries:>8} {size:>8.1} {bare:>12.0} {full:>12.0} {:>6.0}%",
            full / bare * 100.0
        );
    }
}

fn time(work: impl Fn() -> usize) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

#[expect(clippy::cast_precision_loss, reason = "a size for a person to read")]
fn megabytes(feed: &str) -> f64 {
    feed.len() as f64 / 1e6
}

fn rate(feed: &str, took: Duration) -> f64 {
    megabytes(feed) / took.as_secs_f64()
}

fn events(feed: &str) -> usize {
    let mut reader = Reader::from_str(feed);
    let mut count = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return count,
            Ok(event) => {
                black_box(&event);
                count += 1;
            }
            Err(_) => return 0,
        }
    }
}

/// An invented feed in the form of 2026: abstracts of about 1.2 kB, 1 to 50 authors, mostly few.
fn feed(entries: usize) -> String {
    let mut feed = String::from(
        "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\" \
         xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    let _ = writeln!(
        feed,
        "  <opensearch:totalResults>{entries}</opensearch:totalResults>"
    );
    let mut random = 7_u64;
    let mut next = |below: usize| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap_or_default() % below
    };
    for n in 0..entries {
        entry(&mut feed, n, &mut next);
    }
    feed.push_str("</feed>\n");
    feed
}

fn entry(feed: &mut String, n: usize, next: &mut impl FnMut(usize) -> usize) {
    const WORDS: [&str; 16] = [
        "lantern",
        "of",
        "the",
        "spectral",
        "a",
        "moth",
        "$\\alpha$-decay",
        "we",
        "show",
        "that",
        "convergence",
        "under",
        "naïve",
        "x &lt; y",
        "in",
        "approximations",
    ];
    let id = format!("{:02}{:02}.{:05}v{}", 15 + n % 11, 1 + n % 12, 1 + n, 1 + n % 3);
    let _ = write!(
        feed,
        "  <entry>\n    <id>http://arxiv.org/abs/{id}</id>\n    <title>On the Lantern of Number {n} and its \
         Moths</title>\n    <updated>2025-03-04T05:06:07Z</updated>\n    <link href=\"https://arxiv.org/abs/{id}\" \
         rel=\"alternate\" type=\"text/html\"/>\n    <link href=\"https://arxiv.org/pdf/{id}\" rel=\"related\" \
         type=\"application/pdf\" title=\"pdf\"/>\n    <summary>"
    );
    for _ in 0..150 + next(100) {
        let word = next(400);
        feed.push_str(WORDS.get(word).unwrap_or(&WORDS[word % 6]));
        feed.push(' ');
    }
    feed.push_str("</summary>\n");
    for code in ["cs.LG", "stat.ML", "math.OC"].iter().take(1 + next(3)) {
        let _ = writeln!(
            feed,
            "    <category term=\"{code}\" scheme=\"http://arxiv.org/schemas/atom\"/>"
        );
    }
    feed.push_str(
        "    <published>2025-01-02T03:04:05Z</published>\n    <arxiv:comment>12 pages, 3 figures</arxiv:comment>\n    \
         <arxiv:primary_category term=\"cs.LG\"/>\n",
    );
    let authors = if next(20) == 0 { 1 + next(50) } else { 1 + next(7) };
    for _ in 0..authors {
        let name = next(100_000);
        let _ = write!(
            feed,
            "    <author>\n      <name>Given Family{name}</name>\n    </author>\n"
        );
    }
    if next(3) == 0 {
        let _ = write!(
            feed,
            "    <arxiv:doi>10.9999/invented.{n}</arxiv:doi>\n    <link rel=\"related\" \
             href=\"https://doi.org/10.9999/invented.{n}\" title=\"doi\"/>\n"
        );
    }
    feed.push_str("  </entry>\n");
}
