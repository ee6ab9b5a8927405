//! `check`: whether the arXiv references in documents are true.

mod document;
mod facts;
mod judge;
mod patch;
mod titles;

use std::collections::HashSet;
use std::io;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::app::arguments::{FreshnessArgs, PlaceArgs};
use crate::app::output::{self, Output};
use crate::app::records::{self, BESIDES, Policy};
use crate::app::{Context, network};
use crate::error::{Error, Exit};
use crate::format::{self, Diagnostic, Format, Severity};
use crate::lookup::{LocalRecords, Storage};
use crate::model::finding::{Finding, Verdict};
use crate::model::id::ArxivId;
use crate::model::quantity::counted;
use crate::refs::document::{Claim, Reference};

use self::document::Document;
use self::judge::Known;
use self::titles::Titles;

/// Check whether the arXiv references in documents are true
///
/// Holds what a document says of each paper it cites (title, authors, year) against the record: wrong paper, not
/// found, malformed, differs, withdrawn, deleted (exit 1), superseded, published (exit 1 with --strict), undecided
/// (exit 3). Records that are not held fresh come from arXiv in batches of 200; where it cannot be asked, what the
/// library and the catalog hold decides. Only identifiers are sent; with --all, the claimed titles of references
/// without one are sent to arXiv too. Columns are in bytes, counted from 1.
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
    /// With --all, search for at most so many titles
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub max_searches: usize,
    /// Exit 1 also for what is superseded or published
    #[arg(long)]
    pub strict: bool,
    /// Exit 0 although references stayed undecided because arXiv could not be asked
    #[arg(long)]
    pub allow_undecided: bool,
    /// Print what is right, and what nothing is said of, as well
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

/// A reference with its document, and what was found.
struct Checked<'a> {
    document: &'a Document,
    reference: &'a Reference,
    finding: Finding,
}

/// Checks.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.diff {
        args.files.iter().try_for_each(|path| patch::check_path(path))?;
    }
    let output = args.place.open()?;
    let catalogs = context.catalogs()?;
    let (documents, mut exit) = read(context, &args.files);
    let mut known = Known::new(&catalogs);
    let mut titles = Titles::default();
    let mut here = records::local(context, &catalogs, Some(&args.freshness), Storage::ExistingMirror);
    let failure = ask(context, args, &mut here, &documents, &mut known, &mut titles).err();
    exit = exit.max(records::report_library_errors(context, &here, false));
    let checked = judged(&documents, &known, args.all.then_some(&titles));
    let count = |verdict: Verdict| {
        checked
            .iter()
            .filter(|one| one.finding.verdict == verdict)
            .count()
    };
    if checked
        .iter()
        .any(|one| is_wrong(one.finding.verdict, args.strict))
    {
        exit = exit.max(Exit::Partly);
    }
    let undecided = count(Verdict::Undecided);
    let interrupted = failure
        .as_ref()
        .is_some_and(|error| error.exit == Exit::Interrupted);
    write(context, args, &checked, interrupted, output)?;
    if let Some(error) = &failure {
        tell(context, error, undecided > 0);
        if error.exit > Exit::Unreachable {
            exit = exit.max(error.exit);
        }
    }
    let unsearched = failure.is_some() && args.all && documents.iter().flat_map(nameless).next().is_some();
    if (undecided > 0 || unsearched) && !args.allow_undecided {
        exit = exit.max(Exit::Unreachable);
    }
    summarise(context, &documents, &checked, args.all.then_some(&titles));
    Ok(exit)
}

/// The documents that can be read; each that cannot is told, and the rest goes on.
fn read(context: &Context, files: &[PathBuf]) -> (Vec<Document>, Exit) {
    let mut exit = Exit::Done;
    let mut documents = Vec::new();
    let mut seen = HashSet::new();
    for path in files.iter().filter(|path| seen.insert(*path)) {
        match Document::read(path) {
            Ok(document) => documents.push(document),
            Err(error) => {
                context.ui.error(&error);
                exit = exit.max(error.exit);
            }
        }
    }
    (documents, exit)
}

/// Gets the record of every paper that is cited, each once and without a version: the newest tells whether a version
/// exists and what became of the paper since. The catalog's papers are asked for too; only arXiv knows what is new.
fn ask(
    context: &Context,
    args: &Args,
    here: &mut LocalRecords<'_>,
    documents: &[Document],
    known: &mut Known<'_>,
    titles: &mut Titles,
) -> Result<(), Error> {
    let offline = context.settings.offline;
    known.silence = if offline {
        "its record is not here, and --offline forbids asking arXiv"
    } else {
        "its record is not here, and arXiv did not answer"
    };
    let ids = cited(documents);
    let learn = |known: &mut Known<'_>, id, outcome| {
        known.learn(id, outcome);
        Ok(ControlFlow::Continue(()))
    };
    let ids = records::look_up_locally(context, here, Policy::IfStale(BESIDES), &ids, |id, outcome| {
        learn(known, id, outcome)
    })?;
    let nameless = || documents.iter().flat_map(nameless).filter(|_| args.all);
    if offline || ids.is_empty() && nameless().next().is_none() {
        return Ok(());
    }
    let asked = network::run(context, async |client| {
        let learn = |id, outcome| learn(known, id, outcome);
        let fetched = records::fetch_with(context, client, here, BESIDES, &ids, learn).await?;
        if let Some(failure) = fetched.failure {
            return Err(failure);
        }
        let arxiv = records::arxiv(context, client);
        titles.search(&arxiv, nameless(), known, args.max_searches).await
    });
    here.store(&std::mem::take(&mut titles.came), &[]);
    asked
}

fn cited(documents: &[Document]) -> Vec<ArxivId> {
    let mut seen = HashSet::new();
    let references = documents.iter().flat_map(|document| &document.references);
    let ids = references.filter_map(|reference| reference.id.as_ref()?.as_ref().ok());
    ids.map(|id| id.base())
        .filter(|id| id.deleted().is_none() && seen.insert(*id))
        .collect()
}

/// What is claimed of references without an identifier.
fn nameless(document: &Document) -> impl Iterator<Item = &Claim> {
    let without = document
        .references
        .iter()
        .filter(|reference| reference.id.is_none());
    without.map(|reference| &reference.claim)
}

fn judged<'a>(documents: &'a [Document], known: &Known<'_>, titles: Option<&Titles>) -> Vec<Checked<'a>> {
    let mut checked = Vec::new();
    for document in documents {
        for reference in &document.references {
            let by_title = || {
                let paper = titles
                    .filter(|_| reference.id.is_none())?
                    .paper(&reference.claim, known)?;
                Some(judge::found(document, reference, paper))
            };
            if let Some(finding) = judge::judge(document, reference, known).or_else(by_title) {
                checked.push(Checked {
                    document,
                    reference,
                    finding,
                });
            }
        }
    }
    checked
}

fn is_wrong(verdict: Verdict, strict: bool) -> bool {
    verdict.is_fault() || strict && matches!(verdict, Verdict::Superseded | Verdict::Published)
}

fn level(verdict: Verdict, strict: bool) -> Severity {
    match verdict {
        _ if is_wrong(verdict, strict) => Severity::Error,
        Verdict::Superseded | Verdict::Published | Verdict::Undecided => Severity::Warning,
        _ => Severity::Note,
    }
}

fn write(
    context: &Context,
    args: &Args,
    checked: &[Checked<'_>],
    interrupted: bool,
    mut output: Output,
) -> Result<(), Error> {
    let place = output.place();
    let look = context.render_options(Vec::new(), matches!(place, output::Place::File { .. }));
    let is_shown = |verdict: Verdict| match verdict {
        Verdict::Ok | Verdict::Unclaimed => args.every,
        Verdict::Undecided => !interrupted,
        _ => true,
    };
    let findings = || checked.iter().map(|one| one.finding.clone()).collect::<Vec<_>>();
    let diagnostics = || -> Vec<Diagnostic<'_>> {
        let shown = checked.iter().filter(|one| is_shown(one.finding.verdict));
        let diagnostic = |one| diagnostic(one, args.strict);
        shown.map(diagnostic).collect()
    };
    let written = match args.format {
        _ if args.diff => diff(context, checked, &mut output),
        _ if args.json => format::findings(Format::Json, &findings(), &look, &mut output),
        _ if args.jsonl => format::findings(Format::Jsonl, &findings(), &look, &mut output),
        FormatArg::Json => format::findings(Format::Json, &findings(), &look, &mut output),
        FormatArg::Jsonl => format::findings(Format::Jsonl, &findings(), &look, &mut output),
        FormatArg::Github => format::github(&diagnostics(), &mut output),
        FormatArg::Text => format::diagnostics(&diagnostics(), &look, &mut output),
    };
    let written = written
        .map_err(|error| place.error(&error))
        .and_then(|()| output.commit());
    match written {
        // A reader that has seen enough does not make the references right.
        Err(error) if error.is_closed_pipe() => Ok(()),
        written => written,
    }
}

fn diagnostic<'a>(checked: &'a Checked<'_>, strict: bool) -> Diagnostic<'a> {
    Diagnostic {
        finding: &checked.finding,
        level: level(checked.finding.verdict, strict),
        excerpt: checked.document.excerpt(checked.reference),
    }
}

/// The patch of each document. Corrected is only what bears exactly another paper's title or name.
fn diff(context: &Context, checked: &[Checked<'_>], output: &mut Output) -> io::Result<()> {
    let mut corrected = 0;
    for group in checked.chunk_by(|one, next| std::ptr::eq(one.document, next.document)) {
        let fixable: Vec<(&Checked<'_>, ArxivId)> = group.iter().filter_map(correction).collect();
        corrected += fixable.len();
        let edits = fixable.iter().flat_map(|(one, meant)| {
            let numbers = one.document.numbers(one.reference);
            numbers.into_iter().map(|at| patch::Edit {
                at: (at.start, at.end),
                new: meant.to_string(),
            })
        });
        let edits = edits.collect();
        if let Some(Checked { document, .. }) = group.first() {
            patch::write(&document.name, document.bytes(), edits, output)?;
        }
    }
    let wrong = checked
        .iter()
        .filter(|one| one.finding.verdict.is_fault())
        .count();
    context.ui.note(&format!(
        "the patch corrects {corrected} of {}",
        counted(wrong as u64, "fault")
    ));
    Ok(())
}

/// What surely belongs in the place of a wrong identifier.
fn correction<'a, 'b>(checked: &'a Checked<'b>) -> Option<(&'a Checked<'b>, ArxivId)> {
    // A malformed identifier's proposal may be a guess at its digits.
    let is_certain = matches!(
        checked.finding.verdict,
        Verdict::WrongPaper | Verdict::NotFound | Verdict::Deleted
    );
    let meant = checked.finding.proposal.filter(|_| is_certain)?;
    let has_place = !checked.document.numbers(checked.reference).is_empty();
    has_place.then_some((checked, meant))
}

/// Why arXiv's word is missing. Where library and catalogs decided everything, that is no failure.
fn tell(context: &Context, error: &Error, undecided: bool) {
    if undecided || error.exit != Exit::Unreachable {
        context.ui.error(error);
    } else {
        context
            .ui
            .warn(&format!("{}; what is held here decided instead", error.message));
    }
}

fn summarise(context: &Context, documents: &[Document], checked: &[Checked<'_>], titles: Option<&Titles>) {
    let references: usize = documents.iter().map(|document| document.references.len()).sum();
    let carry = checked.iter().filter(|one| one.reference.id.is_some()).count();
    let found = checked.len() - carry;
    let rest = match titles {
        _ if references == carry => String::new(),
        None => "; the rest were not examined".to_owned(),
        Some(titles) => format!(
            "; of the rest {found} were found by title, with {}",
            searches(titles.searches)
        ),
    };
    let verb = if carry == 1 { "carries" } else { "carry" };
    let total = counted(references as u64, "reference");
    context
        .ui
        .note(&format!("{total}, {carry} {verb} an arXiv identifier{rest}"));
    let counts: Vec<String> = format::verdicts(checked.iter().map(|one| one.finding.verdict))
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    if !counts.is_empty() {
        context.ui.note(&counts.join(", "));
    }
}

fn searches(count: usize) -> String {
    if count == 1 {
        "1 search".to_owned()
    } else {
        format!("{count} searches")
    }
}
