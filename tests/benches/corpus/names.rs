//! Authors: one to a thousand a paper, families by Zipf's law, some with TeX's accents.

use super::random::{Random, Zipf};
use super::words::{nth, tail};

const FAMILIES: usize = 60_000;

const COMMON: &[&str] = &[
    "Wang",
    "Zhang",
    "Li",
    "Liu",
    "Chen",
    "Yang",
    "Kim",
    "Lee",
    "Singh",
    "Kumar",
    "Smith",
    "Huang",
    "Wu",
    "Zhao",
    "Xu",
    "Zhou",
    "Sun",
    "Lin",
    "Zhu",
    "Johnson",
    "Brown",
    "Miller",
    "Martin",
    "Rossi",
    "Sato",
    "Suzuki",
    "Ivanov",
    "Silva",
    "Jones",
    "Das",
    "Park",
    "Gupta",
    "van der Berg",
    "de la Cruz",
    "Schmidt",
    "Nguyen",
    "Tanaka",
    "Roy",
];
const GIVEN: &[&str] = &[
    "Wei",
    "Anna",
    "Yang",
    "Maria",
    "Jun",
    "David",
    "Michael",
    "Jing",
    "Thomas",
    "Peter",
    "Xin",
    "Elena",
    "Paul",
    "Hiroshi",
    "Laura",
    "Rahul",
    "Daniel",
    "Yu",
    "Sofia",
    "Lei",
    "Martin",
    "Priya",
    "Andrea",
    "Min",
    "Jean-Pierre",
    "Olga",
    "Ahmed",
    "Ivan",
    "Sara",
    "Robert",
    "Hao",
    "Katarzyna",
    "Marco",
    "Ling",
    "Stefan",
    "Juan",
    "Emma",
    "Bo",
];
/// As arXiv's form has them, and as they are parsed.
const ACCENTED: &[(&str, &str)] = &[
    (r#"M\"uller"#, "Müller"),
    (r"Garc\'ia", "García"),
    (r#"Schr\"oder"#, "Schröder"),
    (r"Nov\'ak", "Novák"),
    (r"L\'evy", "Lévy"),
    (r"P\'erez", "Pérez"),
    (r"Mu\~noz", "Muñoz"),
    (r"Fran\c{c}ois", "François"),
    (r"Dvo\v{r}\'ak", "Dvořák"),
    (r#"B\"ohm"#, "Böhm"),
];

/// An author: the name as it is typed, and its parts.
pub struct Author {
    pub typed: String,
    pub family: String,
    pub given: String,
}

pub struct Names {
    families: String,
    ends: Vec<u32>,
    common: Zipf,
    rare: Zipf,
    dozens: Zipf,
    hundreds: Zipf,
}

impl Names {
    pub fn new() -> Self {
        let (families, ends) = tail(FAMILIES, 1);
        Self {
            families,
            ends,
            common: Zipf::new(4, 4 + COMMON.len()),
            rare: Zipf::new(100, 100 + FAMILIES),
            dozens: Zipf::new(11, 41),
            hundreds: Zipf::new(41, 1001),
        }
    }

    pub fn draw(&self, random: &mut Random) -> Author {
        let given = given(random);
        let (typed, family) = match random.below(100) {
            0..30 => {
                let common = COMMON[self.common.place(random)];
                (common.to_owned(), common.to_owned())
            }
            30..34 => {
                let (typed, family) = random.one(ACCENTED);
                (typed.to_owned(), family.to_owned())
            }
            _ => {
                let at = self.rare.place(random);
                let mut family = nth(&self.families, &self.ends, at).to_owned();
                family[..1].make_ascii_uppercase();
                (family.clone(), family)
            }
        };
        Author {
            typed: format!("{given} {typed}"),
            family,
            given,
        }
    }

    /// How many authors a paper has: three in the middle, about five on the average, hundreds once in a thousand.
    pub fn how_many(&self, random: &mut Random) -> usize {
        match random.below(1000) {
            0..170 => 1,
            170..385 => 2,
            385..580 => 3,
            580..725 => 4,
            725..825 => 5,
            825..890 => 6,
            890..960 => 7 + random.below(4),
            960..999 => self.dozens.draw(random),
            _ => self.hundreds.draw(random),
        }
    }
}

fn given(random: &mut Random) -> String {
    let name = random.one(GIVEN);
    match random.below(10) {
        0..4 => name.to_owned(),
        4..8 => format!("{}.", &name[..1]),
        8 => format!("{}. {}.", &name[..1], &random.one(GIVEN)[..1]),
        _ => format!("{name} {}.", &random.one(GIVEN)[..1]),
    }
}
