//! `new`: the papers that arXiv announced today.

mod cache;
mod feeds;
mod groups;
mod library;

use chrono::{Duration, NaiveDate};
use clap::ValueEnum;

use self::cache::{FeedCache, ShownFeed};
use self::feeds::{Feeds, days};
use self::groups::Groups;
use crate::app::arguments::{OutputArgs, SelectionArgs};
use crate::app::output::{Output, Writer};
use crate::app::{Context, network, summary};
use crate::arxiv::rss::{self, AnnouncementFeed, FeedResponse};
use crate::catalog::Catalog;
use crate::error::{Error, Exit};
use crate::format::{self, Format, RenderOptions};
use crate::lookup;
use crate::model::announcement::AnnouncementGroup;
use crate::model::date::Stamp;
use crate::model::lang::Lang;
use crate::model::quantity::counted;

/// Show what arXiv announced today
///
/// Shows new, cross-listed and replaced papers of the named or else the configured categories, in arXiv's order. arXiv
/// announces from Monday to Friday, except on holidays; its feed does not say when a paper was submitted. Stores the papers
/// in the mirror, where `show` and `tag` find them. In a pipe the groups follow one another without headings; --only
/// chooses one.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat new cs.CL
  arxcat new cs.CL cs.LG --only new --since-last
  arxcat new cs.CL --title attention -f ids | arxcat tag to-read")]
pub struct Args {
    /// Categories and archives: cs.CL, math, hep-th [default: the configured `categories`]
    #[arg(value_name = "CATEGORY")]
    pub categories: Vec<String>,
    /// Show only what --since-last has not shown before, and name the days missed since; a run without this flag does not
    /// count as shown, and other filters are tracked separately
    #[arg(long)]
    pub since_last: bool,
    /// Show only this group; repeat for several [default: all]
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    pub only: Vec<OnlyArg>,
    /// Which papers
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// How, and where to
    #[command(flatten)]
    pub output: OutputArgs,
}

/// The values of `--only`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum OnlyArg {
    /// New papers
    New,
    /// Papers cross-listed from elsewhere
    Cross,
    /// New versions
    Replace,
}

impl From<OnlyArg> for AnnouncementGroup {
    fn from(only: OnlyArg) -> Self {
        match only {
            OnlyArg::New => Self::New,
            OnlyArg::Cross => Self::Cross,
            OnlyArg::Replace => Self::Replace,
        }
    }
}

/// Unreadable announcements that are named one by one: the usual one or two, but not a whole feed of them.
const MAX_NAMED: usize = 3;

/// Shows the announcements.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.output.lists_fields() {
        return summary::fields();
    }
    check_filters(args)?;
    let mut feeds = Feeds::resolve(context, args)?;
    let selection = args.selection.settle(context.today(), None)?;
    let format = args.output.list_format(context)?;
    let catalogs = context.catalogs()?;
    let options = context.render_options(lookup::areas(&catalogs), args.output.is_file());
    if args.since_last {
        feeds.load_last_shown(context)?;
    }
    let page = Page::open(&args.output, format, options)?;
    let cache = FeedCache::of(&context.settings.cache_dir, &feed_url(context, &feeds));
    let mut feed = match fetch(context, &feeds, &cache) {
        Ok(feed) => feed,
        Err(error) => {
            page.write(&Groups::default(), true)?;
            return Err(error);
        }
    };
    describe(context, &feeds, &feed);
    complete(context, &catalogs, &mut feed);
    let mut showing = Showing {
        is_complete: is_complete(&feed),
        announced: feed.announcements.len(),
        papers: feed.day.map(|day| ShownFeed::of(&feed, day)),
        stale_since: None,
        all_seen: false,
    };
    if args.since_last {
        showing.stale_since = stale_since(&cache, showing.papers.as_ref());
    }
    if showing.stale_since.is_some() {
        feed.announcements.clear();
    }
    feed.announcements
        .retain(|announcement| feeds.is_unseen(&announcement.paper, feed.day));
    showing.all_seen = showing.announced > 0 && feed.announcements.is_empty();
    let announcements = std::mem::take(&mut feed.announcements);
    let groups = Groups::select(announcements, &selection, args);
    page.write(&groups, false)?;
    showing.report(context, &feeds, &feed, &groups);
    if args.since_last {
        let discarded = args.output.is_discarded();
        showing.store(context, &feeds, &feed, &cache, groups.is_cut(), discarded)?;
    }
    Ok(Exit::Done)
}

/// A feed that is being shown.
struct Showing {
    /// Whether the feed has every announcement of its day.
    is_complete: bool,
    /// Number of announcements in the feed.
    announced: usize,
    /// The papers by which the next stale feed is recognized, if the feed has a day.
    papers: Option<ShownFeed>,
    /// The day on which the same papers were shown, if the feed is stale.
    stale_since: Option<NaiveDate>,
    /// Whether every announcement was shown before.
    all_seen: bool,
}

impl Showing {
    /// Reports what was shown, or why nothing was.
    fn report(&self, context: &Context, feeds: &Feeds, feed: &AnnouncementFeed, groups: &Groups) {
        let (day, names) = (day_name(feed.day), feeds.names());
        if let Some(shown) = self.stale_since {
            context.ui.warn(&format!(
                "arXiv's feed of {day} is stale: all its new papers were shown on {shown}, and nothing of it is shown \
                 again; run the same command later"
            ));
        } else if self.all_seen {
            context.ui.note(&match feeds.shown_after(feed.day) {
                // It is not known whether the day of the feed was shown as well.
                Some(last) => format!(
                    "arXiv's feed of {day} is older than what was shown last, of {last}: nothing of it is shown; \
                     `arxcat new {}` shows it",
                    feeds.codes().join(" ")
                ),
                None => format!("nothing new: what {names} announced on {day} was shown before"),
            });
        } else if self.announced > 0 {
            let caption = match context.settings.lang {
                Lang::En => format!("announced on {day} in {names}"),
                Lang::Zh => format!("{day} 在 {names} 公布"),
            };
            summary::describe(context, &groups.summary(caption));
        }
    }

    /// Stores that the day was shown, unless something of it was not.
    fn store(
        &self,
        context: &Context,
        feeds: &Feeds,
        feed: &AnnouncementFeed,
        cache: &FeedCache,
        is_cut: bool,
        is_discarded: bool,
    ) -> Result<(), Error> {
        let past = feed.day.filter(|day| *day <= context.today());
        feeds.report_gaps(context, past, &feed.skip_days);
        match past {
            // A day without announcements is never stored: they may only be late.
            _ if self.announced == 0 || self.stale_since.is_some() => {}
            _ if is_discarded => context.ui.note(
                "standard output is discarded, so that nothing is marked as shown: --since-last will show it again",
            ),
            None => context.ui.note(&format!(
                "arXiv's feed is of {}, so that it cannot be marked as shown: --since-last will show it again",
                day_name(feed.day)
            )),
            Some(day) if self.is_complete && !is_cut => {
                feeds.store_last_shown(context, day)?;
                if let Some(papers) = &self.papers {
                    cache.write_shown(papers)?;
                }
            }
            _ => context
                .ui
                .note("not all was shown, so that --since-last will show this day again"),
        }
        Ok(())
    }
}

/// Refuses filters on the date of submission, which a feed does not have.
fn check_filters(args: &Args) -> Result<(), Error> {
    let selection = &args.selection;
    let given = [("--since", &selection.since), ("--until", &selection.until)];
    let Some((flag, value)) = given
        .iter()
        .find_map(|(flag, value)| Some((flag, value.as_ref()?)))
    else {
        return Ok(());
    };
    let codes = if args.categories.is_empty() {
        vec!["CATEGORY".to_owned()]
    } else {
        args.categories.clone()
    };
    Err(Error::usage(format!(
        "arXiv's feed has one day of announcements, so that {flag} {value} cannot be answered from it"
    ))
    .hint(format!(
        "`arxcat sync {} --since {value}` gets what changed since, and `arxcat list -M --category {} {flag} {value}` \
         shows it",
        codes.join(" "),
        codes.join(" --category ")
    )))
}

/// Returns the day on which all new papers of this feed were shown already, or `None` if the feed is not stale.
fn stale_since(cache: &FeedCache, papers: Option<&ShownFeed>) -> Option<NaiveDate> {
    let shown = cache.shown()?;
    shown.is_repeated_by(papers?).then_some(shown.day)
}

fn feed_url(context: &Context, feeds: &Feeds) -> String {
    rss::url(context.settings.rss_url.as_str(), &feeds.codes())
}

/// Adds the time of retrieval and what the library and the catalogs know about each paper.
fn complete(context: &Context, catalogs: &[Catalog], feed: &mut AnnouncementFeed) {
    for announcement in &mut feed.announcements {
        announcement.paper.retrieved = Some(Stamp::Second(context.now()));
    }
    library::exchange(context, feed.day, &mut feed.announcements);
    for announcement in &mut feed.announcements {
        lookup::annotate(catalogs, &mut announcement.paper);
    }
}

/// Whether a feed is below arXiv's limit, so that no announcement was left out.
fn is_complete(feed: &AnnouncementFeed) -> bool {
    feed.announcements.len() + feed.unreadable.len() < rss::MAX_FEED_ITEMS
}

/// Fetches the feed. Returns the cached one if arXiv has no newer.
fn fetch(context: &Context, feeds: &Feeds, cache: &FeedCache) -> Result<AnnouncementFeed, Error> {
    let url = feed_url(context, feeds);
    let cached = cache.read();
    let etag = cached.as_ref().map(|cached| cached.etag.as_str());
    let response = network::run(context, async |client| Ok(rss::fetch(client, &url, etag).await?))?;
    match (response, cached) {
        (FeedResponse::Feed { feed, body, etag }, _) => {
            if let Some(etag) = etag
                && let Err(error) = cache.write(&etag, &body)
            {
                context.ui.warn(&format!("the feed is not cached: {error}"));
            }
            Ok(*feed)
        }
        (FeedResponse::Unchanged, Some(cached)) => Ok(cached.feed),
        (FeedResponse::Unchanged, None) => Err(Error::new(
            Exit::Unreachable,
            "arXiv answered that its feed is unchanged, although no earlier one was named",
        )),
    }
}

/// Reports what the papers do not show: that there are none, that the feed is old, that part of it is missing.
fn describe(context: &Context, feeds: &Feeds, feed: &AnnouncementFeed) {
    let (ui, names) = (&context.ui, feeds.names());
    let day = day_name(feed.day);
    if feed.announcements.is_empty() && feed.unreadable.is_empty() {
        let why = if feed.day.is_some_and(|day| days::is_skipped(day, &feed.skip_days)) {
            "arXiv announces nothing on weekends"
        } else {
            "a holiday, or a day without papers there"
        };
        ui.note(&format!(
            "arXiv's feed of {day} announces nothing in {names}: {why}"
        ));
    }
    for item in feed.unreadable.iter().take(MAX_NAMED) {
        let paper = item.id.map_or_else(|| "a paper".to_owned(), |id| id.to_string());
        ui.warn(&format!("{paper} cannot be shown: {}", item.reason));
    }
    if feed.unreadable.len() > MAX_NAMED {
        let count = counted(feed.unreadable.len() as u64, "announcement");
        ui.warn(&format!("arXiv's feed has {count} that cannot be read"));
    }
    if !is_complete(feed) {
        ui.warn(&format!(
            "arXiv's feed holds no more than {} announcements, and some of {names} may be missing; ask for fewer \
             categories at once",
            rss::MAX_FEED_ITEMS
        ));
    }
    if let Some((made, age)) = feed.day.and_then(|made| Some((made, age(context, made)?))) {
        ui.warn(&format!(
            "arXiv's feed is {} old: it is of {day}; `arxcat search --category {} --since {}` finds what was submitted \
             since",
            counted(age, "day"),
            feeds.codes().join(" --category "),
            days::before(made, &feed.skip_days)
        ));
    }
}

/// Returns by how many days a feed is late, or `None` if it is not. arXiv makes a feed at midnight US Eastern time, four or
/// five hours behind UTC, and may take an hour.
fn age(context: &Context, day: NaiveDate) -> Option<u64> {
    let today = (context.now() - Duration::hours(6)).date_naive();
    let age = u64::try_from((today - day).num_days()).ok()?;
    (age > 0).then_some(age)
}

/// `Thursday 2026-10-15`.
fn day_name(day: Option<NaiveDate>) -> String {
    day.map_or_else(
        || "an unknown day".to_owned(),
        |day| day.format("%A %Y-%m-%d").to_string(),
    )
}

/// The output: drawn in groups, or as records in the same order.
enum Page {
    Drawn(Output, RenderOptions),
    Records(Writer),
}

impl Page {
    fn open(args: &OutputArgs, format: Format, options: RenderOptions) -> Result<Self, Error> {
        // With chosen fields there is one table and no drawing, as in a list.
        if format != Format::Table || args.fields.is_some() {
            return args.open(format, options).map(Self::Records);
        }
        args.fields(format)?;
        Ok(Self::Drawn(args.place.open()?, options))
    }

    /// Writes the papers and closes the output. After a failure no file is created for a drawing.
    fn write(self, groups: &Groups, failed: bool) -> Result<(), Error> {
        match self {
            Self::Drawn(..) if failed => Ok(()),
            Self::Drawn(mut output, options) => {
                format::announcements(&groups.groups(), &options, &mut output)
                    .map_err(|error| output.place().error(&error))?;
                output.commit()
            }
            Self::Records(mut writer) => {
                for paper in &groups.papers {
                    writer.paper(paper)?;
                }
                writer.finish(failed)
            }
        }
    }
}
