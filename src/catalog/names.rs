//! Papers by short name and areas by name, as people type them.

use super::Catalog;
use crate::model::lang::Area;
use crate::model::paper::Paper;
use crate::model::text;

/// What a short name stands for.
#[derive(Clone, PartialEq, Debug)]
pub enum ShortNameMatch<'a> {
    /// This paper.
    One(&'a Paper),
    /// Any of these, in the catalog's order.
    Many(Vec<&'a Paper>),
    /// No paper.
    None {
        /// Short names that were perhaps meant, best first; may be empty.
        nearest: Vec<&'a str>,
    },
}

/// So many letters and digits must be typed for the beginning of a name to stand for it.
const SHORTEST_BEGINNING: usize = 3;

impl Catalog {
    /// The paper of this short name: `DeepSeek-V3`, `deepseek v3`, `V3`.
    ///
    /// Case, spaces and hyphens do not count; dots do (`V3` is not `V3.2`). The catalog's own name may be left out in
    /// front. A name that fits exactly goes before one that begins so (`Janus` before `Janus-Pro`), and a beginning
    /// ends with a whole number: `V3` does not begin `V3.2`, nor `V1` a `V1.5`.
    #[must_use]
    pub fn find_short_name(&self, text: &str) -> ShortNameMatch<'_> {
        let prefix = key(&self.name);
        let typed = key(text);
        let bare = without(&typed, &prefix);
        if typed.is_empty() {
            return ShortNameMatch::None { nearest: Vec::new() };
        }
        let chosen = |fits: &dyn Fn(&str) -> bool| -> Vec<&Paper> {
            let names = self.short_names.get_or_init(|| short_names(&self.papers));
            let fitting = names.iter().filter(|(name, _)| fits(name));
            fitting.filter_map(|(_, place)| self.papers.get(*place)).collect()
        };
        let by_rank = [
            chosen(&|name| name == typed),
            chosen(&|name| without(name, &prefix) == bare),
            chosen(&|name| begins(name, &typed) || begins(without(name, &prefix), bare)),
        ];
        let exact = by_rank.iter().take(2).any(|papers| !papers.is_empty());
        let found = by_rank
            .into_iter()
            .find(|papers| !papers.is_empty())
            .unwrap_or_default();
        let long_enough = exact || bare.chars().count() >= SHORTEST_BEGINNING;
        match found.as_slice() {
            [paper] if long_enough => ShortNameMatch::One(paper),
            [_, _, ..] if long_enough => ShortNameMatch::Many(found),
            _ => ShortNameMatch::None {
                nearest: self.nearest_short_names(text),
            },
        }
    }

    fn nearest_short_names(&self, typed: &str) -> Vec<&str> {
        // A number is no mistyped name, nor is a line of text; a long list of either must not take long.
        if typed.len() > 40 || !typed.contains(char::is_alphabetic) {
            return Vec::new();
        }
        let names = self.papers.iter().filter_map(Paper::short_name);
        if key(typed).starts_with(&key(&self.name)) {
            return text::nearest(typed, names);
        }
        text::nearest(typed, names.map(|name| self.without_own_name(name)))
    }

    /// `R1` of `DeepSeek-R1`.
    fn without_own_name<'a>(&self, short_name: &'a str) -> &'a str {
        match short_name.split_at_checked(self.name.len()) {
            Some((own, rest)) if own.eq_ignore_ascii_case(&self.name) => {
                let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric());
                if rest.is_empty() { short_name } else { rest }
            }
            _ => short_name,
        }
    }

    /// The area of this code or name, in either language; case, accents, spaces and hyphens do not count.
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

    /// Codes and names of areas that were perhaps meant, best first.
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

/// The papers' short names as [`Catalog::find_short_name`] compares them, with their papers' places.
fn short_names(papers: &[Paper]) -> Vec<(String, usize)> {
    let named = papers.iter().enumerate();
    named
        .filter_map(|(place, paper)| Some((key(paper.short_name()?), place)))
        .collect()
}

/// What of a name counts: letters, digits and dots, folded.
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

/// Whether the name begins so, and not with a part of a number.
fn begins(name: &str, beginning: &str) -> bool {
    match name.strip_prefix(beginning).and_then(|rest| rest.chars().next()) {
        None => false,
        Some(next) => {
            let in_number = |c: char| c.is_ascii_digit() || c == '.';
            !(in_number(next) && beginning.ends_with(in_number))
        }
    }
}
