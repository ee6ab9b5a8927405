//! `fetch`: fetches records from arXiv by identifier.

use clap::ValueEnum;

use crate::app::arguments::FreshnessArgs;
use crate::app::records::{self, Policy};
use crate::app::report::{BatchArgs, Report};
use crate::app::{Context, summary};
use crate::error::{Error, Exit};
use crate::lookup::{Services, Storage};

/// Fetch records from arXiv by identifier, in batches, in the order given, and keep them
///
/// A record in the library that arXiv confirmed within --max-age is not requested again; a record of one version never
/// gets old. If the query API refuses, records come one by one from OAI-PMH, then from this machine, however old; the
/// exit code is 3 if some are missing then. stderr says where each came from. With --offline they come from this machine
/// alone.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat fetch 1706.03762 R1
  arxcat fetch 2501.12948v1 --json -o r1.json
  arxcat list --area reasoning -f ids | arxcat fetch --jsonl > reasoning.jsonl")]
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
    pub freshness: FreshnessArgs,
}

/// The only source of records, if one is named.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Via {
    /// arXiv's query API, in batches
    Api,
    /// arXiv's OAI-PMH, one request a paper; only newest versions, with licence, submitter and history
    Oai,
    /// This machine, however old its records are
    Library,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.batch.output.lists_fields() {
        return summary::fields();
    }
    if args.freshness.refresh && args.via == Some(Via::Library) {
        return Err(Error::usage("--refresh asks arXiv, and --via library does not"));
    }
    let catalogs = context.catalogs()?;
    let mut report = Report::open(context, &args.batch, &catalogs)?;
    let ids = report.undeleted()?;
    if ids.is_empty() {
        return report.finish(None);
    }
    let storage = if args.no_keep {
        Storage::ExistingMirror
    } else {
        Storage::Library
    };
    let mut local = records::local(context, &catalogs, Some(&args.freshness), storage);
    let fetched = records::lookup(context, &mut local, policy(args), &ids, |id, outcome| {
        report.record(id, outcome)
    })?;
    records::warn_of_stale(context, &fetched);
    let exit = report.finish(fetched.failure.as_ref())?;
    Ok(exit.max(records::report_library_errors(context, &local, !args.no_keep)))
}

fn policy(args: &Args) -> Policy {
    match args.via {
        Some(Via::Api) => Policy::Always(Services::ApiOnly),
        Some(Via::Oai) => Policy::Always(Services::OaiOnly),
        Some(Via::Library) => Policy::Never,
        None if args.full => Policy::IfStale(Services::ApiAndOai),
        None => Policy::IfStale(Services::ApiElseOai { at_most: usize::MAX }),
    }
}
