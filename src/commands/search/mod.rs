//! `search`: searches arXiv, the library or the mirror.

mod hints;
mod local;
mod remote;

use std::io::Write;
use std::ops::ControlFlow;

use crate::app::arguments::{FreshnessArgs, OutputArgs, SelectionArgs, SortArg, parse_query};
use crate::app::collection::CollectionArgs;
use crate::app::output::Writer;
use crate::app::{Context, records, summary};
use crate::arxiv::api::{self, SearchRequest, SortBy};
use crate::arxiv::syntax::{self, Filters};
use crate::error::{Error, Exit};
use crate::library::CachedSearch;
use crate::lookup::{self, Storage};
use crate::model::category::CategoryFilter;
use crate::model::paper::Paper;
use crate::model::quantity::counted;
use crate::model::quantity::duration;
use crate::model::query::Query;
use crate::model::selection::{Selection, Sort};
use crate::model::text;
use crate::ui::Confirmation;

/// The number of results without `--limit` and `--all`.
const DEFAULT_LIMIT: usize = 25;

/// Search arXiv, or with -L and -M what is held on this machine
///
/// Every word must match; an argument with spaces is a phrase; OR and NOT between words, parentheses around them;
/// `title:x`, `author:x`, `abstract:x`, `comment:x` and `category:x` look in one field, `word*` for a beginning. Words
/// may be left out when a filter is given.
///
/// What comes is remembered in the mirror, and the same search within --max-age is answered from there.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat search attention --category cs.CL --since 2017
  arxcat search author:vaswani OR title:attention -n 5
  arxcat search -L attention")]
pub struct Args {
    /// What to search for
    #[arg(value_name = "WORDS")]
    pub words: Vec<String>,
    /// Get every result; past 10,000 in slices by date, after asking
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
    /// Send this query in arXiv's own syntax
    #[arg(long, value_name = "QUERY", conflicts_with = "words")]
    pub raw: Option<String>,
    /// Print how the query is understood and the URL that would be sent, and send nothing
    #[arg(long)]
    pub explain: bool,
    /// Of what, in place of arXiv
    #[command(flatten)]
    pub collection: CollectionArgs,
    /// How old an answer may be
    #[command(flatten)]
    pub freshness: FreshnessArgs,
    /// Which papers
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// How, and where to
    #[command(flatten)]
    pub output: OutputArgs,
}

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.output.lists_fields() {
        return summary::fields();
    }
    hints::check_words(&args.words)?;
    let query = parse_query(context, &args.words)?;
    if let Some(scope) = args.scope() {
        return local::run(context, args, query.as_ref(), scope);
    }
    let selection = args.selection.settle(context.today(), None)?;
    let search = SearchRequest {
        query: expression(args, query.as_ref(), &selection)?,
        sort: sort(args, query.is_some() || args.raw.is_some())?,
        ascending: args.selection.reverse,
        want: want(args)?,
    };
    let ignored = match &args.raw {
        Some(_) => Vec::new(),
        None => syntax::ignored_words(query.as_ref(), &filters(&selection)),
    };
    if args.explain {
        return explain(context, query.as_ref(), &ignored, &search);
    }
    let format = args.output.list_format(context)?;
    let catalogs = context.catalogs()?;
    let look = context.render_options(lookup::areas(&catalogs), args.output.is_file());
    let writer = args.output.open(format, look)?;
    let mut here = records::local(context, &catalogs, Some(&args.freshness), Storage::Mirror);
    let mut results = Results::new(context, &selection, args, writer);
    let exit = match remote::known(context, args, &search, &mut here)? {
        Some((answer, papers)) => {
            results.known(&answer, papers);
            results.finish(None)
        }
        None => remote::ask(context, args, &search, &mut here, results),
    };
    exit.map(|exit| exit.max(records::report_library_errors(context, &here, false)))
}

/// The results of a running search.
struct Results<'a> {
    context: &'a Context,
    selection: &'a Selection,
    writer: Writer,
    /// Results that are collected to be sorted here, because arXiv cannot sort by title or identifier.
    collected: Option<Vec<Paper>>,
    limit: Option<usize>,
    written: usize,
    looked_at: u64,
    /// Results that `--primary` excludes, because they are only cross-listed.
    cross_listed: usize,
    total: Option<u64>,
    stopped: Option<Error>,
}

impl<'a> Results<'a> {
    fn new(context: &'a Context, selection: &'a Selection, args: &Args, writer: Writer) -> Self {
        let collected = matches!(selection.sort, Sort::Title | Sort::Id).then(Vec::new);
        let limit = (!args.all).then(|| selection.limit.unwrap_or(DEFAULT_LIMIT));
        Self {
            context,
            selection,
            writer,
            collected,
            limit,
            written: 0,
            looked_at: 0,
            cross_listed: 0,
            total: None,
            stopped: None,
        }
    }

    /// Writes the results of a cached search.
    fn known(&mut self, answer: &CachedSearch, papers: Vec<Paper>) {
        self.total = Some(answer.total);
        self.stopped = self.write(papers).err();
    }

    /// Writes a page of results. `Break` ends the search.
    fn page(&mut self, papers: Vec<Paper>, total: u64) -> ControlFlow<()> {
        let first = self.total.replace(total).is_none();
        let result = if first { self.ask_about(total) } else { Ok(()) };
        match result.and_then(|()| self.write(papers)) {
            Ok(()) if self.limit.is_some_and(|limit| self.written >= limit) => ControlFlow::Break(()),
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.stopped = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn write(&mut self, papers: Vec<Paper>) -> Result<(), Error> {
        for paper in papers {
            if self.limit.is_some_and(|limit| self.written >= limit) {
                break;
            }
            self.looked_at += 1;
            if self.selection.primary && !self.is_primary(&paper) {
                self.cross_listed += 1;
                continue;
            }
            self.written += 1;
            match &mut self.collected {
                Some(collected) => collected.push(paper),
                None => self.writer.paper(&paper)?,
            }
        }
        self.writer.flush()
    }

    fn is_primary(&self, paper: &Paper) -> bool {
        let Some(primary) = paper.primary_category.as_deref() else {
            return false;
        };
        self.selection.categories.is_empty()
            || self
                .selection
                .categories
                .iter()
                .any(|filter: &CategoryFilter| filter.matches(primary))
    }

    /// Asks the user before a search that takes many requests, because its results do not fit into one of arXiv's
    /// windows.
    fn ask_about(&self, total: u64) -> Result<(), Error> {
        let wanted = self.limit.map_or(total, |limit| total.min(limit as u64));
        if wanted <= api::WINDOW || self.selection.primary && self.limit.is_some() {
            return Ok(());
        }
        let requests = wanted.div_ceil(api::PAGE);
        let time = duration(self.context.settings.interval * u32::try_from(requests).unwrap_or(u32::MAX));
        let what =
            format!("{total} papers match; getting {wanted} takes about {requests} requests and {time}");
        match self.context.ui.confirm(&format!("{what}. Go on?")) {
            Confirmation::Yes => Ok(()),
            Confirmation::No => Err(Error::declined()),
            Confirmation::Unanswered => Err(Error::usage(what).hint(
                "say --yes to get them all, or narrow the search down with --since, --category or more words",
            )),
        }
    }

    /// Ends the output, and reports how many results there are.
    fn finish(mut self, failure: Option<Error>) -> Result<Exit, Error> {
        let came = self.written;
        if let Some(mut collected) = self.collected.take() {
            collected.sort_by(|paper, other| self.selection.compare(paper, other));
            for paper in &collected {
                self.writer.paper(paper)?;
            }
        }
        if let Some(stopped) = self.stopped {
            return Err(stopped);
        }
        self.writer.finish(failure.is_some())?;
        match self.total {
            Some(0) => hints::note_no_match(self.context),
            Some(total) if came as u64 == total => self
                .context
                .ui
                .caption(&format!("{}, all there are", counted(total, "paper"))),
            Some(total) if self.cross_listed > 0 => self.context.ui.note(&format!(
                "{}; {} more of the first {} of {total} are only cross-listed there",
                counted(came as u64, "paper"),
                self.cross_listed,
                self.looked_at
            )),
            Some(total) => self.context.ui.note(&format!("{came} of {total}")),
            None => {}
        }
        failure.map_or(Ok(Exit::Done), Err)
    }
}

fn want(args: &Args) -> Result<Option<u64>, Error> {
    match args.selection.limit {
        Some(0) => Err(Error::usage("-n 0 asks for nothing")),
        _ if args.all => Ok(None),
        // arXiv's API cannot search for primary categories, so any number of results may be excluded here.
        _ if args.selection.primary => Ok(Some(api::WINDOW)),
        limit => Ok(Some(limit.unwrap_or(DEFAULT_LIMIT) as u64)),
    }
}

fn sort(args: &Args, words: bool) -> Result<SortBy, Error> {
    match args.selection.sort {
        Some(SortArg::Title | SortArg::Id) if !args.all => Err(Error::usage(
            "arXiv cannot sort by title or identifier; that needs every result",
        )
        .hint("add --all, or sort by date, updated or relevance")),
        Some(SortArg::Updated) => Ok(SortBy::Updated),
        None if words => Ok(SortBy::Relevance),
        Some(SortArg::Relevance) => Ok(SortBy::Relevance),
        Some(_) | None => Ok(SortBy::Submitted),
    }
}

fn expression(args: &Args, query: Option<&Query>, selection: &Selection) -> Result<String, Error> {
    if let Some(raw) = &args.raw {
        if args.selection.filters() {
            return Err(
                Error::usage("--raw is the whole query; filters do not go with it").hint(
                    "write them in arXiv's syntax: cat:cs.CL, au:name, submittedDate:[20240101 TO 20241231]",
                ),
            );
        }
        if raw.trim().is_empty() {
            return Err(Error::usage("nothing to search for: --raw is empty"));
        }
        return Ok(raw.clone());
    }
    if query.is_none() && !args.selection.filters() {
        return Err(
            Error::usage("nothing to search for").hint("give words, or a filter such as --author or --since")
        );
    }
    syntax::render(query, &filters(selection)).map_err(|error| {
        let hint = matches!(error, syntax::Error::OnlyStopWords(_))
            .then_some("add a word that says what it is about, or name an author with --author");
        hint.into_iter()
            .fold(Error::usage(error.to_string()), Error::hint)
    })
}

/// The filters of the selection, as arXiv is asked for them.
fn filters(selection: &Selection) -> Filters {
    // A paper of any of the categories matches, as in `list`.
    let codes: Vec<&'static str> = selection
        .categories
        .iter()
        .flat_map(|filter| filter.codes().iter().copied())
        .collect();
    Filters {
        since: selection.since,
        until: selection.until,
        categories: if codes.is_empty() { Vec::new() } else { vec![codes] },
        authors: selection.authors.clone(),
        titles: selection.titles.clone(),
    }
}

fn explain(
    context: &Context,
    query: Option<&Query>,
    ignored: &[String],
    search: &SearchRequest,
) -> Result<Exit, Error> {
    let mut out = std::io::stdout().lock();
    let url = remote::first_page(context, search);
    let understood = query.map_or(Ok(()), |query| {
        writeln!(out, "understood  {}", text::sanitize(&query.to_string()))
    });
    let left_out = if ignored.is_empty() {
        Ok(())
    } else {
        let words = text::sanitize(&ignored.join(" ")).into_owned();
        writeln!(out, "left out    {words} (arXiv's search ignores these words)")
    };
    understood
        .and(left_out)
        .and_then(|()| writeln!(out, "sent as     {}", text::sanitize(&search.query)))
        .and_then(|()| writeln!(out, "URL         {url}"))
        .map_err(|error| Error::stdout(&error))?;
    Ok(Exit::Done)
}
