//! `verify`: a catalog's facts against arXiv's records.

use crate::arxcat::Machine;
use crate::fake::Fake;
use crate::fake::papers::Invented;

const CATALOG: &str = r#"{"name": "mine", "as_of": "2026-01-01",
  "areas": [{"code": "a", "en": "Area", "zh": "领域"}],
  "papers": [
    {"id": "2501.00001", "title": "A Plain Paper about Language Models", "published": "2025-01-02T12:00:00Z",
     "version": 1, "primary_category": "cs.CL", "categories": ["cs.CL"]},
    {"id": "2501.00002", "title": "Sparse Experts, Twice Revised", "published": "2025-01-04", "version": 1,
     "authors": [{"name": "Bo Sample"}], "primary_category": "cs.LG", "categories": ["cs.LG", "cs.CL"],
     "doi": "10.9999/another", "catalog": {"short_name": "Experts", "area": "a", "unsure": ["authors"]}},
    {"id": "2104.00003", "title": "0", "journal_ref": "Known Here Only 1 (2021)"},
    {"id": "2501.77777", "title": "Not There"}]}"#;

#[test]
fn contradictions_are_told_from_what_either_side_lacks() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.write("mine.json", CATALOG);
    let ended = machine.run(&["verify", "--catalog", "mine.json"]);
    insta::assert_snapshot!("verify_text", ended.shown());
    let findings = machine
        .run(&["verify", "--catalog", "mine.json", "--json"])
        .json();
    let of = |id: &str, key: &str| {
        let found = findings.iter().find(|one| one["id"] == id && one["key"] == key);
        found.map(|one| one["verdict"].as_str().unwrap().to_owned())
    };
    assert_eq!(of("2501.00002", "title").as_deref(), Some("differs"));
    assert_eq!(of("2501.00002", "published").as_deref(), Some("differs"));
    assert_eq!(of("2501.00002", "primary_category").as_deref(), Some("differs"));
    assert_eq!(of("2501.00002", "categories").as_deref(), Some("differs"));
    assert_eq!(of("2501.00002", "doi").as_deref(), Some("differs"));
    assert_eq!(
        of("2501.00002", "authors").as_deref(),
        Some("catalog_lacks"),
        "the catalog says that it is unsure"
    );
    assert_eq!(of("2501.00002", "version").as_deref(), Some("superseded"));
    assert_eq!(of("2104.00003", "journal_ref").as_deref(), Some("arxiv_lacks"));
    assert_eq!(of("2104.00003", "published").as_deref(), Some("catalog_lacks"));
    assert!(
        findings
            .iter()
            .any(|one| one["id"] == "2501.77777" && one["verdict"] == "not_found")
    );
    assert!(
        findings
            .iter()
            .all(|one| one["id"] != "2501.00001" || one["verdict"] != "differs")
    );
}

#[test]
fn a_catalog_that_is_right_is_0_and_one_paper_can_be_asked_about() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.write("mine.json", CATALOG);
    assert_eq!(
        machine
            .run(&["verify", "--catalog", "mine.json", "2501.00001"])
            .code,
        Some(0)
    );
    assert_eq!(
        machine.run(&["verify", "--catalog", "mine.json", "Experts"]).code,
        Some(1)
    );
}

#[test]
fn a_saved_feed_stands_in_for_the_network() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.write("mine.json", CATALOG);
    let url = format!("{}?id_list=2501.00001,2501.00002&max_results=2", fake.api());
    machine.write("feed.xml", machine.get(&url));
    let before = fake.requests().len();
    let ended = machine.run(&[
        "verify",
        "--catalog",
        "mine.json",
        "--feed",
        "feed.xml",
        "--offline",
        "--json",
    ]);
    assert_eq!(
        (ended.code, fake.requests().len()),
        (Some(1), before),
        "{}",
        ended.shown()
    );
    assert!(ended.stderr.contains("2 of 4 papers"), "{}", ended.stderr);
    machine.write("broken.xml", "<feed xmlns='http://www.w3.org/2005/Atom'><entry>");
    let broken = machine.run(&["verify", "--catalog", "mine.json", "--feed", "broken.xml"]);
    assert_eq!(broken.code, Some(4), "{}", broken.shown());
}

#[test]
fn write_completes_the_catalog_with_arxivs_facts() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.write("mine.json", CATALOG);
    machine.run(&["verify", "--catalog", "mine.json", "--write", "better.json"]);
    let again = machine.run(&["verify", "--catalog", "better.json", "--json"]);
    let findings = again.json();
    assert!(
        findings
            .iter()
            .all(|one| matches!(one["verdict"].as_str(), Some("arxiv_lacks" | "not_found"))),
        "{findings:?}"
    );
    let catalog: serde_json::Value = serde_json::from_str(&machine.read("better.json")).unwrap();
    assert_eq!(catalog["papers"][1]["catalog"]["short_name"], "Experts");
    assert_eq!(catalog["papers"][1]["catalog"]["unsure"], serde_json::json!([]));
    assert_eq!(
        catalog["as_of"], "2026-01-01",
        "one paper is not at arXiv, so not all of it is right today"
    );
}

#[test]
fn discover_finds_what_the_catalog_has_not() {
    let paper = |id: &str, title: &str, author: &str| {
        Invented::new(id, "2026-10-01", title, &["cs.CL"]).authors(&[author, "Wenfeng Liang"])
    };
    let fake = Fake::with(vec![
        paper("2610.00001", "DeepSeek-V9", "DeepSeek-AI"),
        paper("2610.00002", "Another Matter", "Nobody Else"),
        paper("2610.00003", "A Study of DeepSeek by Others", "Nobody Else"),
    ]);
    let machine = Machine::with_arxiv(&fake.url());
    let ended = machine.run(&["verify", "R1", "--discover", "--json"]);
    let found: Vec<_> = ended
        .json()
        .into_iter()
        .filter(|one| one["verdict"] == "discovered")
        .collect();
    let ids: Vec<_> = found.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["2610.00001", "2610.00003"], "{}", ended.shown());
    assert_eq!(found[0]["recorded"]["shared_authors"], 2);
}

#[test]
fn what_was_asked_about_and_is_not_in_the_feed_is_no_pass() {
    let fake = Fake::start();
    let machine = Machine::with_arxiv(&fake.url());
    machine.write("mine.json", CATALOG);
    machine.write(
        "feed.xml",
        machine.get(&format!("{}?id_list=2501.00001&max_results=1", fake.api())),
    );
    let run = |ids: &[&str]| {
        machine.run(&[&["verify", "--catalog", "mine.json", "--feed", "feed.xml"], ids].concat())
    };
    assert_eq!(run(&[]).code, Some(0), "a feed may hold a part of the catalog");
    assert_eq!(run(&["2501.00001"]).code, Some(0));
    assert_eq!(run(&["2501.00001", "Experts"]).code, Some(1));
    assert_eq!(run(&["2501.00001", "nonsense"]).code, Some(1));
    assert_eq!(run(&["nonsense"]).code, Some(2));
}
