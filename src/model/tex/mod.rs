//! TeX to Unicode.
//!
//! There are two conversions. [`to_unicode`] does what arXiv itself does to the fields it serves as
//! Unicode, so that a name from one source equals the same name from another. [`to_plain_text`] goes on to
//! what a person wants to see in a terminal. Neither typesets, and neither fails: what is not understood
//! stays as it was written.

mod accents;
mod commands;
mod delimiters;
mod latex;
mod plain_text;
mod scripts;
mod symbols;

use std::borrow::Cow;

pub use delimiters::Delimiters;
pub use latex::{title_to_latex, to_latex};
pub use plain_text::to_plain_text;

/// TeX's mode.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Text,
    Math,
}

/// Converts accents, ligatures, Greek letters and symbols to Unicode and leaves the rest, as arXiv itself does
/// (arxiv-base, `tex2utf`), with its habits: one space after a converted letter goes, `{\o}` loses its
/// braces, `{{x}}` becomes `{x}`.
///
/// It differs where arXiv leaves TeX behind or drops an accent that Unicode has: `\'{\i}` and `\'\i` (`í`),
/// `\d{a}`, `\b{d}`, `\t{oo}`, `\c c`, `\' c`, `\~{\^e}`, `\"w`.
#[must_use]
pub fn to_unicode(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') && !text.contains("{{") {
        return Cow::Borrowed(text);
    }
    let converted = convert_accents(&unnest(&convert_letters(text)));
    if converted == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(converted)
    }
}

/// Converts commands for one character: `\alpha`, `{\o}`, `\S{}`.
fn convert_letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, command) = rest.split_at(at);
        out.push_str(before);
        let name = letters(&command[1..]);
        let after = &command[1 + name.len()..];
        let braced = out.ends_with('{') && after.starts_with('}');
        if let Some(converted) = symbols::arxiv(name).filter(|_| at_word_end(after)) {
            if braced {
                out.pop();
            }
            out.push_str(converted);
            rest = after_letter(after, braced);
        } else if name == "j" && (braced || after.starts_with(char::is_whitespace)) {
            if braced {
                out.pop();
            }
            out.push('j');
            let mut chars = after.chars();
            chars.next();
            rest = chars.as_str();
        } else {
            out.push('\\');
            rest = &command[1..];
        }
    }
    out.push_str(rest);
    out
}

/// Strips what belongs to a converted command from the text after it: its brace, one space, `{}`, or the backslash of a
/// control space.
fn after_letter(after: &str, braced: bool) -> &str {
    let belongs = if braced {
        1
    } else if after.starts_with("{}") {
        2
    } else {
        usize::from(after.starts_with("\\ ") || after.starts_with(' '))
    };
    &after[belongs..]
}

/// The command's name ends here: `\alpha_s`, but not `\alpha2`.
fn at_word_end(after: &str) -> bool {
    !after.chars().next().is_some_and(char::is_alphanumeric)
}

/// The ASCII letters at the start: the name of a command.
fn letters(text: &str) -> &str {
    let end = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    &text[..end]
}

/// `{{x}}` → `{x}`, however deep. Each run of closing braces takes with it as many opening ones
/// from the stretch before it as both can spare.
fn unnest(text: &str) -> Cow<'_, str> {
    if !text.contains("{{") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('}') {
        let (stretch, closing) = rest.split_at(at);
        let run = closing.bytes().take_while(|byte| *byte == b'}').count();
        let taken = thin(stretch, run - 1, &mut out);
        out.push_str(&closing[..run - taken]);
        rest = &closing[run..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Copies the stretch without up to `spare` of its doubled opening braces, and returns how many it left out.
fn thin(stretch: &str, spare: usize, out: &mut String) -> usize {
    let mut taken = 0;
    let mut before = ' ';
    for character in stretch.chars() {
        if character == '{' && before == '{' && taken < spare {
            taken += 1;
        } else {
            out.push(character);
        }
        before = character;
    }
    taken
}

/// `\'e`, `\"{o}`, `\c{c}`, `\v s`.
fn convert_accents(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut math = false;
    while let Some(at) = rest.find(['\\', '$']) {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = here.strip_prefix('$') {
            math = !math;
            out.push('$');
            rest = after;
        } else if let Some((letter, length)) = accents::parse(here, math) {
            out.push_str(&letter);
            rest = &here[length..];
        } else {
            // An escaped dollar does not open math.
            let length = if here.starts_with("\\$") { 2 } else { 1 };
            out.push_str(&here[..length]);
            rest = &here[length..];
        }
    }
    out.push_str(rest);
    out
}
