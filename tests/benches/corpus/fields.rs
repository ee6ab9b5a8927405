//! What is short in a record: categories in arXiv's proportions, journals, comments, licences.

use super::random::Random;

/// Primary categories with their weight.
const CATEGORIES: &[(u16, &str)] = &[
    (60, "cs.LG"),
    (58, "cs.CV"),
    (45, "quant-ph"),
    (44, "hep-ph"),
    (38, "hep-th"),
    (34, "cs.CL"),
    (34, "cond-mat.mtrl-sci"),
    (32, "cond-mat.mes-hall"),
    (26, "gr-qc"),
    (26, "astro-ph.GA"),
    (24, "astro-ph.CO"),
    (22, "astro-ph.HE"),
    (21, "cond-mat.str-el"),
    (21, "math.AP"),
    (20, "math.CO"),
    (19, "astro-ph.SR"),
    (19, "cs.AI"),
    (18, "cond-mat.stat-mech"),
    (18, "math.PR"),
    (17, "cs.RO"),
    (16, "math.AG"),
    (16, "cs.IT"),
    (16, "cond-mat.supr-con"),
    (15, "math.NT"),
    (15, "math.OC"),
    (14, "cond-mat.soft"),
    (14, "astro-ph"),
    (13, "physics.optics"),
    (13, "cs.CR"),
    (13, "math.NA"),
    (12, "math.DG"),
    (12, "math-ph"),
    (12, "nucl-th"),
    (11, "astro-ph.EP"),
    (11, "stat.ME"),
    (11, "eess.SY"),
    (10, "math.DS"),
    (10, "hep-ex"),
    (10, "cs.SE"),
    (10, "physics.flu-dyn"),
    (10, "stat.ML"),
    (9, "cs.DS"),
    (9, "eess.IV"),
    (9, "cond-mat.quant-gas"),
    (9, "math.FA"),
    (8, "cs.HC"),
    (8, "math.RT"),
    (8, "hep-lat"),
    (8, "astro-ph.IM"),
    (8, "cs.NI"),
    (8, "physics.soc-ph"),
    (7, "eess.SP"),
    (7, "math.GT"),
    (7, "cs.IR"),
    (7, "math.ST"),
    (7, "cs.DC"),
    (7, "physics.ins-det"),
    (6, "cs.CY"),
    (6, "physics.plasm-ph"),
    (6, "physics.chem-ph"),
    (6, "nucl-ex"),
    (6, "math.GR"),
    (6, "eess.AS"),
    (6, "cs.SD"),
    (5, "cs.LO"),
    (5, "math.CA"),
    (5, "cs.SI"),
    (5, "physics.comp-ph"),
    (4, "math.AT"),
    (4, "math.RA"),
    (4, "cs.GT"),
    (4, "q-bio.NC"),
    (4, "cs.DB"),
    (4, "nlin.SI"),
    (3, "cs.PL"),
    (3, "econ.GN"),
    (3, "q-fin.ST"),
    (3, "math.LO"),
    (3, "nlin.CD"),
    (2, "q-bio.PE"),
    (2, "cs.CG"),
    (1, "stat.CO"),
];

const JOURNALS: &[&str] = &[
    "Phys.Rev.D",
    "Phys. Rev. Lett.",
    "J. Invented Stud.",
    "Astrophys.J.",
    "Phys. Rev. B",
    "JHEP",
    "Mon. Not. R. \
     Astron. Soc.",
    "Commun. Math. Phys.",
    "Trans. Lantern Soc.",
    "Proceedings of the Workshop on Tides",
];

const LICENSES: &[(usize, Option<&str>)] = &[
    (60, Some("http://arxiv.org/licenses/nonexclusive-distrib/1.0/")),
    (20, None),
    (14, Some("http://creativecommons.org/licenses/by/4.0/")),
    (3, Some("http://creativecommons.org/licenses/by-nc-nd/4.0/")),
    (3, Some("http://creativecommons.org/publicdomain/zero/1.0/")),
];

pub fn license(random: &mut Random) -> Option<&'static str> {
    let mut draw = random.below(100);
    for (percent, license) in LICENSES {
        if draw < *percent {
            return *license;
        }
        draw -= percent;
    }
    None
}

pub struct Categories {
    /// Each category as often as its weight.
    weighted: Vec<&'static str>,
}

impl Categories {
    pub fn new() -> Self {
        let many = |(weight, code): &(u16, &'static str)| std::iter::repeat_n(*code, usize::from(*weight));
        Self {
            weighted: CATEGORIES.iter().flat_map(many).collect(),
        }
    }

    /// The primary one first; two of five papers are listed elsewhere as well, mostly in the same archive.
    pub fn draw(&self, random: &mut Random) -> String {
        let primary = random.one(&self.weighted);
        let archive = |code: &'static str| code.split('.').next().unwrap_or(code);
        let mut codes = vec![primary];
        let more = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3][random.below(11)];
        for _ in 0..more {
            let near = (0..6).map(|_| random.one(&self.weighted));
            let near: Vec<_> = near.collect();
            let other = near
                .iter()
                .find(|code| archive(code) == archive(primary))
                .unwrap_or(&near[0]);
            if !codes.contains(other) {
                codes.push(other);
            }
        }
        codes.join(" ")
    }
}

pub fn comment(random: &mut Random) -> Option<String> {
    random.chance(72.0).then(|| {
        let (pages, figures) = (4 + random.below(12) + random.below(30), random.below(15));
        match random.below(4) {
            0 => format!("{pages} pages"),
            1 => format!(
                "{pages} pages, {figures} figures, {} tables, accepted for publication",
                random.below(6)
            ),
            2 => format!(
                "{pages} pages, {figures} figures; v2: references added, matches the published version"
            ),
            _ => format!("{pages} pages, {figures} figures"),
        }
    })
}

pub fn journal(random: &mut Random, year: i32) -> Option<String> {
    random.chance(34.0).then(|| {
        let (volume, page) = (1 + random.below(400), 1 + random.below(9999));
        format!("{} {volume}:{page:06},{year}", random.one(JOURNALS))
    })
}

pub fn doi(random: &mut Random) -> Option<String> {
    random.chance(40.0).then(|| {
        format!(
            "10.{}/invented.{}",
            9000 + random.below(999),
            random.below(10_000_000)
        )
    })
}

pub fn report(random: &mut Random) -> Option<String> {
    random
        .chance(6.0)
        .then(|| format!("TIDE-{:02}-{:03}", random.below(26), random.below(1000)))
}
