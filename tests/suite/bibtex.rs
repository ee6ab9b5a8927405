//! BibTeX read with positions.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use arxcat::model::text::fold_whitespace;
use arxcat::refs::bibtex::{BibEntry, Bibliography, read};
use biblatex::{RawBibliography, RawChunk, RawEntry, Spanned};
use proptest::prelude::*;

fn only(text: &str) -> BibEntry {
    let read = read(text);
    assert_eq!(read.broken, [], "{text}");
    assert_eq!(read.entries.len(), 1, "{text}");
    read.entries.into_iter().next().unwrap()
}

fn keys(read: &Bibliography) -> Vec<&str> {
    read.entries.iter().map(|entry| entry.key.as_str()).collect()
}

fn broken(text: &str) -> Vec<(usize, String)> {
    let broken = read(text).broken.into_iter();
    broken.map(|broken| (broken.line, broken.reason)).collect()
}

#[test]
fn an_entry_says_what_its_fields_are_and_where() {
    let text = "\u{feff}@Misc{Doe+2021:x/y,\r\n  Title = {The {Kelp}\r\n   Forest},\n  year=2021, note = \"a {\"}quote{\"}\"\n}";
    let entry = only(text);
    assert_eq!(
        (entry.kind.as_str(), entry.key.as_str()),
        ("misc", "Doe+2021:x/y")
    );
    assert_eq!(entry.get("title"), Some("The {Kelp} Forest"));
    assert_eq!(entry.get("year"), Some("2021"));
    assert_eq!(entry.get("note"), Some("a {\"}quote{\"}"));
    assert_eq!(&text[entry.span.clone()], &text[3..]);
    assert_eq!(
        &text[entry.field("title").unwrap().span.clone()],
        "{The {Kelp}\r\n   Forest}"
    );
    assert_eq!(&text[entry.field("year").unwrap().span.clone()], "2021");
}

#[test]
fn macros_months_and_concatenations_are_resolved() {
    let text = "@string{kelp = {Journal of } # \"Kelp\"} @STRING(two = kelp # { II})\n\
        @article(a, journal = KELP, month = 10 # \"~\" # oct, series = two, note = unknown)";
    let entry = only(text);
    assert_eq!(entry.get("journal"), Some("Journal of Kelp"));
    assert_eq!(entry.get("month"), Some("10~October"));
    assert_eq!(entry.get("series"), Some("Journal of Kelp II"));
    assert_eq!(entry.get("note"), Some("unknown"));
}

#[test]
fn missing_commas_keys_and_values_are_forgiven() {
    let entry = only("@misc{key\n title = {A} year = 2020,, note = , }");
    assert_eq!(
        (entry.key.as_str(), entry.get("title"), entry.get("year")),
        ("key", Some("A"), Some("2020"))
    );
    assert_eq!(entry.get("note"), Some(""));
    let entry = only("@misc{ title = {A}, % the year is not known\n year = 2020}");
    assert_eq!((entry.key.as_str(), entry.get("year")), ("", Some("2020")));
    assert_eq!(only("@misc(key)").key, "key");
    assert_eq!(only("@misc{key}").key, "key");
    assert_eq!(only("@misc{Smith 2017, year = 2017}").key, "Smith 2017");
}

#[test]
fn what_is_no_entry_is_skipped() {
    let text = "Kept by me@example.org.\n@comment{ @misc{hidden, year = 1} }\n@preamble{\"\\def\" # {x}}\n\
        % @misc{seen, year = 2}\n@comment no braces\n@misc{last, year = 3}";
    let read = read(text);
    assert_eq!(keys(&read), ["seen", "last"]);
    assert_eq!(read.broken, []);
}

#[test]
fn fields_are_inherited_where_they_are_missing() {
    let text = "@inproceedings{a, title = {A}, crossref = {b}}\n\
        @proceedings{b, title = {B}, year = 2020, publisher = {P}, crossref = {c}}\n@book{c, isbn = 1}";
    let read = read(text);
    let a = &read.entries[0];
    assert_eq!(
        (a.get("title"), a.get("year"), a.get("isbn")),
        (Some("A"), Some("2020"), None)
    );
    assert!(a.owns(a.field("title").unwrap()));
    assert!(!a.owns(a.field("year").unwrap()));
}

#[test]
fn what_is_broken_is_told_and_costs_itself_only() {
    let text = "@misc{a, title = {A}}\n\n@misc{b, title = {B {c},\n year = 1}\n\n@misc{c, title = {C}}\n\
        @misc{d, title = \"D, year = 2}\n@misc{e, title {E}}\n@misc{f, title = {F}, 7 = , year}\n@misc{g}\n@misc h, year = 1}\n";
    let read = read(text);
    assert_eq!(keys(&read), ["a", "c", "g"]);
    let told: Vec<_> = read
        .broken
        .iter()
        .map(|broken| (broken.line, broken.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (3, "it is not closed before the next entry begins"),
            (7, "`title`: a quote is not closed"),
            (8, "`=` is missing after `title`"),
            (9, "`=` is missing after `year`"),
            (11, "a brace is missing after @misc"),
        ]
    );
    assert!(
        read.broken
            .iter()
            .all(|broken| text[broken.at..].starts_with("@misc"))
    );
}

#[test]
fn an_entry_that_runs_into_the_next_loses_itself_only() {
    let text = "@misc{a, title = {A},\n@misc{b, title = {B}}\n@misc{c, title = {C}}}\n@misc{d, title = {D}}";
    let read = read(text);
    assert_eq!(keys(&read), ["b", "c", "d"]);
    assert_eq!(
        broken(text),
        [(1, "it is not closed before the next entry begins".to_owned())]
    );
}

#[test]
fn bombs_are_refused() {
    let deep = format!(
        "@misc{{a, title = {}{}}}@misc{{b}}",
        "{".repeat(101),
        "}".repeat(101)
    );
    assert_eq!(keys(&read(&deep)), ["b"]);
    let fits = format!("@misc{{a, title = {}{}}}", "{".repeat(100), "}".repeat(100));
    assert_eq!(keys(&read(&fits)), ["a"]);

    let mut growing = String::from("@string{x = \"0123456789\"}\n");
    for _ in 0..40 {
        growing.push_str("@string{x = x # x}\n");
    }
    growing.push_str("@misc{a, title = x}@misc{b}");
    let read = read(&growing);
    assert!(
        read.entries
            .iter()
            .flat_map(|entry| &entry.fields)
            .all(|field| field.value.len() <= 1 << 20)
    );
    assert!(!read.broken.is_empty());
    assert!(keys(&read).contains(&"b"));
}

#[test]
fn heirs_cannot_outgrow_memory() {
    let children = "@misc{c, crossref = {parent}}\n".repeat(10_000);
    let text = format!(
        "{children}@book{{parent, abstract = {{{}}}}}",
        "x".repeat(100_000)
    );
    let read = read(&text);
    let size: usize = read
        .entries
        .iter()
        .flat_map(|entry| &entry.fields)
        .map(|field| field.value.len())
        .sum();
    assert!(size < 4 << 20, "{size}");
    assert_eq!(read.entries.len(), 10_001);
}

#[test]
fn hostile_text_takes_linear_time() {
    let hostile = [
        "@a{",
        "@a{\n",
        "@a(k,t=\"\n",
        "@a(k,t={\n",
        "@string{a=",
        "@comment{",
        "@",
        "@ \n",
        "{",
        "}",
        "@a{b,c=\"{",
        "@a{b,c={d}#",
        "@a{b,",
        "%\n@a{%",
        "@misc{a, crossref={a}}",
        "@a{b}\n",
        "@a(\"",
        "\n@",
    ];
    for text in hostile {
        // A machine with other things to do may take long once.
        let linear = (0..3).any(|_| {
            let small = time(&text.repeat(50_000 / text.len()));
            let large = time(&text.repeat(500_000 / text.len()));
            large < small * 30 + Duration::from_millis(500)
        });
        assert!(linear, "{text}");
    }
}

fn time(text: &str) -> Duration {
    let begun = Instant::now();
    let _ = read(text);
    begun.elapsed()
}

/// What another reader makes of it.
#[derive(PartialEq, Debug)]
struct Record {
    entry_type: String,
    entry_key: String,
    fields: BTreeMap<String, String>,
}

fn other(text: &str) -> Vec<Record> {
    let raw = RawBibliography::parse(text).unwrap();
    let value = |chunks: &[Spanned<RawChunk>]| {
        chunks
            .iter()
            .map(|chunk| resolved(&raw, &chunk.v))
            .collect::<String>()
    };
    let of = |entry: &Spanned<RawEntry>| Record {
        entry_type: entry.v.kind.v.to_lowercase(),
        entry_key: entry.v.key.v.to_owned(),
        fields: entry
            .v
            .fields
            .iter()
            .map(|pair| (pair.key.v.to_lowercase(), fold_whitespace(&value(&pair.value.v))))
            .collect(),
    };
    raw.entries.iter().map(of).collect()
}

/// A macro's value, which the other reader leaves to its caller.
fn resolved(raw: &RawBibliography, chunk: &RawChunk) -> String {
    let name = match chunk {
        RawChunk::Normal(text) => return (*text).to_owned(),
        RawChunk::Abbreviation(name) => *name,
    };
    let own = raw
        .abbreviations
        .iter()
        .find(|pair| pair.key.v.eq_ignore_ascii_case(name));
    let months = [("jun", "June"), ("oct", "October")];
    let month = || months.iter().find(|(short, _)| short.eq_ignore_ascii_case(name));
    match own {
        Some(pair) => pair.value.v.iter().map(|chunk| resolved(raw, &chunk.v)).collect(),
        None => month().map_or(name, |(_, long)| long).to_owned(),
    }
}

fn ours(text: &str) -> Vec<Record> {
    let record = |entry: BibEntry| Record {
        entry_type: entry.kind,
        entry_key: entry.key,
        fields: entry
            .fields
            .into_iter()
            .map(|field| (field.name, field.value))
            .collect(),
    };
    read(text).entries.into_iter().map(record).collect()
}

#[test]
fn an_independent_reader_agrees() {
    let text = include_str!("../../fixtures/refs/papers.bib");
    assert_eq!(ours(text), other(text));
}

prop_compose! {
    /// A value with balanced braces and no white space that folds.
    fn any_value()(parts in prop::collection::vec("[a-zA-Z0-9$\\\\%@=,'é中.-]{1,6}|\\{[a-z\"]{0,4}\\}|\\{\\{x\\}\\}", 0..6)) -> String {
        parts.join(" ")
    }
}

prop_compose! {
    fn any_entry()(
        kind in "[a-z]{1,8}",
        key in "[a-zA-Z0-9:+/._-]{1,12}",
        fields in prop::collection::btree_map("[a-z]{1,10}", any_value(), 0..5),
        style in 0..4usize,
    ) -> (Record, usize) {
        (Record { entry_type: kind, entry_key: key, fields }, style)
    }
}

fn written((record, style): &(Record, usize)) -> String {
    let (open, close) = if style % 2 == 0 { ("{", "}") } else { ("(", ")") };
    let mut out = format!("@{}{open}{}", record.entry_type, record.entry_key);
    for (name, value) in &record.fields {
        let quoted = *style > 1
            && !value
                .replace('{', " {")
                .split(' ')
                .any(|part| part.starts_with('"'));
        let (before, after) = if quoted { ("\"", "\"") } else { ("{", "}") };
        let _ = write!(out, ",\n  {name} = {before}{value}{after}");
    }
    out + "\n" + close + "\n"
}

fn is_special(record: &Record) -> bool {
    ["string", "comment", "preamble"].contains(&record.entry_type.as_str())
        || record.fields.contains_key("crossref")
}

proptest! {
    #[test]
    fn what_is_written_reads_back(entries in prop::collection::vec(any_entry(), 0..5)) {
        prop_assume!(!entries.iter().any(|(record, _)| is_special(record)));
        let text: String = entries.iter().map(written).collect();
        let read = read(&text);
        prop_assert_eq!(&read.broken, &[]);
        let records: Vec<Record> = entries.into_iter().map(|(record, _)| record).collect();
        prop_assert_eq!(ours(&text), records);
    }

    #[test]
    fn a_text_cut_anywhere_loses_its_last_entry_only(entries in prop::collection::vec(any_entry(), 1..4), cut in any::<prop::sample::Index>()) {
        prop_assume!(!entries.iter().any(|(record, _)| is_special(record)));
        let text: String = entries.iter().map(written).collect();
        let cut = text.floor_char_boundary(cut.index(text.len()));
        let whole = read(&text);
        let part = read(&text[..cut]);
        let kept = whole.entries.iter().take_while(|entry| entry.span.end <= cut).count();
        prop_assert_eq!(&part.entries[..kept], &whole.entries[..kept]);
        prop_assert!(part.entries.len() <= kept + 1);
    }

    #[test]
    fn any_text_is_read(text in "(@|a|[{}()\",=#%\\\\\n ]|@article\\{k,|title = |é){0,60}") {
        let read = read(&text);
        for entry in &read.entries {
            prop_assert!(text[entry.span.clone()].starts_with('@'));
            for field in entry.fields.iter().filter(|field| entry.owns(field)) {
                prop_assert!(text.get(field.span.clone()).is_some());
            }
        }
        for broken in &read.broken {
            prop_assert_eq!(broken.line, text[..broken.at].matches('\n').count() + 1);
        }
    }
}
