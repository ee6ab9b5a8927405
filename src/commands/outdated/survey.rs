//! The held records of papers, against what arXiv answers.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::changes;
use crate::app::Context;
use crate::app::arguments::FreshnessArgs;
use crate::app::ledger::{self, Ledger};
use crate::app::records::{self, BESIDES};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::library::{Library, StoredRecord, UpsertOptions};
use crate::lookup::{self, LocalRecords};
use crate::model::finding::Finding;
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::Outcome;
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
    pub fn local(&mut self, ledger: &mut Ledger, freshness: &FreshnessArgs) -> Result<Vec<ArxivId>, Error> {
        let mut open = Vec::new();
        let offline = self.context.settings.offline;
        for id in ledger.ids() {
            let Some(held) = self.library.get(id.base())? else {
                ledger.record(id, &Outcome::Failed(Status::NotFound, lacking(id)));
                continue;
            };
            if let Some(reason) = id.deleted() {
                ledger.record(id, &Outcome::deleted(reason));
                continue;
            }
            let (now, max_age) = (self.context.now(), freshness.max_age);
            let lately = held.checked.is_some_and(|at| lookup::is_fresh(at, now, max_age));
            let fresh = !freshness.refresh && lately;
            if fresh {
                self.fresh += 1;
                let reason = "arXiv was asked a short while ago".to_owned();
                ledger.record(id, &Outcome::Skipped(reason));
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
        let newest =
            lookup::catalog_record(self.catalogs, held.paper.id).unwrap_or_else(|| held.paper.clone());
        let files = self.library.files(held.paper.id)?;
        let found = changes::local(&held.paper, &newest, &files);
        self.tell(found, &held.paper);
        Ok(())
    }

    fn tell(&mut self, mut found: Vec<Finding>, paper: &Paper) {
        let short_name = lookup::catalog_record(self.catalogs, paper.id)
            .and_then(|known| known.short_name().map(str::to_owned));
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
        let context = self.context;
        // arXiv's answer is compared with the record of this machine, so nothing of this machine may be mixed into it.
        let mut nothing = LocalRecords::none(context.now());
        let fetched = records::fetch(context, &mut nothing, BESIDES, &papers, |paper, outcome| {
            let outcome = match outcome {
                Outcome::Found(record, origin) => Outcome::Done {
                    origin: Some(origin),
                    message: Some(self.compare(*record)?),
                },
                other => other,
            };
            for id in forms.remove(&paper).unwrap_or_default() {
                ledger.record(id, &outcome);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(fetched.failure)
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
