//! The sanitiser: what a paper says reaches no output as a control, bidirectional or invisible character.

use arxcat::format::{FieldList, Format, PeriodLength, Printer, RenderOptions, timeline, timeline_markdown};
use arxcat::model::lang::Lang;
use arxcat::model::paper::Paper;
use arxcat::model::text::{is_unprintable, sanitize, sanitize_lines};
use serde_json::json;

/// Every format, in both languages, narrow and uncut.
pub fn sanitizer(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert!(!sanitize(&text).chars().any(is_unprintable), "{text:?}");
    assert_clean("lines", &sanitize_lines(&text));
    let papers = [hostile_paper(bytes)];
    for lang in [Lang::En, Lang::Zh] {
        for width in [Some(40), None] {
            let options = RenderOptions {
                lang,
                width,
                ..RenderOptions::default()
            };
            for format in Format::all() {
                let fields = format.takes_fields().then(FieldList::whole);
                for fields in [None, fields] {
                    let mut printer = Printer::new(*format, fields, options.clone(), Vec::new());
                    printer.paper(&papers[0]).unwrap();
                    assert_clean(
                        format.name(),
                        &String::from_utf8(printer.finish().unwrap()).unwrap(),
                    );
                }
            }
            let mut picture = Vec::new();
            timeline(&papers, PeriodLength::Month, &options, &mut picture).unwrap();
            timeline_markdown(&papers, PeriodLength::Year, &options, &mut picture).unwrap();
            assert_clean("timeline", &String::from_utf8(picture).unwrap());
        }
    }
}

/// Line breaks are a format's own, and so are the tabs of TSV and the carriage returns that end the lines of RIS.
fn assert_clean(format: &str, text: &str) {
    let text = match format {
        "ris" => text.replace("\r\n", "\n"),
        "tsv" => text.replace('\t', " "),
        _ => text.to_owned(),
    };
    let bad = text.chars().find(|c| is_unprintable(*c) && *c != '\n');
    assert_eq!(bad, None, "{format}: {text:?}");
}

/// A paper whose every text comes from these bytes, a line each in turn.
pub fn hostile_paper(bytes: &[u8]) -> Paper {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.split('\n').collect();
    let mut lines = lines.iter().cycle();
    let mut line = || lines.next().copied().unwrap_or_default();
    let paper = json!({
        "id": "2401.01234v2",
        "title": line(),
        "authors": [{"name": line(), "affiliations": [line()]}, {"name": line()}],
        "abstract": line(),
        "primary_category": line(),
        "categories": [line()],
        "comment": line(),
        "journal_ref": line(),
        "doi": line(),
        "license": line(),
        "submitter": line(),
        "published": "2024-01-02T03:04:05Z",
        "catalog": {
            "name": line(),
            "short_name": line(),
            "area": line(),
            "relation": line(),
            "summary": {"en": line(), "zh": line()},
            "repository": line(),
            "model": line(),
            "venue": line(),
            "unsure": [line()],
        },
        "library": {"tags": [line()], "note": text.as_ref()},
    });
    serde_json::from_value(paper).unwrap()
}
