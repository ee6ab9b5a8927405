//! Identifiers in any text: every form in its place, false friends, and properties over generated text.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use arxcat::refs::find::{FoundId, IdForm, Rigour, scan, scan_by};
use proptest::prelude::*;

use IdForm::{Bare, Bracketed, Doi, Eprint, Prefix, Url};
use Rigour::{Lenient, Strict};

fn found(text: &[u8], rigour: Rigour) -> Vec<FoundId> {
    let mut all = Vec::new();
    scan(text, rigour, |found| {
        all.push(found);
        ControlFlow::Continue(())
    })
    .unwrap();
    all
}

fn ids(text: &str, rigour: Rigour) -> Vec<String> {
    let all = found(text.as_bytes(), rigour);
    all.iter()
        .map(|found| {
            found
                .id
                .as_ref()
                .map_or("malformed".to_owned(), ToString::to_string)
        })
        .collect()
}

/// A text with the identifier as it is written between `‹` and `›`, and its canonical form.
type Row = (&'static str, &'static str);

const PREFIXES: &[Row] = &[
    ("see ‹arXiv:1706.03762›.", "1706.03762"),
    ("see ‹arxiv:1706.03762v5›,", "1706.03762v5"),
    ("‹ARXIV: 0704.0001›", "0704.0001"),
    ("‹arXiv:hep-th/9901001v2›;", "hep-th/9901001v2"),
    ("‹arXiv:math.GT/0309136›)", "math/0309136"),
    ("见‹arXiv：1706.03762›。", "1706.03762"),
    ("（‹arXiv:1706.03762›）", "1706.03762"),
    ("《题》，‹arXiv:1706.03762›，二〇一七", "1706.03762"),
    ("arXiv preprint ‹arXiv:1706.03762›, 2017", "1706.03762"),
    ("arXiv preprint‹arXiv:1706.03762›, 2017", "1706.03762"),
    ("‹arXiv preprint 1706.03762›", "1706.03762"),
    ("(‹arXiv 1706.03762›)", "1706.03762"),
    ("(‹arXiv:1706.03762› [cs.CL])", "1706.03762"),
    ("[‹arXiv:1706.03762›]", "1706.03762"),
    ("\\‹arxiv{1706.03762›}", "1706.03762"),
    ("{{cite ‹arXiv|hep-th/9901001›}}", "hep-th/9901001"),
    ("**‹arXiv:** 1706.03762›", "1706.03762"),
    ("\"‹arxiv_id\": \"1706.03762›\"", "1706.03762"),
    ("<id>‹oai:arXiv.org:hep-th/9901001›</id>", "hep-th/9901001"),
    ("‹arXiv:\n1706.03762›", "1706.03762"),
    ("journal = {‹Ar{X}iv:1706.03762›}", "1706.03762"),
    ("journal = {{‹arXiv}:1706.03762› [cs.CL]}", "1706.03762"),
    ("note = {{\\tt ‹arXiv}:1706.03762›}", "1706.03762"),
    ("\\href{http://a.example/abc}{‹arXiv:1706.03762›}", "1706.03762"),
    ("‹arXiv:1706.\r\n  03762›", "1706.03762"),
    ("‹arXiv:1706.03-\n762›", "1706.03762"),
    ("‹arXiv:hep-\nth/9901001›", "hep-th/9901001"),
    ("\\showeprint[‹arxiv]{1706.03762›}", "1706.03762"),
    ("‹arXiv:&nbsp;1706.03762›.", "1706.03762"),
    ("‹arXiv&#58;1706.03762›.", "1706.03762"),
    ("‹arXiv:hep\u{2011}th/9711200›.", "hep-th/9711200"),
    ("‹arXiv:hep\u{2013}th/9711200v2›.", "hep-th/9711200v2"),
    ("‹arXiv-1706.03762v5›.tar.gz", "1706.03762v5"),
    ("‹arXiv:1706.03762›and later", "1706.03762"),
];

const URLS: &[Row] = &[
    ("<‹https://arxiv.org/abs/1706.03762›>", "1706.03762"),
    ("](‹http://arxiv.org/pdf/1706.03762v5›.pdf)", "1706.03762v5"),
    ("‹arxiv.org/abs/1706.03762›", "1706.03762"),
    ("‹www.arxiv.org/html/1706.03762v1›#S1", "1706.03762v1"),
    ("‹https://export.arxiv.org/e-print/1706.03762›?x=1", "1706.03762"),
    ("‹https://arxiv.org/src/1706.03762›/anc", "1706.03762"),
    ("‹https://arxiv.org/format/1706.03762›", "1706.03762"),
    ("‹https://arxiv.org/ps/hep-th/9901001›", "hep-th/9901001"),
    ("‹https://arxiv.org/bibtex/1706.03762›", "1706.03762"),
    ("‹https://arxiv.org/tb/1706.03762›", "1706.03762"),
    (
        "‹https://arxiv.org/ftp/arxiv/papers/1706/1706.03762›.pdf",
        "1706.03762",
    ),
    ("‹HTTPS://ARXIV.ORG/ABS/1706.03762›", "1706.03762"),
    ("‹http://cn.arxiv.org/abs/1706.03762›", "1706.03762"),
    ("‹http://xxx.lanl.gov/abs/hep-th/9901001›", "hep-th/9901001"),
    ("‹http://arxiv.org:80/abs/1706.03762›", "1706.03762"),
    ("‹https://ar5iv.labs.arxiv.org/html/1706.03762›", "1706.03762"),
    ("‹https://ar5iv.org/abs/1706.03762›", "1706.03762"),
    ("‹https://www.alphaxiv.org/abs/1706.03762›", "1706.03762"),
    ("‹https://huggingface.co/papers/1706.03762›", "1706.03762"),
    ("‹https://hf.co/papers/1706.03762›", "1706.03762"),
    ("‹https://arxiv.org/abs/hep-th%2F9901001›", "hep-th/9901001"),
    ("?u=‹https%3A%2F%2Farxiv.org%2Fabs%2F1706.03762›&x", "1706.03762"),
    (
        "\"‹https:\\/\\/arxiv.org\\/abs\\/hep-th\\/9901001›\"",
        "hep-th/9901001",
    ),
    ("web/2020/‹https://arxiv.org/abs/1706.03762›", "1706.03762"),
    ("论文‹https://arxiv.org/abs/1706.03762›。", "1706.03762"),
    ("‹https://arxiv.org/abs/\n1706.03762›", "1706.03762"),
    ("‹https://arxiv.org/\n  abs/1706.03762›", "1706.03762"),
    ("> ‹https://arxiv.\n> org/abs/1706.03762›", "1706.03762"),
    ("‹https://ar-\nxiv.org/abs/1706.03762›", "1706.03762"),
    ("‹https://arxiv.org/ab=\r\ns/1706.03=\r\n762›", "1706.03762"),
    ("‹https://arxiv.org/a\u{ad}bs/1706.\u{ad}03762›", "1706.03762"),
    ("‹https://arxiv.org/abs/hep-th/\n9901001›", "hep-th/9901001"),
    ("CoRR ‹abs/1706.03762› (2017)", "1706.03762"),
    ("volume = {‹abs/cs/0112017›}", "cs/0112017"),
    ("href=\"‹/abs/1706.03762›\"", "1706.03762"),
    ("‹https://arxiv.org/abs/1706.03762›\n5 pages", "1706.03762"),
];

const DOIS: &[Row] = &[
    ("doi:‹10.48550/arXiv.1706.03762›.", "1706.03762"),
    ("‹https://doi.org/10.48550/ARXIV.1706.03762›", "1706.03762"),
    ("‹10.48550/arxiv.hep-th/9901001›", "hep-th/9901001"),
    ("‹10.48550%2FarXiv.1706.03762›", "1706.03762"),
    ("‹10.48550/\narXiv.1706.03762›", "1706.03762"),
];

const EPRINTS: &[Row] = &[
    ("  ‹eprint = {1706.03762}›,", "1706.03762"),
    ("  ‹Eprint=\"hep-th/9901001\"›,", "hep-th/9901001"),
    (
        "\n‹eprint        = {0704.0001v2}›,\narchivePrefix = {arXiv}",
        "0704.0001v2",
    ),
    ("\\‹eprint{1706.03762}›", "1706.03762"),
    ("\\field{‹eprint}{1706.03762}›", "1706.03762"),
    (
        "\\‹verb{eprint}\n      \\verb 1706.03762›\n      \\endverb",
        "1706.03762",
    ),
];

const BRACKETED: &[Row] = &[
    ("J. High ‹[hep-th/9901001]›.", "hep-th/9901001"),
    ("‹[1706.03762]›(#x)", "1706.03762"),
    ("参见‹【1706.03762】›。", "1706.03762"),
    ("‹[1706.03762› [cs.CL]]", "1706.03762"),
];

/// What is found strictly, by what marks it.
const MARKED: &[(IdForm, &[Row])] = &[
    (Prefix, PREFIXES),
    (Url, URLS),
    (Doi, DOIS),
    (Eprint, EPRINTS),
    (Bracketed, BRACKETED),
];

const BARE: &[Row] = &[
    ("see ‹1706.03762›.", "1706.03762"),
    ("\t‹2401.02954v2›\t2024-01", "2401.02954v2"),
    ("编号‹1706.03762›。", "1706.03762"),
    ("(‹hep-th/9901001›)", "hep-th/9901001"),
    ("‹math.GT/0309136›,", "math/0309136"),
    ("0704.0001\n‹0704.0002›\n", "0704.0002"),
    ("in 2020.\n‹0704.0002›\n5 pages", "0704.0002"),
    ("id,‹1706.03762›,5", "1706.03762"),
    ("_‹1706.03762›_", "1706.03762"),
];

/// The text before the identifier, the identifier as written, and the text after it.
fn parts(marked: &str) -> (&str, &str, &str) {
    let (before, rest) = marked.split_once('‹').unwrap();
    let (written, behind) = rest.split_once('›').unwrap();
    (before, written, behind)
}

#[track_caller]
fn check(rows: &[Row], form: IdForm, rigour: Rigour) {
    for &(marked, id) in rows {
        let (before, written, behind) = parts(marked);
        let text = [before, written, behind].concat();
        let all = found(text.as_bytes(), rigour);
        // A bare one may follow another.
        assert!(all.len() == 1 || form == Bare, "{text:?}: {all:?}");
        let last = all.last().unwrap_or_else(|| panic!("nothing in {text:?}"));
        assert_eq!(
            (
                last.id.as_ref().map(ToString::to_string),
                last.offset,
                last.text.as_str(),
                last.form
            ),
            (Ok(id.to_owned()), before.len() as u64, written, form),
            "{text:?}"
        );
    }
}

#[test]
fn every_form_is_found_where_it_stands() {
    for rigour in [Strict, Lenient] {
        for &(form, rows) in MARKED {
            check(rows, form, rigour);
        }
    }
    check(BARE, Bare, Lenient);
}

#[test]
fn the_line_before_makes_no_difference() {
    for line in [
        "word\n",
        "2017\r\n    ",
        "half-\n",
        "a.b.\r",
        "https://example.org/\n\n",
    ] {
        for (marked, _) in MARKED.iter().flat_map(|&(_, rows)| rows) {
            let (before, written, _) = parts(marked);
            let text = [line, before, written, "]"].concat();
            let all = found(text.as_bytes(), Strict);
            assert_eq!(all.len(), 1, "{text:?}");
            let end = all[0].offset + all[0].text.len() as u64;
            let is_closed = all[0].form == Bracketed && !written.ends_with([']', '】']);
            let offset = line.len() + before.len();
            let written = offset + written.len() + usize::from(is_closed);
            assert_eq!((all[0].offset, end), (offset as u64, written as u64), "{text:?}");
        }
    }
}

#[test]
fn what_nothing_marks_is_found_only_leniently() {
    for (marked, _) in BARE {
        let text = marked.replace(['‹', '›'], "");
        assert_eq!(ids(&text, Strict), [""; 0], "{text:?}");
    }
}

/// Nothing is found in these, neither strictly nor leniently.
const TRAPS: &[&str] = &[
    "https://www.techrxiv.org/doi/full/10.36227/techrxiv.173896582.25938392,2025",
    "10.1109/CVPR.2016.90",
    "10.1103/1706.03762",
    "doi:10.1000/hep-th/9901001",
    "https://example.org/abs/1706.03762",
    "https://notarxiv.org/abs/1706.03762",
    "https://arxiv.org.example.com/abs/1706.03762",
    "https://arxiv.org/list/hep-th/9901001",
    "https://arxiv.org/search/?query=1706.03762",
    "x=1706.03762",
    "v1706.03762",
    "1.1706.03762",
    "1706.03762.4",
    "21706.03762",
    "1706.037621",
    "$1204.5678",
    "€1204.5678",
    "1204.5678%",
    "-1204.5678",
    "1204.5678e5",
    "+49 30.1204.5678",
    "1204-5678",
    "31.12.2010",
    "2010.1225",
    "2010-12-25",
    "10/12/2010",
    "1706.0376",
    "1413.0001",
    "0703.0001",
    "0704.0000",
    "docs/0112017",
    "see/9901001",
    "hep-th/0704001",
    "hep-th/99010012",
    "path/hep-th/9901001",
    "SocArXiv:1706.03762x",
    "bioRxiv 1706.037",
    "on arXiv: 3.5 million papers",
    "since arXiv: 2013, and 1991.",
    "https://arxiv.org/abs/XXXX.XXXXX",
    "arXiv.org, 1991-2020",
    "PMID: 12345678",
];

#[test]
fn a_name_that_ends_like_arxivs_marks_nothing() {
    for text in [
        "bioarXiv:1706.03762",
        "myarXiv:1706.03762",
        "MedArXiv: 1706.03762",
    ] {
        assert_eq!(ids(text, Strict), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn traps_are_left_alone() {
    for trap in TRAPS {
        for rigour in [Strict, Lenient] {
            assert_eq!(ids(trap, rigour), [""; 0], "{trap:?}, {rigour:?}");
        }
    }
}

#[test]
fn an_eprint_of_another_archive_is_none() {
    let entry = |prefix: &str| {
        format!(
            "@article{{a, eprint = {{0704.0001}}, archivePrefix = {{{prefix}}} }}\n\
             @article{{b, archivePrefix = {{{prefix}}},\n eprint = {{0704.0002}} }}\n@misc{{c, archiveprefix = {{x}} }}"
        )
    };
    assert_eq!(ids(&entry("arXiv"), Strict), ["0704.0001", "0704.0002"]);
    assert_eq!(ids(&entry("SomeArchive"), Strict), [""; 0]);
    assert_eq!(
        ids("eprint = {https://example.org/1}, eprint = {12345678}", Strict),
        [""; 0]
    );
}

#[test]
fn what_is_marked_and_no_identifier_is_malformed() {
    for (text, written) in [
        ("see arXiv:1713.03762.", "arXiv:1713.03762"),
        ("see arXiv:1706.0376, 2017", "arXiv:1706.0376"),
        ("arXiv:1412.07878", "arXiv:1412.07878"),
        ("arXiv:1706.03762v0", "arXiv:1706.03762v0"),
        ("arXiv:170603762", "arXiv:170603762"),
        ("arXiv:9901001", "arXiv:9901001"),
        ("arXiv:hepp-th/9901001", "arXiv:hepp-th/9901001"),
        (
            "https://arxiv.org/abs/1706.O3762",
            "https://arxiv.org/abs/1706.O3762",
        ),
        ("https://arxiv.org/abs/9901001", "https://arxiv.org/abs/9901001"),
        (
            "https://arxiv.org/pdf/hep-th/990100.pdf",
            "https://arxiv.org/pdf/hep-th/990100",
        ),
        ("10.48550/arXiv.2406.143330", "10.48550/arXiv.2406.143330"),
    ] {
        let all = found(text.as_bytes(), Strict);
        let all: Vec<_> = all
            .iter()
            .map(|found| (found.id.is_err(), found.text.as_str()))
            .collect();
        assert_eq!(all, [(true, written)], "{text:?}");
    }
    let hint = found(b"arXiv:170603762", Strict)[0].id.clone().unwrap_err().hint;
    assert_eq!(hint.as_deref(), Some("1706.03762"));
}

#[test]
fn lines_end_in_lf_crlf_or_cr_and_columns_are_bytes() {
    let text = "a\nb\r\nc\rarXiv:1706.03762\r\r\n\n论 arXiv:1706.03763\n\rarXiv:1706.03764";
    let at = |found: &FoundId| (found.line, found.column);
    let places: Vec<_> = found(text.as_bytes(), Strict).iter().map(at).collect();
    assert_eq!(places, [(4, 1), (7, 5), (9, 1)]);
    for chunk in 1..60 {
        let mut again = Vec::new();
        // Far enough that the window slides.
        let long = ["x".repeat(3000).as_str(), text].concat();
        scan_by(long.as_bytes(), Strict, chunk, |found| {
            again.push(at(&found));
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(again, places, "{chunk}");
    }
}

#[test]
fn utf_16_is_read_with_the_places_of_its_own_bytes() {
    let text = "论文 😀\r\n见 arXiv：1706.03762。\n";
    let encode = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(unit)
            .collect()
    };
    for bytes in [encode(u16::to_le_bytes), encode(u16::to_be_bytes)] {
        let all = found(&bytes, Strict);
        let one = &all[0];
        assert_eq!(
            (one.offset, one.line, one.column, one.text.as_str()),
            (20, 2, 5, "arXiv：1706.03762")
        );
        assert_eq!(all.len(), 1);
    }
}

#[test]
fn each_may_end_the_reading() {
    let mut count = 0;
    scan(&b"arXiv:1706.03762 arXiv:1706.03763"[..], Strict, |_| {
        count += 1;
        ControlFlow::Break(())
    })
    .unwrap();
    assert_eq!(count, 1);
}

/// Gives a text in pieces of these sizes, over and over.
struct Pieces<'a> {
    text: &'a [u8],
    sizes: Vec<usize>,
    turn: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.turn += 1;
        let size = self.sizes[self.turn % self.sizes.len()];
        if size == 0 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let (now, later) = self.text.split_at(size.min(self.text.len()).min(buffer.len()));
        buffer[..now.len()].copy_from_slice(now);
        self.text = later;
        Ok(now.len())
    }
}

fn filler() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ,;\n]{0,40}",
        "[论文见，。\r\n ]{0,20}",
        Just("\\frac{1}{2} 3.14 v1.2.3 10.1109/CVPR.2016.90 2024-01-05 ".to_owned()),
        Just("[link](https://example.org/a/1.html) ".to_owned()),
        (1..3000_usize).prop_map(|count| "-".repeat(count)),
    ]
}

fn marked() -> impl Strategy<Value = (String, String)> {
    let new = (15..30_u8, 1..13_u8, 1..100_000_u32).prop_map(|(y, m, n)| format!("{y:02}{m:02}.{n:05}"));
    let old = (92..100_u8, 1..13_u8, 1..1000_u32).prop_map(|(y, m, n)| format!("hep-th/{y:02}{m:02}{n:03}"));
    let version = prop_oneof![Just(String::new()), (1..20_u8).prop_map(|v| format!("v{v}"))];
    let id = (prop_oneof![new, old], version).prop_map(|(id, version)| id + &version);
    let mark = prop::sample::select(vec![
        ("arXiv:", ""),
        ("arXiv：", ""),
        ("https://arxiv.org/abs/", ""),
        ("https://arxiv.org/pdf/", ""),
        ("10.48550/arXiv.", ""),
        ("[", "]"),
        ("eprint = {", "}"),
        ("https://huggingface.co/papers/", ""),
    ]);
    (mark, id).prop_map(|((before, behind), id)| (format!("{before}{id}{behind}"), id))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn exactly_what_is_embedded_is_found_whatever_the_buffer(
        parts in prop::collection::vec((filler(), marked()), 0..12),
        chunk in 1..4000_usize,
        sizes in prop::collection::vec(0..700_usize, 1..5),
    ) {
        let mut text = String::new();
        let mut expected = Vec::new();
        for (filler, (written, id)) in &parts {
            text.push_str(filler);
            text.push_str(" : ");
            expected.push((id.clone(), text.len() as u64, written.clone()));
            text.push_str(written);
            text.push(' ');
        }
        let mut all = Vec::new();
        let sizes = sizes.into_iter().chain([5]).collect();
        scan_by(Pieces { text: text.as_bytes(), sizes, turn: 0 }, Strict, chunk, |found| {
            let id = found.id.as_ref().map_or("malformed".to_owned(), ToString::to_string);
            all.push((id, found.offset, found.text.clone()));
            let before = &text[..usize::try_from(found.offset).unwrap()];
            let ends = before.replace("\r\n", "\n").replace('\r', "\n");
            let line = ends.matches('\n').count() as u64 + 1;
            let column = before.len() - before.rfind(['\n', '\r']).map_or(0, |at| at + 1) + 1;
            assert_eq!((found.line, found.column), (line, column as u64));
            ControlFlow::Continue(())
        }).unwrap();
        prop_assert_eq!(all, expected);
    }

    #[test]
    fn no_bytes_make_it_panic_and_the_buffer_makes_no_difference(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..4000),
            prop::collection::vec(prop::sample::select(b"arxiv:./%2F[]{}\"= \n\r-v0117064\xc2\xad\xe2\x80\x8b\xff\xfe".to_vec()), 0..4000),
        ],
        chunk in 1..3000_usize,
    ) {
        for rigour in [Strict, Lenient] {
            let mut all = Vec::new();
            scan_by(bytes.as_slice(), rigour, chunk, |found| {
                all.push(found);
                ControlFlow::Continue(())
            }).unwrap();
            prop_assert_eq!(&all, &found(&bytes, rigour));
        }
    }
}

#[test]
fn an_archive_is_a_field_and_not_a_word_of_the_entry() {
    let entry = r"@online{a, eprinttype={arxiv}, eprint={hep-th/9901001}, annotation={Note the \texttt{eprinttype} field.}}";
    assert_eq!(ids(entry, Strict), ["hep-th/9901001"]);
    let other =
        r"@online{a, annotation={The archivePrefix field.}, eprint={1706.03762}, archivePrefix = {SSRN}}";
    assert!(ids(other, Strict).is_empty());
}

#[test]
fn a_long_line_takes_linear_time() {
    for part in ["1", "arxiv.org/", "["] {
        assert_linear(part, 200_000);
    }
    for part in [
        "arXiv:",
        "1706.",
        "-\n",
        "\r",
        "/1234567",
        "eprint={",
        "1706.03762/",
        "arxiv.org/1234567",
        "arXiv\u{3000}",
    ] {
        assert_linear(part, 100_000);
    }
}

/// Ten times the text takes about ten times as long; far less than the hundred times of quadratic work.
fn assert_linear(part: &str, size: usize) {
    let time = |size: usize| {
        let repeated = part.as_bytes().iter().copied().cycle();
        let text: Vec<u8> = repeated.take(size).collect();
        let start = Instant::now();
        scan(text.as_slice(), Lenient, |_| ControlFlow::Continue(())).unwrap();
        start.elapsed()
    };
    // A machine with other things to do may take long once.
    let linear = (0..3).any(|_| {
        let (tenth, whole) = (time(size / 10), time(size));
        whole < tenth * 40 + Duration::from_millis(500)
    });
    assert!(linear, "{part}");
}
