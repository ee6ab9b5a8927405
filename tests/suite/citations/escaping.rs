//! Papers with text that tries to break out of a citation: properties that hold for any text.

use std::time::{Duration, Instant};

use arxcat::format::Format;
use arxcat::model::paper::Paper;
use arxcat::model::tex::{title_to_latex, to_latex, to_plain_text};
use arxcat::model::text::{fold_whitespace, sanitize};
use biblatex::{Bibliography, ChunksExt};
use proptest::prelude::*;

use super::{cited, field, paper};

/// Pieces that mean something to BibTeX, TeX, RIS or JSON, and some that do not.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9 ]{1,6}",
        3 => prop::sample::select(vec![
            "{", "}", "\\", "$", "$$", "%", "@", "#", "&", "_", "^", "~", "\"", "'", "`", ",", "=", "(", ")", "|", "<",
            "\n", "\r\n", "\t", "\u{1b}[31m", "\u{202e}", "\u{200b}", "\0",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "\n}\n@misc{evil,", "\r\nER  - \r\nTY  - JOUR\r\n", "\"}]", " and ", ", ", "\\{", "\\}", "\\\\", "\\$", "^^5c",
            "\\input{x}", "\\end{document}", "\\\"o", "\\'", "\\c c", "\\H{O}", "\\L", "\\alpha", "\\mathcal{N}", "\\frac{1}{2}",
            "$x^2$", "$\\text{a_b}$", "\\(", "\\)", "{\\bf X}", "{\\'E}", "\\textbf{B}", "\\bf", "\\par", "\\ensuremath{X}",
            "_{10}", "^{-3}", "LLM-Based", "DeepSeek-V3.2", "é", "ß", "李明", "🦀", "e\u{301}", "\u{2028}", "\u{a0}", "$5 and $6",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

/// Without TeX: the title is meant literally.
fn plain() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[a-zA-Z0-9 ]{1,6}",
        2 => prop::sample::select(vec!["%", "@", "#", "&", "_", " ^", " ~ ", "\"", ",", "=", "(", ")", "|", "<", ">", ":", "/"])
            .prop_map(str::to_owned),
        1 => prop::sample::select(vec!["LLM-Based", "DeepSeek-V3.2", "é", "ß", "李明", "🦀", "А", "ﬁ"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..20).prop_map(|pieces| pieces.concat())
}

fn papers() -> impl Strategy<Value = Vec<Paper>> {
    let one = (
        hostile(),
        prop::collection::vec(hostile(), 0..4),
        hostile(),
        hostile(),
        hostile(),
        hostile(),
    );
    prop::collection::vec(one, 1..4).prop_map(|many| {
        let made = many
            .into_iter()
            .enumerate()
            .map(|(at, (title, names, journal, doi, category, text))| {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let mut paper = paper(&format!("2001.{:05}", at + 1), &title, &names, "2020-01-01");
                paper.journal_ref = Some(journal);
                paper.doi = Some(format!("10.1/{doi}"));
                paper.primary_category = Some(category.clone());
                paper.categories = vec![category];
                paper.abstract_ = Some(text);
                paper
            });
        made.collect()
    })
}

fn people(paper: &Paper) -> usize {
    let named = |name: &str| !fold_whitespace(&sanitize(name)).is_empty();
    paper.authors.iter().filter(|author| named(&author.name)).count()
}

/// As BibTeX counts, which knows no escapes.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i64;
    text.chars().all(|c| {
        depth += i64::from(c == '{') - i64::from(c == '}');
        depth >= 0
    }) && depth == 0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn bibtex_holds_as_many_entries_and_names_as_there_are(papers in papers()) {
        for format in [Format::Bibtex, Format::Biblatex] {
            let written = cited(format, &papers);
            let bibliography = biblatex::RawBibliography::parse(&written).unwrap();
            prop_assert_eq!(bibliography.entries.len(), papers.len(), "{}", written);
            for (entry, paper) in bibliography.entries.iter().zip(&papers) {
                let names: Vec<&str> = entry.v.fields.iter().map(|pair| pair.key.v).collect();
                let known = ["title", "author", "year", "date", "eprint", "archivePrefix", "eprinttype", "primaryClass",
                    "eprintclass", "doi", "url", "note"];
                prop_assert!(names.iter().all(|name| known.contains(name)), "{:?} in {}", names, written);
                prop_assert!(names.contains(&"eprint"));
                let one = cited(format, std::slice::from_ref(paper));
                if names.contains(&"title") {
                    prop_assert_eq!(field(&one, "title"), title_to_latex(&paper.title));
                }
                if people(paper) > 0 {
                    prop_assert_eq!(depth_zero_names(&field(&one, "author")), people(paper), "{}", one);
                }
            }
        }
    }

    #[test]
    fn latex_is_one_line_of_balanced_braces_that_ends_no_field(text in hostile()) {
        for latex in [to_latex(&text), title_to_latex(&text)] {
            prop_assert!(is_balanced(&latex), "{}", latex);
            prop_assert!(!latex.contains(['\n', '\r', '\0', '\u{1b}', '\u{202e}']), "{:?}", latex);
            prop_assert!(!latex.contains("^^"), "{}", latex);
            let slashes = latex.len() - latex.trim_end_matches('\\').len();
            prop_assert!(slashes == 0, "{}", latex);
            for word in ["\\input", "\\end", "\\par", "\\write"] {
                prop_assert!(!latex.contains(word), "{}", latex);
            }
            let mut dollars = 0;
            let mut before = ' ';
            for c in latex.chars() {
                dollars += usize::from(c == '$' && before != '\\');
                before = if before == '\\' { ' ' } else { c };
            }
            prop_assert!(dollars % 2 == 0, "{}", latex);
        }
    }

    #[test]
    fn a_title_without_tex_is_read_back_as_it_was(title in plain()) {
        let written = cited(Format::Bibtex, &[paper("2001.00001", &title, &["A B"], "2020-01-01")]);
        let title = fold_whitespace(&sanitize(&title));
        prop_assume!(!title.is_empty());
        let bibliography = Bibliography::parse(&written).unwrap();
        let entry = bibliography.iter().next().unwrap();
        let read = entry.title().unwrap().format_verbatim().replace(['$', '\u{a0}'], "");
        prop_assert_eq!(unspaced(&read), unspaced(&title), "{}", written);
        prop_assert_eq!(fold_whitespace(&to_plain_text(&field(&written, "title"))), fold_whitespace(&to_plain_text(&title)), "{}", written);
    }

    #[test]
    fn ris_lines_are_tags_and_values_and_records_as_many_as_papers(papers in papers()) {
        let written = cited(Format::Ris, &papers);
        let records = read_ris(&written);
        prop_assert_eq!(records.len(), papers.len());
        for (record, paper) in records.iter().zip(&papers) {
            prop_assert_eq!(record.iter().filter(|(tag, _)| tag == "AU").count() <= people(paper), true);
            let title = fold_whitespace(&sanitize(&to_plain_text(&paper.title)));
            let read = record.iter().find(|(tag, _)| tag == "TI").map_or("", |(_, value)| value);
            prop_assert_eq!(read, title);
        }
    }

    #[test]
    fn csl_items_are_what_the_schema_says(papers in papers()) {
        let written = cited(Format::Csl, &papers);
        let bad = written.contains(['\u{1b}', '\u{202e}', '\0']);
        prop_assert!(!bad);
        let items: Vec<serde_json::Value> = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(items.len(), papers.len());
        for (item, paper) in items.iter().zip(&papers) {
            check_csl(item);
            let title = fold_whitespace(&sanitize(&to_plain_text(&paper.title)));
            prop_assert_eq!(item.get("title").and_then(|title| title.as_str()).unwrap_or_default(), title);
        }
    }
}

#[test]
fn ten_kilobytes_of_anything_take_no_time() {
    let begun = Instant::now();
    for unit in [
        "{",
        "}",
        "{}",
        "\\",
        "$",
        "$$",
        "$x",
        "${",
        "\\(",
        "\\[x",
        "\\'",
        "\\c ",
        "\\\"{",
        "^^",
        "_{",
        "\\bf{",
        "{\\bf ",
        "A-",
        "DeepSeek-",
        "\\frac{",
        "\\text{$",
        "\n@misc{x,",
        "🦀",
        " and ",
        "e\u{301}",
    ] {
        let title = unit.repeat(10_000 / unit.len());
        let mut one = paper("2001.00001", &title, &[&title, "A B"], "2020-01-01");
        one.journal_ref = Some(title.clone());
        let written = cited(Format::Bibtex, std::slice::from_ref(&one));
        assert!(is_balanced(&written), "{unit:?}");
        let read = biblatex::RawBibliography::parse(&written).unwrap();
        assert_eq!(read.entries.len(), 1, "{unit:?}");
        assert_eq!(read_ris(&cited(Format::Ris, &[one])).len(), 1);
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

/// White space aside: a tie is one space, and two characters for a parser of its own.
fn unspaced(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '~').collect()
}

/// How many names BibTeX sees: those divided by `and` outside of braces.
fn depth_zero_names(authors: &str) -> usize {
    let mut depth = 0_i64;
    let outside: String = authors
        .chars()
        .map(|c| {
            depth += i64::from(c == '{') - i64::from(c == '}');
            if depth > 0 || c == '}' { 'x' } else { c }
        })
        .collect();
    1 + outside
        .split_whitespace()
        .filter(|word| word.eq_ignore_ascii_case("and"))
        .count()
}

/// Records by the rules of the format alone: tags of two characters, `TY` first, `ER` last.
fn read_ris(text: &str) -> Vec<Vec<(String, String)>> {
    let mut records: Vec<Vec<(String, String)>> = Vec::new();
    let mut open = false;
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    for line in text.split_terminator("\r\n") {
        if line.is_empty() {
            assert!(!open, "an empty line within a record");
            continue;
        }
        let (tag, value) = line
            .split_once("  - ")
            .unwrap_or_else(|| panic!("no tag: {line:?}"));
        assert!(
            tag.len() == 2 && tag.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()),
            "{line:?}"
        );
        assert_eq!(tag == "TY", !open, "{line:?}");
        open = tag != "ER";
        if tag == "TY" {
            records.push(Vec::new());
        }
        records
            .last_mut()
            .unwrap()
            .push((tag.to_owned(), value.to_owned()));
    }
    assert!(!open);
    records
}

/// The parts of CSL's `csl-data.json` that are used.
fn check_csl(item: &serde_json::Value) {
    for (key, value) in item.as_object().unwrap() {
        match key.as_str() {
            "type" => assert_eq!(value, "article"),
            "author" => {
                for name in value.as_array().unwrap() {
                    let parts = name.as_object().unwrap();
                    let known = ["family", "given", "suffix", "literal"];
                    assert!(
                        parts
                            .iter()
                            .all(|(key, part)| known.contains(&key.as_str()) && part.is_string())
                    );
                    assert!(
                        parts.contains_key("family") != parts.contains_key("literal"),
                        "{name}"
                    );
                }
            }
            "issued" => {
                let dates = value["date-parts"].as_array().unwrap();
                assert!(
                    dates
                        .iter()
                        .all(|parts| parts.as_array().unwrap().iter().all(serde_json::Value::is_i64))
                );
            }
            "id" | "title" | "publisher" | "number" | "DOI" | "URL" | "abstract" | "note" => {
                assert!(value.is_string(), "{key}: {value}");
            }
            other => panic!("{other} is not CSL's, or not ours"),
        }
    }
}
