//! `fetch`: records from arXiv by identifier.

use clap::ValueEnum;

use crate::app::arguments::Freshness;
use crate::app::batch::{Batch, BatchArgs};
use crate::app::records::{self, Ask};
use crate::app::{Context, summary};
use crate::error::{Error, Exit};
use crate::lookup::{Coming, Strategy};

/// Fetch records from arXiv by identifier, in batches, in the order asked, and keep them
///
/// What the library holds and arXiv said within --max-age is not asked for again; a record of one version never
/// grows old. Where the query API keeps refusing, records come one by one by OAI-PMH, then from this machine however
/// old (exit 3); stderr says where each came from. With --offline they come from this machine alone.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Get them one way only, whatever is held
    #[arg(long, value_name = "WAY")]
    pub via: Option<Via>,
    /// Ask OAI-PMH as well, one request a paper, for what the query API lacks: licence, submitter, history, withdrawal
    #[arg(long, conflicts_with = "via")]
    pub full: bool,
    /// Do not keep the records; a library that is there still remembers them in its mirror
    #[arg(long)]
    pub no_keep: bool,
    /// Which papers, and where to
    #[command(flatten)]
    pub batch: BatchArgs,
    /// How old an answer may be
    #[command(flatten)]
    pub freshness: Freshness,
}

/// A way to records.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Via {
    /// arXiv's query API, in batches
    Api,
    /// arXiv's OAI-PMH, one request a paper; only newest versions, with licence, submitter and history
    Oai,
    /// This machine, however old its records are
    Library,
}

/// Fetches.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.batch.output.lists_fields() {
        return summary::fields();
    }
    if args.freshness.refresh && args.via == Some(Via::Library) {
        return Err(Error::usage("--refresh asks arXiv, and --via library does not"));
    }
    let catalogs = context.catalogs()?;
    let mut batch = Batch::open(context, &args.batch, &catalogs)?;
    let ids = batch.undeleted()?;
    if ids.is_empty() {
        return batch.finish(None);
    }
    let coming = if args.no_keep {
        Coming::IfThere
    } else {
        Coming::Kept
    };
    let mut here = records::here(context, &catalogs, Some(&args.freshness), coming);
    let asked = records::get(context, &mut here, ask_for(args), &ids, |id, outcome| {
        batch.answer(id, records::answer(outcome))
    })?;
    for (id, whence) in &asked.stale {
        context
            .ui
            .warn(&format!("{id}: arXiv did not answer; here it is {whence}"));
    }
    let exit = batch.finish(asked.failure.as_ref())?;
    Ok(exit.max(records::trouble(context, &here, !args.no_keep)))
}

fn ask_for(args: &Args) -> Ask {
    match args.via {
        Some(Via::Api) => Ask::ForAll(Strategy::OnlyApi),
        Some(Via::Oai) => Ask::ForAll(Strategy::OnlyOai),
        Some(Via::Library) => Ask::Never,
        None if args.full => Ask::ForStale(Strategy::ApiAndOai),
        None => Ask::ForStale(Strategy::ApiElseOai),
    }
}
