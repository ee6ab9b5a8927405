//! `list`: a catalog's papers.

use crate::commands::args::ListArgs;
use crate::commands::{Context, report};
use crate::error::{Error, Exit};
use crate::format::Format;

/// List a catalog's papers, newest first, without a network
///
/// The built-in catalog holds DeepSeek's papers; --catalog takes another. TEXT filters over title, short name,
/// summaries and area, in English or Chinese; several must all match.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// Which papers, how, and where to
    #[command(flatten)]
    pub list: ListArgs,
}

/// Lists.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    write_list(context, &args.list, args.list.output.list_format(context)?)
}

/// Writes the selected papers in this format.
pub fn write_list(context: &Context, list: &ListArgs, format: Format) -> Result<Exit, Error> {
    if list.output.lists_fields() {
        return report::fields();
    }
    let catalog = context.catalog()?;
    let selection = list.settle(context, &catalog)?;
    let caption = report::caption(&catalog);
    let look = context.look(catalog.areas.clone(), list.output.is_file());
    let writer = list.output.open(format, look)?;
    let selected = selection.apply(catalog.papers);
    writer.write_all(&selected.papers)?;
    report::describe(context, &selected, &caption);
    Ok(Exit::Done)
}
