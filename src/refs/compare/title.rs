//! Titles as words, and the keys by which papers are found.

use std::collections::HashSet;

use crate::model::paper::Paper;
use crate::model::text;

/// Characters of a title that are compared. No title is longer, but other text may be in its place.
const LONGEST: usize = 600;

/// Words that do not tell papers apart and may be at either end of a title.
const NOISE: &[&str] = &[
    "a",
    "an",
    "the",
    "arxiv",
    "paper",
    "papers",
    "pdf",
    "link",
    "preprint",
    "technical",
    "report",
    "abs",
    "abstract",
    "html",
    "doi",
    "url",
    "here",
    "this",
    "论",
    "文",
    "链",
    "接",
    "技",
    "术",
    "报",
    "告",
    "原",
    "地",
    "址",
];

/// Words that most titles have.
pub(super) const COMMON: &[&str] = &[
    "a", "an", "the", "of", "for", "in", "on", "and", "to", "with", "from", "by", "via", "is", "are", "as",
    "at", "using", "towards", "toward",
];

/// Separators between the name of a paper and its subtitle.
const JOINTS: &[&str] = &[": ", "：", " - ", " -- ", " --- ", " – ", " — ", "? ", "——"];

/// A title as words, and the same words joined.
pub(super) struct Title {
    pub words: Vec<String>,
    pub squashed: String,
    /// Offsets of the word boundaries in `squashed`.
    edges: Vec<usize>,
}

impl Title {
    pub(super) fn of(title: &str) -> Self {
        let end = title
            .char_indices()
            .nth(LONGEST)
            .map_or(title.len(), |(at, _)| at);
        let title = title.get(..end).unwrap_or(title);
        Self::from_words(text::words(&title.replace(r"\times", "x").replace('×', "x")))
    }

    pub(super) fn from_words(words: Vec<String>) -> Self {
        let mut edges = vec![0];
        let mut squashed = String::new();
        for word in &words {
            squashed.push_str(word);
            edges.push(squashed.len());
        }
        Self {
            words,
            squashed,
            edges,
        }
    }

    /// The title without noise words at its ends; empty if it has no others.
    pub(super) fn core(&self) -> Self {
        let counts = |word: &String| !NOISE.contains(&word.as_str());
        let Some(first) = self.words.iter().position(counts) else {
            return Self::from_words(Vec::new());
        };
        let last = self.words.iter().rposition(counts).unwrap_or(first);
        let words = self.words.get(first..=last).unwrap_or_default();
        Self::from_words(words.to_vec())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) fn length(&self) -> usize {
        self.squashed.chars().count()
    }

    /// Finds `part` as whole words, however they are joined or separated, and returns the number of words before it and
    /// the index of the word behind it.
    pub(super) fn find(&self, part: &Self) -> Option<(usize, usize)> {
        if part.is_empty() {
            return None;
        }
        self.squashed
            .match_indices(&part.squashed)
            .find_map(|(at, found)| {
                let before = self.edges.binary_search(&at).ok()?;
                let after = self.edges.binary_search(&(at + found.len())).ok()?;
                Some((before, after))
            })
    }

    pub(super) fn has_cjk(&self) -> bool {
        self.words.iter().any(|word| is_cjk(word))
    }

    /// The title without Chinese, Japanese and Korean words.
    pub(super) fn latin(&self) -> Self {
        Self::from_words(self.words.iter().filter(|word| !is_cjk(word)).cloned().collect())
    }

    /// The words that tell one title from another, in the singular.
    fn significant(&self) -> HashSet<&str> {
        let words = self.words.iter().map(String::as_str);
        words
            .filter(|word| !COMMON.contains(word) && !NOISE.contains(word))
            .map(|word| {
                word.strip_suffix('s')
                    .filter(|stem| stem.len() > 2)
                    .unwrap_or(word)
            })
            .collect()
    }

    /// Whether this is more than a name: at least four words of letters, or six Chinese characters.
    pub(super) fn is_sentence(&self) -> bool {
        let is_word = |word: &&String| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
        self.words.iter().filter(is_word).count() >= 4
            || self.words.iter().filter(|word| is_cjk(word)).count() >= 6
    }

    /// The letters and the numbers: both `DeepSeek-V3.2` and `DeepSeek 3.2` give `deepseek` and 3, 2. A single 1 is
    /// ignored, because a first edition is called so only after the second; so are years and identifiers.
    pub(super) fn stem(&self) -> (String, Vec<&str>) {
        let (mut letters, mut numbers) = (String::new(), Vec::new());
        for word in &self.words {
            let word = word
                .strip_prefix('v')
                .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
                .unwrap_or(word);
            letters.extend(word.chars().filter(|c| !c.is_ascii_digit()));
            let runs = word.split(|c: char| !c.is_ascii_digit());
            numbers.extend(runs.filter(|run| (1..3).contains(&run.len())));
        }
        if numbers == ["1"] {
            numbers.clear();
        }
        (letters, numbers)
    }

    /// Number of telling words that both titles have, that the shorter one has, and that either has.
    pub(super) fn shares(&self, other: &Self) -> (usize, usize, usize) {
        let (ours, theirs) = (self.significant(), other.significant());
        let shared = ours.intersection(&theirs).count();
        (
            shared,
            ours.len().min(theirs.len()).max(1),
            ours.union(&theirs).count().max(1),
        )
    }
}

fn is_cjk(word: &str) -> bool {
    word.chars().next().is_some_and(|c| c >= '\u{2e80}') && text::width(word) >= 2
}

/// The key of a title: its letters and digits, without noise words at its ends.
pub(super) fn key(title: &str) -> String {
    Title::of(title).core().squashed
}

/// The keys of a record, each with whether it can hardly mean another paper: its title, its short name, and the part of
/// the title before the colon.
pub(super) fn keys(record: &Paper) -> Vec<(String, bool)> {
    let title = Title::of(&record.title);
    let mut keys = Vec::new();
    let whole = title.core();
    if whole.length() >= 5 {
        let telling = whole.words.len() >= 3 || is_distinctive(&record.title);
        keys.push((whole.squashed, telling));
    }
    if let Some(name) = record.short_name() {
        keys.push((key(name), is_distinctive(name)));
    }
    if let Some(head) = head(&record.title).filter(|head| is_distinctive(head)) {
        keys.push((key(head), true));
    }
    keys.retain(|(key, _)| key.chars().count() >= 3);
    keys
}

/// Whether a name was coined for one paper: it has inner capitals or digits, and is not so short that many share it.
fn is_distinctive(name: &str) -> bool {
    let inner = name
        .chars()
        .skip(1)
        .any(|c| c.is_uppercase() || c.is_ascii_digit());
    let length = name.chars().filter(|c| c.is_alphanumeric()).count();
    let words = name.split_whitespace().count();
    inner && length >= 4 && (words <= 3 || name.contains(char::is_numeric))
}

/// The part of a title before its first colon or dash; `None` if it has neither.
pub(super) fn head(title: &str) -> Option<&str> {
    let end = JOINTS.iter().filter_map(|joint| title.find(joint)).min()?;
    title.get(..end)
}

/// The parts of a title on either side of a joint.
pub(super) fn parts(title: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for joint in JOINTS {
        if let Some((before, after)) = title.split_once(joint) {
            parts.extend([before, after]);
        }
    }
    parts
}
