//! Writes the commands of math, and finds the end of one that is used outside math.

use super::allowlist::{is_math_command, is_text_font};
use super::{LatexGroup, LatexWriter};
use crate::model::tex::commands::{self, Wraps};
use crate::model::tex::{Mode, symbols};

impl LatexWriter<'_> {
    /// The end of a math command outside math, with its arguments.
    pub(super) fn math_reach(&self, name: &str, after: usize, end: usize) -> Option<usize> {
        if symbols::symbol(name).is_some() || commands::is_function(name) {
            return Some(after);
        }
        let arguments = match name {
            "frac" | "dfrac" | "tfrac" | "binom" => 2,
            _ if is_math_command(name) && commands::wraps(name).is_some() => 1,
            _ => return None,
        };
        (0..arguments).try_fold(after, |at, _| Some(self.braces.close_before(at, end)? + 1))
    }

    pub(super) fn math_command(&mut self, name: &str, at: usize, within: LatexGroup) -> usize {
        let after = at + 1 + name.len();
        if commands::is_space(name) && !matches!(name, "quad" | "qquad") {
            self.out.push(' ');
            return after;
        }
        if !is_math_command(name) {
            return self.backslash(at, within.mode);
        }
        self.out.extend(["\\", name]);
        let words = commands::wraps(name) == Some(Wraps::Words) || is_text_font(name);
        if let Some(close) = self.braces.close_before(after, within.end).filter(|_| words) {
            let text = LatexGroup {
                mode: Mode::Text,
                ..within
            };
            return self.group(after, close, text);
        }
        // Beyond ASCII a letter would go on with the name where TeX reads Unicode.
        if self.ahead(after, within.end).starts_with(char::is_alphanumeric) {
            self.out.push(' ');
        }
        after
    }
}
