//! Matches a query against one record if the index alone cannot decide, because it has no field for abstracts.

use super::document::IndexedDocument;
use super::stemmer::{has_stem, stem};
use crate::model::category::CategoryFilter;
use crate::model::paper::Paper;
use crate::model::query::{Query, QueryField};
use crate::model::text;

/// Whether the index returns a superset of the matches, so that each record must be verified.
pub fn needs_verification(query: &Query) -> bool {
    match query {
        Query::Text { field, .. } => *field == QueryField::Abstract,
        Query::All(parts) | Query::Any(parts) => parts.iter().any(needs_verification),
        Query::Not(part) => needs_verification(part),
    }
}

/// Whether a record matches a query by the rules of the index.
pub fn matches(paper: &Paper, query: &Query) -> bool {
    match query {
        Query::Text { field, text } => matches_text(paper, *field, text),
        Query::All(parts) => parts.iter().all(|part| matches(paper, part)),
        Query::Any(parts) => parts.iter().any(|part| matches(paper, part)),
        Query::Not(part) => !matches(paper, part),
    }
}

fn matches_text(paper: &Paper, field: QueryField, words: &str) -> bool {
    let contained_in = |text: &str| contains_words(text, words, true);
    let record = IndexedDocument::from(paper);
    let names = || record.authors.iter().map(|author| &*author.name);
    match field {
        QueryField::Title => contained_in(&record.title),
        QueryField::Abstract => contained_in(&record.abstract_),
        QueryField::Comment => contained_in(&record.comment),
        QueryField::Author => names().any(|name| contains_words(name, words, false)),
        QueryField::Category => CategoryFilter::parse(words).is_ok_and(|filter| {
            let filed = paper.categories.iter().chain(&paper.primary_category);
            filed.into_iter().any(|code| filter.matches(code))
        }),
        QueryField::Anywhere => {
            [&record.title, &record.abstract_, &record.comment]
                .into_iter()
                .map(|text| &**text)
                .chain(names())
                .chain(record.others())
                .any(contained_in)
                || contained_in(&record.id.to_string())
        }
    }
}

/// Whether a text contains these words in sequence.
fn contains_words(text: &str, words: &str, stemmed: bool) -> bool {
    let cut = |word: &str| if stemmed { stem(word) } else { word.to_owned() };
    let is = |word: &str, words: &str| {
        if stemmed {
            has_stem(word, words)
        } else {
            word == words
        }
    };
    let (text, words) = (text::fold(text), text::fold(words));
    let text: Vec<&str> = text::word_tokens(&text).map(|(word, _)| word).collect();
    let words: Vec<(&str, bool)> = text::word_tokens(&words).collect();
    match words.as_slice() {
        [] => false,
        [(beginning, true)] => {
            let whole = cut(beginning);
            text.iter().any(|word| {
                word.starts_with(beginning) || cut(word).starts_with(beginning) || is(word, &whole)
            })
        }
        words => {
            let words: Vec<String> = words.iter().map(|(word, _)| cut(word)).collect();
            text.windows(words.len())
                .any(|window| window.iter().zip(&words).all(|(word, words)| is(word, words)))
        }
    }
}
