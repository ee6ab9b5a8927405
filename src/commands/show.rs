//! `show`: what is known on this machine.

use crate::commands::batch::{Answer, Batch, BatchArgs};
use crate::commands::{Context, report};
use crate::error::{Error, Exit};
use crate::format::Format;
use crate::lookup;
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::paper::Paper;

/// Show everything known on this machine about these papers; never opens the network
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Which papers, and where to
    #[command(flatten)]
    pub batch: BatchArgs,
}

/// Shows.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.batch.output.lists_fields() {
        return report::fields();
    }
    let catalogs = context.catalogs()?;
    let mut batch = Batch::open(context, &args.batch, &catalogs)?;
    let mut lacking = false;
    for id in batch.ids() {
        let answer = match (lookup::local(&catalogs, id), id.deleted()) {
            (Some(paper), _) if id.version().is_none() || id.version() == paper.version => {
                lacking |= paper.abstract_.is_none();
                Answer::Found(Box::new(paper))
            }
            (Some(paper), _) => Answer::Failed(Status::NotFound, other_version(id, &paper)),
            (None, Some(reason)) => Answer::Failed(Status::Deleted, lookup::deleted(reason)),
            (None, None) => Answer::Failed(
                Status::NotFound,
                format!("not known here; `arxcat fetch {id}` asks arXiv"),
            ),
        };
        if batch.answer(id, answer)?.is_break() {
            break;
        }
    }
    if lacking && matches!(args.batch.output.format()?, None | Some(Format::Text)) {
        context
            .ui
            .caption("no abstract is held here; `arxcat fetch ID` gets it from arXiv");
    }
    batch.finish(None)
}

/// One version's record never answers for another's.
fn other_version(id: ArxivId, held: &Paper) -> String {
    let held = held
        .version
        .map_or_else(|| "the paper".to_owned(), |version| format!("v{version}"));
    format!(
        "only {held} is known here; `arxcat fetch {id}` asks arXiv, `arxcat show {}` shows that",
        id.base()
    )
}
