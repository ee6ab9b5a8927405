//! `download`: the PDF, source or HTML of papers, into a folder.

pub(super) mod failure;
mod record_lookup;
mod selection;
mod target_dir;

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::app::arguments::{FreshnessArgs, OutputArgs, SelectionArgs};
use crate::app::collection::CollectionArgs;
use crate::app::ledger::IdArgs;
use crate::app::report::{BatchArgs, Report};
use crate::app::{Context, network, output, records};
use crate::arxiv::files::{self, FileRequest};
use crate::error::{Error, Exit};
use crate::format::{FileNameTemplate, Format};
use crate::lookup::{LocalRecords, Storage};
use crate::model::event::Event;
use crate::model::file_kind::FileKind;
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::Outcome;
use crate::model::paper::Paper;
use crate::net::{self, Client};

use self::target_dir::{Occupant, TargetDir};

/// Download papers: the PDF, or with --tex the source, with --html the web page
///
/// Prints the path of each file that is there at the end, in the order asked: `arxcat download ID | xargs open`. A
/// download that was cut off is gone on with by the next run; what is there already and intact is not asked for again,
/// whatever its name. What arXiv sends in place of a file is never saved as one.
#[derive(clap::Args, Debug)]
#[command(after_help = r#"Examples:
  arxcat download R1
  arxcat download 1706.03762 --tex -d sources
  arxcat list -L --tag reading -f ids | arxcat download --name "{author}-{year}""#)]
pub struct Args {
    /// Identifiers in any form, or short names of the catalog; `-` or none, without -L and -M: from stdin
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// The PDF; this is what is meant where nothing is said
    #[arg(long, conflicts_with_all = ["tex", "html"])]
    pub pdf: bool,
    /// The source: mostly TeX, in an archive
    #[arg(long, conflicts_with = "html")]
    pub tex: bool,
    /// The web page, where arXiv has one
    #[arg(long)]
    pub html: bool,
    /// The folder to put the files in, made where it is not there [default: the current one]
    #[arg(long, short, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// What files are called, of {id} {version} {author} {year} {title} [default: {id}v{version}]
    #[arg(long, value_name = "TEMPLATE")]
    pub name: Option<String>,
    /// Download what is there already, too, and put it in the place of a file of the same name
    #[arg(long)]
    pub force: bool,
    /// Write one JSON line for each input to this file: what was asked, and what became of it
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// How old a record may be that says which version is the newest
    #[command(flatten)]
    pub freshness: FreshnessArgs,
    /// Papers that are held here, in place of identifiers
    #[command(flatten)]
    pub collection: CollectionArgs,
    /// Which of them
    #[command(flatten)]
    pub selection: SelectionArgs,
}

impl Args {
    fn kind(&self) -> FileKind {
        match (self.tex, self.html) {
            (true, _) => FileKind::Tex,
            (_, true) => FileKind::Html,
            _ => FileKind::Pdf,
        }
    }

    fn template(&self) -> Result<FileNameTemplate, Error> {
        let Some(text) = self.name.as_deref() else {
            return Ok(FileNameTemplate::default());
        };
        text.parse().map_err(|bad: crate::format::TemplateError| {
            let parts: Vec<String> = FileNameTemplate::parts()
                .map(|part| format!("{{{part}}}"))
                .collect();
            Error::usage(format!("--name: {bad}"))
                .did_you_mean(&bad.nearest)
                .hint(format!(
                    "a name is made of {} and of letters, digits and - _ . + , = @; --dir chooses the folder",
                    parts.join(" ")
                ))
        })
    }
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let template = args.template()?;
    let catalogs = context.catalogs()?;
    let ids = match selection::ids(context, args)? {
        Some(selected) if selected.is_empty() => {
            // A ledger that was asked for is written, also without entries.
            return empty(args);
        }
        Some(selected) => selected,
        None => args.ids.clone(),
    };
    let batch = BatchArgs {
        which: IdArgs {
            ids,
            ledger: args.ledger.clone(),
        },
        output: OutputArgs::default(),
    };
    let mut report = Report::with_writer(context, &batch, &catalogs, || {
        batch
            .output
            .open(Format::Ids, context.render_options(Vec::new(), false))
    })?;
    let ids = report.undeleted()?;
    if ids.is_empty() {
        return report.finish(None);
    }
    let target = match TargetDir::open(context, args, template) {
        Ok(target) => target,
        Err(error) => return report.finish(Some(&error)),
    };
    let local = records::local(context, &catalogs, Some(&args.freshness), Storage::Mirror);
    let mut downloads = Downloads {
        context,
        args,
        report,
        target,
        local,
        records: HashMap::new(),
        lacking: HashSet::new(),
        nameless: Vec::new(),
        printed: HashSet::new(),
        done: 0,
        files: 0,
    };
    let failure = downloads.get(ids).unwrap_or_else(Some);
    downloads.report.finish(failure.as_ref())
}

/// Ends a run whose selection has no paper.
fn empty(args: &Args) -> Result<Exit, Error> {
    let ledger = args.ledger.as_deref();
    ledger.map_or(Ok(()), |path| output::replace(path, b""))?;
    Ok(Exit::Done)
}

/// A running batch of downloads.
struct Downloads<'a> {
    context: &'a Context,
    args: &'a Args,
    report: Report<'a>,
    target: TargetDir<'a>,
    local: LocalRecords<'a>,
    records: HashMap<ArxivId, Paper>,
    /// Identifiers whose record arXiv did not give.
    lacking: HashSet<ArxivId>,
    /// Identifiers that were downloaded without a record.
    nameless: Vec<ArxivId>,
    printed: HashSet<PathBuf>,
    /// Files that were requested so far, for the progress.
    done: u64,
    /// Files to request in all.
    files: u64,
}

impl Downloads<'_> {
    /// Downloads what is missing. Returns why arXiv did not give everything.
    ///
    /// # Errors
    ///
    /// Those of this machine, which end the run.
    fn get(&mut self, ids: Vec<ArxivId>) -> Result<Option<Error>, Error> {
        let mut open = Vec::new();
        for id in ids {
            self.recall(id)?;
            if !self.needs_no_request(id)? {
                open.push(id);
            }
        }
        if open.is_empty() {
            return Ok(None);
        }
        // Before anything is asked of arXiv, so that a run that could not store a file sends nothing.
        self.target.create()?;
        self.local.create_library()?;
        let failure = self.look_up_unknown(&open)?;
        // A failed lookup does not stop the files that need no record, or whose record came.
        open.retain(|id| !self.is_unknown(*id));
        let interrupted = failure
            .as_ref()
            .is_some_and(|error| error.exit == Exit::Interrupted);
        if open.is_empty() || interrupted {
            return Ok(failure);
        }
        self.files = open.len() as u64;
        let context = self.context;
        let done = network::run(context, async |client| Ok(self.each(client, open).await));
        let done = done.unwrap_or_else(|failure| Ok(Some(failure)))?;
        match done.or(failure) {
            None => self.look_up_nameless().or_else(|error| {
                // No identifier failed, since all files are there: the error is reported by itself.
                self.context.ui.error(&error);
                Ok(Some(Error::new(error.exit, error.message)))
            }),
            failure => Ok(failure),
        }
    }

    /// Downloads these files, one after the other. Returns why it stopped before the last.
    async fn each(&mut self, client: &Client, ids: Vec<ArxivId>) -> Result<Option<Error>, Error> {
        let (mut in_a_row, mut last) = (0, None);
        for id in ids {
            let (outcome, then) = match self.one(client, id).await {
                Ok(result) => result,
                Err(failure) => return Ok(Some(failure)),
            };
            self.done += 1;
            if self.record(id, outcome)?.is_break() {
                return Ok(None);
            }
            match then {
                None => in_a_row = 0,
                Some(AfterFailure::Stop(failure)) => return Ok(Some(failure)),
                Some(AfterFailure::Doubted(failure)) => {
                    in_a_row += 1;
                    if in_a_row == 2 {
                        return Ok(Some(failure));
                    }
                }
                Some(AfterFailure::GaveUp(failure)) => {
                    in_a_row += 1;
                    last = Some(failure);
                    // One failure may be due to the file; two in a row are due to arXiv.
                    if in_a_row == 2 {
                        break;
                    }
                }
            }
        }
        Ok(last)
    }

    /// The identifier with its version.
    fn versioned(&self, id: ArxivId) -> Option<ArxivId> {
        let version = id
            .version()
            .or_else(|| self.records.get(&id).and_then(|paper| paper.version));
        version.map(|version| id.with_version(version))
    }

    /// Records the outcome if it is known without a request: the file exists, its place is taken, or the paper was
    /// withdrawn. Returns whether it was known.
    fn needs_no_request(&mut self, id: ArxivId) -> Result<bool, Error> {
        let Some(versioned) = self.versioned(id) else {
            return Ok(false);
        };
        let paper = self.records.get(&id);
        let outcome = match self.target.occupant(self.local.library(), paper, versioned)? {
            Occupant::Intact(path) => Outcome::AlreadyDownloaded(path),
            _ if self.is_unknown(id) => return Ok(false),
            Occupant::Taken(reason) => Outcome::Failed(Status::Failed, reason),
            Occupant::Free => {
                match paper.and_then(|paper| failure::withdrawn(paper, versioned, self.args.kind())) {
                    Some(reason) => Outcome::Failed(Status::Withdrawn, reason),
                    None => return Ok(false),
                }
            }
        };
        let _ = self.record(id, outcome)?;
        Ok(true)
    }

    /// Records an outcome. A path that was printed is not printed again.
    fn record(&mut self, id: ArxivId, outcome: Outcome) -> Result<ControlFlow<()>, Error> {
        let outcome = match outcome.path() {
            Some(path) if !self.printed.insert(path.to_owned()) => {
                Outcome::Skipped(path.display().to_string())
            }
            _ => outcome,
        };
        self.report.record(id, outcome)
    }

    /// Downloads one file. Returns its outcome, and what a failure means for the rest.
    ///
    /// # Errors
    ///
    /// Those that end the run.
    async fn one(&mut self, client: &Client, id: ArxivId) -> Result<(Outcome, Option<AfterFailure>), Error> {
        let kind = self.args.kind();
        let Some(versioned) = self.versioned(id) else {
            let reason = "arXiv's record does not say which version it is".to_owned();
            return Ok((Outcome::Failed(Status::Unavailable, reason), None));
        };
        let paper = self.records.get(&id);
        // The version is known only now, and the file may have arrived under another spelling of the identifier.
        match self.target.occupant(self.local.library(), paper, versioned)? {
            Occupant::Intact(path) => return Ok((Outcome::AlreadyDownloaded(path), None)),
            Occupant::Taken(reason) => return Ok((Outcome::Failed(Status::Failed, reason), None)),
            Occupant::Free => {}
        }
        if let Some(reason) = paper.and_then(|paper| failure::withdrawn(paper, versioned, kind)) {
            return Ok((Outcome::Failed(Status::Withdrawn, reason), None));
        }
        let request = FileRequest {
            base: &self.context.settings.files_url,
            id: versioned,
            kind,
            folder: self.target.folder(),
        };
        let name = format!("{}.{kind}", versioned.file_stem());
        let (number, files) = (self.done + 1, self.files);
        let progress = |done, total| {
            client.emit(Event::File {
                name: name.clone(),
                done,
                total,
                number,
                files,
            });
        };
        let placed = match files::download(client, request, progress).await {
            Ok(whole) => {
                let library = self.local.create_library()?;
                self.target.put(library, whole, paper, versioned)?
            }
            Err(error) => Err(error),
        };
        Ok(match placed {
            Ok(path) => {
                if !self.records.contains_key(&id) && !self.lacking.contains(&id) {
                    self.nameless.push(id);
                }
                (Outcome::Downloaded(path), None)
            }
            Err(files::Error::Http(net::Error::Interrupted)) => {
                return Err(Error::new(Exit::Interrupted, "interrupted")
                    .hint("what came is kept: run the same command again to go on with it"));
            }
            Err(error) => failure::failed(error, paper, versioned, kind),
        })
    }
}

/// What the failure of one file means for the rest.
enum AfterFailure {
    /// No further request is sent.
    Stop(Error),
    /// arXiv did not answer. The next file is tried; if that fails in the same way, no further request is sent.
    GaveUp(Error),
    /// arXiv forbade this file. The same holds, but a single such failure is no failure of arXiv.
    Doubted(Error),
}
