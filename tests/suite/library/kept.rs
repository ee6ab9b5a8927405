//! What the user made of papers outlives whatever happens to their records.

use arxcat::library::{Library, Mark, Put, Scope};
use arxcat::model::id::ArxivId;
use proptest::prelude::*;

use super::{day, id, now, record};

fn open(folder: &tempfile::TempDir) -> Library {
    Library::open(folder.path()).unwrap()
}

#[test]
fn tags_and_notes_survive_updates_of_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut library = open(&folder);
    library
        .put(&[record("2501.00001v1", "First", "2026-01-01")], Put::default())
        .unwrap();
    library.tag("todo", &[id("2501.00001")], now()).unwrap();
    library.note(id("2501.00001"), "read", false, now()).unwrap();
    for version in ["2501.00001v2", "2501.00001v1", "2501.00001v3"] {
        library
            .put(
                &[record(version, "Later", "2026-02-01")],
                Put {
                    keep: None,
                    refresh: true,
                },
            )
            .unwrap();
        let kept = library
            .get(id("2501.00001"))
            .unwrap()
            .unwrap()
            .paper
            .library
            .unwrap();
        assert_eq!(
            (kept.tags.join(" "), kept.note.as_deref()),
            ("todo".to_owned(), Some("read"))
        );
    }
    assert_eq!(
        library.get(id("2501.00001")).unwrap().unwrap().paper.version,
        Some(3)
    );
}

#[test]
fn tags_and_notes_survive_what_arxiv_deletes_and_come_back_with_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let mut library = open(&folder);
    let paper = id("2501.00001");
    library
        .put(&[record("2501.00001", "First", "2026-01-01")], Put::default())
        .unwrap();
    library.tag("todo", &[paper], now()).unwrap();
    let mark = Mark {
        day: day("2026-02-01"),
        checked: day("2026-02-01"),
    };
    library.harvested(None, &[], &[paper], mark).unwrap();
    assert!(library.get(paper).unwrap().is_none());
    assert_eq!(
        (
            library.count(Scope::Library).unwrap(),
            library.count(Scope::Mirror).unwrap()
        ),
        (0, 0)
    );
    assert_eq!(library.strays().unwrap().kept, 1);
    library
        .put(&[record("2501.00001", "Back", "2026-03-01")], Put::default())
        .unwrap();
    assert_eq!(
        library.get(paper).unwrap().unwrap().paper.library.unwrap().tags,
        ["todo"]
    );
}

#[test]
fn a_removal_is_undone_whatever_came_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let mut library = open(&folder);
    let paper = id("2501.00001");
    library
        .put(&[record("2501.00001v1", "First", "2026-01-01")], Put::default())
        .unwrap();
    library.tag("todo", &[paper], now()).unwrap();
    library.note(paper, "old", false, now()).unwrap();
    assert_eq!(library.remove(&[paper, id("2501.00009")], true).unwrap().len(), 1);
    library
        .put(&[record("2501.00001v2", "Second", "2026-02-01")], Put::default())
        .unwrap();
    library.note(paper, "new", false, now()).unwrap();
    let back = library.undo().unwrap();
    assert_eq!((back[0].id, back[0].tags.join(" ")), (paper, "todo".to_owned()));
    let held = library.get(paper).unwrap().unwrap().paper;
    assert_eq!(held.title, "Second", "what is newer stays");
    let kept = held.library.unwrap();
    assert_eq!(
        (kept.tags.join(" "), kept.note.as_deref()),
        ("todo".to_owned(), Some("new\nold"))
    );
    assert_eq!(library.undo().unwrap(), []);
}

#[test]
fn a_note_that_says_so_already_is_no_change() {
    let folder = tempfile::tempdir().unwrap();
    let mut library = open(&folder);
    let paper = id("2501.00001");
    library
        .put(&[record("2501.00001", "First", "2026-01-01")], Put::default())
        .unwrap();
    assert!(!library.note(paper, "", true, now()).unwrap());
    assert!(!library.keeps(paper).unwrap(), "nothing noted is nothing kept");
    assert!(library.note(paper, "one", false, now()).unwrap());
    assert!(!library.note(paper, "one", true, now()).unwrap());
    assert!(library.note(paper, "", true, now()).unwrap());
    assert_eq!(library.note_of(paper).unwrap(), None);
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
        let mut library = open(&folder);
        for act in acts {
            match act {
                Act::Put(n) => drop(library.put(&[record(&numbered(n).to_string(), "Any", "2026-01-01")], Put::default()).unwrap()),
                Act::Tag(n, tag) => drop(library.tag(&format!("t{tag}"), &[numbered(n)], now()).unwrap()),
                Act::Untag(n, tag) => drop(library.untag(&format!("T{tag}"), &[numbered(n)]).unwrap()),
                Act::Remove(n, records) => drop(library.remove(&[numbered(n)], records).unwrap()),
                Act::Undo => drop(library.undo().unwrap()),
            }
        }
        let state = |library: &Library| {
            let papers: Vec<_> = (1..4).map(|n| (library.get(numbered(n)).unwrap(), library.keeps(numbered(n)).unwrap())).collect();
            (papers, library.tags().unwrap(), library.ids(Scope::Library).unwrap(), library.ids(Scope::Mirror).unwrap())
        };
        let before = state(&library);
        let removed = library.remove(&[numbered(paper)], records).unwrap();
        if !removed.is_empty() {
            prop_assert!(!library.keeps(numbered(paper)).unwrap());
            prop_assert_eq!(library.undo().unwrap(), removed);
        }
        prop_assert_eq!(state(&library), before);
        prop_assert_eq!(library.unsound(|_| {}).unwrap(), Vec::new());
    }
}
