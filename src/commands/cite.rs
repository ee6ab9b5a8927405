//! `cite`: writes papers as entries of a bibliography, or appends to a bibliography the papers that it lacks.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::app::arguments::FreshnessArgs;
use crate::app::output::{Output, Writer};
use crate::app::records::{self, BESIDES, Policy};
use crate::app::report::{BatchArgs, Report};
use crate::app::{Context, input, summary};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::format::{Format, Printer};
use crate::lookup::{self, LocalRecords, Storage};
use crate::model::id::ArxivId;
use crate::model::outcome::Outcome;
use crate::model::paper::{Paper, Source};
use crate::model::quantity::counted;
use crate::refs::bibtex::{self, Bibliography};
use crate::refs::document::{self, DocumentFormat};

/// Cite papers: BibTeX, or with --format biblatex, ris or csl (CSL-JSON)
///
/// A paper is cited as what arXiv holds: `@misc` (biblatex: `@online`) with its eprint, in the year of its first
/// version; DOI and journal reference go along. Text is UTF-8, which LaTeX reads by default; its special characters
/// are escaped, math stays, and only capitals that a style would change are put in braces. Records that are not fresh
/// on this machine come from arXiv, so that a new DOI is included. If arXiv cannot be reached, and with --offline, the
/// record of the library is used however old it is, else that of a catalog.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat cite R1
  arxcat cite 1706.03762 --append refs.bib
  arxcat cite R1 V3 -f csl -o refs.json")]
pub struct Args {
    /// Add to this BibTeX file, in one step, what it does not hold yet; made where it is not there
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "force", "against"])]
    pub append: Option<PathBuf>,
    /// Leave out what this BibTeX file holds, and use none of its keys
    #[arg(long, value_name = "FILE")]
    pub against: Option<PathBuf>,
    /// Which papers, and where to
    #[command(flatten)]
    pub batch: BatchArgs,
    /// How old an answer may be
    #[command(flatten)]
    pub freshness: FreshnessArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.batch.output.lists_fields() {
        return summary::fields();
    }
    let format = format(args)?;
    // Processes append one after the other, since each must see the entries of those before it.
    let _lock = args.append.as_ref().and_then(|_| lock_for_append(context));
    let existing = match args.append.as_deref().or(args.against.as_deref()) {
        Some(path) => ExistingEntries::read(context, path, args.append.is_some())?,
        None => ExistingEntries::default(),
    };
    let catalogs = context.catalogs()?;
    let report = Report::with_writer(context, &args.batch, &catalogs, || {
        writer(context, args, format, &existing, &catalogs)
    })?;
    let mut cited = CitedPapers {
        context,
        report,
        existing: &existing,
        skipped: 0,
        added: HashSet::new(),
    };
    let wanted = cited.without_known()?;
    let mut here = records::local(context, &catalogs, Some(&args.freshness), Storage::ExistingMirror);
    let failure = cited.get(&mut here, &wanted)?;
    let CitedPapers {
        report,
        skipped,
        added,
        ..
    } = cited;
    let exit = report
        .finish(failure.as_ref())?
        .max(records::report_library_errors(context, &here, false));
    match &args.append {
        Some(path) => context.ui.note(&format!(
            "{} added to {}, {skipped} there already",
            counted(added.len() as u64, "paper"),
            path.display()
        )),
        None if skipped > 0 => context
            .ui
            .note(&format!("{} left out: there already", counted(skipped, "paper"))),
        None => {}
    }
    Ok(exit)
}

/// Takes the lock for appending, which is released when the file is dropped. Returns `None` if the state folder cannot be
/// used; a file that changes in the meantime is then left alone.
fn lock_for_append(context: &Context) -> Option<fs::File> {
    let folder = &context.settings.state_dir;
    fs::create_dir_all(folder).ok()?;
    let file = fs::File::options()
        .create(true)
        .append(true)
        .open(folder.join("append"))
        .ok()?;
    file.lock().ok()?;
    Some(file)
}

fn format(args: &Args) -> Result<Format, Error> {
    let mut output = args.batch.output.clone();
    if output.format.is_none() && !output.json && !output.jsonl {
        let path = output.place.output.as_deref();
        let by_extension = path.and_then(|path| Format::of_path(path, Format::cites));
        output.format = Some(by_extension.unwrap_or(Format::Bibtex).name().to_owned());
    }
    let format = output.format()?.unwrap_or(Format::Bibtex);
    if !format.cites() {
        return Err(Error::usage(format!("papers are not cited as {format}"))
            .hint("bibtex, biblatex, ris and csl cite; `arxcat fetch` writes records in every format"));
    }
    if args.append.is_some() && !matches!(format, Format::Bibtex | Format::Biblatex) {
        return Err(
            Error::usage(format!("--append adds to BibTeX files, and {format} is none"))
                .hint("leave --format away, or say biblatex"),
        );
    }
    Ok(format)
}

fn writer(
    context: &Context,
    args: &Args,
    format: Format,
    existing: &ExistingEntries,
    catalogs: &[Catalog],
) -> Result<Writer, Error> {
    let mut citing = args.batch.output.citing()?;
    citing.taken.clone_from(&existing.keys);
    let look = context.render_options(lookup::areas(catalogs), args.batch.output.is_file());
    let output = match &args.append {
        Some(path) => Output::append(path, existing.bytes.clone()),
        None => args.batch.output.place.open()?,
    };
    let place = output.place();
    let fields = args.batch.output.fields(format)?;
    Ok(Writer::new(
        Printer::new(format, fields, look, output).with_citations(citing),
        place,
    ))
}

/// Papers that are being cited.
struct CitedPapers<'a> {
    context: &'a Context,
    report: Report<'a>,
    existing: &'a ExistingEntries,
    /// Number of papers that the file has already.
    skipped: u64,
    added: HashSet<ArxivId>,
}

impl CitedPapers<'_> {
    /// Records the outcomes that need no record, and returns the other identifiers.
    fn without_known(&mut self) -> Result<Vec<ArxivId>, Error> {
        let mut wanted = Vec::new();
        for id in self.report.ids().to_vec() {
            if let Some(key) = self.existing.papers.get(&id.base()) {
                let _ = self.skip(id, &key.clone())?;
            } else if let Some(reason) = id.deleted() {
                let _ = self.report.record(id, Outcome::deleted(reason))?;
            } else {
                wanted.push(id);
            }
        }
        Ok(wanted)
    }

    /// Cites the records: fresh ones from this machine, else from arXiv, else those of this machine. Returns why arXiv did
    /// not answer, if it should have.
    fn get(&mut self, here: &mut LocalRecords<'_>, wanted: &[ArxivId]) -> Result<Option<Error>, Error> {
        let context = self.context;
        let fetched = records::lookup(context, here, Policy::IfStale(BESIDES), wanted, |id, outcome| {
            if let Some(paper) = outcome.paper() {
                self.warn_if_doubtful(id, paper);
            }
            self.cite(id, outcome)
        })?;
        let failure = fetched.failure.as_ref().or(fetched.unanswered_by_arxiv.as_ref());
        if let Some(failure) = failure.filter(|_| !fetched.stale.is_empty()) {
            let papers = counted(fetched.stale.len() as u64, "paper");
            let why = &failure.message;
            context
                .ui
                .warn(&format!("{why}; {papers} cited by what is known here"));
        }
        Ok(fetched.failure)
    }

    /// Warns if the record of a catalog may not suffice for a citation.
    fn warn_if_doubtful(&self, id: ArxivId, paper: &Paper) {
        let doubtful = doubtful(paper);
        if paper.source == Source::Catalog && !doubtful.is_empty() {
            let keys = doubtful.join(", ");
            self.context
                .ui
                .warn(&format!("{id}: the catalog is not sure of, or lacks, {keys}"));
        }
    }

    /// Cites a paper, unless the file has it by the DOI of its publisher.
    fn cite(&mut self, id: ArxivId, outcome: Outcome) -> Result<ControlFlow<()>, Error> {
        if let Some(paper) = outcome.paper() {
            let doi = paper
                .dois
                .iter()
                .chain(&paper.doi)
                .find_map(|doi| self.existing.dois.get(&folded(doi)?));
            if let Some(key) = doi {
                return self.skip(id, &key.clone());
            }
            self.added.insert(id.base());
        }
        self.report.record(id, outcome)
    }

    fn skip(&mut self, id: ArxivId, key: &str) -> Result<ControlFlow<()>, Error> {
        self.skipped += 1;
        let why = format!("there already, as {key}");
        self.report.record(id, Outcome::Skipped(why))
    }
}

/// Keys that a citation needs and that this record lacks or is unsure of.
fn doubtful(paper: &Paper) -> Vec<&'static str> {
    let unsure = |key: &str| {
        let entry = paper.catalog.as_ref();
        entry.is_some_and(|entry| entry.unsure.iter().any(|unsure| unsure == key))
    };
    [
        ("title", false),
        ("authors", paper.authors.is_empty()),
        ("published", paper.published.is_none()),
        ("primary_category", paper.primary_category.is_none()),
        ("doi", false),
        ("journal_ref", false),
    ]
    .into_iter()
    .filter(|(key, lacks)| *lacks || unsure(key))
    .map(|(key, _)| key)
    .collect()
}

/// The entries that a bibliography has already.
#[derive(Default)]
struct ExistingEntries {
    /// Content of the file; `None` if it does not exist.
    bytes: Option<Vec<u8>>,
    keys: HashSet<String>,
    /// Citation keys by identifier.
    papers: HashMap<ArxivId, String>,
    /// Citation keys by DOI in lower case.
    dois: HashMap<String, String>,
}

impl ExistingEntries {
    /// Reads a BibTeX file. For appending it may be absent, but must not have entries that cannot be parsed.
    fn read(context: &Context, path: &Path, append: bool) -> Result<Self, Error> {
        let absent = fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        if append && absent {
            return Ok(Self::default());
        }
        let bytes = input::read_file(path)?;
        let name = path.display();
        if bytes.contains(&0) {
            return Err(Error::new(Exit::Local, format!("{name} is no BibTeX file"))
                .hint("BibTeX is read as UTF-8, or an encoding that has ASCII in its place"));
        }
        let text = String::from_utf8_lossy(&bytes);
        let bibliography = bibtex::read(&text);
        for broken in &bibliography.broken {
            let message = format!("{name}:{}: {}", broken.line, broken.reason);
            if append {
                return Err(Error::new(Exit::Local, message).hint(
                    "what follows a broken entry may be lost in it: mend it, or print with --against what is missing",
                ));
            }
            context.ui.warn(&message);
        }
        if append && matches!(text, std::borrow::Cow::Owned(_)) {
            context
                .ui
                .warn(&format!("{name} is not UTF-8; what is added to it is"));
        }
        let mut existing = Self::of(&text, &bibliography);
        existing.bytes = Some(bytes);
        Ok(existing)
    }

    fn of(text: &str, bibliography: &Bibliography) -> Self {
        let mut existing = Self::default();
        for entry in &bibliography.entries {
            existing.keys.insert(entry.key.clone());
            for field in entry.fields.iter().filter(|field| field.name == "doi") {
                existing
                    .dois
                    .extend(folded(&field.value).map(|doi| (doi, entry.key.clone())));
            }
        }
        for reference in document::references(text, DocumentFormat::Bibtex) {
            let Some(Ok(id)) = reference.id else { continue };
            let after = bibliography
                .entries
                .partition_point(|entry| entry.span.start <= reference.span.start);
            let entry = after.checked_sub(1).and_then(|at| bibliography.entries.get(at));
            let key = entry.map_or_else(String::new, |entry| entry.key.clone());
            existing.papers.entry(id.base()).or_insert(key);
        }
        existing
    }
}

/// A DOI in the form in which DOIs are compared: in lower case, without the address of a resolver and backslashes.
fn folded(doi: &str) -> Option<String> {
    let doi = doi.trim().replace('\\', "").to_ascii_lowercase();
    doi.get(doi.find("10.")?..).map(str::to_owned)
}
