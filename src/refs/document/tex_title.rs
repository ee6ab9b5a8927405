//! Finds the title of a bibliography item in which nothing labels it: a phrase in italics, or the sentence after the
//! authors.

use super::{Claim, authors, citation, plain_tex, title_heuristics, year};

/// Commands that begin italics.
const ITALICS: &[&str] = &[
    "\\emph{",
    "\\textit{",
    "\\textsl{",
    "{\\it ",
    "{\\em ",
    "{\\sl ",
    "{\\itshape ",
    "{\\slshape ",
];

/// Words of a name, at most. A longer part of a list of authors contains a title.
const MAX_NAME: usize = 4;

/// Words of a sentence that is taken for a title, at least. A shorter one may be a journal or a remark.
const MIN_SENTENCE: usize = 4;

/// Returns the claim of an item of plain TeX without its label and key.
pub(super) fn claim(item: &str) -> Claim {
    let plain = plain_tex(item);
    let by_quotes = citation::claim(&plain);
    let quote = citation::quoted(&plain).map(|(before, ..)| before.len());
    let italic = italic(item);
    if let Some((lead, title)) = italic
        && quote.is_none_or(|quote| plain_tex(lead).len() <= quote)
    {
        return Claim {
            title: Some(plain_tex(title).trim_end_matches(['.', ',', ' ']).to_owned()),
            authors: authors::of_text(plain_tex(lead).trim_end_matches([',', '.', ':', ' '])),
            year: by_quotes.year.or_else(|| citation::year_of_entry(&plain)),
            certain: true,
            ..Claim::default()
        };
    }
    if quote.is_some() {
        return by_quotes;
    }
    let Some((authors, title)) = second_sentence(&plain) else {
        return by_quotes;
    };
    Claim {
        title: Some(title.to_owned()),
        authors: authors::of_text(authors),
        year: by_quotes.year.or_else(|| citation::year_of_entry(&plain)),
        certain: true,
        ..Claim::default()
    }
}

/// The text before the first phrase in italics, and that phrase, if it can be the title. Later ones are journals.
fn italic(item: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    loop {
        let rest = item.get(from..)?;
        let begins = ITALICS
            .iter()
            .filter_map(|italics| rest.find(italics).map(|at| (at, italics.len())));
        let (at, length) = begins.min()?;
        let inner = rest.get(at + length..)?;
        let close = closing(inner)?;
        let (phrase, after) = (inner.get(..close)?, inner.get(close + 1..)?);
        let others = plain_tex(phrase).to_lowercase();
        if matches!(
            others.trim_matches(['.', ',', ' ']),
            "et al" | "et. al" | "and" | "in"
        ) {
            from += at + length + close;
            continue;
        }
        let lead = item.get(..from + at)?;
        return is_title(&plain_tex(lead), &plain_tex(phrase), after).then_some((lead, phrase));
    }
}

/// Offset of the brace that closes the open one.
fn closing(inner: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether a phrase in italics is a title: only names precede it, no volume follows, and no word is abbreviated as in the
/// name of a journal.
fn is_title(lead: &str, phrase: &str, after: &str) -> bool {
    let phrase = phrase.trim_end_matches(['.', ',', ' ']);
    let abbreviated = phrase
        .split_whitespace()
        .any(|word| word.ends_with('.') && word != "vs.");
    phrase.contains(' ')
        && !abbreviated
        && !citation::ends_with_in(lead)
        && are_names(lead)
        && !citation::is_venue(phrase)
        && title_heuristics::can_be_title(phrase)
        && !begins_volume(after)
}

/// Whether a volume follows: `, {\bf 12}`, ` 521, 436`, `, vol. 3`. A year alone is not a volume.
fn begins_volume(after: &str) -> bool {
    let after = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '~' | '.'));
    let number: String = after.chars().take_while(char::is_ascii_digit).collect();
    let behind = after.get(number.len()..).unwrap_or_default();
    let is_year = year::first(&number).is_some() && !behind.starts_with([':', '(', '-']);
    let volume = [
        "\\textbf",
        "{\\bf",
        "\\bf",
        "vol",
        "Vol",
        "no.",
        "no~",
        "\\textnormal",
    ];
    volume.iter().any(|volume| after.starts_with(volume)) || !(number.is_empty() || is_year)
}

/// Whether a text consists of names: few words between commas, none in lower case except particles.
fn are_names(text: &str) -> bool {
    const SMALL: &[&str] = &[
        "and", "et", "al", "van", "de", "der", "den", "von", "di", "da", "del", "la", "le", "du", "dos",
        "the", "with", "others", "ed", "eds", "bin", "ter", "zu",
    ];
    let text = text.replace(" and ", ", ").replace(" & ", ", ");
    text.split([',', ';']).all(|name| {
        let words = name
            .split_whitespace()
            .filter(|word| word.chars().any(char::is_alphanumeric));
        let is_part = |word: &str| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            !word.starts_with(char::is_lowercase) || SMALL.contains(&word)
        };
        words.clone().count() <= MAX_NAME + 1
            && words.clone().filter(|word| !word.ends_with('.')).count() <= MAX_NAME
            && words.clone().all(is_part)
    })
}

/// Splits `Authors. A title of some words. Journal` and Springer's `Family, I.: A title. In: Journal` into authors and
/// title.
fn second_sentence(item: &str) -> Option<(&str, &str)> {
    let springer = item.find(".: ").and_then(|at| item.split_at_checked(at + 1));
    let (authors, title) = match springer {
        Some((authors, rest)) => (authors, *citation::sentences(rest.get(1..)?).first()?),
        None => match *citation::sentences(item).as_slice() {
            [authors, title, _, ..] => (authors, title),
            _ => return None,
        },
    };
    let has_initials = title
        .split_whitespace()
        .any(|word| word.len() == 2 && word.ends_with('.') && word.starts_with(char::is_uppercase));
    let lower = title.to_lowercase();
    let is_title = title.split_whitespace().count() >= MIN_SENTENCE
        && !has_initials
        && !title.ends_with('?')
        && !lower.contains("arxiv")
        && !lower.contains("://")
        && !lower.starts_with("in ")
        && !lower.starts_with("in: ")
        && !citation::is_venue(title)
        && !title_heuristics::is_generic(title)
        && title_heuristics::can_be_title(title)
        && are_names(authors);
    is_title.then_some((authors, title))
}
