//! The held records of papers, against what arXiv answers.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::changes;
use crate::app::arguments::Freshness;
use crate::app::batch::Answer;
use crate::app::ledger::{self, Ledger};
use crate::app::{Context, records};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::library::{Library, StoredRecord, UpsertOptions};
use crate::lookup;
use crate::model::finding::Finding;
use crate::model::id::ArxivId;
use crate::model::ledger::{Origin, Status};
use crate::model::paper::Paper;
use crate::model::record::Record;

/// Records are put into the library so many at once.
const BATCH: usize = 200;

/// Papers on their way to being known as changed or not.
pub struct Survey<'a> {
    /// Settings and streams.
    pub context: &'a Context,
    /// What catalogs know.
    pub catalogs: &'a [Catalog],
    /// What is held.
    pub library: Library,
    /// How many need not be asked about.
    pub fresh: usize,
    /// What was found, with the papers' titles.
    pub changes: Vec<(Finding, String)>,
    /// Answers that say nothing new but the time.
    pub unchanged: Vec<Record>,
    /// Answers that do, kept back until they are told.
    pub changed: Vec<Record>,
    /// Why answers could not be stored.
    pub unstored: Option<Error>,
}

impl Survey<'_> {
    /// Tells what this machine knows of itself, and gives the papers that arXiv has to be asked about.
    pub fn local(&mut self, ledger: &mut Ledger, freshness: &Freshness) -> Result<Vec<ArxivId>, Error> {
        let mut open = Vec::new();
        let offline = self.context.settings.offline;
        for id in ledger.ids() {
            let Some(held) = self.library.get(id.base())? else {
                ledger.failed(id, Status::NotFound, lacking(id));
                continue;
            };
            if let Some(reason) = id.deleted() {
                ledger.failed(id, Status::Deleted, lookup::deleted(reason));
                continue;
            }
            let (now, max_age) = (self.context.now(), freshness.max_age);
            let lately = held.checked.is_some_and(|at| lookup::is_fresh(at, now, max_age));
            let fresh = !freshness.refresh && lately;
            if fresh {
                self.fresh += 1;
                ledger.skipped(id, "arXiv was asked a short while ago".to_owned());
            } else {
                open.push(id);
            }
            if fresh || offline {
                self.known_here(&held)?;
            }
        }
        Ok(open)
    }

    /// What the catalogs and the downloaded files tell of a held record.
    fn known_here(&mut self, held: &StoredRecord) -> Result<(), Error> {
        let newest = lookup::local(self.catalogs, held.paper.id).unwrap_or_else(|| held.paper.clone());
        let files = self.library.files(held.paper.id)?;
        let found = changes::local(&held.paper, &newest, &files);
        self.tell(found, &held.paper);
        Ok(())
    }

    fn tell(&mut self, mut found: Vec<Finding>, paper: &Paper) {
        let short_name =
            lookup::local(self.catalogs, paper.id).and_then(|known| known.short_name().map(str::to_owned));
        for finding in &mut found {
            finding.short_name.clone_from(&short_name);
        }
        let told = found.into_iter().map(|finding| (finding, paper.title.clone()));
        self.changes.extend(told);
    }

    /// Asks arXiv. Gives why not all were answered.
    pub fn ask(&mut self, open: &[ArxivId], ledger: &mut Ledger) -> Result<Option<Error>, Error> {
        let papers = ledger::papers(open.iter().copied());
        // A paper may be asked about with a version and without.
        let mut forms: HashMap<ArxivId, Vec<ArxivId>> = HashMap::new();
        for id in open {
            forms.entry(id.base()).or_default().push(*id);
        }
        let (context, catalogs) = (self.context, self.catalogs);
        records::ask_api(context, catalogs, &papers, |paper, answer| {
            let asked = forms.remove(&paper).unwrap_or_default();
            match answer {
                Answer::Found(record) | Answer::Held(record) => {
                    let news = self.compare(*record)?;
                    for id in asked {
                        ledger.found(id, Some(Origin::Api), Some(news.clone()));
                    }
                }
                Answer::Failed(status, why) => {
                    for id in asked {
                        ledger.failed(id, status, why.clone());
                    }
                }
                Answer::Skipped(why) => {
                    for id in asked {
                        ledger.skipped(id, why.clone());
                    }
                }
                // Nobody asked for files.
                Answer::File(..) => {}
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    /// Holds arXiv's record against the one that is held; gives what is new in words.
    fn compare(&mut self, arrived: Paper) -> Result<String, Error> {
        let Some(held) = self.library.get(arrived.id)? else {
            return Ok("it was removed meanwhile".to_owned());
        };
        let files = self.library.files(arrived.id)?;
        let found = changes::between(&held.paper, &arrived, &files);
        let news: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
        let news = if news.is_empty() {
            "unchanged".to_owned()
        } else {
            news.join("; ")
        };
        let nothing = found.is_empty();
        self.tell(found, &arrived);
        let record = Record {
            // What a catalog knows is the catalog's, not arXiv's.
            paper: Paper {
                catalog: None,
                ..arrived
            },
            as_of: Some(self.context.today()),
            current: true,
        };
        if nothing {
            self.unchanged.push(record);
        } else {
            self.changed.push(record);
        }
        if self.unchanged.len() >= BATCH {
            self.put_unchanged();
        }
        Ok(news)
    }

    /// A library that cannot be written to must not keep the news from being told.
    pub fn put_unchanged(&mut self) {
        let records = std::mem::take(&mut self.unchanged);
        if records.is_empty() || self.unstored.is_some() {
            return;
        }
        if let Err(error) = self.library.upsert(&records, UpsertOptions::default()) {
            self.unstored = Some(error.into());
        }
    }
}

/// What to say of a paper that is not held.
pub fn lacking(id: ArxivId) -> String {
    format!("not in the library; `arxcat fetch {}` brings it in", id.base())
}
