//! Short names as people type them.

use arxcat::catalog::{Catalog, ShortNameMatch};
use arxcat::model::paper::Paper;

use super::deepseek;

/// The short name that was found; `?` before several candidates, `!` before the nearest names.
fn found(catalog: &Catalog, typed: &str) -> String {
    let name = |paper: &Paper| paper.short_name().unwrap().to_owned();
    match catalog.find_short_name(typed) {
        ShortNameMatch::One(paper) => name(paper),
        ShortNameMatch::Many(papers) => {
            format!("?{}", papers.into_iter().map(name).collect::<Vec<_>>().join(", "))
        }
        ShortNameMatch::None { nearest } => format!("!{}", nearest.join(", ")),
    }
}

#[test]
fn they_are_found_as_people_type_them() {
    let catalog = deepseek();
    let cases = [
        ("DeepSeek-R1", "DeepSeek-R1"),
        ("deepseek r1", "DeepSeek-R1"),
        ("DEEPSEEK_R1", "DeepSeek-R1"),
        ("R1", "DeepSeek-R1"),
        ("r1", "DeepSeek-R1"),
        (" r-1 ", "DeepSeek-R1"),
        ("DeepSeek-V3", "DeepSeek-V3"),
        ("V3", "DeepSeek-V3"),
        ("v3.2", "DeepSeek-V3.2"),
        ("V4", "DeepSeek-V4"),
        ("V4.1", "DeepSeek-V4.1-Flash"),
        ("v4.1 flash", "DeepSeek-V4.1-Flash"),
        ("mHC", "mHC"),
        ("MHC", "mHC"),
        ("deepseek mhc", "mHC"),
        ("Prover", "DeepSeek-Prover"),
        ("Prover-V1.5", "DeepSeek-Prover-V1.5"),
        ("prover v2", "DeepSeek-Prover-V2"),
        ("Coder", "DeepSeek-Coder"),
        ("Coder-V2", "DeepSeek-Coder-V2"),
        ("coderv2", "DeepSeek-Coder-V2"),
        ("Math", "DeepSeekMath"),
        ("deepseek-math", "DeepSeekMath"),
        ("math v2", "DeepSeekMath-V2"),
        ("MoE", "DeepSeekMoE"),
        ("LLM", "DeepSeek LLM"),
        ("deepseek-llm", "DeepSeek LLM"),
        ("VL", "DeepSeek-VL"),
        ("VL2", "DeepSeek-VL2"),
        ("OCR", "DeepSeek-OCR"),
        ("OCR2", "DeepSeek-OCR 2"),
        ("OCR 2", "DeepSeek-OCR 2"),
        ("DeepSeek-OCR-2", "DeepSeek-OCR 2"),
        ("GRM", "DeepSeek-GRM"),
        ("NSA", "NSA"),
        ("DeepSeek-NSA", "NSA"),
        ("Janus", "Janus"),
        ("janus pro", "Janus-Pro"),
        ("Janus Flow", "JanusFlow"),
        ("codeio", "CodeI/O"),
        ("CodeI/O", "CodeI/O"),
        ("Insights", "Insights into DeepSeek-V3"),
        ("fire-flyer", "Fire-Flyer AI-HPC"),
        ("loss free", "Loss-Free Balancing"),
        ("dreamcraft", "DreamCraft3D"),
    ];
    for (typed, expected) in cases {
        assert_eq!(found(&catalog, typed), expected, "{typed}");
    }
}

#[test]
fn every_short_name_finds_its_own_paper_with_and_without_deepseek() {
    let catalog = deepseek();
    for paper in &catalog.papers {
        let name = paper.short_name().unwrap();
        assert_eq!(
            catalog.find_short_name(name),
            ShortNameMatch::One(paper),
            "{name}"
        );
        let bare = name.trim_start_matches("DeepSeek").trim_start_matches([' ', '-']);
        assert_eq!(
            catalog.find_short_name(bare),
            ShortNameMatch::One(paper),
            "{bare}"
        );
    }
}

#[test]
fn an_ambiguous_one_lists_its_candidates() {
    let catalog = deepseek();
    assert_eq!(
        found(&catalog, "Prov"),
        "?DeepSeek-Prover, DeepSeek-Prover-V1.5, DeepSeek-Prover-V2"
    );
    assert_eq!(found(&catalog, "jan"), "?Janus, JanusFlow, Janus-Pro");
    assert_eq!(
        found(&catalog, "cod"),
        "?DeepSeek-Coder, DeepSeek-Coder-V2, CodeI/O"
    );
    let all = found(&catalog, "DeepSeek");
    assert!(all.starts_with("?DeepSeek LLM, DeepSeekMoE, "), "{all}");
}

#[test]
fn a_part_of_a_number_and_one_or_two_letters_match_nothing() {
    let catalog = deepseek();
    for typed in [
        "Prover-V1",
        "V3.",
        "V",
        "V1",
        "V2.5",
        "R2",
        "f",
        "DeepSeek-G",
        "",
        " - ",
        "OCR 3",
        "2501.12948",
    ] {
        match catalog.find_short_name(typed) {
            ShortNameMatch::One(paper) => panic!("{typed}: {:?}", paper.short_name()),
            ShortNameMatch::Many(_) | ShortNameMatch::None { .. } => {}
        }
    }
    assert_eq!(found(&catalog, ""), "!");
}

#[test]
fn a_near_miss_gets_the_nearest_names() {
    let catalog = deepseek();
    for (typed, meant) in [
        ("Janos", "Janus"),
        ("DeepSeek-R2", "DeepSeek-R1"),
        ("DreamCarft3D", "DreamCraft3D"),
    ] {
        match catalog.find_short_name(typed) {
            ShortNameMatch::None { nearest } => assert!(nearest.contains(&meant), "{typed}: {nearest:?}"),
            other => panic!("{typed}: {other:?}"),
        }
    }
}

#[test]
fn two_papers_of_one_short_name_are_both_candidates() {
    let json = r#"[{"id":"2403.01234","title":"A","catalog":{"short_name":"Same"}},
                   {"id":"2403.01235","title":"B","catalog":{"short_name":"sa-me"}}]"#;
    let catalog = Catalog::from_json(json.as_bytes(), "mine").unwrap();
    assert_eq!(found(&catalog, "same"), "?Same, sa-me");
}
