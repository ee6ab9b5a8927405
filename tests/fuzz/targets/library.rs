//! The library: what is stored can be read back.

use std::ops::ControlFlow;
use std::sync::{LazyLock, Mutex, PoisonError};

use arxcat::library::{Library, ListRequest, Scope, UpsertOptions};
use arxcat::model::selection::{Selection, Sort};
use tempfile::TempDir;

use super::papers::accepted;

/// A library that lives as long as the process, emptied after each input: opening one costs more than most inputs.
static LIBRARY: LazyLock<Mutex<(TempDir, Library)>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    Mutex::new((folder, library))
});

/// A record that a reader accepts is refused by the library or comes out of it again, alone and in a list, and
/// storing it a second time changes nothing.
pub fn store(bytes: &[u8]) {
    let mut shared = LIBRARY.lock().unwrap_or_else(PoisonError::into_inner);
    let library = &mut shared.1;
    // An input that failed left its papers behind.
    let left = library.ids(Scope::Mirror).unwrap();
    library.remove(&left, true).unwrap();
    let options = UpsertOptions {
        keep: Some("2026-10-15T12:00:00Z".parse().unwrap()),
        refresh: false,
        now: None,
    };
    let mut ids = Vec::new();
    accepted(bytes, |record| {
        let id = record.paper.id;
        let records = [record];
        if library.upsert(&records, options).is_ok() {
            ids.push(id);
            assert!(library.get(id).unwrap().is_some(), "{records:?}");
            let again = library.upsert(&records, options).unwrap();
            assert_eq!((again.new, again.updated), (0, 0), "{records:?}");
        }
        if ids.len() < 8 {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    ids.sort();
    ids.dedup();
    let selection = Selection {
        sort: Sort::Date,
        ..Selection::default()
    };
    let request = ListRequest {
        scope: Scope::Library,
        words: None,
        selection: &selection,
        annotate: &|_| (),
    };
    let mut listed = 0;
    let mut cursor = library.list(request, &mut |_| ()).unwrap();
    while let Some(page) = cursor.next_page().unwrap() {
        listed += page.len();
    }
    assert_eq!((listed, cursor.unreadable), (ids.len(), 0), "{ids:?}");
    drop(cursor);
    library.remove(&ids, true).unwrap();
}
