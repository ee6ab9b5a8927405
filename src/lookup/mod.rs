//! The freshest record of a paper: from this machine if it is fresh enough, else from arXiv.
//!
//! [`local`] reads and writes the library and reads the catalogs; [`remote`] asks arXiv. Both return
//! [`Outcome`](crate::model::outcome::Outcome)s. When to ask arXiv at all is decided by the caller.

pub mod local;
pub mod remote;

pub use local::{Freshness, LocalRecords, Storage, arrived, is_fresh};
pub use remote::{Arxiv, Fetch, Services};

use crate::catalog::Catalog;
use crate::model::id::ArxivId;
use crate::model::lang::Area;
use crate::model::paper::Paper;

/// The record that a catalog has of a paper, whichever version it describes. The first catalog wins.
#[must_use]
pub fn catalog_record(catalogs: &[Catalog], id: ArxivId) -> Option<Paper> {
    catalogs.iter().find_map(|catalog| catalog.get(id)).cloned()
}

/// The areas of every catalog, each once. The names of the first catalog win.
#[must_use]
pub fn areas(catalogs: &[Catalog]) -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    for area in catalogs.iter().flat_map(|catalog| &catalog.areas) {
        if !areas.iter().any(|known| known.code == area.code) {
            areas.push(area.clone());
        }
    }
    areas
}

/// Adds to a record what the catalogs know of its paper. The first catalog that has the paper wins.
pub fn annotate(catalogs: &[Catalog], paper: &mut Paper) {
    if let Some(catalog) = catalogs.iter().find(|catalog| catalog.get(paper.id).is_some()) {
        catalog.annotate(paper);
    }
}
