//! Words: folded as everywhere in this program, then cut to their English stems.

use std::cell::RefCell;

use frostem::{Algorithm, Stemmer};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::model::text;

/// The name of the tokenizer of running text.
pub const STEMMED: &str = "stemmed";

/// The name of the tokenizer of names.
pub const FOLDED: &str = "folded";

/// Longer words are no words, and the index would refuse them.
const LONGEST: usize = 200;

thread_local! {
    static STEMS: RefCell<Stems> = RefCell::new(Stems::new());
}

/// Takes texts apart as [`text::words`] does.
#[derive(Clone, Copy)]
pub struct Words {
    /// Whether words are cut to their stems.
    pub stemmed: bool,
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, given: &'a str) -> Stream {
        Stream {
            folded: text::fold(given),
            at: 0,
            stemmed: self.stemmed,
            token: Token::default(),
        }
    }
}

/// The words of one text.
pub struct Stream {
    folded: String,
    at: usize,
    stemmed: bool,
    token: Token,
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        loop {
            let rest = self.folded.get(self.at..).unwrap_or_default();
            let Some((word, _)) = text::pieces(rest).next() else {
                return false;
            };
            let from = self.at + (word.as_ptr() as usize - rest.as_ptr() as usize);
            self.at = from + word.len();
            self.token.position = self.token.position.wrapping_add(1);
            if word.len() > LONGEST {
                continue;
            }
            self.token.offset_from = from;
            self.token.offset_to = self.at;
            self.token.text.clear();
            if self.stemmed {
                push_stem(word, &mut self.token.text);
            } else {
                self.token.text.push_str(word);
            }
            return true;
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// The stem of a folded word.
pub fn stem(word: &str) -> String {
    let mut stem = String::new();
    push_stem(word, &mut stem);
    stem
}

fn push_stem(word: &str, out: &mut String) {
    if !word.is_ascii() || word.len() < 3 {
        out.push_str(word);
        return;
    }
    STEMS.with_borrow_mut(|stems| stems.push(word.as_bytes(), word, out));
}

/// The stems of words met lately, each word at one place only: small enough to stay near the processor, where a map of
/// all words would wait for memory at each of them.
struct Stems(Vec<Slot>);

#[derive(Clone, Copy)]
struct Slot {
    word: [u8; LENGTH],
    stem: [u8; LENGTH],
}

/// Longer words are stemmed anew each time; shorter ones end in zeros.
const LENGTH: usize = 24;

const SLOTS: usize = 1 << 13;

impl Stems {
    fn new() -> Self {
        let empty = Slot {
            word: [0; LENGTH],
            stem: [0; LENGTH],
        };
        Self(vec![empty; SLOTS])
    }

    /// Writes the stem of an ASCII word.
    fn push(&mut self, bytes: &[u8], word: &str, out: &mut String) {
        let mut padded = [0; LENGTH];
        let slot = match padded.get_mut(..bytes.len()) {
            Some(place) => {
                place.copy_from_slice(bytes);
                self.0.get_mut(place_of(&padded))
            }
            None => None,
        };
        let Some(slot) = slot else {
            out.push_str(&Stemmer::new(Algorithm::English).stem(word));
            return;
        };
        if slot.word != padded {
            let stem = Stemmer::new(Algorithm::English).stem(word);
            let Some(place) = slot.stem.get_mut(..stem.len()) else {
                out.push_str(&stem);
                return;
            };
            place.copy_from_slice(stem.as_bytes());
            if let Some(rest) = slot.stem.get_mut(stem.len()..) {
                rest.fill(0);
            }
            slot.word = padded;
        }
        let end = slot.stem.iter().position(|byte| *byte == 0).unwrap_or(LENGTH);
        out.push_str(
            slot.stem
                .get(..end)
                .and_then(|stem| std::str::from_utf8(stem).ok())
                .unwrap_or(word),
        );
    }
}

/// Where a word's stem is remembered.
fn place_of(word: &[u8; LENGTH]) -> usize {
    let hash = word.chunks_exact(8).fold(0_u64, |hash, chunk| {
        let mut eight = [0; 8];
        eight.copy_from_slice(chunk);
        (hash.rotate_left(5) ^ u64::from_le_bytes(eight)).wrapping_mul(0x517c_c1b7_2722_0a95)
    });
    usize::try_from(hash >> (64 - SLOTS.ilog2())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_those_of_the_stemmer_however_often_they_are_asked_for() {
        let words: Vec<String> = (0..60_000)
            .map(|number| {
                format!(
                    "{}{}",
                    ["running", "happily", "connection", "x"][number % 4],
                    number / 4
                )
            })
            .chain(
                [
                    "running",
                    "happily",
                    "internationalizations",
                    "antidisestablishmentarianisms",
                ]
                .map(str::to_owned),
            )
            .collect();
        for _ in 0..2 {
            for word in &words {
                assert_eq!(stem(word), Stemmer::new(Algorithm::English).stem(word));
            }
        }
    }
}
