//! Passages of a record that contain the words of a search.

use crate::model::paper::Paper;
use crate::model::query::{Query, QueryField};
use crate::model::snippet::Snippet;
use crate::model::text::stemmer::stem;
use crate::model::{tex, text};

/// Length of a snippet in characters, about two lines of a terminal.
const LENGTH: usize = 160;

/// The passage of a paper's abstract (or else its note, summary or comment) that contains the most of these words, with
/// the words marked. Returns `None` if no word occurs in any of them.
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

/// Collects the stems and prefixes that are searched for in text. Negated words are not marked.
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
