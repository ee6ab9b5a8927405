//! Titles: what of them counts, and what they are looked up by.

use std::collections::HashSet;

use crate::model::paper::Paper;
use crate::model::text;

/// No title is longer; what stands in its place could be.
const LONGEST: usize = 600;

/// Words that say what a thing is and not which: they may stand at either end.
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

/// Words that every title has.
pub(super) const COMMON: &[&str] = &[
    "a", "an", "the", "of", "for", "in", "on", "and", "to", "with", "from", "by", "via", "is", "are", "as",
    "at", "using", "towards", "toward",
];

/// Where a title's name ends and its explanation begins.
const JOINTS: &[&str] = &[": ", "：", " - ", " -- ", " --- ", " – ", " — ", "? ", "——"];

/// A title's words, and the words without what is between them.
pub(super) struct Title {
    pub words: Vec<String>,
    pub squashed: String,
    /// Where words begin and end in `squashed`.
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

    /// Without the noise at its ends; all of it where it is nothing else.
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

    /// The numbers of the words before and after `part`, where it stands here as whole words, however spelt apart.
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

    /// Without Chinese, Japanese and Korean.
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

    /// Whether this is more than a name: four words of letters, or six Chinese characters.
    pub(super) fn is_sentence(&self) -> bool {
        let is_word = |word: &&String| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
        self.words.iter().filter(is_word).count() >= 4
            || self.words.iter().filter(|word| is_cjk(word)).count() >= 6
    }

    /// Its letters, and its numbers: `DeepSeek-V3.2` is `deepseek` and 3, 2; so is `DeepSeek 3.2`. A first one is
    /// called so only after the second, so that a lone 1 does not count; nor do years and identifiers.
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

    /// How many of the words that tell are shared, of how many there are in the one that has fewer, and in both.
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

/// What a title is looked up by: its letters and digits, without the noise at its ends.
pub(super) fn key(title: &str) -> String {
    Title::of(title).core().squashed
}

/// What a record is surely known by, and whether nothing else could be meant: its title, its short name, and what its
/// title calls itself.
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

/// Whether a name is made up: capitals within it, a digit or a hyphen, and not so short that many share it.
fn is_distinctive(name: &str) -> bool {
    let inner = name
        .chars()
        .skip(1)
        .any(|c| c.is_uppercase() || c.is_ascii_digit());
    let length = name.chars().filter(|c| c.is_alphanumeric()).count();
    let words = name.split_whitespace().count();
    inner && length >= 4 && (words <= 3 || name.contains(char::is_numeric))
}

/// What stands before the first colon or dash.
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
