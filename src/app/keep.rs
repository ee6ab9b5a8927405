//! Papers that the user tags or notes, and so keeps: records of the library, or copied into it from a catalog.

use crate::app::Context;
use crate::app::ledger::Ledger;
use crate::catalog::Catalog;
use crate::error::Error;
use crate::library::{Library, UpsertOptions};
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::Outcome;
use crate::model::paper::Source;
use crate::model::record::Record;

/// The papers of a batch that are in the library.
pub struct KeptPapers {
    /// The library.
    pub library: Library,
    /// The identifiers as given, with the source of each record.
    pub papers: Vec<(ArxivId, Source)>,
}

/// Opens the library for the papers of a batch that it has, after copying those that only a catalog has into it. The
/// others are recorded as not found. Returns `None` if there are none left, and then creates no library.
pub fn keep(
    context: &Context,
    catalogs: &[Catalog],
    ledger: &mut Ledger,
) -> Result<Option<KeptPapers>, Error> {
    let folder = &context.settings.library_dir;
    let library = Library::existing(folder)?;
    let mut papers = Vec::new();
    let mut from_catalogs = Vec::new();
    for id in ledger.ids() {
        let held = match &library {
            Some(library) => library.get(id.base())?,
            None => None,
        };
        if let Some(held) = held {
            papers.push((id, held.paper.source));
        } else if let Some(record) = catalog_record(context, catalogs, id) {
            papers.push((id, record.paper.source));
            from_catalogs.push(record);
        } else if let Some(reason) = id.deleted() {
            ledger.record(id, &Outcome::deleted(reason));
        } else {
            let reason = format!("not in the library; `arxcat fetch {}` brings it in", id.base());
            ledger.record(id, &Outcome::Failed(Status::NotFound, reason));
        }
    }
    if papers.is_empty() {
        return Ok(None);
    }
    let mut library = Library::open(folder)?;
    if !from_catalogs.is_empty() {
        library.upsert(&from_catalogs, UpsertOptions::default())?;
    }
    Ok(Some(KeptPapers { library, papers }))
}

fn catalog_record(context: &Context, catalogs: &[Catalog], id: ArxivId) -> Option<Record> {
    let (catalog, paper) = catalogs
        .iter()
        .find_map(|catalog| Some((catalog, catalog.get(id)?)))?;
    let mut paper = paper.clone();
    paper.retrieved = paper.retrieved.or(Some(Stamp::Second(context.now())));
    Some(Record {
        paper,
        as_of: catalog.as_of.map(Stamp::day),
        current: false,
    })
}
