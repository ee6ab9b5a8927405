//! `outdated`: lists papers that changed at arXiv since their records were stored.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::app::arguments::{FreshnessArgs, OutputArgs, SelectionArgs};
use crate::app::collection::{Collection, CollectionArgs};
use crate::app::identifiers::{self, InputId};
use crate::app::ledger::{self, Ledger};
use crate::app::output::Output;
use crate::app::report;
use crate::app::{Context, output, summary};
use crate::arxiv::api;
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::format::{self, Format};
use crate::library::{Library, Scope, UpsertOptions};
use crate::lookup;
use crate::model::finding::Finding;
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::Outcome;
use crate::model::quantity::counted;
use crate::model::quantity::duration;
use crate::ui::Confirmation;

mod changes;
mod survey;

use survey::{Survey, not_stored_message};

/// Number of papers from which the command asks for confirmation.
const CONFIRM_FROM: usize = 10_000;

/// Tell which papers of the library changed at arXiv
///
/// A newer version came, they were published, or withdrawn.
/// Without identifiers all of the library is asked about (-M: all of the mirror), 200 papers a request, but for what was
/// asked within --max-age. What arXiv answers is put into the library. Ends with 0 also where something changed; `-f ids`
/// pipes on what did. Piped, a line is a change: id, `short_name`, verdict, key, claimed (what is stored here),
/// recorded (what arXiv says), unsure, message.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat outdated
  arxcat outdated --dry-run --since 2024
  arxcat outdated -M --category cs.CL")]
pub struct Args {
    /// Identifiers in any form, or short names of the catalog; `-`: from stdin [default: all of the library]
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Of the library, or of the mirror [default: the library]
    #[command(flatten)]
    pub collection: CollectionArgs,
    /// Say how many requests it would take, and send none
    #[arg(long)]
    pub dry_run: bool,
    /// Write one JSON line for each paper to this file: what was asked, and what became of it
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Which papers
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// How old an answer may be
    #[command(flatten)]
    pub freshness: FreshnessArgs,
    /// How, and where to
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let format = chosen(context, args)?;
    output::apart(args.output.place.output.as_deref(), args.ledger.as_deref())?;
    let catalogs = context.catalogs()?;
    let library = Library::existing(&context.settings.library_dir)?;
    let selects_all = args.ids.is_empty() && !args.selection.filters() && args.selection.limit.is_none();
    if args.dry_run
        && selects_all
        && args.ledger.is_none()
        && let Some(library) = &library
    {
        return dry_run_of_all(context, args, library);
    }
    let asked = requested_papers(context, args, &catalogs)?;
    let mut ledger = Ledger::new(context, asked, args.ledger.as_ref())?;
    let output = args.output.place.open()?;
    if !args.ids.is_empty() {
        ledger.report_malformed();
    }
    let Some(library) = library else {
        for id in ledger.ids() {
            ledger.record(id, &Outcome::Failed(Status::NotFound, not_stored_message(id)));
        }
        if args.ids.is_empty() {
            context
                .ui
                .note("the library is empty; `arxcat fetch ID` fills it");
        }
        write(context, format, &[], output)?;
        return finish(context, ledger, None);
    };
    let mut survey = Survey {
        context,
        catalogs: &catalogs,
        library,
        fresh: 0,
        changes: Vec::new(),
        unchanged: Vec::new(),
        changed: Vec::new(),
        store_error: None,
    };
    let open = match survey.local(&mut ledger, &args.freshness) {
        Ok(open) => open,
        Err(error) => return finish(context, ledger, Some(error)),
    };
    if args.dry_run {
        return dry_run(context, &open, survey.fresh);
    }
    let failure = if open.is_empty() {
        None
    } else if context.settings.offline {
        Some(offline_error(&open))
    } else {
        confirm_requests(context, open.len())?;
        match survey.request(&open, &mut ledger) {
            Ok(failure) => failure,
            // Changes that were not printed are not stored, so that the next run reports them.
            Err(error) => return finish(context, ledger, Some(error)),
        }
    };
    survey.store_unchanged();
    let order: HashMap<ArxivId, usize> = ledger.ids().into_iter().map(ArxivId::base).zip(0..).collect();
    survey
        .changes
        .sort_by_key(|(finding, _)| finding.id.and_then(|id| order.get(&id)));
    let Survey {
        mut library,
        changes,
        changed,
        store_error,
        ..
    } = survey;
    write(context, format, &changes, output)?;
    if changes.is_empty() && failure.is_none() && !order.is_empty() {
        let of = counted(order.len() as u64, "paper");
        context.ui.note(&format!("nothing new of {of}"));
    }
    let exit = finish(context, ledger, failure)?;
    // As above: changes that could not be printed are not stored.
    if let Some(error) = store_error {
        return Err(error);
    }
    let options = UpsertOptions {
        now: Some(context.now()),
        ..UpsertOptions::default()
    };
    library.upsert(&changed, options)?;
    Ok(exit)
}

fn chosen(context: &Context, args: &Args) -> Result<Format, Error> {
    let format = args.output.list_format(context)?;
    if format == Format::Markdown || format.cites() {
        return Err(Error::usage(format!("changes cannot be written as {format}"))
            .hint("formats are table, tsv, csv, json, jsonl, ids"));
    }
    if args.output.fields.is_some() {
        return Err(
            Error::usage("changes have no --fields").hint("`arxcat schema finding` says what their JSON has")
        );
    }
    let selected = args.selection.filters() || args.selection.limit.is_some();
    if !args.ids.is_empty() && (selected || args.collection.scope().is_some()) {
        return Err(Error::usage("either identifiers or a selection, not both"));
    }
    Ok(format)
}

/// The papers to check: the given identifiers, or else a selection of the library or the mirror.
fn requested_papers(context: &Context, args: &Args, catalogs: &[Catalog]) -> Result<Vec<InputId>, Error> {
    if !args.ids.is_empty() {
        return identifiers::identifiers(context, &args.ids, catalogs);
    }
    let scope = args.collection.scope().unwrap_or(Scope::Library);
    let collection = Collection::held(context, scope)?;
    let selection = args
        .selection
        .settle(context.today(), collection.first_catalog())?;
    let mut ids = Vec::new();
    let summary = collection.each(context, None, &selection, |paper| {
        ids.push(paper.id);
        Ok(())
    })?;
    summary::describe(context, &summary);
    let asked = ids.into_iter().map(|id| InputId {
        input: id.to_string(),
        id: Ok(id),
    });
    Ok(asked.collect())
}

fn offline_error(open: &[ArxivId]) -> Error {
    Error::new(
        Exit::Unreachable,
        format!(
            "of {} it cannot be known without arXiv whether {} changed, and --offline forbids the network",
            counted(open.len() as u64, "paper"),
            if open.len() == 1 { "it" } else { "they" }
        ),
    )
    .hint("`arxcat outdated --dry-run` says how many requests it takes to know")
}

/// A dry run over all papers of the library or the mirror, which needs no record of them.
fn dry_run_of_all(context: &Context, args: &Args, library: &Library) -> Result<Exit, Error> {
    let scope = args.collection.scope().unwrap_or(Scope::Library);
    let (now, freshness) = (context.now(), &args.freshness);
    let (fresh, open): (Vec<_>, Vec<_>) = library
        .confirmation_times(scope)?
        .into_iter()
        .filter(|(id, _)| id.deleted().is_none())
        .partition(|(_, checked)| {
            let is_fresh = |at| lookup::is_fresh(at, now, freshness.max_age);
            !freshness.refresh && checked.is_some_and(is_fresh)
        });
    let open: Vec<ArxivId> = open.into_iter().map(|(id, _)| id).collect();
    dry_run(context, &open, fresh.len())
}

fn dry_run(context: &Context, open: &[ArxivId], fresh: usize) -> Result<Exit, Error> {
    let papers = ledger::papers(open.iter().copied()).len();
    let fresh = match fresh as u64 {
        0 => String::new(),
        count => format!("; {} asked about a short while ago", counted(count, "paper")),
    };
    let requests = match papers {
        0 => "no request is needed".to_owned(),
        papers => format!(
            "{} for {}, {}",
            counted(api::requests_for(papers) as u64, "request"),
            counted(papers as u64, "paper"),
            shortest_duration(context, papers)
        ),
    };
    let line = format!("{requests}{fresh}");
    writeln!(io::stdout().lock(), "{line}").map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}

/// Shortest duration of the requests: `at least 6 s`.
fn shortest_duration(context: &Context, papers: usize) -> String {
    let requests = u32::try_from(api::requests_for(papers)).unwrap_or(u32::MAX);
    let interval = context.settings.interval;
    format!("at least {}", duration(interval.saturating_mul(requests)))
}

/// Asks for confirmation if there are many papers.
fn confirm_requests(context: &Context, papers: usize) -> Result<(), Error> {
    if papers <= CONFIRM_FROM {
        return Ok(());
    }
    let what = format!(
        "asking about {papers} papers takes {} requests, {}",
        api::requests_for(papers),
        shortest_duration(context, papers)
    );
    match context.ui.confirm(&format!("{what}. Go on?")) {
        Confirmation::Yes => Ok(()),
        Confirmation::No => Err(Error::declined()),
        Confirmation::Unanswered => {
            Err(Error::usage(what)
                .hint("say --yes to ask about them all, or choose with --since, --tag or -n"))
        }
    }
}

/// Writes the changes.
fn write(
    context: &Context,
    format: Format,
    changes: &[(Finding, String)],
    mut output: Output,
) -> Result<(), Error> {
    let place = output.place();
    let look = context.render_options(Vec::new(), place != output::Place::Stdout);
    format::record_changes(format, changes, &look, &mut output)
        .and_then(|()| output.flush())
        .map_err(|error| place.error(&error))?;
    output.commit()
}

/// Finishes the ledger. Papers without a result failed with this error.
fn finish(context: &Context, mut ledger: Ledger, failure: Option<Error>) -> Result<Exit, Error> {
    let Some(error) = failure else {
        return ledger.finish();
    };
    let unanswered = report::unanswered(Some(&error));
    for id in ledger.ids() {
        if !ledger.has(id) {
            ledger.record_silently(id, &unanswered);
        }
    }
    context.ui.error(&error);
    Ok(ledger.finish()?.max(error.exit))
}
