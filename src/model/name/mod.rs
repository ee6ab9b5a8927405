//! Names of people: arXiv's author strings, and the parts of a single name.
//!
//! [`parse_authors`] gives what arXiv's own parser gives (arxiv-base, `arxiv.authors`), in linear time; the rules and
//! their oddities are arXiv's, so that a name is the same from every source. [`parse_name`] takes a single
//! name into its parts for citations, and knows more prefixes.

mod affiliations;
mod author_string;

use super::paper::Author;
use super::tex;
use super::text::fold_whitespace;

/// The parts of a person's name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PersonName {
    /// `Di Francesco`. A collaboration is all family.
    pub family: String,
    /// `P.`.
    pub given: String,
    /// `Jr`.
    pub suffix: String,
    /// In the order given.
    pub affiliations: Vec<String>,
}

/// Splits an author string as arXiv does: `P. Di Francesco (1), R. Kedem and others ((1) MIT)`.
///
/// All parts are raw TeX. An affiliation holds for the authors before it that have none. Line breaks count,
/// as they do for arXiv: one within the numbered list at the end hides that list, so a string that a source
/// has wrapped is better squeezed first.
#[must_use]
pub fn parse_authors(authors: &str) -> Vec<PersonName> {
    let mut names = author_string::names(authors);
    // A colon belongs to the collaboration before it. Elsewhere arXiv makes an author of it, which nobody is called.
    names.retain(|name| name != ":");
    let leading: Vec<String> = names.iter().map_while(|name| collaboration(name)).collect();
    names.drain(..leading.len());

    let affiliations = affiliations::of(authors, &names);
    let whole = |family| PersonName {
        family,
        ..PersonName::default()
    };
    let people = names.iter().zip(affiliations).map(|(name, affiliations)| {
        let (family, given, suffix) = parts(name);
        PersonName {
            family,
            given,
            suffix,
            affiliations,
        }
    });
    leading.into_iter().map(whole).chain(people).collect()
}

/// A collaboration named before the people: `The BABAR Collaboration`.
fn collaboration(name: &str) -> Option<String> {
    let plain = |c: &char| c.is_ascii_alphanumeric() || c.is_whitespace();
    let lower = name.to_ascii_lowercase();
    let mut from = 0;
    // Runs of plain letters, digits and spaces; within one, up to the last of the three words.
    while from < name.len() {
        let run: usize = name[from..].chars().take_while(plain).map(char::len_utf8).sum();
        if let Some(end) = collective_end(&lower[from..from + run]) {
            return Some(name[from..from + end].to_owned());
        }
        let next = name[from + run..].chars().next().map_or(1, char::len_utf8);
        from += run + next;
    }
    None
}

/// The end of the last ` collaboration`, ` group` or ` team` of a lower-case text, if something precedes it.
fn collective_end(text: &str) -> Option<usize> {
    let ends = ["collaboration", "group", "team"].into_iter().filter_map(|word| {
        text.rmatch_indices(word)
            .map(|(at, _)| (at, word.len()))
            .find(|(at, _)| {
                let before = &text[..*at];
                before.len() > 1 && before.ends_with(char::is_whitespace)
            })
    });
    ends.max().map(|(at, length)| at + length)
}

/// Prefixes that begin a family name (arxiv-base, `PREFIX_MATCH`), in any case.
const PREFIXES: &[&str] = &[
    "van", "der", "de", "la", "von", "del", "della", "da", "mac", "ter", "dem", "di", "vaziri",
];

const SUFFIXES: &[&str] = &["i", "ii", "iii", "iv", "v", "sr", "jr", "sr.", "jr."];

/// Returns family, given name and suffix. One or two prefixes belong to the last word; without them a suffix is split off.
fn parts(name: &str) -> (String, String, String) {
    let words: Vec<&str> = name.split(' ').collect();
    let is = |known: &[&str], word: &str| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    let (given, family, suffix) = match words.as_slice() {
        [given @ .., first, second, _]
            if !given.is_empty() && is(PREFIXES, first) && is(PREFIXES, second) =>
        {
            (given.len(), words.len(), "")
        }
        [given @ .., prefix, _] if !given.is_empty() && is(PREFIXES, prefix) => {
            (given.len(), words.len(), "")
        }
        [given @ .., _, suffix] if !given.is_empty() && is(SUFFIXES, suffix) => {
            (given.len(), words.len() - 1, *suffix)
        }
        [given @ .., _] => (given.len(), words.len(), ""),
        [] => (0, 0, ""),
    };
    let join = |range: std::ops::Range<usize>| words.get(range).unwrap_or_default().join(" ");
    (join(given..family), join(0..given), suffix.to_owned())
}

/// Particles that start a family name if they are in lower case. Author strings use arXiv's own shorter list instead.
const PARTICLES: &[&str] = &[
    "af", "al", "auf", "aus", "av", "bin", "ibn", "da", "dal", "das", "de", "degli", "dei", "del", "della",
    "delle", "dem", "den", "der", "des", "di", "do", "dos", "du", "el", "la", "las", "le", "los", "op",
    "st.", "ten", "ter", "tom", "van", "vom", "von", "zu", "zum", "zur",
];

/// Splits a single name for citations: `Jan van der Berg`, `Berg, Jan van der`,
/// `DeepSeek-AI`, `John Smith Jr.`. A name of one word, and that of a collective, is all family.
///
/// A capitalised particle begins the family only within the name and only if arXiv knows it: `P. Di Francesco`,
/// but `Di Wu`.
#[must_use]
pub fn parse_name(name: &str) -> PersonName {
    let name = fold_whitespace(name);
    if is_collective(&name) {
        return PersonName {
            family: name,
            ..PersonName::default()
        };
    }
    if let Some(split) = inverted(&name) {
        return split;
    }
    let mut words: Vec<&str> = name.split(' ').collect();
    let suffix = suffix_of(&words);
    if suffix.is_some() {
        words.pop();
    }
    let last = words.len().saturating_sub(1);
    let begins_family = |(at, word): (usize, &&str)| {
        PARTICLES.contains(word)
            || (at > 0 && word.len() > 1 && PREFIXES.iter().any(|prefix| prefix.eq_ignore_ascii_case(word)))
    };
    let family = words
        .iter()
        .take(last)
        .enumerate()
        .position(begins_family)
        .unwrap_or(last);
    let (given, family) = words.split_at(family);
    PersonName {
        family: family.join(" ").trim_end_matches(',').to_owned(),
        given: given.join(" "),
        suffix: suffix.unwrap_or_default().to_owned(),
        affiliations: Vec::new(),
    }
}

/// `Berg, Jan van der`, `Smith, Jr., John`; not `Smith, Jr.`.
fn inverted(name: &str) -> Option<PersonName> {
    let mut pieces: Vec<&str> = name.split(", ").collect();
    let suffix = match pieces.as_slice() {
        [_, middle, _] if is_suffix(middle) => pieces.remove(1),
        [_, last] if is_suffix(last) => return None,
        _ => "",
    };
    let [family, given] = pieces.as_slice() else {
        return None;
    };
    let words: Vec<&str> = given.split(' ').collect();
    let small = words
        .iter()
        .rev()
        .take_while(|word| PARTICLES.contains(word))
        .count();
    let (given, particles) = words.split_at(words.len() - small);
    let family: Vec<&str> = particles.iter().chain([family]).copied().collect();
    Some(PersonName {
        family: family.join(" "),
        given: given.join(" "),
        suffix: suffix.to_owned(),
        affiliations: Vec::new(),
    })
}

/// A lone `I` or `V` at the end is more often an initial.
fn is_suffix(word: &str) -> bool {
    matches!(word, "Jr" | "Jr." | "Sr" | "Sr." | "II" | "III" | "IV")
}

fn suffix_of<'a>(words: &[&'a str]) -> Option<&'a str> {
    match words {
        [_, .., last] if words.len() > 2 && is_suffix(last) => Some(last),
        _ => None,
    }
}

fn is_collective(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "collaboration",
        "collaborations",
        "consortium",
        "group",
        "team",
        "project",
        "initiative",
        "institute",
        "university",
        "laboratory",
    ];
    name.split(' ')
        .any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

impl From<PersonName> for Author {
    /// Given, family, suffix, in Unicode and with white space folded.
    fn from(name: PersonName) -> Self {
        let unicode = |raw: &str| fold_whitespace(&tex::to_unicode(raw));
        let parts = [name.given, name.family, name.suffix].map(|part| unicode(&part));
        let affiliations = name.affiliations.iter().map(|raw| unicode(raw));
        Self {
            name: fold_whitespace(&parts.join(" ")),
            affiliations: affiliations
                .filter(|affiliation| !affiliation.is_empty())
                .collect(),
        }
    }
}
