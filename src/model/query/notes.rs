//! Notes on search words that are a query, but perhaps not the one that was meant.

use super::tokens::is_sign;

/// Returns notes for the user, each a sentence without a full stop: signs that are ignored, and operators in lower case,
/// which are searched for as words.
#[must_use]
pub fn notes(words: &[String]) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    let mut add = |note: String| {
        if !notes.contains(&note) {
            notes.push(note);
        }
    };
    for (position, word) in words.iter().enumerate() {
        let word = word.trim();
        if is_sign(word) {
            add(format!("`{word}` is ignored: it has no letter and no digit"));
        }
        let is_between = position > 0 && position + 1 < words.len();
        if is_between && matches!(word, "or" | "and" | "not") {
            let operator = word.to_uppercase();
            add(format!(
                "`{word}` is searched for as a word; the operator is {operator}"
            ));
        }
    }
    notes
}
