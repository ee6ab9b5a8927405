//! `list`: lists papers of a catalog, the library or the mirror.

use crate::app::arguments::parse_query;
use crate::app::collection::{Collection, ListArgs};
use crate::app::{Context, summary};
use crate::error::{Error, Exit};
use crate::format::Format;

/// List papers of a catalog, the library or the mirror, newest first, without a network
///
/// They are a catalog's unless -L, -M or the configuration says otherwise: the built-in one holds DeepSeek's papers,
/// --catalog takes another. WORDS are a query, as `search` takes it: over title, short name, summaries, area, abstract,
/// comment and authors, in English or Chinese.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat list --area reasoning
  arxcat list sparse attention --since 2025
  arxcat list -L --tag reading -f ids")]
pub struct Args {
    /// Which papers, how, and where to
    #[command(flatten)]
    pub list: ListArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    write_list(context, &args.list, args.list.output.list_format(context)?)
}

/// Writes the selected papers in this format.
pub fn write_list(context: &Context, list: &ListArgs, format: Format) -> Result<Exit, Error> {
    if list.output.lists_fields() {
        return summary::fields();
    }
    let query = parse_query(context, &list.words)?;
    let collection = Collection::of(context, list)?;
    let selection = collection.selection(context, list)?;
    let look = context.paper_options(collection.areas(), list.output.is_file());
    let mut writer = list.output.open(format, look)?;
    let summary = collection.each(context, query.as_ref(), &selection, |paper| writer.paper(paper))?;
    writer.finish(false)?;
    summary::describe(context, &summary);
    Ok(summary.exit())
}
