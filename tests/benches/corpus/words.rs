//! The vocabulary: a head of English words as frequent as in arXiv's abstracts, and a tail of invented ones, 500,000
//! stems in four inflections each. The tail's slope gives 5,900 different words in the first 27,000 and 10,800 in the
//! first 71,000; as many of arXiv's own have 4,500 and 7,500.

use std::collections::HashSet;

use super::random::{Bent, Random};

const STEMS: usize = 500_000;
/// The rank of the first stem of the tail: it occurs in about one abstract of twenty, like the last of the head.
const FIRST_RANK: usize = 130;
/// The rank from which on words are rarer than by Zipf's law, and by which power of it.
const BEND: usize = 400;
const POWER: f64 = 1.7;
/// The resolution of the shares of the text.
const SLOTS: usize = 1 << 15;
/// Words in an abstract of middle length.
const WORDS: f64 = 140.0;

/// Words with their frequency in a thousand words of text.
const FUNCTION: &[(f64, &str)] = &[
    (62.0, "the"),
    (41.0, "of"),
    (31.0, "and"),
    (23.0, "a"),
    (22.0, "in"),
    (20.0, "to"),
    (14.0, "we"),
    (13.0, "for"),
    (12.0, "that is"),
    (10.0, "with"),
    (9.0, "on"),
    (8.0, "by this are"),
    (7.0, "as"),
    (6.0, "an from which"),
    (5.0, "can our be"),
    (4.0, "at"),
    (3.0, "it these have has between also"),
    (2.0, "or not such than its their more where while but been both"),
    (
        1.0,
        "when how into under only all other some one any most may then they there however no each",
    ),
    (
        0.5,
        "here over about if so via very through many much will since whether was were them further",
    ),
];

/// Words with the number of abstracts in a hundred that contain them; two that belong together are adjacent.
const CONTENT: &[(f64, &str)] = &[
    (36.0, "using"),
    (34.0, "show model"),
    (32.0, "results"),
    (26.0, "based"),
    (22.0, "new data paper models"),
    (20.0, "two"),
    (18.0, "study method time"),
    (16.0, "propose learning approach present"),
    (
        14.0,
        "different analysis system systems performance problem first used high methods",
    ),
    (12.0, "proposed number state theory large order work"),
    (
        10.0,
        "field energy quantum find function information structure space set general demonstrate provide",
    ),
    (
        8.0,
        "networks network functions algorithm case due found obtained states framework training effect",
    ),
    (
        8.0,
        "effects phase well given existing properties recent possible small finite single local",
    ),
    (
        7.0,
        "neural_network neural_networks machine_learning magnetic_field deep_learning state-of-the-art",
    ),
    (
        6.0,
        "algorithms applications parameters distribution low key important simple experiments task tasks",
    ),
    (
        6.0,
        "dynamics process observed measurements group solution solutions equation equations result shown",
    ),
    (
        5.0,
        "show_that in_order_to black_hole large_language_models ground_state phase_transition in_particular",
    ),
    (
        5.0,
        "spectrum density temperature optimal random linear complex dimensional application physical range",
    ),
    (
        5.0,
        "images image features experimental numerical simulations evaluation prediction interaction spin",
    ),
    (
        4.0,
        "star_formation dark_matter standard_model upper_bound monte_carlo differential_equations",
    ),
    (
        4.0,
        "graph graphs groups classical stochastic theorem proof conditions bounds error noise scale length",
    ),
    (
        3.0,
        "reinforcement_learning gravitational_waves convolutional_neural_networks open_source",
    ),
    (
        3.0,
        "galaxies stars clusters emission particle particles decay mass masses symmetry algebra algebras",
    ),
    (2.0, "schr\\\"odinger_equation k\\\"ahler_manifolds"),
];

const ONSETS: &[&str] = &[
    "b", "c", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "b", "c", "d", "f", "l", "m",
    "n", "p", "r", "s", "t", "br", "cl", "cr", "dr", "gr", "ph", "pl", "pr", "sp", "st", "th", "tr", "qu",
    "z",
];
const NUCLEI: &[&str] = &["a", "e", "i", "o", "u", "a", "e", "i", "o", "u", "ea", "io", "ou"];
const CODAS: &[&str] = &["", "", "", "", "", "n", "r", "l", "s", "t", "m", "nd", "ct", "x"];
const INFLECTIONS: &[[&str; 4]] = &[
    ["", "s", "ed", "ing"],
    ["", "s", "al", "ally"],
    ["ation", "ations", "ate", "ated"],
    ["", "s", "er", "ers"],
];

/// The vocabulary.
pub struct Words {
    head: Vec<&'static str>,
    /// For each slot of the text the head's word in it, or `None` for a word of the tail.
    slots: Vec<u16>,
    tail: String,
    ends: Vec<u32>,
    stems: Bent,
}

impl Words {
    pub fn new() -> Self {
        let (head, slots) = head();
        let (tail, ends) = tail(STEMS, 0);
        Self {
            head,
            slots,
            tail,
            ends,
            stems: Bent::new(FIRST_RANK, BEND, FIRST_RANK + STEMS, POWER),
        }
    }

    /// A word of running text, and its ending; several in a row are joined by underscores.
    pub fn draw(&self, random: &mut Random) -> (&str, &'static str) {
        let slot = usize::from(self.slots[random.below(SLOTS)]);
        if let Some(known) = self.head.get(slot) {
            return (known, "");
        }
        let stem = self.stems.place(random);
        let form = [0, 0, 0, 0, 0, 1, 1, 1, 2, 3][random.below(10)];
        (
            nth(&self.tail, &self.ends, stem),
            INFLECTIONS[stem % INFLECTIONS.len()][form],
        )
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shares of a small number"
)]
fn head() -> (Vec<&'static str>, Vec<u16>) {
    let function = FUNCTION.iter().map(|(share, words)| (share / 1000.0, words));
    // A word that each of WORDS words is with this chance is missing from all of them with (1 - chance)^WORDS.
    let content = CONTENT
        .iter()
        .map(|(papers, words)| (1.0 - (1.0 - papers / 100.0).powf(1.0 / WORDS), words));
    let (mut head, mut slots) = (Vec::new(), Vec::new());
    for (share, words) in function.chain(content) {
        for word in words.split(' ') {
            let many = (share * SLOTS as f64).round() as usize;
            slots.extend(std::iter::repeat_n(head.len() as u16, many));
            head.push(word);
        }
    }
    assert!(slots.len() < SLOTS, "the head leaves room for the tail");
    slots.resize(SLOTS, u16::MAX);
    (head, slots)
}

/// So many different pronounceable words, the first of them short, one after another, and where each ends.
pub fn tail(count: usize, seed: u64) -> (String, Vec<u32>) {
    let mut random = Random::of(seed, 0);
    let (mut all, mut ends, mut known) = (String::new(), Vec::new(), HashSet::new());
    while ends.len() < count {
        let mut word = String::new();
        let syllables =
            2 + usize::from(random.below(count) < ends.len() / 2) + usize::from(random.below(8) == 0);
        for _ in 0..syllables {
            for part in [ONSETS, NUCLEI, CODAS] {
                word.push_str(random.one(part));
            }
        }
        if known.insert(word.clone()) {
            all.push_str(&word);
            ends.push(u32::try_from(all.len()).unwrap_or_default());
        }
    }
    (all, ends)
}

/// The word at this place of what [`tail`] gives.
pub fn nth<'a>(all: &'a str, ends: &[u32], at: usize) -> &'a str {
    let begin = if at == 0 { 0 } else { ends[at - 1] };
    &all[begin as usize..ends[at] as usize]
}
