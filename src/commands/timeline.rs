//! `timeline`: papers by date, drawn month by month.

use std::io;

use clap::ValueEnum;

use crate::app::arguments::parse_query;
use crate::app::collection::{Collection, ListArgs};
use crate::app::output::Output;
use crate::app::{Context, summary};
use crate::error::{Error, Exit};
use crate::format::{self, Format, PeriodLength, RenderOptions};
use crate::model::paper::Paper;
use crate::model::selection::Sort;

/// Draw papers by date, oldest first, grouped by month, quarter or year
///
/// Draws the papers that `list` would show: a catalog's, or with -L the library's, with -M the mirror's. Draws the same
/// into a pipe, uncoloured and never cut; --format writes the papers as records, and `-f markdown` makes a page.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat timeline
  arxcat timeline --by year --lang zh
  arxcat timeline --area reasoning -f markdown -o timeline.md")]
pub struct Args {
    /// Length of a period
    #[arg(long, value_name = "PERIOD", default_value = "month")]
    pub by: PeriodArg,
    /// Which papers, how, and where to
    #[command(flatten)]
    pub list: ListArgs,
}

/// The values of `--by`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum PeriodArg {
    /// A month
    Month,
    /// Three months
    Quarter,
    /// A year
    Year,
}

impl From<PeriodArg> for PeriodLength {
    fn from(by: PeriodArg) -> Self {
        match by {
            PeriodArg::Month => Self::Month,
            PeriodArg::Quarter => Self::Quarter,
            PeriodArg::Year => Self::Year,
        }
    }
}

/// Draws the timeline, or writes its papers as records.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.list.output.lists_fields() {
        return summary::fields();
    }
    let output = &args.list.output;
    // A file of text gets the picture; records as text have to be requested.
    let format = output.format_among(|format| format != Format::Text)?;
    let query = parse_query(context, &args.list.words)?;
    let collection = Collection::of(context, &args.list)?;
    let mut selection = collection.selection(context, &args.list)?;
    if selection.sort != Sort::Title {
        // Time runs down the page, unlike in a list.
        selection.reverse = !selection.reverse;
    }
    let options = context.render_options(collection.areas(), args.list.output.is_file());
    let summary = match format {
        None | Some(Format::Markdown) => {
            if args.list.output.fields.is_some() {
                return Err(Error::usage("a timeline is drawn without --fields")
                    .hint("add --format tsv, csv, json or jsonl"));
            }
            let mut output = args.list.output.place.open()?;
            let mut papers = Vec::new();
            // The picture sorts by period first, so in another order than by date the limit is known only at the end.
            let limit = match selection.sort {
                Sort::Date => None,
                _ => selection.limit.take(),
            };
            let mut summary = collection.each(context, query.as_ref(), &selection, |paper| {
                papers.push(without_details(paper));
                Ok(())
            })?;
            format::in_periods(&mut papers, args.by.into(), args.list.selection.reverse);
            papers.truncate(limit.unwrap_or(usize::MAX));
            summary.shown = papers.len() as u64;
            draw(&papers, args.by.into(), format.is_some(), &options, &mut output)
                .map_err(|error| output.place().error(&error))?;
            output.commit()?;
            summary
        }
        Some(format) => {
            let mut writer = args.list.output.open(format, options)?;
            let summary =
                collection.each(context, query.as_ref(), &selection, |paper| writer.paper(paper))?;
            writer.finish(false)?;
            summary
        }
    };
    summary::describe(context, &summary);
    Ok(summary.exit())
}

/// A copy without the fields that a timeline does not show, since all its papers are in memory at once.
fn without_details(paper: &Paper) -> Paper {
    Paper {
        abstract_: None,
        authors: Vec::new(),
        versions: None,
        ..paper.clone()
    }
}

fn draw(
    papers: &[Paper],
    by: PeriodLength,
    as_page: bool,
    options: &RenderOptions,
    output: &mut Output,
) -> io::Result<()> {
    if as_page {
        format::timeline_markdown(papers, by, options, output)
    } else {
        format::timeline(papers, by, options, output)
    }
}
