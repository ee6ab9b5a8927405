//! Papers to bytes: every format on five invented papers, byte for byte, and properties that hold for any paper.
//!
//! The expected output is in `fixtures/formats/expected`; `ARXCAT_WRITE_EXPECTED=1` writes it anew, to be read
//! before it is committed.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, also in what its functions share"
)]

mod properties;
mod schemas;

use std::fs;
use std::path::PathBuf;

use arxcat::format::{
    FieldList, Format, PeriodLength, Printer, RenderOptions, bars, counts, findings, json, ledger_line,
    timeline, timeline_markdown,
};
use arxcat::model::count::Count;
use arxcat::model::finding::{Finding, Verdict};
use arxcat::model::id::ArxivId;
use arxcat::model::lang::{Area, Lang};
use arxcat::model::ledger::{LedgerEntry, RecordOrigin, Status};
use arxcat::model::paper::{Author, KEYS, Paper};
use serde_json::{Value, json};

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats")
}

/// The invented papers; the second was requested with its version.
fn papers() -> Vec<Paper> {
    let text = fs::read_to_string(fixtures().join("papers.json")).unwrap();
    let mut papers: Vec<Paper> = serde_json::from_str(&text).unwrap();
    papers[1].requested_id = Some(papers[1].id.with_version(1));
    papers
}

/// As the timeline wants them.
fn oldest_first() -> Vec<Paper> {
    let mut papers = papers();
    papers.sort_by_key(|paper| paper.published);
    papers
}

fn look(lang: Lang, width: Option<usize>) -> RenderOptions {
    let area = |code: &str, en: &str, zh: &str| Area {
        code: code.into(),
        en: en.into(),
        zh: zh.into(),
    };
    RenderOptions {
        lang,
        width,
        color: false,
        links: false,
        areas: vec![
            area("architecture", "Architecture", "架构"),
            area("theorem-proving", "Theorem proving", "定理证明"),
        ],
    }
}

fn printed(format: Format, fields: Option<&str>, look: RenderOptions, papers: &[Paper]) -> String {
    let fields = fields.map(|fields| FieldList::parse(fields).unwrap());
    let mut printer = Printer::new(format, fields, look, Vec::new());
    for paper in papers {
        printer.paper(paper).unwrap();
    }
    String::from_utf8(printer.finish().unwrap()).unwrap()
}

/// What a writer wrote.
fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[track_caller]
fn expect(name: &str, got: &str) {
    let path = fixtures().join("expected").join(name);
    if std::env::var_os("ARXCAT_WRITE_EXPECTED").is_some() {
        fs::write(&path, got).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(got, expected, "{name}");
}

const WIDTHS: [(&str, Option<usize>); 3] = [("80", Some(80)), ("40", Some(40)), ("piped", None)];
const LANGS: [(&str, Lang); 2] = [("en", Lang::En), ("zh", Lang::Zh)];

#[test]
fn the_table_fits_the_terminal_and_is_uncut_when_piped() {
    for (columns, width) in WIDTHS.into_iter().chain([("60", Some(60))]) {
        for (lang, language) in LANGS {
            let table = printed(Format::Table, None, look(language, width), &papers());
            expect(&format!("table.{columns}.{lang}.txt"), &table);
        }
    }
}

#[test]
fn records_are_read_in_both_languages() {
    for (columns, width) in WIDTHS {
        for (lang, language) in LANGS {
            let text = printed(Format::Text, None, look(language, width), &papers());
            expect(&format!("text.{columns}.{lang}.txt"), &text);
        }
    }
}

#[test]
fn machine_formats() {
    let piped = || look(Lang::En, None);
    for format in [Format::Tsv, Format::Csv, Format::Json, Format::Jsonl, Format::Ids] {
        let output = printed(format, None, piped(), &papers());
        expect(&format!("papers.{format}"), &output);
        assert_eq!(
            output,
            printed(format, None, look(Lang::Zh, Some(40)), &papers()),
            "{format} depends on nothing but the papers"
        );
    }
}

#[test]
fn chosen_fields_in_their_order() {
    let fields = Some("title, catalog.area,authors,published,versions,withdrawn,id,catalog.summary,title");
    for format in [Format::Tsv, Format::Csv, Format::Json, Format::Jsonl] {
        let output = printed(format, fields, look(Lang::En, None), &papers()[..2]);
        expect(&format!("chosen.{format}"), &output);
    }
}

#[test]
fn markdown_to_paste() {
    for (lang, language) in LANGS {
        let list = printed(Format::Markdown, None, look(language, None), &papers());
        expect(&format!("papers.{lang}.md"), &list);
        let page =
            written(|out| timeline_markdown(&oldest_first(), PeriodLength::Year, &look(language, None), out));
        expect(&format!("timeline.{lang}.md"), &page);
    }
}

#[test]
fn the_timeline_shows_papers_and_gaps() {
    for (by, name) in [
        (PeriodLength::Month, "month"),
        (PeriodLength::Quarter, "quarter"),
        (PeriodLength::Year, "year"),
    ] {
        for (columns, width) in WIDTHS {
            for (lang, language) in LANGS {
                let picture = written(|out| timeline(&oldest_first(), by, &look(language, width), out));
                expect(&format!("timeline.{name}.{columns}.{lang}.txt"), &picture);
            }
        }
    }
}

#[test]
fn a_crowded_timeline_is_drawn_to_scale() {
    let mut crowd = vec![papers()[3].clone()];
    crowd.extend(vec![papers()[0].clone(); 90]);
    let picture = written(|out| timeline(&crowd, PeriodLength::Year, &look(Lang::En, Some(60)), out));
    let heading = |year| picture.lines().find(|line| line.starts_with(year)).unwrap();
    assert_eq!(heading("1999"), "1999  ▋  1");
    assert_eq!(heading("2024"), format!("2024  {}  90", "█".repeat(50)));
}

#[test]
fn colour_adds_nothing_but_escapes() {
    let plain = look(Lang::En, Some(80));
    let coloured = RenderOptions {
        color: true,
        ..plain.clone()
    };
    for format in [Format::Table, Format::Text] {
        let with = printed(format, None, coloured.clone(), &papers());
        assert!(with.contains("\u{1b}["));
        assert_eq!(
            without_escapes(&with),
            printed(format, None, plain.clone(), &papers())
        );
    }
    let with = written(|out| timeline(&oldest_first(), PeriodLength::Month, &coloured, out));
    assert!(with.contains("\u{1b}["));
    // Without colour areas have letters, in the marks and in the blocks of the periods.
    let without = written(|out| timeline(&oldest_first(), PeriodLength::Month, &plain, out));
    let with: Vec<char> = without_escapes(&with).chars().collect();
    let without: Vec<char> = without.chars().collect();
    assert_eq!(with.len(), without.len());
    for (with, without) in with.into_iter().zip(without) {
        match with {
            '●' | '■' => assert!(matches!(without, 'a' | 'b' | '●' | '·'), "{without}"),
            _ => assert_eq!(with, without),
        }
    }
}

#[test]
fn twelve_areas_have_twelve_colours_and_more_have_letters_too() {
    let of_areas = |count: usize, color: bool| {
        let areas: Vec<Area> = (0..count)
            .map(|n| Area {
                code: format!("area-{n}"),
                en: format!("Area {n}"),
                zh: format!("领域 {n}"),
            })
            .collect();
        let papers: Vec<Paper> = areas
            .iter()
            .map(|area| {
                let mut paper = papers()[0].clone();
                paper.catalog.as_mut().unwrap().area = Some(area.code.clone());
                paper
            })
            .collect();
        let options = RenderOptions {
            color,
            areas,
            ..look(Lang::En, Some(100))
        };
        written(|out| timeline(&papers, PeriodLength::Year, &options, out))
    };
    let colours = |picture: &str, mark: &str| {
        let heading = picture.lines().next().unwrap().to_owned();
        let blocks: Vec<String> = heading
            .split(mark)
            .map(|piece| piece.rsplit("\u{1b}[").next().unwrap().to_owned())
            .collect();
        blocks[..blocks.len() - 1].to_vec()
    };
    let twelve = of_areas(12, true);
    let mut found = colours(&twelve, "■");
    assert!(found.iter().all(|code| code.starts_with("38;5;")), "{found:?}");
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 12, "{twelve}");
    // With a thirteenth area, colours repeat and letters tell the areas apart.
    let many = without_escapes(&of_areas(60, true));
    let heading = many.lines().next().unwrap();
    assert!(
        heading.contains("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZaaab"),
        "{many}"
    );
    let plain = of_areas(3, false);
    assert!(plain.starts_with("2024  abc  3\n"), "{plain}");
    assert!(plain.contains("a Area 0 1   b Area 1 1   c Area 2 1"), "{plain}");
}

#[test]
fn identifiers_are_links_where_links_are_wanted() {
    let options = RenderOptions {
        color: true,
        links: true,
        ..look(Lang::En, Some(80))
    };
    let table = printed(Format::Table, None, options.clone(), &papers()[..1]);
    let id = papers()[0].display_id();
    let link = format!("\u{1b}]8;;https://arxiv.org/abs/{id}\u{1b}\\");
    assert!(table.contains(&link), "{table:?}");
    assert_eq!(table.matches("\u{1b}]8;;\u{1b}\\").count(), 1);
    let plain = printed(Format::Table, None, look(Lang::En, Some(80)), &papers()[..1]);
    let without_links = table.replace(&link, "").replace("\u{1b}]8;;\u{1b}\\", "");
    assert_eq!(without_escapes(&without_links), plain);
    for format in [
        Format::Tsv,
        Format::Csv,
        Format::Json,
        Format::Ids,
        Format::Markdown,
    ] {
        let output = printed(format, None, options.clone(), &papers());
        assert!(!output.contains('\u{1b}'), "{format}");
    }
}

#[test]
fn an_extension_stands_for_a_format() {
    let of = |name: &str| Format::of_path(std::path::Path::new(name), |_| true);
    for (name, format) in [
        ("a.json", Format::Json),
        ("a.JSONL", Format::Jsonl),
        ("a.ndjson", Format::Jsonl),
        ("a.csv", Format::Csv),
        ("a.tsv", Format::Tsv),
        ("notes/a.md", Format::Markdown),
        ("a.b.bib", Format::Bibtex),
        ("a.ris", Format::Ris),
        ("a.csl.json", Format::Csl),
        ("a.txt", Format::Text),
    ] {
        assert_eq!(of(name), Some(format), "{name}");
    }
    for name in ["a", "a.", ".json", "a.pdf", "json", "a.json/b", ""] {
        assert_eq!(of(name), None, "{name}");
    }
    let citations = |name: &str| Format::of_path(std::path::Path::new(name), Format::cites);
    assert_eq!(citations("refs.json"), Some(Format::Csl));
    assert_eq!(citations("refs.csv"), None);
}

#[test]
fn fields_are_known_by_what_people_call_them() {
    let keys = |text: &str| FieldList::parse(text).unwrap().names().to_vec();
    assert_eq!(
        keys("date,Category,abs,short name,AREA,Journal-Ref,licence,code"),
        [
            "published",
            "primary_category",
            "abstract",
            "catalog.short_name",
            "catalog.area",
            "journal_ref",
            "license",
            "catalog.repository"
        ]
    );
    assert_eq!(
        keys("编号，日期,分类,标题"),
        ["id", "published", "primary_category", "title"]
    );
    let json = printed(Format::Jsonl, Some("date"), look(Lang::En, None), &papers()[..1]);
    assert!(json.starts_with("{\"published\":"), "{json}");
}

#[test]
fn fields_choose_the_columns_of_a_table_and_the_lines_of_a_text() {
    let fields = Some("id,date,area,authors,title");
    for (columns, width) in WIDTHS {
        for (lang, language) in LANGS {
            let table = printed(Format::Table, fields, look(language, width), &papers());
            // Five columns of at least ten need 64, since identifiers are never cut.
            if let Some(width) = width {
                assert!(
                    table
                        .lines()
                        .all(|line| arxcat::model::text::width(line) <= width.max(64)),
                    "{table}"
                );
            }
            expect(&format!("fields.table.{columns}.{lang}.txt"), &table);
            let text = printed(Format::Text, fields, look(language, width), &papers()[..2]);
            expect(&format!("fields.text.{columns}.{lang}.txt"), &text);
        }
    }
}

fn without_escapes(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |all, piece| {
        all + piece.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[test]
fn nothing_is_still_whole() {
    let nothing = |format| printed(format, None, RenderOptions::default(), &[]);
    assert_eq!(nothing(Format::Json), "[]\n");
    assert!(nothing(Format::Csv).starts_with("id,version,title,"));
    for format in [
        Format::Table,
        Format::Tsv,
        Format::Text,
        Format::Jsonl,
        Format::Ids,
        Format::Markdown,
    ] {
        assert_eq!(nothing(format), "", "{format}");
    }
    assert_eq!(
        written(|out| timeline(&[], PeriodLength::Month, &RenderOptions::default(), out)),
        ""
    );
    assert_eq!(written(|out| bars(&[], &RenderOptions::default(), out)), "");
}

#[test]
fn a_list_of_authors_ends_after_ten() {
    let mut paper = papers()[4].clone();
    paper.authors = (1..=300)
        .map(|n| Author {
            name: format!("Author N{n}"),
            affiliations: vec![],
        })
        .collect();
    for width in [None, Some(100)] {
        let text = printed(
            Format::Text,
            None,
            look(Lang::En, width),
            std::slice::from_ref(&paper),
        );
        assert!(!text.contains("Author N11"), "{text}");
        assert!(text.contains("Author N10 and 290 more"), "{text}");
    }
    let chinese = printed(
        Format::Text,
        None,
        look(Lang::Zh, None),
        std::slice::from_ref(&paper),
    );
    assert!(chinese.contains("Author N10 等，另有 290 人"), "{chinese}");
    let json = printed(Format::Json, None, look(Lang::En, None), &[paper]);
    assert!(json.contains("Author N300"));
}

fn some_counts() -> Vec<Count> {
    let count = |key: Option<&str>, count| Count {
        by: "area",
        key: key.map(str::to_owned),
        count,
    };
    vec![
        count(Some("architecture"), 120),
        count(Some("theorem-proving"), 45),
        count(Some("=an area nobody has named yet, and a long one"), 1),
        count(None, 0),
    ]
}

#[test]
fn counts_as_bars_and_records() {
    for (columns, width) in WIDTHS {
        for (lang, language) in LANGS {
            let look = look(language, width);
            let picture = written(|out| counts(Format::Table, &some_counts(), &look, out));
            expect(&format!("counts.{columns}.{lang}.txt"), &picture);
        }
    }
    for format in [
        Format::Tsv,
        Format::Csv,
        Format::Json,
        Format::Jsonl,
        Format::Markdown,
    ] {
        let output = written(|out| counts(format, &some_counts(), &look(Lang::En, None), out));
        expect(&format!("counts.{format}"), &output);
    }
}

fn some_findings() -> Vec<Finding> {
    let of = |id: &str, verdict, key, claimed: Value, recorded: Value| Finding {
        place: None,
        id: Some(ArxivId::parse(id).unwrap()),
        short_name: (id == "2401.01234").then(|| "Lantern-Prover".to_owned()),
        verdict,
        key,
        claimed,
        recorded,
        unsure: key == Some("authors"),
        proposal: None,
        message: String::new(),
    };
    let names = json!([{"name": "Mira Okonkwo"}, {"name": "Lin Yuhan"}]);
    let mut discovered = of("2409.00007", Verdict::Discovered, None, Value::Null, Value::Null);
    discovered.message = "arXiv has a paper of the same authors: Lantern, Continued".into();
    vec![
        of(
            "2401.01234",
            Verdict::Differs,
            Some("title"),
            json!("Lantern"),
            json!("Lantern: A Prover that Reads Backwards, and a Title that is Too Long for a Line"),
        ),
        of("2401.05678", Verdict::NotFound, None, Value::Null, Value::Null),
        of(
            "2401.01234",
            Verdict::Differs,
            Some("authors"),
            json!([{"name": "Mira Okonkwo"}]),
            names,
        ),
        of(
            "2406.00042",
            Verdict::Differs,
            Some("comment"),
            json!("5 pages"),
            json!("5\u{200b} pages"),
        ),
        of(
            "2406.00042",
            Verdict::CatalogLacks,
            Some("doi"),
            Value::Null,
            json!("10.5555/x"),
        ),
        discovered,
    ]
}

#[test]
fn findings_paper_by_paper() {
    for (columns, width) in WIDTHS {
        let look = look(Lang::En, width);
        let told = written(|out| findings(Format::Text, &some_findings(), &look, out));
        expect(&format!("findings.{columns}.txt"), &told);
    }
    for format in [Format::Tsv, Format::Csv, Format::Json, Format::Jsonl] {
        let output = written(|out| findings(format, &some_findings(), &look(Lang::En, None), out));
        expect(&format!("findings.{format}"), &output);
    }
}

#[test]
fn fields_know_every_key_of_the_record() {
    let known: Vec<_> = FieldList::known().iter().map(|(key, _)| *key).collect();
    for key in KEYS {
        assert!(known.contains(key), "{key}");
    }
    let paper = &papers()[0];
    let whole = serde_json::to_value(paper).unwrap();
    for key in known {
        let pointer = format!("/{}", key.replace('.', "/"));
        let expected = whole.pointer(&pointer);
        assert!(
            expected.is_some_and(|value| !value.is_null()),
            "{key} is in no record"
        );
        let chosen = printed(
            Format::Jsonl,
            Some(key),
            RenderOptions::default(),
            std::slice::from_ref(paper),
        );
        let chosen: Value = serde_json::from_str(&chosen).unwrap();
        assert_eq!(chosen.get(key), expected, "{key}");
        assert_eq!(chosen.as_object().unwrap().len(), 1);
    }
}

#[test]
fn an_unknown_name_is_told_with_what_was_meant() {
    let nearest = |text: &str| FieldList::parse(text).unwrap_err();
    assert_eq!(nearest("id,en").nearest.first(), Some(&"catalog.summary.en"));
    assert_eq!(
        FieldList::parse("id,area").unwrap().names(),
        ["id", "catalog.area"]
    );
    assert_eq!(nearest("id,titel").nearest.first(), Some(&"title"));
    assert_eq!(nearest("id,titel").to_string(), "unknown field `titel`");
    assert_eq!(nearest("").to_string(), "unknown field ``");
    assert_eq!(nearest(" , ").nearest, Vec::<&str>::new());
    assert_eq!(
        FieldList::parse("title, id,,title").unwrap().names(),
        ["title", "id"]
    );
    let format = "jsonn".parse::<Format>().unwrap_err();
    assert!(format.nearest.contains(&"json"), "{format:?}");
    for format in Format::all() {
        assert_eq!(format.name().parse(), Ok(*format));
    }
    for by in PeriodLength::all() {
        assert_eq!(by.name().parse(), Ok(*by));
    }
}

#[test]
fn json_escapes_what_cannot_be_seen() {
    let hostile = "\u{1b}[31m\u{202e}a\u{200b}\u{e0041}\u{7f}\u{9b}é中";
    let line = written(|out| json::line(&hostile, out));
    let expected = r#""\u001b[31m\u202ea\u200b\udb40\udc41\u007f\u009bé中""#;
    assert_eq!(line.trim_end(), expected);
    assert_eq!(serde_json::from_str::<String>(&line).unwrap(), hostile);
}

#[test]
fn a_ledger_has_one_line_an_identifier() {
    let line = LedgerEntry {
        input: "arXiv:2401.01234v2".into(),
        id: Some(ArxivId::parse("2401.01234v2").unwrap()),
        status: Status::NotFound,
        source: Some(RecordOrigin::Api),
        message: None,
    };
    assert_eq!(
        written(|out| ledger_line(&line, out)),
        "{\"input\":\"arXiv:2401.01234v2\",\"id\":\"2401.01234v2\",\"status\":\"not_found\",\"source\":\"api\",\"message\":null}\n"
    );
}
