//! An entry of a bibliography in running text: `A. Author, "Title," arXiv:1706.03762, 2017.`

use super::{Claim, authors, title_heuristics, year};

/// Quotes that titles stand in.
const QUOTES: &[(&str, &str)] = &[
    ("``", "''"),
    ("“", "”"),
    ("„", "“"),
    ("«", "»"),
    ("《", "》"),
    ("\"", "\""),
];

/// The longest family name with its initials, in bytes.
const MAX_FAMILY: usize = 60;

/// An author's name that reads as no list of names has at most so many words.
const MAX_NAME: usize = 4;

/// Quoted phrases that are passed over, at most.
const MAX_PASSED: usize = 8;

/// The longest part of an entry that is looked at, in bytes.
pub(super) const MAX_ENTRY: usize = 4000;

/// What an entry claims, its markup gone. A title between quotes is certain; one by its place is not.
pub(super) fn claim(entry: &str) -> Claim {
    let entry = start(entry, MAX_ENTRY);
    let year = year_of_entry(entry);
    if let Some((before, title, after)) = quoted(entry) {
        let follows_names = authors::is_list(before) || before.split_whitespace().count() <= MAX_NAME;
        return Claim {
            title: Some(title.to_owned()),
            authors: authors::of_text(without_year(before)),
            year,
            certain: follows_names && !title_heuristics::has_cjk(title) && !is_cell(before, after),
            ..Claim::default()
        };
    }
    let sentences = sentences(entry);
    let Some((authors, rest)) = sentences.split_first() else {
        return Claim::default();
    };
    if !authors::is_list(authors) {
        return Claim {
            year,
            ..Claim::default()
        };
    }
    let title = rest
        .iter()
        .map(|part| title_heuristics::trimmed(part))
        .find(|part| !part.is_empty());
    Claim {
        title: title.filter(|title| title.contains(' ')).map(str::to_owned),
        authors: authors::of_text(without_year(authors)),
        year,
        certain: false,
        ..Claim::default()
    }
}

/// The first phrase between quotes that can be a title, less the comma within; what stands before it and behind. Where
/// it was published is none: `in "Proceedings of ..."`.
pub(super) fn quoted(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    for _ in 0..MAX_PASSED {
        let rest = text.get(from..)?;
        let (before, phrase, after) = first_quoted(rest)?;
        let before = text.get(..from + before.len())?;
        if !(is_venue(phrase) || begins_venue(before)) {
            return Some((before, phrase, after));
        }
        from = text.len() - after.len();
    }
    None
}

fn first_quoted(text: &str) -> Option<(&str, &str, &str)> {
    let phrases = QUOTES.iter().filter_map(|(open, close)| {
        let at = text.find(open)?;
        let (before, rest) = text.split_at(at);
        let rest = rest.get(open.len()..)?;
        let (phrase, after) = rest.split_at_checked(closing(rest, close)?)?;
        let after = after.get(close.len()..)?;
        let phrase = phrase.trim_end_matches([',', '.', ' ']).trim();
        (!title_heuristics::is_generic(phrase)).then_some((before, phrase, after))
    });
    phrases.min_by_key(|(before, ..)| before.len())
}

/// Whether a text names where papers are published.
pub(super) fn is_venue(text: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "proceedings",
        "proc.",
        "proc ",
        "advances in neural information processing",
        "journal of",
        "transactions of",
        "transactions on",
        "ieee ",
        "acm ",
        "lecture notes",
        "international conference",
        "international journal",
        "annual meeting",
        "phd thesis",
        "ph.d. thesis",
        "master's thesis",
        "technical report",
        "available at",
        "accessed",
    ];
    const PARTS: &[&str] = &[
        "conference on",
        "symposium on",
        "workshop on",
        "proceedings of",
        "transactions on",
        "journal of",
        "university press",
    ];
    let lower = text.to_lowercase();
    BEGINNINGS.iter().any(|begins| lower.starts_with(begins)) || PARTS.iter().any(|part| lower.contains(part))
}

/// Whether a text ends with the word that places of publication follow.
pub(super) fn ends_with_in(text: &str) -> bool {
    let text = text.trim_end_matches([' ', ':']);
    text.strip_suffix("in")
        .or_else(|| text.strip_suffix("In"))
        .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}

/// `..., in`, `.... In`: not the `in` of a sentence, which titles may follow too.
fn begins_venue(before: &str) -> bool {
    let before = before.trim_end_matches([' ', ':']);
    ends_with_in(before)
        && before
            .get(..before.len() - "in".len())
            .is_some_and(|rest| rest.trim_end().ends_with(|c: char| !c.is_alphanumeric()))
}

/// Whether what is quoted is a cell of a table in CSV: its comma has no space.
pub(super) fn is_cell(before: &str, after: &str) -> bool {
    let follows = after
        .strip_prefix(',')
        .is_some_and(|rest| !rest.starts_with(char::is_whitespace) && !rest.is_empty());
    before.ends_with(',') || follows
}

/// Where a phrase is closed; one may stand within, as in `“Foo “bar” baz”`.
fn closing(rest: &str, close: &str) -> Option<usize> {
    let first = rest.find(close)?;
    let nested = match close {
        "”" => rest.get(..first)?.matches('“').count(),
        "''" => rest.get(..first)?.matches("``").count(),
        _ => 0,
    };
    rest.match_indices(close).nth(nested).map(|(at, _)| at)
}

/// The year of an entry: in brackets, else the last one that is no page, volume or part of an identifier.
pub(super) fn year_of_entry(entry: &str) -> Option<i32> {
    let words = entry
        .split_whitespace()
        .filter(|word| !word.contains("://") && !word.to_lowercase().contains("arxiv"));
    let mut last = None;
    let mut before = "";
    for word in words {
        // `Accessed: May 3, 2029` says when somebody looked.
        let plain = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        if matches!(plain.as_str(), "accessed" | "retrieved" | "visited") {
            break;
        }
        let counts = matches!(before, "pp." | "p." | "vol." | "no.");
        if let Some(year) =
            year::first(word).filter(|_| !counts && !word.contains(['–', ':', '/']) && !word.contains("--"))
        {
            if word.starts_with('(') {
                return Some(year);
            }
            // `accessed: 2024-07-15`
            if !word.contains('-') {
                last = Some(year);
            }
        }
        before = word;
    }
    last
}

/// `Vaswani, A., & Shazeer, N. (2017)`.
fn without_year(authors: &str) -> &str {
    let cut = authors
        .rfind(" (")
        .filter(|at| authors.get(*at..).and_then(year::first).is_some());
    authors.get(..cut.unwrap_or(authors.len())).unwrap_or_default()
}

/// The sentences of an entry: a full stop ends one, but not after an initial, `al` or `vol`.
pub(super) fn sentences(entry: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in entry.match_indices(['.', '?', '。']) {
        let mark = entry
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .map_or(1, char::len_utf8);
        let (part, rest) = (entry.get(from..at), entry.get(at + mark..).unwrap_or_default());
        let Some(part) = part.filter(|_| rest.is_empty() || rest.starts_with(char::is_whitespace)) else {
            continue;
        };
        let word = part.rsplit([' ', '-', '~', '.']).next().unwrap_or_default();
        let followed = rest.trim_start().chars().next();
        let abbreviated = mark == 1
            && (word.chars().count() == 1
                || matches!(word, "al" | "vol" | "no" | "pp" | "vs" | "Jr" | "eds" | "ed" | "St"))
            // `et al. Title`: the list of authors ends.
            && !(word == "al" && followed.is_some_and(char::is_uppercase))
            // `Vaswani, A. Attention is`: an initial ends the list where a word of small letters follows the next.
            && !begins_title(part, rest);
        if !abbreviated {
            let with_mark = if entry.get(at..=at) == Some("?") {
                at + 1
            } else {
                at
            };
            parts.push(entry.get(from..with_mark).unwrap_or_default().trim());
            from = at + mark;
        }
    }
    parts.push(entry.get(from..).unwrap_or_default().trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether after `Family, I.` a title begins and not another name.
fn begins_title(part: &str, rest: &str) -> bool {
    let tail = part.ceil_char_boundary(part.len().saturating_sub(MAX_FAMILY));
    let tail = part.get(tail..).unwrap_or_default();
    let ends_inverted = tail.rsplit_once(", ").is_some_and(|(_, last)| last.len() <= 5);
    let mut words = rest.split_whitespace();
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    ends_inverted
        && first.len() > 1
        && !first.ends_with([',', '.', '&'])
        && !matches!(first, "and" | "&" | "et")
        && second.starts_with(char::is_alphabetic)
        && !second.ends_with(',')
}

/// The first bytes of a text, to the end of a character.
pub(super) fn start(text: &str, length: usize) -> &str {
    text.get(..text.floor_char_boundary(length)).unwrap_or_default()
}
