//! The taxonomy and its filters: complete, whatever name a paper is filed under.

use std::collections::BTreeSet;
use std::fs;

use arxcat::model::category::{self, Category, CategoryFilter};
use proptest::prelude::*;
use serde_json::Value;

use crate::recordings;

/// Facts kept beside the recordings.
pub fn facts(test: &str, name: &str) -> Option<Value> {
    let file = recordings::folder(test)?.parent()?.join("facts").join(name);
    let Ok(bytes) = fs::read(&file) else {
        eprintln!("{test}: skipped, there is no {}", file.display());
        return None;
    };
    Some(serde_json::from_slice(&bytes).unwrap())
}

fn filter(text: &str) -> CategoryFilter {
    CategoryFilter::parse(text).unwrap_or_else(|unknown| panic!("{unknown}: {:?}", unknown.nearest))
}

#[test]
fn everything_is_there_once_and_in_order() {
    assert_eq!(category::groups().len(), 9);
    assert_eq!(category::archives().len(), 39);
    assert_eq!(category::all().len(), 184);
    assert_eq!(
        category::all().iter().filter(|category| category.active).count(),
        155
    );
    let lower = |code: &str| code.to_ascii_lowercase();
    assert!(category::all().is_sorted_by(|a, b| lower(a.code) < lower(b.code)));
    assert!(category::archives().is_sorted_by(|a, b| lower(a.code) < lower(b.code)));
    let in_groups: usize = category::groups()
        .iter()
        .map(|group| group.archives().count())
        .sum();
    assert_eq!(in_groups, 39);
    let in_archives: usize = category::archives()
        .iter()
        .map(|archive| archive.categories().count())
        .sum();
    assert_eq!(in_archives, 184);
}

#[test]
fn the_table_is_arxivs() {
    let Some(facts) = facts("the_table_is_arxivs", "taxonomy.json") else {
        return;
    };
    let ours: Vec<Value> = category::all()
        .iter()
        .map(|c| {
            serde_json::json!({
                "code": c.code, "name": c.name, "group": c.group, "archive": c.archive, "alias_of": c.alias_of,
                "subsumed_into": c.subsumed_into, "active": c.active, "canonical": c.canonical(),
                "also_known_as": c.also_known_as, "is_general": c.is_general, "oai_set": c.oai_set,
            })
        })
        .collect();
    assert_eq!(facts["categories"], Value::from(ours));
    let ours: Vec<Value> = category::archives()
        .iter()
        .map(|a| {
            serde_json::json!({
                "code": a.code, "name": a.name, "group": a.group, "active": a.is_active(), "start": a.start,
                "end": a.end, "subsumed_into": a.subsumed_into, "oai_set": a.oai_set,
                "has_categories": a.categories().any(|category| category.code != a.code),
            })
        })
        .collect();
    assert_eq!(facts["archives"], Value::from(ours));
    let theirs: Vec<_> = facts["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| (&g["code"], &g["name"]))
        .collect();
    let ours: Vec<_> = category::groups()
        .iter()
        .map(|group| (group.code, group.name))
        .collect();
    assert_eq!(theirs.len(), ours.len());
    assert!(
        theirs
            .iter()
            .zip(&ours)
            .all(|(theirs, ours)| theirs.0 == ours.0 && theirs.1 == ours.1)
    );
}

#[test]
fn another_name_is_known_on_both_sides() {
    let mut pairs = 0;
    for other in category::all()
        .iter()
        .filter(|category| category.canonical() != category.code)
    {
        let canonical = category::find(other.canonical()).unwrap();
        assert_eq!(
            canonical.canonical(),
            canonical.code,
            "{} has one canonical code",
            other.code
        );
        assert_eq!(canonical.also_known_as, Some(other.code));
        assert!(filter(other.code).matches(canonical.code), "{}", other.code);
        assert!(filter(canonical.code).matches(other.code), "{}", other.code);
        assert_eq!(filter(other.code), filter(canonical.code));
        pairs += 1;
    }
    assert_eq!(pairs, 6 + 18, "aliases and closed archives");
    let named: Vec<_> = category::all()
        .iter()
        .filter(|category| category.also_known_as.is_some())
        .collect();
    assert_eq!(named.len(), pairs);
}

#[test]
fn the_canonical_code_is_the_one_of_today() {
    for (code, canonical) in [
        ("math.MP", "math-ph"),
        ("stat.TH", "math.ST"),
        ("math.IT", "cs.IT"),
        ("q-fin.EC", "econ.GN"),
        ("cs.SY", "eess.SY"),
        ("cs.NA", "math.NA"),
        ("cmp-lg", "cs.CL"),
        ("CMP-LG", "cs.CL"),
        ("cs.cl", "cs.CL"),
        ("cs", "cs"),
        ("68T50", "68T50"),
        ("", ""),
    ] {
        assert_eq!(category::canonical(code), canonical);
    }
}

#[test]
fn every_code_is_a_filter_that_matches_itself() {
    for category in category::all() {
        for text in [
            category.code.to_owned(),
            category.code.to_uppercase(),
            format!(" {} ", category.code),
        ] {
            let filter = filter(&text);
            assert!(filter.matches(category.code), "{text}");
            assert!(filter.matches(&category.code.to_uppercase()), "{text}");
            assert!(filter.matches(category.canonical()), "{text}");
        }
    }
    for archive in category::archives() {
        let bare = filter(archive.code);
        assert_eq!(bare, filter(&format!("{}.*", archive.code)));
        assert!(bare.matches(archive.code));
        assert!(
            archive.categories().all(|category| bare.matches(category.code)),
            "{}",
            archive.code
        );
    }
}

#[test]
fn a_code_alone_means_no_more_than_its_names() {
    assert_eq!(filter("cs.LG").codes(), ["cs.LG"]);
    assert_eq!(filter("math.MP").codes(), ["math-ph", "math.MP"]);
    assert_eq!(filter("hep-th").codes(), ["hep-th"]);
    assert_eq!(filter("cs.CL").codes(), ["cmp-lg", "cs.CL"]);
    assert_eq!(filter("hep-th.*").codes(), ["hep-th"]);
    assert_eq!(filter("cs.LG").archive(), None);
    assert!(!filter("cs.LG").matches("cs"));
    assert!(!filter("cs.LG").matches(""));
}

#[test]
fn an_archive_means_its_categories_by_all_names_and_itself() {
    let cs = filter("CS.*");
    assert_eq!(cs.archive(), Some("cs"));
    for code in ["cs", "cs.AI", "cs.NA", "math.NA", "eess.SY", "math.IT", "cmp-lg"] {
        assert!(cs.matches(code), "{code}");
    }
    for code in ["stat.ML", "math.AG", "csx"] {
        assert!(!cs.matches(code), "{code}");
    }
    let physics = filter("physics");
    assert!(physics.matches("physics.optics") && physics.matches("acc-phys") && physics.matches("physics"));
    assert!(
        !physics.matches("hep-th") && !physics.matches("cond-mat.soft"),
        "the archive, not the group"
    );
    assert!(filter("astro-ph").matches("astro-ph.CO") && filter("astro-ph").matches("astro-ph"));
    assert!(filter("q-fin").matches("econ.GN") && filter("q-fin").matches("q-fin.TR"));
}

#[test]
fn an_unknown_code_names_the_nearest() {
    for (text, first) in [
        ("cs.LH", "cs."),
        ("csLG", "cs.LG"),
        ("cs/lg", "cs.LG"),
        ("cl", "cs.CL"),
        ("nlp", "cs.CL"),
        ("machine-learning", "cs.LG"),
        ("Quantum Physics", "quant-ph"),
        ("crypto", "cs.CR"),
        ("hepth", "hep-th"),
        ("phys", "physics"),
        ("astro-ph.CX", "astro-ph.CO"),
        ("cs.LG.*", "cs.LG"),
        ("cs.XL", "cs.CL"),
        ("zz.CL", "cs.CL"),
    ] {
        let unknown = CategoryFilter::parse(text).unwrap_err();
        assert_eq!(unknown.to_string(), format!("unknown category `{text}`"));
        let nearest = unknown.nearest.first().copied().unwrap_or_default();
        assert!(nearest.starts_with(first), "{text}: {:?}", unknown.nearest);
        assert!(unknown.nearest.len() <= 5);
    }
    for text in [
        "cs.XX",
        "zz.QQ",
        "",
        "*",
        ".*",
        "zzzzzzzz",
        "数学",
        &"x".repeat(100_000),
    ] {
        assert_eq!(
            CategoryFilter::parse(text).unwrap_err().nearest,
            [""; 0],
            "{text}"
        );
    }
}

#[test]
fn a_search_looks_at_codes_and_names() {
    let codes = |text: &str| {
        category::search(text)
            .iter()
            .map(|category| category.code)
            .collect::<Vec<_>>()
    };
    assert_eq!(codes("machine learning"), ["cs.LG", "stat.ML"]);
    assert_eq!(codes("Learning, MACHINE"), ["cs.LG", "stat.ML"]);
    assert_eq!(codes("human computer"), ["cs.HC"]);
    assert_eq!(codes("cs.l"), ["cs.LG", "cs.LO"]);
    assert_eq!(codes("hep-"), ["hep-ex", "hep-lat", "hep-ph", "hep-th"]);
    assert_eq!(codes("").len(), 184);
    assert!(codes("?").is_empty() && codes("机器学习").is_empty());
}

#[test]
fn oai_sets_are_those_the_service_takes() {
    for (code, set) in [
        ("cs.AI", "cs:cs:AI"),
        ("cs", "cs:cs"),
        ("hep-th", "physics:hep-th"),
        ("math.MP", "physics:math-ph"),
        ("cmp-lg", "cs:cs:CL"),
        ("astro-ph", "physics:astro-ph"),
        ("physics", "physics:physics"),
    ] {
        assert_eq!(category::oai_set(code), Some(set), "{code}");
    }
    assert_eq!(category::oai_set("test.soft"), None);
    assert_eq!(category::oai_set("cs.XX"), None);
    assert_eq!(category::of_oai_set("cs:cs:AI"), Some("cs.AI"));
    assert_eq!(category::of_oai_set("cs:cs"), Some("cs"));
    assert_eq!(category::of_oai_set("physics:chao-dyn"), Some("chao-dyn"));
    assert_eq!(category::of_oai_set("cs"), None);

    let Some(recordings) = recordings::folder("oai_sets_are_those_the_service_takes") else {
        return;
    };
    let listed = fs::read_to_string(recordings.join("generated/oai/list_sets.xml")).unwrap();
    let listed: BTreeSet<&str> = listed
        .split("<setSpec>")
        .skip(1)
        .filter_map(|rest| rest.split('<').next())
        .collect();
    let codes = category::all().iter().map(|category| category.code);
    for code in codes.chain(category::archives().iter().map(|archive| archive.code)) {
        if let Some(set) = category::oai_set(code) {
            assert!(listed.contains(set), "{code}: {set}");
        }
    }
}

proptest! {
    #[test]
    fn no_text_is_beyond_a_filter(text in "[a-zA-Z.*-]{0,12}|.{0,40}") {
        match CategoryFilter::parse(&text) {
            Ok(filter) => prop_assert!(filter.codes().iter().all(|code| filter.matches(code))),
            Err(unknown) => prop_assert!(unknown.nearest.iter().all(|code| CategoryFilter::parse(code).is_ok())),
        }
        let _: Vec<&Category> = category::search(&text);
    }
}
