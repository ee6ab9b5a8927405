//! Where the words of a search stand in a record.

use super::stemmer::stem;
use crate::model::paper::Paper;
use crate::model::query::{Query, QueryField};
use crate::model::snippet::Snippet;
use crate::model::{tex, text};

/// Characters of a snippet, about two lines of a terminal.
const LENGTH: usize = 160;

/// The passage of a paper's abstract (or its note, its summary, its comment) with the most of these words, the words
/// marked; none where none of them stands there.
#[must_use]
pub fn snippet(paper: &Paper, query: &Query) -> Option<Snippet> {
    let mut wanted = Vec::new();
    collect(query, &mut wanted);
    let entry = paper.catalog.as_ref();
    let places = [
        paper.abstract_.as_deref(),
        paper.library.as_ref().and_then(|kept| kept.note.as_deref()),
        entry.and_then(|entry| entry.summary.zh.as_deref()),
        entry.and_then(|entry| entry.summary.en.as_deref()),
        paper.comment.as_deref(),
    ];
    places.into_iter().flatten().find_map(|place| {
        Snippet::of(&tex::to_plain_text(place), LENGTH, |word| {
            is_wanted(&wanted, word)
        })
    })
}

/// The stems (and beginnings) that are looked for in running text; what must not match is not shown.
fn collect(query: &Query, wanted: &mut Vec<(String, bool)>) {
    match query {
        Query::Text { field, text } => {
            if matches!(
                field,
                QueryField::Anywhere | QueryField::Title | QueryField::Abstract | QueryField::Comment
            ) {
                let folded = text::fold(text);
                wanted.extend(text::word_tokens(&folded).map(|(word, prefix)| {
                    let word = if prefix { word.to_owned() } else { stem(word) };
                    (word, prefix)
                }));
            }
        }
        Query::All(parts) | Query::Any(parts) => parts.iter().for_each(|part| collect(part, wanted)),
        Query::Not(_) => {}
    }
}

fn is_wanted(wanted: &[(String, bool)], word: &str) -> bool {
    let folded = text::fold(word);
    text::word_tokens(&folded).any(|(piece, _)| {
        let stem = stem(piece);
        wanted
            .iter()
            .any(|(one, prefix)| *one == stem || *prefix && piece.starts_with(one.as_str()))
    })
}
