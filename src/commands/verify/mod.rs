//! `verify`: compares the facts of a catalog with arXiv's records.

mod compare;
mod complete;
mod discover;

use std::collections::HashMap;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::app::arguments::OutputArgs;
use crate::app::output::{self, Output};
use crate::app::records::{self, BESIDES};
use crate::app::{Context, identifiers, input, network};
use crate::arxiv::atom;
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::format::{self, Format};
use crate::lookup::LocalRecords;
use crate::model::date::Stamp;
use crate::model::finding::{Finding, Verdict};
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::Outcome;
use crate::model::paper::Paper;
use crate::model::quantity::counted;
use crate::model::query::Query;

/// Hold a catalog's facts against arXiv's records, and print the differences
///
/// Compares title, first date, version, primary category, categories, authors, DOI and journal reference. A contradiction
/// (exit 1) is told from what the catalog lacks and from what arXiv lacks.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat verify
  arxcat verify R1 --json")]
pub struct Args {
    /// Only these papers of the catalog
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Take arXiv's records from this Atom feed instead of the network; repeat for several
    #[arg(long, value_name = "FILE")]
    pub feed: Vec<PathBuf>,
    /// Write the catalog, completed with arXiv's facts, to this file
    #[arg(long, value_name = "FILE")]
    pub write: Option<PathBuf>,
    /// Search arXiv for papers by the catalog's collective authors, or with its title words, that it has not
    #[arg(long, conflicts_with = "feed")]
    pub discover: bool,
    /// How, and where to
    #[command(flatten)]
    pub output: OutputArgs,
}

/// arXiv's answers.
#[derive(Default)]
struct Records {
    found: HashMap<ArxivId, Paper>,
    /// The reasons why arXiv has no record.
    missing: HashMap<ArxivId, String>,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let format = findings_format(&args.output)?;
    let mut catalog = context.catalog()?;
    let (wanted, missing) = wanted(context, &args.ids, &catalog)?;
    if wanted.is_empty() {
        return Ok(missing);
    }
    let discover = args.discover.then(|| discover::query(&catalog)).transpose()?;
    output::apart(
        args.output.place.output.as_deref().or(Some(Path::new("-"))),
        args.write.as_deref(),
    )?;
    let output = args.output.place.open()?;
    let completed = args
        .write
        .as_deref()
        .map(|path| Output::open(Some(path), args.output.place.force))
        .transpose()?;
    let mut records = Records::default();
    let mut candidates = Vec::new();
    let failure = if args.feed.is_empty() {
        ask_arxiv(
            context,
            &catalog,
            &wanted,
            discover.as_ref(),
            &mut records,
            &mut candidates,
        )
        .err()
    } else {
        read_feeds(&args.feed, &mut records)?;
        None
    };
    let mut findings = findings(
        &catalog,
        &wanted,
        &records,
        !args.ids.is_empty() && !args.feed.is_empty(),
    );
    findings.extend(candidates);
    let exit = write_findings(context, format, &findings, &catalog, output)?;
    if failure.is_none() || !records.found.is_empty() {
        summarise(context, &wanted, &records, &findings);
    }
    match (completed, &failure) {
        (Some(completed), None) => {
            complete::complete(&mut catalog, &records.found, context.today());
            write_catalog(completed, &catalog)?;
        }
        (Some(_), Some(_)) => context
            .ui
            .warn("the completed catalog was not written: records of arXiv are missing"),
        (None, _) => {}
    }
    failure.map_or(Ok(exit.max(missing)), Err)
}

/// The format of the findings. They have fewer formats than papers, and no fields to choose.
fn findings_format(output: &OutputArgs) -> Result<Format, Error> {
    if output.fields.is_some() {
        return Err(
            Error::usage("findings have no --fields").hint("`arxcat schema finding` says what they hold")
        );
    }
    match output.format()?.unwrap_or(Format::Text) {
        format @ (Format::Text | Format::Tsv | Format::Csv | Format::Json | Format::Jsonl) => Ok(format),
        other => Err(Error::usage(format!("findings cannot be written as {other}"))
            .hint("text, tsv, csv, json and jsonl can")),
    }
}

/// The papers to verify, and the exit code if some of the given ones are not in the catalog.
fn wanted(context: &Context, ids: &[String], catalog: &Catalog) -> Result<(Vec<ArxivId>, Exit), Error> {
    if ids.is_empty() {
        return Ok((catalog.papers.iter().map(|paper| paper.id).collect(), Exit::Done));
    }
    let asked = identifiers::identifiers(context, ids, std::slice::from_ref(catalog))?;
    let mut exit = Exit::Done;
    for why in asked.iter().filter_map(|asked| asked.id.as_ref().err()) {
        context.ui.failed(why);
        exit = Exit::Partly;
    }
    let mut wanted: Vec<ArxivId> = Vec::new();
    for id in identifiers::valid(&asked).into_iter().map(ArxivId::base) {
        if catalog.get(id).is_none() {
            context
                .ui
                .failed(&format!("catalog {} has no paper {id}", catalog.name));
            exit = Exit::Partly;
        } else if !wanted.contains(&id) {
            wanted.push(id);
        }
    }
    if wanted.is_empty() {
        Ok((wanted, exit.max(Exit::Usage)))
    } else {
        Ok((wanted, exit))
    }
}

fn ask_arxiv(
    context: &Context,
    catalog: &Catalog,
    wanted: &[ArxivId],
    discover: Option<&Query>,
    answers: &mut Records,
    candidates: &mut Vec<Finding>,
) -> Result<(), Error> {
    network::run(context, async |client| {
        let mut unavailable = None;
        // arXiv's facts are compared with the catalog's, so nothing of this machine may be mixed into them.
        let mut nothing = LocalRecords::none(context.now());
        let sink = |id, outcome| {
            match outcome {
                Outcome::Found(paper, _) => drop(answers.found.insert(id, *paper)),
                Outcome::Failed(Status::Unavailable, reason) => unavailable = Some(format!("{id}: {reason}")),
                Outcome::Failed(_, reason) => drop(answers.missing.insert(id, reason)),
                _ => {}
            }
            Ok(ControlFlow::Continue(()))
        };
        let fetched = records::fetch_with(context, client, &mut nothing, BESIDES, wanted, sink).await?;
        if let Some(failure) = fetched.failure {
            return Err(failure);
        }
        if let Some(reason) = unavailable {
            return Err(Error::new(Exit::Unreachable, reason));
        }
        if let Some(query) = discover {
            let arxiv = records::arxiv(context, client);
            let (found, total) = discover::discover(&arxiv, catalog, query).await?;
            context.ui.note(&format!(
                "discover looked at {} of {}",
                found.looked_at,
                counted(total, "paper")
            ));
            candidates.extend(found.findings);
        }
        Ok(())
    })
}

fn read_feeds(paths: &[PathBuf], records: &mut Records) -> Result<(), Error> {
    for path in paths {
        let bytes = input::read_file(path)?;
        let damaged = |why: String| Error::new(Exit::Local, format!("{}: {why}", path.display()));
        let feed = atom::parse(&bytes).map_err(|error| damaged(error.to_string()))?;
        if let Some(error) = feed.error {
            return Err(damaged(format!("arXiv's error feed: {}", error.message)));
        }
        records
            .found
            .extend(feed.papers.into_iter().map(|paper| (paper.id, paper)));
    }
    Ok(())
}

fn findings(catalog: &Catalog, wanted: &[ArxivId], records: &Records, explicit: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ours in wanted.iter().filter_map(|id| catalog.get(*id)) {
        match (records.found.get(&ours.id), records.missing.get(&ours.id)) {
            (Some(theirs), _) => findings.extend(compare::compare(ours, theirs)),
            (None, Some(why)) => findings.push(compare::whole(ours, Verdict::NotFound, why.clone())),
            // A feed may cover a part of the catalog, but not less than the papers that were named.
            (None, None) if explicit => {
                let why = "the feed has no record of it".to_owned();
                findings.push(compare::whole(ours, Verdict::NotFound, why));
            }
            (None, None) => {}
        }
    }
    findings
}

fn write_findings(
    context: &Context,
    format: Format,
    findings: &[Finding],
    catalog: &Catalog,
    mut output: Output,
) -> Result<Exit, Error> {
    let faults = findings.iter().any(|finding| finding.verdict.is_fault());
    let exit = if faults { Exit::Partly } else { Exit::Done };
    let place = output.place();
    let look = context.render_options(catalog.areas.clone(), matches!(place, output::Place::File { .. }));
    let written = format::findings(format, findings, &look, &mut output)
        .map_err(|error| place.error(&error))
        .and_then(|()| output.commit());
    match written {
        // A closed pipe does not change what was found.
        Err(error) if error.is_closed_pipe() => Ok(exit),
        Err(error) => Err(error),
        Ok(()) => Ok(exit),
    }
}

fn summarise(context: &Context, wanted: &[ArxivId], records: &Records, findings: &[Finding]) {
    let count = |verdict: Verdict| {
        findings
            .iter()
            .filter(|finding| finding.verdict == verdict)
            .count() as u64
    };
    let answered = wanted.iter().filter(|id| records.found.contains_key(id)).count();
    context.ui.note(&format!(
        "{answered} of {} held against arXiv: {}, {} not found, {} the catalog lacks, {} arXiv lacks",
        counted(wanted.len() as u64, "paper"),
        counted(count(Verdict::Differs), "contradiction"),
        count(Verdict::NotFound),
        counted(count(Verdict::CatalogLacks), "fact"),
        counted(count(Verdict::ArxivLacks), "fact"),
    ));
}

fn write_catalog(mut output: Output, catalog: &Catalog) -> Result<(), Error> {
    let place = output.place();
    serde_json::to_writer_pretty(&mut output, catalog)
        .map_err(std::io::Error::from)
        .and_then(|()| writeln!(output))
        .map_err(|error| place.error(&error))?;
    output.commit()
}

/// The day of a stamp, for a person.
fn day(stamp: Stamp) -> String {
    stamp.day().to_string()
}
