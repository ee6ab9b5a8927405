//! `import`: papers from files into the library or the mirror.

mod feed;
mod store;

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

use feed::Told;
use store::Store;

/// Put papers from files into the library
///
/// Files are told apart by what is in them: arxcat's own JSON and JSON Lines, the snapshot of all of arXiv that is
/// published on Kaggle (arxiv-metadata-oai-snapshot.json), Atom feeds and OAI-PMH answers of arXiv, and BibTeX, of which
/// the entries with an arXiv identifier go in and the others are listed. Each may be packed with gzip or zip.
///
/// A record that cannot be read is told with its file and line and left out, the exit code is 1, and the rest goes in.
/// An import that was interrupted goes on when it is run again.
///
/// `arxcat import --mirror --complete arxiv-metadata-oai-snapshot.json.zip` gets all of arXiv; `arxcat sync
/// --everything` goes on from there.
#[derive(clap::Args, Debug)]
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

/// How long a record that was read may wait to be stored.
const PATIENCE: Duration = Duration::from_millis(250);

/// The snapshot is made over days: so many before its last change, all of arXiv is surely in it.
const SURELY: Days = Days::new(7);

/// Why a file is not in.
enum Stop {
    /// The file's own fault: the others can go in.
    File(Error),
    /// Nothing more can be stored, or is to be.
    All(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::All(error)
    }
}

/// Imports.
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
    let mut store = Store::new(context, &catalogs, args.mirror, files);
    let mut exit = Exit::Done;
    let mut end = Ok(());
    for path in files {
        match file(context, args, path, &mut store, &interrupted) {
            Ok(()) => {}
            Err(Stop::File(error)) => {
                context.ui.error(&error);
                exit = exit.max(error.exit);
            }
            Err(Stop::All(error)) => {
                end = Err(error);
                break;
            }
        }
    }
    if end.is_ok() && args.complete && exit == Exit::Done {
        end = complete(context, &mut store);
    }
    context.ui.pause();
    store.summarize(exit != Exit::Done || end.is_err());
    end?;
    Ok(exit.max(store.exit()))
}

/// Puts one file in.
fn file(
    context: &Context,
    args: &Args,
    path: &Path,
    store: &mut Store<'_>,
    interrupted: &watch::Receiver<bool>,
) -> Result<(), Stop> {
    let told = feed::start(path, &store.begin(path));
    loop {
        if *interrupted.borrow() {
            return Err(Stop::All(interrupt(&told, store)?));
        }
        match told.recv_timeout(PATIENCE) {
            Ok(Told::InputFormat(InputFormat::Empty)) => {
                let name = feed::named(path);
                context.ui.note(&format!("{} is empty", name.display()));
            }
            Ok(Told::InputFormat(form)) if args.complete && !matches!(form, InputFormat::Kaggle(_)) => {
                return Err(Stop::File(not_kaggle(path)));
            }
            Ok(Told::InputFormat(_)) => {}
            Ok(Told::Batch(batch)) => store.take(batch)?,
            Ok(Told::Failed(error)) => {
                store.flush()?;
                return Err(Stop::File(error));
            }
            Ok(Told::Done) => {
                store.flush()?;
                return Ok(());
            }
            Err(RecvTimeoutError::Timeout) => store.flush()?,
            Err(RecvTimeoutError::Disconnected) => {
                store.flush()?;
                let name = feed::named(path);
                let message = format!("{}: reading it broke off", name.display());
                return Err(Stop::File(Error::new(Exit::Local, message)));
            }
        }
    }
}

/// Stores what was read by then.
fn interrupt(told: &Receiver<Told>, store: &mut Store<'_>) -> Result<Error, Error> {
    for _ in 0..feed::BATCHES {
        if let Ok(Told::Batch(batch)) = told.try_recv() {
            store.take(batch)?;
        }
    }
    store.flush()?;
    Ok(Error::new(Exit::Interrupted, "interrupted")
        .hint("what was read is stored; run the same command again to go on"))
}

fn not_kaggle(path: &Path) -> Error {
    let name = feed::named(path);
    Error::usage(format!(
        "{} is not the Kaggle snapshot, and only that can be complete",
        name.display()
    ))
    .hint(format!("`arxcat import {}` puts it in", name.display()))
}

/// Lets a harvest go on from where the snapshot ends: only where all of it went in.
fn complete(context: &Context, store: &mut Store<'_>) -> Result<(), Error> {
    if store.bad > 0 {
        context.ui.warn(
            "the mark of `arxcat sync --everything` is not moved: what could not be read would never be asked for; mend it and run the same command again",
        );
        return Ok(());
    }
    let day = store.newest.and_then(|newest| newest.checked_sub_days(SURELY));
    match day {
        Some(day) => {
            let day = store.checkpoint(day)?;
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
