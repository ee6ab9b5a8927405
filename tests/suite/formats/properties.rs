//! Properties: no text of a paper breaks a format.

use arxcat::format::{
    FieldList, Format, PeriodLength, Printer, RenderOptions, bars, findings, json, timeline,
    timeline_markdown,
};
use arxcat::model::count::Count;
use arxcat::model::date::Stamp;
use arxcat::model::id::ArxivId;
use arxcat::model::lang::Lang;
use arxcat::model::paper::{Author, BilingualText, CatalogEntry, Paper, UserData};
use arxcat::model::tex::to_plain_text;
use arxcat::model::text::{fold_whitespace, is_unprintable, sanitize, width};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{look, printed, written};

/// What breaks formats: controls, escapes, bidirectional and invisible characters, separators, markup.
const HOSTILE: &[&str] = &[
    "\u{1b}[2J",
    "\u{1b}]0;title\u{7}",
    "\u{9b}31m",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{e0041}",
    "\u{2028}",
    "\u{85}",
    "\u{7f}",
    "\0",
    "\n",
    "\r\n",
    "\t",
    "\u{b}",
    "\n# heading\n",
    "\n- [x](http://example.org)",
    "|",
    "`",
    "```",
    "*",
    "_",
    "<script>",
    "</a>",
    "-->",
    "](javascript:alert(1))",
    "[",
    "]",
    "\\",
    "&lt;",
    "$x$",
    "http://example.org",
    "www.example.org",
    "\"",
    "'",
    ",",
    ";",
    "; ",
    "=cmd()",
    "+1",
    "-1",
    "@x",
    "＝1",
    "0",
    "{",
    "}",
    "\\textbf{",
    "中文标题",
    "e\u{301}\u{301}\u{301}",
    "👩‍👩‍👧",
    "ﷺ",
    " ",
    "word",
    "Lantern",
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => proptest::sample::select(HOSTILE).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        2 => "[a-zA-Z ]{0,12}",
    ];
    prop_oneof![
        12 => vec(piece, 0..8).prop_map(|pieces| pieces.concat()),
        1 => Just("long title ".repeat(900)),
        1 => Just("0".to_owned()),
    ]
}

fn id() -> impl Strategy<Value = ArxivId> {
    let ids = ["2401.01234", "hep-th/9901001", "2401.05678v12", "0704.0001"];
    proptest::sample::select(ids.to_vec()).prop_map(|id| ArxivId::parse(id).unwrap())
}

fn stamp() -> impl Strategy<Value = Stamp> {
    let stamps = [
        "1999-01-04",
        "2024-02-29T23:59:59Z",
        "2024-03-01",
        "2025-12-31T00:00:00Z",
    ];
    proptest::sample::select(stamps.to_vec()).prop_map(|stamp| Stamp::parse(stamp).unwrap())
}

fn entry() -> impl Strategy<Value = CatalogEntry> {
    let texts = vec(option::of(hostile()), 8);
    (hostile(), texts, vec(hostile(), 0..3)).prop_map(|(name, mut texts, unsure)| {
        let mut text = || texts.pop().flatten();
        CatalogEntry {
            name,
            short_name: text(),
            area: text(),
            relation: text(),
            summary: BilingualText {
                en: text(),
                zh: text(),
            },
            repository: text().map(|rest| format!("https://example.org/{rest}")),
            model: text(),
            venue: text(),
            unsure,
        }
    })
}

prop_compose! {
    fn paper()(
        id in id(),
        title in hostile(),
        names in vec(hostile(), 0..30),
        texts in vec(option::of(hostile()), 8),
        lists in vec(vec(hostile(), 0..3), 3),
        published in option::of(stamp()),
        withdrawn in any::<Option<bool>>(),
        catalog in option::of(entry()),
        kept in any::<bool>(),
    ) -> Paper {
        let mut texts = texts;
        let mut text = || texts.pop().flatten();
        let mut paper = Paper::new(id, title);
        paper.authors = names.into_iter().map(|name| Author { name, affiliations: lists[0].clone() }).collect();
        paper.abstract_ = text();
        paper.primary_category = text();
        paper.categories.clone_from(&lists[1]);
        paper.comment = text();
        paper.journal_ref = text();
        paper.doi = text();
        paper.license = text();
        paper.submitter = text();
        paper.library = kept.then(|| UserData { tags: lists[2].clone(), note: text(), ..UserData::default() });
        paper.published = published;
        paper.withdrawn = withdrawn;
        paper.catalog = catalog;
        paper
    }
}

/// A reader of CSV by RFC 4180 and nothing else: records of fields.
fn csv_records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            c => field.push(c),
        }
    }
    assert!(!quoted && record.is_empty() && field.is_empty(), "{text:?}");
    records
}

/// Nothing in it that a person must not get to see; line breaks are the format's own.
fn is_clean(text: &str) -> bool {
    !text.chars().any(|c| c != '\n' && is_unprintable(c))
}

/// The widest line, in columns.
fn widest(text: &str) -> usize {
    text.lines().map(width).max().unwrap_or_default()
}

fn lang() -> impl Strategy<Value = Lang> {
    prop_oneof![Just(Lang::En), Just(Lang::Zh)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_line_of_tsv_has_one_tab_less_than_fields(papers in vec(paper(), 1..3)) {
        let every = FieldList::known().iter().map(|(key, _)| *key).collect::<Vec<_>>().join(",");
        for (fields, tabs) in [(None, 3), (Some(every.as_str()), FieldList::known().len() - 1)] {
            let tsv = printed(Format::Tsv, fields, RenderOptions::default(), &papers);
            prop_assert_eq!(tsv.matches('\n').count(), papers.len());
            for line in tsv.lines() {
                prop_assert_eq!(line.matches('\t').count(), tabs, "{:?}", line);
            }
            prop_assert!(is_clean(&tsv.replace('\t', "")));
        }
    }

    #[test]
    fn csv_is_read_back_as_the_fields(papers in vec(paper(), 1..3)) {
        let every = FieldList::known().iter().map(|(key, _)| *key).collect::<Vec<_>>().join(",");
        let csv = printed(Format::Csv, Some(&every), RenderOptions::default(), &papers);
        let tsv = printed(Format::Tsv, Some(&every), RenderOptions::default(), &papers);
        let mut records = csv_records(&csv).into_iter();
        let names: Vec<_> = FieldList::known().iter().map(|(key, _)| (*key).to_owned()).collect();
        prop_assert_eq!(records.next(), Some(names));
        for (record, line) in records.zip(tsv.lines()) {
            for (field, cell) in record.iter().zip(line.split('\t')) {
                let runs = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                let expected = if runs { format!("'{cell}") } else { cell.to_owned() };
                prop_assert_eq!(field, &expected);
            }
            prop_assert_eq!(record.len(), FieldList::known().len());
        }
    }

    #[test]
    fn a_cell_is_the_text_of_the_json_less_what_is_not_printable(paper in paper()) {
        let tsv = printed(Format::Tsv, Some("title,comment"), RenderOptions::default(), std::slice::from_ref(&paper));
        let expected = [&paper.title, paper.comment.as_deref().unwrap_or_default()].map(sanitize).join("\t");
        prop_assert_eq!(tsv, expected + "\n");
    }

    #[test]
    fn json_says_the_same_in_visible_characters(papers in vec(paper(), 0..3)) {
        let expected = serde_json::to_value(&papers).unwrap();
        let array = printed(Format::Json, None, RenderOptions::default(), &papers);
        prop_assert!(is_clean(&array));
        prop_assert_eq!(serde_json::from_str::<Value>(&array).unwrap(), expected.clone());
        let lines = printed(Format::Jsonl, None, RenderOptions::default(), &papers);
        prop_assert!(is_clean(&lines));
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        prop_assert_eq!(Value::from(lines), expected);
    }

    #[test]
    fn any_json_is_written_as_it_is(text in hostile(), key in hostile(), depth in 0..5_usize) {
        let mut value = json!({ key: text, "empty": {}, "none": [] });
        for level in 0..depth {
            value = if level % 2 == 0 { json!([value, []]) } else { json!({ "in": value, "n": {} }) };
        }
        let mut array = json::ArrayWriter::default();
        let spread = written(|out| { array.push(&value, out)?; array.push(&value, out)?; array.finish(out) });
        prop_assert_eq!(serde_json::from_str::<Value>(&spread).unwrap(), json!([value, value]));
        let line = written(|out| json::line(&value, out));
        prop_assert_eq!(line.matches('\n').count(), 1);
        prop_assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), value);
    }

    #[test]
    fn a_table_never_outgrows_the_terminal(papers in vec(paper(), 1..5), columns in 32..130_usize, lang in lang()) {
        let table = printed(Format::Table, None, look(lang, Some(columns)), &papers);
        prop_assert!(is_clean(&table));
        prop_assert_eq!(table.lines().count(), papers.len() + 1);
        prop_assert!(widest(&table) <= columns, "{} > {}\n{}", widest(&table), columns, table);
    }

    #[test]
    fn a_piped_table_is_not_cut(papers in vec(paper(), 1..4), lang in lang()) {
        let table = printed(Format::Table, None, look(lang, None), &papers);
        prop_assert!(is_clean(&table));
        for (line, paper) in table.lines().skip(1).zip(&papers) {
            let title = fold_whitespace(&sanitize(&to_plain_text(&paper.title)));
            prop_assert!(line.contains(&title), "{:?} is not in {:?}", title, line);
        }
    }

    #[test]
    fn a_timeline_never_outgrows_the_terminal(
        papers in vec(paper(), 1..9), columns in 40..130_usize, lang in lang(),
        by in proptest::sample::select(PeriodLength::all()),
    ) {
        let mut papers = papers;
        papers.sort_by_key(|paper| paper.published);
        let picture = written(|out| timeline(&papers, by, &look(lang, Some(columns)), out));
        prop_assert!(is_clean(&picture));
        prop_assert!(widest(&picture) <= columns, "{} > {}\n{}", widest(&picture), columns, picture);
        let piped = written(|out| timeline(&papers, by, &look(lang, None), out));
        prop_assert!(is_clean(&piped));
        for paper in &papers {
            prop_assert!(piped.contains(&paper.display_id().to_string()));
        }
    }

    #[test]
    fn records_to_read_are_clean(papers in vec(paper(), 1..3), columns in option::of(1..130_usize), lang in lang()) {
        let text = printed(Format::Text, None, look(lang, columns), &papers);
        prop_assert!(is_clean(&text));
    }

    #[test]
    fn nothing_breaks_out_of_markdown(papers in vec(paper(), 1..4), lang in lang()) {
        let list = printed(Format::Markdown, None, look(lang, None), &papers);
        prop_assert_eq!(list.lines().count(), papers.len());
        let page = written(|out| timeline_markdown(&papers, PeriodLength::Year, &look(lang, None), out));
        let bullets: Vec<_> = page.lines().filter(|line| line.starts_with("- ")).collect();
        prop_assert_eq!(bullets.len(), papers.len());
        prop_assert!(is_clean(&list) && is_clean(&page));
        for line in list.lines().chain(bullets) {
            prop_assert!(line.starts_with("- ["));
            let (bare, code) = without_destinations(&without_escaped(line));
            prop_assert!(code <= 1, "{}", line);
            let links = 1 + code;
            for sign in ["[", "]"] {
                prop_assert_eq!(bare.matches(sign).count(), links, "{}", line);
            }
            prop_assert!(!bare.contains(['<', '>', '`', '|', '_', '~', '$', '#', '!']), "{}", line);
            prop_assert!(matches!(bare.matches('*').count(), 0 | 4), "{}", line);
        }
    }

    #[test]
    fn bars_and_findings_are_clean(keys in vec(option::of(hostile()), 1..6), columns in 32..130_usize, text in hostile()) {
        let counts: Vec<Count> = keys
            .into_iter()
            .zip([u64::MAX, 0, 7, 1, 99_999])
            .map(|(key, count)| Count { by: "author", key, count })
            .collect();
        let look = look(Lang::En, Some(columns.max(60)));
        let drawn = written(|out| bars(&counts, &look, out));
        prop_assert!(is_clean(&drawn));
        prop_assert_eq!(drawn.lines().count(), counts.len());
        prop_assert!(widest(&drawn) <= columns.max(60));
        let mut found = super::some_findings();
        for finding in &mut found {
            finding.claimed = json!([text, { "name": text }]);
            finding.recorded = json!(text);
            finding.short_name = Some(text.clone());
            finding.message.clone_from(&text);
        }
        prop_assert!(is_clean(&written(|out| findings(Format::Text, &found, &look, out))));
    }
}

/// A line without the destinations `(<...>)` of its links, and how many there were.
fn without_destinations(line: &str) -> (String, usize) {
    let mut pieces = line.split("(<");
    let mut bare = pieces.next().unwrap_or_default().to_owned();
    let mut links = 0;
    for piece in pieces {
        let (destination, rest) = piece.split_once(">)").expect("a destination is closed");
        assert!(destination.starts_with("https://example.org/"), "{line}");
        assert!(!destination.contains(['<', '>', ' ', '[', ']']), "{line}");
        links += 1;
        bare.push_str(rest);
    }
    (bare, links)
}

/// Markdown without its escaped signs.
fn without_escaped(line: &str) -> String {
    let mut bare = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else {
            bare.push(c);
        }
    }
    bare
}

#[test]
fn the_reader_of_csv_can_fail() {
    assert_eq!(
        csv_records("a,\"b \"\"q\"\", c\"\n,\n"),
        [vec!["a", "b \"q\", c"], vec!["", ""]]
    );
    assert!(std::panic::catch_unwind(|| csv_records("\"open\n")).is_err());
}

#[test]
fn a_closed_pipe_is_an_error_and_not_a_panic() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
    }
    for format in Format::all() {
        let mut printer = Printer::new(*format, None, RenderOptions::default(), Closed);
        let written = printer.paper(&super::papers()[0]);
        let kind = written
            .and_then(|()| printer.finish().map(drop))
            .unwrap_err()
            .kind();
        assert_eq!(kind, std::io::ErrorKind::BrokenPipe, "{format}");
    }
}
