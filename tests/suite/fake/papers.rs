//! Invented papers, in every form arXiv has them.

use chrono::{DateTime, Duration, NaiveDate, Utc};

/// A paper that does not exist.
#[derive(Clone, Debug)]
pub struct Invented {
    /// Without version.
    pub id: String,
    /// When each version was submitted; the first is `published`.
    pub versions: Vec<DateTime<Utc>>,
    pub title: String,
    /// Names, each with its affiliations.
    pub authors: Vec<(String, Vec<String>)>,
    pub abstract_text: String,
    /// The first is the primary one.
    pub categories: Vec<String>,
    pub comment: Option<String>,
    pub journal_ref: Option<String>,
    pub dois: Vec<String>,
}

impl Invented {
    /// A paper with one version, submitted on `day` (`2025-01-02`), one author and an abstract.
    pub fn new(id: &str, day: &str, title: &str, categories: &[&str]) -> Self {
        Self {
            id: id.to_owned(),
            versions: vec![noon(day)],
            title: title.to_owned(),
            authors: vec![("Ada Example".to_owned(), Vec::new())],
            abstract_text: format!("We invent {id} and find that it does what it was invented for."),
            categories: categories.iter().map(|&code| code.to_owned()).collect(),
            comment: None,
            journal_ref: None,
            dois: Vec::new(),
        }
    }

    /// A further version, submitted on `day`.
    pub fn version(mut self, day: &str) -> Self {
        self.versions.push(noon(day));
        self
    }

    /// These authors, without affiliations.
    pub fn authors(mut self, names: &[&str]) -> Self {
        self.authors = names.iter().map(|&name| (name.to_owned(), Vec::new())).collect();
        self
    }

    /// One author more, with affiliations.
    pub fn author_at(mut self, name: &str, affiliations: &[&str]) -> Self {
        let affiliations = affiliations.iter().map(|&place| place.to_owned()).collect();
        self.authors.push((name.to_owned(), affiliations));
        self
    }

    /// This abstract.
    pub fn abstract_text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.abstract_text);
        self
    }

    /// This comment.
    pub fn comment(mut self, text: &str) -> Self {
        self.comment = Some(text.to_owned());
        self
    }

    /// This journal reference.
    pub fn journal_ref(mut self, text: &str) -> Self {
        self.journal_ref = Some(text.to_owned());
        self
    }

    /// One publisher's DOI more.
    pub fn doi(mut self, doi: &str) -> Self {
        self.dois.push(doi.to_owned());
        self
    }

    /// The submission of the first version.
    pub fn published(&self) -> DateTime<Utc> {
        self.versions[0]
    }
}

fn noon(day: &str) -> DateTime<Utc> {
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").unwrap();
    day.and_hms_opt(12, 0, 0).unwrap().and_utc()
}

/// A dozen papers; the title or the identifier of each says what it is for.
pub fn some() -> Vec<Invented> {
    let crowd: Vec<String> = (1..=300).map(|n| format!("Member {n} of the Crowd")).collect();
    let crowd: Vec<&str> = crowd.iter().map(String::as_str).collect();
    vec![
        Invented::new(
            "2501.00001",
            "2025-01-02",
            "A Plain Paper about Language Models",
            &["cs.CL"],
        ),
        Invented::new(
            "2501.00002",
            "2025-01-03",
            "Sparse Experts, Thrice Revised",
            &["cs.CL", "cs.LG", "stat.ML"],
        )
        .version("2025-02-01")
        .version("2025-06-30")
        .authors(&["Bo Sample", "Chen Muster", "María José Núñez"])
        .comment("12 pages, 3 figures; code at https://example.org/experts")
        .journal_ref("J. Invent. Res. 7 (2025) 1-12")
        .doi("10.1234/invented.2025.7")
        .doi("10.1234/invented.2025.8"),
        Invented::new("2104.00003", "2021-04-05", "0", &["math.NA"]),
        Invented::new(
            "1802.00004",
            "2018-02-06",
            r#"On $\mathcal{N}=4$ Super-Schr\"odinger Operators & the $L^2$ Norm"#,
            &["math.AP", "math-ph"],
        )
        .authors(&[r"J. Erd\H{o}s", r"{\L}. Kowalski"])
        .abstract_text("Let $a < b$ and $x \\in \\mathbb{R}^n$;\n  then  \"everything\" follows & more."),
        Invented::new(
            "2405.00005",
            "2024-05-07",
            "大语言模型的稀疏注意力：一个虚构的研究",
            &["cs.CL", "cs.AI"],
        )
        .authors(&["李 明", "王小红"]),
        Invented::new(
            "2309.00006",
            "2023-09-08",
            "Hostile \u{1b}[31mRed\u{1b}[0m and \u{202e}desrever\u{202c} \u{200b}Title\u{7}",
            &["cs.CR"],
        )
        .comment("\u{2066}isolated\u{2069} \u{9b}2J =HYPERLINK(\"https://example.org\")"),
        Invented::new(
            "2207.00007",
            "2022-07-09",
            "Three Hundred Authors and One Result",
            &["hep-ex", "hep-th"],
        )
        .authors(&crowd),
        Invented::new(
            "hep-th/9901001",
            "1999-01-04",
            "An Old Paper on Branes",
            &["hep-th"],
        )
        .version("1999-03-01")
        .journal_ref("Nucl.Invent. B1 (1999) 23")
        .doi("10.1016/S0000-0000(99)00001-1"),
        Invented::new(
            "math/0309008",
            "2003-09-01",
            "An Old Paper on Groups",
            &["math.GR", "math.NA"],
        ),
        Invented::new(
            "0704.0009",
            "2007-04-02",
            "The First Month of the New Numbers",
            &["astro-ph"],
        )
        .authors(&[])
        .author_at(
            "Affiliated One",
            &["University of Nowhere", "Institute of Nothing"],
        )
        .author_at("Affiliated Two", &["University of Nowhere"]),
        Invented::new(
            "2606.00010",
            "2026-04-30",
            "Submitted in April, Numbered in June",
            &["cs.LG"],
        ),
        Invented::new("2412.00011", "2024-12-11", "A Withdrawn Claim", &["cs.LG"])
            .version("2024-12-20")
            .comment("This paper has been withdrawn by the author due to an error in Lemma 2"),
    ]
}

/// So many papers by rule: submitted at even distances over the ten years from 2015, with categories and words in
/// turn, so that a slice of the years contains its share of them.
pub fn many(count: usize) -> Vec<Invented> {
    let begin = noon("2015-01-01");
    let step = Duration::days(3650) / i32::try_from(count.max(1)).unwrap();
    let mut month = String::new();
    let mut number = 0;
    (0..count)
        .map(|at| {
            let date = begin + step * i32::try_from(at).unwrap();
            let of = date.format("%y%m").to_string();
            number = if of == month { number + 1 } else { 1 };
            month = of;
            let primary = ["cs.CL", "cs.LG", "cs.AI"][at % 3];
            let word = ["amber", "basalt", "cedar", "dune", "ember"][at % 5];
            let title = format!("Notes on {word}, part {at}");
            let mut paper = Invented::new(&format!("{month}.{number:05}"), "2015-01-01", &title, &[primary]);
            paper.versions = vec![date];
            paper
        })
        .collect()
}
