//! The selection: filters, order and limit, shared by every command that lists papers.

use std::borrow::Borrow;
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::category;
use super::date::Stamp;
use super::paper::Paper;
use super::text;

/// Filters, order and limit of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// First submitted on this day or later, UTC.
    pub since: Option<NaiveDate>,
    /// First submitted on this day or earlier, UTC.
    pub until: Option<NaiveDate>,
    /// Filed under at least one of these.
    pub categories: Vec<category::CategoryFilter>,
    /// Only the primary category counts.
    pub primary: bool,
    /// Each of these in some author's name: all its words in one name, whole (`*` after a word's beginning).
    pub authors: Vec<String>,
    /// Each of these in the title: all its words, whole (`*` after a word's beginning).
    pub titles: Vec<String>,
    /// In this area of the catalog (its code).
    pub area: Option<String>,
    /// With all of these tags of the user's.
    pub tags: Vec<String>,
    /// The order.
    pub sort: Sort,
    /// Whether the order is reversed.
    pub reverse: bool,
    /// The maximal number of papers.
    pub limit: Option<usize>,
}

/// The order of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sort {
    /// First submission, newest first.
    #[default]
    Date,
    /// This version's submission, newest first.
    Updated,
    /// Alphabetical.
    Title,
    /// Identifiers, newest first.
    Id,
    /// Best match first if there is a query, or else as `Date`.
    Relevance,
}

/// The result of a selection.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Selected<P> {
    /// The papers, in order.
    pub papers: Vec<P>,
    /// Keys that filters needed and records lack, each with the number of papers that were left out for it. By key.
    pub undecided: Vec<(&'static str, usize)>,
    /// Filters whose answer rests on a key that a catalog marks as unsure: the key, and for how many papers, whether they
    /// matched or not. By key.
    pub unsure: Vec<(&'static str, usize)>,
    /// The number of matches before the limit.
    pub matched: usize,
}

/// The result of a filter for one paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// The paper passes.
    Yes,
    /// The paper does not pass.
    No,
    /// The record lacks the key that decides.
    Unknown(&'static str),
}

impl Selection {
    /// Applies filters, order and limit.
    #[must_use]
    pub fn apply<P: Borrow<Paper>>(&self, papers: impl IntoIterator<Item = P>) -> Selected<P> {
        let mut undecided = BTreeMap::new();
        let mut unsure = BTreeMap::new();
        let mut chosen: Vec<(Option<SortKey>, P)> = Vec::new();
        for paper in papers {
            if let Some(key) = self.unsure_key(paper.borrow()) {
                *unsure.entry(key).or_insert(0) += 1;
            }
            match self.matches(paper.borrow()) {
                Decision::Yes => chosen.push((self.key(paper.borrow()), paper)),
                Decision::No => {}
                Decision::Unknown(key) => *undecided.entry(key).or_insert(0) += 1,
            }
        }
        chosen.sort_by(|(key, paper), (other_key, other)| {
            self.compare_keys(
                (key.as_ref(), paper.borrow()),
                (other_key.as_ref(), other.borrow()),
            )
        });
        let matched = chosen.len();
        Selected {
            papers: chosen
                .into_iter()
                .take(self.limit.unwrap_or(matched))
                .map(|(_, paper)| paper)
                .collect(),
            undecided: undecided.into_iter().collect(),
            unsure: unsure.into_iter().collect(),
            matched,
        }
    }

    /// Whether the paper passes every filter. A filter that excludes it outweighs those that cannot be decided.
    #[must_use]
    pub fn matches(&self, paper: &Paper) -> Decision {
        let mut decision = Decision::Yes;
        let filters = [
            Self::date,
            Self::category,
            Self::author,
            Self::in_area,
            Self::tag,
            Self::title,
        ];
        for filter in filters {
            match (filter(self, paper), decision) {
                (Decision::No, _) => return Decision::No,
                (unknown @ Decision::Unknown(_), Decision::Yes) => decision = unknown,
                _ => {}
            }
        }
        decision
    }

    /// Returns the key on which the answer for a catalog's paper rests although the catalog marks it as unsure.
    ///
    /// An unsure key decides if no filter on a sure key rules the paper out, whether the paper matches or not.
    #[must_use]
    pub fn unsure_key(&self, paper: &Paper) -> Option<&'static str> {
        let has_unsure = paper
            .catalog
            .as_ref()
            .is_some_and(|entry| !entry.unsure.is_empty());
        if !has_unsure {
            return None;
        }
        let (mut matching, mut excluding) = (None, None);
        for (decision, key) in self.decisions(paper) {
            match decision {
                Decision::Unknown(_) => return None,
                Decision::No if !paper.is_unsure(key) => return None,
                Decision::No => excluding = excluding.or(Some(key)),
                Decision::Yes if paper.is_unsure(key) => matching = matching.or(Some(key)),
                Decision::Yes => {}
            }
        }
        excluding.or(matching)
    }

    /// The decision of each filter that is set, and the key of the paper that it rests on.
    fn decisions(&self, paper: &Paper) -> impl Iterator<Item = (Decision, &'static str)> {
        let has_date = self.since.is_some() || self.until.is_some();
        let is_primary = paper.primary_category.as_ref().is_some_and(|primary| {
            let mut filters = self.categories.iter();
            filters.any(|filter| filter.matches(primary))
        });
        let category = if self.primary || is_primary {
            "primary_category"
        } else {
            "categories"
        };
        [
            (has_date, Self::date as fn(&Self, &Paper) -> Decision, "published"),
            (!self.categories.is_empty(), Self::category, category),
            (!self.authors.is_empty(), Self::author, "authors"),
            (self.area.is_some(), Self::in_area, "catalog.area"),
            (!self.tags.is_empty(), Self::tag, "library.tags"),
            (!self.titles.is_empty(), Self::title, "title"),
        ]
        .into_iter()
        .filter(|(is_set, ..)| *is_set)
        .map(|(_, filter, key)| (filter(self, paper), key))
    }

    /// The order of two papers, which is total: papers with equal keys are ordered by identifier and version. Papers
    /// without the key come last, also in reverse.
    #[must_use]
    pub fn compare(&self, paper: &Paper, other: &Paper) -> Ordering {
        let (key, other_key) = (self.key(paper), self.key(other));
        self.compare_keys((key.as_ref(), paper), (other_key.as_ref(), other))
    }

    fn date(&self, paper: &Paper) -> Decision {
        if self.since.is_none() && self.until.is_none() {
            return Decision::Yes;
        }
        let Some(day) = paper.published.map(Stamp::day) else {
            return Decision::Unknown("published");
        };
        decided(self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until))
    }

    fn category(&self, paper: &Paper) -> Decision {
        if self.categories.is_empty() {
            return Decision::Yes;
        }
        let is_meant = |code: &str| self.categories.iter().any(|filter| filter.matches(code));
        match (&paper.primary_category, paper.categories.as_slice()) {
            (Some(primary), _) if is_meant(primary) => Decision::Yes,
            (Some(_), _) if self.primary => Decision::No,
            (None, _) if self.primary => Decision::Unknown("primary_category"),
            (_, []) => Decision::Unknown("categories"),
            (_, all) => decided(all.iter().any(|code| is_meant(code))),
        }
    }

    fn author(&self, paper: &Paper) -> Decision {
        if self.authors.is_empty() {
            return Decision::Yes;
        }
        if paper.authors.is_empty() {
            return Decision::Unknown("authors");
        }
        let names: Vec<Vec<String>> = paper
            .authors
            .iter()
            .map(|author| text::words(&author.name))
            .collect();
        decided(
            self.authors
                .iter()
                .all(|wanted| names.iter().any(|words| text::matches_name(words, wanted))),
        )
    }

    /// A paper that is in no catalog is in none of its areas.
    fn in_area(&self, paper: &Paper) -> Decision {
        match (&self.area, &paper.catalog) {
            (None, _) => Decision::Yes,
            (Some(_), None) => Decision::No,
            (Some(area), Some(entry)) => match &entry.area {
                Some(its_own) => decided(its_own == area),
                None => Decision::Unknown("catalog.area"),
            },
        }
    }

    /// Tags compare without case and accents. A paper outside the library has none.
    fn tag(&self, paper: &Paper) -> Decision {
        let own = paper.library.as_ref().map_or(&[][..], |kept| &kept.tags);
        decided(
            self.tags
                .iter()
                .all(|wanted| own.iter().any(|tag| text::fold(tag) == text::fold(wanted))),
        )
    }

    fn title(&self, paper: &Paper) -> Decision {
        if self.titles.is_empty() {
            return Decision::Yes;
        }
        let words = text::words(&paper.title);
        decided(
            self.titles
                .iter()
                .all(|wanted| text::matches_words(&words, wanted)),
        )
    }

    fn key(&self, paper: &Paper) -> Option<SortKey> {
        match self.sort {
            Sort::Date | Sort::Relevance => paper.published.map(|stamp| SortKey::Newest(Reverse(stamp))),
            Sort::Updated => paper.updated.map(|stamp| SortKey::Newest(Reverse(stamp))),
            Sort::Title => Some(SortKey::Title(text::fold(&paper.title))),
            Sort::Id => Some(SortKey::Id),
        }
    }

    fn compare_keys(
        &self,
        (key, paper): (Option<&SortKey>, &Paper),
        (other_key, other): (Option<&SortKey>, &Paper),
    ) -> Ordering {
        let in_order = key
            .cmp(&other_key)
            .then_with(|| other.id.cmp(&paper.id))
            .then_with(|| other.version.cmp(&paper.version));
        match (key, other_key) {
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            _ if self.reverse => in_order.reverse(),
            _ => in_order,
        }
    }
}

/// The sort key of a paper; ascending keys give the order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Newest(Reverse<Stamp>),
    Title(String),
    /// The identifier alone decides.
    Id,
}

fn decided(yes: bool) -> Decision {
    if yes { Decision::Yes } else { Decision::No }
}
