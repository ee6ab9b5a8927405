//! `untag`: removes a tag from papers.

use std::collections::HashSet;

use crate::app::Context;
use crate::app::ledger::{self, IdArgs, Ledger};
use crate::commands::tag;
use crate::error::{Error, Exit, did_you_mean};
use crate::library::Library;
use crate::model::id::ArxivId;
use crate::model::outcome::Outcome;
use crate::model::quantity::counted;
use crate::model::text;

/// Take a tag off papers; they stay in the library
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat untag reading R1
  arxcat list -L --tag to-read -f ids | arxcat untag to-read")]
pub struct Args {
    /// The tag, however its case and accents are typed
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Which papers
    #[command(flatten)]
    pub which: IdArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let mut library = Library::existing(&context.settings.library_dir)?;
    let known = match &library {
        Some(library) => library.tags()?,
        None => Vec::new(),
    };
    let wanted = text::fold(&args.name);
    let is_known = known.iter().any(|(tag, _)| text::fold(tag) == wanted);
    // An existing tag can be removed even if today's rules would refuse to add it.
    let name = if is_known {
        args.name.trim().to_owned()
    } else {
        tag::name(&args.name, "untag")?
    };
    let catalogs = context.catalogs()?;
    let mut ledger = Ledger::open(context, &args.which, &catalogs)?;
    let papers = ledger::papers(ledger.ids());
    let lacked: HashSet<ArxivId> = match &mut library {
        Some(library) if is_known => library.untag(&name, &papers)?.into_iter().collect(),
        _ => papers.iter().copied().collect(),
    };
    for id in ledger.ids() {
        if lacked.contains(&id.base()) {
            ledger.record(id, &Outcome::Skipped(format!("not tagged `{name}`")));
        } else {
            ledger.record(id, &Outcome::done(None));
        }
    }
    if !papers.is_empty() && !is_known {
        let nearest = text::nearest(&name, known.iter().map(|(tag, _)| tag.as_str()));
        let hint = did_you_mean(&nearest).map_or_else(String::new, |hint| format!("; {hint}"));
        context.ui.warn(&format!("no paper is tagged `{name}`{hint}"));
    } else if !papers.is_empty() {
        let off = counted((papers.len() - lacked.len()) as u64, "paper");
        let lacking = match lacked.len() as u64 {
            0 => String::new(),
            count => format!("; {} without it", counted(count, "paper")),
        };
        context.ui.note(&format!("took `{name}` off {off}{lacking}"));
    }
    ledger.finish()
}
