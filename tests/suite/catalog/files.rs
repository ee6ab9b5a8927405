//! Catalog files of the user, valid and invalid.

use arxcat::catalog::{Catalog, Error, MAX_BYTES, papers};
use arxcat::model::date::Stamp;
use arxcat::model::lang::Area;
use arxcat::model::paper::Paper;
use proptest::prelude::*;

use super::{ARRAY, LINES, OBJECT, entry, id};

#[test]
fn the_three_forms_give_the_same_papers() {
    for (form, json) in [("object", OBJECT), ("array", ARRAY), ("lines", LINES)] {
        let catalog = Catalog::from_json(json.as_bytes(), "mine").unwrap();
        let ids: Vec<String> = catalog.papers.iter().map(|paper| paper.id.to_string()).collect();
        assert_eq!(ids, ["2403.01234", "hep-th/9901001"], "{form}");
        let name = if form == "object" { "tides" } else { "mine" };
        assert_eq!(catalog.name, name, "{form}");
        assert!(
            catalog.papers.iter().all(|paper| entry(paper).name == name),
            "{form}"
        );
        assert_eq!(papers(json.as_bytes()).unwrap().len(), 2, "{form}");
    }
}

#[test]
fn a_file_says_what_the_model_needs_and_nothing_of_the_library() {
    let catalog = Catalog::from_json(OBJECT.as_bytes(), "mine").unwrap();
    assert_eq!(catalog.as_of, Stamp::parse("2025-03-01"));
    let [first, second] = catalog.papers.as_slice() else {
        panic!("{:?}", catalog.papers)
    };
    assert_eq!(first.library, None);
    assert_eq!(first.dois, ["10.5555/tides.2024.1"]);
    assert_eq!(second.doi.as_deref(), Some("10.5555/a"));
    assert_eq!(second.dois, ["10.5555/a", "10.5555/b"]);
    let undeclared = Area {
        code: "branes".to_owned(),
        en: "branes".to_owned(),
        zh: "branes".to_owned(),
    };
    assert_eq!(catalog.areas.last(), Some(&undeclared));
    assert_eq!(catalog.areas.len(), 2);
}

#[test]
fn papers_alone_get_no_catalog_and_may_repeat() {
    let json = r#"[{"id":"2403.01234","title":"A"},{"id":"2403.01234","title":"A"}]"#;
    let papers = papers(json.as_bytes()).unwrap();
    assert_eq!(papers.len(), 2);
    assert!(papers.iter().all(|paper| paper.catalog.is_none()));
}

#[test]
fn a_record_from_elsewhere_gets_what_the_catalog_knows() {
    let catalog = Catalog::from_json(OBJECT.as_bytes(), "mine").unwrap();
    let mut known = Paper::new(id("2403.01234v1"), "As arXiv has it");
    catalog.annotate(&mut known);
    assert_eq!(known.short_name(), Some("Tides Attention"));
    assert_eq!(known.title, "As arXiv has it");
    let mut unknown = Paper::new(id("2403.09999"), "Another");
    catalog.annotate(&mut unknown);
    assert_eq!(unknown.catalog, None);
}

#[test]
fn byte_order_mark_and_white_space_are_no_matter() {
    for json in [
        format!("\u{feff}{ARRAY}"),
        format!("\r\n \t{ARRAY}\r\n"),
        LINES.replace('\n', "\r\n\r\n"),
    ] {
        assert_eq!(
            Catalog::from_json(json.as_bytes(), "mine").unwrap().papers.len(),
            2,
            "{json:?}"
        );
    }
    assert_eq!(Catalog::from_json(b"[]", "none").unwrap().papers.len(), 0);
}

#[test]
fn an_error_names_the_record_and_the_key() {
    let cases = [
        (
            r#"{"papers":[{"id":"2405.14333","title":"T","published":"yesterday"}]}"#,
            "papers[0] (2405.14333): published: `yesterday` is no date (2025-01-22 or 2025-01-22T15:19:35Z)",
        ),
        (
            r#"[{"id":"2405.14333","title":"T"},{"title":"On Tides"}]"#,
            "papers[1] (On Tides): id is missing",
        ),
        (
            r#"[{"id":"2405.14333"}]"#,
            "papers[0] (2405.14333): title is missing",
        ),
        (r"[{}]", "papers[0]: id is missing"),
        ("{}", "papers[0]: id is missing"),
        (
            r#"[{"id":"2405.14333","title":" "}]"#,
            "papers[0] (2405.14333): title: empty",
        ),
        (
            r#"[{"id":"2405.14333","title":"T","version":0}]"#,
            "papers[0] (2405.14333): version: versions are counted from 1",
        ),
        (
            r#"[{"id":"2405.14333","title":7}]"#,
            "papers[0] (2405.14333): title: invalid type: integer `7`, expected a string",
        ),
        (
            r#"[{"id":"2405.14333","title":"T","authors":[{"name":"A"},{}]}]"#,
            "papers[0] (2405.14333): authors[1]: name is missing",
        ),
        (
            r#"{"papers":[{"id":"2405.14333","title":"T","catalog":{"unsure":"all"}}]}"#,
            "papers[0] (2405.14333): catalog.unsure: invalid type: string \"all\", expected a sequence",
        ),
        (
            r#"[["2405.14333",1,"T"]]"#,
            "papers[0]: invalid type: sequence, expected an object",
        ),
        ("[null]", "papers[0]: invalid type: null, expected an object"),
        (
            r#"{"papers":{}}"#,
            "papers: invalid type: map, expected a sequence",
        ),
        (
            r#"{"as_of":"soon","papers":[]}"#,
            "as_of: `soon` is no date (2025-01-22 or 2025-01-22T15:19:35Z)",
        ),
        (
            r#"{"areas":[{"code":"a","en":"A"}],"papers":[]}"#,
            "areas[0]: zh is missing",
        ),
        ("17", "invalid type: integer `17`, expected an object"),
        (
            r#"[{"id":"2405.14333","title":"T"},{"id":"2405.14333v2","title":"U"}]"#,
            "papers[1] (2405.14333): id: the same paper as papers[0]",
        ),
        (
            r#"[{"id":"2405.14333","id":"2405.14333","title":"T"}]"#,
            "papers[0] (2405.14333): duplicate field `id`",
        ),
        (
            "{\"id\":\"2405.14333\",\"title\":\"T\"}\n{\"id\":\"2405.14334\",\"title\":null}",
            "papers[1] (2405.14334): title: invalid type: null, expected a string",
        ),
        (
            "[{\"id\":\"2405.14333\",\n\"title\":}]",
            "not JSON: expected value at line 2, column 9",
        ),
        (
            "[{\"id\":\"2405.14333\"",
            "not JSON: EOF while parsing an object at line 1, column 19",
        ),
        ("[] []", "not JSON: trailing characters at line 1, column 4"),
        ("id: 2405.14333", "not JSON: expected value at line 1, column 1"),
        ("", "empty"),
        ("\u{feff} \n", "empty"),
    ];
    for (json, expected) in cases {
        let error = Catalog::from_json(json.as_bytes(), "mine").unwrap_err();
        assert_eq!(error.to_string(), expected, "{json}");
    }
}

#[test]
fn an_invalid_identifier_is_named() {
    let error = Catalog::from_json(br#"[{"id":"2413.00001","title":"T"}]"#, "mine").unwrap_err();
    let Error::Record {
        index: 0, name, key, ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(
        (name.as_deref(), key.as_deref()),
        (Some("2413.00001"), Some("id"))
    );
}

#[test]
fn one_cut_short_anywhere_is_an_error() {
    for json in [OBJECT, ARRAY] {
        let whole = json.trim_end().as_bytes();
        for end in 0..whole.len() {
            let error = Catalog::from_json(&whole[..end], "mine").unwrap_err();
            assert!(
                matches!(error, Error::Syntax { .. } | Error::Empty),
                "at {end}: {error}"
            );
        }
    }
    for end in 0..LINES.len() {
        let read = papers(&LINES.as_bytes()[..end]);
        let whole_lines = LINES[..end].trim_end().ends_with('}');
        assert_eq!(read.is_ok(), whole_lines, "at {end}");
    }
}

#[test]
fn deep_nesting_is_no_crash() {
    let deep = "[".repeat(1_000_000);
    let braces = r#"{"papers":"#.repeat(100_000);
    let in_unknown = format!(r#"[{{"id":"2405.14333","title":"T","x":{deep}"#);
    let in_known = format!(r#"[{{"id":"2405.14333","title":"T","authors":{deep}"#);
    for json in [deep, braces, in_unknown, in_known] {
        assert!(Catalog::from_json(json.as_bytes(), "mine").is_err());
    }
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let error = Catalog::from_json(&vec![b' '; MAX_BYTES + 1], "mine").unwrap_err();
    assert_eq!(error.to_string(), "larger than 64 MiB");
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Catalog::from_json(&bytes, "mine");
    }

    #[test]
    fn no_change_of_a_byte_panics(at in 0..OBJECT.len(), byte in any::<u8>()) {
        let mut bytes = OBJECT.as_bytes().to_vec();
        bytes[at] = byte;
        if let Ok(catalog) = Catalog::from_json(&bytes, "mine") {
            prop_assert!(catalog.papers.len() <= 2);
        }
    }
}
