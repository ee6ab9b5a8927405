//! Words cut to their English stems.

use frostem::{Algorithm, Stemmer};

/// The stem of a folded word. What is no English stays as it is.
pub fn stem(word: &str) -> String {
    if !word.is_ascii() || word.len() < 3 {
        return word.to_owned();
    }
    Stemmer::new(Algorithm::English).stem(word).into_owned()
}

/// Whether a folded word has this stem.
pub fn has_stem(word: &str, wanted: &str) -> bool {
    // English stems begin as their words do, and most words begin otherwise.
    word.as_bytes().first() == wanted.as_bytes().first() && stem(word) == wanted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_word_has_its_stem(word in "[a-z]{1,12}|[a-z]{2,6}(s|ies|ied|ing|ed|ly|ational)|[a-z0-9éß中]{0,6}") {
            prop_assert!(has_stem(&word, &stem(&word)));
        }
    }

    #[test]
    fn a_word_has_no_other_stem() {
        assert_eq!(stem("networks"), "network");
        assert!(has_stem("networks", "network"));
        assert!(!has_stem("networks", "networks"));
        assert!(!has_stem("networks", ""));
        assert!(!has_stem("", "network"));
        assert!(has_stem("中", "中"));
    }
}
