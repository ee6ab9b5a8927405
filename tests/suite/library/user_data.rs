//! What the user made of papers outlives whatever happens to their records.

use arxcat::library::{HarvestCheckpoint, Library, Scope, UpsertOptions};
use arxcat::model::id::ArxivId;
use proptest::prelude::*;

use super::{day, id, library, note, now, record};

/// A library with this paper; it lives as long as its folder.
fn holding(identifier: &str) -> (tempfile::TempDir, Library) {
    let folder = tempfile::tempdir().unwrap();
    let mut library = Library::open(folder.path()).unwrap();
    put(&mut library, identifier, "First", "2026-01-01");
    (folder, library)
}

fn put(library: &mut Library, identifier: &str, title: &str, as_of: &str) {
    library
        .upsert(&[record(identifier, title, as_of)], UpsertOptions::default())
        .unwrap();
}

/// What the user made of the paper.
fn made_of(library: &Library, paper: ArxivId) -> (String, Option<String>) {
    let kept = library.get(paper).unwrap().unwrap().paper.library.unwrap();
    (kept.tags.join(" "), kept.note)
}

#[test]
fn tags_and_notes_survive_updates_of_the_record() {
    let (_folder, mut library) = holding("2501.00001v1");
    let paper = id("2501.00001");
    library.tag("todo", &[paper], now()).unwrap();
    note(&mut library, paper, "read");
    for version in ["2501.00001v2", "2501.00001v1", "2501.00001v3"] {
        library
            .upsert(
                &[record(version, "Later", "2026-02-01")],
                UpsertOptions {
                    keep: None,
                    refresh: true,
                    now: None,
                },
            )
            .unwrap();
        assert_eq!(
            made_of(&library, paper),
            ("todo".to_owned(), Some("read".to_owned()))
        );
    }
    assert_eq!(library.get(paper).unwrap().unwrap().paper.version, Some(3));
}

#[test]
fn tags_and_notes_survive_what_arxiv_deletes_and_come_back_with_the_record() {
    let (_folder, mut library) = holding("2501.00001");
    let paper = id("2501.00001");
    library.tag("todo", &[paper], now()).unwrap();
    let mark = HarvestCheckpoint {
        day: day("2026-02-01"),
        checked: day("2026-02-01"),
    };
    library
        .store_harvest_page(None, &[], &[paper], mark, None)
        .unwrap();
    assert!(library.get(paper).unwrap().is_none());
    assert_eq!(
        (
            library.count(Scope::Library).unwrap(),
            library.count(Scope::Mirror).unwrap()
        ),
        (0, 0)
    );
    assert_eq!(library.orphans().unwrap().kept, 1);
    put(&mut library, "2501.00001", "Back", "2026-03-01");
    assert_eq!(made_of(&library, paper).0, "todo");
}

#[test]
fn a_removal_is_undone_whatever_came_meanwhile() {
    let (_folder, mut library) = holding("2501.00001v1");
    let paper = id("2501.00001");
    library.tag("todo", &[paper], now()).unwrap();
    note(&mut library, paper, "old");
    assert_eq!(library.remove(&[paper, id("2501.00009")], true).unwrap().len(), 1);
    put(&mut library, "2501.00001v2", "Second", "2026-02-01");
    note(&mut library, paper, "new");
    let back = library.undo().unwrap();
    assert_eq!((back[0].id, back[0].tags.join(" ")), (paper, "todo".to_owned()));
    let title = library.get(paper).unwrap().unwrap().paper.title;
    assert_eq!(title, "Second", "what is newer stays");
    assert_eq!(
        made_of(&library, paper),
        ("todo".to_owned(), Some("new\nold".to_owned()))
    );
    assert_eq!(library.undo().unwrap(), []);
}

#[test]
fn a_note_that_says_so_already_is_no_change() {
    let (_folder, mut library) = holding("2501.00001");
    let paper = id("2501.00001");
    let mut becomes = |text: &str| {
        let noted = library.edit_note(paper, now(), |_| Ok::<_, ()>(text.to_owned()));
        let changed = noted.unwrap().unwrap();
        (changed, library.is_kept(paper).unwrap())
    };
    assert_eq!(becomes(""), (false, false), "nothing noted is nothing kept");
    assert_eq!(becomes("one"), (true, true));
    assert_eq!(becomes("one"), (false, true));
    assert_eq!(becomes(""), (true, true));
    let refused = library.edit_note(paper, now(), |before| Err::<String, _>(before.len()));
    assert_eq!(refused.unwrap(), Err(0));
    assert_eq!(library.note(paper).unwrap(), None);
}

/// One thing a user does.
#[derive(Clone, Debug)]
enum Act {
    Put(u32),
    Tag(u32, u8),
    Untag(u32, u8),
    Remove(u32, bool),
    Undo,
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (1..4u32).prop_map(Act::Put),
        (1..4u32, 0..3u8).prop_map(|(paper, tag)| Act::Tag(paper, tag)),
        (1..4u32, 0..3u8).prop_map(|(paper, tag)| Act::Untag(paper, tag)),
        (1..4u32, any::<bool>()).prop_map(|(paper, records)| Act::Remove(paper, records)),
        Just(Act::Undo),
    ]
}

fn numbered(number: u32) -> ArxivId {
    id(&format!("2501.{number:05}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A removal and its undoing leave what the user made of papers as it was, whatever was done before.
    #[test]
    fn undo_is_the_inverse_of_remove(acts in prop::collection::vec(any_act(), 0..12), paper in 1..4u32, records in any::<bool>()) {
        let folder = tempfile::tempdir().unwrap();
        let mut library = Library::open(folder.path()).unwrap();
        for act in acts {
            match act {
                Act::Put(n) => put(&mut library, &numbered(n).to_string(), "Any", "2026-01-01"),
                Act::Tag(n, tag) => drop(library.tag(&format!("t{tag}"), &[numbered(n)], now()).unwrap()),
                Act::Untag(n, tag) => drop(library.untag(&format!("T{tag}"), &[numbered(n)]).unwrap()),
                Act::Remove(n, records) => drop(library.remove(&[numbered(n)], records).unwrap()),
                Act::Undo => drop(library.undo().unwrap()),
            }
        }
        let state = |library: &Library| {
            let papers: Vec<_> = (1..4).map(|n| (library.get(numbered(n)).unwrap(), library.is_kept(numbered(n)).unwrap())).collect();
            (papers, library.tags().unwrap(), library.ids(Scope::Library).unwrap(), library.ids(Scope::Mirror).unwrap())
        };
        let before = state(&library);
        let removed = library.remove(&[numbered(paper)], records).unwrap();
        if !removed.is_empty() {
            prop_assert!(!library.is_kept(numbered(paper)).unwrap());
            prop_assert_eq!(library.undo().unwrap(), removed);
        }
        prop_assert_eq!(state(&library), before);
        prop_assert_eq!(library.invalid_rows(|_| {}).unwrap(), Vec::new());
    }
}

#[test]
fn a_paper_with_thousands_of_tags_is_imported_in_linear_time() {
    let machine = crate::arxcat::Machine::new();
    let tagged =
        |n| format!("{{\"id\":\"2501.00001\",\"title\":\"Kelp\",\"library\":{{\"tags\":[\"tag {n}\"]}}}}\n");
    let lines: Vec<String> = (0..20_000).map(tagged).collect();
    machine.write("papers.jsonl", lines.concat());
    let start = std::time::Instant::now();
    machine.run(&["import", "papers.jsonl"]).ok();
    // Reading all tags of the paper for each line took minutes.
    assert!(
        start.elapsed() < std::time::Duration::from_mins(1),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(library(&machine).tags().unwrap().len(), 20_000);
}
