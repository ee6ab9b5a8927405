//! The built-in catalog, record by record.

use std::collections::BTreeSet;
use std::fs;

use arxcat::catalog::Catalog;
use arxcat::model::category;
use arxcat::model::date::Stamp;
use arxcat::model::paper::{KEYS, Paper, Source};
use serde_json::Value;

use super::{deepseek, entry, id, is_chinese, paper};
use crate::recordings;

#[test]
fn it_has_the_papers_of_deepseek() {
    let catalog = deepseek();
    assert_eq!(catalog.name, "deepseek");
    assert_eq!(catalog.as_of, Stamp::parse("2026-10-10"));
    assert_eq!(catalog.papers.len(), 35);
    let in_month = |month: &str| {
        let day = |paper: &&Paper| paper.published.unwrap().to_string().starts_with(month);
        catalog.papers.iter().filter(day).count()
    };
    assert_eq!(in_month("2024"), 16);
    assert_eq!(in_month("2023-10"), 1);

    let r1 = paper(&catalog, "DeepSeek-R1");
    assert_eq!(r1.id, id("2501.12948"));
    assert_eq!(r1.published, Stamp::parse("2025-01-22T15:19:35Z"));
    let dreamcraft = paper(&catalog, "DreamCraft3D");
    assert_eq!(dreamcraft.published, Stamp::parse("2023-10-25"));
    assert_eq!(paper(&catalog, "DeepSeek-Prover").id, id("2405.14333"));
    assert!(catalog.get(id("2406.14333")).is_none());
}

#[test]
fn v4_was_submitted_in_april_although_its_identifier_says_june() {
    let catalog = deepseek();
    let v4 = catalog.get(id("2606.19348")).unwrap();
    assert_eq!(v4.short_name(), Some("DeepSeek-V4"));
    assert_eq!(v4.published, Stamp::parse("2026-04-26"));
}

#[test]
fn papers_are_in_the_order_of_their_submission() {
    let catalog = deepseek();
    assert!(
        catalog
            .papers
            .is_sorted_by_key(|paper| (paper.published, paper.id))
    );
}

#[test]
fn every_record_keeps_the_rules() {
    let catalog = deepseek();
    let as_of = catalog.as_of.unwrap().day();
    for paper in &catalog.papers {
        let id = paper.id;
        let (published, updated) = (paper.published.unwrap(), paper.updated.unwrap());
        assert!(published.day() <= updated.day(), "{id}: {published} {updated}");
        assert!(updated.day() <= as_of, "{id}: {updated}");
        match paper.version.unwrap() {
            1 => assert_eq!(published, updated, "{id}"),
            version => assert!(version > 1, "{id}"),
        }
        assert_eq!(
            paper.title,
            paper.title.split_whitespace().collect::<Vec<_>>().join(" "),
            "{id}"
        );
        assert_eq!(paper.source, Source::Catalog, "{id}");
        assert_eq!(paper.doi, paper.dois.first().cloned(), "{id}");
        let doi = paper.doi.as_deref().unwrap_or("10.");
        assert!(doi.starts_with("10.") && !doi.contains("arXiv"), "{id}: {doi}");
        assert!(!paper.authors.is_empty(), "{id}");
        for author in &paper.authors {
            assert!(!author.name.trim().is_empty(), "{id}");
            assert!(
                !author.name.contains(['\\', '{', '}', '$', '~']),
                "{id}: {}",
                author.name
            );
        }
    }
}

#[test]
fn every_category_is_arxivs_and_the_primary_one_is_first() {
    let catalog = deepseek();
    let mut without = Vec::new();
    for paper in &catalog.papers {
        for code in &paper.categories {
            let known = category::find(code).unwrap_or_else(|| panic!("{}: {code}", paper.id));
            assert_eq!(known.code, code, "{}", paper.id);
        }
        let different: BTreeSet<_> = paper.categories.iter().collect();
        assert_eq!(different.len(), paper.categories.len(), "{}", paper.id);
        if paper.categories.is_empty() {
            without.push(paper.id.to_string());
            continue;
        }
        assert_eq!(
            paper.primary_category.as_ref(),
            paper.categories.first(),
            "{}",
            paper.id
        );
    }
    assert_eq!(without, ["2405.14333"]);
}

#[test]
fn every_area_is_declared_and_used() {
    let catalog = deepseek();
    let declared: BTreeSet<&str> = catalog.areas.iter().map(|area| area.code.as_str()).collect();
    let used: BTreeSet<&str> = catalog.papers.iter().filter_map(Paper::area).collect();
    assert_eq!(declared, used);
    assert_eq!(declared.len(), catalog.areas.len());
    assert!(catalog.papers.iter().all(|paper| paper.area().is_some()));
    for area in &catalog.areas {
        assert!(
            area.en
                .starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit()),
            "{area:?}"
        );
        assert!(is_chinese(&area.zh), "{area:?}");
    }
}

#[test]
fn every_paper_is_summed_up_in_both_languages() {
    for paper in &deepseek().papers {
        let summary = &entry(paper).summary;
        let (en, zh) = (summary.en.as_deref().unwrap(), summary.zh.as_deref().unwrap());
        assert!(en.ends_with('.') && !is_chinese(en), "{}: {en}", paper.id);
        assert!(zh.ends_with('。') && is_chinese(zh), "{}: {zh}", paper.id);
    }
}

#[test]
fn every_url_is_one() {
    for paper in &deepseek().papers {
        let entry = entry(paper);
        let is_in = |url: &Option<String>, host: &str| url.as_ref().is_none_or(|url| url.starts_with(host));
        assert!(is_in(&entry.repository, "https://github.com/"), "{}", paper.id);
        assert!(
            is_in(&entry.model, "https://huggingface.co/deepseek-ai/"),
            "{}",
            paper.id
        );
        // arXiv's own spelling of licences is plain http.
        let licences = [
            "http://arxiv.org/licenses/",
            "http://creativecommons.org/licenses/",
        ];
        let known = |url: &String| licences.iter().any(|known| url.starts_with(known));
        assert!(paper.license.as_ref().is_none_or(known), "{}", paper.id);
    }
}

#[test]
fn no_two_papers_share_a_short_name() {
    let catalog = deepseek();
    let names: BTreeSet<_> = catalog
        .papers
        .iter()
        .map(|paper| paper.short_name().unwrap().to_lowercase())
        .collect();
    assert_eq!(names.len(), catalog.papers.len());
}

#[test]
fn every_unsure_key_has_a_value() {
    for paper in &deepseek().papers {
        let json = serde_json::to_value(paper).unwrap();
        let unsure = &entry(paper).unsure;
        for key in unsure {
            assert!(
                KEYS.contains(&key.split('.').next().unwrap()),
                "{}: {key}",
                paper.id
            );
            let value = json.pointer(&format!("/{}", key.replace('.', "/"))).unwrap();
            assert!(
                !value.is_null() && *value != Value::Array(Vec::new()),
                "{}: {key}",
                paper.id
            );
        }
        let different: BTreeSet<_> = unsure.iter().collect();
        assert_eq!(different.len(), unsure.len(), "{}", paper.id);
    }
}

#[test]
fn it_reads_back_as_it_was_written() {
    let catalog = deepseek();
    let json = serde_json::to_vec(&catalog.papers).unwrap();
    let again = Catalog::from_json(&json, "deepseek").unwrap();
    assert_eq!(again.papers, catalog.papers);
}

#[test]
fn it_says_what_the_facts_say() {
    let Some(folder) = recordings::folder("catalog::built_in::it_says_what_the_facts_say") else {
        return;
    };
    let read =
        |name: &str| -> Value { serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap() };
    let corrections = read("../facts/corrections.json");
    let facts = read("../facts/deepseek_papers.json");
    let facts = facts.as_array().unwrap();
    let catalog = deepseek();
    assert_eq!(facts.len(), catalog.papers.len());
    for fact in facts {
        let paper = catalog.get(id(text(fact, "arxiv_id").unwrap())).unwrap();
        compare(paper, &corrected(fact, &corrections));
    }
}

/// A paper's facts after the corrections that were found later. A corrected value is verified if two independent
/// copies or crawls have it.
fn corrected(fact: &Value, corrections: &Value) -> Value {
    let id = text(fact, "arxiv_id").unwrap();
    let mut fact = fact.clone();
    // The facts have ASCII punctuation in Chinese, where the catalog has the full-width signs of the language.
    let signs = [(",", "，"), (";", "；"), (":", "："), ("(", "（"), (")", "）")];
    let chinese = text(&fact, "summary_zh").unwrap().to_owned();
    fact["summary_zh"] = signs
        .iter()
        .fold(chinese, |text, (ascii, wide)| text.replace(ascii, wide))
        .into();
    let correction = |key: &str| &corrections[key][id];
    let verified = |correction: &Value| {
        let status = text(correction, "status").unwrap_or("two sources");
        status.starts_with("two") || status.starts_with("three")
    };
    if !correction("authors").is_null() {
        fact["confidence"]["authors"] = "verified".into();
        fact["authors_complete"] = true.into();
    }
    let categories = correction("categories");
    if categories["value"].is_array() {
        assert_eq!(fact["categories"], categories["value"], "{id}");
    }
    if categories["value"].is_array() && verified(categories) {
        fact["confidence"]["categories"] = "verified".into();
        fact["categories_complete"] = true.into();
    }
    if text(categories, "status").is_some_and(|status| status.starts_with("one source; cross-lists unknown"))
    {
        fact["confidence"]["primary_category"] = "one-source".into();
    }
    let dates = correction("dates");
    if !dates.is_null() && verified(dates) {
        fact["confidence"]["v1_date"] = "verified".into();
    }
    let venue = correction("venues");
    if venue["value"].is_string() {
        fact["venue"] = venue["value"].clone();
        fact["confidence"]["venue"] = if verified(venue) { "verified" } else { "one-source" }.into();
    }
    if correction("licences")["value"].is_string() {
        fact["licence"] = correction("licences")["value"].clone();
    }
    // A correction without a value says that the comment belongs to another version.
    if !correction("comments").is_null() {
        fact["comment"] = correction("comments")["value"].clone();
    }
    fact
}

fn text<'a>(fact: &'a Value, key: &str) -> Option<&'a str> {
    fact[key].as_str()
}

fn compare(paper: &Paper, fact: &Value) {
    let entry = entry(paper);
    let id = paper.id;
    let same = |ours: &Option<String>, key: &str| assert_eq!(ours.as_deref(), text(fact, key), "{id}: {key}");
    assert_eq!(Some(paper.title.as_str()), text(fact, "title"), "{id}");
    let authors: Vec<&str> = paper.authors.iter().map(|author| author.name.as_str()).collect();
    assert_eq!(serde_json::json!(authors), fact["authors"], "{id}");
    assert_eq!(serde_json::json!(authors.len()), fact["author_count"], "{id}");
    assert_eq!(serde_json::json!(paper.version), fact["latest_version"], "{id}");
    assert_eq!(serde_json::json!(paper.categories), fact["categories"], "{id}");
    let published = text(fact, "v1_time_utc").or(text(fact, "v1_date"));
    assert_eq!(
        paper.published.map(|stamp| stamp.to_string()).as_deref(),
        published,
        "{id}"
    );
    let updated = paper.updated.map(|stamp| stamp.day().to_string());
    same(&updated, "latest_version_date");
    same(&paper.primary_category, "primary_category");
    same(&paper.doi, "doi");
    same(&entry.short_name, "short_name");
    same(&entry.area, "area");
    same(&entry.summary.en, "summary_en");
    same(&entry.summary.zh, "summary_zh");
    same(&entry.repository, "github");
    same(&entry.model, "huggingface");
    same(&entry.venue, "venue");
    let licence = text(fact, "licence").map(|name| match name {
        url if url.starts_with("http") => url,
        "CC BY 4.0" => "http://creativecommons.org/licenses/by/4.0/",
        "arXiv non-exclusive distribution licence 1.0" => {
            "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"
        }
        other => panic!("{id}: {other}"),
    });
    assert_eq!(paper.license.as_deref(), licence, "{id}");
    // Remarks on a fact, such as a prize or an unchecked affiliation, are not part of it.
    let journal_ref = text(fact, "journal_ref").map(|all| all.replace("; best paper award", ""));
    assert_eq!(paper.journal_ref, journal_ref, "{id}");
    let relation = text(fact, "relation").unwrap();
    let relation = relation
        .replace("; other affiliations not checked", "")
        .replace(" (other affiliations not checked)", "");
    assert_eq!(entry.relation.as_deref(), Some(relation.as_str()), "{id}");
    let literal_comment = text(fact, "comment").filter(|comment| !comment.contains("paraphrased"));
    assert_eq!(paper.comment.as_deref(), literal_comment, "{id}");
    compare_confidence(paper, fact);
}

/// Asserts that a key is marked as unsure exactly if the facts do not call it verified.
fn compare_confidence(paper: &Paper, fact: &Value) {
    let keys = [
        ("authors", &["authors"][..], fact["authors_complete"] == false),
        ("v1_date", &["published"], false),
        ("latest_version", &["version", "updated"], false),
        ("primary_category", &["primary_category"], false),
        (
            "categories",
            &["categories"],
            fact["categories_complete"] == false,
        ),
        ("github", &["catalog.repository"], false),
        ("hf_link", &["catalog.model"], false),
        ("venue", &["catalog.venue"], false),
    ];
    let json = serde_json::to_value(paper).unwrap();
    for (name, ours, incomplete) in keys {
        // The notes doubt two author lists: one is of another version, one has two spellings of a name.
        let doubted =
            name == "authors" && ["2501.12948", "2405.14333"].contains(&paper.id.to_string().as_str());
        let confidence = fact["confidence"][name].as_str();
        let unsure = doubted || incomplete || confidence.is_some_and(|word| word != "verified");
        for key in ours {
            let value = json.pointer(&format!("/{}", key.replace('.', "/"))).unwrap();
            let known = !value.is_null() && *value != Value::Array(Vec::new());
            let marked = entry(paper).unsure.iter().any(|marked| marked == key);
            assert_eq!(marked, unsure && known, "{}: {key}", paper.id);
        }
    }
}
