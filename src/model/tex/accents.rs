//! Accents: `\'e`, `\"{o}`, `\c{c}`, `\v s`, `\'{\i}`, `\~{\^e}`.

use unicode_normalization::UnicodeNormalization;

use super::{at_word_end, letters, symbols};

/// Vietnamese stacks two accents, each perhaps in braces; more is noise.
const MAX_NESTED: usize = 6;

/// The letter that an accent command at the start of `text` makes, and how many bytes of `text` make it.
///
/// In math a letter accent is converted only as `\v{s}`, and only where Unicode has the letter: there, `\d x`,
/// `\u` and `\c` are mostly the authors' own commands.
pub(super) fn parse(text: &str, math: bool) -> Option<(String, usize)> {
    accented(text, math, MAX_NESTED)
}

fn accented(text: &str, math: bool, depth: usize) -> Option<(String, usize)> {
    let depth = depth.checked_sub(1)?;
    let command = text.strip_prefix('\\')?;
    let by_letter = letters(command);
    let (mark, mut at) = if by_letter.is_empty() {
        let symbol = command.chars().next()?;
        (by_symbol(symbol)?, 2)
    } else {
        (by_name(by_letter)?, 1 + by_letter.len())
    };
    let braced = text[at..].starts_with('{');
    if math && !by_letter.is_empty() && !braced {
        return None;
    }
    if mark == TIE {
        return tied(text, at);
    }
    if !math {
        at += spaces(&text[at..]);
    }
    let (base, length) = base(&text[at..], math, depth)?;
    if mark == DOT && matches!(base.as_str(), "i" | "j") {
        return Some((base, at + length));
    }
    let letter: String = base.chars().chain([mark]).nfc().collect();
    let composed = letter.chars().count() <= base.chars().count();
    if math && !by_letter.is_empty() && !composed {
        return None;
    }
    let letter = if math && !composed { base } else { letter };
    Some((letter, at + length))
}

/// The letter under the accent: `e`, `{e}`, `\i`, `{\i}`, `\ae`, another accented letter.
fn base(text: &str, math: bool, depth: usize) -> Option<(String, usize)> {
    if let Some(inner) = text.strip_prefix('{') {
        let depth = depth.checked_sub(1)?;
        let (letter, length) = base(inner, math, depth)?;
        let end = length + spaces(&inner[length..]);
        return inner[end..].starts_with('}').then_some((letter, end + 2));
    }
    if let Some(command) = text.strip_prefix('\\') {
        let name = letters(command);
        let after = &command[name.len()..];
        let plain = match name {
            "i" => Some("i"),
            "j" => Some("j"),
            _ => symbols::letter(name),
        };
        if let Some(letter) = plain.filter(|_| at_word_end(after)) {
            return Some((letter.to_string(), 1 + name.len() + spaces(after)));
        }
        return accented(text, math, depth);
    }
    let letter = text.chars().next()?;
    let plain = match letter {
        'ı' => 'i',
        'ȷ' => 'j',
        letter if letter.is_alphabetic() => letter,
        _ => return None,
    };
    Some((plain.to_string(), letter.len_utf8()))
}

/// `\t{oo}`: one tie over two letters. Over one there is nothing to tie.
fn tied(text: &str, at: usize) -> Option<(String, usize)> {
    let inner = text[at..].strip_prefix('{')?;
    let length = inner
        .chars()
        .take(2)
        .take_while(|c| c.is_alphabetic())
        .map(char::len_utf8)
        .sum();
    let (letters, after) = inner.split_at(length);
    if letters.is_empty() || !after.starts_with('}') {
        return None;
    }
    let mut letters = letters.chars();
    let first = letters.next().into_iter();
    let tied = first
        .chain(letters.next().into_iter().flat_map(|second| [TIE, second]))
        .collect();
    Some((tied, at + length + 2))
}

fn spaces(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b' ').count()
}

const TIE: char = '\u{361}';
const DOT: char = '\u{307}';

fn by_symbol(symbol: char) -> Option<char> {
    Some(match symbol {
        '`' => '\u{300}',
        '\'' => '\u{301}',
        '^' => '\u{302}',
        '~' => '\u{303}',
        '=' => '\u{304}',
        '.' => DOT,
        '"' => '\u{308}',
        _ => return None,
    })
}

fn by_name(name: &str) -> Option<char> {
    Some(match name {
        "u" => '\u{306}',
        "r" => '\u{30a}',
        "H" => '\u{30b}',
        "v" => '\u{30c}',
        "d" => '\u{323}',
        "c" => '\u{327}',
        "k" => '\u{328}',
        "b" => '\u{331}',
        "t" => TIE,
        _ => return None,
    })
}
