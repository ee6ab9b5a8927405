//! Identifiers: every form people paste, compared with arXiv's own parser.

use std::collections::BTreeSet;
use std::fs;

use arxcat::model::id::{ArxivId, archives, find_archive};
use proptest::prelude::*;
use serde_json::Value;

use crate::recordings;
use crate::taxonomy::facts;

fn id(text: &str) -> ArxivId {
    ArxivId::parse(text)
        .unwrap_or_else(|malformed| panic!("`{text}` is not an arXiv identifier: {malformed}"))
}

/// Where arXiv's own parser is laxer or narrower than a client may be: the input, what we read, and why.
const UNLIKE_ARXIV: &[(&str, Option<&str>, &str)] = &[
    (
        "1501.0001",
        None,
        "re-padded by the parser, unknown to the API; told as a hint",
    ),
    (
        "9107.0001",
        None,
        "re-padded by the parser, unknown to the API; told as a hint",
    ),
    (
        "0808.05394",
        None,
        "re-padded by the parser, unknown to the API; told as a hint",
    ),
    (
        "notanarchive.AA/9901001",
        None,
        "the parser does not look archives up",
    ),
    ("arXiv:1706.03762[cs.CL]", Some("1706.03762"), "the printed form"),
    ("10.48550/arXiv.1706.03762", Some("1706.03762"), "a DOI"),
    (
        "oai:arXiv.org:1706.03762",
        Some("1706.03762"),
        "an OAI-PMH identifier",
    ),
    (" 1706.03762", Some("1706.03762"), "white space around"),
];

#[test]
fn arxivs_own_parser_agrees_but_where_a_client_must_differ() {
    let Some(recordings) = recordings::folder("arxivs_own_parser_agrees") else {
        return;
    };
    let oracle = fs::read(recordings.join("oracles/identifiers.json")).unwrap();
    let oracle: Vec<Value> = serde_json::from_slice(&oracle).unwrap();
    let mut excepted = BTreeSet::new();
    for case in &oracle {
        let input = case["input"].as_str().unwrap();
        let ours = ArxivId::parse(input).ok();
        let theirs = case["idv"].as_str();
        if let Some((_, expected, why)) = UNLIKE_ARXIV.iter().find(|(except, ..)| *except == input) {
            let ours = ours.map(|id| id.to_string());
            assert_eq!(ours.as_deref(), *expected, "{input}: {why}");
            assert_ne!(ours.as_deref(), theirs, "{input} is no exception any more");
            excepted.insert(input);
            continue;
        }
        assert_eq!(ours.map(|id| id.to_string()).as_deref(), theirs, "{input}");
        let Some(ours) = ours else { continue };
        assert_eq!(case["id"], ours.base().to_string(), "{input}");
        assert_eq!(case["archive"], ours.archive().unwrap_or("arxiv"), "{input}");
        assert_eq!(case["year"], ours.year(), "{input}");
        assert_eq!(case["month"], ours.month(), "{input}");
        assert_eq!(case["num"], ours.number(), "{input}");
        assert_eq!(case["version"], Value::from(ours.version()), "{input}");
        assert_eq!(case["is_old"], ours.archive().is_some(), "{input}");
    }
    assert_eq!(oracle.len(), 69);
    assert_eq!(
        excepted.len(),
        UNLIKE_ARXIV.len(),
        "an exception is no input of the oracle"
    );
}

/// Text that people wrap around an identifier, which is written `ID`.
const WRAPPED: &[&str] = &[
    "ID",
    " ID\n",
    "arXiv:ID",
    "arxiv:ID",
    "ARXIV:ID",
    "arXiv: ID",
    "arXiv：ID",
    "arXiv ID",
    "arXiv preprint arXiv:ID",
    "arXiv:ID [cs.CL]",
    "arXiv:ID[hep-th]",
    "arXiv:ID (cs)",
    "arXiv:ID [cs.CL] 12 Jun 2017",
    "arXiv:ID  [math.GT]  1 Sep 2003.",
    "https://arxiv.org/abs/ID",
    "http://arxiv.org/abs/ID",
    "arxiv.org/abs/ID",
    "//arxiv.org/abs/ID",
    "HTTPS://ARXIV.ORG/ABS/ID",
    "https://arxiv.org:443/abs/ID",
    "https://arxiv.org//abs//ID",
    "https://arxiv.org/abs/arXiv:ID",
    "https://arxiv.org/ID",
    "https://arxiv.org/pdf/ID",
    "https://arxiv.org/pdf/ID.pdf",
    "https://arxiv.org/pdf/ID.PDF#page=3",
    "https://arxiv.org/html/ID/",
    "https://arxiv.org/html/ID#S3.SS1",
    "https://arxiv.org/src/ID",
    "https://arxiv.org/e-print/ID.tar.gz",
    "https://arxiv.org/format/ID",
    "https://arxiv.org/ps/ID.ps.gz",
    "https://arxiv.org/bibtex/ID",
    "https://arxiv.org/tb/ID",
    "https://arxiv.org/abs/ID/",
    "https://arxiv.org/abs/ID?context=cs.LG",
    "https://arxiv.org/abs/ID?utm_source=a%20b#c",
    "https://www.arxiv.org/abs/ID",
    "http://export.arxiv.org/abs/ID",
    "https://browse.arxiv.org/html/ID",
    "http://xxx.lanl.gov/abs/ID",
    "http://cn.arxiv.org/abs/ID",
    "de.arxiv.org/pdf/ID.pdf",
    "10.48550/arXiv.ID",
    "10.48550/ARXIV.ID",
    "doi:10.48550/arXiv.ID",
    "DOI: 10.48550/arxiv.ID",
    "https://doi.org/10.48550/arXiv.ID",
    "doi.org/10.48550/arXiv.ID",
    "http://dx.doi.org/10.48550/ARXIV.ID",
    "https://doi.org/10.48550%2FarXiv.ID",
    "oai:arXiv.org:ID",
    "OAI:arxiv.org:ID",
    "https://ar5iv.labs.arxiv.org/html/ID",
    "https://ar5iv.org/abs/ID",
    "ar5iv.org/html/ID",
    "https://www.alphaxiv.org/abs/ID",
    "https://alphaxiv.org/overview/ID",
    "https://www.alphaxiv.org/pdf/ID",
    "https://huggingface.co/papers/ID",
    "hf.co/papers/ID",
    "https://api.semanticscholar.org/arXiv:ID",
    "https://api.semanticscholar.org/graph/v1/paper/ARXIV:ID",
    "<https://arxiv.org/abs/ID>",
    "(arXiv:ID)",
    "(https://arxiv.org/abs/ID).",
    "[ID]",
    "\"ID\"",
    "`ID`",
    "“ID”",
    "ID.",
    "ID,",
    "ID;",
    "ID:",
    "（arXiv:ID）。",
    "《ID》，",
    "ID、",
    "\u{feff}ID\r\n",
    "ID.pdf",
    "ID.gz",
];

#[test]
fn every_pasted_form_is_read() {
    for form in WRAPPED {
        for bare in [
            "1706.03762",
            "0704.0001v12",
            "hep-th/9901001",
            "cond-mat/0703001v3",
        ] {
            let text = form.replace("ID", bare);
            assert_eq!(id(&text).to_string(), bare, "{text}");
            let text = form.replace("ID", &bare.replace('/', "%2F"));
            assert_eq!(id(&text).to_string(), bare, "{text}");
        }
    }
}

#[test]
fn spelling_is_repaired() {
    for (text, canonical) in [
        ("1706.03762V3", "1706.03762v3"),
        ("hepth/9901001", "hep-th/9901001"),
        ("HEPTH/9901001V2", "hep-th/9901001v2"),
        ("condmat/9901001", "cond-mat/9901001"),
        ("qbio/0309001", "q-bio/0309001"),
        ("grqc/9901001", "gr-qc/9901001"),
        ("mathph/0412010", "math-ph/0412010"),
        ("math.GT/0309136", "math/0309136"),
        ("Math.gt/0309136", "math/0309136"),
        ("condmat.supr-con/9901001", "cond-mat/9901001"),
        ("hep-th//9901001", "hep-th/9901001"),
        ("https://arxiv.org/pdf/math.GT/0309136v1.pdf", "math/0309136v1"),
        ("hep-th_9901001v2", "hep-th/9901001v2"),
        ("math/9501234", "math/9501234"),
        ("9107.00001", "9107.00001"),
    ] {
        assert_eq!(id(text).to_string(), canonical, "{text}");
    }
}

#[test]
fn what_is_malformed_says_why_and_what_was_likely_meant() {
    for (text, reason, hint) in [
        ("", "empty", None),
        (" \n", "empty", None),
        ("1501.0001", "five digits since", Some("1501.00001")),
        ("1501.0001v2", "five digits since", Some("1501.00001v2")),
        ("1706.003762", "five digits since", Some("1706.03762")),
        ("1706.376", "five digits since", None),
        ("0808.05394", "four digits until", Some("0808.5394")),
        ("1412.78780", "four digits until", None),
        ("1706.O3762", "a letter", Some("1706.03762")),
        ("1706.0376l", "a letter", Some("1706.03761")),
        ("1706.", "number after the point is missing", None),
        ("1612.00000", "counted from 1", None),
        ("1234.5678", "month 34 does not exist", None),
        ("0700.0001", "month 00 does not exist", None),
        ("0703.0001", "begin in April 2007", None),
        ("17060.3762", "four digits belong before", None),
        (
            "170603762",
            "the point after the month is missing",
            Some("1706.03762"),
        ),
        (
            "170603762v2",
            "the point after the month is missing",
            Some("1706.03762"),
        ),
        ("0307015", "the archive is missing", None),
        ("2017", "look like 2501.12948", None),
        ("1501.00001v", "version after `v` is missing", Some("1501.00001")),
        ("1501.00001v0", "counted from 1", Some("1501.00001")),
        ("1501.00001v01", "no leading zero", Some("1501.00001v1")),
        ("1501.00001v99999999999", "that many versions", Some("1501.00001")),
        ("1706.03762 and others", "there is more after", Some("1706.03762")),
        (
            "1706.03762, 1706.03763",
            "there is more after",
            Some("1706.03762"),
        ),
        ("1706.037625", "five digits since", Some("1706.37625")),
        ("1706.03762.5", "there is more after", Some("1706.03762")),
        ("hep-th/9913001", "month 13 does not exist", None),
        ("hep-th/9901000", "counted from 1", None),
        ("hep-th/990100", "seven digits belong", None),
        ("hep-th/99010011", "seven digits belong", None),
        ("hep-th/0704001", "run from July 1991 to March 2007", None),
        ("hep-th/9106001", "run from July 1991 to March 2007", None),
        ("hep-th/", "seven digits belong", None),
        ("math", "an archive", None),
        ("hep-ph/1203.1234v2", "have no archive", Some("1203.1234v2")),
        ("hep-ph/1203.12345", "have no archive", None),
        ("notanarchive/9901001", "no archive `notanarchive`", None),
        (
            "hep-tk/9901001v2",
            "no archive `hep-tk`",
            Some("hep-th/9901001v2"),
        ),
        ("R1", "look like 2501.12948", None),
        ("attention", "look like 2501.12948", None),
        ("１７０６.０３７６２", "look like 2501.12948", None),
        ("10.1038/nature14539", "publisher's DOI", None),
        ("https://doi.org/10.1038/nature14539", "names no paper", None),
        (
            "https://example.org/abs/1706.03762",
            "not one of arXiv's papers",
            None,
        ),
        (
            "https://notarxiv.org/abs/1706.03762",
            "not one of arXiv's papers",
            None,
        ),
        (
            "https://arxiv.org.example.org/abs/1706.03762",
            "not one of arXiv's papers",
            None,
        ),
        ("https://arxiv.org/list/cs.CL/recent", "names no paper", None),
        ("https://arxiv.org/", "names no paper", None),
        ("https://arxiv.org/abs/", "holds no identifier", None),
    ] {
        let malformed = ArxivId::parse(text).expect_err(text);
        assert!(malformed.reason.contains(reason), "{text}: {malformed}");
        assert_eq!(malformed.hint.as_deref(), hint, "{text}: {malformed}");
    }
}

#[test]
fn a_reason_never_repeats_what_is_long_or_unprintable() {
    let long = "x".repeat(1_000_000);
    for text in [
        long.clone(),
        format!("{long}/9901001"),
        format!("https://{long}/abs/1706.03762"),
        format!("1706.{}", "0".repeat(1_000_000)),
        "1".repeat(1_000_000),
        "arxiv:".repeat(200_000),
        "%2F".repeat(300_000),
        "(".repeat(1_000_000),
        "\u{1b}[31m/9901001".to_owned(),
    ] {
        let malformed = ArxivId::parse(&text).unwrap_err();
        assert!(malformed.reason.len() < 120, "{malformed}");
        assert!(!malformed.reason.contains(char::is_control), "{malformed}");
    }
}

#[test]
fn order_is_that_of_time() {
    let ordered = [
        "hep-lat/9107001",
        "cs/9901002",
        "hep-th/9901002",
        "hep-th/9901002v1",
        "hep-th/9901002v2",
        "cs/9901003",
        "hep-th/0001001",
        "math/0703999",
        "0704.0001",
        "1412.9999",
        "1501.00001",
        "2501.12948v1",
        "2501.12948v10",
    ];
    assert!(ordered.map(id).is_sorted_by(|a, b| a < b));
}

#[test]
fn an_identifier_knows_its_parts_addresses_and_file_name() {
    let old = id("hep-th/9901001v3");
    assert_eq!((old.year(), old.month(), old.number()), (1999, 1, 1));
    assert_eq!((old.archive(), old.version()), (Some("hep-th"), Some(3)));
    assert_eq!(old.base(), id("hep-th/9901001"));
    assert_eq!(old.file_stem(), "hep-th_9901001v3");
    assert_eq!(old.abs_url(), "https://arxiv.org/abs/hep-th/9901001v3");
    let new = id("2501.12948").with_version(2);
    assert_eq!((new.archive(), new.version()), (None, Some(2)));
    assert_eq!(new.pdf_url(), "https://arxiv.org/pdf/2501.12948v2");
    assert_eq!(serde_json::to_string(&new).unwrap(), "\"2501.12948v2\"");
    assert_eq!(
        serde_json::from_str::<ArxivId>("\"arXiv:2501.12948v2\"").unwrap(),
        new
    );
}

#[test]
fn an_archive_is_found_by_any_spelling() {
    assert_eq!(archives().count(), 39);
    for archive in archives() {
        for text in [
            archive.to_owned(),
            archive.to_uppercase(),
            archive.replace('-', ""),
        ] {
            assert_eq!(find_archive(&text), Some(archive), "{text}");
        }
    }
    for text in ["", "-", "hep--th", "he-pth", "cs.CL", "hep", "é"] {
        assert_eq!(find_archive(text), None, "{text}");
    }
}

#[test]
fn the_deleted_are_known_whatever_the_version() {
    assert_eq!(
        id("alg-geom/9311009v2").deleted(),
        Some("was a duplicate of alg-geom/9311003")
    );
    assert_eq!(id("arXiv:2307.10651").deleted(), Some("deleted by arXiv"));
    assert_eq!(id("alg-geom/9311003").deleted(), None);
    assert_eq!(id("1706.03762").deleted(), None);

    let Some(facts) = facts("the_deleted_are_known", "deleted_ids.json") else {
        return;
    };
    let deleted = facts["deleted"].as_object().unwrap();
    assert_eq!(deleted.len(), 156);
    for (text, reason) in deleted {
        let reason = reason
            .as_str()
            .filter(|reason| !reason.is_empty())
            .unwrap_or("deleted by arXiv");
        assert_eq!(id(text).deleted(), Some(reason), "{text}");
        assert_eq!(id(text).to_string(), *text);
    }
}

/// A valid identifier of either scheme, with or without a version, in its canonical spelling.
fn canonical() -> impl Strategy<Value = String> {
    let new = (7..100_u32, 1..13_u32, 1..100_000_u32)
        .prop_filter("from April 2007 on", |(year, month, _)| (*year, *month) >= (7, 4))
        .prop_map(|(year, month, number)| match year {
            ..15 => format!("{year:02}{month:02}.{:04}", (number - 1) % 9999 + 1),
            _ => format!("{year:02}{month:02}.{number:05}"),
        });
    let months = 1991 * 12 + 6..2007 * 12 + 3_u32;
    let old = (0..39_usize, months, 1..1000_u32).prop_map(|(archive, month, number)| {
        let archive = archives().nth(archive).unwrap();
        format!(
            "{archive}/{:02}{:02}{number:03}",
            month / 12 % 100,
            month % 12 + 1
        )
    });
    let version = prop_oneof![
        Just(String::new()),
        (1..200_u32).prop_map(|version| format!("v{version}"))
    ];
    (prop_oneof![new, old], version).prop_map(|(id, version)| id + &version)
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(text in canonical(), form in 0..WRAPPED.len()) {
        let read = id(&text);
        prop_assert_eq!(read.to_string(), text.as_str());
        prop_assert_eq!(ArxivId::parse(&read.file_stem()), Ok(read));
        let wrapped = WRAPPED[form].replace("ID", &text);
        prop_assert_eq!(ArxivId::parse(&wrapped), Ok(read), "{}", wrapped);
        prop_assert_eq!(ArxivId::parse(&text.to_uppercase()), Ok(read));
    }

    #[test]
    fn no_text_is_beyond_reading(text in ".{0,60}") {
        whatever_is_read_is_canonical(&text);
    }

    #[test]
    fn nothing_like_an_identifier_is_beyond_reading(
        before in "(arxiv:|https?://arxiv\\.org/|doi:|10\\.48550/arxiv\\.|[%(<])?[a-z./]{0,6}",
        middle in "[a-z-]{0,8}[./_]{0,2}[0-9Ol]{0,9}\\.?[0-9]{0,6}[vV]?[0-9]{0,11}",
        after in ".{0,8}",
    ) {
        whatever_is_read_is_canonical(&format!("{before}{middle}{after}"));
    }

    #[test]
    fn no_bytes_are_beyond_reading(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        whatever_is_read_is_canonical(&String::from_utf8_lossy(&bytes));
    }
}

/// What is read, and what is hinted at, is read again from its own spelling.
fn whatever_is_read_is_canonical(text: &str) {
    let spelling = match ArxivId::parse(text) {
        Ok(read) => Some(read.to_string()),
        Err(malformed) => malformed.hint,
    };
    if let Some(spelling) = spelling {
        assert_eq!(id(&spelling).to_string(), spelling, "{text}");
    }
}
