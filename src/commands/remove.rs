//! `remove`: removes papers from the library, and undoes the last removal.

use crate::app::Context;
use crate::app::ledger::{self, IdArgs, Ledger};
use crate::error::{Error, Exit};
use crate::library::{Library, RemovedPaper, StoredRecord};
use crate::model::id::ArxivId;
use crate::model::ledger::Status;
use crate::model::outcome::Outcome;
use crate::model::quantity::counted;
use crate::model::tex::to_plain_text;
use crate::model::text;
use crate::ui::Confirmation;

/// Maximum number of papers that are listed by identifier.
const MAX_LISTED: usize = 10;

/// Take papers out of the library, with their tags and notes
///
/// Their records stay in the mirror, where `-M` finds them, unless --mirror is said; downloaded files stay where they
/// are. --undo brings back what the last removal took, and said again, the one before.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat remove R1 --yes
  arxcat remove --undo")]
pub struct Args {
    /// Which papers
    #[command(flatten)]
    pub which: IdArgs,
    /// Take their records out of the mirror as well
    #[arg(long)]
    pub mirror: bool,
    /// Bring back what was removed last, with tags and notes
    #[arg(long, conflicts_with_all = ["ids", "mirror", "ledger"])]
    pub undo: bool,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.undo {
        return undo(context);
    }
    let catalogs = context.catalogs()?;
    let mut ledger = Ledger::open(context, &args.which, &catalogs)?;
    let Some(mut library) = Library::existing(&context.settings.library_dir)? else {
        for id in ledger.ids() {
            ledger.record(id, &missing("not in the library"));
        }
        return ledger.finish();
    };
    let asked = removable(&library, &mut ledger, args.mirror)?;
    let papers = ledger::papers(asked.iter().copied());
    if papers.is_empty() {
        return ledger.finish();
    }
    if !confirmed(context, &library, &papers, args.mirror)? {
        for id in asked {
            ledger.record(id, &Outcome::Skipped("the answer was no".to_owned()));
        }
        context.ui.note("nothing was removed");
        return ledger.finish();
    }
    let removed = library.remove(&papers, args.mirror)?;
    for id in asked {
        ledger.record(id, &Outcome::done(None));
    }
    context.ui.note(&format!(
        "removed {}; `arxcat remove --undo` brings {} back",
        counted(removed.len() as u64, "paper"),
        if removed.len() == 1 { "it" } else { "them" }
    ));
    ledger.finish()
}

/// The papers of the batch that can be removed; the others are reported.
fn removable(library: &Library, ledger: &mut Ledger, mirror: bool) -> Result<Vec<ArxivId>, Error> {
    let mut there = Vec::new();
    for id in ledger.ids() {
        let in_mirror = || library.get(id.base()).map(|stored| stored.is_some());
        if library.is_kept(id)? || mirror && in_mirror()? {
            there.push(id);
        } else if mirror {
            ledger.record(id, &missing("neither in the library nor in the mirror"));
        } else if in_mirror()? {
            let why = format!(
                "not in the library, only in the mirror; `arxcat remove --mirror {}` takes it out there",
                id.base()
            );
            ledger.record(id, &missing(why));
        } else {
            ledger.record(id, &missing("not in the library"));
        }
    }
    Ok(there)
}

fn missing(reason: impl Into<String>) -> Outcome {
    Outcome::Failed(Status::NotFound, reason.into())
}

fn undo(context: &Context) -> Result<Exit, Error> {
    let back = match Library::existing(&context.settings.library_dir)? {
        Some(mut library) => library.undo()?,
        None => Vec::new(),
    };
    if back.is_empty() {
        context.ui.failed("nothing was removed that is not back already");
        return Ok(Exit::Partly);
    }
    for one in back.iter().take(MAX_LISTED) {
        let with = user_data_text(one);
        context.ui.note(&format!("{} is back{with}", one.id));
    }
    if back.len() > MAX_LISTED {
        let more = counted((back.len() - MAX_LISTED) as u64, "paper");
        context.ui.note(&format!("{more} more are back"));
    }
    Ok(Exit::Done)
}

/// Asks for confirmation.
fn confirmed(context: &Context, library: &Library, papers: &[ArxivId], mirror: bool) -> Result<bool, Error> {
    let mut named = Vec::new();
    for id in papers.iter().take(MAX_LISTED) {
        named.push(described(*id, library.get(*id)?.as_ref()));
    }
    if let Some(more @ 1..) = papers.len().checked_sub(MAX_LISTED) {
        named.push(format!("{more} more"));
    }
    let place = if mirror { "library and mirror" } else { "library" };
    let what = format!(
        "this removes {} from the {place}: {}",
        counted(papers.len() as u64, "paper"),
        named.join(", ")
    );
    match context.ui.confirm(&format!("{what}. Go on?")) {
        Confirmation::Yes => Ok(true),
        Confirmation::No => Ok(false),
        Confirmation::Unanswered => Err(Error::usage(what).hint(format!(
            "say --yes to remove without being asked; `arxcat remove --undo` brings {} back",
            if papers.len() == 1 { "it" } else { "them" }
        ))),
    }
}

/// A paper for the question: `2501.00001 (A Title; tags todo, moe; with a note)`.
fn described(id: ArxivId, stored: Option<&StoredRecord>) -> String {
    let mut facts = Vec::new();
    if let Some(stored) = stored {
        facts.push(text::truncate(&to_plain_text(&stored.paper.title), 60).into_owned());
        if let Some(kept) = &stored.paper.library {
            if !kept.tags.is_empty() {
                facts.push(format!("tags {}", kept.tags.join(", ")));
            }
            if kept.note.is_some() {
                facts.push("with a note".to_owned());
            }
        }
    }
    let facts = match facts.as_slice() {
        [] => String::new(),
        facts => format!(" ({})", facts.join("; ")),
    };
    format!("{id}{facts}")
}

/// The user data of a restored paper: `, with its tags todo, moe and its note`.
fn user_data_text(one: &RemovedPaper) -> String {
    let tags = match one.tags.as_slice() {
        [] => None,
        [tag] => Some(format!("its tag {tag}")),
        tags => Some(format!("its tags {}", tags.join(", "))),
    };
    let note = one.note.as_ref().map(|_| "its note".to_owned());
    let with: Vec<String> = tags.into_iter().chain(note).collect();
    if with.is_empty() {
        String::new()
    } else {
        format!(", with {}", with.join(" and "))
    }
}
