//! `fetch`: records from arXiv by identifier.

use std::ops::ControlFlow;

use crate::catalog::Catalog;
use crate::commands::args::Freshness;
use crate::commands::batch::{Answer, Batch, BatchArgs};
use crate::commands::{Context, network, report};
use crate::error::{Error, Exit};
use crate::lookup::{self, Outcome};
use crate::model::id::ArxivId;
use crate::model::ledger::Status;

/// Fetch records from arXiv by identifier, in batches, in the order asked
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Which papers, and where to
    #[command(flatten)]
    pub batch: BatchArgs,
    /// How old an answer may be
    #[command(flatten)]
    pub freshness: Freshness,
}

/// Fetches.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.batch.output.lists_fields() {
        return report::fields();
    }
    let catalogs = context.catalogs()?;
    let mut batch = Batch::open(context, &args.batch, &catalogs)?;
    let mut ids = batch.ids();
    // What is known without arXiv is told without it, also offline.
    for (id, reason) in ids
        .extract_if(.., |id| id.deleted().is_some())
        .filter_map(|id| Some((id, id.deleted()?)))
    {
        let _ = batch.answer(id, Answer::Failed(Status::Deleted, lookup::deleted(reason)))?;
    }
    if ids.is_empty() {
        return batch.finish(None);
    }
    let failure = ask(context, &catalogs, &ids, |id, told| batch.answer(id, told))?;
    batch.finish(failure.as_ref())
}

/// Asks arXiv for these identifiers and hands on what a batch is told of each. Gives why not all were answered; an
/// error of `each` is one of writing, and final.
pub(super) fn ask(
    context: &Context,
    catalogs: &[Catalog],
    ids: &[ArxivId],
    mut each: impl FnMut(ArxivId, Answer) -> Result<ControlFlow<()>, Error>,
) -> Result<Option<Error>, Error> {
    let mut unwritten = None;
    let asking = network::run(context, async |client| {
        let api = lookup::Api {
            client,
            url: &context.settings.api_url,
            now: context.now(),
        };
        let told = |id, outcome| {
            each(id, answer(outcome)).unwrap_or_else(|error| {
                unwritten = Some(error);
                ControlFlow::Break(())
            })
        };
        Ok(lookup::fetch(&api, catalogs, ids, told).await?)
    });
    unwritten.map_or(Ok(asking.err()), Err)
}

/// What a batch is told of an outcome.
fn answer(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Found(paper) => Answer::Found(paper),
        Outcome::NotFound(why) => Answer::Failed(Status::NotFound, why),
        Outcome::Deleted(why) => Answer::Failed(Status::Deleted, why),
        Outcome::Unavailable(why) => Answer::Failed(Status::Unavailable, why),
        Outcome::Malformed(why) => Answer::Failed(Status::Malformed, why),
    }
}
