//! A passage of a text with words marked in it.

/// A passage of a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Snippet {
    /// The pieces in order, each with a flag that is set for a match.
    pub pieces: Vec<(String, bool)>,
}

impl Snippet {
    /// Returns the first of the passages of about this many bytes with the most matches, or `None` if nothing matches.
    /// `is_wanted` is called for each word, and for each character of a script without spaces.
    pub fn of(text: &str, length: usize, is_wanted: impl Fn(&str) -> bool) -> Option<Self> {
        let words: Vec<(usize, usize, bool)> = super::text::word_spans(text)
            .map(|(from, to)| (from, to, text.get(from..to).is_some_and(&is_wanted)))
            .collect();
        let hits: Vec<usize> = words.iter().filter(|word| word.2).map(|word| word.0).collect();
        let best = hits.iter().enumerate().max_by_key(|(at, from)| {
            let within = hits
                .iter()
                .skip(*at)
                .take_while(|hit| **hit < **from + length)
                .count();
            (within, std::cmp::Reverse(*at))
        })?;
        // Some context before the first match.
        let begin = boundary(text, best.1.saturating_sub(length / 4));
        let end = text.len().min(begin + length);
        let mut pieces = Vec::new();
        if begin > 0 {
            pieces.push(("… ".to_owned(), false));
        }
        let mut at = begin;
        for (from, to, _) in words
            .iter()
            .filter(|word| word.2 && word.0 >= begin && word.0 < end)
        {
            pieces.push((text.get(at..*from).unwrap_or_default().to_owned(), false));
            pieces.push((text.get(*from..*to).unwrap_or_default().to_owned(), true));
            at = *to;
        }
        let end = words
            .iter()
            .map(|word| word.1)
            .take_while(|to| *to <= end.max(at))
            .last()
            .unwrap_or(at)
            .max(at);
        let whole = text
            .get(end..)
            .is_none_or(|rest| !rest.contains(char::is_alphanumeric));
        let end = if whole { text.len() } else { end };
        pieces.push((text.get(at..end).unwrap_or_default().to_owned(), false));
        if !whole {
            pieces.push((" …".to_owned(), false));
        }
        pieces.retain(|(piece, _)| !piece.is_empty());
        Some(Self { pieces })
    }
}

/// Returns the start of the first word at or after an offset.
fn boundary(text: &str, at: usize) -> usize {
    if at == 0 {
        return 0;
    }
    super::text::word_spans(text)
        .map(|(from, _)| from)
        .find(|from| *from >= at)
        .unwrap_or(0)
}
