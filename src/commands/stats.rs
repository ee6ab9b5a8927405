//! `stats`: numbers of papers by year, month, area, category or author.

use std::collections::HashMap;
use std::io::Write;

use chrono::Datelike;
use clap::ValueEnum;

use crate::app::arguments::{OutputArgs, parse_query};
use crate::app::collection::{Collection, ListArgs, Summary};
use crate::app::output::Output;
use crate::app::{Context, summary};
use crate::error::{Error, Exit};
use crate::format::{self, Format, RenderOptions};
use crate::library::CountKey;
use crate::model::count::Count;
use crate::model::paper::Paper;
use crate::model::query::Query;
use crate::model::selection::Selection;

/// Count papers by year, month, area, category or author
///
/// Counts the papers that `list` would show: a catalog's, or with -L the library's, with -M the mirror's. Draws bars, also
/// into a pipe, where they are uncoloured and never cut; --format writes the counts as records. -n limits the rows. A paper
/// counts once under each of its categories and authors.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat stats --by area
  arxcat stats -L --by category -n 10
  arxcat stats --by month --since 2025 -f csv")]
pub struct Args {
    /// Count by this property
    #[arg(long, value_name = "WHAT", default_value = "year")]
    pub by: CountBy,
    /// Which papers, how, and where to
    #[command(flatten)]
    pub list: ListArgs,
}

/// What papers are counted by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum CountBy {
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

/// Counts the papers and writes the counts.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    let format = format(&args.list.output)?;
    let query = parse_query(context, &args.list.words)?;
    let collection = Collection::of(context, &args.list)?;
    let mut selection = collection.selection(context, &args.list)?;
    let rows = selection.limit.take();
    let options = context.render_options(collection.areas(), args.list.output.is_file());
    let output = args.list.output.place.open()?;
    let (totals, summary) = count(context, args, &collection, query.as_ref(), &selection)?;
    let mut counts = sorted(totals, args.by);
    if args.list.selection.reverse {
        counts.reverse();
    }
    let all = counts.len();
    counts.truncate(rows.unwrap_or(usize::MAX));
    write(&counts, format, &options, output)?;
    summary::describe(context, &summary);
    if counts.len() < all {
        context.ui.caption(&format!("{} of {all} rows", counts.len()));
    }
    Ok(summary.exit())
}

/// Counts papers: from columns and indexes if they suffice, which for a million papers takes a fraction of the time that
/// reading their records takes.
fn count(
    context: &Context,
    args: &Args,
    collection: &Collection,
    query: Option<&Query>,
    selection: &Selection,
) -> Result<(HashMap<Option<String>, u64>, Summary), Error> {
    let primary = args.list.selection.primary;
    let counted_key = args.by.record_key(primary);
    let key = match args.by {
        CountBy::Year => Some(CountKey::Year),
        CountBy::Month => Some(CountKey::Month),
        CountBy::Category if primary => Some(CountKey::PrimaryCategory),
        CountBy::Category => Some(CountKey::Category),
        _ => None,
    };
    if let (Some(key), None) = (key, query)
        && let Some((counts, summary)) = collection.count_by(context, key, counted_key, selection)?
    {
        return Ok((counts.by_key, summary));
    }
    let mut totals: HashMap<Option<String>, u64> = HashMap::new();
    let mut unsure = 0;
    let mut summary = collection.each(context, query, selection, |paper| {
        unsure += u64::from(paper.is_unsure(counted_key));
        for key in keys(paper, args.by, primary) {
            *totals.entry(key).or_default() += 1;
        }
        Ok(())
    })?;
    if unsure > 0 && !summary.unsure.iter().any(|(key, _)| *key == counted_key) {
        summary.unsure.push((counted_key, unsure));
    }
    Ok((totals, summary))
}

/// The format in which counts are written, if one was chosen. Fails if it is a format of papers alone.
pub(super) fn format(output: &OutputArgs) -> Result<Option<Format>, Error> {
    let format = output.format()?;
    if format == Some(Format::Ids) {
        return Err(Error::usage("counts have no identifiers").hint("`arxcat list -f ids` has the papers'"));
    }
    if output.fields.is_some() {
        return Err(Error::usage(
            "counts have no --fields; their keys are by, key and count",
        ));
    }
    if let Some(format) = format.filter(|format| format.cites()) {
        return Err(Error::usage(format!("counts cannot be written as {format}")));
    }
    Ok(format)
}

/// Writes counts in a format, or as bars if there is none.
pub(super) fn write(
    counts: &[Count],
    format: Option<Format>,
    options: &RenderOptions,
    mut output: Output,
) -> Result<(), Error> {
    let place = output.place();
    let written = match format {
        None => format::bars(counts, options, &mut output),
        Some(format) => format::counts(format, counts, options, &mut output),
    };
    written
        .and_then(|()| output.flush())
        .map_err(|error| place.error(&error))?;
    output.commit()
}

/// Sorts years and months by date, everything else by count and then by name.
fn sorted(counts: HashMap<Option<String>, u64>, by: CountBy) -> Vec<Count> {
    let mut counts: Vec<Count> = counts
        .into_iter()
        .map(|(key, count)| Count {
            by: by.name(),
            key,
            count,
        })
        .collect();
    if matches!(by, CountBy::Year | CountBy::Month) {
        counts.sort_by(|a, b| (a.key.is_none(), &a.key).cmp(&(b.key.is_none(), &b.key)));
    } else {
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
    }
    counts
}

/// The keys under which a paper counts, without repetition.
fn keys(paper: &Paper, by: CountBy, primary: bool) -> Vec<Option<String>> {
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
        CountBy::Year => one(paper.published.map(|stamp| stamp.day().year().to_string())),
        CountBy::Month => one(paper
            .published
            .map(|stamp| stamp.day().format("%Y-%m").to_string())),
        CountBy::Area => one(paper.area().map(str::to_owned)),
        CountBy::Category if primary => one(paper.primary_category.clone()),
        // A source may know the primary category without the list of all categories.
        CountBy::Category => each(
            paper
                .categories
                .iter()
                .chain(&paper.primary_category)
                .cloned()
                .collect(),
        ),
        CountBy::Author => each(paper.authors.iter().map(|author| author.name.clone()).collect()),
    }
}

impl CountBy {
    /// The key of a record that is counted by.
    fn record_key(self, primary: bool) -> &'static str {
        match self {
            Self::Year | Self::Month => "published",
            Self::Area => "catalog.area",
            Self::Category if primary => "primary_category",
            Self::Category => "categories",
            Self::Author => "authors",
        }
    }

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
