//! The store: which record is believed, and what no accident may break.

use std::path::PathBuf;

use arxcat::library::{Library, UpsertOptions};
use arxcat::model::date::Stamp;
use arxcat::model::id::ArxivId;
use arxcat::model::paper::{Author, Paper, Source};
use arxcat::model::record::Record;
use chrono::{DateTime, NaiveDate, Utc};

use crate::arxcat::Machine;

mod concurrency;
mod corruption;
mod disk_errors;
mod merging;
mod user_data;

pub fn id(text: &str) -> ArxivId {
    ArxivId::parse(text).unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The time on every machine of the tests.
pub fn now() -> DateTime<Utc> {
    "2026-10-15T12:00:00Z".parse().unwrap()
}

/// An invented record as the API would give it, of this identifier (with its version, if it has one) and day.
pub fn record(identifier: &str, title: &str, as_of: &str) -> Record {
    let identifier = id(identifier);
    let mut paper = Paper::new(identifier.base(), title);
    paper.version = identifier.version().or(Some(1));
    paper.authors = vec![Author {
        name: "Ada Example".to_owned(),
        affiliations: Vec::new(),
    }];
    paper.categories = vec!["cs.CL".to_owned()];
    paper.primary_category = Some("cs.CL".to_owned());
    paper.published = Stamp::parse("2025-01-02T12:00:00Z");
    paper.updated = paper.published;
    paper.source = Source::Api;
    paper.retrieved = Some(Stamp::Day(day(as_of)));
    Record {
        paper,
        as_of: Some(day(as_of)),
        current: true,
    }
}

/// Adds lines to a paper's note; whether it is another one now.
pub fn note(library: &mut Library, paper: ArxivId, text: &str) -> bool {
    let noted = library.edit_note(paper, now(), |before| {
        Ok::<_, ()>(format!("{before}\n{text}").trim().to_owned())
    });
    noted.unwrap().unwrap()
}

/// Where a machine has its library.
pub fn folder(machine: &Machine) -> PathBuf {
    machine.path("data/arxcat")
}

/// Where a machine has its database.
pub fn database(machine: &Machine) -> PathBuf {
    folder(machine).join("library.db")
}

/// The library of a machine.
pub fn library(machine: &Machine) -> Library {
    Library::open(&folder(machine)).unwrap()
}

/// A machine whose user kept these.
pub fn machine_with(records: &[Record]) -> Machine {
    let machine = Machine::new();
    keep(&machine, records);
    machine
}

/// Keeps records on a machine.
pub fn keep(machine: &Machine, records: &[Record]) {
    let how = UpsertOptions {
        keep: Some(now()),
        refresh: false,
        now: None,
    };
    library(machine).upsert(records, how).unwrap();
}
