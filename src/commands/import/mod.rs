//! `import`: papers from files into the library or the mirror.

mod batch;
mod bibliography;
mod feed;
mod sink;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use chrono::Days;
use tokio::sync::watch;

use crate::app::{Context, interrupt};
use crate::error::{Error, Exit};
use crate::read::InputFormat;

use feed::FeedMessage;
use sink::ImportSink;

/// Put papers from files into the library
///
/// Files are told apart by their contents: arxcat's own JSON and JSON Lines, the snapshot of all of arXiv that is
/// published on Kaggle (arxiv-metadata-oai-snapshot.json), Atom feeds and OAI-PMH answers of arXiv, and BibTeX, of which
/// the entries with an arXiv identifier go in and the others are listed. Each may be packed with gzip or zip.
///
/// A record that cannot be read is reported with its file and line and left out, the exit code is 1, and the rest goes in.
/// An import that was interrupted goes on when it is run again.
///
/// `arxcat import --mirror --complete arxiv-metadata-oai-snapshot.json.zip` gets all of arXiv; `arxcat sync
/// --everything` goes on from there.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat import refs.bib
  arxcat import --mirror arxiv-metadata-oai-snapshot.json")]
pub struct Args {
    /// The files; `-` is stdin, and so is no file
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Put them only into the mirror, to be searched, and keep none
    #[arg(long)]
    pub mirror: bool,
    /// These Kaggle files are all of arXiv up to their day: `sync --everything` goes on from there
    #[arg(long)]
    pub complete: bool,
}

/// Longest time that a parsed record waits to be stored, so that a slow pipe does not hold records back.
const MAX_QUEUE_TIME: Duration = Duration::from_millis(250);

/// The snapshot is made over several days: everything older than its last change by this much is certainly in it.
const SNAPSHOT_DURATION: Days = Days::new(7);

/// Why an import stopped.
enum ImportError {
    /// The file is at fault; other files can still be imported.
    File(Error),
    /// Nothing more can or should be stored.
    All(Error),
}

impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        Self::All(error)
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.files.is_empty() && io::stdin().is_terminal() {
        return Err(Error::usage("no file given")
            .hint("for example `arxcat import papers.jsonl`, or `zcat dump.jsonl.gz | arxcat import -`"));
    }
    let stdin = [PathBuf::from("-")];
    let files = match args.files.as_slice() {
        [] => &stdin,
        files => files,
    };
    let interrupted = interrupt::listen(Arc::clone(&context.ui.prompting))
        .map_err(|error| Error::new(Exit::Local, format!("cannot listen for Ctrl-C: {error}")))?;
    let catalogs = context.catalogs()?;
    let mut sink = ImportSink::new(context, &catalogs, args.mirror, files);
    let mut exit = Exit::Done;
    let mut end = Ok(());
    for path in files {
        match file(context, args, path, &mut sink, &interrupted) {
            Ok(()) => {}
            Err(ImportError::File(error)) => {
                context.ui.error(&error);
                exit = exit.max(error.exit);
            }
            Err(ImportError::All(error)) => {
                end = Err(error);
                break;
            }
        }
    }
    if end.is_ok() && args.complete && exit == Exit::Done {
        end = complete(context, &mut sink);
    }
    context.ui.pause();
    sink.summarize(exit != Exit::Done || end.is_err());
    end?;
    Ok(exit.max(sink.exit()))
}

/// Imports one file.
fn file(
    context: &Context,
    args: &Args,
    path: &Path,
    sink: &mut ImportSink<'_>,
    interrupted: &watch::Receiver<bool>,
) -> Result<(), ImportError> {
    let messages = feed::start(path, &sink.begin(path));
    loop {
        if *interrupted.borrow() {
            return Err(ImportError::All(interrupt(&messages, sink)?));
        }
        match messages.recv_timeout(MAX_QUEUE_TIME) {
            Ok(FeedMessage::InputFormat(InputFormat::Empty)) => {
                let name = feed::display_name(path);
                context.ui.note(&format!("{} is empty", name.display()));
            }
            Ok(FeedMessage::InputFormat(form))
                if args.complete && !matches!(form, InputFormat::Kaggle(_)) =>
            {
                return Err(ImportError::File(not_kaggle(path)));
            }
            Ok(FeedMessage::InputFormat(_)) => {}
            Ok(FeedMessage::Warning(text)) => {
                let name = feed::display_name(path);
                context.ui.warn(&format!("{}: {text}", name.display()));
            }
            Ok(FeedMessage::Batch(batch)) => sink.take(batch)?,
            Ok(FeedMessage::Failed(error)) => {
                sink.flush()?;
                return Err(ImportError::File(error));
            }
            Ok(FeedMessage::Done) => {
                sink.flush()?;
                return Ok(());
            }
            Err(RecvTimeoutError::Timeout) => sink.flush()?,
            Err(RecvTimeoutError::Disconnected) => {
                sink.flush()?;
                let name = feed::display_name(path);
                let message = format!("{}: reading it broke off", name.display());
                return Err(ImportError::File(Error::new(Exit::Local, message)));
            }
        }
    }
}

/// Stores what has been read when the user interrupts.
fn interrupt(messages: &Receiver<FeedMessage>, sink: &mut ImportSink<'_>) -> Result<Error, Error> {
    for _ in 0..feed::BATCHES {
        if let Ok(FeedMessage::Batch(batch)) = messages.try_recv() {
            sink.take(batch)?;
        }
    }
    sink.flush()?;
    Ok(Error::new(Exit::Interrupted, "interrupted")
        .hint("what was read is stored; run the same command again to go on"))
}

fn not_kaggle(path: &Path) -> Error {
    let name = feed::display_name(path);
    Error::usage(format!(
        "{} is not the Kaggle snapshot, and only that can be complete",
        name.display()
    ))
    .hint(format!("`arxcat import {}` puts it in", name.display()))
}

/// Moves the harvest checkpoint to the end of the snapshot, if all of it was imported.
fn complete(context: &Context, sink: &mut ImportSink<'_>) -> Result<(), Error> {
    if sink.bad > 0 {
        context.ui.warn(
            "the mark of `arxcat sync --everything` is not moved: what could not be read would never be asked for; mend it and run the same command again",
        );
        return Ok(());
    }
    let day = sink
        .newest
        .and_then(|newest| newest.checked_sub_days(SNAPSHOT_DURATION));
    match day {
        Some(day) => {
            let day = sink.checkpoint(day)?;
            context
                .ui
                .note(&format!("`arxcat sync --everything` goes on from {day}"));
        }
        None => context
            .ui
            .warn("the mark of `arxcat sync --everything` is not moved: no record says when it was changed"),
    }
    Ok(())
}
