//! `check`: whether the arXiv references in documents are true.

mod document;
mod duplicates;
mod facts;
mod ignore_comments;
mod judge;
mod known;
mod online_search;
mod patch;
mod report;

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::PathBuf;

use chrono::Datelike;
use clap::ValueEnum;

use crate::app::arguments::{FreshnessArgs, PlaceArgs};
use crate::app::records::{self, BESIDES, Policy};
use crate::app::{Context, network};
use crate::error::{Error, Exit};
use crate::lookup::{LocalRecords, Storage};
use crate::model::finding::{Finding, Verdict};
use crate::model::id::ArxivId;
use crate::model::tex::to_plain_text;
use crate::model::text;
use crate::refs::document::{Claim, Reference};

use self::document::SourceDocument;
use self::duplicates::DuplicateEntries;
use self::judge::Unanswered;
use self::known::KnownPapers;
use self::online_search::OnlineSearches;

/// Check whether the arXiv references in documents are true
///
/// Compares what a document says about each paper it cites (title, authors, year, or the whole list item, row or entry)
/// with the record. Faults (exit 1): wrong paper, differs, not found, malformed, unreadable, withdrawn, deleted; with
/// --strict also superseded, published and not found here. Notes: found, duplicate, unclaimed. Undecided is exit 3:
/// arXiv would have to be asked.
///
/// Records that are not fresh on this machine come from arXiv in batches of 200; if it cannot be asked, the library and
/// the catalogs decide, however old their records. References without an identifier are looked up by title in the
/// library, the mirror and the catalogs; --all searches arXiv too. Only identifiers are sent; with --all, the claimed
/// titles of references without one are sent as well. Columns are in bytes, counted from 1.
///
/// A comment silences a finding, at the end of its line or alone on the line above (in BibTeX: above the entry):
/// `% arxcat: ignore[wrong-paper] the reason, which is required`. Several verdicts are separated by commas; in Markdown
/// and HTML the comment is `<!-- ... -->`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat check refs.bib
  arxcat check --all draft.md
  arxcat check --diff refs.bib | patch -p0")]
pub struct Args {
    /// BibTeX, TeX, Markdown, HTML or plain text; `-`: stdin
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Look up references without an identifier by title; their claimed titles are sent to arXiv
    #[arg(long)]
    pub all: bool,
    /// Most titles to search arXiv for with --all
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub max_searches: usize,
    /// Exit 1 also for superseded, published and not found here
    #[arg(long)]
    pub strict: bool,
    /// Exit 0 although references stayed undecided because arXiv could not be asked
    #[arg(long)]
    pub allow_undecided: bool,
    /// Print all findings: also ok, unclaimed, not found here, and those that a comment silences
    #[arg(long)]
    pub every: bool,
    /// Print a patch for `git apply` that corrects what is certain
    #[arg(long, conflicts_with_all = ["format", "json", "jsonl"])]
    pub diff: bool,
    /// Format
    #[arg(long, short, value_name = "FORMAT", default_value = "text")]
    pub format: FormatArg,
    /// Short for --format json
    #[arg(long, conflicts_with_all = ["format", "jsonl"])]
    pub json: bool,
    /// Short for --format jsonl
    #[arg(long, conflicts_with = "format")]
    pub jsonl: bool,
    /// Where to
    #[command(flatten)]
    pub place: PlaceArgs,
    /// How old an answer may be
    #[command(flatten)]
    pub freshness: FreshnessArgs,
}

/// How findings are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum FormatArg {
    /// One line each, as a compiler's: file, line, column, verdict, message
    Text,
    /// An array of findings, those that are right too
    Json,
    /// One finding a line
    Jsonl,
    /// GitHub's workflow commands: annotations of a pull request
    Github,
}

/// Columns of a title that a message shows; longer ones are cut.
const MAX_TITLE_WIDTH: usize = 120;

/// A reference with its document, and what was found.
struct Checked<'a> {
    document: &'a SourceDocument,
    reference: &'a Reference,
    finding: Finding,
    /// Whether a comment of the document silences the finding, so that it is no fault and is printed only by `--every`.
    is_silenced: bool,
}

impl<'a> Checked<'a> {
    fn new(document: &'a SourceDocument, reference: &'a Reference, mut finding: Finding) -> Self {
        let reason = document.ignore_reason(reference, finding.verdict);
        if let Some(reason) = reason {
            finding.message = format!("{} (ignored: {reason})", finding.message);
        }
        Self {
            document,
            reference,
            finding,
            is_silenced: reason.is_some(),
        }
    }
}

/// Checks.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.diff {
        args.files.iter().try_for_each(|path| patch::check_path(path))?;
    }
    let output = args.place.open()?;
    let catalogs = context.catalogs()?;
    let (documents, mut exit) = read(context, &args.files);
    let mut known = KnownPapers::new(&catalogs);
    let mut searches = OnlineSearches::default();
    let mut local = records::local(context, &catalogs, Some(&args.freshness), Storage::ExistingMirror);
    if let Some(library) = local.library() {
        let claims = documents.iter().flat_map(claims);
        let progress = &mut |event| context.ui.observe(&event);
        if let Err(error) = known.look_up_titles(library, claims, progress) {
            let error = Error::from(error);
            context.ui.error(&error);
            exit = exit.max(error.exit);
        }
    }
    let failure = look_up(context, args, &mut local, &documents, &mut known, &mut searches).err();
    exit = exit.max(records::report_library_errors(context, &local, false));
    let checked = judged(context, args, &documents, &known, &searches, failure.is_some());
    let count = |verdict: Verdict| {
        checked
            .iter()
            .filter(|one| one.finding.verdict == verdict && !one.is_silenced)
            .count()
    };
    if checked
        .iter()
        .any(|one| !one.is_silenced && report::is_wrong(one.finding.verdict, args.strict))
    {
        exit = exit.max(Exit::Partly);
    }
    let undecided = count(Verdict::Undecided);
    let interrupted = failure
        .as_ref()
        .is_some_and(|error| error.exit == Exit::Interrupted);
    report::write(context, args, &checked, interrupted, output)?;
    if let Some(error) = &failure {
        report::failure(context, error, undecided > 0);
        if error.exit > Exit::Unreachable {
            exit = exit.max(error.exit);
        }
    }
    if undecided > 0 && !args.allow_undecided {
        exit = exit.max(Exit::Unreachable);
    }
    report::summary(context, &documents, &checked, searches.count());
    Ok(exit)
}

/// The documents that can be read; each that cannot is reported, and the rest goes on.
fn read(context: &Context, files: &[PathBuf]) -> (Vec<SourceDocument>, Exit) {
    let mut exit = Exit::Done;
    let mut documents = Vec::new();
    let mut seen = HashSet::new();
    for path in files.iter().filter(|path| seen.insert(*path)) {
        match SourceDocument::read(path) {
            Ok(document) => {
                for line in document.ignores_without_reason() {
                    let name = &document.name;
                    context.ui.warn(&format!(
                        "{name}:{line}: a comment that ignores a finding needs a reason"
                    ));
                }
                documents.push(document);
            }
            Err(error) => {
                context.ui.error(&error);
                exit = exit.max(error.exit);
            }
        }
    }
    (documents, exit)
}

/// Gets the record of every paper that is cited, each once and without a version: the newest tells whether a version
/// exists and what became of the paper since. The catalog's papers are requested too; only arXiv knows what is new.
fn look_up(
    context: &Context,
    args: &Args,
    local: &mut LocalRecords<'_>,
    documents: &[SourceDocument],
    known: &mut KnownPapers<'_>,
    searches: &mut OnlineSearches,
) -> Result<(), Error> {
    let offline = context.settings.offline;
    known.silence = if offline {
        "its record is not here, and --offline forbids asking arXiv"
    } else {
        "its record is not here, and arXiv did not answer"
    };
    let ids = cited(documents);
    let learn = |known: &mut KnownPapers<'_>, id, outcome| {
        known.learn(id, outcome);
        Ok(ControlFlow::Continue(()))
    };
    let ids = records::look_up_locally(context, local, Policy::IfStale(BESIDES), &ids, |id, outcome| {
        learn(known, id, outcome)
    })?;
    let titles = || documents.iter().flat_map(without_identifier).filter(|_| args.all);
    if offline || ids.is_empty() && titles().next().is_none() {
        return Ok(());
    }
    let answered = network::run(context, async |client| {
        let learn = |id, outcome| learn(known, id, outcome);
        let fetched = records::fetch_with(context, client, local, BESIDES, &ids, learn).await?;
        if let Some(failure) = fetched.failure.or(fetched.unanswered_by_arxiv) {
            return Err(failure);
        }
        let arxiv = records::arxiv(context, client);
        searches.run(&arxiv, titles(), known, args.max_searches).await
    });
    local.store(&std::mem::take(&mut searches.records), &[]);
    answered
}

fn cited(documents: &[SourceDocument]) -> Vec<ArxivId> {
    let mut seen = HashSet::new();
    let references = documents.iter().flat_map(|document| &document.references);
    let ids = references.filter_map(|reference| reference.id.as_ref()?.as_ref().ok());
    ids.map(|id| id.base())
        .filter(|id| id.deleted().is_none() && seen.insert(*id))
        .collect()
}

fn claims(document: &SourceDocument) -> impl Iterator<Item = &Claim> {
    document.references.iter().map(|reference| &reference.claim)
}

/// The claims of references without an identifier.
fn without_identifier(document: &SourceDocument) -> impl Iterator<Item = &Claim> {
    let without = document
        .references
        .iter()
        .filter(|reference| reference.id.is_none());
    without.map(|reference| &reference.claim)
}

/// The findings of all documents, in order. A reference without an identifier is judged by its title if there is a
/// library, or with `--all`.
fn judged<'a>(
    context: &Context,
    args: &Args,
    documents: &'a [SourceDocument],
    known: &KnownPapers<'_>,
    searches: &OnlineSearches,
    failed: bool,
) -> Vec<Checked<'a>> {
    let year = context.today().year();
    let mut checked = Vec::new();
    for document in documents {
        let mut entries = DuplicateEntries::default();
        for reference in &document.references {
            let unanswered = || match () {
                () if !args.all => None,
                () if context.settings.offline => {
                    Some(Unanswered::NotAsked("--offline forbids asking arXiv"))
                }
                () if searches.has(&reference.claim) => Some(Unanswered::NoSuchTitle),
                () if failed => Some(Unanswered::NotAsked("arXiv did not answer")),
                () => None,
            };
            let by_title = || {
                (known.searched.is_some() || args.all)
                    .then(|| judge::judge_by_title(document, reference, known, unanswered().as_ref()))
            };
            let finding = judge::judge(document, reference, known).or_else(by_title);
            let finding = judge::in_future(document, reference, finding, year);
            if let Some(finding) = finding {
                let finding = entries.mark(document, reference, finding);
                checked.push(Checked::new(document, reference, finding));
            }
        }
        let unreadable = document.unreadable.iter().map(|(reference, reason)| {
            let finding = judge::unreadable(document, reference, reason);
            Checked::new(document, reference, finding)
        });
        checked.extend(unreadable);
    }
    checked
}

/// Returns a title as a person reads it, in quotes.
fn quoted(title: &str) -> String {
    let readable = text::fold_whitespace(&to_plain_text(title));
    format!("\"{}\"", text::truncate(&readable, MAX_TITLE_WIDTH))
}
