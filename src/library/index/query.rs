//! Compiles search words and filters into a tantivy query.

use std::ops::Bound;

use chrono::{Days, NaiveDate};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::schema::{Fields, KEPT, moment};
use super::term_union::{MANY_TERMS, TermUnionQuery};
use crate::library::Scope;
use crate::model::category::CategoryFilter;
use crate::model::date::Stamp;
use crate::model::query::{self, Query as Words};
use crate::model::selection::Selection;
use crate::model::text;
use crate::model::text::stemmer::{stem, stems_of_prefix};

type Clause = Box<dyn Query>;

/// A filter on a fact that a record may lack.
pub struct FactFilter {
    /// JSON key of that fact.
    pub key: &'static str,
    /// Query for the papers that pass.
    pub passing: Clause,
}

/// A compiled search.
pub struct CompiledQuery {
    /// The search words. `None` if there are only filters.
    words: Option<Clause>,
    /// Filters on facts that every record has.
    facts: Vec<Clause>,
    /// Filters on facts that a record may lack, in the order of [`Selection::matches`].
    filters: Vec<FactFilter>,
}

impl CompiledQuery {
    pub fn new(fields: &Fields, scope: Scope, words: Option<&Words>, selection: &Selection) -> Self {
        let mut facts = Vec::new();
        if scope == Scope::Library {
            facts.push(term(fields.is, KEPT));
        }
        facts.extend(
            selection
                .tags
                .iter()
                .map(|tag| term(fields.tag, &text::fold(tag))),
        );
        for title in &selection.titles {
            facts.extend(each_word(fields.title_words, title));
        }
        Self {
            words: words.map(|words| words_query(fields, words, true)),
            facts,
            filters: filters(fields, selection),
        }
    }

    /// Query for the matching papers.
    pub fn matching(&self) -> Clause {
        self.all(self.filters.iter().map(|filter| filter.passing.box_clone()))
    }

    /// For each filter, a query for the papers that pass all other filters but lack its key. A paper is
    /// counted for the first key that it lacks.
    pub fn undecided(&self, fields: &Fields) -> Vec<(&'static str, Clause)> {
        let lacks = |key: &str| term(fields.is, &format!("no:{key}"));
        let positions = 0..self.filters.len();
        positions
            .map(|at| {
                let clauses = self.filters.iter().enumerate().map(|(other, filter)| {
                    let through = filter.passing.box_clone();
                    match other.cmp(&at) {
                        std::cmp::Ordering::Less => through,
                        std::cmp::Ordering::Equal => lacks(filter.key),
                        std::cmp::Ordering::Greater => any(vec![through, lacks(filter.key)]),
                    }
                });
                let key = self.filters.get(at).map_or("", |filter| filter.key);
                (key, self.all(clauses))
            })
            .collect()
    }

    fn all(&self, filters: impl Iterator<Item = Clause>) -> Clause {
        let mut clauses: Vec<Clause> = self.words.iter().map(|words| words.box_clone()).collect();
        // Filters must not influence the score.
        let unscored = |clause: Clause| Box::new(ConstScoreQuery::new(clause, 0.0)) as Clause;
        clauses.extend(self.facts.iter().map(|fact| unscored(fact.box_clone())));
        clauses.extend(filters.map(unscored));
        all(clauses)
    }
}

fn filters(fields: &Fields, selection: &Selection) -> Vec<FactFilter> {
    let mut filters = Vec::new();
    if selection.since.is_some() || selection.until.is_some() {
        filters.push(FactFilter {
            key: "published",
            passing: published_between(selection.since, selection.until),
        });
    }
    if !selection.categories.is_empty() {
        let (key, field) = if selection.primary {
            ("primary_category", fields.primary)
        } else {
            ("categories", fields.category)
        };
        filters.push(FactFilter {
            key,
            passing: in_categories(field, &selection.categories),
        });
    }
    if !selection.authors.is_empty() {
        let names = selection
            .authors
            .iter()
            .flat_map(|name| name_words(fields.author, name, term));
        filters.push(FactFilter {
            key: "authors",
            passing: all(names.collect()),
        });
    }
    filters
}

fn published_between(since: Option<NaiveDate>, until: Option<NaiveDate>) -> Clause {
    let bound = |day: NaiveDate| Term::from_field_i64(Fields::new().1.published, moment(Stamp::Day(day)));
    let after = until.map(|day| day.checked_add_days(Days::new(1)).unwrap_or(day));
    Box::new(RangeQuery::new(
        since.map_or(Bound::Unbounded, |day| Bound::Included(bound(day))),
        after.map_or(Bound::Unbounded, |day| Bound::Excluded(bound(day))),
    ))
}

fn in_categories(field: Field, filters: &[CategoryFilter]) -> Clause {
    let codes = filters.iter().flat_map(CategoryFilter::codes);
    Box::new(TermSetQuery::new(
        codes.map(|code| Term::from_field_text(field, &code.to_ascii_lowercase())),
    ))
}

/// Compiles a query. The index cannot decide on abstracts alone: with `superset` the result contains every match,
/// without it only certain ones (inside a negation).
fn words_query(fields: &Fields, words: &Words, superset: bool) -> Clause {
    match words {
        Words::Text { field, text } => match field {
            query::QueryField::Anywhere => stemmed_text(fields.text, text),
            query::QueryField::Title => stemmed_text(fields.title, text),
            // An abstract field would double the size of the index; the list verifies each record instead.
            query::QueryField::Abstract if superset => stemmed_text(fields.text, text),
            query::QueryField::Abstract => Box::new(EmptyQuery),
            query::QueryField::Comment => stemmed_text(fields.comment, text),
            // The words of one name may come from two authors of a paper; the list verifies that.
            query::QueryField::Author if superset || !has_several_words(text) => {
                all(name_words(fields.author, text, scored))
            }
            query::QueryField::Category => match CategoryFilter::parse(text) {
                Ok(filter) => in_categories(fields.category, &[filter]),
                Err(_) => Box::new(EmptyQuery),
            },
            query::QueryField::Tag => term(fields.tag, &text::fold(text)),
            query::QueryField::Year => query::years(text).map_or_else(
                || Box::new(EmptyQuery) as Clause,
                |years| {
                    let first = NaiveDate::from_ymd_opt(*years.start(), 1, 1);
                    published_between(first, NaiveDate::from_ymd_opt(*years.end(), 12, 31))
                },
            ),
            // Notes and identifiers are part of the combined text; DOIs are not indexed.
            query::QueryField::Note | query::QueryField::Id if superset => stemmed_text(fields.text, text),
            query::QueryField::Doi if superset => Box::new(AllQuery),
            query::QueryField::Author
            | query::QueryField::Note
            | query::QueryField::Id
            | query::QueryField::Doi => Box::new(EmptyQuery),
        },
        Words::All(parts) => {
            let is_not = |part: &&Words| matches!(part, Words::Not(_));
            let mut clauses: Vec<(Occur, Clause)> = Vec::new();
            if parts.iter().all(|part| is_not(&part)) {
                clauses.push((Occur::Must, Box::new(AllQuery)));
            }
            clauses.extend(parts.iter().map(|part| match part {
                Words::Not(inner) => (Occur::MustNot, words_query(fields, inner, !superset)),
                other => (Occur::Must, words_query(fields, other, superset)),
            }));
            Box::new(BooleanQuery::new(clauses))
        }
        Words::Any(parts) => match single_terms(fields, parts) {
            Some(terms) if terms.len() >= MANY_TERMS => Box::new(TermUnionQuery(terms)),
            _ => any(parts
                .iter()
                .map(|part| words_query(fields, part, superset))
                .collect()),
        },
        Words::Not(inner) => Box::new(BooleanQuery::new(vec![
            (Occur::Must, Box::new(AllQuery) as Clause),
            (Occur::MustNot, words_query(fields, inner, !superset)),
        ])),
    }
}

/// The terms of an alternative of single words in the combined text field. Returns `None` if it has anything else.
fn single_terms(fields: &Fields, parts: &[Words]) -> Option<Vec<Term>> {
    let term = |part: &Words| match part {
        Words::Text {
            field: query::QueryField::Anywhere,
            text,
        } => {
            let folded = text::fold(text);
            let words: Vec<(&str, bool)> = text::word_tokens(&folded).collect();
            match words.as_slice() {
                [(word, false)] => Some(Term::from_field_text(fields.text, &stem(word))),
                _ => None,
            }
        }
        _ => None,
    };
    parts.iter().map(term).collect()
}

/// A word, a prefix, or a phrase in stemmed text.
fn stemmed_text(field: Field, given: &str) -> Clause {
    let folded = text::fold(given);
    let words: Vec<(&str, bool)> = text::word_tokens(&folded).collect();
    match words.as_slice() {
        [] => Box::new(EmptyQuery),
        [(word, true)] => {
            let mut stems = stems_of_prefix(word);
            stems.push(stem(word));
            let shorter = stems.iter().map(|stem| scored(field, stem));
            any(shorter.chain([prefix_terms(field, word)]).collect())
        }
        [(word, false)] => scored(field, &stem(word)),
        several => phrase(field, several.iter().map(|(word, _)| stem(word))),
    }
}

/// Each word of a name, by the rules of [`text::matches_name`]. Names are not stemmed.
fn name_words(field: Field, given: &str, whole: fn(Field, &str) -> Clause) -> Vec<Clause> {
    let folded = text::fold(given);
    let tokens = text::name_tokens(&folded);
    if tokens.is_empty() {
        return vec![Box::new(EmptyQuery)];
    }
    let clause = |(word, is_prefix)| {
        if is_prefix {
            prefix_terms(field, word)
        } else {
            whole(field, word)
        }
    };
    tokens.into_iter().map(clause).collect()
}

/// Each word of a text that is not stemmed.
fn each_word(field: Field, given: &str) -> Vec<Clause> {
    let folded = text::fold(given);
    text::word_tokens(&folded)
        .map(|(word, is_prefix)| {
            if is_prefix {
                prefix_terms(field, word)
            } else {
                term(field, word)
            }
        })
        .collect()
}

fn has_several_words(text: &str) -> bool {
    text::words(text).len() > 1
}

/// Whether the index returns a superset of the matches of a query, so that each record must be verified.
pub fn needs_verification(query: &Words) -> bool {
    match query {
        Words::Text { field, text } => match field {
            query::QueryField::Abstract
            | query::QueryField::Id
            | query::QueryField::Doi
            | query::QueryField::Note => true,
            query::QueryField::Author => has_several_words(text),
            query::QueryField::Anywhere
            | query::QueryField::Title
            | query::QueryField::Comment
            | query::QueryField::Category
            | query::QueryField::Tag
            | query::QueryField::Year => false,
        },
        Words::All(parts) | Words::Any(parts) => parts.iter().any(needs_verification),
        Words::Not(part) => needs_verification(part),
    }
}

fn phrase(field: Field, words: impl Iterator<Item = String>) -> Clause {
    Box::new(PhraseQuery::new(
        words.map(|word| Term::from_field_text(field, &word)).collect(),
    ))
}

/// Terms with this prefix. A folded word consists of letters and digits, so it needs no escaping in a pattern.
fn prefix_terms(field: Field, word: &str) -> Clause {
    match RegexQuery::from_pattern(&format!("{word}.*"), field) {
        Ok(query) => Box::new(query),
        Err(_) => Box::new(EmptyQuery),
    }
}

fn scored(field: Field, word: &str) -> Clause {
    let term = Term::from_field_text(field, word);
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn term(field: Field, value: &str) -> Clause {
    let term = Term::from_field_text(field, value);
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn all(mut clauses: Vec<Clause>) -> Clause {
    match clauses.len() {
        0 => Box::new(AllQuery),
        1 => clauses.remove(0),
        _ => Box::new(BooleanQuery::intersection(clauses)),
    }
}

fn any(clauses: Vec<Clause>) -> Clause {
    Box::new(BooleanQuery::union(clauses))
}
