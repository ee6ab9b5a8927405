//! Announcements and the library on this machine: each completes the other.

use chrono::NaiveDate;

use crate::app::Context;
use crate::error::Error;
use crate::library::{Library, UpsertOptions};
use crate::model::announcement::Announcement;
use crate::model::record::Record;

/// Stores the announced papers in the mirror, creating it if necessary, and adds to them what the mirror knows and a feed
/// lacks: the date of submission, tags and notes.
///
/// Warns if the library cannot be read or written; the announcements are shown all the same.
pub(super) fn exchange(context: &Context, day: Option<NaiveDate>, announcements: &mut [Announcement]) {
    if announcements.is_empty() {
        return;
    }
    let folder = &context.settings.library_dir;
    let records: Vec<Record> = announcements
        .iter()
        .map(|announcement| Record {
            paper: announcement.paper.clone(),
            as_of: day,
            // An announcement lacks dates and versions, so it must not answer later for a complete record.
            current: false,
        })
        .collect();
    match Library::existing(folder) {
        Ok(None) => {}
        Ok(Some(library)) => {
            if let Err(error) = complete(&library, announcements) {
                context
                    .ui
                    .warn(&format!("{error}; tags and dates from it are missing"));
            }
        }
        Err(error) => {
            return context
                .ui
                .warn(&format!("{error}; tags and dates from it are missing"));
        }
    }
    let stored =
        Library::open(folder).and_then(|mut library| library.upsert(&records, UpsertOptions::default()));
    if let Err(error) = stored {
        context.ui.warn(&format!(
            "the announced papers are not stored in the mirror: {}",
            Error::from(error)
        ));
    }
}

fn complete(library: &Library, announcements: &mut [Announcement]) -> Result<(), crate::library::Error> {
    for Announcement { paper, .. } in announcements {
        if let Some(stored) = library.get(paper.id)? {
            paper.published = stored.paper.published;
            paper.library = stored.paper.library;
        }
    }
    Ok(())
}
