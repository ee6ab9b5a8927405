//! The terms of one segment, each with a number.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use crate::model::text::stemmer::stem;

/// Numbers of a token and of its stem in a [`TermDictionary`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TermIds {
    /// The token as it is.
    pub exact: u32,
    /// Its stem, which is a term of its own.
    pub stem: u32,
}

/// Terms in the order of their first occurrence. Each token is stemmed only once.
#[derive(Default)]
pub struct TermDictionary {
    short: HashMap<ShortTerm, TermIds, RandomSeeds>,
    long: HashMap<Box<str>, TermIds>,
    letters: String,
    /// End offset of each term's text in `letters`.
    ends: Vec<usize>,
}

/// Marks a token whose stem has not been computed.
const NO_STEM: u32 = u32::MAX;

impl TermDictionary {
    /// Numbers of a token and of its stem, adding both if they are new.
    pub fn token(&mut self, text: &str) -> TermIds {
        let word = self.entry(text);
        if word.stem != NO_STEM {
            return *word;
        }
        let exact = word.exact;
        let stem = self.entry(&stem(text)).exact;
        *self.entry(text) = TermIds { exact, stem };
        TermIds { exact, stem }
    }

    /// Number of a term that is not stemmed, added if it is new.
    pub fn term_id(&mut self, text: &str) -> u32 {
        self.entry(text).exact
    }

    /// Number of terms. Every term's number is smaller.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Text of a term.
    pub fn text(&self, number: u32) -> &str {
        let number = number as usize;
        let begin = number.checked_sub(1).and_then(|before| self.ends.get(before));
        let range = self.ends.get(number).map(|end| begin.copied().unwrap_or(0)..*end);
        range
            .and_then(|range| self.letters.get(range))
            .unwrap_or_default()
    }

    /// Approximate memory in bytes.
    pub fn size(&self) -> usize {
        // A growing table exists twice while it is copied.
        let short = 2 * self.short.capacity() * (size_of::<(ShortTerm, TermIds)>() + 1);
        let long = self.long.capacity() * (size_of::<(Box<str>, TermIds)>() + 2 * MAX_SHORT);
        short + long + self.letters.len() + self.ends.len() * size_of::<usize>()
    }

    fn entry(&mut self, text: &str) -> &mut TermIds {
        let Self {
            short,
            long,
            letters,
            ends,
        } = self;
        let new = || {
            let exact = u32::try_from(ends.len()).unwrap_or(NO_STEM);
            letters.push_str(text);
            ends.push(letters.len());
            TermIds { exact, stem: NO_STEM }
        };
        match ShortTerm::of(text) {
            Some(text) => short.entry(text).or_insert_with(new),
            None => long.entry(text.into()).or_insert_with(new),
        }
    }
}

/// Longest inline token in bytes; nearly all tokens are shorter.
const MAX_SHORT: usize = 23;

/// A short token and its length packed into integers, which are compared and hashed faster than a string.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ShortTerm(u64, u64, u64);

impl ShortTerm {
    fn of(text: &str) -> Option<Self> {
        let mut bytes = [0; MAX_SHORT + 1];
        let (letters, length) = bytes.split_at_mut(MAX_SHORT);
        letters.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        length.fill(u8::try_from(text.len()).ok()?);
        let number = |at: usize| {
            let eight = bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok());
            u64::from_le_bytes(eight.unwrap_or_default())
        };
        Some(Self(number(0), number(8), number(16)))
    }
}

/// A hasher for [`ShortTerm`], seeded by the standard library's random numbers so that no text can be made to collide.
#[derive(Clone)]
struct RandomSeeds {
    first: u64,
    factor: u64,
}

impl Default for RandomSeeds {
    fn default() -> Self {
        let random = RandomState::new();
        Self {
            first: random.hash_one(0),
            factor: random.hash_one(1) | 1,
        }
    }
}

impl BuildHasher for RandomSeeds {
    type Hasher = FoldedMultiplyHasher;

    fn build_hasher(&self) -> FoldedMultiplyHasher {
        FoldedMultiplyHasher {
            hash: self.first,
            factor: self.factor,
        }
    }
}

struct FoldedMultiplyHasher {
    hash: u64,
    factor: u64,
}

impl Hasher for FoldedMultiplyHasher {
    /// Folds both halves of the product, so that every input bit affects every bit of the hash.
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
            let mut dictionary = TermDictionary::default();
            let numbers: Vec<TermIds> = words.iter().map(|word| dictionary.token(word)).collect();
            for (text, word) in words.iter().zip(&numbers) {
                prop_assert_eq!(dictionary.text(word.exact), text);
                prop_assert_eq!(dictionary.text(word.stem), stem(text));
            }
            let known = dictionary.len();
            for (text, word) in words.iter().zip(numbers) {
                prop_assert_eq!(dictionary.term_id(text), word.exact);
                prop_assert_eq!(dictionary.token(text), word);
            }
            prop_assert_eq!(dictionary.len(), known);
        }
    }

    #[test]
    fn a_stem_is_one_word_whoever_has_it() {
        let mut dictionary = TermDictionary::default();
        let stems = ["running", "runs", "run"].map(|word| dictionary.token(word).stem);
        assert_eq!(stems, [dictionary.term_id("run"); 3]);
        assert_eq!(dictionary.len(), 3);
    }
}
