//! The report of a batch: records on stdout in the order given, failures on stderr, all outcomes in the ledger.
//!
//! It is the one sink of outcomes: commands that print records or files hand every outcome to [`Report::record`].

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::app::arguments::OutputArgs;
use crate::app::ledger::{IdArgs, Ledger};
use crate::app::output::{self, Writer};
use crate::app::{Context, identifiers};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::format::Format;
use crate::lookup;
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::Outcome;

/// The identifiers of a command that prints records, and where it prints them.
#[derive(clap::Args, Debug)]
pub struct BatchArgs {
    #[command(flatten)]
    /// The identifiers and the ledger.
    pub which: IdArgs,
    #[command(flatten)]
    /// The format and the file.
    pub output: OutputArgs,
}

/// The report of a running batch.
pub struct Report<'a> {
    context: &'a Context,
    ledger: Ledger<'a>,
    writer: Writer,
    /// Every identifier, in the order given.
    ids: Vec<ArxivId>,
    /// Outcomes of identifiers that stand behind one without an outcome.
    waiting: HashMap<ArxivId, Outcome>,
    /// How many outcomes were printed.
    next: usize,
    /// Whether the reader of stdout closed it.
    closed: bool,
}

impl<'a> Report<'a> {
    /// The report of a batch, in the format and to the place that the arguments name.
    pub fn open(context: &'a Context, args: &BatchArgs, catalogs: &[Catalog]) -> Result<Self, Error> {
        let format = args.output.format()?.unwrap_or(Format::Text);
        let look = context.paper_options(lookup::areas(catalogs), args.output.is_file());
        Self::with_writer(context, args, catalogs, || args.output.open(format, look))
    }

    /// The report of a batch through this writer. Reports malformed identifiers at once.
    pub fn with_writer(
        context: &'a Context,
        args: &BatchArgs,
        catalogs: &[Catalog],
        writer: impl FnOnce() -> Result<Writer, Error>,
    ) -> Result<Self, Error> {
        output::apart(args.output.place.output.as_deref(), args.which.ledger.as_deref())?;
        let input = identifiers::identifiers(context, &args.which.ids, catalogs)?;
        let mut ledger = Ledger::new(context, input, args.which.ledger.as_ref())?;
        let writer = writer()?;
        ledger.report_malformed();
        Ok(Self {
            context,
            ids: ledger.ids(),
            ledger,
            writer,
            waiting: HashMap::new(),
            next: 0,
            closed: false,
        })
    }

    /// Each valid identifier once, in the order given.
    #[must_use]
    pub fn ids(&self) -> &[ArxivId] {
        &self.ids
    }

    /// The identifiers that need a lookup. Records the outcome of the others: papers that arXiv is known to have
    /// deleted, which also holds offline.
    pub fn undeleted(&mut self) -> Result<Vec<ArxivId>, Error> {
        let mut undeleted = Vec::new();
        for id in self.ids.clone() {
            match id.deleted() {
                Some(reason) => drop(self.record(id, Outcome::deleted(reason))?),
                None => undeleted.push(id),
            }
        }
        Ok(undeleted)
    }

    /// Records an outcome, and prints every outcome whose turn it is. `Break` if nobody reads on.
    pub fn record(&mut self, id: ArxivId, outcome: Outcome) -> Result<ControlFlow<()>, Error> {
        self.waiting.insert(id, outcome);
        let before = self.next;
        while let Some(id) = self.ids.get(self.next).copied() {
            let Some(outcome) = self.waiting.remove(&id) else {
                break;
            };
            self.next += 1;
            self.print(id, outcome)?;
        }
        if self.next > before {
            let flushed = self.writer.flush();
            self.unless_closed(flushed)?;
        }
        Ok(if self.closed {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    /// Ends the batch: an identifier without an outcome failed for this reason. Writes the ledger last.
    pub fn finish(mut self, failure: Option<&Error>) -> Result<Exit, Error> {
        let unanswered = unanswered(failure);
        for id in self.ids.clone() {
            if !self.ledger.has(id) {
                let outcome = self.waiting.remove(&id);
                self.print(id, outcome.unwrap_or_else(|| unanswered.clone()))?;
            }
        }
        if !self.closed {
            match self.writer.finish(failure.is_some()) {
                Err(error) if error.is_closed_pipe() => self.closed = true,
                other => other?,
            }
        }
        let exit = self.ledger.finish()?;
        if let Some(error) = failure {
            // The message stands beside each identifier already; what to do is the same for all.
            for hint in &error.hints {
                self.context.ui.hint(hint);
            }
        }
        // A reader that has seen enough is not a failure.
        let exit = if self.closed { Exit::Done } else { exit };
        Ok(match failure.map(|error| error.exit) {
            // Wrong settings, such as a broken proxy, are not the service's fault, though its answers are missing.
            Some(Exit::Usage) if exit == Exit::Unreachable => Exit::Usage,
            failure => exit.max(failure.unwrap_or_default()),
        })
    }

    fn print(&mut self, id: ArxivId, mut outcome: Outcome) -> Result<(), Error> {
        if self.closed {
            self.ledger.record_silently(id, &outcome);
            return Ok(());
        }
        let written = match &mut outcome {
            Outcome::Found(paper, _) => {
                paper.requested_id = Some(id);
                self.writer.paper(paper)
            }
            Outcome::Downloaded(path) | Outcome::AlreadyDownloaded(path) => {
                self.writer.line(path.as_os_str().as_encoded_bytes())
            }
            Outcome::Done { .. } | Outcome::Skipped(_) | Outcome::Failed(..) => Ok(()),
        };
        self.unless_closed(written)?;
        self.ledger.record(id, &outcome);
        Ok(())
    }

    /// A closed pipe ends the printing, not the ledger.
    fn unless_closed(&mut self, written: Result<(), Error>) -> Result<(), Error> {
        match written {
            Err(error) if error.is_closed_pipe() => {
                self.closed = true;
                Ok(())
            }
            other => other,
        }
    }
}

/// The outcome of an identifier that the batch did not come to, because of this failure or of a closed pipe.
#[must_use]
pub fn unanswered(failure: Option<&Error>) -> Outcome {
    let Some(error) = failure else {
        return Outcome::Failed(Status::Interrupted, "nobody reads on".to_owned());
    };
    match error.exit {
        Exit::Interrupted => Outcome::Failed(Status::Interrupted, "interrupted".to_owned()),
        Exit::Local => Outcome::Failed(Status::Failed, error.message.clone()),
        _ => Outcome::Failed(Status::Unavailable, error.message.clone()),
    }
}
