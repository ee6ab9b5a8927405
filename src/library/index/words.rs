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
#[derive(Clone)]
pub struct Words {
    /// Whether words are cut to their stems.
    stemmed: bool,
    /// Kept from text to text: a record has dozens, most of them names.
    folded: String,
    token: Token,
}

impl Words {
    /// Cuts words to their stems, or leaves them as they are.
    pub fn new(stemmed: bool) -> Self {
        Self {
            stemmed,
            folded: String::new(),
            token: Token::default(),
        }
    }
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, given: &'a str) -> Stream<'a> {
        self.folded.clear();
        text::fold_into(given, &mut self.folded);
        self.token.reset();
        Stream { words: self, at: 0 }
    }
}

/// The words of one text.
pub struct Stream<'a> {
    words: &'a mut Words,
    at: usize,
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Words {
            stemmed,
            folded,
            token,
        } = &mut *self.words;
        loop {
            let rest = folded.get(self.at..).unwrap_or_default();
            let Some((word, _)) = text::pieces(rest).next() else {
                return false;
            };
            let from = self.at + (word.as_ptr() as usize - rest.as_ptr() as usize);
            self.at = from + word.len();
            token.position = token.position.wrapping_add(1);
            if word.len() > LONGEST {
                continue;
            }
            token.offset_from = from;
            token.offset_to = self.at;
            token.text.clear();
            if *stemmed {
                push_stem(word, &mut token.text);
            } else {
                token.text.push_str(word);
            }
            return true;
        }
    }

    fn token(&self) -> &Token {
        &self.words.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.words.token
    }
}

/// The stem of a folded word.
pub fn stem(word: &str) -> String {
    let mut stem = String::new();
    push_stem(word, &mut stem);
    stem
}

fn push_stem(word: &str, out: &mut String) {
    if !word.is_ascii() || word.len() < 3 || word.bytes().next_back().is_some_and(stays) {
        out.push_str(word);
        return;
    }
    STEMS.with_borrow_mut(|stems| stems.push(word, out));
}

/// Whether English stems cut nothing off words that end so: no ending that they know does.
fn stays(last: u8) -> bool {
    matches!(
        last,
        b'0'..=b'9'
            | b'a'
            | b'b'
            | b'f'
            | b'h'
            | b'j'
            | b'k'
            | b'o'
            | b'p'
            | b'q'
            | b'u'
            | b'v'
            | b'w'
            | b'x'
            | b'z'
    )
}

/// The stems of words met lately, each word at one place only: small enough to stay near the processor, where a map of
/// all words would wait for memory at each of them.
struct Stems(Vec<Slot>);

/// A word, and its stem as what is kept of the word and what is added to that: half a line of the processor's cache.
#[derive(Clone, Copy)]
#[repr(align(32))]
struct Slot {
    word: Packed,
    kept: u8,
    added: [u8; ADDED],
}

/// Longer words are stemmed anew each time.
const LENGTH: usize = 24;

/// The letters of a word, and zeros after them.
type Packed = [u64; LENGTH / 8];

/// English stems add three letters at most (`skies` is `sky`, `relational` is `relate`); shorter ends are followed by
/// zeros.
const ADDED: usize = 7;

const SLOTS: usize = 1 << 16;

impl Stems {
    fn new() -> Self {
        let empty = Slot {
            word: [0; LENGTH / 8],
            kept: 0,
            added: [0; ADDED],
        };
        Self(vec![empty; SLOTS])
    }

    /// Writes the stem of an ASCII word.
    fn push(&mut self, word: &str, out: &mut String) {
        let packed = packed(word);
        let slot = packed.and_then(|packed| self.0.get_mut(place_of(&packed)));
        match slot {
            Some(slot) if Some(slot.word) == packed => slot.push(word, out),
            slot => {
                let stem = Stemmer::new(Algorithm::English).stem(word);
                out.push_str(&stem);
                if let Some((slot, stemmed)) = slot.zip(Slot::of(word, &stem)) {
                    *slot = stemmed;
                }
            }
        }
    }
}

impl Slot {
    /// None where it does not fit.
    fn of(word: &str, stem: &str) -> Option<Self> {
        let same = word.bytes().zip(stem.bytes()).take_while(|(a, b)| a == b);
        let kept = same.count();
        let end = stem.as_bytes().get(kept..)?;
        let mut added = [0; ADDED];
        added.get_mut(..end.len())?.copy_from_slice(end);
        Some(Self {
            word: packed(word)?,
            kept: u8::try_from(kept).ok()?,
            added,
        })
    }

    fn push(&self, word: &str, out: &mut String) {
        out.push_str(word.get(..usize::from(self.kept)).unwrap_or_default());
        let added = self.added.iter().take_while(|byte| **byte != 0);
        out.extend(added.map(|byte| char::from(*byte)));
    }
}

/// A word as numbers, which are compared and hashed at once.
fn packed(word: &str) -> Option<Packed> {
    let mut packed = [0; LENGTH / 8];
    if word.len() > LENGTH {
        return None;
    }
    for (number, eight) in packed.iter_mut().zip(word.as_bytes().chunks(8)) {
        *number = eight
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
    }
    Some(packed)
}

/// Where a word's stem is remembered.
fn place_of(word: &Packed) -> usize {
    let hash = word.iter().fold(0_u64, |hash, eight| {
        (hash.rotate_left(5) ^ eight).wrapping_mul(0x517c_c1b7_2722_0a95)
    });
    usize::try_from(hash >> (64 - SLOTS.ilog2())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_stays_is_its_own_stem(word in "[a-z0-9]{2,14}[a-z0-9]") {
            prop_assert_eq!(stem(&word), Stemmer::new(Algorithm::English).stem(&word));
        }
    }

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
