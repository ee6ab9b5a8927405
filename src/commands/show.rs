//! `show`: prints what is known about papers on this machine.

use crate::app::report::{BatchArgs, Report};
use crate::app::{Context, records, summary};
use crate::error::{Error, Exit};
use crate::format::Format;
use crate::lookup::{LocalRecords, Storage};
use crate::model::id::ArxivId;
use crate::model::lang::Lang;
use crate::model::ledger::Status;
use crate::model::outcome::{Outcome, deleted_reason};
use crate::model::paper::{Paper, UserData};
use crate::model::text;

/// Show everything known on this machine about these papers; never opens the network
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat show R1
  arxcat show 1706.03762 --json")]
pub struct Args {
    /// Which papers, and where to
    #[command(flatten)]
    pub batch: BatchArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.batch.output.lists_fields() {
        return summary::fields();
    }
    let catalogs = context.catalogs()?;
    let mut report = Report::open(context, &args.batch, &catalogs)?;
    let mut here = records::local(context, &catalogs, None, Storage::ExistingMirror);
    let mut lacking = Vec::new();
    for id in report.ids().to_vec() {
        let outcome = here.any_age(id).unwrap_or_else(|| unknown(&mut here, id));
        if outcome.paper().is_some_and(|paper| paper.abstract_.is_none()) {
            lacking.push(id.to_string());
        }
        if report.record(id, outcome)?.is_break() {
            break;
        }
    }
    if !lacking.is_empty()
        && args.batch.output.fields.is_none()
        && matches!(args.batch.output.format()?, None | Some(Format::Text))
    {
        context.ui.caption(&no_abstract(&lacking, context.settings.lang));
    }
    let exit = report.finish(None)?;
    Ok(exit.max(records::report_library_errors(context, &here, false)))
}

/// The note about papers without an abstract, with the command that fetches it.
fn no_abstract(ids: &[String], lang: Lang) -> String {
    /// More identifiers would make the command too long to read; `-` stands for the same list on stdin.
    const MAX_IDS: usize = 5;
    let ids = if ids.len() <= MAX_IDS {
        ids.join(" ")
    } else {
        "-".to_owned()
    };
    match lang {
        Lang::En => format!("no abstract is held here; `arxcat fetch {ids}` gets it from arXiv"),
        Lang::Zh => format!("本机没有摘要；`arxcat fetch {ids}` 可从 arXiv 获取"),
    }
}

/// Why there is nothing to show, and what the user made of the paper nevertheless.
fn unknown(here: &mut LocalRecords<'_>, id: ArxivId) -> Outcome {
    let (status, why) = reason(here, id);
    let words = here.user_data(id).map_or_else(String::new, |kept| words(&kept));
    Outcome::Failed(status, why + &words)
}

fn reason(here: &mut LocalRecords<'_>, id: ArxivId) -> (Status, String) {
    if let Some(reason) = id.deleted() {
        return (Status::Deleted, deleted_reason(reason));
    }
    if let Some(Outcome::Found(paper, _)) = here.any_age(id.base()) {
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
fn words(kept: &UserData) -> String {
    let tags = (!kept.tags.is_empty()).then(|| format!("; your tags: {}", kept.tags.join(", ")));
    let note = kept
        .note
        .as_deref()
        .map(|note| format!("; your note: {}", text::fold_whitespace(note)));
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
