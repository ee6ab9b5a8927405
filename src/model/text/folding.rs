//! Folding of text, so that spellings that a person takes for the same compare equal.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

use super::super::tex;
use super::{is_cjk, is_unprintable};

/// Replaces every run of white space by one space, and removes it at the ends.
#[must_use]
pub fn fold_whitespace(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Folds a text for comparison: TeX as Unicode, lower case, without accents and invisible characters, dashes and
/// quotes as ASCII, white space folded. Chinese, Japanese and Korean stay as they are.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Appends the folded text to an empty string.
pub fn fold_into(text: &str, out: &mut String) {
    let readable = tex::to_plain_text(text);
    let mut rest = &*readable;
    while !rest.is_empty() {
        // Most text of arXiv is ASCII. The last character of a run may compose with what follows.
        let ascii = rest.bytes().position(|byte| !byte.is_ascii());
        let (plain, after) = rest.split_at(ascii.map_or(rest.len(), |end| end.saturating_sub(1)));
        fold_ascii(plain, out);
        // Nothing composes across an ASCII character that is not the first.
        let end = after.bytes().skip(1).position(|byte| byte.is_ascii());
        let (composed, after) = after.split_at(end.map_or(after.len(), |end| end + 1));
        fold_composed(composed, out);
        rest = after;
    }
    out.truncate(out.trim_end().len());
}

fn fold_ascii(text: &str, out: &mut String) {
    let begin = out.len();
    if is_tidy(text) {
        let spaced = begin == 0 || out.ends_with(' ');
        out.push_str(if spaced {
            text.trim_start_matches(' ')
        } else {
            text
        });
    } else {
        for c in text.chars() {
            if c.is_ascii_graphic() {
                out.push(c);
            } else if c.is_whitespace() {
                space(out);
            }
        }
    }
    if let Some(added) = out.get_mut(begin..) {
        added.make_ascii_lowercase();
    }
}

/// Whether an ASCII text is nothing but printable characters and single spaces.
fn is_tidy(text: &str) -> bool {
    let bytes = text.as_bytes();
    let following = bytes.get(1..).unwrap_or_default();
    // Without branches: the compiler makes vector code of it.
    let controls = bytes
        .iter()
        .fold(0, |found, &b| found | u8::from(b < b' ') | u8::from(b == 0x7f));
    let doubled = bytes.iter().zip(following).fold(0, |found, (&b, &next)| {
        found | (u8::from(b == b' ') & u8::from(next == b' '))
    });
    controls | doubled == 0
}

fn fold_composed(text: &str, out: &mut String) {
    for c in text.nfkc() {
        if c.is_ascii_graphic() {
            out.push(c.to_ascii_lowercase());
        } else if c.is_whitespace() {
            space(out);
        } else if is_cjk(c) {
            out.push(c);
        } else {
            decompose_compatible(c, |c| c.to_lowercase().for_each(|c| fold_char(c, out)));
        }
    }
}

fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
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
    word_tokens(&fold(text))
        .map(|(word, _)| word.to_owned())
        .collect()
}

/// The words of a folded text in order, as [`words`] gives them, and whether a `*` follows.
pub fn word_tokens(folded: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        // Most characters between words are ASCII.
        let between = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
        rest = rest.get(rest.bytes().take_while(between).count()..)?;
        rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
        let first = rest.chars().next()?;
        let ascii = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let end = match rest.as_bytes().get(ascii) {
            // Most words are ASCII alone.
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

/// The byte ranges of the words of a text that is not folded: runs of letters, digits and marks; each Chinese, Japanese or
/// Korean character is a word.
pub fn word_spans(text: &str) -> impl Iterator<Item = (usize, usize)> {
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

/// Whether all words of the pattern are among these folded words, in any order: `--title`. `word*` is the beginning of a
/// word. A pattern without words matches everything.
///
/// `words` is what [`words`] returns.
#[must_use]
pub fn matches_words(words: &[String], pattern: &str) -> bool {
    word_tokens(&fold(pattern)).all(|token| contains_token(words, token))
}

/// The same for a person's name: `--author`, `author:`. The parts match in any order (`Guo, Daya`, `guo_d`).
///
/// `words` is what [`words`] returns for one name.
#[must_use]
pub fn matches_name(words: &[String], pattern: &str) -> bool {
    name_tokens(&fold(pattern))
        .into_iter()
        .all(|token| contains_token(words, token))
}

/// The words of a folded pattern for names, and whether each is only the beginning of a part of the name. Beside another
/// word a single letter is an initial, and so a beginning.
#[must_use]
pub fn name_tokens(folded: &str) -> Vec<(&str, bool)> {
    let mut tokens: Vec<(&str, bool)> = word_tokens(folded).collect();
    if tokens.iter().any(|(word, _)| word.len() > 1) {
        for (word, is_prefix) in &mut tokens {
            *is_prefix |= word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        }
    }
    tokens
}

fn contains_token(words: &[String], (token, is_prefix): (&str, bool)) -> bool {
    words
        .iter()
        .any(|word| word == token || is_prefix && word.starts_with(token))
}

/// Longest name in characters for which suggestions are computed: the distance costs the product of both lengths.
const MAX_NAME: usize = 100;

/// Returns up to three of the known names that are nearest to what was typed, best first, for "did you mean".
///
/// A name is near if its edit distance is at most a third of the typed length (at least one edit, but fewer than all
/// characters), or if it contains the typed text and that has at least three characters.
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
