//! `sync`: harvests arXiv's records by OAI-PMH into the mirror.

mod estimate;
mod mirror;
mod sets;
mod sink;

use std::ops::ControlFlow;

use chrono::NaiveDate;

use self::estimate::Estimate;
use self::sets::Set;
use self::sink::HarvestSink;
use crate::app::arguments::OutputArgs;
use crate::app::{Context, network, summary};
use crate::arxiv::oai::{self, HarvestError, HarvestRequest, HarvestStep};
use crate::error::{Error, Exit};
use crate::model::date;
use crate::net::{self, Client};
use crate::ui::Confirmation;

/// Follow arXiv: harvest what changed since the last time into the mirror
///
/// Harvests the configured categories unless some are named or --everything is given. Continues each set where its last
/// harvest stopped, also after an interruption; the first harvest starts with arXiv's oldest records. Keeps everything in
/// the mirror, tags and notes included. With a format or a file, writes the records there as they arrive, and stores
/// neither them nor how far the harvest went.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat sync --set cs.CL
  arxcat sync --set cs.CL --since 2025 --jsonl -o changes.jsonl")]
pub struct Args {
    /// Categories and archives to follow: cs.CL, math, hep-th [default: the configured `categories`]
    #[arg(value_name = "CATEGORY", value_delimiter = ',')]
    pub categories: Vec<String>,
    /// Follow this category or archive, like an argument; repeat for several
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub set: Vec<String>,
    /// Follow all of arXiv, after saying what that takes and asking
    #[arg(long, conflicts_with_all = ["set", "categories"])]
    pub everything: bool,
    /// Changed on this day or later, UTC: 2024, 2024-05, 2024-05-07, or back from today: 30d 2w 6m 1y
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Changed on this day or earlier, UTC, in the same forms
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// How, and where to, instead of into the mirror
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Harvests the sets one after the other.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.output.lists_fields() {
        return summary::fields();
    }
    let (since, until) = dates(args, context.today())?;
    let named = [args.categories.as_slice(), &args.set].concat();
    let sets = sets::resolve(&named, args.everything, &context.settings.categories)?;
    let mut sink = HarvestSink::open(context, &args.output)?;
    let mut estimate = None;
    if args.everything {
        let from = since.or(sink.checkpoint(None)?.map(|checkpoint| checkpoint.day));
        if !is_empty(from, until) {
            let expected = Estimate::since(from, context.today());
            confirm(context, &expected)?;
            estimate = Some(expected);
        }
    }
    let mut exit = Exit::Done;
    let end = network::run(context, async |client| {
        for set in &sets {
            exit = exit
                .max(harvest_set(context, client, set, (since, until), &mut sink, estimate.as_mut()).await?);
        }
        Ok(())
    });
    sink.finish(end.is_err())?;
    end.map(|()| exit)
}

/// Harvests one set and reports the result, also after a failure.
async fn harvest_set(
    context: &Context,
    client: &Client,
    set: &Set,
    (since, until): (Option<NaiveDate>, Option<NaiveDate>),
    sink: &mut HarvestSink,
    mut estimate: Option<&mut Estimate>,
) -> Result<Exit, Error> {
    let harvest = sink.begin(set, since, until)?;
    if let (Some(from), Some(until)) = (harvest.from, harvest.until)
        && is_empty(Some(from), Some(until))
    {
        context.ui.note(&format!(
            "{set}: nothing to do until {until}, everything changed before {from} was harvested already; \
             `arxcat sync {} --since {until} --until {until}` asks for that day again",
            set.flag()
        ));
        return Ok(Exit::Done);
    }
    let mut failure = None;
    let walk = oai::harvest(client, context.settings.oai_url.as_str(), &harvest, |step| {
        if let (Some(estimate), HarvestStep::Page { records, .. }) = (&mut estimate, &step)
            && let Some(correction) = estimate.correct(records.len() as u64)
        {
            context.ui.note(&correction);
        }
        match sink.take(step) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    let walked = walk.await;
    context.ui.pause();
    if let Some(error) = failure {
        return Err(error);
    }
    sink.wait()?;
    let summary = walked.as_ref().copied().unwrap_or(sink.so_far);
    context.ui.note(&format!("{set}: {}", sink.describe(&summary)));
    report_gap(context, set, &harvest, sink);
    match walked {
        Ok(summary) if summary.unreadable > 0 => Ok(Exit::Partly),
        Ok(_) => Ok(Exit::Done),
        Err(error) if concerns_one_set(&error) => {
            context.ui.failed(&format!("{set}: {error}"));
            Ok(Exit::Unreachable)
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether there is no day to harvest, because an earlier harvest went further.
fn is_empty(from: Option<NaiveDate>, until: Option<NaiveDate>) -> bool {
    until.is_some_and(|until| from.is_some_and(|from| until < from))
}

/// Whether an error concerns one set alone, so that the next one may be harvested: arXiv answers, but not this request.
fn concerns_one_set(error: &HarvestError) -> bool {
    match error {
        HarvestError::Http(error) => matches!(error, net::Error::Refused { .. }),
        HarvestError::Refused(_) | HarvestError::Repeats(_) | HarvestError::Stuck { .. } => true,
    }
}

/// Reports the days left out by a `--since` after the end of the last harvest. Such a harvest stores no checkpoint.
fn report_gap(context: &Context, set: &Set, harvest: &HarvestRequest, sink: &HarvestSink) {
    if let (Some(gap), Some(from)) = (sink.gap(), harvest.from) {
        context.ui.note(&format!(
            "what was changed last from {gap} to the day before {from} was left out; `arxcat sync {}` gets it, and \
             goes on from {gap}",
            set.flag(),
        ));
    }
}

fn dates(args: &Args, today: NaiveDate) -> Result<(Option<NaiveDate>, Option<NaiveDate>), Error> {
    let since = args
        .since
        .as_deref()
        .map(|text| date::since(text, today))
        .transpose();
    let until = args
        .until
        .as_deref()
        .map(|text| date::until(text, today))
        .transpose();
    let since = since.map_err(|error| Error::usage(format!("--since: {error}")))?;
    let until = until.map_err(|error| Error::usage(format!("--until: {error}")))?;
    if let Some(since) = since.filter(|since| *since > today) {
        return Err(Error::usage(format!(
            "--since {since} is in the future; today is {today}, UTC"
        )));
    }
    if let (Some(first), Some(last)) = (since, until)
        && last < first
    {
        return Err(Error::usage(format!("--until {last} is before --since {first}")));
    }
    if let Some(until) = until.filter(|until| *until < oai::EARLIEST) {
        let first = oai::EARLIEST;
        return Err(Error::usage(format!(
            "--until {until} is before arXiv's first datestamp, {first}"
        )));
    }
    Ok((
        since.map(|since| since.max(oai::EARLIEST)),
        until.map(|until| until.min(today)),
    ))
}

/// Asks the user before a harvest of all of arXiv, which takes hours and gigabytes.
fn confirm(context: &Context, estimate: &Estimate) -> Result<(), Error> {
    let what = estimate.describe(context.settings.interval);
    match context.ui.confirm(&format!("{what}. Go on?")) {
        Confirmation::Yes => {
            context.ui.note(&what);
            Ok(())
        }
        Confirmation::No => Err(Error::declined()),
        Confirmation::Unanswered => Err(Error::usage(what)
            .hint("say --yes to go on, or follow a part of arXiv: `arxcat sync --set cs.CL`")),
    }
}
