//! The identifiers of a batch, and what became of each: failures on stderr, one line each, and all in the ledger.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::app::identifiers::Asked;
use crate::app::output::Output;
use crate::app::{Context, identifiers};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::format;
use crate::model::id::ArxivId;
use crate::model::ledger::{Line, Origin, Status};

/// Which papers, of a command that prints none.
#[derive(clap::Args, Debug)]
pub struct IdArgs {
    /// Identifiers in any form, or short names of the catalog; `-` or none: from stdin
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Write one JSON line for each input to this file: what was asked, and what became of it
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
}

/// A batch's identifiers, and what became of them so far.
pub struct Ledger<'a> {
    context: &'a Context,
    file: Option<Output>,
    asked: Vec<Asked>,
    /// Each valid identifier once, at its first place.
    order: Vec<ArxivId>,
    told: HashMap<ArxivId, Told>,
    exit: Exit,
}

/// What became of one identifier.
struct Told {
    status: Status,
    source: Option<Origin>,
    message: Option<String>,
}

impl<'a> Ledger<'a> {
    /// A batch of what is asked for by arguments or on stdin.
    pub fn open(context: &'a Context, args: &IdArgs, catalogs: &[Catalog]) -> Result<Self, Error> {
        let mut ledger = Self::of(
            context,
            identifiers::identifiers(&args.ids, catalogs)?,
            args.ledger.as_ref(),
        )?;
        ledger.tell_malformed();
        Ok(ledger)
    }

    /// A batch of these. [`Self::tell_malformed`] is still to be called.
    pub fn of(context: &'a Context, asked: Vec<Asked>, file: Option<&PathBuf>) -> Result<Self, Error> {
        let file = file.map(|path| Output::open(Some(path), true)).transpose()?;
        Ok(Self {
            context,
            file,
            order: identifiers::valid(&asked),
            asked,
            told: HashMap::new(),
            exit: Exit::Done,
        })
    }

    /// Says which of what was asked is no identifier.
    pub fn tell_malformed(&mut self) {
        for why in self.asked.iter().filter_map(|asked| asked.id.as_ref().err()) {
            self.context.ui.failed(why);
            self.exit = if self.order.is_empty() {
                Exit::Usage
            } else {
                Exit::Partly
            };
        }
        if self.asked.is_empty() {
            self.context.ui.note("no identifiers came on stdin");
        }
    }

    /// Each valid identifier once, in the order asked.
    #[must_use]
    pub fn ids(&self) -> Vec<ArxivId> {
        self.order.clone()
    }

    /// The valid identifier at this place.
    #[must_use]
    pub fn id(&self, place: usize) -> Option<ArxivId> {
        self.order.get(place).copied()
    }

    /// Whether it is known what became of this one.
    #[must_use]
    pub fn knows(&self, id: ArxivId) -> bool {
        self.told.contains_key(&id)
    }

    /// Done, from this source.
    pub fn found(&mut self, id: ArxivId, source: Option<Origin>, message: Option<String>) {
        self.told.insert(
            id,
            Told {
                status: Status::Found,
                source,
                message,
            },
        );
    }

    /// Its file is there: it came now, or was there.
    pub fn file(&mut self, id: ArxivId, status: Status, path: &Path) {
        self.told.insert(
            id,
            Told {
                status,
                source: None,
                message: Some(path.display().to_string()),
            },
        );
    }

    /// There was nothing to do; why.
    pub fn skipped(&mut self, id: ArxivId, why: String) {
        self.told.insert(
            id,
            Told {
                status: Status::Skipped,
                source: None,
                message: Some(why),
            },
        );
    }

    /// It failed; why. Said on stderr.
    pub fn failed(&mut self, id: ArxivId, status: Status, why: String) {
        self.context.ui.failed(&format!("{id}: {why}"));
        self.note_failed(id, status, why);
    }

    /// It failed; why. Not said: nobody reads on.
    pub fn note_failed(&mut self, id: ArxivId, status: Status, why: String) {
        self.exit = self.exit.max(exit_of(status));
        self.told.insert(
            id,
            Told {
                status,
                source: None,
                message: Some(why),
            },
        );
    }

    /// Writes the file, and gives how the batch ends. What nothing became of was interrupted.
    pub fn finish(self) -> Result<Exit, Error> {
        let lines: Vec<Line> = self.lines().collect();
        let Self { file, exit, .. } = self;
        if let Some(mut file) = file {
            let place = file.place();
            for line in lines {
                format::ledger_line(&line, &mut file).map_err(|error| place.error(&error))?;
            }
            file.commit()?;
        }
        Ok(exit)
    }

    fn lines(&self) -> impl Iterator<Item = Line> {
        self.asked.iter().map(|asked| {
            let input = asked.input.clone();
            match &asked.id {
                Err(why) => Line {
                    input,
                    id: None,
                    status: Status::Malformed,
                    source: None,
                    message: Some(why.clone()),
                },
                Ok(id) => {
                    let told = self.told.get(id);
                    Line {
                        input,
                        id: Some(*id),
                        status: told.map_or(Status::Interrupted, |told| told.status),
                        source: told.and_then(|told| told.source),
                        message: told.and_then(|told| told.message.clone()),
                    }
                }
            }
        })
    }
}

fn exit_of(status: Status) -> Exit {
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

/// The papers of these identifiers, each once, without their versions.
#[must_use]
pub fn papers(ids: impl IntoIterator<Item = ArxivId>) -> Vec<ArxivId> {
    let mut seen = HashSet::new();
    ids.into_iter()
        .map(ArxivId::base)
        .filter(|id| seen.insert(*id))
        .collect()
}
