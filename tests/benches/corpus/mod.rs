//! A corpus of invented papers in the form of Kaggle's `arxiv-metadata-oai-snapshot.json`, as long and as frequent in
//! their words as arXiv's: about 1.7 kB a record, two million word forms besides the common ones, abstracts of 60 to 250
//! words, one to a thousand authors. Each record depends on the seed, its number and the size of the corpus alone.

mod calendar;
mod fields;
mod names;
mod random;
mod words;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use calendar::Calendar;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use fields::Categories;
use names::{Author, Names};
use random::Random;
use words::Words;

/// Words that occur in one abstract out of this many and nowhere else; [`Corpus::holds`] says in which.
pub const ANCHORS: [(&str, u64); 3] = [("lanternfish", 10), ("moonsnail", 100), ("tidewrack", 10_000)];

/// How many records a core makes at once.
const PIECE: usize = 2_000;

const FORMULAS: &[&str] = &[
    r"$\alpha$",
    r"$O(n \log n)$",
    r"$\mathbb{R}^d$",
    r"$10^{-3}$",
    r"$x_{ij}$",
    r"$z \sim 2$",
    r"$p$",
    r"$k$-th",
    r"$\sqrt{s} = 13$ TeV",
    r"$L^2$",
    r"$\mathcal{N}=4$",
    r"$\Lambda$CDM",
    r"$n \geq 3$",
    r"$\epsilon$",
    r"$T_c$",
];

/// The corpus: what all records share.
pub struct Corpus {
    records: usize,
    seed: u64,
    calendar: Calendar,
    categories: Categories,
    names: Names,
    words: Words,
}

impl Corpus {
    pub fn new(records: usize, seed: u64) -> Self {
        Self {
            records,
            seed,
            calendar: Calendar::new(records),
            categories: Categories::new(),
            names: Names::new(),
            words: Words::new(),
        }
    }

    /// Writes all records, a line each, and gives their length in bytes. Two cores make what one writes.
    pub fn write(&self, path: &Path) -> io::Result<u64> {
        let mut file = File::create(path)?;
        let mut length = 0;
        let mut lines = [Vec::new(), Vec::new()];
        for first in (0..self.records).step_by(2 * PIECE) {
            let [one, other] = &mut lines;
            std::thread::scope(|scope| {
                scope.spawn(|| self.piece(first + PIECE, other));
                self.piece(first, one);
            });
            for lines in &lines {
                file.write_all(lines)?;
                length += lines.len() as u64;
            }
        }
        Ok(length)
    }

    fn piece(&self, first: usize, lines: &mut Vec<u8>) {
        lines.clear();
        for n in first..self.records.min(first + PIECE) {
            self.record(n, lines);
        }
    }

    /// Whether the abstract of this record contains an anchor.
    pub fn holds(&self, anchor: usize, n: usize) -> bool {
        let mut random = Random::of(self.seed ^ (anchor as u64 + 1), n as u64);
        random.next().is_multiple_of(ANCHORS[anchor].1)
    }

    /// The number of records that contain an anchor.
    #[allow(dead_code, reason = "not everyone who writes a corpus counts in it")]
    pub fn holding(&self, anchor: usize) -> usize {
        (0..self.records).filter(|n| self.holds(anchor, *n)).count()
    }

    /// Appends a record and a line feed.
    pub fn record(&self, n: usize, out: &mut Vec<u8>) {
        let random = &mut Random::of(self.seed, n as u64);
        let (id, submitted) = self.calendar.paper(n);
        let authors: Vec<Author> = (0..self.names.how_many(random))
            .map(|_| self.names.draw(random))
            .collect();
        let sender = &authors[random.below(authors.len())];
        out.extend_from_slice(b"{\"id\":");
        string(&id, out);
        member(
            "submitter",
            Some(&format!("{} {}", sender.given, sender.family)),
            out,
        );
        member("authors", Some(&typed(&authors, random)), out);
        member("title", Some(&self.title(random)), out);
        member("comments", fields::comment(random).as_deref(), out);
        member(
            "journal-ref",
            fields::journal(random, submitted.year()).as_deref(),
            out,
        );
        member("doi", fields::doi(random).as_deref(), out);
        member("report-no", fields::report(random).as_deref(), out);
        member("categories", Some(&self.categories.draw(random)), out);
        member("license", fields::license(random), out);
        member("abstract", Some(&self.summary(n, random)), out);
        let updated = versions(submitted, random, out);
        member("update_date", Some(&updated.date_naive().to_string()), out);
        parsed(&authors, out);
        out.extend_from_slice(b"}\n");
    }

    fn title(&self, random: &mut Random) -> String {
        let mut title = Wrapped::new("\n  ");
        for at in 0..5 + random.below(11) {
            let (word, ending) = self.words.draw(random);
            let begin = title.words(word, ending);
            if at == 0 || word.len() > 3 && random.chance(60.0) {
                title.text[begin..=begin].make_ascii_uppercase();
            }
        }
        title.text
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number of words"
    )]
    fn summary(&self, n: usize, random: &mut Random) -> String {
        let mut text = Wrapped::new("\n");
        text.text.push_str("  ");
        text.column = 2;
        let length = 60 + (random.unit().powf(1.3) * 191.0) as usize;
        let formulas = if random.chance(32.0) { 3.0 } else { 0.0 };
        let held: Vec<(usize, &str)> = (0..ANCHORS.len())
            .filter(|anchor| self.holds(*anchor, n))
            .map(|anchor| (random.below(length), ANCHORS[anchor].0))
            .collect();
        let mut left = 0;
        for at in 0..length {
            for (_, anchor) in held.iter().filter(|(place, _)| *place == at) {
                text.words(anchor, "");
            }
            let (word, ending) = self.words.draw(random);
            let begin = text.words(word, ending);
            if left == 0 {
                text.text[begin..=begin].make_ascii_uppercase();
                left = 8 + random.below(23);
            }
            left -= 1;
            if left == 0 || at + 1 == length {
                text.mark('.');
            } else if random.chance(6.0) {
                text.mark(',');
            } else if formulas > 0.0 && random.chance(formulas) {
                text.word(random.one(FORMULAS), "");
            }
        }
        text.text.push('\n');
        text.text
    }
}

/// Text in lines of at most eighty columns, as arXiv wraps it.
struct Wrapped {
    text: String,
    column: usize,
    broken: &'static str,
}

impl Wrapped {
    fn new(broken: &'static str) -> Self {
        Self {
            text: String::with_capacity(2048),
            column: 0,
            broken,
        }
    }

    /// Appends words joined by underscores and the last one's ending; gives where they begin.
    fn words(&mut self, words: &str, ending: &str) -> usize {
        let Some(end) = words.bytes().position(|byte| byte == b'_') else {
            return self.word(words, ending);
        };
        let (first, rest) = (&words[..end], &words[end + 1..]);
        let begin = self.word(first, "");
        self.words(rest, ending);
        begin
    }

    fn word(&mut self, word: &str, ending: &str) -> usize {
        let length = word.len() + ending.len();
        if self.column + 1 + length > 79 {
            self.text.push_str(self.broken);
            self.column = self.broken.len() - 1;
        } else if self.column > 0 && !self.text.ends_with(' ') {
            self.text.push(' ');
            self.column += 1;
        }
        let begin = self.text.len();
        self.text.push_str(word);
        self.text.push_str(ending);
        self.column += length;
        begin
    }

    /// Appends a mark that follows a word.
    fn mark(&mut self, mark: char) {
        self.text.push(mark);
        self.column += 1;
    }
}

fn typed(authors: &[Author], random: &mut Random) -> String {
    let mut text = Wrapped::new("\n  ");
    let and = random.chance(45.0);
    for (at, author) in authors.iter().enumerate() {
        let left = authors.len() - at - 1;
        if and && left == 0 && at > 0 {
            text.word("and", "");
        }
        let comma = left > 1 || left == 1 && !and;
        let mut parts = author.typed.split(' ').peekable();
        while let Some(part) = parts.next() {
            text.word(part, "");
            if comma && parts.peek().is_none() {
                text.mark(',');
            }
        }
    }
    text.text
}

/// Appends one to five versions; gives the day of the last change.
fn versions(submitted: DateTime<Utc>, random: &mut Random, out: &mut Vec<u8>) -> DateTime<Utc> {
    let count = [
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        1,
        2,
        2,
        2,
        2,
        2,
        3,
        3,
        4 + random.below(2),
    ][random.below(20)];
    let mut created = submitted;
    out.extend_from_slice(b",\"versions\":[");
    for version in 1..=count {
        if version > 1 {
            out.push(b',');
            created +=
                TimeDelta::seconds(86_400 + i64::try_from(random.below(200 * 86_400)).unwrap_or_default());
        }
        let date = calendar::rfc_2822(created);
        let _ = write!(out, "{{\"version\":\"v{version}\",\"created\":\"{date}\"}}");
    }
    out.push(b']');
    created + TimeDelta::days(1)
}

fn parsed(authors: &[Author], out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"authors_parsed\":[");
    for (at, author) in authors.iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"[" } else { b",[" });
        string(&author.family, out);
        out.push(b',');
        string(&author.given, out);
        out.extend_from_slice(b",\"\"]");
    }
    out.push(b']');
}

fn member(key: &str, value: Option<&str>, out: &mut Vec<u8>) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(b"\":");
    match value {
        Some(value) => string(value, out),
        None => out.extend_from_slice(b"null"),
    }
}

/// A JSON string, all of it ASCII as Kaggle's is.
fn string(value: &str, out: &mut Vec<u8>) {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    out.push(b'"');
    let mut rest = value;
    while let Some(end) = rest.bytes().position(|byte| !plain(&byte)) {
        let (begin, odd) = rest.split_at(end);
        out.extend_from_slice(begin.as_bytes());
        let mut chars = odd.chars();
        match chars.next().unwrap_or_default() {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            // Nothing here is beyond the first plane.
            other => {
                let _ = write!(out, "\\u{:04x}", u32::from(other));
            }
        }
        rest = chars.as_str();
    }
    out.extend_from_slice(rest.as_bytes());
    out.push(b'"');
}

/// Different words of abstracts, the frequent ones as likely as in a text.
#[allow(dead_code, reason = "the suite includes this module and draws no words")]
pub fn distinct_words(count: usize) -> Vec<String> {
    let words = Words::new();
    let mut random = Random::of(7, 0);
    let mut found: Vec<String> = Vec::new();
    while found.len() < count {
        let (word, ending) = words.draw(&mut random);
        let word = format!("{word}{ending}");
        // A few of the head are two words.
        if !word.contains(' ') && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

#[cfg(test)]
#[allow(
    dead_code,
    reason = "a bench without a harness compiles the tests and runs none"
)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn lines(corpus: &Corpus) -> Vec<u8> {
        let mut lines = Vec::new();
        (0..corpus.records).for_each(|n| corpus.record(n, &mut lines));
        lines
    }

    fn records(corpus: &Corpus) -> Vec<Value> {
        let lines = String::from_utf8(lines(corpus)).unwrap();
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    fn words(record: &Value, key: &str) -> usize {
        record[key].as_str().unwrap().split_whitespace().count()
    }

    #[test]
    fn the_same_seed_gives_the_same_corpus() {
        let first = lines(&Corpus::new(300, 1));
        assert!(first == lines(&Corpus::new(300, 1)));
        assert!(first != lines(&Corpus::new(300, 2)));
        let file = tempfile::NamedTempFile::new().unwrap();
        let length = Corpus::new(300, 1).write(file.path()).unwrap();
        assert_eq!(length, first.len() as u64);
        assert!(std::fs::read(file.path()).unwrap() == first);
    }

    #[test]
    fn records_are_as_long_as_those_of_arxiv() {
        let corpus = Corpus::new(3_000, 1);
        let mean = lines(&corpus).len() / 3_000;
        assert!((1_500..1_900).contains(&mean), "{mean} bytes");
        let records = records(&corpus);
        let authors: usize = records
            .iter()
            .map(|record| record["authors_parsed"].as_array().unwrap().len())
            .sum();
        assert!((12_000..16_500).contains(&authors), "{authors} authors");
        for record in &records {
            assert!((60..300).contains(&words(record, "abstract")), "{record}");
            assert!((5..35).contains(&words(record, "title")), "{record}");
            assert!(
                record["abstract"]
                    .as_str()
                    .unwrap()
                    .lines()
                    .all(|line| line.len() < 100)
            );
        }
    }

    #[test]
    fn identifiers_and_days_grow_together() {
        let records = records(&Corpus::new(3_000, 1));
        let id = |record: &Value| record["id"].as_str().unwrap().to_owned();
        let created = |record: &Value| {
            let created = record["versions"][0]["created"].as_str().unwrap();
            DateTime::parse_from_rfc2822(created).unwrap()
        };
        assert_eq!(id(&records[0]), "0704.0001");
        assert!(id(&records[2_999]).starts_with("2512.000"));
        for pair in records.windows(2) {
            assert!(id(&pair[0]) < id(&pair[1]));
            assert!(created(&pair[0]) <= created(&pair[1]));
            assert_eq!(created(&pair[0]).format("%y%m").to_string(), id(&pair[0])[..4]);
        }
    }

    #[test]
    fn words_are_as_frequent_as_promised() {
        let corpus = Corpus::new(3_000, 1);
        let records = records(&corpus);
        let texts: Vec<String> = records
            .iter()
            .map(|record| record["abstract"].to_string())
            .collect();
        for (anchor, (word, _)) in ANCHORS.iter().enumerate() {
            for (n, text) in texts.iter().enumerate() {
                assert_eq!(text.contains(word), corpus.holds(anchor, n), "{word} in {n}");
            }
        }
        let common = texts.iter().filter(|text| text.contains("model")).count();
        assert!((1_200..1_900).contains(&common), "{common} of 3000 have a model");
        assert!((250..350).contains(&corpus.holding(0)));
    }
}
