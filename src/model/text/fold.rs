//! Folding: what a person means by "the same word".

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

use super::super::tex;
use super::{is_cjk, is_unprintable};

/// White space folded: every run one space, none at the ends.
#[must_use]
pub fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Folded for comparison: TeX as Unicode, lower case, without accents and invisible characters, dashes and
/// quotes as ASCII, white space folded. Chinese, Japanese and Korean stay as they are.
#[must_use]
pub fn fold(text: &str) -> String {
    let readable = tex::readable(text);
    let mut out = String::with_capacity(readable.len());
    if readable.is_ascii() {
        // Nothing to compose or decompose, and by far the most there is of arXiv's text.
        fold_ascii(&readable, &mut out);
        return out;
    }
    for c in readable.nfkc() {
        if c.is_ascii_graphic() {
            out.push(c.to_ascii_lowercase());
        } else if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_cjk(c) {
            out.push(c);
        } else {
            decompose_compatible(c, |c| c.to_lowercase().for_each(|c| fold_char(c, &mut out)));
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn fold_ascii(text: &str, out: &mut String) {
    for word in text.split(|c: char| c.is_ascii_whitespace() || c == '\u{b}') {
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        let begin = out.len();
        out.extend(
            word.chars()
                .filter(char::is_ascii_graphic)
                .map(|c| c.to_ascii_lowercase()),
        );
        if out.len() == begin {
            out.truncate(before);
        }
    }
}

/// One lower-case character without its canonical marks. Vowel signs that are letters of their own (class 0:
/// Devanagari, Thai) stay.
fn fold_char(c: char, out: &mut String) {
    let folded = match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ȷ' => "j",
        'þ' => "th",
        'ς' => "σ",
        '\u{2018}' | '\u{2019}' | '\u{2032}' | '\u{2bc}' => "'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => "",
        c if canonical_combining_class(c) != 0 || is_unprintable(c) => "",
        c => return out.push(c),
    };
    out.push_str(folded);
}

/// The folded words of a text: runs of letters and digits; each Chinese, Japanese or Korean character a word.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    pieces(&fold(text)).map(|(word, _)| word.to_owned()).collect()
}

/// The words of a folded text in order, as [`words`] gives them, and whether a `*` follows.
pub fn pieces(folded: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let first = rest.chars().next()?;
        let ascii = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let end = match rest.as_bytes().get(ascii) {
            // A word of ASCII alone, which most are.
            Some(next) if ascii > 0 && next.is_ascii() => ascii,
            None => ascii,
            Some(_) if is_cjk(first) => first.len_utf8(),
            Some(_) => rest
                .find(|c: char| !c.is_alphanumeric() || is_cjk(c))
                .unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some((word, after.starts_with('*')))
    })
}

/// Where the words of a text are, as they stand there: runs of letters, digits and marks, each Chinese, Japanese or
/// Korean character for itself.
pub fn spans(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let inside = |c: char| c.is_alphanumeric() || canonical_combining_class(c) != 0;
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let from = at + rest.find(|c: char| c.is_alphanumeric())?;
        let word = text.get(from..)?;
        let first = word.chars().next()?;
        let length = if is_cjk(first) {
            first.len_utf8()
        } else {
            word.find(|c: char| !inside(c) || is_cjk(c)).unwrap_or(word.len())
        };
        at = from + length;
        Some((from, at))
    })
}

/// Whether all words of the pattern are among these folded words, in any order: `--author`, `--title`.
/// `word*` is the beginning of a word. A pattern without words matches everything.
///
/// `haystack` is what [`words`] gives.
#[must_use]
pub fn matches_words(haystack: &[String], pattern: &str) -> bool {
    pieces(&fold(pattern)).all(|(word, prefix)| {
        haystack.iter().any(|known| {
            if prefix {
                known.starts_with(word)
            } else {
                known == word
            }
        })
    })
}

/// Whether the folded text holds the folded needle, words or not: the free text of a filter.
#[must_use]
pub fn contains(haystack: &str, needle: &str) -> bool {
    fold(haystack).contains(&fold(needle))
}

/// Nothing a person types as a name is longer; the distance costs the product of both lengths.
const MAX_NAME: usize = 100;

/// Those of `known` nearest to what was typed, best first, at most three: for "did you mean".
///
/// Near is a distance of a third of what was typed (at least one edit, but never all of it), or, from three
/// characters on, what was typed as a part of the known one.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = fold(typed);
    let length = typed.chars().count();
    if length == 0 || length > MAX_NAME {
        return Vec::new();
    }
    let allowed = (length / 3).max(1).min(length - 1);
    let mut near: Vec<(usize, usize, &str)> = Vec::new();
    for name in known {
        let folded = fold(name);
        if folded.chars().count() > MAX_NAME || near.iter().any(|(.., seen)| *seen == name) {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&typed, &folded);
        if folded == typed || (length > 1 && distance <= allowed) {
            near.push((0, distance, name));
        } else if length >= 3 && folded.contains(&typed) {
            near.push((if folded.starts_with(&typed) { 1 } else { 2 }, distance, name));
        }
    }
    near.sort_by_key(|(kind, distance, _)| (*kind, *distance));
    near.into_iter().take(3).map(|(.., name)| name).collect()
}
