//! Compares stored records with arXiv's answers.

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

/// Number of unchanged records that are stored at once.
const BATCH: usize = 200;

/// State of a comparison.
pub struct Survey<'a> {
    /// Settings and streams.
    pub context: &'a Context,
    /// The catalogs in use.
    pub catalogs: &'a [Catalog],
    /// The library.
    pub library: Library,
    /// Number of papers whose records are fresh.
    pub fresh: usize,
    /// Changes, with the titles of their papers.
    pub changes: Vec<(Finding, String)>,
    /// Answers without a change, to be stored.
    pub unchanged: Vec<Record>,
    /// Answers with changes, stored only after the changes were printed.
    pub changed: Vec<Record>,
    /// The error that prevented storing.
    pub store_error: Option<Error>,
}

impl Survey<'_> {
    /// Reports what is known without arXiv, and returns the papers that must be requested.
    pub fn local(&mut self, ledger: &mut Ledger, freshness: &FreshnessArgs) -> Result<Vec<ArxivId>, Error> {
        let mut open = Vec::new();
        let offline = self.context.settings.offline;
        for id in ledger.ids() {
            let Some(stored) = self.library.get(id.base())? else {
                ledger.record(id, &Outcome::Failed(Status::NotFound, not_stored_message(id)));
                continue;
            };
            if let Some(reason) = id.deleted() {
                ledger.record(id, &Outcome::deleted(reason));
                continue;
            }
            let (now, max_age) = (self.context.now(), freshness.max_age);
            let lately = stored
                .checked
                .is_some_and(|at| lookup::is_fresh(at, now, max_age));
            let fresh = !freshness.refresh && lately;
            if fresh {
                self.fresh += 1;
                let reason = "arXiv was asked a short while ago".to_owned();
                ledger.record(id, &Outcome::Skipped(reason));
            } else {
                open.push(id);
            }
            if fresh || offline {
                self.compare_locally(&stored)?;
            }
        }
        Ok(open)
    }

    /// Compares a stored record with the catalogs and the downloaded files.
    fn compare_locally(&mut self, stored: &StoredRecord) -> Result<(), Error> {
        let newest =
            lookup::catalog_record(self.catalogs, stored.paper.id).unwrap_or_else(|| stored.paper.clone());
        let files = self.library.files(stored.paper.id)?;
        let found = changes::local(&stored.paper, &newest, &files);
        self.add_changes(found, &stored.paper);
        Ok(())
    }

    fn add_changes(&mut self, mut found: Vec<Finding>, paper: &Paper) {
        let short_name = lookup::catalog_record(self.catalogs, paper.id)
            .and_then(|known| known.short_name().map(str::to_owned));
        for finding in &mut found {
            finding.short_name.clone_from(&short_name);
        }
        let told = found.into_iter().map(|finding| (finding, paper.title.clone()));
        self.changes.extend(told);
    }

    /// Requests records from arXiv. Returns the error if not all were answered.
    pub fn request(&mut self, open: &[ArxivId], ledger: &mut Ledger) -> Result<Option<Error>, Error> {
        let papers = ledger::papers(open.iter().copied());
        // A paper may be requested with and without a version.
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

    /// Compares arXiv's record with the stored one. Returns the changes as text.
    fn compare(&mut self, arrived: Paper) -> Result<String, Error> {
        let Some(stored) = self.library.get(arrived.id)? else {
            return Ok("it was removed meanwhile".to_owned());
        };
        let files = self.library.files(arrived.id)?;
        let found = changes::between(&stored.paper, &arrived, &files);
        let news: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
        let news = if news.is_empty() {
            "unchanged".to_owned()
        } else {
            news.join("; ")
        };
        let nothing = found.is_empty();
        self.add_changes(found, &arrived);
        let record = Record {
            // Catalog entries are not part of arXiv's record.
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
            self.store_unchanged();
        }
        Ok(news)
    }

    /// Stores the unchanged records. An error is kept for later, because the changes must be printed first.
    pub fn store_unchanged(&mut self) {
        let records = std::mem::take(&mut self.unchanged);
        if records.is_empty() || self.store_error.is_some() {
            return;
        }
        let options = UpsertOptions {
            now: Some(self.context.now()),
            ..UpsertOptions::default()
        };
        if let Err(error) = self.library.upsert(&records, options) {
            self.store_error = Some(error.into());
        }
    }
}

/// The message for a paper that is not stored.
pub fn not_stored_message(id: ArxivId) -> String {
    format!("not in the library; `arxcat fetch {}` brings it in", id.base())
}
