//! `stats`: how many papers, by what.

use std::collections::HashMap;
use std::io::Write;

use chrono::Datelike;
use clap::ValueEnum;

use crate::commands::args::ListArgs;
use crate::commands::{Context, report};
use crate::error::{Error, Exit};
use crate::format::{self, Format};
use crate::model::count::Count;
use crate::model::paper::Paper;

/// Count a catalog's papers by year, month, area, category or author
///
/// Piped, the bars are the same, uncoloured and uncut; with --format the counts come as records. -n limits the
/// rows. A paper counts once under each of its categories and authors.
#[derive(clap::Args, Debug)]
pub struct Args {
    /// What to count by
    #[arg(long, value_name = "WHAT", default_value = "year")]
    pub by: By,
    /// Which papers, how, and where to
    #[command(flatten)]
    pub list: ListArgs,
}

/// What papers are counted by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum By {
    /// Year of the first submission
    Year,
    /// Month of the first submission
    Month,
    /// Area of the catalog
    Area,
    /// Category, cross-lists included (--primary: only the primary one)
    Category,
    /// Author
    Author,
}

/// Counts.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let format = args.list.output.format()?;
    if format == Some(Format::Ids) {
        return Err(Error::usage("counts have no identifiers").hint("`arxcat list -f ids` has the papers'"));
    }
    if args.list.output.fields.is_some() {
        return Err(Error::usage(
            "counts have no --fields; their keys are by, key and count",
        ));
    }
    if let Some(format) = format.filter(|format| format.cites()) {
        return Err(Error::usage(format!("counts cannot be written as {format}")));
    }
    let catalog = context.catalog()?;
    let mut selection = args.list.settle(context, &catalog)?;
    let rows = selection.limit.take();
    let caption = report::caption(&catalog);
    let look = context.look(catalog.areas.clone(), args.list.output.is_file());
    let mut output = args.list.output.place.open()?;
    let place = output.place();
    let selected = selection.apply(catalog.papers);
    let mut counts = count(&selected.papers, args.by, args.list.selection.primary);
    if args.list.selection.reverse {
        counts.reverse();
    }
    let all = counts.len();
    counts.truncate(rows.unwrap_or(usize::MAX));
    let written = match format {
        None => format::bars(&counts, &look, &mut output),
        Some(format) => format::counts(format, &counts, &look, &mut output),
    };
    written
        .and_then(|()| output.flush())
        .map_err(|error| place.error(&error))?;
    output.commit()?;
    report::describe(context, &selected, &caption);
    if counts.len() < all {
        context.ui.caption(&format!("{} of {all} rows", counts.len()));
    }
    Ok(Exit::Done)
}

/// Times in their order; all else by number, then name.
fn count(papers: &[Paper], by: By, primary: bool) -> Vec<Count> {
    let mut counts: HashMap<Option<String>, u64> = HashMap::new();
    for paper in papers {
        for key in keys(paper, by, primary) {
            *counts.entry(key).or_default() += 1;
        }
    }
    let mut counts: Vec<Count> = counts
        .into_iter()
        .map(|(key, count)| Count {
            by: by.name(),
            key,
            count,
        })
        .collect();
    if matches!(by, By::Year | By::Month) {
        counts.sort_by(|a, b| (a.key.is_none(), &a.key).cmp(&(b.key.is_none(), &b.key)));
    } else {
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
    }
    counts
}

/// What a paper counts under, each once.
fn keys(paper: &Paper, by: By, primary: bool) -> Vec<Option<String>> {
    let one = |key: Option<String>| vec![key];
    let each = |mut keys: Vec<String>| {
        keys.sort();
        keys.dedup();
        if keys.is_empty() {
            vec![None]
        } else {
            keys.into_iter().map(Some).collect()
        }
    };
    match by {
        By::Year => one(paper.published.map(|stamp| stamp.day().year().to_string())),
        By::Month => one(paper
            .published
            .map(|stamp| stamp.day().format("%Y-%m").to_string())),
        By::Area => one(paper.area().map(str::to_owned)),
        By::Category if primary => one(paper.primary_category.clone()),
        By::Category => each(paper.categories.clone()),
        By::Author => each(paper.authors.iter().map(|author| author.name.clone()).collect()),
    }
}

impl By {
    fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Area => "area",
            Self::Category => "category",
            Self::Author => "author",
        }
    }
}
