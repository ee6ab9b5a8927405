//! Every record of the built-in catalog, checked by the rules of the model and by what is known of DeepSeek's papers;
//! short names; a user's own catalogs, whole and broken; identifiers from files.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod built_in;
mod files;
mod identifiers;
mod short_names;

use arxcat::catalog::Catalog;
use arxcat::model::id::ArxivId;
use arxcat::model::paper::{CatalogEntry, Paper};

const OBJECT: &str = include_str!("../../../fixtures/catalogs/object.json");
const ARRAY: &str = include_str!("../../../fixtures/catalogs/array.json");
const LINES: &str = include_str!("../../../fixtures/catalogs/lines.jsonl");

fn deepseek() -> Catalog {
    Catalog::built_in().unwrap()
}

fn id(text: &str) -> ArxivId {
    ArxivId::parse(text).unwrap()
}

fn entry(paper: &Paper) -> &CatalogEntry {
    paper.catalog.as_ref().unwrap()
}

/// The paper with exactly this short name.
fn paper<'a>(catalog: &'a Catalog, short_name: &str) -> &'a Paper {
    catalog
        .papers
        .iter()
        .find(|paper| paper.short_name() == Some(short_name))
        .unwrap_or_else(|| panic!("{short_name}"))
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn areas_are_found_by_code_and_by_name_in_both_languages() {
    let catalog = deepseek();
    let found = |typed: &str| catalog.find_area(typed).map(|area| area.code.as_str());
    assert_eq!(found("theorem-proving"), Some("theorem-proving"));
    assert_eq!(found("Theorem Proving"), Some("theorem-proving"));
    assert_eq!(found("定理证明"), Some("theorem-proving"));
    assert_eq!(found("MATH"), Some("math"));
    assert_eq!(found("3d"), Some("3d"));
    assert_eq!(found("poetry"), None);
    assert_eq!(found(""), None);
    assert!(catalog.nearest_areas("resoning").contains(&"reasoning"));
}
