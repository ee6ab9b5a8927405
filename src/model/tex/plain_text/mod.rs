//! Converts TeX to plain text for a terminal: one line of characters with the same meaning.
//!
//! Nothing is lost: an unknown command keeps its spelling and its braces, and so do braces and dollars without a partner.
//! Time is linear, because pairs of delimiters are found first, and what is nested too deeply is copied.

mod expansion;

use std::borrow::Cow;

use super::Mode;
use super::delimiters::Delimiters;
use super::{commands, letters, scripts};

/// Deeper nesting is copied as it is.
const MAX_DEPTH: usize = 40;

/// Converts TeX to plain text: [`to_unicode`](super::to_unicode), and font commands, braces, ties and dollar
/// signs taken away where what is left is still true (`$\alpha$-decay` → `α-decay`; `$x_{ij}$` → `x_ij`;
/// `H$_2$O` → `H₂O`; `\frac{a}{b+1}` → `a/(b+1)`).
///
/// A text without backslashes, dollars, braces, `~`, `^`, `_`, doubled hyphens and doubled back quotes comes
/// back as it is. Otherwise white space comes back folded. Not idempotent: `\$5\$` is `$5$`, which is math.
///
/// - A dollar opens math if another closes it within the same group, unless what is between reads as money:
///   it begins with a digit, has no TeX in it, and either a digit follows (`$5 and $6`) or it is words that
///   end in a space (`$5 for $x^2$`).
/// - Outside math, scripts need braces (`10^{-3}`, but `a_b` stays), a Greek letter keeps the space after its
///   command, and braces stay that hold no TeX and either a comma (`{0,1}`) or what belongs to the letter
///   before them (`sqrt{s}`).
/// - `~` is a tie after a word (`Fig.~5`) and "about" elsewhere (`z~2`, ` ~10`), where it stays.
#[must_use]
pub fn to_plain_text(text: &str) -> Cow<'_, str> {
    if !has_marks(text) {
        return Cow::Borrowed(text);
    }
    let mut writer = PlainTextWriter {
        text,
        groups: Delimiters::of_tex_with_math(text),
        out: String::with_capacity(text.len()),
        quotes: 0,
    };
    writer.span(
        0,
        TextGroup {
            end: text.len(),
            mode: Mode::Text,
            depth: 0,
            start: 0,
        },
    );
    writer.out.truncate(writer.out.trim_end().len());
    if writer.out == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(writer.out)
    }
}

/// Whether a text contains anything that can be TeX.
fn has_marks(text: &str) -> bool {
    let bytes = text.as_bytes();
    let following = bytes.get(1..).unwrap_or_default();
    // Without branches: the compiler makes vector code of it.
    let among = |marks: &[u8], byte: u8| {
        marks
            .iter()
            .fold(0, |found, mark| found | u8::from(byte == *mark))
    };
    let single = bytes
        .iter()
        .fold(0, |found, &byte| found | among(br"\${}~^_", byte));
    let doubled = bytes.iter().zip(following).fold(0, |found, (&byte, &next)| {
        found | (u8::from(byte == next) & among(b"-`", byte))
    });
    single | doubled != 0
}

/// The group that is being written: its end, its mode, its depth.
#[derive(Clone, Copy)]
struct TextGroup {
    end: usize,
    mode: Mode,
    depth: usize,
    /// Length of the output at its start.
    start: usize,
}

struct PlainTextWriter<'a> {
    text: &'a str,
    groups: Delimiters,
    out: String,
    /// Double quotes opened and not yet closed.
    quotes: usize,
}

/// An argument: its range, and the offset at which the text goes on.
struct Argument {
    from: usize,
    to: usize,
    next: usize,
}

impl PlainTextWriter<'_> {
    /// Writes the text from an offset to the end of the group.
    fn span(&mut self, mut at: usize, within: TextGroup) {
        let TextGroup { end, mode, .. } = within;
        while let Some(here) = self.ahead(at, end).chars().next() {
            at = match here {
                c if c.is_ascii_alphanumeric() => self.word(at, end),
                '\\' => self.command(at, within),
                '{' => self.group(at, within),
                '$' => self.dollar(at, within),
                '^' | '_' => self.script(at, within),
                '~' => self.tilde(at, within),
                '`' | '\'' | '-' if mode == Mode::Text => self.typography(at, end),
                c if c.is_whitespace() => {
                    self.space(c);
                    at + c.len_utf8()
                }
                c => {
                    self.out.push(c);
                    at + c.len_utf8()
                }
            };
        }
    }

    fn word(&mut self, at: usize, end: usize) -> usize {
        let ahead = self.ahead(at, end).bytes();
        let next = at + ahead.take_while(u8::is_ascii_alphanumeric).count();
        self.out.push_str(self.text.get(at..next).unwrap_or_default());
        next
    }

    fn ahead(&self, at: usize, end: usize) -> &str {
        self.text.get(at..end).unwrap_or_default()
    }

    fn space(&mut self, space: char) {
        if !self.out.is_empty() && !self.out.ends_with(char::is_whitespace) {
            self.out.push(space);
        }
    }

    /// Writes a range of the text in place.
    fn inner(&mut self, from: usize, to: usize, mode: Mode, within: TextGroup) {
        if within.depth >= MAX_DEPTH {
            let copied = self.text.get(from..to).unwrap_or_default();
            self.out.push_str(copied);
        } else {
            let start = self.out.len();
            self.span(
                from,
                TextGroup {
                    end: to,
                    mode,
                    depth: within.depth + 1,
                    start,
                },
            );
        }
    }

    /// Converts an argument without writing it.
    fn piece(&mut self, argument: &Argument, mode: Mode, within: TextGroup) -> String {
        let before = std::mem::take(&mut self.out);
        self.inner(argument.from, argument.to, mode, within);
        std::mem::replace(&mut self.out, before)
    }

    fn group(&mut self, at: usize, within: TextGroup) -> usize {
        let Some(close) = self.groups.close_before(at, within.end) else {
            self.out.push('{');
            return at + 1;
        };
        let content = self.ahead(at + 1, close);
        let plain = within.mode == Mode::Text && !content.is_empty() && !content.contains(['\\', '$']);
        let kept = plain && (content.contains(',') || self.out.ends_with(char::is_alphanumeric));
        self.out.extend(kept.then_some('{'));
        self.inner(at + 1, close, within.mode, within);
        self.out.extend(kept.then_some('}'));
        close + 1
    }

    fn dollar(&mut self, at: usize, within: TextGroup) -> usize {
        let end = within.end;
        let sign = if self.ahead(at, end).starts_with("$$") {
            "$$"
        } else {
            "$"
        };
        let from = at + sign.len();
        let closing = self.closing_dollar(from, end).filter(|to| *to > from);
        let math = closing.filter(|to| {
            let after = self.ahead(*to, end).trim_start_matches('$');
            within.mode == Mode::Math || !is_money(self.ahead(from, *to), after)
        });
        let Some(to) = math else {
            self.out.push_str(sign);
            return from;
        };
        self.inner(from, to, Mode::Math, within);
        if self.ahead(to, end).starts_with(sign) {
            to + sign.len()
        } else {
            to + 1
        }
    }

    /// The next dollar that is not in a group.
    fn closing_dollar(&self, mut at: usize, end: usize) -> Option<usize> {
        while at < end {
            let here = at + self.ahead(at, end).find(['$', '\\', '{'])?;
            at = match self.text.as_bytes().get(here)? {
                b'$' => return Some(here),
                b'\\' => here + 1 + self.ahead(here + 1, end).chars().next().map_or(0, char::len_utf8),
                _ => self.groups.close_before(here, end).unwrap_or(here) + 1,
            };
        }
        None
    }

    fn script(&mut self, at: usize, within: TextGroup) -> usize {
        let sign = if self.ahead(at, within.end).starts_with('^') {
            '^'
        } else {
            '_'
        };
        let braced = self.groups.close_before(at + 1, within.end).is_some();
        let argument = self
            .argument(at + 1, within.end)
            .filter(|_| braced || within.mode == Mode::Math);
        let Some(argument) = argument else {
            self.out.push(sign);
            return at + 1;
        };
        let content = self.piece(&argument, Mode::Math, within);
        self.raise_or_lower(sign, content.trim(), argument.next, within.end);
        argument.next
    }

    fn raise_or_lower(&mut self, sign: char, content: &str, next: usize, end: usize) {
        let followed = self.ahead(next, end).starts_with(char::is_alphanumeric);
        let script = match sign {
            '^' => scripts::superscript(content),
            _ => scripts::subscript(content, followed),
        };
        self.out.push_str(&script);
    }

    /// The argument at `at`: a group, a command with its own group, or one character.
    fn argument(&self, at: usize, end: usize) -> Option<Argument> {
        let rest = self.ahead(at, end);
        let from = at + (rest.len() - rest.trim_start().len());
        let here = self.ahead(from, end);
        let next = match here.chars().next()? {
            '{' => {
                let close = self.groups.close_before(from, end)?;
                return Some(Argument {
                    from: from + 1,
                    to: close,
                    next: close + 1,
                });
            }
            '\\' => {
                let name = letters(&here[1..]);
                let after = from + 1 + name.len();
                if name.is_empty() {
                    after + self.ahead(after, end).chars().next()?.len_utf8()
                } else if commands::wraps(name).is_some() {
                    self.groups
                        .close_before(after, end)
                        .map_or(after, |close| close + 1)
                } else {
                    after
                }
            }
            '}' | '$' | '^' | '_' | '~' => return None,
            c => from + c.len_utf8(),
        };
        Some(Argument { from, to: next, next })
    }

    fn tilde(&mut self, at: usize, within: TextGroup) -> usize {
        let mut before = self.out.chars().rev();
        let (last, second) = (before.next(), before.next());
        let next = self.ahead(at + 1, within.end).chars().next();
        let about = match last {
            Some('.' | ',' | ';' | ':' | ')' | ']' | '”') => false,
            Some(c) if c.is_alphabetic() => {
                !second.is_some_and(char::is_alphanumeric) && next.is_some_and(|c| c.is_ascii_digit())
            }
            Some(c) => !c.is_alphanumeric(),
            None => true,
        };
        if within.mode == Mode::Text && about {
            self.out.push('~');
        } else {
            self.space(' ');
        }
        at + 1
    }

    /// Dashes and double quotes.
    fn typography(&mut self, at: usize, end: usize) -> usize {
        let rest = self.ahead(at, end);
        let sign = rest.chars().next().unwrap_or('-');
        let run = rest.chars().take_while(|c| *c == sign).count();
        let option = self.out.chars().next_back().is_none_or(char::is_whitespace)
            && rest[run..].starts_with(char::is_alphabetic);
        let written = match (sign, run) {
            ('-', 2) if !option => "–",
            ('-', 3) => "—",
            ('`', 2) => {
                self.quotes += 1;
                "“"
            }
            ('\'', 2) if self.quotes > 0 => {
                self.quotes -= 1;
                "”"
            }
            _ => &self.text[at..at + run],
        };
        self.out.push_str(written);
        at + run
    }
}

/// Whether the text between two dollars is an amount and not math.
pub(super) fn is_money(content: &str, after: &str) -> bool {
    let number = content.starts_with(|c: char| c.is_ascii_digit());
    let tex = content.contains(['\\', '^', '_', '{', '=', '<', '>']);
    let words = content.ends_with(char::is_whitespace)
        && content
            .split_whitespace()
            .any(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2);
    number && !tex && (words || after.starts_with(|c: char| c.is_ascii_digit()))
}
