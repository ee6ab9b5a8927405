//! `tags`: lists the user's tags with their number of papers.

use crate::app::Context;
use crate::app::arguments::{OutputArgs, PlaceArgs};
use crate::commands::stats;
use crate::error::{Error, Exit};
use crate::library::Library;
use crate::model::count::Count;
use crate::model::id::ArxivId;
use crate::model::quantity::counted;

/// Maximum number of papers that are listed by identifier.
const MAX_LISTED: usize = 10;

/// List your tags, each with the number of its papers
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat tags
  arxcat tags --json")]
pub struct Args {
    /// Format: table, tsv, csv, json, jsonl, markdown
    #[arg(long, short, value_name = "FORMAT", help_heading = "Output")]
    pub format: Option<String>,
    /// Short for --format json
    #[arg(long, conflicts_with_all = ["format", "jsonl"], help_heading = "Output")]
    pub json: bool,
    /// Short for --format jsonl
    #[arg(long, conflicts_with = "format", help_heading = "Output")]
    pub jsonl: bool,
    /// Where to
    #[command(flatten, next_help_heading = "Output")]
    pub place: PlaceArgs,
}

/// Runs the command: the most frequent tag comes first.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let output = OutputArgs {
        format: args.format.clone(),
        json: args.json,
        jsonl: args.jsonl,
        place: args.place.clone(),
        ..OutputArgs::default()
    };
    let format = stats::format(&output)?;
    let library = Library::existing(&context.settings.library_dir)?;
    let tags = match &library {
        Some(library) => library.tags()?,
        None => Vec::new(),
    };
    let mut counts: Vec<Count> = tags
        .into_iter()
        .map(|(tag, count)| Count {
            by: "tag",
            key: Some(tag),
            count,
        })
        .collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
    let look = context.render_options(Vec::new(), output.is_file());
    stats::write(&counts, format, &look, output.place.open()?)?;
    if counts.is_empty() {
        context
            .ui
            .note("there are no tags yet; `arxcat tag NAME ID` makes one");
    }
    if let Some(library) = &library {
        note_unlisted(context, &library.tagged_without_record()?);
    }
    Ok(Exit::Done)
}

/// Notes that the counts include papers without a record, which no list shows.
fn note_unlisted(context: &Context, ids: &[ArxivId]) {
    if ids.is_empty() {
        return;
    }
    let named: Vec<String> = ids.iter().take(MAX_LISTED).map(ArxivId::to_string).collect();
    context.ui.note(&format!(
        "the counts include {} whose record is not here, so that no list has it: `arxcat show {}` says why",
        counted(ids.len() as u64, "paper"),
        named.join(" ")
    ));
}
