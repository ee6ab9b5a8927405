//! A batch of papers: found ones on stdout in the order asked, failed ones on stderr, all in the ledger.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::app::arguments::OutputArgs;
use crate::app::ledger::{IdArgs, Ledger};
use crate::app::output::{self, Writer};
use crate::app::{Context, identifiers};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::format::Format;
use crate::lookup;
use crate::model::id::ArxivId;
use crate::model::ledger::{Origin, Status};
use crate::model::paper::Paper;

/// Which papers, and where what is found of them goes.
#[derive(clap::Args, Debug)]
pub struct BatchArgs {
    #[command(flatten)]
    /// The identifiers and the ledger.
    pub which: IdArgs,
    #[command(flatten)]
    /// The format and the file.
    pub output: OutputArgs,
}

/// A batch on its way.
pub struct Batch<'a> {
    context: &'a Context,
    ledger: Ledger<'a>,
    writer: Writer,
    /// Came, but it is not their turn yet.
    waiting: HashMap<ArxivId, Answer>,
    /// How many were told.
    next: usize,
    /// The reader of the output has seen enough.
    unread: bool,
}

/// What became of one identifier.
#[derive(Debug)]
pub enum Answer {
    /// Its record, from where it says.
    Found(Box<Paper>),
    /// Its record, from the library.
    Held(Box<Paper>),
    /// Its file: whether it came now or was there.
    File(Status, PathBuf),
    /// Why there is none.
    Failed(Status, String),
    /// Nothing is to be done for it; why.
    Skipped(String),
}

impl<'a> Batch<'a> {
    /// A batch of these identifiers, as records into this place.
    pub fn open(context: &'a Context, args: &BatchArgs, catalogs: &[Catalog]) -> Result<Self, Error> {
        let format = args.output.format()?.unwrap_or(Format::Text);
        let look = context.render_options(lookup::areas(catalogs), args.output.is_file());
        Self::through(context, args, catalogs, || args.output.open(format, look))
    }

    /// A batch of these identifiers, through this writer. Malformed ones are told at once.
    pub fn through(
        context: &'a Context,
        args: &BatchArgs,
        catalogs: &[Catalog],
        writer: impl FnOnce() -> Result<Writer, Error>,
    ) -> Result<Self, Error> {
        output::apart(args.output.place.output.as_deref(), args.which.ledger.as_deref())?;
        let asked = identifiers::identifiers(&args.which.ids, catalogs)?;
        let mut ledger = Ledger::of(context, asked, args.which.ledger.as_ref())?;
        let writer = writer()?;
        ledger.tell_malformed();
        Ok(Self {
            context,
            ledger,
            writer,
            waiting: HashMap::new(),
            next: 0,
            unread: false,
        })
    }

    /// Each valid identifier once, in the order asked.
    #[must_use]
    pub fn ids(&self) -> Vec<ArxivId> {
        self.ledger.ids()
    }

    /// The same but for those that arXiv deleted: what is known without arXiv is told without it, also offline.
    pub fn undeleted(&mut self) -> Result<Vec<ArxivId>, Error> {
        let mut ids = self.ledger.ids();
        let deleted = ids.extract_if(.., |id| id.deleted().is_some());
        let deleted: Vec<_> = deleted.filter_map(|id| Some((id, id.deleted()?))).collect();
        for (id, reason) in deleted {
            let _ = self.answer(id, Answer::Failed(Status::Deleted, lookup::deleted(reason)))?;
        }
        Ok(ids)
    }

    /// Takes an answer, and tells all whose turn has come. `Break` where nobody reads on.
    pub fn answer(&mut self, id: ArxivId, answer: Answer) -> Result<ControlFlow<()>, Error> {
        self.waiting.insert(id, answer);
        let before = self.next;
        while let Some(id) = self.ledger.id(self.next) {
            let Some(answer) = self.waiting.remove(&id) else {
                break;
            };
            self.next += 1;
            self.tell(id, answer)?;
        }
        if self.next > before {
            let flushed = self.writer.flush();
            self.read_on(flushed)?;
        }
        Ok(if self.unread {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }

    /// Ends the batch: what has no answer failed for this reason. Writes the ledger last.
    pub fn finish(mut self, failure: Option<&Error>) -> Result<Exit, Error> {
        let (status, why) = match failure {
            Some(error) if error.exit == Exit::Interrupted => (Status::Interrupted, "interrupted".to_owned()),
            Some(error) if error.exit == Exit::Local => (Status::Failed, error.message.clone()),
            Some(error) => (Status::Unavailable, error.message.clone()),
            None => (Status::Interrupted, "nobody reads on".to_owned()),
        };
        for id in self.ids() {
            if self.ledger.knows(id) {
                continue;
            }
            let answer = self
                .waiting
                .remove(&id)
                .unwrap_or_else(|| Answer::Failed(status, why.clone()));
            self.tell(id, answer)?;
        }
        if !self.unread {
            match self.writer.finish(failure.is_some()) {
                Err(error) if error.is_closed_pipe() => self.unread = true,
                other => other?,
            }
        }
        let exit = self.ledger.finish()?;
        if let Some(error) = failure {
            // The reason stands beside each identifier already; what to do stands here once.
            for hint in &error.hints {
                self.context.ui.hint(hint);
            }
        }
        // A reader that has seen enough is no failure.
        let exit = if self.unread { Exit::Done } else { exit };
        Ok(exit.max(failure.map_or(Exit::Done, |error| error.exit)))
    }

    fn tell(&mut self, id: ArxivId, answer: Answer) -> Result<(), Error> {
        match answer {
            Answer::Found(paper) => {
                let origin = paper.source.into();
                self.found(id, paper, origin)?;
            }
            Answer::File(status, path) => {
                if !self.unread {
                    let written = self.writer.line(path.as_os_str().as_encoded_bytes());
                    self.read_on(written)?;
                }
                self.ledger.file(id, status, &path);
            }
            Answer::Held(paper) => self.found(id, paper, Origin::Library)?,
            Answer::Skipped(why) => self.ledger.skipped(id, why),
            Answer::Failed(status, why) if self.unread => self.ledger.note_failed(id, status, why),
            Answer::Failed(status, why) => self.ledger.failed(id, status, why),
        }
        Ok(())
    }

    fn found(&mut self, id: ArxivId, mut paper: Box<Paper>, origin: Origin) -> Result<(), Error> {
        paper.asked = Some(id);
        if !self.unread {
            let written = self.writer.paper(&paper);
            self.read_on(written)?;
        }
        self.ledger.found(id, Some(origin), None);
        Ok(())
    }

    /// A closed pipe ends the printing, not the ledger.
    fn read_on(&mut self, written: Result<(), Error>) -> Result<(), Error> {
        match written {
            Err(error) if error.is_closed_pipe() => {
                self.unread = true;
                Ok(())
            }
            other => other,
        }
    }
}
