//! The authors that a document claims, looked up among the authors of a record.

use std::collections::{HashMap, HashSet};

use crate::model::name;
use crate::model::paper::Paper;
use crate::model::tex::to_plain_text;
use crate::model::text;

/// Claimed names that are compared. A longer list is never misquoted name by name, and comparing it would be slow.
const MAX_NAMES: usize = 400;

/// Short forms of given names that begin with another letter than the name.
const NICKNAMES: &[(&str, &str)] = &[
    ("bill", "william"),
    ("bob", "robert"),
    ("dick", "richard"),
    ("ted", "edward"),
    ("ted", "theodore"),
    ("peggy", "margaret"),
];

/// The claimed authors, sorted into those of the record and strangers.
pub(super) struct People {
    /// Number of claimed names that are authors of the record.
    pub known: usize,
    /// Claimed names that are not, as the document writes them.
    pub strangers: Vec<String>,
    /// Number of the record's authors; 0 if they are not all known.
    pub recorded: usize,
}

impl People {
    pub(super) fn of(claimed: &[String], record: &Paper) -> Self {
        let mut people = Self {
            known: 0,
            strangers: Vec::new(),
            recorded: 0,
        };
        let incomplete = record
            .catalog
            .as_ref()
            .is_some_and(|entry| entry.unsure.iter().any(|key| key == "authors"));
        let incomplete = incomplete || record.authors.iter().any(|author| is_collective(&author.name));
        if record.authors.is_empty() || claimed.is_empty() {
            return people;
        }
        if !incomplete {
            people.recorded = record.authors.len();
        }
        let only_collectives = record.authors.iter().all(|author| is_collective(&author.name));
        let unsure = record
            .catalog
            .as_ref()
            .is_some_and(|entry| entry.unsure.iter().any(|key| key == "authors"));
        let authors = Authors::of(record);
        for name in claimed.iter().take(MAX_NAMES) {
            let words = text::words(name);
            if authors.contain(name, &words) {
                people.known += 1;
            } else if !only_collectives && !unsure && is_person(name, &words) {
                people.strangers.push(text::fold_whitespace(&to_plain_text(name)));
            }
        }
        people
    }

    /// A sentence that names the strangers; `None` if there are none.
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

/// The record's authors by family name.
struct Authors {
    /// Every word of every name.
    words: HashSet<String>,
    /// The given names, in words, of the authors with this family name, its words joined.
    by_family: HashMap<String, Vec<Vec<String>>>,
}

impl Authors {
    fn of(record: &Paper) -> Self {
        let mut words = HashSet::new();
        let mut by_family: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        for author in &record.authors {
            words.extend(text::words(&author.name).iter().map(|word| plain(word)));
            let (family, given) = parts(&author.name);
            by_family.entry(family).or_default().push(given);
        }
        Self { words, by_family }
    }

    /// Whether an author has this family name, at whichever end of the name it is written, and given names that may be
    /// the same. Xin Li is not Wei Li, but X. Li may be.
    fn contain(&self, name: &str, words: &[String]) -> bool {
        let (family, given) = parts(name);
        if let Some(named_alike) = self.by_family.get(&family)
            && named_alike.iter().any(|other| may_be_same(&given, other))
        {
            return true;
        }
        let reversed = words.iter().enumerate().any(|(at, word)| {
            let others = || words.iter().enumerate().filter(move |(other, _)| *other != at);
            let rest: Vec<String> = others().map(|(_, word)| plain(word)).collect();
            word.chars().count() > 1
                && self
                    .by_family
                    .get(&plain(word))
                    .is_some_and(|named_alike| named_alike.iter().any(|other| may_be_same(&rest, other)))
        });
        let in_parts = || {
            let parts = text::words(&name::parse_name(name).family);
            parts.len() > 1 && parts.iter().all(|part| self.words.contains(&plain(part)))
        };
        reversed || in_parts()
    }
}

/// Whether given names may belong to one person: one of them begins with the same letter, or one side has none.
fn may_be_same(claimed: &[String], recorded: &[String]) -> bool {
    if claimed.is_empty() || recorded.is_empty() {
        return true;
    }
    let nicknames = |one: &str, other: &str| {
        NICKNAMES
            .iter()
            .any(|(short, long)| (one, other) == (*short, *long) || (other, one) == (*short, *long))
    };
    claimed.iter().any(|one| {
        recorded.iter().any(|other| {
            let initials = (one.chars().next(), other.chars().next());
            initials.0 == initials.1 || nicknames(one, other)
        })
    })
}

/// Whether a name is a collective's (`ATLAS Collaboration`, `OpenAI`, `DeepSeek-AI`): its members are not listed.
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

/// Whether a claimed name can be compared: it is neither `others`, a collective, a bare initial, nor in a script that
/// the record may not use.
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

/// A name's family name, its words joined, and its given names.
fn parts(name: &str) -> (String, Vec<String>) {
    let name = name::parse_name(name);
    let family = text::words(&name.family).iter().map(|word| plain(word)).collect();
    let given = text::words(&name.given).iter().map(|word| plain(word)).collect();
    (family, given)
}

/// A word whose umlauts count once, however they are written: `Mueller` is `Müller`.
fn plain(word: &str) -> String {
    word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
}
