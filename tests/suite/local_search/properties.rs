//! Whatever happens in whatever order, the index and plain looking at every record give the same papers in the same
//! order.

use arxcat::library::{HarvestCheckpoint, Scope, UpsertOptions};
use arxcat::model::category;
use arxcat::model::date::Stamp;
use arxcat::model::id::ArxivId;
use arxcat::model::paper::Paper;
use arxcat::model::query::{self, Query, QueryField};
use arxcat::model::selection::{Selection, Sort};
use arxcat::model::text;
use proptest::prelude::*;

use super::{Shelf, identifiers, paper, record};

const WORDS: &[&str] = &["alpha", "bravo", "delta", "echo", "golf", "hotel"];

/// Something that happens to a library.
#[derive(Clone, Debug)]
enum Event {
    Upsert {
        keep: bool,
        papers: Vec<(u8, u8, Vec<usize>)>,
    },
    Tag(u8, usize),
    Untag(u8, usize),
    Note(u8, usize),
    Remove(u8, bool),
    Undo,
    Deleted(u8),
    Search,
}

fn event() -> impl Strategy<Value = Event> {
    let words = prop::collection::vec(0..WORDS.len(), 1..6);
    let papers = prop::collection::vec((0..8_u8, 1..4_u8, words), 1..5);
    prop_oneof![
        4 => (any::<bool>(), papers).prop_map(|(keep, papers)| Event::Upsert { keep, papers }),
        2 => (0..8_u8, 0..3_usize).prop_map(|(paper, tag)| Event::Tag(paper, tag)),
        1 => (0..8_u8, 0..3_usize).prop_map(|(paper, tag)| Event::Untag(paper, tag)),
        1 => (0..8_u8, 0..WORDS.len()).prop_map(|(paper, word)| Event::Note(paper, word)),
        1 => (0..8_u8, any::<bool>()).prop_map(|(paper, record)| Event::Remove(paper, record)),
        1 => Just(Event::Undo),
        1 => (0..8_u8).prop_map(Event::Deleted),
        2 => Just(Event::Search),
    ]
}

fn id(number: u8) -> ArxivId {
    ArxivId::parse(&format!("2501.0000{}", number + 1)).unwrap()
}

fn invented(number: u8, version: u8, words: &[usize]) -> Paper {
    let spelt: Vec<&str> = words.iter().map(|word| WORDS[*word]).collect();
    let (title, abstract_) = spelt.split_at(1);
    let mut paper = paper(&id(number).to_string(), title[0], &abstract_.join(" "));
    paper.version = Some(u32::from(version));
    paper.published = (number % 4 != 3)
        .then(|| Stamp::parse(&format!("2025-01-{:02}", 1 + number % 3)))
        .flatten();
    paper.updated = Stamp::parse(&format!("2025-02-{:02}", 1 + version));
    paper.primary_category = Some(
        if number.is_multiple_of(2) {
            "cs.CL"
        } else {
            "math.NA"
        }
        .to_owned(),
    );
    paper.categories = vec![paper.primary_category.clone().unwrap()];
    paper
}

fn happen(shelf: &mut Shelf, event: &Event) {
    let now = "2026-10-15T12:00:00Z".parse().unwrap();
    let library = &mut shelf.library;
    match event {
        Event::Upsert { keep, papers } => {
            let records: Vec<_> = papers
                .iter()
                .map(|(number, version, words)| record(invented(*number, *version, words)))
                .collect();
            let how = UpsertOptions {
                keep: keep.then_some(now),
                refresh: false,
                now: None,
            };
            library.upsert(&records, how).unwrap();
        }
        Event::Tag(paper, tag) => drop(library.tag(WORDS[*tag], &[id(*paper)], now).unwrap()),
        Event::Untag(paper, tag) => drop(library.untag(WORDS[*tag], &[id(*paper)]).unwrap()),
        Event::Note(paper, word) => {
            crate::library::note(library, id(*paper), WORDS[*word]);
        }
        Event::Remove(paper, record) => drop(library.remove(&[id(*paper)], *record).unwrap()),
        Event::Undo => drop(library.undo().unwrap()),
        Event::Deleted(paper) => {
            let day = "2026-10-01".parse().unwrap();
            let mark = HarvestCheckpoint { day, checked: day };
            library
                .store_harvest_page(None, &[], &[id(*paper)], mark, None)
                .unwrap();
        }
        Event::Search => drop(shelf.found(Scope::Mirror, &["alpha"], &Selection::default())),
    }
}

/// The words of a record, as a reader sees them.
fn has(paper: &Paper, query: &Query) -> bool {
    match query {
        Query::Text { field, text } => {
            let note = paper.library.as_ref().and_then(|kept| kept.note.as_deref());
            let places = match field {
                QueryField::Title => vec![Some(paper.title.as_str())],
                QueryField::Abstract => vec![paper.abstract_.as_deref()],
                _ => vec![Some(paper.title.as_str()), paper.abstract_.as_deref(), note],
            };
            places
                .into_iter()
                .flatten()
                .any(|place| text::words(place).contains(text))
        }
        Query::All(parts) => parts.iter().all(|part| has(paper, part)),
        Query::Any(parts) => parts.iter().any(|part| has(paper, part)),
        Query::Not(part) => !has(paper, part),
    }
}

fn check(shelf: &Shelf) -> Result<(), TestCaseError> {
    for scope in [Scope::Library, Scope::Mirror] {
        let everything = Selection::default();
        let wanted = arxcat::library::ListRequest {
            scope,
            words: None,
            selection: &everything,
            annotate: &|_| {},
        };
        let mut listing = shelf.library.list(wanted, &mut |_| {}).unwrap();
        let truth = super::all(&mut listing);
        prop_assert_eq!(truth.len() as u64, shelf.library.count(scope).unwrap());
        for words in [
            vec!["alpha"],
            vec!["bravo", "delta"],
            vec!["alpha", "OR", "echo"],
            vec!["NOT", "golf"],
            vec!["title:hotel"],
            vec!["abstract:alpha", "NOT", "title:alpha"],
            vec!["title:echo", "NOT", "abstract:echo"],
            vec!["NOT", "abstract:bravo"],
        ] {
            let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
            let query = query::parse(&words).unwrap().unwrap();
            let matching: Vec<Paper> = truth.iter().filter(|paper| has(paper, &query)).cloned().collect();
            for selection in selections().into_iter().skip(words.len() % 2).step_by(3) {
                let expected: Vec<String> = selection
                    .apply(matching.clone())
                    .papers
                    .iter()
                    .map(|paper| paper.id.to_string())
                    .collect();
                let found = identifiers(&shelf.library, scope, Some(&query), &selection);
                prop_assert_eq!(found, expected, "{:?} {} {:?}", scope, query, selection);
            }
        }
        for selection in selections() {
            let expected: Vec<String> = selection
                .apply(truth.clone())
                .papers
                .iter()
                .map(|paper| paper.id.to_string())
                .collect();
            prop_assert_eq!(
                identifiers(&shelf.library, scope, None, &selection),
                expected,
                "{:?} {:?}",
                scope,
                selection
            );
        }
    }
    Ok(())
}

fn selections() -> Vec<Selection> {
    let plain = Selection::default();
    let mut all = Vec::new();
    for sort in [Sort::Date, Sort::Updated, Sort::Title, Sort::Id] {
        for reverse in [false, true] {
            all.push(Selection {
                sort,
                reverse,
                ..plain.clone()
            });
        }
    }
    all.push(Selection {
        since: "2025-01-02".parse().ok(),
        limit: Some(2),
        ..plain.clone()
    });
    all.push(Selection {
        categories: vec![category::CategoryFilter::parse("math.NA").unwrap()],
        until: "2025-01-02".parse().ok(),
        ..plain.clone()
    });
    all.push(Selection {
        tags: vec!["ALPHA".to_owned()],
        titles: vec!["ho*".to_owned()],
        ..plain.clone()
    });
    all.push(Selection {
        tags: vec!["bravo".to_owned()],
        authors: vec!["example ada".to_owned()],
        ..plain
    });
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn index_and_truth_are_equal_after_anything(events in prop::collection::vec(event(), 1..14)) {
        let mut shelf = Shelf::new();
        for event in &events {
            happen(&mut shelf, event);
        }
        check(&shelf)?;
    }
}
