//! `new`: what arXiv announced.

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
/// New, cross-listed and replaced papers of the categories named, or of those configured, in arXiv's order. arXiv
/// announces from Monday to Friday, holidays excepted; its feed does not say when a paper was submitted. What is
/// announced goes into the mirror, where `show` and `tag` find it. Piped, the groups follow one another unmarked:
/// --only gives one alone.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  arxcat new cs.CL
  arxcat new cs.CL cs.LG --only new --since-last
  arxcat new cs.CL --title attention -f ids | arxcat tag to-read")]
pub struct Args {
    /// Categories and archives: cs.CL, math, hep-th [default: the configured `categories`]
    #[arg(value_name = "CATEGORY")]
    pub categories: Vec<String>,
    /// Only what --since-last did not show before (what `new` shows without it does not count), and name the days
    /// between; each set of filters is remembered by itself
    #[arg(long)]
    pub since_last: bool,
    /// Only this group; repeat for several
    #[arg(long, value_name = "GROUP", value_delimiter = ',')]
    pub only: Vec<OnlyArg>,
    /// Which papers
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// How, and where to
    #[command(flatten)]
    pub output: OutputArgs,
}

/// A group, as it is typed.
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

/// So many announcements that cannot be read are named one by one.
const NAMED: usize = 3;

/// Shows.
pub fn run(context: &Context, args: &Args) -> Result<Exit, Error> {
    if args.output.lists_fields() {
        return summary::fields();
    }
    check_filters(args)?;
    let mut feeds = Feeds::resolve(context, args)?;
    let selection = args.selection.settle(context.today(), None)?;
    let format = args.output.list_format(context)?;
    let catalogs = context.catalogs()?;
    let look = context.render_options(lookup::areas(&catalogs), args.output.is_file());
    if args.since_last {
        feeds.load_last_shown(context)?;
    }
    let page = Page::open(&args.output, format, look)?;
    let mut feed = match ask(context, &feeds) {
        Ok(feed) => feed,
        Err(error) => {
            page.write(&Groups::default(), true)?;
            return Err(error);
        }
    };
    describe(context, &feeds, &feed);
    complete(context, &catalogs, &mut feed);
    let whole = is_whole(&feed);
    let announced = feed.announcements.len();
    let cache = FeedCache::of(&context.settings.cache_dir, &feed_url(context, &feeds));
    let papers = feed.day.map(|day| ShownFeed::of(&feed, day));
    let stale = args
        .since_last
        .then(|| stale_since(&cache, papers.as_ref()))
        .flatten();
    if stale.is_some() {
        feed.announcements.clear();
    }
    feed.announcements
        .retain(|announcement| feeds.is_unseen(&announcement.paper, feed.day));
    let known = announced > 0 && feed.announcements.is_empty();
    let groups = Groups::select(feed.announcements, &selection, args);
    page.write(&groups, false)?;

    let (day, names) = (day_name(feed.day), feeds.names());
    if let Some(shown) = stale {
        context.ui.warn(&format!(
            "arXiv's feed of {day} is stale: all its new papers were shown on {shown}, and nothing of it is shown again; \
             run the same command later"
        ));
    } else if known {
        context.ui.note(&match feeds.shown_after(feed.day) {
            // Whether that day was shown as well is not known.
            Some(last) => format!(
                "arXiv's feed of {day} is older than what was shown last, of {last}: nothing of it is shown; \
                 `arxcat new {}` shows it",
                feeds.codes().join(" ")
            ),
            None => format!("nothing new: what {names} announced on {day} was shown before"),
        });
    } else if announced > 0 {
        let caption = match context.settings.lang {
            Lang::En => format!("announced on {day} in {names}"),
            Lang::Zh => format!("{day} 在 {names} 公布"),
        };
        summary::describe(context, &groups.summary(caption));
    }
    if args.since_last {
        let past = feed.day.filter(|day| *day <= context.today());
        feeds.report_gaps(context, past, &feed.skip_days);
        match past {
            // An empty day is never remembered: what was late may still come.
            _ if announced == 0 || stale.is_some() => {}
            _ if args.output.is_discarded() => context.ui.note(
                "standard output is discarded, so that nothing is marked as shown: --since-last will show it again",
            ),
            None => context.ui.note(&format!(
                "arXiv's feed is of {day}, and that was shown cannot be remembered: --since-last will show it again"
            )),
            Some(day) if whole && !groups.is_cut() => {
                feeds.store_last_shown(context, day)?;
                if let Some(papers) = &papers {
                    cache.write_shown(papers)?;
                }
            }
            _ => context
                .ui
                .note("not all was shown, so that --since-last will show this day again"),
        }
    }
    Ok(Exit::Done)
}

/// Refuses filters that a feed of one day cannot answer.
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

/// The day on which all new papers of this feed were shown already.
fn stale_since(cache: &FeedCache, papers: Option<&ShownFeed>) -> Option<NaiveDate> {
    let shown = cache.shown()?;
    shown.is_repeated_by(papers?).then_some(shown.day)
}

fn feed_url(context: &Context, feeds: &Feeds) -> String {
    rss::url(context.settings.rss_url.as_str(), &feeds.codes())
}

/// Puts on what is announced when it came, and what this machine knows of it.
fn complete(context: &Context, catalogs: &[Catalog], feed: &mut AnnouncementFeed) {
    for announcement in &mut feed.announcements {
        announcement.paper.retrieved = Some(Stamp::Second(context.now()));
    }
    library::exchange(context, feed.day, &mut feed.announcements);
    for announcement in &mut feed.announcements {
        lookup::annotate(catalogs, &mut announcement.paper);
    }
}

/// Whether a feed has room left, so that arXiv left nothing out.
fn is_whole(feed: &AnnouncementFeed) -> bool {
    feed.announcements.len() + feed.unreadable.len() < rss::MAX_FEED_ITEMS
}

/// The feed: arXiv's answer, or the one held where nothing has changed since.
fn ask(context: &Context, feeds: &Feeds) -> Result<AnnouncementFeed, Error> {
    let url = feed_url(context, feeds);
    let cache = FeedCache::of(&context.settings.cache_dir, &url);
    let held = cache.read();
    let etag = held.as_ref().map(|held| held.etag.as_str());
    let reply = network::run(context, async |client| Ok(rss::fetch(client, &url, etag).await?))?;
    match (reply, held) {
        (FeedResponse::Feed { feed, body, etag }, _) => {
            if let Some(etag) = etag
                && let Err(error) = cache.write(&etag, &body)
            {
                context
                    .ui
                    .warn(&format!("the feed is not held for the next time: {error}"));
            }
            Ok(*feed)
        }
        (FeedResponse::Unchanged, Some(held)) => Ok(held.feed),
        (FeedResponse::Unchanged, None) => Err(Error::new(
            Exit::Unreachable,
            "arXiv calls its feed unchanged, without having been told of an older one",
        )),
    }
}

/// Says what the papers do not: that there are none, that the feed is old, that something of it is missing.
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
    for item in feed.unreadable.iter().take(NAMED) {
        let paper = item.id.map_or_else(|| "a paper".to_owned(), |id| id.to_string());
        ui.warn(&format!("{paper} cannot be shown: {}", item.reason));
    }
    if feed.unreadable.len() > NAMED {
        let count = counted(feed.unreadable.len() as u64, "announcement");
        ui.warn(&format!("arXiv's feed has {count} that cannot be read"));
    }
    if !is_whole(feed) {
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

/// How many days a feed lags behind; none where it does not. It is made anew at midnight in the east of the US, five
/// hours behind UTC or four, and may take an hour.
fn age(context: &Context, made: NaiveDate) -> Option<u64> {
    let today = (context.now() - Duration::hours(6)).date_naive();
    let age = u64::try_from((today - made).num_days()).ok()?;
    (age > 0).then_some(age)
}

/// `Thursday 2026-10-15`.
fn day_name(day: Option<NaiveDate>) -> String {
    day.map_or_else(
        || "an unknown day".to_owned(),
        |day| day.format("%A %Y-%m-%d").to_string(),
    )
}

/// Where the papers go: drawn in groups, or as records in the same order.
enum Page {
    Drawn(Output, RenderOptions),
    Records(Writer),
}

impl Page {
    fn open(args: &OutputArgs, format: Format, look: RenderOptions) -> Result<Self, Error> {
        // With chosen fields there is one table and no drawing, as in a list.
        if format != Format::Table || args.fields.is_some() {
            return args.open(format, look).map(Self::Records);
        }
        args.fields(format)?;
        Ok(Self::Drawn(args.place.open()?, look))
    }

    /// Writes the papers and ends; with nothing to write after a failure no file is made.
    fn write(self, groups: &Groups, failed: bool) -> Result<(), Error> {
        match self {
            Self::Drawn(..) if failed => Ok(()),
            Self::Drawn(mut output, look) => {
                format::announcements(&groups.groups(), &look, &mut output)
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
