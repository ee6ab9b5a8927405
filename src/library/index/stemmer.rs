//! Words cut to their English stems.

use frostem::{Algorithm, Stemmer};

/// The stem of a folded word. What is no English stays as it is.
pub fn stem(word: &str) -> String {
    if !word.is_ascii() || word.len() < 3 {
        return word.to_owned();
    }
    Stemmer::new(Algorithm::English).stem(word).into_owned()
}

/// Endings that words have and their stems lack.
const ENDINGS: [&str; 60] = [
    "s",
    "es",
    "ies",
    "ed",
    "ied",
    "edly",
    "ing",
    "ings",
    "ingly",
    "er",
    "ers",
    "ly",
    "ion",
    "ions",
    "ation",
    "ations",
    "ational",
    "ationally",
    "ator",
    "ators",
    "ate",
    "ates",
    "ated",
    "ating",
    "ize",
    "izes",
    "ized",
    "izer",
    "izing",
    "ization",
    "izations",
    "al",
    "ally",
    "ality",
    "ance",
    "ances",
    "ence",
    "ences",
    "able",
    "ible",
    "ability",
    "ibility",
    "ive",
    "ively",
    "iveness",
    "ivity",
    "ful",
    "fully",
    "fulness",
    "ous",
    "ously",
    "ousness",
    "ment",
    "ments",
    "ness",
    "less",
    "ity",
    "ities",
    "ic",
    "ical",
];

/// Stems that words which begin so have and that do not begin so: of `computatio`, `comput`. It is completed by every
/// ending that it may have begun, so there can be some that no word of that beginning has.
pub fn stems_of_beginning(beginning: &str) -> Vec<String> {
    let completed = ENDINGS.iter().flat_map(|ending| {
        let begun = (1..=ending.len()).filter(|at| beginning.ends_with(&ending[..*at]));
        begun.map(|at| stem(&format!("{beginning}{}", &ending[at..])))
    });
    let mut stems: Vec<String> = completed.filter(|stem| !stem.starts_with(beginning)).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
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
    fn a_beginning_leads_to_stems_that_are_shorter() {
        for (beginning, stem) in [
            ("computat", "comput"),
            ("computati", "comput"),
            ("computatio", "comput"),
            ("computation", "comput"),
            ("computationall", "comput"),
            ("relationa", "relat"),
            ("optimiz", "optim"),
            ("transforme", "transform"),
            ("learni", "learn"),
            ("possibili", "possibl"),
            ("effectivene", "effect"),
            ("studie", "studi"),
        ] {
            let stems = stems_of_beginning(beginning);
            assert!(stems.iter().any(|one| one == stem), "{beginning}: {stems:?}");
            assert!(stems.len() < 4, "{beginning}: {stems:?}");
        }
        for beginning in ["quer", "neura", "connect", "stud", "comput", "a", "2", "中", "é"] {
            assert!(stems_of_beginning(beginning).is_empty(), "{beginning}");
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
