//! What is announced, and what this machine holds: each learns from the other.

use chrono::NaiveDate;

use crate::app::Context;
use crate::error::Error;
use crate::library::{Library, UpsertOptions};
use crate::model::announcement::Announcement;
use crate::model::record::Record;

/// Puts what is announced into the mirror, which is made where there is none, and on what is announced the facts of the mirror that a
/// feed lacks: the date of submission, and what the user made of the paper.
///
/// What is announced is shown even where nothing can be read or written here.
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
            // Only a whole record answers for the bare identifier.
            current: false,
        })
        .collect();
    match Library::existing(folder) {
        Ok(None) => {}
        Ok(Some(library)) => {
            if let Err(error) = learn(&library, announcements) {
                context.ui.warn(&format!("{error}; what it holds is left out"));
            }
        }
        Err(error) => return context.ui.warn(&format!("{error}; what it holds is left out")),
    }
    let put =
        Library::open(folder).and_then(|mut library| library.upsert(&records, UpsertOptions::default()));
    if let Err(error) = put {
        context.ui.warn(&format!(
            "what is announced is not put into the mirror: {}",
            Error::from(error)
        ));
    }
}

fn learn(library: &Library, announcements: &mut [Announcement]) -> Result<(), crate::library::Error> {
    for Announcement { paper, .. } in announcements {
        if let Some(held) = library.get(paper.id)? {
            paper.published = held.paper.published;
            paper.library = held.paper.library;
        }
    }
    Ok(())
}
