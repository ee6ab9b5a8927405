//! `show`: what is known on this machine.

use crate::app::batch::{Answer, Batch, BatchArgs};
use crate::app::{Context, records, summary};
use crate::error::{Error, Exit};
use crate::format::Format;
use crate::lookup::{self, Coming, LocalRecords, Outcome};
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::paper::{Kept, Paper};
use crate::model::text;

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
        return summary::fields();
    }
    let catalogs = context.catalogs()?;
    let mut batch = Batch::open(context, &args.batch, &catalogs)?;
    let mut here = records::here(context, &catalogs, None, Coming::IfThere);
    let mut lacking = false;
    for id in batch.ids() {
        let answer = here
            .whatever(id)
            .map_or_else(|| unknown(&mut here, id), records::answer);
        if let Answer::Found(paper) | Answer::Held(paper) = &answer {
            lacking |= paper.abstract_.is_none();
        }
        if batch.answer(id, answer)?.is_break() {
            break;
        }
    }
    if lacking && matches!(args.batch.output.format()?, None | Some(Format::Text)) {
        context
            .ui
            .caption("no abstract is held here; `arxcat fetch ID` gets it from arXiv");
    }
    let exit = batch.finish(None)?;
    Ok(exit.max(records::trouble(context, &here, false)))
}

/// Why there is nothing to show, and what the user made of the paper nevertheless.
fn unknown(here: &mut LocalRecords<'_>, id: ArxivId) -> Answer {
    let (status, why) = reason(here, id);
    let words = here.words(id).map_or_else(String::new, |kept| words(&kept));
    Answer::Failed(status, why + &words)
}

fn reason(here: &mut LocalRecords<'_>, id: ArxivId) -> (Status, String) {
    if let Some(reason) = id.deleted() {
        return (Status::Deleted, lookup::deleted(reason));
    }
    if let Some(Outcome::Found(paper) | Outcome::Held(paper)) = here.whatever(id.base()) {
        return (Status::NotFound, other_version(id, &paper));
    }
    match here.deletion(id) {
        Some(deletion) => (Status::Deleted, deletion.reason),
        None => (
            Status::NotFound,
            format!("not known here; `arxcat fetch {id}` asks arXiv"),
        ),
    }
}

/// `; your tags: todo; your note: read section 3`.
fn words(kept: &Kept) -> String {
    let tags = (!kept.tags.is_empty()).then(|| format!("; your tags: {}", kept.tags.join(", ")));
    let note = kept
        .note
        .as_deref()
        .map(|note| format!("; your note: {}", text::squeeze(note)));
    tags.unwrap_or_default() + &note.unwrap_or_default()
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
