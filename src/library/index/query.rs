//! Search words and filters as tantivy's queries.

use std::ops::Bound;

use chrono::{Days, NaiveDate};
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::schema::{Fields, KEPT, moment};
use super::stemmer::{stem, stems_of_beginning};
use crate::library::Scope;
use crate::model::category::CategoryFilter;
use crate::model::date::Stamp;
use crate::model::query::{self, Query as Words};
use crate::model::selection::Selection;
use crate::model::text;

type Clause = Box<dyn Query>;

/// A filter that a record may lack the fact for.
pub struct Filtering {
    /// The key of the fact.
    pub key: &'static str,
    /// Papers that it lets through.
    pub lets_through: Clause,
}

/// What is asked of the index.
pub struct Question {
    /// Search words; none where there are only filters.
    words: Option<Clause>,
    /// Filters that can always be decided.
    facts: Vec<Clause>,
    /// Filters that cannot where the fact is missing, in the order of [`Selection::matches`].
    filters: Vec<Filtering>,
}

impl Question {
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

    /// Papers that match.
    pub fn matching(&self) -> Clause {
        self.all(self.filters.iter().map(|filter| filter.lets_through.box_clone()))
    }

    /// Papers that every other filter lets through and that lack this key, each counted for the first key it lacks.
    pub fn undecided(&self, fields: &Fields) -> Vec<(&'static str, Clause)> {
        let lacks = |key: &str| term(fields.is, &format!("no:{key}"));
        let positions = 0..self.filters.len();
        positions
            .map(|at| {
                let clauses = self.filters.iter().enumerate().map(|(other, filter)| {
                    let through = filter.lets_through.box_clone();
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
        // Filters have no say in the order.
        let unscored = |clause: Clause| Box::new(ConstScoreQuery::new(clause, 0.0)) as Clause;
        clauses.extend(self.facts.iter().map(|fact| unscored(fact.box_clone())));
        clauses.extend(filters.map(unscored));
        all(clauses)
    }
}

fn filters(fields: &Fields, selection: &Selection) -> Vec<Filtering> {
    let mut filters = Vec::new();
    if selection.since.is_some() || selection.until.is_some() {
        filters.push(Filtering {
            key: "published",
            lets_through: submitted(selection.since, selection.until),
        });
    }
    if !selection.categories.is_empty() {
        let (key, field) = if selection.primary {
            ("primary_category", fields.primary)
        } else {
            ("categories", fields.category)
        };
        filters.push(Filtering {
            key,
            lets_through: filed(field, &selection.categories),
        });
    }
    if !selection.authors.is_empty() {
        let names = selection
            .authors
            .iter()
            .flat_map(|name| each_word(fields.author, name));
        filters.push(Filtering {
            key: "authors",
            lets_through: all(names.collect()),
        });
    }
    filters
}

fn submitted(since: Option<NaiveDate>, until: Option<NaiveDate>) -> Clause {
    let bound = |day: NaiveDate| Term::from_field_i64(Fields::new().1.published, moment(Stamp::Day(day)));
    let after = until.map(|day| day.checked_add_days(Days::new(1)).unwrap_or(day));
    Box::new(RangeQuery::new(
        since.map_or(Bound::Unbounded, |day| Bound::Included(bound(day))),
        after.map_or(Bound::Unbounded, |day| Bound::Excluded(bound(day))),
    ))
}

fn filed(field: Field, filters: &[CategoryFilter]) -> Clause {
    let codes = filters.iter().flat_map(CategoryFilter::codes);
    Box::new(TermSetQuery::new(
        codes.map(|code| Term::from_field_text(field, &code.to_ascii_lowercase())),
    ))
}

/// What may match; where it is not `wanted`, only what surely does.
fn words_query(fields: &Fields, words: &Words, wanted: bool) -> Clause {
    match words {
        Words::Text { field, text } => match field {
            query::QueryField::Anywhere => running(fields.text, text),
            query::QueryField::Title => running(fields.title, text),
            // An abstract has no field of its own, which would double the index: whoever lists reads each record.
            query::QueryField::Abstract if wanted => running(fields.text, text),
            query::QueryField::Abstract => Box::new(EmptyQuery),
            query::QueryField::Comment => running(fields.comment, text),
            query::QueryField::Author => named(fields.author, text),
            query::QueryField::Category => match CategoryFilter::parse(text) {
                Ok(filter) => filed(fields.category, &[filter]),
                Err(_) => Box::new(EmptyQuery),
            },
        },
        Words::All(parts) => {
            let is_not = |part: &&Words| matches!(part, Words::Not(_));
            let mut clauses: Vec<(Occur, Clause)> = Vec::new();
            if parts.iter().all(|part| is_not(&part)) {
                clauses.push((Occur::Must, Box::new(AllQuery)));
            }
            clauses.extend(parts.iter().map(|part| match part {
                Words::Not(inner) => (Occur::MustNot, words_query(fields, inner, !wanted)),
                other => (Occur::Must, words_query(fields, other, wanted)),
            }));
            Box::new(BooleanQuery::new(clauses))
        }
        Words::Any(parts) => any(parts
            .iter()
            .map(|part| words_query(fields, part, wanted))
            .collect()),
        Words::Not(inner) => Box::new(BooleanQuery::new(vec![
            (Occur::Must, Box::new(AllQuery) as Clause),
            (Occur::MustNot, words_query(fields, inner, !wanted)),
        ])),
    }
}

/// A word, a word's beginning, or words that follow each other, in running text.
fn running(field: Field, given: &str) -> Clause {
    let folded = text::fold(given);
    let words: Vec<(&str, bool)> = text::word_tokens(&folded).collect();
    match words.as_slice() {
        [] => Box::new(EmptyQuery),
        [(word, true)] => {
            let mut stems = stems_of_beginning(word);
            stems.push(stem(word));
            let shorter = stems.iter().map(|stem| scored(field, stem));
            any(shorter.chain([beginning(field, word)]).collect())
        }
        [(word, false)] => scored(field, &stem(word)),
        several => phrase(field, several.iter().map(|(word, _)| stem(word))),
    }
}

/// The same among names, which have no stems.
fn named(field: Field, given: &str) -> Clause {
    let folded = text::fold(given);
    let words: Vec<(&str, bool)> = text::word_tokens(&folded).collect();
    match words.as_slice() {
        [] => Box::new(EmptyQuery),
        [(word, true)] => beginning(field, word),
        [(word, false)] => scored(field, word),
        several => phrase(field, several.iter().map(|(word, _)| (*word).to_owned())),
    }
}

fn each_word(field: Field, given: &str) -> Vec<Clause> {
    let folded = text::fold(given);
    text::word_tokens(&folded)
        .map(|(word, prefix)| {
            if prefix {
                beginning(field, word)
            } else {
                term(field, word)
            }
        })
        .collect()
}

fn phrase(field: Field, words: impl Iterator<Item = String>) -> Clause {
    Box::new(PhraseQuery::new(
        words.map(|word| Term::from_field_text(field, &word)).collect(),
    ))
}

/// Words that begin so: letters and digits, nothing that a pattern would read otherwise.
fn beginning(field: Field, word: &str) -> Clause {
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
