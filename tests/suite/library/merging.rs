//! Which of two records of a paper is believed.

use arxcat::library::{Library, UpsertOptions};
use arxcat::model::date::Stamp;
use arxcat::model::paper::{Author, Source, Version};
use arxcat::model::record::Record;
use proptest::prelude::*;

use super::{day, id, library, machine_with, now, record};
use crate::arxcat::Machine;
use crate::fake::{Fake, Invented};

fn from(source: Source, mut record: Record) -> Record {
    record.paper.source = source;
    record
}

fn merged(held: &Record, arriving: &Record) -> Record {
    Record::merge(held.clone(), arriving.clone(), false)
}

#[test]
fn a_newer_version_replaces_and_an_older_one_never_does() {
    let (old, new) = (
        record("2501.00001v1", "Old", "2026-05-01"),
        record("2501.00001v2", "New", "2026-04-01"),
    );
    assert_eq!(merged(&old, &new).paper.title, "New");
    assert_eq!(
        merged(&new, &old).paper.title,
        "New",
        "also where the older one was seen later"
    );
}

#[test]
fn within_a_version_the_later_day_is_believed_and_null_never_replaces() {
    let mut early = record("2501.00001v1", "Early", "2026-04-01");
    early.paper.comment = Some("12 pages".to_owned());
    let late = record("2501.00001v1", "Late", "2026-05-01");
    for (held, arriving) in [(&early, &late), (&late, &early)] {
        let result = merged(held, arriving);
        assert_eq!(result.paper.title, "Late");
        assert_eq!(result.paper.comment.as_deref(), Some("12 pages"));
        assert_eq!(result.as_of, Some(day("2026-05-01")));
    }
    let refreshed = Record::merge(early, late, true);
    assert_eq!(
        refreshed.paper.comment, None,
        "but where the authority's word is asked for"
    );
}

#[test]
fn a_file_is_no_authority_for_what_is_missing() {
    let mut held = record("2501.00001v1", "Held", "2026-04-01");
    held.paper.comment = Some("12 pages".to_owned());
    held.paper.license = Some("http://creativecommons.org/licenses/by/4.0/".to_owned());
    let file = from(Source::File, record("2501.00001v1", "File", "2026-05-01"));
    let result = Record::merge(held.clone(), file, true);
    assert_eq!(result.paper.comment, held.paper.comment);
    let api = record("2501.00001v1", "API", "2026-05-01");
    let result = Record::merge(held.clone(), api, true);
    assert_eq!(
        result.paper.license, held.paper.license,
        "the API knows no licences"
    );
}

#[test]
fn licence_submitter_and_history_are_those_of_oai_pmh() {
    let mut oai = from(Source::Oai, record("2501.00001v2", "OAI", "2026-04-01"));
    oai.paper.license = Some("http://creativecommons.org/licenses/by/4.0/".to_owned());
    oai.paper.submitter = Some("Ada Example".to_owned());
    let version = |version| Version {
        version,
        date: Stamp::parse("2026-01-01"),
        withdrawn: Some(false),
    };
    oai.paper.versions = Some(vec![version(1), version(2)]);
    let mut file = from(Source::File, record("2501.00001v2", "File", "2026-05-01"));
    file.paper.license = Some("http://arxiv.org/licenses/assumed-1991-2003/".to_owned());
    file.paper.submitter = Some("A. Example".to_owned());
    file.paper.versions = Some(vec![version(1)]);
    for result in [merged(&oai, &file), merged(&file, &oai)] {
        assert_eq!(result.paper.title, "File", "all else is the later day's");
        assert_eq!(result.paper.license, oai.paper.license);
        assert_eq!(result.paper.submitter, oai.paper.submitter);
        assert_eq!(result.paper.versions, oai.paper.versions);
    }
}

#[test]
fn a_newer_version_from_the_api_carries_over_what_the_api_cannot_know() {
    let mut oai = from(Source::Oai, record("2501.00001v1", "OAI", "2026-04-01"));
    oai.paper.license = Some("http://creativecommons.org/licenses/by/4.0/".to_owned());
    oai.paper.submitter = Some("Ada Example".to_owned());
    oai.paper.comment = Some("12 pages".to_owned());
    oai.paper.versions = Some(vec![Version {
        version: 1,
        date: None,
        withdrawn: Some(false),
    }]);
    let api = record("2501.00001v2", "API", "2026-05-01");
    let result = merged(&oai, &api).paper;
    assert_eq!(
        (result.license, result.submitter),
        (oai.paper.license.clone(), oai.paper.submitter.clone())
    );
    assert_eq!(result.comment, None, "a comment is a version's own");
    assert_eq!(result.versions.map(|all| all.len()), Some(2));
    let jump = record("2501.00001v4", "API", "2026-05-01");
    assert_eq!(
        merged(&oai, &jump).paper.versions,
        None,
        "a history with a gap is none"
    );
}

#[test]
fn affiliations_are_those_of_the_api() {
    let with = |source, day, places: &[&str]| {
        let mut record = from(source, record("2501.00001v1", "Any", day));
        let affiliations = places.iter().map(|place| (*place).to_owned()).collect();
        record.paper.authors = vec![Author {
            name: "Ada Example".to_owned(),
            affiliations,
        }];
        record
    };
    let api = with(Source::Api, "2026-04-01", &["University of Nowhere"]);
    let oai = with(Source::Oai, "2026-05-01", &["Univ. Nowhere"]);
    for result in [merged(&api, &oai), merged(&oai, &api)] {
        assert_eq!(result.paper.authors, api.paper.authors);
    }
    let silent = with(Source::Api, "2026-06-01", &[]);
    assert_eq!(
        merged(&oai, &silent).paper.authors,
        oai.paper.authors,
        "null never replaces"
    );
}

#[test]
fn an_announcement_fills_gaps_only() {
    let mut rss = from(Source::Rss, record("2501.00001v1", "RSS", "2026-06-01"));
    rss.paper.license = Some("http://creativecommons.org/licenses/by/4.0/".to_owned());
    rss.paper.comment = Some("from RSS".to_owned());
    let mut api = record("2501.00001v1", "API", "2026-04-01");
    api.paper.comment = Some("from the API".to_owned());
    for result in [merged(&api, &rss), merged(&rss, &api)] {
        assert_eq!(result.paper.title, "API");
        assert_eq!(result.paper.comment, api.paper.comment);
        assert_eq!(result.paper.license, rss.paper.license);
    }
}

#[test]
fn a_second_is_better_than_its_day() {
    let mut day_only = record("2501.00001v1", "Any", "2026-05-01");
    day_only.paper.published = Stamp::parse("2025-01-02");
    let exact = record("2501.00001v1", "Any", "2026-04-01");
    for result in [merged(&day_only, &exact), merged(&exact, &day_only)] {
        assert_eq!(result.paper.published, exact.paper.published);
    }
}

#[test]
fn what_stands_in_a_file_alone_yields_to_an_older_version_that_arxiv_calls_the_newest() {
    let newest = record("2501.00001v2", "Two", "2026-05-01");
    let held = |source, current| Record {
        current,
        ..from(source, record("2501.00001v3", "Three", "2026-06-01"))
    };
    for source in [Source::File, Source::Catalog] {
        let held = held(source, false);
        assert_eq!(merged(&held, &newest).paper.title, "Two");
        assert_eq!(
            merged(&held, &from(Source::Oai, newest.clone())).paper.version,
            Some(2)
        );
        let asked_by_version = Record {
            current: false,
            ..newest.clone()
        };
        for other in [asked_by_version, from(Source::File, newest.clone())] {
            assert_eq!(merged(&held, &other).paper.version, Some(3));
        }
    }
    // What arXiv gave, or what a snapshot calls the newest, is there: the answer is behind.
    for held in [
        held(Source::File, true),
        held(Source::Api, false),
        held(Source::Oai, false),
        held(Source::Rss, false),
    ] {
        assert_eq!(merged(&held, &newest).paper.title, "Three");
    }
}

#[test]
fn a_version_that_somebody_typed_is_believed_until_arxiv_answers() {
    let files = [
        (
            "refs.bib",
            "@misc{a, title = {Typed}, eprint = {2501.00001v77}, archivePrefix = {arXiv}}",
        ),
        (
            "mine.json",
            r#"{"id": "2501.00001", "version": 77, "title": "Typed"}"#,
        ),
    ];
    let ways: [&[&str]; 2] = [&["fetch", "2501.00001"], &["sync", "--set", "cs.CL"]];
    for ((name, text), way) in files.into_iter().flat_map(|file| ways.map(|way| (file, way))) {
        let paper = Invented::new("2501.00001", "2025-01-02", "As arXiv Has It", &["cs.CL"]);
        let fake = Fake::with(vec![paper.version("2025-03-01")]);
        let machine = Machine::with_arxiv(&fake.url());
        machine.write(name, text);
        machine.run(&["import", name]).ok();
        machine.run(way).ok();
        let held = library(&machine).get(id("2501.00001")).unwrap().unwrap().paper;
        assert_eq!(
            (held.title.as_str(), held.version),
            ("As arXiv Has It", Some(2)),
            "{name}, {way:?}"
        );
        assert!(held.library.is_some());
        let printed = machine.run(&["fetch", "2501.00001", "--json"]).json();
        assert_eq!(printed[0]["title"], "As arXiv Has It");
        let found = machine.run(&["search", "-L", "arxiv", "-f", "ids"]).ok();
        assert_eq!(found, "2501.00001\n");
        assert_eq!(machine.run(&["fetch", "2501.00001v77"]).code, Some(1));
    }
}

#[test]
fn every_version_seen_can_be_asked_for_and_never_answers_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let mut library = Library::open(folder.path()).unwrap();
    let mut single = record("2501.00001v1", "One", "2026-04-01");
    single.current = false;
    library.upsert(&[single], UpsertOptions::default()).unwrap();
    assert_eq!(
        library.get(id("2501.00001")).unwrap().unwrap().checked,
        None,
        "v1 does not answer for the paper"
    );
    library
        .upsert(
            &[record("2501.00001v3", "Three", "2026-04-02")],
            UpsertOptions::default(),
        )
        .unwrap();
    library
        .upsert(
            &[record("2501.00001v2", "Two", "2026-04-03")],
            UpsertOptions::default(),
        )
        .unwrap();
    let title = |text: &str| library.get(id(text)).unwrap().map(|held| held.paper.title);
    assert_eq!(title("2501.00001").as_deref(), Some("Three"));
    assert_eq!(title("2501.00001v1").as_deref(), Some("One"));
    assert_eq!(title("2501.00001v2").as_deref(), Some("Two"));
    assert_eq!(title("2501.00001v4"), None);
}

prop_compose! {
    /// Any record of one paper. The publisher's facts are of the day, as they are at arXiv.
    fn any_record()(
        version in prop::option::weighted(0.9, 1..4u32),
        as_of in prop::option::weighted(0.9, 1..9u32),
        source in prop::sample::select(vec![Source::Catalog, Source::Api, Source::Oai, Source::Rss, Source::File]),
        title in "[ab]",
        comment in prop::option::of("[ab]"),
        license in prop::option::of("[ab]"),
        submitter in prop::option::of("[ab]"),
        doi in prop::option::of("[ab]"),
        withdrawn in prop::option::of(any::<bool>()),
        places in prop::collection::vec("[ab]", 0..2),
        exact in any::<bool>(),
        current in any::<bool>(),
    ) -> Record {
        let mut record = record("2501.00001", &title, "2026-01-01");
        let paper = &mut record.paper;
        (paper.version, paper.source) = (version, source);
        (paper.comment, paper.license, paper.submitter, paper.withdrawn) = (comment, license, submitter, withdrawn);
        paper.set_dois(doi.into_iter().collect());
        paper.authors[0].affiliations = places;
        paper.published = Stamp::parse(if exact { "2025-01-02T12:00:00Z" } else { "2025-01-02" });
        record.as_of = as_of.map(|n| day(&format!("2026-01-0{n}")));
        record.current = current;
        record
    }
}

proptest! {
    #[test]
    fn what_is_known_already_changes_nothing(held in any_record(), arriving in any_record()) {
        prop_assert_eq!(merged(&held, &held), held.clone());
        let once = merged(&held, &arriving);
        prop_assert_eq!(merged(&once, &arriving), once);
    }

    #[test]
    fn the_order_of_arrival_of_two_days_of_a_version_does_not_matter(one in any_record(), mut other in any_record()) {
        other.paper.version = one.paper.version;
        prop_assume!(one.as_of.is_some() && other.as_of.is_some() && one.as_of != other.as_of);
        prop_assert_eq!(merged(&one, &other), merged(&other, &one));
    }

    #[test]
    fn the_version_never_falls_and_null_never_replaces(held in any_record(), arriving in any_record()) {
        let result = merged(&held, &arriving);
        if held.is_disproved_by(&arriving) {
            prop_assert_eq!(result.paper.version, arriving.paper.version);
            return Ok(());
        }
        prop_assert!(result.paper.version >= held.paper.version);
        if result.paper.version == held.paper.version {
            prop_assert!(result.paper.comment.is_some() || held.paper.comment.is_none());
            prop_assert!(result.paper.license.is_some() || held.paper.license.is_none());
            prop_assert!(result.paper.doi.is_some() || held.paper.doi.is_none());
            prop_assert!(result.paper.withdrawn.is_some() || held.paper.withdrawn.is_none());
        }
    }

    /// The store gives back what the merge says, whatever arrives in which order.
    #[test]
    fn the_store_holds_what_the_merge_gives(records in prop::collection::vec(any_record(), 1..6)) {
        let folder = tempfile::tempdir().unwrap();
        let mut library = Library::open(folder.path()).unwrap();
        let mut expected: Option<Record> = None;
        for record in records {
            library.upsert(std::slice::from_ref(&record), UpsertOptions::default()).unwrap();
            expected = Some(match expected {
                Some(held) => merged(&held, &record),
                None => record,
            });
            let held = library.get(id("2501.00001")).unwrap().unwrap();
            prop_assert_eq!(&held.paper, &expected.as_ref().unwrap().paper);
            prop_assert_eq!(held.as_of, expected.as_ref().unwrap().as_of);
            // Since when a record counts as the newest, the store alone knows.
            expected.as_mut().unwrap().current = held.checked.is_some();
        }
        prop_assert_eq!(library.invalid_rows(|_| {}).unwrap(), Vec::new());
    }
}

/// Upserts a record as arXiv's answer of now.
fn answer_now(library: &mut Library, record: Record) {
    let options = UpsertOptions {
        now: Some(now()),
        ..UpsertOptions::default()
    };
    library.upsert(&[record], options).unwrap();
}

#[test]
fn a_record_of_a_clock_that_was_ahead_gives_way_to_what_arxiv_answers_now() {
    for source in [Source::Api, Source::Oai] {
        for answering in [Source::Api, Source::Oai] {
            let mut ahead = record("2501.00001v1", "A Title of the Future", "2031-01-01");
            ahead.paper.source = source;
            let machine = machine_with(&[ahead]);
            let mut library = library(&machine);
            let mut answer = record("2501.00001v1", "A Plain Paper", "2026-10-15");
            answer.paper.source = answering;
            answer_now(&mut library, answer);
            let stored = library.get(id("2501.00001")).unwrap().unwrap();
            assert_eq!(stored.paper.title, "A Plain Paper", "{source:?}, {answering:?}");
            assert_eq!(stored.as_of, Some(day("2026-10-15")));
            assert_eq!(stored.checked, Some(Stamp::Day(day("2026-10-15"))));
        }
    }
}

#[test]
fn a_version_above_the_newest_gives_way_to_what_arxiv_answers_now() {
    for source in [Source::Api, Source::Oai, Source::File] {
        let mut impossible = record("2501.00001v99", "A Plain Paper", "2026-10-01");
        impossible.paper.source = source;
        let machine = machine_with(&[impossible]);
        let mut library = library(&machine);
        answer_now(
            &mut library,
            record("2501.00001v2", "A Plain Paper", "2026-10-15"),
        );
        let stored = library.get(id("2501.00001")).unwrap().unwrap();
        assert_eq!(stored.paper.version, Some(2), "{source:?}");
        assert!(stored.checked.is_some());
        assert!(library.get(id("2501.00001v99")).unwrap().is_none());
    }
}

#[test]
fn an_older_answer_and_one_to_a_versioned_request_never_replace_a_newer_version() {
    let machine = machine_with(&[record("2501.00001v3", "A Plain Paper", "2026-10-10")]);
    let mut library = library(&machine);
    // OAI-PMH has not seen the newest version yet.
    let mut lagging = record("2501.00001v2", "A Plain Paper", "2026-10-10");
    lagging.paper.source = Source::Oai;
    answer_now(&mut library, lagging);
    let mut versioned = record("2501.00001v1", "A Plain Paper", "2026-10-15");
    versioned.current = false;
    answer_now(&mut library, versioned);
    let stored = library.get(id("2501.00001")).unwrap().unwrap();
    assert_eq!(stored.paper.version, Some(3));
    assert!(library.get(id("2501.00001v1")).unwrap().is_some());
}
