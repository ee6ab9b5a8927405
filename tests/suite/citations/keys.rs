//! Citation keys.

use std::collections::HashSet;

use arxcat::format::{CitationOptions, Format, KeyTemplate};
use arxcat::model::paper::{CatalogEntry, Paper};
use proptest::prelude::*;

use super::{cited, cited_so, paper};

fn keys(papers: &[Paper], citing: CitationOptions) -> Vec<String> {
    let bibtex = cited_so(Format::Bibtex, papers, citing);
    let lines = bibtex.lines().filter_map(|line| line.strip_prefix("@misc{"));
    lines.map(|line| line.trim_end_matches(',').to_owned()).collect()
}

fn by(template: &str) -> CitationOptions {
    CitationOptions {
        key: template.parse().unwrap(),
        ..CitationOptions::default()
    }
}

#[test]
fn a_key_is_surname_year_and_first_significant_word_in_ascii() {
    for (title, author, key) in [
        ("DeepSeek-R1: Incentivizing", "Daya Guo", "guo2020deepseek"),
        ("On the Theory of Everything", "Pál Erdős", "erdos2020theory"),
        (
            "$\\mathcal{N}=4$ Super",
            "Jan van der Berg",
            "vanderberg2020super",
        ),
        ("The A", "{\\L}ukasz Stra{\\ss}e", "strasse2020the"),
        ("0", "DeepSeek-AI", "deepseekai20200"),
        ("基于 Transformer 的研究", "Wang 小红", "wang2020transformer"),
        ("大语言模型", "Ada Example", "arxiv2001_00001"),
        ("Sparse", "李明", "arxiv2001_00001"),
        ("Sparse", "Иван Ivanov", "ivanov2020sparse"),
    ] {
        let paper = paper("2001.00001", title, &[author], "2020-01-01");
        assert_eq!(
            keys(&[paper], CitationOptions::default()),
            [key],
            "{title}, {author}"
        );
    }
}

#[test]
fn equal_keys_get_the_identifiers_digits() {
    let papers = [
        paper("2001.00001", "Sparse A", &["A Guo"], "2020-01-01"),
        paper("2001.00002", "Other", &["A Guo"], "2020-01-01"),
        paper("hep-th/0001003", "Sparse B", &["B Guo"], "2020-01-01"),
        paper("math/0001003", "Sparse C", &["B Guo"], "2020-01-01"),
        paper("2001.00001", "Sparse A", &["A Guo"], "2020-01-01"),
    ];
    assert_eq!(
        keys(&papers, CitationOptions::default()),
        [
            "guo2020sparse200100001",
            "guo2020other",
            "guo2020sparse0001003",
            "arxivmath_0001003"
        ]
    );
}

#[test]
fn a_key_that_is_taken_stays_its_owners() {
    let citing = CitationOptions {
        taken: HashSet::from([
            "Guo2020Sparse".to_owned(),
            "guo2020other200100002".to_owned(),
            "guo2020other".to_owned(),
        ]),
        ..CitationOptions::default()
    };
    let papers = [
        paper("2001.00001", "Sparse A", &["A Guo"], "2020-01-01"),
        paper("2001.00002", "Other", &["A Guo"], "2020-01-01"),
    ];
    assert_eq!(
        keys(&papers, citing),
        ["guo2020sparse200100001", "arxiv2001_00002"]
    );
}

#[test]
fn templates() {
    let mut known = paper("2001.00001", "Sparse Experts, Revised", &["A Guo"], "2020-01-01");
    known.catalog = Some(CatalogEntry {
        short_name: Some("DeepSeek-V3".to_owned()),
        ..CatalogEntry::default()
    });
    for (template, key) in [
        ("{author}:{year}:{word}", "guo:2020:sparse"),
        ("{title}", "sparseexpertsrevised"),
        ("arXiv-{id}", "arXiv-2001_00001"),
        ("{shortname}_{year}", "deepseekv3_2020"),
    ] {
        assert_eq!(keys(&[known.clone()], by(template)), [key]);
    }
    known.catalog = None;
    assert_eq!(keys(&[known], by("{shortname}")), ["arxiv2001_00001"]);
    for bad in [
        "",
        "x",
        "{author",
        "{autor}",
        "{author} {year}",
        "{author},",
        "{id}é",
        "{id}}",
    ] {
        assert!(bad.parse::<KeyTemplate>().is_err(), "{bad:?}");
    }
    assert_eq!("{autor}".parse::<KeyTemplate>().unwrap_err().nearest, ["author"]);
}

proptest! {
    #[test]
    fn keys_are_ascii_and_no_two_alike(
        papers in prop::collection::vec((1_u32..40, "[AaÄ李 ]{0,4}", "[Guo张 ]{0,4}"), 0..30),
        taken in prop::collection::hash_set("[a-z]{1,3}2020[a-z]{0,2}", 0..5),
    ) {
        let papers: Vec<Paper> = papers
            .iter()
            .map(|(number, title, name)| paper(&format!("2001.{number:05}"), title, &[name], "2020-01-01"))
            .collect();
        let distinct: HashSet<_> = papers.iter().map(|paper| paper.id).collect();
        let keys = keys(&papers, CitationOptions { taken: taken.clone(), ..CitationOptions::default() });
        prop_assert_eq!(keys.len(), distinct.len());
        let mut seen: HashSet<String> = taken.iter().map(|key| key.to_lowercase()).collect();
        for key in keys {
            prop_assert!(!key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{}", key);
            prop_assert!(seen.insert(key.to_lowercase()), "{} twice", key);
        }
    }
}

#[test]
fn citations_too_many_to_wait_in_memory_are_those_that_wait_there() {
    let papers: Vec<Paper> = (1..=800)
        .map(|number| {
            let mut paper = paper(
                &format!("2501.{number:05}"),
                &format!("Word{number}"),
                &["Ada Example"],
                "2025-01-02",
            );
            paper.abstract_ = Some("Lanterns glow. ".repeat(1_000));
            paper.journal_ref = paper.abstract_.clone();
            paper
        })
        .collect();
    for (format, between) in [
        (Format::Bibtex, "\n"),
        (Format::Biblatex, "\n"),
        (Format::Ris, "\r\n"),
    ] {
        let alone: Vec<String> = papers
            .iter()
            .map(|paper| cited(format, std::slice::from_ref(paper)))
            .collect();
        let together = cited(format, &papers);
        assert!(together.len() > 9 << 20, "{format}: {}", together.len());
        assert_eq!(together, alone.join(between), "{format}");
    }
    let items: Vec<serde_json::Value> = serde_json::from_str(&cited(Format::Csl, &papers)).unwrap();
    assert_eq!(items.len(), papers.len());
    for (item, paper) in items.iter().zip(&papers) {
        let alone: Vec<serde_json::Value> =
            serde_json::from_str(&cited(Format::Csl, std::slice::from_ref(paper))).unwrap();
        assert_eq!([item.clone()].as_slice(), alone);
    }
}
