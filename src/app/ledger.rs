//! The identifiers of a batch and the outcome of each: failures on stderr, one line each, and all in the ledger file.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use crate::app::identifiers::InputId;
use crate::app::output::Output;
use crate::app::{Context, identifiers};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::format;
use crate::model::id::ArxivId;
use crate::model::ledger::{LedgerEntry, Status};
use crate::model::outcome::Outcome;

/// The identifiers of a command that works on several papers.
#[derive(clap::Args, Debug)]
pub struct IdArgs {
    /// Identifiers in any form, or short names of the catalog; `-` or none: from stdin
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Write one JSON line for each input to this file: what was asked, and what became of it
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
}

/// The identifiers of a batch, and the outcomes so far.
pub struct Ledger<'a> {
    context: &'a Context,
    file: Option<Output>,
    /// One entry for each input. Those without an outcome are [`Status::Interrupted`].
    entries: Vec<LedgerEntry>,
    /// Each valid identifier once, in the order given.
    ids: Vec<ArxivId>,
    /// The entries of each identifier.
    places: HashMap<ArxivId, Vec<usize>>,
    recorded: HashSet<ArxivId>,
    exit: Exit,
}

impl<'a> Ledger<'a> {
    /// A batch of the identifiers given as arguments or on stdin. Reports those that are malformed.
    pub fn open(context: &'a Context, args: &IdArgs, catalogs: &[Catalog]) -> Result<Self, Error> {
        let input = identifiers::identifiers(context, &args.ids, catalogs)?;
        let mut ledger = Self::new(context, input, args.ledger.as_ref())?;
        ledger.report_malformed();
        Ok(ledger)
    }

    /// A batch of these identifiers. The caller still has to call [`Self::report_malformed`].
    pub fn new(context: &'a Context, input: Vec<InputId>, file: Option<&PathBuf>) -> Result<Self, Error> {
        let file = file.map(|path| Output::open(Some(path), true)).transpose()?;
        let ids = identifiers::valid(&input);
        let entries: Vec<LedgerEntry> = input.into_iter().map(entry).collect();
        let mut places: HashMap<ArxivId, Vec<usize>> = HashMap::new();
        for (place, entry) in entries.iter().enumerate() {
            if let Some(id) = entry.id {
                places.entry(id).or_default().push(place);
            }
        }
        Ok(Self {
            context,
            file,
            entries,
            ids,
            places,
            recorded: HashSet::new(),
            exit: Exit::Done,
        })
    }

    /// Reports the inputs that are not identifiers, and an empty stdin.
    pub fn report_malformed(&mut self) {
        let malformed = self.entries.iter().filter(|entry| entry.id.is_none());
        for reason in malformed.filter_map(|entry| entry.message.as_ref()) {
            self.context.ui.failed(reason);
            self.exit = if self.ids.is_empty() {
                Exit::Usage
            } else {
                Exit::Partly
            };
        }
        if self.entries.is_empty() {
            self.context.ui.note("no identifiers came on stdin");
        }
    }

    /// Each valid identifier once, in the order given.
    #[must_use]
    pub fn ids(&self) -> Vec<ArxivId> {
        self.ids.clone()
    }

    /// Whether this identifier has an outcome.
    #[must_use]
    pub fn has(&self, id: ArxivId) -> bool {
        self.recorded.contains(&id)
    }

    /// Records an outcome. A failure is reported on stderr.
    pub fn record(&mut self, id: ArxivId, outcome: &Outcome) {
        if let Outcome::Failed(_, reason) = outcome {
            self.context.ui.failed(&format!("{id}: {reason}"));
        }
        self.record_silently(id, outcome);
    }

    /// Records an outcome without a word on stderr: because it was reported already, or because nobody reads on.
    pub fn record_silently(&mut self, id: ArxivId, outcome: &Outcome) {
        self.exit = self.exit.max(exit(outcome.status()));
        self.recorded.insert(id);
        for place in self.places.get(&id).into_iter().flatten() {
            let entry = &mut self.entries[*place];
            entry.status = outcome.status();
            entry.source = outcome.origin();
            entry.message = outcome.message();
        }
    }

    /// Writes the file, and returns how the batch ends.
    pub fn finish(self) -> Result<Exit, Error> {
        if let Some(mut file) = self.file {
            let place = file.place();
            for entry in &self.entries {
                format::ledger_line(entry, &mut file).map_err(|error| place.error(&error))?;
            }
            file.commit()?;
        }
        Ok(self.exit)
    }
}

/// The entry of an input before its outcome is known.
fn entry(input: InputId) -> LedgerEntry {
    let (id, status, message) = match input.id {
        Ok(id) => (Some(id), Status::Interrupted, None),
        Err(reason) => (None, Status::Malformed, Some(reason)),
    };
    LedgerEntry {
        input: input.input,
        id,
        status,
        source: None,
        message,
    }
}

fn exit(status: Status) -> Exit {
    match status {
        Status::Found | Status::Skipped => Exit::Done,
        Status::Withdrawn | Status::Deleted | Status::NotFound | Status::Malformed | Status::Refused => {
            Exit::Partly
        }
        Status::Unavailable => Exit::Unreachable,
        Status::Failed => Exit::Local,
        Status::Interrupted => Exit::Interrupted,
    }
}

/// The papers of these identifiers, each once, without versions.
#[must_use]
pub fn papers(ids: impl IntoIterator<Item = ArxivId>) -> Vec<ArxivId> {
    let mut seen = HashSet::new();
    ids.into_iter()
        .map(ArxivId::base)
        .filter(|id| seen.insert(*id))
        .collect()
}
