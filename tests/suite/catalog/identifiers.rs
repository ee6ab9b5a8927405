//! Identifiers from standard input and files.

use arxcat::read;
use proptest::prelude::*;

use super::{ARRAY, LINES, OBJECT};

fn asked(bytes: &[u8]) -> Vec<String> {
    let all = read::identifiers(bytes).unwrap();
    all.iter().map(|asked| asked.identifier().to_owned()).collect()
}

#[test]
fn they_come_one_a_line_up_to_the_first_tab_or_space() {
    let text = "2501.12948\t2025-01-22\tcs.CL\tDeepSeek-R1\r\n\n# a remark\n  arXiv:1706.03762 [cs.CL]\nR1\n \t \nR1";
    assert_eq!(
        asked(text.as_bytes()),
        ["2501.12948", "arXiv:1706.03762", "R1", "R1"]
    );
    assert_eq!(asked(format!("\u{feff}{text}").as_bytes()).len(), 4);
    let all = read::identifiers(b"DeepSeek LLM\tx \n").unwrap();
    assert_eq!(all[0].given, "DeepSeek LLM\tx");
    assert_eq!(asked(b""), [""; 0]);
}

#[test]
fn they_come_from_json_by_id() {
    let expected = ["2403.01234", "hep-th/9901001"];
    assert_eq!(asked(LINES.as_bytes()), expected);
    assert_eq!(asked(OBJECT.as_bytes()), expected);
    assert_eq!(asked(format!("\u{feff}{OBJECT}").as_bytes()), expected);
    assert_eq!(asked(ARRAY.as_bytes()), ["2403.01234v2", "hep-th/9901001"]);
    assert_eq!(asked(br#"["2403.01234", "hep-th\/9901001"]"#), expected);
    assert_eq!(asked(b"\"2403.01234\"\n\"hep-th/9901001\""), expected);
    assert_eq!(asked(b"[]"), [""; 0]);
}

#[test]
fn json_without_identifiers_is_an_error_with_its_place() {
    let cases = [
        (
            "[17]",
            "invalid type: integer `17`, expected an identifier in quotes or an object with `id` at line 1, column 3",
        ),
        (
            r#"[{"title":"T"}]"#,
            "an object without `id` at line 1, column 14",
        ),
        (
            r#"{"id":null}"#,
            "invalid type: null, expected an identifier in quotes or an object with `id` at line 1, column 10",
        ),
        ("[\"a\",\n", "EOF while parsing a value at line 2, column 0"),
    ];
    for (json, expected) in cases {
        let error = read::identifiers(json.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{json}");
    }
    assert!(read::identifiers("[".repeat(1_000_000).as_bytes()).is_err());
    assert!(read::identifiers(&vec![b'x'; read::MAX_BYTES + 1]).is_err());
}

#[test]
fn too_many_are_refused_before_the_rest_is_read() {
    let many = "\"\",".repeat(4_000_001);
    for json in [format!("[{many}!"), many.replace(',', "\n") + "!"] {
        let error = read::identifiers(json.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "more than 4000000 identifiers");
    }
    assert!(read::identifiers("x\n".repeat(4_000_001).as_bytes()).is_err());
}

#[test]
fn the_last_of_several_keys_counts() {
    let json = br#"[{"papers": ["2403.01234", {"id": "hep-th/9901001"}], "id": "2501.00001"}, "2501.00002"]"#;
    assert_eq!(asked(json), ["2501.00001", "2501.00002"]);
}

#[test]
fn bytes_that_are_no_text_are_handed_on_to_be_refused() {
    assert_eq!(asked(b"\xff\xfe\n2403.01234"), ["\u{fffd}\u{fffd}", "2403.01234"]);
    let long = format!("{}\n2403.01234\t{}", "é".repeat(100_000), "x".repeat(100_000));
    let all = read::identifiers(long.as_bytes()).unwrap();
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|asked| asked.given.len() <= 4100));
    assert_eq!(all[1].identifier(), "2403.01234");
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(all) = read::identifiers(&bytes) {
            prop_assert!(all.iter().all(|asked| !asked.identifier().contains(['\t', ' ', '\n'])));
        }
    }

    #[test]
    fn what_is_written_one_a_line_comes_back(names in prop::collection::vec("[a-z0-9./-]{1,20}", 0..20)) {
        let text = names.join("\tmore of it\n");
        prop_assert_eq!(asked(text.as_bytes()), names);
    }
}
