//! `export`: writes whole records.

use crate::app::Context;
use crate::app::collection::ListArgs;
use crate::commands::list;
use crate::error::{Error, Exit};
use crate::format::Format;

/// Write whole records of papers; JSON unless --format says otherwise
///
/// Takes the same papers as `list`: a catalog's, or with -L the library's, with -M the mirror's, with everything
/// known about them.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat export --area reasoning -o reasoning.json
  arxcat export -M -f jsonl | gzip > mirror.jsonl.gz")]
pub struct Args {
    /// Which papers, how, and where to
    #[command(flatten)]
    pub list: ListArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    list::write_list(
        context,
        &args.list,
        args.list.output.format()?.unwrap_or(Format::Json),
    )
}
