//! The freshest record for these identifiers: what this machine holds, and what arXiv answers.

pub mod local;
pub mod remote;

pub use local::{Age, Coming, LocalRecords, answered, is_fresh};
pub use remote::{Arxiv, Strategy, ask};

use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use reqwest::Url;

use crate::arxiv::api;
use crate::catalog::Catalog;
use crate::model::date::Stamp;
use crate::model::id::ArxivId;
use crate::model::lang::Area;
use crate::model::paper::Paper;
use crate::net::{self, Client};

/// arXiv's query API, and the time of asking.
pub struct Api<'a> {
    /// The client.
    pub client: &'a Client,
    /// The API's address.
    pub url: &'a Url,
    /// The time of asking, for `retrieved`.
    pub now: DateTime<Utc>,
}

/// What became of one identifier.
#[derive(Debug)]
pub enum Outcome {
    /// Its record, from where it says, with what the catalogs know of it.
    Found(Box<Paper>),
    /// Its record from the library, with what the catalogs know of it.
    Held(Box<Paper>),
    /// There is no such paper, or not in this version; why.
    NotFound(String),
    /// arXiv deleted it; why.
    Deleted(String),
    /// arXiv does not take it for an identifier; its words.
    Malformed(String),
    /// arXiv's answer is spoilt; how.
    Unavailable(String),
}

/// The record a catalog has of a paper, whichever version that describes.
#[must_use]
pub fn local(catalogs: &[Catalog], id: ArxivId) -> Option<Paper> {
    catalogs.iter().find_map(|catalog| catalog.get(id)).cloned()
}

/// Every catalog's areas, for their names; the first catalog's win.
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

/// Puts on a record what the catalogs know of its paper; the first catalog that has it wins.
pub fn annotate(catalogs: &[Catalog], paper: &mut Paper) {
    if let Some(catalog) = catalogs.iter().find(|catalog| catalog.get(paper.id).is_some()) {
        catalog.annotate(paper);
    }
}

/// What to say of a paper that arXiv deleted.
#[must_use]
pub fn deleted(reason: &str) -> String {
    // Most reasons are the end of a sentence: `was a duplicate of ...`.
    let subject = if reason.starts_with("was ") { "it " } else { "" };
    format!("arXiv deleted this paper: {subject}{reason}")
}

/// Asks arXiv's query API for these identifiers, no two the same, whatever is held here, and hands on what became of
/// each, in the order asked.
///
/// `Break` ends the asking in order.
pub async fn fetch(
    api: &Api<'_>,
    catalogs: &[Catalog],
    ids: &[ArxivId],
    mut each: impl FnMut(ArxivId, Outcome) -> ControlFlow<()>,
) -> Result<(), net::Error> {
    api::records(api.client, api.url.as_str(), ids, |settled| {
        for (id, answer) in settled {
            let found = |mut paper: Box<Paper>| {
                paper.retrieved = Some(Stamp::Second(api.now));
                annotate(catalogs, &mut paper);
                Outcome::Found(paper)
            };
            each(id, outcome(id, answer, found))?;
        }
        ControlFlow::Continue(())
    })
    .await
}

fn outcome(id: ArxivId, answer: api::Answer, found: impl FnOnce(Box<Paper>) -> Outcome) -> Outcome {
    match answer {
        api::Answer::Found(paper) => found(paper),
        api::Answer::NotFound => Outcome::NotFound(not_found(id)),
        api::Answer::Deleted(reason) => Outcome::Deleted(deleted(reason)),
        api::Answer::Unreadable(why) => Outcome::Unavailable(why),
        api::Answer::Refused(words) => Outcome::Malformed(format!("arXiv does not take it: {words}")),
    }
}

fn not_found(id: ArxivId) -> String {
    match id.version() {
        Some(version) => format!("arXiv has no such paper, or no version {version} of it"),
        None => "arXiv has no such paper".to_owned(),
    }
}
