//! Expands commands to the text that they print.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::super::commands::{self, Wraps};
use super::super::symbols::{self, Spacing};
use super::super::{accents, letters, scripts};
use super::{Argument, Mode, PlainTextWriter, TextGroup};

impl PlainTextWriter<'_> {
    pub(super) fn command(&mut self, at: usize, within: TextGroup) -> usize {
        let TextGroup { end, mode, .. } = within;
        let rest = self.ahead(at, end);
        if let Some((letter, length)) = accents::parse(rest, mode == Mode::Math) {
            self.out.push_str(&letter);
            return at + length;
        }
        let name = letters(rest.get(1..).unwrap_or_default()).to_owned();
        if name.is_empty() {
            return self.control_symbol(at, within);
        }
        let after = at + 1 + name.len();
        if let Some((symbol, spacing)) = symbols::symbol(&name) {
            return self.symbol(symbol, spacing, after, within);
        }
        let printed = match name.as_str() {
            "frac" | "tfrac" | "dfrac" | "cfrac" | "nicefrac" | "sfrac" => self.fraction(after, within),
            "href" => self.link(after, within),
            name if commands::is_function(name) => Some(self.function(name, after, end)),
            name if commands::is_switch(name) => Some(self.skip_spaces(after, end)),
            name if commands::is_size(name) => {
                let next = self.skip_spaces(after, end);
                Some(next + usize::from(self.ahead(next, end).starts_with('.')))
            }
            name if commands::is_space(name) => {
                self.space(' ');
                Some(after)
            }
            name => commands::wraps(name).and_then(|wraps| self.wrapped(wraps, name, after, within)),
        };
        printed.unwrap_or_else(|| self.unknown(&name, after, within))
    }

    fn control_symbol(&mut self, at: usize, within: TextGroup) -> usize {
        let Some(sign) = self.ahead(at, within.end).chars().nth(1) else {
            self.out.push('\\');
            return at + 1;
        };
        match sign {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => self.out.push(sign),
            ',' | ';' | ':' | '>' | '\\' => self.space(' '),
            space if space.is_whitespace() => self.space(' '),
            '!' | '/' | '-' | '@' => {}
            '|' => self.out.push('‖'),
            '(' | '[' => {
                if let Some(close) = self.groups.close_before(at, within.end) {
                    self.inner(at + 2, close, Mode::Math, within);
                    return close + 2;
                }
                self.out.extend(['\\', sign]);
            }
            _ => self.out.extend(['\\', sign]),
        }
        at + 1 + sign.len_utf8()
    }

    /// The space after a command only ends its name, unless a person put it there to be seen: after a Greek
    /// letter in running text or before an operator, and after an operator that has one before it too.
    fn symbol(&mut self, symbol: &str, spacing: Spacing, after: usize, within: TextGroup) -> usize {
        let apart = self.out.len() > within.start && self.out.ends_with(char::is_whitespace);
        self.out.push_str(symbol);
        let next = self.skip_spaces(after, within.end);
        let kept = match spacing {
            Spacing::Letter => false,
            Spacing::Ordinary => within.mode == Mode::Text || self.is_operator(next, within.end),
            Spacing::Between => apart,
        };
        if kept { after } else { next }
    }

    fn is_operator(&self, at: usize, end: usize) -> bool {
        let rest = self.ahead(at, end);
        rest.strip_prefix('\\').map_or_else(
            || rest.starts_with(['=', '<', '>', '+', '-', '*', '/', '|']),
            |command| matches!(symbols::symbol(letters(command)), Some((_, Spacing::Between))),
        )
    }

    fn skip_spaces(&self, at: usize, end: usize) -> usize {
        let rest = self.ahead(at, end);
        at + (rest.len() - rest.trim_start().len())
    }

    fn wrapped(&mut self, wraps: Wraps, name: &str, after: usize, within: TextGroup) -> Option<usize> {
        let TextGroup { end, mode, .. } = within;
        let (degree, after) = if wraps == Wraps::Root {
            self.degree(after, end)
        } else {
            (String::new(), after)
        };
        let argument = self.argument(after, end)?;
        let next = argument.next;
        match wraps {
            Wraps::Font => self.inner(argument.from, argument.to, mode, within),
            Wraps::Words => self.inner(argument.from, argument.to, Mode::Text, within),
            Wraps::DoubleStruck => {
                let content = self.piece(&argument, mode, within);
                self.out.extend(content.chars().map(commands::double_struck));
            }
            Wraps::Function => {
                let content = self.piece(&argument, mode, within);
                return Some(self.function(&content, next, end));
            }
            Wraps::Accent(mark) => {
                let content = self.piece(&argument, Mode::Math, within);
                if content.chars().filter(|c| !is_combining_mark(*c)).count() == 1 {
                    self.out.extend(content.chars().chain([mark]).nfc());
                } else {
                    self.out.extend(["\\", name, "{", &content, "}"]);
                }
            }
            Wraps::Root => {
                let content = self.piece(&argument, Mode::Math, within);
                self.out.push_str(&scripts::root(&degree, content.trim()));
            }
            Wraps::Raised | Wraps::Lowered => {
                let content = self.piece(&argument, mode, within);
                let sign = if wraps == Wraps::Raised { '^' } else { '_' };
                self.raise_or_lower(sign, content.trim(), next, end);
            }
        }
        Some(next)
    }

    /// The `[3]` of `\sqrt[3]{x}`: a few plain characters.
    fn degree(&self, after: usize, end: usize) -> (String, usize) {
        let rest = self.ahead(after, end);
        let degree = rest.strip_prefix('[').and_then(|inner| {
            let close = inner.bytes().take(8).position(|byte| byte == b']')?;
            inner
                .get(..close)
                .filter(|degree| degree.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        });
        degree.map_or((String::new(), after), |degree| {
            (degree.to_owned(), after + degree.len() + 2)
        })
    }

    fn fraction(&mut self, after: usize, within: TextGroup) -> Option<usize> {
        let above = self.argument(after, within.end)?;
        let below = self.argument(above.next, within.end)?;
        let numerator = self.piece(&above, Mode::Math, within);
        let denominator = self.piece(&below, Mode::Math, within);
        self.out.push_str(&scripts::fraction(&numerator, &denominator));
        Some(below.next)
    }

    /// `\href{url}{words}` → `words (url)`.
    fn link(&mut self, after: usize, within: TextGroup) -> Option<usize> {
        let close = self.groups.close_before(after, within.end)?;
        let Argument { from, to, next } = self.argument(close + 1, within.end)?;
        self.inner(from, to, within.mode, within);
        let address = self.text.get(after + 1..close)?;
        self.out.extend([" (", address, ")"]);
        Some(next)
    }

    /// Separates a function's name from the letters around it: `n\log n` → `n log n`.
    fn function(&mut self, name: &str, after: usize, end: usize) -> usize {
        if self.out.ends_with(char::is_alphanumeric) {
            self.out.push(' ');
        }
        self.out.push_str(name);
        let next = self.skip_spaces(after, end);
        let rest = self.ahead(next, end);
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '\\') && !rest.starts_with("\\left") {
            self.out.push(' ');
        }
        next
    }

    /// Keeps the spelling of an unknown command, and the braces of the groups directly after it.
    fn unknown(&mut self, name: &str, after: usize, within: TextGroup) -> usize {
        self.out.extend(["\\", name]);
        let mut next = after;
        while let Some(close) = self.groups.close_before(next, within.end) {
            self.out.push('{');
            self.inner(next + 1, close, within.mode, within);
            self.out.push('}');
            next = close + 1;
        }
        next
    }
}
