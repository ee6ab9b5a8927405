//! The words of one segment, each with a number.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use super::stemmer::stem;

/// A word and its stem, as numbers that [`Vocabulary::text`] knows the texts of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word {
    /// The word as it is.
    pub itself: u32,
    /// Its stem, which is a word as well.
    pub stem: u32,
}

/// Words met so far. A word is stemmed once, however often it stands somewhere.
#[derive(Default)]
pub struct Vocabulary {
    short: HashMap<Short, Word, Seeds>,
    long: HashMap<Box<str>, Word>,
    letters: String,
    /// Where in the letters each number's word ends.
    ends: Vec<usize>,
}

/// The stem of a word that was not asked for yet.
const UNKNOWN: u32 = u32::MAX;

impl Vocabulary {
    /// A word and its stem.
    pub fn word(&mut self, text: &str) -> Word {
        let word = self.met(text);
        if word.stem != UNKNOWN {
            return *word;
        }
        let itself = word.itself;
        let stem = self.met(&stem(text)).itself;
        *self.met(text) = Word { itself, stem };
        Word { itself, stem }
    }

    /// The number of a text that is taken as it is.
    pub fn number(&mut self, text: &str) -> u32 {
        self.met(text).itself
    }

    /// How many there are: their numbers are smaller.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a number.
    pub fn text(&self, number: u32) -> &str {
        let number = number as usize;
        let begin = number.checked_sub(1).and_then(|before| self.ends.get(before));
        let range = self.ends.get(number).map(|end| begin.copied().unwrap_or(0)..*end);
        range
            .and_then(|range| self.letters.get(range))
            .unwrap_or_default()
    }

    /// Bytes of memory, about.
    pub fn size(&self) -> usize {
        // A map that is full is copied into a larger one.
        let short = 2 * self.short.capacity() * (size_of::<(Short, Word)>() + 1);
        let long = self.long.capacity() * (size_of::<(Box<str>, Word)>() + 2 * LENGTH);
        short + long + self.letters.len() + self.ends.len() * size_of::<usize>()
    }

    fn met(&mut self, text: &str) -> &mut Word {
        let Self {
            short,
            long,
            letters,
            ends,
        } = self;
        let new = || {
            let itself = u32::try_from(ends.len()).unwrap_or(UNKNOWN);
            letters.push_str(text);
            ends.push(letters.len());
            Word {
                itself,
                stem: UNKNOWN,
            }
        };
        match Short::of(text) {
            Some(text) => short.entry(text).or_insert_with(new),
            None => long.entry(text.into()).or_insert_with(new),
        }
    }
}

/// The most bytes of a short word, which nearly all are.
const LENGTH: usize = 23;

/// A short word and its length as numbers, which are compared and hashed at once.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Short(u64, u64, u64);

impl Short {
    fn of(text: &str) -> Option<Self> {
        let mut bytes = [0; LENGTH + 1];
        let (letters, length) = bytes.split_at_mut(LENGTH);
        letters.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        length.fill(u8::try_from(text.len()).ok()?);
        let number = |at: usize| {
            let eight = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok());
            u64::from_le_bytes(eight.unwrap_or_default())
        };
        Some(Self(number(0), number(8), number(16)))
    }
}

/// Hashes [`Short`]; from the standard library's random numbers, so that nobody can write words that fall together.
#[derive(Clone)]
struct Seeds {
    first: u64,
    factor: u64,
}

impl Default for Seeds {
    fn default() -> Self {
        let random = RandomState::new();
        Self {
            first: random.hash_one(0),
            factor: random.hash_one(1) | 1,
        }
    }
}

impl BuildHasher for Seeds {
    type Hasher = Mixed;

    fn build_hasher(&self) -> Mixed {
        Mixed {
            hash: self.first,
            factor: self.factor,
        }
    }
}

struct Mixed {
    hash: u64,
    factor: u64,
}

impl Hasher for Mixed {
    /// Both halves of the product: each bit of the number has a say in every bit of the hash.
    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.hash ^ number) * u128::from(self.factor);
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
        let low = product as u64;
        self.hash = low ^ u64::try_from(product >> 64).unwrap_or_default();
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn finish(&self) -> u64 {
        self.hash
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_stand_for_their_words(words in vec("[a-cß中\0]{0,26}", 0..200)) {
            let mut vocabulary = Vocabulary::default();
            let numbers: Vec<Word> = words.iter().map(|word| vocabulary.word(word)).collect();
            for (text, word) in words.iter().zip(&numbers) {
                prop_assert_eq!(vocabulary.text(word.itself), text);
                prop_assert_eq!(vocabulary.text(word.stem), stem(text));
            }
            let known = vocabulary.len();
            for (text, word) in words.iter().zip(numbers) {
                prop_assert_eq!(vocabulary.number(text), word.itself);
                prop_assert_eq!(vocabulary.word(text), word);
            }
            prop_assert_eq!(vocabulary.len(), known);
        }
    }

    #[test]
    fn a_stem_is_one_word_whoever_has_it() {
        let mut vocabulary = Vocabulary::default();
        let stems = ["running", "runs", "run"].map(|word| vocabulary.word(word).stem);
        assert_eq!(stems, [vocabulary.number("run"); 3]);
        assert_eq!(vocabulary.len(), 3);
    }
}
