//! Finds the capitals of a title that a bibliography style must not change to lower case.

use super::super::delimiters::Delimiters;
use super::super::letters;
use super::math_spans::MathSpans;

/// The parts of a title to put in braces: words with a capital beyond their first letter, with a capital and a digit,
/// or of one capital; where two are joined by a hyphen, from the first to the last. Braces, math and commands look
/// after themselves. A title without any small letter is not made of acronyms, and has none.
pub(super) fn shields(text: &str, braces: &Delimiters, maths: &MathSpans) -> Vec<(usize, usize)> {
    let mut shields = Vec::new();
    if !text.contains(char::is_lowercase) && text.split(' ').count() > 3 {
        return shields;
    }
    let mut at = 0;
    while let Some(here) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..).unwrap_or_default();
        if let Some(math) = maths.at(at) {
            at = math.next;
        } else if let Some(close) = braces.close(at) {
            at = close + 1;
        } else if here == '\\' {
            let name = letters(rest.get(1..).unwrap_or_default()).len();
            let sign = rest.chars().nth(1).map_or(0, char::len_utf8);
            at += 1 + if name > 0 { name } else { sign };
        } else if here.is_alphanumeric() {
            let length = chain(rest);
            shields.extend(
                shield(rest.get(..length).unwrap_or_default()).map(|(from, to)| (at + from, at + to)),
            );
            at += length;
        } else {
            at += here.len_utf8();
        }
    }
    shields
}

/// Length of the first word with everything that is joined to it: `GPT-3.5/R1`.
fn chain(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let goes_on = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        let joins = matches!(c, '-' | '–' | '/' | '.' | '\'' | '’' | '+') && goes_on;
        if !c.is_alphanumeric() && !joins {
            return at;
        }
    }
    text.len()
}

/// From the first word that needs it to the last. Behind it go the numbers of its version (`V3.2`) and, where it is
/// a name (`DeepSeek`), what the name goes on with (`-Coder`).
fn shield(chain: &str) -> Option<(usize, usize)> {
    let joint = |c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’');
    let mut reach: Option<(usize, usize)> = None;
    let mut name = false;
    let mut at = 0;
    for word in chain.split_inclusive(joint) {
        let bare = word.trim_end_matches(joint);
        name |= is_name(bare);
        let goes_on = reach.is_some_and(|(_, to)| to + 1 == at)
            && (bare.chars().all(char::is_numeric) || (name && bare.starts_with(char::is_uppercase)));
        if is_needed(bare) || goes_on {
            let from = reach.map_or(at, |(from, _)| from);
            reach = Some((from, at + bare.len()));
        }
        at += word.len();
    }
    reach
}

/// A capital behind a small letter: `DeepSeek`, `mHC`.
fn is_name(word: &str) -> bool {
    let small = word.find(char::is_lowercase);
    small.is_some_and(|at| word[at..].contains(char::is_uppercase))
}

fn is_needed(word: &str) -> bool {
    let mut chars = word.chars();
    let first = chars.next().is_some_and(char::is_uppercase);
    let rest = chars.as_str();
    let single = rest.is_empty() && word != "A";
    rest.contains(char::is_uppercase) || (first && (single || rest.contains(char::is_numeric)))
}

/// Whether a style would change a capital in this math to lower case: one outside of braces, or in those of `{\cal N}`.
pub(super) fn exposed(math: &str) -> bool {
    let mut depth = 0_usize;
    let mut special = false;
    let mut before = ' ';
    for c in math.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '\\' if depth == 1 && before == '{' => special = true,
            c if c.is_uppercase() && (depth == 0 || special) => return true,
            _ => {}
        }
        special &= depth > 0;
        before = c;
    }
    false
}
