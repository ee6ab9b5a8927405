//! Claimed authors among a record's.

use std::collections::HashSet;

use crate::model::name;
use crate::model::paper::Paper;
use crate::model::text;

/// More names than this are not looked at: a crowd is never misquoted one by one.
const MOST: usize = 400;

/// What became of the claimed names that can be compared.
pub(super) struct People {
    /// How many are the record's authors.
    pub known: usize,
    /// Those that are not, as claimed.
    pub strangers: Vec<String>,
}

impl People {
    pub(super) fn of(claimed: &[String], record: &Paper) -> Self {
        let mut people = Self {
            known: 0,
            strangers: Vec::new(),
        };
        let incomplete = record
            .catalog
            .as_ref()
            .is_some_and(|entry| entry.unsure.iter().any(|key| key == "authors"));
        let incomplete = incomplete || record.authors.iter().all(|author| is_collective(&author.name));
        if record.authors.is_empty() || claimed.is_empty() {
            return people;
        }
        let authors = Authors::of(record);
        for name in claimed.iter().take(MOST) {
            let words = text::words(name);
            if authors.have(name, &words) {
                people.known += 1;
            } else if !incomplete && is_person(name, &words) {
                people
                    .strangers
                    .push(text::fold_whitespace(&crate::model::tex::to_plain_text(name)));
            }
        }
        people
    }

    /// What to say of strangers.
    pub(super) fn sentence(&self) -> Option<String> {
        let quoted: Vec<String> = self
            .strangers
            .iter()
            .take(3)
            .map(|name| format!("\"{name}\""))
            .collect();
        let more = match self.strangers.len().saturating_sub(quoted.len()) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let verb = if self.strangers.len() == 1 { "is" } else { "are" };
        (!quoted.is_empty()).then(|| format!("{}{more} {verb} not among its authors", quoted.join(", ")))
    }
}

/// The record's authors, to look names up in.
struct Authors {
    /// Every word of every name.
    words: HashSet<String>,
    /// Each family name, squashed.
    families: HashSet<String>,
}

impl Authors {
    fn of(record: &Paper) -> Self {
        let mut words = HashSet::new();
        let mut families = HashSet::new();
        for author in &record.authors {
            for word in text::words(&author.name) {
                words.insert(plain(&word));
            }
            families.insert(family(&author.name));
        }
        Self { words, families }
    }

    /// By family name, whichever end of the name it is written at.
    fn have(&self, name: &str, words: &[String]) -> bool {
        let family = family(name);
        let is_known = |word: &String| word.chars().count() > 1 && self.families.contains(&plain(word));
        let in_parts = || {
            let parts = text::words(&name::parse_name(name).family);
            !parts.is_empty() && parts.iter().all(|part| self.words.contains(&plain(part)))
        };
        self.families.contains(&family) || words.iter().any(is_known) || in_parts()
    }
}

/// `ATLAS Collaboration`, `OpenAI`, `DeepSeek-AI`: who they are is not said.
fn is_collective(name: &str) -> bool {
    let words = text::words(name);
    let bodies = [
        "collaboration",
        "collaborations",
        "team",
        "group",
        "consortium",
        "project",
    ];
    words.len() < 2 || name.ends_with("-AI") || words.iter().any(|word| bodies.contains(&word.as_str()))
}

/// Neither `others`, a collective, a bare initial, nor a name in a script that the record may not use.
fn is_person(name: &str, words: &[String]) -> bool {
    let is_word = |word: &&String| word.chars().count() > 1;
    let filler = ["et", "al", "others", "and", "team", "collaboration"];
    let is_latin = words
        .iter()
        .all(|word| word.is_ascii() || text::width(word) == word.chars().count());
    words.len() > 1
        && is_latin
        && (name.contains(',') || words.iter().any(|word| is_word(&word)))
        && !words.iter().any(|word| filler.contains(&word.as_str()))
}

fn family(name: &str) -> String {
    text::words(&name::parse_name(name).family)
        .iter()
        .map(|word| plain(word))
        .collect()
}

/// `Mueller` is `Müller`: the vowels that stand for an umlaut count once.
fn plain(word: &str) -> String {
    word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}
