//! What the user marks is kept: papers of the library, or taken into it from a catalog.

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

/// Papers at hand, as they were asked for.
pub struct AtHand {
    /// Where they are held.
    pub library: Library,
    /// Which, and where each record came from.
    pub papers: Vec<(ArxivId, Source)>,
}

/// The papers of this batch that are held or that a catalog has, the latter put into the library; the others are told
/// as not found. None where there are none, and then no library is made.
pub fn at_hand(
    context: &Context,
    catalogs: &[Catalog],
    ledger: &mut Ledger,
) -> Result<Option<AtHand>, Error> {
    let folder = &context.settings.library_dir;
    let library = Library::existing(folder)?;
    let mut papers = Vec::new();
    let mut taken = Vec::new();
    for id in ledger.ids() {
        let held = match &library {
            Some(library) => library.get(id.base())?,
            None => None,
        };
        if let Some(held) = held {
            papers.push((id, held.paper.source));
        } else if let Some(record) = from_catalog(context, catalogs, id) {
            papers.push((id, record.paper.source));
            taken.push(record);
        } else if let Some(reason) = id.deleted() {
            ledger.record(id, &Outcome::deleted(reason));
        } else {
            let why = format!("not in the library; `arxcat fetch {}` brings it in", id.base());
            ledger.record(id, &Outcome::Failed(Status::NotFound, why));
        }
    }
    if papers.is_empty() {
        return Ok(None);
    }
    let mut library = Library::open(folder)?;
    if !taken.is_empty() {
        library.upsert(&taken, UpsertOptions::default())?;
    }
    Ok(Some(AtHand { library, papers }))
}

fn from_catalog(context: &Context, catalogs: &[Catalog], id: ArxivId) -> Option<Record> {
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
