//! A batch of identifiers: found ones on stdout in the order asked, failed ones on stderr, all in the ledger.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::catalog::Catalog;
use crate::commands::args::OutputArgs;
use crate::commands::input::Asked;
use crate::commands::output::{self, Output, Writer};
use crate::commands::{Context, input};
use crate::error::{Error, Exit};
use crate::format::{self, Format};
use crate::lookup;
use crate::model::id::ArxivId;
use crate::model::ledger::{Line, Status};
use crate::model::paper::{Paper, Source};

/// Which papers, and where what is found of them goes.
#[derive(clap::Args, Debug)]
pub struct BatchArgs {
    /// Identifiers in any form, or short names of the catalog; `-` or none: from stdin
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Write one JSON line for each input to this file: what was asked, and what became of it
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    #[command(flatten)]
    pub output: OutputArgs,
}

/// A batch on its way.
pub struct Batch<'a> {
    context: &'a Context,
    writer: Writer,
    ledger: Option<Output>,
    asked: Vec<Asked>,
    /// Each valid identifier once, at its first place.
    order: Vec<ArxivId>,
    /// Came, but it is not their turn yet.
    waiting: HashMap<ArxivId, Answer>,
    told: HashMap<ArxivId, Told>,
    /// How many of `order` were told.
    next: usize,
    exit: Exit,
    /// The reader of the output has seen enough.
    unread: bool,
}

/// What became of one identifier.
#[derive(Debug)]
pub enum Answer {
    /// Its record.
    Found(Box<Paper>),
    /// Why there is none.
    Failed(Status, String),
    /// Nothing is to be done for it; why.
    Skipped(String),
}

/// What the ledger needs of an answer.
struct Told {
    status: Status,
    source: Option<Source>,
    message: Option<String>,
}

impl<'a> Batch<'a> {
    /// A batch of these identifiers, as records into this place.
    pub fn open(context: &'a Context, args: &BatchArgs, catalogs: &[Catalog]) -> Result<Self, Error> {
        let format = args.output.format()?.unwrap_or(Format::Text);
        let look = context.look(lookup::areas(catalogs), args.output.is_file());
        Self::through(context, args, catalogs, || args.output.open(format, look))
    }

    /// A batch of these identifiers, through this writer. Malformed ones are told at once.
    pub fn through(
        context: &'a Context,
        args: &BatchArgs,
        catalogs: &[Catalog],
        writer: impl FnOnce() -> Result<Writer, Error>,
    ) -> Result<Self, Error> {
        output::apart(args.output.place.output.as_deref(), args.ledger.as_deref())?;
        let asked = input::identifiers(&args.ids, catalogs)?;
        let ledger = args
            .ledger
            .as_deref()
            .map(|path| Output::open(Some(path), true))
            .transpose()?;
        let writer = writer()?;
        let order = input::valid(&asked);
        let mut exit = Exit::Done;
        for why in asked.iter().filter_map(|asked| asked.id.as_ref().err()) {
            context.ui.failed(why);
            exit = if order.is_empty() {
                Exit::Usage
            } else {
                Exit::Partly
            };
        }
        if asked.is_empty() {
            context.ui.note("no identifiers came on stdin");
        }
        Ok(Self {
            context,
            writer,
            ledger,
            asked,
            order,
            waiting: HashMap::new(),
            told: HashMap::new(),
            next: 0,
            exit,
            unread: false,
        })
    }

    /// Each valid identifier once, in the order asked.
    pub fn ids(&self) -> Vec<ArxivId> {
        self.order.clone()
    }

    /// Takes an answer, and tells all whose turn has come. `Break` where nobody reads on.
    pub fn answer(&mut self, id: ArxivId, answer: Answer) -> Result<ControlFlow<()>, Error> {
        self.waiting.insert(id, answer);
        let before = self.next;
        while let Some(id) = self.order.get(self.next).copied() {
            let Some(answer) = self.waiting.remove(&id) else {
                break;
            };
            self.next += 1;
            let told = self.tell(id, answer)?;
            self.told.insert(id, told);
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
            Some(error) => (Status::Unavailable, error.message.clone()),
            None => (Status::Interrupted, "nobody reads on".to_owned()),
        };
        for id in self.order.clone() {
            if self.told.contains_key(&id) {
                continue;
            }
            let answer = self
                .waiting
                .remove(&id)
                .unwrap_or_else(|| Answer::Failed(status, why.clone()));
            let told = if self.unread {
                self.note(answer)
            } else {
                self.tell(id, answer)?
            };
            self.told.insert(id, told);
        }
        let lines: Vec<Line> = self.lines().collect();
        let Self {
            context,
            writer,
            ledger,
            exit,
            mut unread,
            ..
        } = self;
        if !unread {
            match writer.finish(failure.is_some()) {
                Err(error) if error.is_closed_pipe() => unread = true,
                other => other?,
            }
        }
        if let Some(ledger) = ledger {
            write_ledger(ledger, &lines)?;
        }
        if let Some(error) = failure {
            // The reason stands beside each identifier already; what to do stands here once.
            for hint in &error.hints {
                context.ui.hint(hint);
            }
        }
        // A reader that has seen enough is no failure.
        let exit = if unread { Exit::Done } else { exit };
        Ok(exit.max(failure.map_or(Exit::Done, |error| error.exit)))
    }

    fn tell(&mut self, id: ArxivId, answer: Answer) -> Result<Told, Error> {
        match answer {
            Answer::Found(mut paper) => {
                paper.asked = Some(id);
                let written = if self.unread {
                    Ok(())
                } else {
                    self.writer.paper(&paper)
                };
                self.read_on(written)?;
                Ok(self.note(Answer::Found(paper)))
            }
            skipped @ Answer::Skipped(_) => Ok(self.note(skipped)),
            Answer::Failed(status, why) => {
                self.context.ui.failed(&format!("{id}: {why}"));
                Ok(self.note(Answer::Failed(status, why)))
            }
        }
    }

    fn note(&mut self, answer: Answer) -> Told {
        match answer {
            Answer::Found(paper) => Told {
                status: Status::Found,
                source: Some(paper.source),
                message: None,
            },
            Answer::Skipped(why) => Told {
                status: Status::Skipped,
                source: None,
                message: Some(why),
            },
            Answer::Failed(status, why) => {
                self.exit = self.exit.max(exit_of(status));
                Told {
                    status,
                    source: None,
                    message: Some(why),
                }
            }
        }
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

fn write_ledger(mut ledger: Output, lines: &[Line]) -> Result<(), Error> {
    let place = ledger.place();
    for line in lines {
        format::ledger_line(line, &mut ledger).map_err(|error| place.error(&error))?;
    }
    ledger.commit()
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
