//! Converts arXiv's text to LaTeX for a BibTeX field in braces.
//!
//! Math, accents and fonts stay TeX. What only looks like TeX is escaped, and so is every command that is not on the
//! allowlist, because a title must not define, read or write anything. Characters beyond ASCII stay as they are: UTF-8 has
//! been LaTeX's default since 2018, and biber's always.
//!
//! For any input braces are balanced as BibTeX counts them (it knows no escapes, so `\{` becomes
//! `\textbraceleft{}`, in math `\lbrace{}`), a backslash always escapes something, `^^` never occurs (TeX reads any
//! character from it), and the result is one line. Time is linear.

mod allowlist;
mod capitals;
mod math;
mod math_spans;

use super::super::text::{fold_whitespace, sanitize};
use super::commands;
use super::delimiters::Delimiters;
use super::{Mode, letters, symbols};
use allowlist::{brace, is_text_font, is_text_symbol};
use math_spans::MathSpans;

/// LaTeX for a name or a note.
#[must_use]
pub fn to_latex(text: &str) -> String {
    written(text, false)
}

/// LaTeX for a title: the same, and capitals that a bibliography style must not lower are within braces, of words
/// that have one beyond their first letter, of words with digits, and of math (`{DeepSeek-R1}`, `{LLM}s`, `{$L^2$}`).
#[must_use]
pub fn title_to_latex(text: &str) -> String {
    written(text, true)
}

fn written(text: &str, title: bool) -> String {
    let text = fold_whitespace(&sanitize(text));
    let braces = Delimiters::of_shallow_tex(&text, MAX_DEPTH);
    let maths = MathSpans::of(&text);
    let shields = if title {
        capitals::shields(&text, &braces, &maths)
    } else {
        Vec::new()
    };
    let mut writer = LatexWriter {
        text: &text,
        braces,
        maths,
        title,
        out: String::with_capacity(text.len() + 16),
    };
    writer.top(&shields);
    fold_whitespace(&writer.out)
}

/// Braces inside this many others mean nothing that a title can mean; they are printed as characters.
const MAX_DEPTH: usize = 20;

/// The group that is being written: its end, its mode, and whether it is inside braces of the text's own.
#[derive(Clone, Copy)]
struct LatexGroup {
    end: usize,
    mode: Mode,
    braced: bool,
}

struct LatexWriter<'a> {
    text: &'a str,
    braces: Delimiters,
    maths: MathSpans,
    title: bool,
    out: String,
}

impl<'a> LatexWriter<'a> {
    /// Writes the whole text, its shields around what they shield.
    fn top(&mut self, shields: &[(usize, usize)]) {
        let within = LatexGroup {
            end: self.text.len(),
            mode: Mode::Text,
            braced: false,
        };
        let mut at = 0;
        for (from, to) in shields.iter().copied() {
            at = self.until(at, from, within);
            self.out.push('{');
            at = self.until(at, to, within);
            self.out.push('}');
        }
        self.until(at, within.end, within);
    }

    /// Writes from `at` on, until a token ends at `stop` or behind it.
    fn until(&mut self, mut at: usize, stop: usize, within: LatexGroup) -> usize {
        while at < stop {
            at = self.token(at, within);
        }
        at
    }

    fn ahead(&self, at: usize, end: usize) -> &'a str {
        self.text.get(at..end).unwrap_or_default()
    }

    fn token(&mut self, at: usize, within: LatexGroup) -> usize {
        let math = within.mode == Mode::Math;
        let Some(here) = self.ahead(at, within.end).chars().next() else {
            return within.end;
        };
        match here {
            '\\' => return self.command(at, within),
            '{' => match self.braces.close_before(at, within.end) {
                Some(close) => return self.group(at, close, within),
                None => self.out.push_str(brace(here, math)),
            },
            '}' => self.out.push_str(brace(here, math)),
            '$' => match self.maths.at(at).filter(|_| !math) {
                Some(math) => {
                    self.math(math.start, math.end, within);
                    return math.next;
                }
                None => self.out.push_str("\\$"),
            },
            '%' | '#' | '&' => self.out.extend(['\\', here]),
            '^' | '_' if math => self.script(here, at, within.end),
            '^' | '_' => match self.braces.close_before(at + 1, within.end) {
                // A script outside of math is meant as one where it has braces: `10^{-3}`.
                Some(close) => {
                    self.math(at, close + 1, within);
                    return close + 1;
                }
                None => self
                    .out
                    .push_str(if here == '_' { "\\_" } else { "\\textasciicircum{}" }),
            },
            '~' if !math && !self.is_tie(at, within.end) => self.out.push_str("\\textasciitilde{}"),
            // LaTeX's oldest fonts have other characters in their places.
            '<' | '>' | '|' if !math => self.out.extend(['$', here, '$']),
            c => self.out.push(c),
        }
        at + here.len_utf8()
    }

    /// Writes a part of the text as math.
    fn math(&mut self, from: usize, to: usize, within: LatexGroup) {
        let before = std::mem::take(&mut self.out);
        let inner = LatexGroup {
            end: to,
            mode: Mode::Math,
            braced: true,
        };
        self.until(from, to, inner);
        let math = std::mem::replace(&mut self.out, before);
        let shield = self.title && !within.braced && capitals::exposed(&math);
        let (open, close) = if shield { ("{$", "$}") } else { ("$", "$") };
        self.out.push_str(open);
        self.out.push_str(&math);
        self.out.push_str(close);
    }

    fn group(&mut self, at: usize, close: usize, within: LatexGroup) -> usize {
        let inner = LatexGroup {
            end: close,
            braced: true,
            ..within
        };
        // A style lowers what stands in `{\bf ...}`, but nothing in `{{\bf ...}}`.
        let command = letters(self.ahead(at + 2, close));
        let opened = self.ahead(at + 1, close).starts_with('\\') && commands::is_switch(command);
        let shield = self.title && !within.braced && opened;
        self.out.push_str(if shield { "{{" } else { "{" });
        self.until(at + 1, close, inner);
        self.out.push_str(if shield { "}}" } else { "}" });
        close + 1
    }

    /// A script in math; `^^` is TeX's way to write any character, and a script of nothing is an error.
    fn script(&mut self, sign: char, at: usize, end: usize) {
        // Also across the one space that white space is: `x^ ^2`.
        if self.out.trim_end_matches(' ').ends_with(['^', '_']) {
            return;
        }
        self.out.push(sign);
        let rest = self.ahead(at + 1, end).trim_start_matches(['^', '_', ' ']);
        if rest.is_empty() {
            self.out.push_str("{}");
        }
    }

    /// A tie follows a word (`Fig.~5`); elsewhere it means "about" (`z~2`, ` ~10`).
    fn is_tie(&self, at: usize, end: usize) -> bool {
        let mut before = self.ahead(0, at).chars().rev();
        let (last, second) = (before.next(), before.next());
        let next = self.ahead(at + 1, end).chars().next();
        match last {
            Some('.' | ',' | ';' | ':' | ')' | ']') => true,
            Some(c) if c.is_alphabetic() => {
                second.is_some_and(char::is_alphanumeric) || !next.is_some_and(|c| c.is_ascii_digit())
            }
            Some(c) => c.is_alphanumeric(),
            None => false,
        }
    }

    fn command(&mut self, at: usize, within: LatexGroup) -> usize {
        match (letters(self.ahead(at + 1, within.end)), within.mode) {
            ("", Mode::Text) => self.text_sign(at, within),
            ("", Mode::Math) => self.math_sign(at, within),
            (name, Mode::Text) => self.text_command(name, at, within),
            (name, Mode::Math) => self.math_command(name, at, within),
        }
    }

    /// `\` and a sign, in text.
    fn text_sign(&mut self, at: usize, within: LatexGroup) -> usize {
        let sign = self.ahead(at + 1, within.end).chars().next();
        match sign {
            Some(c @ ('&' | '%' | '#' | '_' | '$' | ',')) => self.out.extend(['\\', c]),
            Some(c @ ('{' | '}')) => self.out.push_str(brace(c, false)),
            Some('\'' | '"' | '`' | '^' | '~' | '=' | '.') => return self.accent(at, 1, within),
            Some(' ' | '\\' | ';' | ':' | '>') => self.out.push(' '),
            Some('!' | '-' | '/' | '@') => {}
            Some(c @ ('(' | ')' | '[' | ']')) => match self.maths.at(at) {
                Some(math) => {
                    self.math(math.start, math.end, within);
                    return math.next;
                }
                None => self.out.push(c),
            },
            _ => return self.backslash(at, within.mode),
        }
        at + 2
    }

    /// `\` and a sign, in math.
    fn math_sign(&mut self, at: usize, within: LatexGroup) -> usize {
        match self.ahead(at + 1, within.end).chars().next() {
            Some(c @ ('&' | '%' | '#' | '_' | '$' | ',' | ';' | ':' | '!' | '>' | '|' | ' ')) => {
                self.out.extend(['\\', c]);
            }
            Some(c @ ('{' | '}')) => self.out.push_str(brace(c, true)),
            Some(c @ ('(' | ')' | '[' | ']')) => self.out.push(c),
            Some('\\') => self.out.push(' '),
            Some('-' | '/' | '@') => {}
            Some('\'' | '"' | '`' | '^' | '~' | '=' | '.') => return at + 1,
            _ => return self.backslash(at, within.mode),
        }
        at + 2
    }

    /// A literal backslash, or a command that is not allowed.
    fn backslash(&mut self, at: usize, mode: Mode) -> usize {
        self.out.push_str(match mode {
            Mode::Text => "\\textbackslash{}",
            Mode::Math => "\\backslash{}",
        });
        at + 1
    }

    /// An accent whose name has `length` bytes, with its letter: `\"o`, `\c{c}`, `\'\i`, `\v s`.
    fn accent(&mut self, at: usize, length: usize, within: LatexGroup) -> usize {
        let named = self
            .ahead(at + 1, within.end)
            .starts_with(|c: char| c.is_ascii_alphabetic());
        let after = self.ahead(at + 1 + length, within.end);
        let base = at + 1 + length + (after.len() - after.trim_start_matches(' ').len());
        let rest = self.ahead(base, within.end);
        let letter = rest.chars().next().filter(|c| c.is_alphabetic());
        let symbol = rest.strip_prefix('\\').map(letters).unwrap_or_default();
        let close = self.braces.close_before(base, within.end);
        let next = match (letter, close) {
            (Some(letter), _) if !named || base > at + 1 + length => base + letter.len_utf8(),
            (_, Some(close)) => close + 1,
            _ if symbols::letter(symbol).is_some() || matches!(symbol, "i" | "j") => base + 1 + symbol.len(),
            _ => return self.backslash(at, within.mode),
        };
        // A style that lowers a title would make `\h{o}` of `\H{o}`, but knows `{\H{o}}` for what it is.
        let sign = self.ahead(at, at + 1 + length);
        let shield = self.title && !within.braced && sign.contains(|c: char| c.is_ascii_uppercase());
        let (open, shut) = if shield { ("{", "}") } else { ("", "") };
        self.out.extend([open, sign]);
        let mut after = next;
        if let Some(close) = close {
            self.group(
                base,
                close,
                LatexGroup {
                    braced: true,
                    ..within
                },
            );
        } else {
            self.out.push_str(if named { " " } else { "" });
            self.out.push_str(self.ahead(base, next));
            if letter.is_none() {
                // The letter is a command, and its name must end.
                self.out.push_str("{}");
                after += self.spaces(next, within.end);
            }
        }
        self.out.push_str(shut);
        after
    }

    /// Length of what TeX skips after a command's name: white space, or `{}`.
    fn spaces(&self, at: usize, end: usize) -> usize {
        let rest = self.ahead(at, end);
        if rest.starts_with("{}") {
            return 2;
        }
        rest.len() - rest.trim_start_matches(' ').len()
    }

    fn text_command(&mut self, name: &str, at: usize, within: LatexGroup) -> usize {
        let after = at + 1 + name.len();
        let close = self.braces.close_before(after, within.end);
        match name {
            "u" | "r" | "H" | "v" | "d" | "c" | "k" | "b" | "t" => return self.accent(at, 1, within),
            "ensuremath" => {
                if let Some(close) = close {
                    self.math(after + 1, close, within);
                    return close + 1;
                }
            }
            _ if is_text_font(name) => {
                if let Some(close) = close {
                    self.out.extend(["\\", name]);
                    return self.group(
                        after,
                        close,
                        LatexGroup {
                            braced: true,
                            ..within
                        },
                    );
                }
            }
            _ if symbols::letter(name).is_some() || is_text_symbol(name) => {
                // LatexGroup braces of its own it stays as it is: `{\o}`.
                let alone = self.out.ends_with('{') && after == within.end;
                let (open, shut) = if alone { ("\\", "") } else { ("{\\", "}") };
                self.out.extend([open, name, shut]);
                return after + self.spaces(after, within.end);
            }
            _ if commands::is_space(name) => {
                self.out.push(' ');
                return after;
            }
            _ if commands::is_switch(name) => {
                if within.braced && commands::is_text_switch(name) {
                    self.out.extend(["\\", name, " "]);
                }
                return after + self.spaces(after, within.end);
            }
            _ => {}
        }
        match self.math_reach(name, after, within.end) {
            Some(next) => {
                self.math(at, next, within);
                let empty = self.ahead(next, within.end).starts_with("{}");
                next + if empty { 2 } else { 0 }
            }
            None => self.backslash(at, within.mode),
        }
    }
}
