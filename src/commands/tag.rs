//! `tag`: adds a tag to papers.

use std::collections::HashSet;

use crate::app::ledger::{self, IdArgs, Ledger};
use crate::app::{Context, keep};
use crate::error::{Error, Exit};
use crate::model::id::ArxivId;
use crate::model::outcome::Outcome;
use crate::model::quantity::counted;
use crate::model::{tag, text};

/// Put a tag of yours on papers, and so keep them in the library
///
/// `--tag NAME` selects by it. Case and accents make no other tag: it is spelled as it was first. A paper that only a
/// catalog knows is taken into the library from there.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat tag reading R1 1706.03762
  arxcat list --area reasoning -f ids | arxcat tag to-read")]
pub struct Args {
    /// The tag: a word or a few
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Which papers
    #[command(flatten)]
    pub which: IdArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let name = name(&args.name, "tag")?;
    let catalogs = context.catalogs()?;
    let mut ledger = Ledger::open(context, &args.which, &catalogs)?;
    let Some(mut kept) = keep::keep(context, &catalogs, &mut ledger)? else {
        return ledger.finish();
    };
    let papers = ledger::papers(kept.papers.iter().map(|(id, _)| *id));
    let had: HashSet<ArxivId> = kept
        .library
        .tag(&name, &papers, context.now())?
        .into_iter()
        .collect();
    let known = kept.library.tags()?;
    let own = known
        .into_iter()
        .find(|(tag, _)| text::fold(tag) == text::fold(&name));
    let name = own.map_or(name, |(tag, _)| tag);
    for (id, source) in kept.papers {
        if had.contains(&id.base()) {
            ledger.record(id, &Outcome::Skipped(format!("tagged `{name}` already")));
        } else {
            ledger.record(id, &Outcome::done(Some(source.into())));
        }
    }
    let already = match had.len() as u64 {
        0 => String::new(),
        count => format!("; {} tagged so already", counted(count, "paper")),
    };
    let papers = counted((papers.len() - had.len()) as u64, "paper");
    context.ui.note(&format!("tagged {papers} `{name}`{already}"));
    ledger.finish()
}

/// Validates a tag. `command` is used in hints.
pub(super) fn name(typed: &str, command: &str) -> Result<String, Error> {
    if ArxivId::parse(typed).is_ok() {
        return Err(Error::usage(format!("`{typed}` is an identifier, not a tag"))
            .hint(format!("the tag comes first: `arxcat {command} NAME {typed}`")));
    }
    tag::parse(typed).map_err(|wrong| {
        Error::usage(wrong).hint(format!(
            "a tag is a word or a few: `arxcat {command} to-read ID`, `arxcat {command} \"to read\" ID`"
        ))
    })
}
