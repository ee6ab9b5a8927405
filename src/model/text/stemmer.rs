//! The English stemmer of the search index and of queries.

use frostem::{Algorithm, Stemmer};

/// The stem of a folded word. A word that is not ASCII is not English and stays as it is.
#[must_use]
pub fn stem(word: &str) -> String {
    if !word.is_ascii() || word.len() < 3 {
        return word.to_owned();
    }
    Stemmer::new(Algorithm::English).stem(word).into_owned()
}

/// Suffixes that stemming removes.
const SUFFIXES: [&str; 60] = [
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

/// Stems of words that start with `prefix` although the stem does not: `comput` for `computatio`. The prefix is
/// completed with every suffix that it may have started, so the result may contain stems of no such word.
#[must_use]
pub fn stems_of_prefix(prefix: &str) -> Vec<String> {
    let completed = SUFFIXES.iter().flat_map(|suffix| {
        let begun = (1..=suffix.len()).filter(|at| prefix.ends_with(&suffix[..*at]));
        begun.map(|at| stem(&format!("{prefix}{}", &suffix[at..])))
    });
    let mut stems: Vec<String> = completed.filter(|stem| !stem.starts_with(prefix)).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// Whether a folded word has this stem.
#[must_use]
pub fn has_stem(word: &str, wanted: &str) -> bool {
    // Comparing the first byte rejects most words without stemming: an English stem starts as its words do.
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
        for (prefix, stem) in [
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
            let stems = stems_of_prefix(prefix);
            assert!(stems.iter().any(|one| one == stem), "{prefix}: {stems:?}");
            assert!(stems.len() < 4, "{prefix}: {stems:?}");
        }
        for prefix in ["quer", "neura", "connect", "stud", "comput", "a", "2", "中", "é"] {
            assert!(stems_of_prefix(prefix).is_empty(), "{prefix}");
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
