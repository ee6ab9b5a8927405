//! Search words held against one record, where the index alone cannot decide: it has no field for abstracts.

use super::document::Indexed;
use super::stemmer::{has_stem, stem};
use crate::model::category::CategoryFilter;
use crate::model::paper::Paper;
use crate::model::query::{Query, QueryField};
use crate::model::text;

/// Whether the index can only say which papers may match.
pub fn must_be_read(query: &Query) -> bool {
    match query {
        Query::Text { field, .. } => *field == QueryField::Abstract,
        Query::All(parts) | Query::Any(parts) => parts.iter().any(must_be_read),
        Query::Not(part) => must_be_read(part),
    }
}

/// Whether a record has these words, by the rules of the index.
pub fn has(paper: &Paper, query: &Query) -> bool {
    match query {
        Query::Text { field, text } => has_text(paper, *field, text),
        Query::All(parts) => parts.iter().all(|part| has(paper, part)),
        Query::Any(parts) => parts.iter().any(|part| has(paper, part)),
        Query::Not(part) => !has(paper, part),
    }
}

fn has_text(paper: &Paper, field: QueryField, wanted: &str) -> bool {
    let stands_in = |place: &str| stands(place, wanted, true);
    let record = Indexed::from(paper);
    let names = || record.authors.iter().map(|author| &*author.name);
    match field {
        QueryField::Title => stands_in(&record.title),
        QueryField::Abstract => stands_in(&record.abstract_),
        QueryField::Comment => stands_in(&record.comment),
        QueryField::Author => names().any(|name| stands(name, wanted, false)),
        QueryField::Category => CategoryFilter::parse(wanted).is_ok_and(|filter| {
            let filed = paper.categories.iter().chain(&paper.primary_category);
            filed.into_iter().any(|code| filter.matches(code))
        }),
        QueryField::Anywhere => {
            [&record.title, &record.abstract_, &record.comment]
                .into_iter()
                .map(|text| &**text)
                .chain(names())
                .chain(record.others())
                .any(stands_in)
                || stands_in(&record.id.to_string())
        }
    }
}

/// Whether words stand in a text one after the other.
fn stands(place: &str, wanted: &str, stemmed: bool) -> bool {
    let cut = |word: &str| if stemmed { stem(word) } else { word.to_owned() };
    let is = |word: &str, wanted: &str| {
        if stemmed {
            has_stem(word, wanted)
        } else {
            word == wanted
        }
    };
    let (place, wanted) = (text::fold(place), text::fold(wanted));
    let place: Vec<&str> = text::word_tokens(&place).map(|(word, _)| word).collect();
    let wanted: Vec<(&str, bool)> = text::word_tokens(&wanted).collect();
    match wanted.as_slice() {
        [] => false,
        [(beginning, true)] => {
            let whole = cut(beginning);
            place.iter().any(|word| {
                word.starts_with(beginning) || cut(word).starts_with(beginning) || is(word, &whole)
            })
        }
        words => {
            let words: Vec<String> = words.iter().map(|(word, _)| cut(word)).collect();
            place
                .windows(words.len())
                .any(|window| window.iter().zip(&words).all(|(word, wanted)| is(word, wanted)))
        }
    }
}
