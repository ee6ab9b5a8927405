//! Lookup of papers by short name and of areas by name, as people type them.

use super::Catalog;
use crate::model::lang::Area;
use crate::model::paper::Paper;
use crate::model::text;

/// Result of looking up a short name.
#[derive(Clone, PartialEq, Debug)]
pub enum ShortNameMatch<'a> {
    /// One paper has this name.
    One(&'a Paper),
    /// Several papers match, in the catalog's order.
    Many(Vec<&'a Paper>),
    /// No paper matches.
    None {
        /// Short names that were probably meant, best first; may be empty.
        nearest: Vec<&'a str>,
    },
}

/// Least length of a prefix that stands for a name: one or two characters begin too many names.
const MIN_PREFIX: usize = 3;

impl Catalog {
    /// Finds the paper with this short name: `DeepSeek-V3`, `deepseek v3`, `V3`.
    ///
    /// Case, spaces and hyphens are ignored, dots are not (`V3` is not `V3.2`). The name of the catalog may be left out.
    /// An exact match wins over a prefix (`Janus` over `Janus-Pro`), and a prefix never ends inside a number: `V3` is no
    /// prefix of `V3.2`, nor `V1` of `V1.5`.
    #[must_use]
    pub fn find_short_name(&self, text: &str) -> ShortNameMatch<'_> {
        let prefix = key(&self.name);
        let typed = key(text);
        let bare = without(&typed, &prefix);
        if typed.is_empty() {
            return ShortNameMatch::None { nearest: Vec::new() };
        }
        let matching = |fits: &dyn Fn(&str) -> bool| -> Vec<&Paper> {
            let names = self.short_names.get_or_init(|| short_names(&self.papers));
            let fitting = names.iter().filter(|(name, _)| fits(name));
            fitting.map(|(_, index)| &self.papers[*index]).collect()
        };
        let by_rank = [
            matching(&|name| name == typed),
            matching(&|name| without(name, &prefix) == bare),
            matching(&|name| begins(name, &typed) || begins(without(name, &prefix), bare)),
        ];
        let exact = by_rank.iter().take(2).any(|papers| !papers.is_empty());
        let found = by_rank
            .into_iter()
            .find(|papers| !papers.is_empty())
            .unwrap_or_default();
        let long_enough = exact || bare.chars().count() >= MIN_PREFIX;
        match found.as_slice() {
            [paper] if long_enough => ShortNameMatch::One(paper),
            [_, _, ..] if long_enough => ShortNameMatch::Many(found),
            _ => ShortNameMatch::None {
                nearest: self.nearest_short_names(text),
            },
        }
    }

    fn nearest_short_names(&self, typed: &str) -> Vec<&str> {
        // Numbers and lines of text are not mistyped names, and comparing a long list of them would be slow.
        if typed.len() > 40 || !typed.contains(char::is_alphabetic) {
            return Vec::new();
        }
        let names = self.papers.iter().filter_map(Paper::short_name);
        if key(typed).starts_with(&key(&self.name)) {
            return text::nearest(typed, names);
        }
        text::nearest(typed, names.map(|name| self.without_own_name(name)))
    }

    /// A short name without the name of the catalog: `R1` for `DeepSeek-R1`.
    fn without_own_name<'a>(&self, short_name: &'a str) -> &'a str {
        match short_name.split_at_checked(self.name.len()) {
            Some((own, rest)) if own.eq_ignore_ascii_case(&self.name) => {
                let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
                if rest.is_empty() { short_name } else { rest }
            }
            _ => short_name,
        }
    }

    /// Finds the area with this code, or with this name in either language. Case, accents, spaces and hyphens are ignored.
    #[must_use]
    pub fn find_area(&self, text: &str) -> Option<&Area> {
        let typed = key(text);
        let is_meant = |name: &str| key(name) == typed;
        let by_code = self.areas.iter().find(|area| is_meant(&area.code));
        by_code.or_else(|| {
            self.areas
                .iter()
                .find(|area| is_meant(&area.en) || is_meant(&area.zh))
        })
    }

    /// Codes and names of areas that were probably meant, best first.
    #[must_use]
    pub fn nearest_areas(&self, typed: &str) -> Vec<&str> {
        let names = self
            .areas
            .iter()
            .flat_map(|area| [area.code.as_str(), &area.en, &area.zh]);
        let mut nearest = text::nearest(typed, names);
        nearest.dedup_by_key(|name| key(name));
        nearest
    }
}

/// The short names as [`Catalog::find_short_name`] compares them, with the index of their papers.
fn short_names(papers: &[Paper]) -> Vec<(String, usize)> {
    let named = papers.iter().enumerate();
    named
        .filter_map(|(index, paper)| Some((key(paper.short_name()?), index)))
        .collect()
}

/// The part of a name that is compared: letters, digits, dots and plus signs, folded.
fn key(name: &str) -> String {
    text::fold(name)
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '.' | '+'))
        .collect()
}

fn without<'a>(name: &'a str, prefix: &str) -> &'a str {
    match name.strip_prefix(prefix) {
        Some(rest) if !rest.is_empty() => rest,
        _ => name,
    }
}

/// Whether `beginning` is a prefix of the name that does not end inside a number.
fn begins(name: &str, beginning: &str) -> bool {
    match name.strip_prefix(beginning).and_then(|rest| rest.chars().next()) {
        None => false,
        Some(next) => {
            let in_number = |c: char| c.is_ascii_digit() || c == '.';
            !(in_number(next) && beginning.ends_with(in_number))
        }
    }
}
