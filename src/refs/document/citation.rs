//! Parses an entry of a bibliography in running text: `A. Author, "Title," arXiv:1706.03762, 2017.`

use super::{Claim, authors, title_heuristics, year};

/// Quotation marks around titles.
const QUOTES: &[(&str, &str)] = &[
    ("``", "''"),
    ("“", "”"),
    ("„", "“"),
    ("«", "»"),
    ("《", "》"),
    ("\"", "\""),
];

/// Bytes of a family name with its initials, at most.
const MAX_FAMILY: usize = 60;

/// Words of text before a title that is taken for a single author, at most.
const MAX_NAME: usize = 4;

/// Bytes of a code for the kind of document, at most: `EB/OL`.
const MAX_CODE: usize = 5;

/// Quoted phrases that are skipped because they are venues, at most.
const MAX_PASSED: usize = 8;

/// Bytes of an entry that are examined.
pub(super) const MAX_ENTRY: usize = 4000;

/// Returns the claim of an entry without markup. A title in quotes is certain; one that is only found by its position is
/// not.
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
    if let Some(claim) = with_document_code(entry, year) {
        return claim;
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

/// Returns the claim of an entry in the style of GB/T 7714-2015, in which a code for the kind of document
/// follows the title: `NOBLE A, ZED Y. Deep Widgets[J].`
fn with_document_code(entry: &str, year: Option<i32>) -> Option<Claim> {
    let is_code = |inner: &str| {
        let mut bytes = inner.bytes();
        !inner.is_empty() && bytes.all(|byte| byte.is_ascii_uppercase() || byte == b'/')
    };
    let mut brackets = entry.match_indices('[').map(|(at, _)| at);
    let code = brackets.find(|at| {
        let rest = entry.get(at + 1..).unwrap_or_default();
        let end = rest.bytes().take(MAX_CODE + 1).position(|byte| byte == b']');
        *at > 0 && end.is_some_and(|end| is_code(&rest[..end]))
    })?;
    // The style writes initials without points, so that the first point ends the authors.
    let (authors, title) = entry.get(..code)?.split_once(". ")?;
    let title = title.trim();
    (title.contains(' ') && !authors.contains('.')).then(|| Claim {
        title: Some(title.to_owned()),
        authors: authors::of_text(authors),
        year,
        certain: !title_heuristics::has_cjk(title),
        ..Claim::default()
    })
}

/// Returns the first quoted phrase that can be a title, without a comma at its end, and the text before and after it. The
/// name of a venue (`in "Proceedings of ..."`) is skipped.
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

/// Whether a text is the name of a venue or another remark about where a paper is published.
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

/// Whether a text ends with `in`, which a venue follows.
pub(super) fn ends_with_in(text: &str) -> bool {
    let text = text.trim_end_matches([' ', ':']);
    text.strip_suffix("in")
        .or_else(|| text.strip_suffix("In"))
        .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}

/// Whether a text ends with `, in` or `. In`, and not with the `in` of a sentence, which a title may follow as well.
fn begins_venue(before: &str) -> bool {
    let before = before.trim_end_matches([' ', ':']);
    ends_with_in(before)
        && before
            .get(..before.len() - "in".len())
            .is_some_and(|rest| rest.trim_end().ends_with(|c: char| !c.is_alphanumeric()))
}

/// Whether a quoted phrase is a cell of CSV: no space follows its comma.
pub(super) fn is_cell(before: &str, after: &str) -> bool {
    let follows = after
        .strip_prefix(',')
        .is_some_and(|rest| !rest.starts_with(char::is_whitespace) && !rest.is_empty());
    before.ends_with(',') || follows
}

/// Offset of the closing quote. Quotes may be nested, as in `“Foo “bar” baz”`.
fn closing(rest: &str, close: &str) -> Option<usize> {
    let first = rest.find(close)?;
    let nested = match close {
        "”" => rest.get(..first)?.matches('“').count(),
        "''" => rest.get(..first)?.matches("``").count(),
        _ => 0,
    };
    rest.match_indices(close).nth(nested).map(|(at, _)| at)
}

/// Returns the year of an entry: the one in parentheses, else the last one that is not a page, a volume or part of an
/// identifier.
pub(super) fn year_of_entry(entry: &str) -> Option<i32> {
    let words = entry
        .split_whitespace()
        .filter(|word| !word.contains("://") && !word.to_lowercase().contains("arxiv"));
    let mut last = None;
    let mut before = "";
    for word in words {
        // `Accessed: May 3, 2029` is not the year of the paper.
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

/// Removes the year from `Vaswani, A., & Shazeer, N. (2017)`.
fn without_year(authors: &str) -> &str {
    let cut = authors
        .rfind(" (")
        .filter(|at| authors.get(*at..).and_then(year::first).is_some());
    authors.get(..cut.unwrap_or(authors.len())).unwrap_or_default()
}

/// Splits an entry into sentences. A full stop after an initial, `al` or `vol` does not end one.
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
            // `et al. Title` ends the list of authors.
            && !(word == "al" && followed.is_some_and(char::is_uppercase))
            // `Vaswani, A. Attention is`: the initial ends the list of authors, because a title follows.
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

/// Whether a title and not another name follows `Family, I.`.
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

/// The beginning of a text, at most `length` bytes.
pub(super) fn start(text: &str, length: usize) -> &str {
    text.get(..text.floor_char_boundary(length)).unwrap_or_default()
}
